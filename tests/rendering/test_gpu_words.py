"""What the report says of cards, in a line."""

import pytest

from envcheck.facts.snapshot import Accelerator, Amd, Completeness, MigDevice, Nvidia, Observed, Snapshot, Toolkit
from envcheck.rendering.gpu_words import cards_in_words, drivers_in_words, gibibytes, no_card_in_words, toolkits_in_words


def words(*cards: Accelerator) -> list[str]:
    return list(cards_in_words(Snapshot(accelerators=cards)))


@pytest.mark.parametrize(
    ("count", "shown"),
    [(24 * 2**30, "24 GiB"), (25_757_220_864, "23.9 GiB"), (85_520_809_984, "79.6 GiB"), (512 * 2**20, "0.5 GiB"), (64 * 2**20, "64 MiB")],
)
def test_memory_is_shown_as_cards_are_sold(count: int, shown: str) -> None:
    assert gibibytes(count) == shown


def test_cards_of_one_kind_are_counted() -> None:
    cards = [Accelerator(index=n, vendor="nvidia", name="NVIDIA L4", memory_bytes=24 * 2**30, compute_capability="8.9") for n in range(3)]
    assert words(*cards) == ["3 x NVIDIA L4 with 24 GiB (compute capability 8.9)"]


def test_what_is_wrong_with_a_card_stands_beside_it() -> None:
    assert words(Accelerator(index=0, vendor="nvidia", state="no-driver")) == ["a card of NVIDIA (no driver has taken it)"]
    assert words(Accelerator(index=0, name="GTX 680", state="other-driver", driver="nouveau")) == ["GTX 680 (taken by the driver nouveau)"]
    assert words(Accelerator(index=0, name="A100", state="ok", visible=False)) == ["A100 (hidden from programs)"]
    assert words(Accelerator(index=0, name="A100", state="hidden", visible=False)) == ["A100 (not given to this process)"]


def test_parts_of_a_card_are_told_from_a_card_whose_parts_nobody_listed() -> None:
    whole = Accelerator(index=0, name="H100", mig="enabled")
    assert words(whole) == ["H100 (in MIG mode)"]
    cut = Accelerator(index=0, name="H100", mig="enabled", mig_devices=(MigDevice(profile="3g.40gb"),))
    assert words(cut) == ["H100 (in MIG mode, 1 part)"]


def test_memory_that_is_the_machines_is_no_number() -> None:
    assert words(Accelerator(index=0, name="NVIDIA GB10", unified_memory=True)) == ["NVIDIA GB10, sharing the machine's memory"]


def test_a_driver_that_does_not_answer_says_why() -> None:
    facts = Snapshot(nvidia=Nvidia(kernel_module_version="550.90.07", state="driver-library-mismatch"))
    assert list(drivers_in_words(facts)) == ["NVIDIA driver 550.90.07: its libraries and its kernel module are of two versions"]
    assert list(drivers_in_words(Snapshot(nvidia=Nvidia(driver_version="560.35.03", cuda_version="12.6", state="ok")))) == [
        "NVIDIA driver 560.35.03 (CUDA up to 12.6)"
    ]
    assert list(drivers_in_words(Snapshot(amd=Amd(rocm_version="6.4.1", driver_version="6.12.12")))) == ["ROCm 6.4.1", "AMD driver 6.12.12"]


def test_no_card_is_said_only_where_somebody_looked() -> None:
    assert no_card_in_words(Snapshot(observed=Observed(accelerators=Completeness.COMPLETE))) == "no GPU found"
    assert "not everything" in no_card_in_words(Snapshot(observed=Observed(accelerators=Completeness.PARTIAL)))
    assert no_card_in_words(Snapshot()) == ""


def test_a_pasted_card_whose_driver_nobody_told_says_so() -> None:
    cards = (Accelerator(index=0, vendor="nvidia", name="GeForce RTX 4060"),)
    assert list(drivers_in_words(Snapshot(accelerators=cards))) == ["NVIDIA driver not in what was given"]
    assert list(drivers_in_words(Snapshot(accelerators=cards, live=True))) == []


def test_the_toolkit_that_a_build_would_use_is_named() -> None:
    toolkits = (
        Toolkit(name="cudnn", version="9.1", path="/usr/lib"),
        Toolkit(name="cuda", version="12.8", path="/usr/local/cuda-12.8", found_by=("system",)),
        Toolkit(name="cuda", version="12.4", path="/usr/local/cuda-12.4", found_by=("PATH", "system")),
        Toolkit(name="cuda", version="12.6", path="/env/nvidia/cuda_runtime", found_by=("wheel",)),
    )
    assert toolkits_in_words(Snapshot(toolkits=toolkits)) == "CUDA toolkit 12.4 in /usr/local/cuda-12.4 and 1 more"
    assert toolkits_in_words(Snapshot(toolkits=toolkits[:1])) == ""
