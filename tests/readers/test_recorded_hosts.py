"""Every recorded output about processors, memory, Macs and Intel's GPUs that is at hand, through the reading of pasted text."""

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.facts.snapshot import Snapshot, known
from envcheck.readers.read import read_text

tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
PROSE = "Hello, my program does not find the device.\n\n$ tool\n{}\n\nWhat can I do? Thank you: all of you.\n"

# What a recording says that facts have no place for, and why.
NO_PLACE = {
    "processors": "a file that was cut lists fewer than there are; whole ones are compared as logical_cpus",
    "archspec_name": "another database's name",
    "lscpu": "another output of the same machine, compared where that is read",
    "clusters": "sockets are no facts",
    "cores_per_cluster": "compared through physical_cores",
    "complete_file": "said of the recording",
    "physical_cores_listed": "a count of lines",
    "physical_core_evidence_disagrees": "said of the recording",
    "brand_key": "a spelling",
    "cpu_cores_field": "a line of the file",
    "siblings_field": "a line of the file",
    "sockets_listed": "sockets are no facts",
    "isa": "RISC-V's own word; its letters are features",
    "implementer_part": "numbers; the model is made of them",
    "model": "the machine's name, of POWER and ARM boards",
    "hardware": "the machine's name",
    "flag_count": "compared as the number of features",
    "free_bytes": "MemFree is not what can be had",
    "has_available": "compared through available_bytes",
    "sockets": "sockets are no facts",
    "cores_per_socket": "compared through physical_cores",
    "threads_per_core": "compared through the two counts",
    "numa_nodes": "no fact",
    "offline": "no fact",
    "books": "no fact",
    "hypervisor": "the host's name is compared where the machine itself is asked",
    "virtualization_type": "no fact",
    "keys": "how many lines there are",
    "performance_cores": "facts have one count of cores",
    "efficiency_cores": "facts have one count of cores",
    "features_field": "a line of the file",
    "model_name": "compared as brand, or a Mac's name",
    "model_identifier": "a Mac's number",
    "htt": "threads are not counted of an Intel Mac's report",
    "opencl_gpus": "the same GPUs again",
    "pci_subsys_id": "the board's maker",
    "card": "the kernel's own number",
    "pci_class": "the class decides whether it is a card at all",
    "drm_device": "a node, not a fact of the card",
    "devices": "compared as the number of cards",
}
# Xen's four CPUs on one core are not believed.
NO_COUNT = {"ohai-x86-guest-xen"}


def recordings(kind: str, file: str) -> list[Any]:
    found = [pytest.param(path, id=path.parent.name) for path in sorted((RECORDINGS / kind).glob(f"*/{file}"))]
    return found or [pytest.param(None, id="none", marks=pytest.mark.skip(reason="the recordings are not here"))]


def expected(path: Path) -> dict[str, Any]:
    return tomllib.loads((path.parent / "SOURCE.toml").read_text())["expect"]


def read(path: Path) -> Snapshot:
    return read_text(path.read_bytes().decode("utf-8", "backslashreplace"))


def compare(said: dict[str, Callable[[], Any]], expect: dict[str, Any], *, leave: tuple[str, ...] = ()) -> None:
    """Every key that is expected is compared, or has its reason why not."""
    assert set(expect) <= set(said) | set(NO_PLACE)
    wanted = {key: value for key, value in expect.items() if key in said and key not in leave}
    assert {key: said[key]() for key in wanted} == wanted


