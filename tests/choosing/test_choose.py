"""What real machines should have, by the vendors' own pages of compatibility."""

from typing import Any

import msgspec
import pytest

from envcheck.choosing.build import Build, Companion, Impossible, Wishes
from envcheck.choosing.choose import choose_build
from envcheck.facts.snapshot import Snapshot
from envcheck.knowledge.table import Confidence


def nvidia(*capabilities: str, driver: str | None = None, cuda: str | None = None, **more: Any) -> Snapshot:
    cards = [{"index": number, "vendor": "nvidia", "compute_capability": value} for number, value in enumerate(capabilities)]
    driven = {key: value for key, value in (("driver_version", driver), ("cuda_version", cuda)) if value}
    return machine(accelerators=cards, nvidia=driven, **more)


def named(*names: str, driver: str | None = None, **more: Any) -> Snapshot:
    cards = [{"index": number, "vendor": "nvidia", "name": name} for number, name in enumerate(names)]
    return machine(accelerators=cards, nvidia={"driver_version": driver} if driver else {}, **more)


def amd(*targets: str, **more: Any) -> Snapshot:
    cards = [{"index": number, "vendor": "amd", "backend": "rocm", "architecture": target} for number, target in enumerate(targets)]
    return machine(accelerators=cards, **more)


def mac(macos: str = "15.1", arch: str = "arm64", **more: Any) -> Snapshot:
    return machine(system={"os": "Darwin", "machine": arch, "distribution_version": macos}, **more)


def machine(**facts: Any) -> Snapshot:
    plain = {"system": {"os": "Linux", "machine": "x86_64", "libc": "glibc 2.35"}, "python": {"version": "3.12.3"}}
    return msgspec.convert({**plain, "observed": {"accelerators": "complete"}, **facts}, Snapshot)


def python(version: str) -> dict[str, Any]:
    return {"python": {"version": version}}


WINDOWS: dict[str, Any] = {"system": {"os": "Windows", "machine": "AMD64"}}
ARM: dict[str, Any] = {"system": {"os": "Linux", "machine": "aarch64", "libc": "glibc 2.39"}}


def build(facts: Snapshot, framework: str = "torch", **wishes: str) -> Build:
    answer = choose_build(facts, framework, Wishes(**wishes))
    assert isinstance(answer, Build), answer
    return answer


def refusal(facts: Snapshot, framework: str = "torch", **wishes: str) -> Impossible:
    answer = choose_build(facts, framework, Wishes(**wishes))
    assert isinstance(answer, Impossible), answer
    return answer


@pytest.mark.parametrize(
    ("facts", "wishes", "expected"),
    [
        # https://pytorch.org/get-started/previous-versions/ and RELEASE.md; NVIDIA's minor-version compatibility
        (named("NVIDIA GeForce RTX 4090", driver="580.95.05"), {}, ("2.15.0", "cu132")),
        (named("NVIDIA GeForce RTX 3090", driver="535.183.01"), {}, ("2.14.1", "cu126")),
        (named("Tesla T4", driver="525.60.13"), {}, ("2.14.1", "cu126")),
        (named("Tesla T4", driver="470.182.03"), {}, ("2.7.1", "cu118")),
        (named("NVIDIA GeForce GTX 1080 Ti", driver="580.95.05"), {}, ("2.14.1", "cu126")),
        (named("Tesla V100-SXM2-16GB", driver="580.82.07"), {}, ("2.14.1", "cu126")),
        (named("Tesla K80", driver="470.223.02"), {}, ("2.7.1", "cu118")),
        (named("NVIDIA GeForce GTX 960", driver="550.54.15"), {}, ("2.14.1", "cu126")),
        (named("NVIDIA GeForce RTX 5090", driver="570.124.06"), {}, ("2.11.0", "cu128")),
        (named("NVIDIA GeForce RTX 5090", driver="590.48.01"), {}, ("2.15.0", "cu132")),
        (named("NVIDIA H100 80GB HBM3", driver="550.90.07"), {}, ("2.14.1", "cu126")),
        (named("NVIDIA B200", driver="580.95.05"), {}, ("2.15.0", "cu132")),
        (named("NVIDIA GH200 480GB", driver="565.57.01", **ARM), {}, ("2.14.1", "cu126")),
        (named("NVIDIA GeForce RTX 4060 Laptop GPU", driver="581.42", **WINDOWS), {}, ("2.15.0", "cu132")),
        (named("NVIDIA GeForce RTX 4060 Laptop GPU", driver="528.24", **WINDOWS), {}, ("2.7.1", "cu118")),
        (nvidia("8.6", driver="535.54.03", **python("3.9.19")), {}, ("2.8.0", "cu129")),
        (nvidia("8.6", driver="580.95.05"), {"cuda": "12.6"}, ("2.14.1", "cu126")),
        (nvidia("8.6", driver="580.95.05"), {"version": "2.8"}, ("2.8.0", "cu129")),
        (nvidia("8.6", driver="580.95.05"), {"version": "2.8", "cuda": "12.8"}, ("2.8.0", "cu128")),
        (nvidia("8.6", driver="580.95.05"), {"at_least": "2.9", "below": "2.12"}, ("2.11.0", "cu130")),
        (nvidia("8.6", driver="580.95.05", **python("3.10.4")), {"python": "3.13"}, ("2.15.0", "cu132")),
        (nvidia("8.6", driver="580.95.05"), {"device": "cpu"}, ("2.15.0", "cpu")),
        (machine(), {}, ("2.15.0", "cpu")),
        (amd("gfx1100"), {}, ("2.14.1", "rocm7.14")),
        (amd("gfx1201"), {"version": "2.8.0"}, ("2.8.0", "rocm6.4")),
        (amd("gfx1151"), {"version": "2.12"}, ("2.12.1", "rocm7.2")),
        (amd("gfx942"), {"below": "2.14"}, ("2.13.0", "rocm7.2")),
        (mac(), {}, ("2.15.0", "metal")),
        (mac("13.6"), {}, ("2.8.0", "metal")),
        (mac("11.7"), {}, ("2.11.0", "cpu")),  # MPS came with macOS 12.3
        (mac("12.7", "x86_64"), {}, ("2.2.2", "cpu")),
        (machine(accelerators=[{"index": 0, "vendor": "intel", "backend": "xpu", "integrated": False}]), {}, ("2.15.0", "xpu")),
        (machine(accelerators=[{"index": 0, "vendor": "intel", "integrated": True}]), {}, ("2.15.0", "cpu")),
    ],
)
def test_torch(facts: Snapshot, wishes: dict[str, str], expected: tuple[str, str]) -> None:
    chosen = build(facts, **wishes)
    assert (chosen.version, chosen.variant) == expected


@pytest.mark.parametrize(
    ("facts", "wishes", "expected"),
    [
        # https://www.tensorflow.org/install/source#gpu and build_info of the wheels
        (named("NVIDIA GeForce RTX 3090", driver="535.183.01"), {}, "tensorflow[and-cuda]==2.21.0"),
        (named("NVIDIA GeForce GTX 960", driver="550.54.15"), {}, "tensorflow[and-cuda]==2.16.2"),
        (nvidia("3.7", driver="470.223.02", **python("3.11.2")), {}, "tensorflow[and-cuda]==2.14.1"),
        (nvidia("12.0", driver="570.124.06"), {}, "tensorflow[and-cuda]==2.21.0"),  # by PTX
        (nvidia("9.0", driver="535.54.03", **python("3.11.2")), {}, "tensorflow[and-cuda]==2.15.1"),  # PTX no newer than the driver
        (nvidia("8.6", driver="560.94", **WINDOWS, **python("3.10.11")), {}, "tensorflow==2.10.1"),
        (nvidia("8.6", driver="560.94", **WINDOWS), {"device": "cpu"}, "tensorflow==2.21.0"),
        (mac(), {}, "tensorflow==2.21.0"),
        (mac(), {"device": "metal"}, "tensorflow==2.18.1"),
        (mac("12.7", "x86_64"), {}, "tensorflow==2.16.2"),
        (machine(system={"os": "Linux", "machine": "x86_64", "libc": "glibc 2.17"}), {}, "tensorflow==2.20.0"),
        (amd("gfx1100"), {}, "tensorflow==2.21.0"),
    ],
)
def test_tensorflow(facts: Snapshot, wishes: dict[str, str], expected: str) -> None:
    assert build(facts, "tensorflow", **wishes).requirement == expected