def plain(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def of_cpu(facts: Snapshot, expect: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    cpu = facts.cpu
    features = known(cpu.features, ())
    return {
        "brand": lambda: expect["brand"] if plain(expect["brand"]) == cpu.model else cpu.model,
        "model_name": lambda: expect["model_name"] if plain(expect["model_name"]) == cpu.model else cpu.model,
        "vendor": lambda: cpu.vendor,
        "logical_cpus": lambda: cpu.logical_cores,
        "cpus": lambda: cpu.logical_cores,
        "physical_cores": lambda: cpu.physical_cores,
        "flags_present": lambda: [name for name in expect["flags_present"] if name in features],
        "flags_absent": lambda: [name for name in expect["flags_absent"] if name not in features],
        "flag_count": lambda: len(features),
        "architecture": lambda: facts.system.machine,
    }


@pytest.mark.parametrize("path", recordings("cpuinfo", "cpuinfo"))
def test_cpuinfo(path: Path) -> None:
    expect, facts = expected(path), read(path)
    cut = expect.get("complete_file") is False
    leave = ("logical_cpus", "physical_cores") if cut else ("physical_cores",) if path.parent.name in NO_COUNT else ()
    if "isa" in expect:
        leave = (*leave, "flag_count")
    compare(of_cpu(facts, expect), expect, leave=leave)
    if not cut and expect["processors"]:
        assert facts.cpu.logical_cores == expect["processors"]
    assert read_text(PROSE.format(path.read_bytes().decode("utf-8", "backslashreplace"))).cpu == facts.cpu


@pytest.mark.parametrize("path", [*recordings("lscpu", "lscpu.txt"), *recordings("cpuinfo", "lscpu.txt")])
def test_lscpu(path: Path) -> None:
    """Some recordings of /proc/cpuinfo have the same machine's lscpu beside it."""
    expect, facts = expected(path), read(path)
    expect = expect.get("lscpu", expect)
    leave = ("model_name",) if expect.get("model_name") == "-" else ()
    compare(of_cpu(facts, expect), expect, leave=leave)
    assert facts.cpu.model != "-"
    assert read_text(PROSE.format(path.read_text())).cpu == facts.cpu


@pytest.mark.parametrize("path", recordings("meminfo", "meminfo"))
def test_meminfo(path: Path) -> None:
    expect, memory = expected(path), read(path).memory
    said = {
        "total_bytes": lambda: memory.total_bytes,
        "available_bytes": lambda: memory.available_bytes,
        "swap_total_bytes": lambda: memory.swap_bytes,
    }
    compare(said, expect)
    assert read_text(PROSE.format(path.read_text())).memory == memory


@pytest.mark.parametrize("path", recordings("wsl", "version"))
def test_kernel(path: Path) -> None:
    expect, system = expected(path), read(path).system
    compare({"wsl": lambda: known(system.wsl, 0), "kernel": lambda: system.kernel}, expect)
    assert system.os == "Linux"


@pytest.mark.parametrize("path", recordings("macos-sysctl", "sysctl.txt"))
def test_sysctl(path: Path) -> None:
    expect, facts = expected(path), read(path)
    features = known(facts.cpu.features, ())
    said = {
        "cpu_brand": lambda: facts.cpu.model,
        "vendor": lambda: facts.cpu.vendor,
        "physical_cores": lambda: facts.cpu.physical_cores,
        "logical_cores": lambda: facts.cpu.logical_cores,
        "memory_bytes": lambda: facts.memory.total_bytes,
        "arm64": lambda: "arm64" in features,
        "avx": lambda: "avx" in features,
        "avx2": lambda: "avx2" in features,
        "features": lambda: [name for name in expect["features"] if name in features],
    }
    compare(said, expect)
    assert facts.system.os == "Darwin"
    assert read_text(PROSE.format(path.read_text())).cpu == facts.cpu


def of_mac(facts: Snapshot, expect: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    cards = list(facts.accelerators)
    names = {"vram_bytes": "memory_bytes", "shared_vram_bytes": "shared_memory_bytes", "cores": "compute_units"}

    def card(wanted: dict[str, Any]) -> dict[str, Any] | None:
        found = next((card for card in cards if known(card.name, "unknown") == wanted["name"]), None)
        if found is None:
            return None
        told = {key: known(getattr(found, names.get(key, key)), None) for key in wanted}
        told["name"] = known(found.name, "unknown")
        if wanted.get("vram_bytes") == 0:  # Apple's GPU has none of its own: facts leave it out
            told["vram_bytes"] = 0 if found.memory_bytes is not None and not isinstance(found.memory_bytes, int) else found.memory_bytes
        if told.get("metal"):
            told["metal"] = "spdisplays_" + told["metal"]
        return told

    return {
        "chip": lambda: facts.cpu.model if facts.system.rosetta is not True else "Unknown",
        "cpu_type": lambda: facts.cpu.model,
        "processor_name": lambda: facts.cpu.model,
        "cores_total": lambda: facts.cpu.physical_cores,
        "total_cores": lambda: str(facts.cpu.physical_cores),
        "memory_bytes": lambda: facts.memory.total_bytes,
        "memory": lambda: f"{known(facts.memory.total_bytes, 0) // 2**30} GB",
        "virtual": lambda: isinstance(facts.system.virtual_machine, str),
        "rosetta": lambda: facts.system.rosetta,
        "system_version": lambda: known(facts.system.distribution, "") + re.sub(r"^[^(]*", " ", expect["system_version"]),
        "gpus": lambda: [card(wanted) for wanted in expect["gpus"]],
        "metal": lambda: any(card.metal for card in cards),
    }


@pytest.mark.parametrize(
    "path", [*recordings("macos-system-profiler", "system_profiler.txt"), *recordings("macos-system-profiler-json", "system_profiler.json")]
)
def test_system_profiler(path: Path) -> None:
    expect, facts = expected(path), read(path)
    compare(of_mac(facts, expect), expect)
    assert len(facts.accelerators) == len(expect.get("gpus", ()))
    again = read_text(PROSE.format(path.read_text()))
    assert (again.cpu, again.accelerators, again.memory) == (facts.cpu, facts.accelerators, facts.memory)


@pytest.mark.parametrize("path", recordings("intel-sycl-ls", "sycl-ls.txt"))
def test_sycl_ls(path: Path) -> None:
    expect, facts = expected(path), read(path)
    said = {
        "level_zero_gpus": lambda: [card.name for card in facts.accelerators if card.vendor == "intel"],
        "cuda_gpus": lambda: [card.name for card in facts.accelerators if card.backend == "cuda"],
        "unique_gpus": lambda: len(facts.accelerators),
        "selector_set": lambda: bool(facts.variables.get("ONEAPI_DEVICE_SELECTOR")),
    }
    compare(said, expect)
    assert len(facts.accelerators) == len(expect["level_zero_gpus"]) + len(expect.get("cuda_gpus", ()))
    assert read_text(PROSE.format(path.read_text())).accelerators == facts.accelerators


@pytest.mark.parametrize("path", recordings("intel-xpu-smi", "*.json"))
def test_xpu_smi(path: Path) -> None:
    expect, cards = expected(path), read(path).accelerators
    said = {
        "name": lambda: cards[0].name,
        "names": lambda: [card.name for card in cards],
        "vram_bytes": lambda: cards[0].memory_bytes,
    }
    compare(said, expect)
    assert len(cards) == expect.get("devices", 1)
    assert {(card.vendor, card.backend) for card in cards} == {("intel", "xpu")}
    assert read_text(PROSE.format(path.read_text())).accelerators == cards


@pytest.mark.parametrize("path", recordings("sysfs-drm", "card*/device/uevent"))
def test_uevent(path: Path) -> None:
    expect = tomllib.loads((path.parents[2] / "SOURCE.toml").read_text())["expect"]
    if "pci_id" not in expect:
        pytest.skip("nothing of the card is expected")
    (card,) = read(path).accelerators
    assert (known(card.pci_id, "").upper(), card.driver, card.pci_address) == (expect["pci_id"], expect["driver"], expect["pci_slot"])