@pytest.mark.parametrize(
    ("facts", "wishes", "expected"),
    [
        # https://docs.jax.dev/en/latest/installation.html and the plugins' wheels
        (nvidia("8.9", driver="580.95.05"), {}, "jax[cuda13]==0.12.0.1"),
        (nvidia("8.9", driver="570.86.10"), {}, "jax[cuda12]==0.12.0.1"),
        (nvidia("7.0", driver="580.95.05"), {}, "jax[cuda12]==0.12.0.1"),
        (nvidia("9.0", driver="570.86.10", **ARM, **python("3.11.9")), {}, "jax[cuda12]==0.10.2"),
        (nvidia("8.9", driver="580.95.05"), {"cuda": "12"}, "jax[cuda12]==0.12.0.1"),
        (nvidia("8.9", driver="581.42", **WINDOWS), {"device": "cpu"}, "jax==0.12.0.1"),
        (mac(), {}, "jax==0.12.0.1"),
        (mac("13.6", "x86_64"), {}, "jax==0.4.38"),
        (amd("gfx90a", amd={"rocm_version": "7.1.0"}), {}, "jax[rocm7-local]==0.12.0"),
        (amd("gfx90a", amd={"rocm_version": "6.4.1"}), {}, "jax[rocm]==0.5.0"),
    ],
)
def test_jax(facts: Snapshot, wishes: dict[str, str], expected: str) -> None:
    assert build(facts, "jax", **wishes).requirement == expected


@pytest.mark.parametrize(
    ("framework", "facts", "expected"),
    [
        ("scikit-learn", machine(**python("3.9.1")), "scikit-learn==1.6.1"),
        ("xgboost", nvidia("8.6", driver="535.54.03"), "xgboost==3.3.0"),
        ("xgboost", nvidia("6.1", driver="580.95.05"), "xgboost==3.3.0"),
        ("xgboost", nvidia("3.7", driver="470.223.02"), "xgboost==3.4.1"),  # on the CPU
        ("onnxruntime", machine(), "onnxruntime==1.31.1"),
        ("onnxruntime", nvidia("8.6", driver="535.54.03"), "onnxruntime-gpu[cuda,cudnn]==1.26.0"),
        ("onnxruntime-gpu", nvidia("10.0", driver="580.95.05"), "onnxruntime-gpu[cuda,cudnn]==1.26.0"),
        ("numpy", machine(system={"os": "Linux", "machine": "x86_64", "libc": "musl 1.2.5"}), "numpy==2.5.5"),
    ],
)
def test_packages_of_the_index(framework: str, facts: Snapshot, expected: str) -> None:
    assert build(facts, framework).requirement == expected


@pytest.mark.parametrize(
    ("facts", "framework", "wishes", "words", "nearest"),
    [
        (nvidia("6.1", driver="390.157"), "torch", {}, "needs driver 450.80.02", ("driver 525.60.13 or newer", "CPU")),
        (nvidia("2.1", driver="390.157"), "torch", {}, "needs driver 450.80.02", ("CPU",)),
        (nvidia("3.0", driver="470.223.02"), "torch", {}, "no code for compute capability 3.0", ("CPU", "another GPU")),
        (nvidia("8.6", driver="580.95.05", **python("3.16.0")), "torch", {}, "no wheel for Python 3.16", ("Python 3.12",)),
        (nvidia("8.6", driver="581.42", **WINDOWS), "tensorflow", {}, "no wheel for Python 3.12", ("Python 3.10", "WSL 2", "CPU")),
        (nvidia("8.6", driver="581.42", **WINDOWS), "jax", {}, "no build for CUDA on Windows", ("WSL 2", "CPU")),
        (nvidia("9.0", driver="570.1", **ARM), "tensorflow", {}, "no build for CUDA on Linux on ARM", ("CPU",)),
        (amd("gfx1031"), "torch", {}, "no code for gfx1031", ("HSA_OVERRIDE_GFX_VERSION=10.3.0", "CPU", "another GPU")),
        (mac(), "torch", {"device": "cuda"}, "no build for CUDA on macOS", ("CPU",)),
        (mac(**python("3.13.1")), "tensorflow", {"device": "metal"}, "no wheel for Python 3.13", ("Python 3.12", "CPU")),
        (mac("12.0"), "torch", {"device": "metal"}, "needs macOS 12.3", ("macOS 14.0 or newer", "CPU")),
        (mac("13.1", "x86_64", **python("3.13.1")), "torch", {}, "no wheel for Python 3.13", ("Python 3.12", "a Python for arm64")),
        (machine(system={"os": "Linux", "machine": "x86_64", "libc": "musl 1.2.5"}), "torch", {}, "musl", ("a system with glibc",)),
        (machine(system={"os": "Linux", "machine": "x86_64", "libc": "glibc 2.12"}), "torch", {}, "needs glibc 2.17", ("a system with",)),
        (machine(system={"os": "Windows", "machine": "ARM64"}), "torch", {}, "no build for the CPU on Windows on ARM", ("WSL 2",)),
        (machine(cpu={"features": ["sse4_2"]}), "tensorflow", {}, "needs a processor with AVX", ()),
        (machine(python={"version": "3.12.1", "bits": 32}), "torch", {}, "32-bit", ("Python 3.12",)),
        (machine(python={"version": "3.10.1", "implementation": "PyPy"}), "torch", {}, "CPython only", ("Python 3.12",)),
        (machine(), "torch", {"version": "2.99"}, "no release of torch for the CPU of 2.99", ("torch 2.15.0",)),
        (nvidia("12.0", driver="580.95.05"), "torch", {"version": "2.6"}, "no code for compute capability 12.0", ("torch 2.15.0",)),
        (machine(), "no-such-thing", {}, "no-such-thing has no build", ()),
    ],
)
def test_where_there_is_none(facts: Snapshot, framework: str, wishes: dict[str, str], words: str, nearest: tuple[str, ...]) -> None:
    answer = refusal(facts, framework, **wishes)
    assert words in answer.reason
    told = [reason.choice for reason in answer.nearest]
    assert len(told) >= len(nearest)
    for choice, start in zip((choice for choice in told if choice.startswith(nearest)), nearest, strict=True):
        assert choice.startswith(start), told


def test_the_cards_of_a_build_that_cannot_serve_all_are_named() -> None:
    answer = build(named("NVIDIA GeForce RTX 5090", "NVIDIA GeForce GTX 1080", driver="580.95.05"))
    assert (answer.version, answer.variant, answer.unserved) == ("2.15.0", "cu132", ("NVIDIA GeForce GTX 1080",))
    assert answer.confidence is Confidence.MEDIUM
    assert any("NVIDIA GeForce RTX 5090" in reason.because and "6.1" in reason.because for reason in answer.why)


def test_cards_that_one_build_serves_are_served_together() -> None:
    answer = build(nvidia("8.6", "6.1", driver="580.95.05"))
    assert (answer.version, answer.variant, answer.unserved) == ("2.14.1", "cu126", ())
    assert any("8.6 (sm_86) and 6.1 (sm_60)" in reason.because for reason in answer.why)


@pytest.mark.parametrize(
    ("facts", "expected", "confidence", "told"),
    [
        (nvidia("8.6"), ("2.14.1", "cu126"), Confidence.MEDIUM, "the NVIDIA driver is not known"),
        (nvidia("11.0", **ARM), ("2.15.0", "cu132"), Confidence.MEDIUM, "needs one that runs its CUDA"),
        (named("NVIDIA Thing", driver="535.54.03"), ("2.14.1", "cu126"), Confidence.MEDIUM, "every card that the driver serves"),
        (named("NVIDIA Thing", driver="580.95.05"), ("2.15.0", "cu132"), Confidence.LOW, "capability is not known"),
        (nvidia("8.6", driver="535.54.03", python={}), ("2.14.1", "cu126"), Confidence.MEDIUM, "the Python is not known"),
        (nvidia("8.6", driver="535.54.03", system={}), ("2.14.1", "cu126"), Confidence.MEDIUM, "taken for linux_x86_64"),
        (machine(observed={}, nvidia={"driver_version": "535.54.03"}), ("2.14.1", "cu126"), Confidence.MEDIUM, "an NVIDIA driver"),
        (machine(observed={}), ("2.15.0", "cpu"), Confidence.HIGH, "no GPU is known of"),
    ],
)
def test_what_is_not_known_is_said(facts: Snapshot, expected: tuple[str, str], confidence: Confidence, told: str) -> None:
    answer = build(facts)
    assert ((answer.version, answer.variant), answer.confidence) == (expected, confidence)
    assert any(told in reason.because for reason in answer.why)


def test_a_program_that_misses_its_gpu_asks_for_one() -> None:
    symptom = {"kind": "cuda-error", "subject": "torch", "text": "no CUDA-capable device is detected", "code": 100}
    assert build(machine(observed={}, symptoms=[symptom])).variant.startswith("cu")
    assert build(machine(symptoms=[symptom])).variant == "cpu"  # it is known that there is none


def test_hidden_and_lent_cards_do_not_count_beside_others() -> None:
    cards = [
        {"index": 0, "vendor": "nvidia", "compute_capability": "8.6", "visible": True},
        {"index": 1, "vendor": "nvidia", "compute_capability": "6.1", "visible": False},
    ]
    assert build(machine(accelerators=cards, nvidia={"driver_version": "580.95.05"})).variant == "cu132"
    assert build(machine(accelerators=cards[1:], nvidia={"driver_version": "580.95.05"})).variant == "cu126"


def test_graphics_of_a_processor_do_not_count_beside_a_card_and_never_fail() -> None:
    assert build(amd("gfx1100", "gfx1036")).variant == "rocm7.14"
    alone = build(amd("gfx1036"))
    assert alone.variant == "cpu"
    assert "GPU" in alone.why[0].because


def test_a_build_that_the_tables_only_guess_is_passed_over_and_named() -> None:
    answer = build(amd("gfx1100"))
    assert answer.version == "2.14.1"
    assert any("torch 2.15.0 for ROCm is not certain to exist" in reason.because for reason in answer.why)


def test_a_device_of_another_world_is_refused() -> None:
    assert refusal(machine(), device="abacus").reason == "torch has no build for abacus on Linux on x86-64."


def test_the_companions_are_those_of_the_release() -> None:
    new, old = build(machine()), build(machine(), version="2.2.2")
    assert new.companions == (Companion("torchvision", "0.29.2"),)
    assert [companion.requirement for companion in old.companions] == ["torchvision==0.17.2", "torchaudio==2.2.2", "numpy<2"]
    metal = build(mac(), "tensorflow", device="metal")
    assert [companion.requirement for companion in metal.companions] == ["tensorflow-metal==1.2.0"]


@pytest.mark.parametrize(
    ("facts", "index"),
    [
        (nvidia("8.6", driver="535.54.03"), "https://download.pytorch.org/whl/cu126"),
        (machine(), "https://download.pytorch.org/whl/cpu"),
        (machine(**WINDOWS), None),
        (mac(), None),
    ],
)
def test_where_torch_comes_from(facts: Snapshot, index: str | None) -> None:
    assert build(facts).index == index


def test_a_free_threaded_python_needs_wheels_of_its_own() -> None:
    free = {"python": {"version": "3.13.1", "tags": ["cp313-cp313t-manylinux_2_36_x86_64"]}}
    assert (build(machine(**free)).version, build(machine(**free)).python) == ("2.12.0", "3.13t")
    assert build(machine(), python="3.14t").version == "2.15.0"
    assert refusal(machine(**free), "tensorflow").nearest[0].choice == "Python 3.12"


def test_notes_of_the_places_where_a_fit_by_the_tables_may_not_be_one() -> None:
    board = {"driver_version": "580.65.06", "cuda_version": "13.0", "jetson": "AGX Thor"}
    jetson = build(machine(accelerators=[{"index": 0, "vendor": "nvidia", "compute_capability": "11.0"}], nvidia=board, **ARM))
    assert any(reason.choice == "Jetson" for reason in jetson.why)
    assert jetson.confidence is Confidence.LOW
    assert build(named("NVIDIA Thor", driver="580.65.06", **ARM)).confidence is Confidence.LOW


def test_no_wheel_for_servers_has_code_for_the_older_jetsons() -> None:
    for name in ("Orin NX", "Xavier"):
        assert isinstance(choose_build(named(name, driver="540.4.0", **ARM), "torch", Wishes(device="cuda")), Impossible)
    wsl = build(amd("gfx1100", system={"os": "Linux", "machine": "x86_64", "libc": "glibc 2.35", "wsl": 2}))
    assert any(reason.choice == "WSL" for reason in wsl.why)


def test_every_reason_is_a_sentence_part_with_a_choice() -> None:
    for facts in (nvidia("8.6", driver="535.54.03"), nvidia("6.1", driver="390.157"), amd("gfx1100"), mac(), machine()):
        for framework in ("torch", "tensorflow", "jax", "scikit-learn"):
            answer = choose_build(facts, framework)
            for reason in answer.why if isinstance(answer, Build) else answer.nearest:
                assert reason.choice
                assert reason.because
                assert not reason.because.endswith(".")
