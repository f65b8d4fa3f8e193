"""Every recorded output of nvidia-smi and tegrastats, read as `envcheck diagnose FILE` reads it, against what a right reader finds.

`FACTS` and `CARDS` say in which of our facts each recorded key has its place; `STRUCTS` which are compared with what the parsers keep;
`NOT_MAPPED` names the rest, with the reason. A key in none of them fails the test.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

from envcheck.facts.snapshot import Accelerator, Snapshot
from envcheck.knowledge.cards import find_card
from envcheck.parsers.nvidia.nvidia_smi_csv import AppsLog, parse_nvidia_smi_sheets
from envcheck.parsers.nvidia.nvidia_smi_log import Log
from envcheck.parsers.nvidia.nvidia_smi_text import parse_nvidia_smi_text
from envcheck.parsers.nvidia.nvidia_smi_values import number, present
from envcheck.parsers.nvidia.tegrastats import parse_tegrastats
from envcheck.parsers.pci.pci_address import same_form
from envcheck.readers.read import read_text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
FOLDERS = ("table", "xml", "q", "capture", "errors")
SOURCES = [
    source
    for folder in (*(f"nvidia-smi-{form}" for form in FOLDERS), "jetson", "vgpu", "wsl")
    for source in sorted((RECORDINGS / folder).glob("*/SOURCE.toml"))
    if not source.parent.name.startswith("proc-version")
]
MIB = 2**20
# Facts of the machine, by the recorded key.
FACTS: dict[str, Callable[[Snapshot], object]] = {
    "driver_version": lambda facts: facts.nvidia.driver_version,
    "cuda_version": lambda facts: facts.nvidia.cuda_version,
    "table_cuda_version": lambda facts: facts.nvidia.cuda_version,
    "state": lambda facts: facts.nvidia.state,
    "ram_total_mb": lambda facts: facts.memory.total_bytes // MIB,
    "nvml_return": lambda facts: facts.symptoms[0].code,
    "nvml_library_version": lambda facts: facts.symptoms[0].details.get("library_version"),
    "lost_gpu_index": lambda facts: next(card.index for card in facts.accelerators if card.state == "lost"),
    "lost_bus_ids": lambda facts: [card.pci_address for card in facts.accelerators if card.state == "lost"],
    "gpu_count": lambda facts: len(working(facts)),
    "gpu_elements": lambda facts: len(working(facts)),
    "q_gpu_sections": lambda facts: len(working(facts)),
    "product_names": lambda facts: sorted({card.name for card in facts.accelerators}),
    "q_product_names": lambda facts: sorted({card.name for card in facts.accelerators}),
    "virtualization": lambda facts: sorted({{"pass-through": "Pass-Through"}[str(card.virtualization)] for card in facts.accelerators}),
    "fb_totals": lambda facts: sorted({f"{int(card.memory_bytes or 0) // MIB} MiB" for card in facts.accelerators}),
}
WORDS = {
    "exclusive-process": "Exclusive_Process",
    "pass-through": "Pass-Through",
    "none": "None",
    "default": "Default",
    "enabled": "Enabled",
    "disabled": "Disabled",
    "wddm": "WDDM",
}
# Facts of a card, by the recorded key.
CARDS: dict[str, str] = {
    "index": "index",
    "name": "name",
    "pci_bus_id": "pci_address",
    "vram_bytes": "memory_bytes",
    "vram_used_bytes": "memory_used_bytes",
    "vram_free_bytes": "memory_free_bytes",
    "vram_reserved_bytes": "memory_reserved_bytes",
    "architecture": "architecture",
    "compute_cap": "compute_capability",
    "mig_mode": "mig",
    "ecc": "ecc",
    "compute_mode": "compute_mode",
    "virtualization": "virtualization",
    "driver_model": "driver_model",
    "power_draw": "power_w",
    "processes": "processes",
    "mig_device_vram_bytes": "mig_devices",
}
# What has no place in the facts, and is compared with what the parsers keep.
STRUCTS = frozenset((
    "attached_gpus", "q_attached_gpus", "brand", "display_active", "power_elements", "deprecated_elements", "power_draw_path",
    "nvml_version",
    "csv_columns", "bracketed_values", "mig_devices", "compute_processes_load", "name_truncated", "ram_used_mb", "gpu_load_percent",
    "display_mode", "addressing_mode",
))  # fmt: skip
NOT_MAPPED = {
    "nvidia_smi_version": "under WSL it is that of a stub, and no fact of ours",
    "dtd": "the DOCTYPE does not say what to expect (FORMATS.md)",
    "cuda_version_element_present": "an element that holds no version says as much as none",
    "version_labels": "labels are understood by meaning",
    "trailing_warnings": "a warning on infoROM; the test below sees that the table is whole all the same",
    "memory_usage_cell": "the words of a cell; the test of unknown memory covers it",
    "exit_code_documented": "not in the text",
    "exit_code_observed": "not in the text",
    "lspci_name": "of another file that is not there",
    "compute_cap": "of deviceQuery, which has a test of its own below",
    "devicequery_driver_runtime": "of deviceQuery, which has a test of its own below",
    "devicequery_global_mem_bytes": "of deviceQuery, which has a test of its own below",
    "gpus": "compared card by card",
}
# Which of the keys a form of output can tell at all.
MACHINE_KEYS = {
    "table": {"driver_version", "cuda_version", "table_cuda_version", "gpu_count"},
    "q": {
        "driver_version",
        "cuda_version",
        "gpu_count",
        "q_gpu_sections",
        "q_product_names",
        "product_names",
        "virtualization",
        "fb_totals",
    },
    "xml": {"driver_version", "cuda_version", "gpu_elements"},
    "list": {"gpu_count"},
    "version": {"driver_version", "cuda_version"},
    "csv": {"driver_version", "gpu_count"},
}
CARD_KEYS = {
    "table": {"index", "name", "pci_bus_id", "vram_bytes", "vram_used_bytes", "name_truncated"},
    "q": {"name", "pci_bus_id", "vram_bytes", "vram_reserved_bytes", "mig_mode", "ecc", "driver_model", "display_mode", "addressing_mode"},
    "list": {"index", "name"},
    "csv": {
        *("name", "pci_bus_id", "vram_bytes", "vram_used_bytes", "vram_reserved_bytes", "compute_cap", "mig_mode", "ecc", "driver_model"),
        *("power_draw", "display_mode", "addressing_mode"),
    },
}
pytestmark = pytest.mark.skipif(not SOURCES, reason="the recordings of real machines are not beside this checkout")


def working(facts: Snapshot) -> list[Accelerator]:
    return [card for card in facts.accelerators if card.state != "lost"]


def expected(source: Path) -> dict[str, Any]:
    return tomllib.loads(source.read_text("utf-8"))["expect"]


def outputs(source: Path) -> list[Path]:
    return [path for path in sorted(source.parent.iterdir()) if path.name != "SOURCE.toml" and not path.name.startswith("deviceQuery")]


def form_of(path: Path) -> str:
    name = path.name
    if path.suffix == ".xml":
        return "xml"
    if name.startswith(("q-idle", "nvidia-smi-q")):
        return "q"
    for beginning, form in (("list", "list"), ("version", "version"), ("query-gpu", "csv"), ("compute-apps", "apps"), ("topo", "topo")):
        if name.startswith(beginning):
            return form
    return "table"


def printed(key: str, card: Accelerator) -> object:
    value = getattr(card, CARDS[key])
    if value is UNSET:
        return None
    if key == "processes":
        return len(value)
    if key == "mig_device_vram_bytes":
        return [device.memory_bytes for device in value]
    if key == "power_draw":
        return value
    return WORDS.get(value, value) if isinstance(value, str) else value


def wanted(key: str, value: Any) -> object:
    """What a recorded value is for us: N/A is unknown, watts are a number."""
    if key == "power_draw":
        return number(value)
    if isinstance(value, str):
        return present(value)
    return value


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.parent.name)
def test_every_key_of_a_recording_is_mapped_or_named_as_not(source: Path) -> None:
    expect = expected(source)
    known = FACTS.keys() | STRUCTS | NOT_MAPPED.keys()
    assert not expect.keys() - known
    assert not {key for card in expect.get("gpus", ()) for key in card} - CARDS.keys() - STRUCTS


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.parent.name)
def test_a_recording_is_read_right(source: Path) -> None:
    expect = expected(source)
    for path in outputs(source):
        facts, form = read_text(path.read_text("utf-8")), form_of(path)
        if form in ("apps", "topo"):
            continue
        single = "state" in expect or "ram_total_mb" in expect
        for key in expect.keys() & (FACTS.keys() if single else MACHINE_KEYS[form]):
            assert FACTS[key](facts) == expect[key], (path.name, key)
        if form != "csv" and not {"driver_version", "state"} & expect.keys():
            assert facts.nvidia.driver_version is UNSET
        if form in ("table", "xml", "q") and "cuda_version" not in expect:
            assert facts.nvidia.cuda_version is UNSET, path.name
        check_cards(path, form, facts, expect)
        check_structs(path, form, expect)


def check_cards(path: Path, form: str, facts: Snapshot, expect: dict[str, Any]) -> None:
    if "gpus" not in expect or form == "version":
        return
    cards = sorted(working(facts), key=lambda card: card.index)
    gpus = sorted(expect["gpus"], key=lambda gpu: same_form(gpu.get("pci_bus_id", "")) or "")
    assert len(cards) == len(gpus), path.name
    for card, gpu in zip(cards, gpus, strict=True):
        keys = gpu.keys() & (CARD_KEYS.get(form, set(gpu)) & CARDS.keys() if form != "xml" else CARDS.keys())
        for key in keys - {"driver_model" if gpu.get("driver_model") in ("N/A", "[N/A]") else ""}:
            if path.name.endswith(("-load.csv", "-load.txt")) and key in ("vram_used_bytes", "power_draw"):
                continue  # the recording tells them of the idle machine
            told, meant = printed(key, card), wanted(key, gpu[key])
            if key == "name" and isinstance(told, str) and isinstance(meant, str) and "..." in told + meant:
                shorter, longer = sorted((told.rstrip("."), meant.rstrip(".")), key=len)
                assert longer.startswith(shorter.strip())
                continue
            assert told == meant, (path.name, key)
        if "vram_bytes" not in gpu and form == "table":
            assert card.memory_bytes is UNSET


def logs(path: Path) -> list[Log]:
    return parse_nvidia_smi_text(path.read_text("utf-8").split("\n"))


def check_structs(path: Path, form: str, expect: dict[str, Any]) -> None:
    found = logs(path)
    if form == "xml":
        check_xml(found[0], expect)
    elif form == "q":
        attached = expect.get("attached_gpus") or expect.get("q_attached_gpus") or expect.get("gpu_count")
        assert found[0].attached == attached
    elif form == "version":
        assert found[0].nvml_version == expect["nvml_version"]
    elif form == "list" and "mig_devices" in expect:
        (card,) = read_text(path.read_text("utf-8")).accelerators
        assert [device.profile for device in card.mig_devices or ()] == expect["mig_devices"]
    elif form == "csv":
        (sheet,) = parse_nvidia_smi_sheets(path.read_text("utf-8").split("\n"))
        assert len(sheet.columns) == expect["csv_columns"]
        assert {cell for _, row in sheet.rows for cell in row if cell[:1] == "["} <= set(expect["bracketed_values"])
        for key in ("display_mode", "addressing_mode"):
            assert found[0].cards[0].fields[key] == expect["gpus"][0][key]
    elif form == "table" and "name_truncated" in (expect.get("gpus") or [{}])[0]:
        assert [card.name_cut for card in found[0].cards] == [gpu["name_truncated"] for gpu in expect["gpus"]]
    if "ram_used_mb" in expect:
        (said,) = parse_tegrastats(path.read_text("utf-8").split("\n"))
        assert (said.ram_used_bytes // MIB, said.load_percent) == (expect["ram_used_mb"], expect["gpu_load_percent"])


def check_xml(log: Log, expect: dict[str, Any]) -> None:
    assert log.attached == expect.get("attached_gpus")
    deprecated = {
        path.rpartition("/")[2]
        for card in log.cards
        for path, value in card.fields.items()
        if value == "Requested functionality has been deprecated"
    }
    assert sorted(deprecated) == expect["deprecated_elements"]
    for card, gpu in zip(log.cards, expect["gpus"], strict=True):
        blocks = {path.partition("/")[0] for path in card.fields if path.endswith(("power_draw", "power_state", "power_management"))}
        assert set(expect["power_elements"]) <= blocks | {"module_power_readings"}
        assert card.fields.get("product_brand") == gpu.get("brand")
        assert card.fields.get("display_active") == gpu.get("display_active")
        assert card.fields[gpu["power_draw_path"]] == gpu["power_draw"]


@pytest.mark.parametrize(
    "path",
    [path for source in SOURCES for path in source.parent.glob("compute-apps-*.csv")],
    ids=lambda path: path.parent.name[-30:] + path.name,
)
def test_processes_are_those_of_the_card(path: Path) -> None:
    expect = expected(path.with_name("SOURCE.toml"))
    facts = read_text(path.read_text("utf-8"))
    apps = [app for log in logs(path) if isinstance(log, AppsLog) for app in log.apps]
    assert len(apps) == (expect["compute_processes_load"] if "load" in path.name else len(apps))
    if apps:
        (card,) = facts.accelerators
        assert (card.pci_address, len(card.processes or ())) == (expect["gpus"][0]["pci_bus_id"], len(apps))
    else:
        assert facts.accelerators == ()


@pytest.mark.parametrize(
    "path", [path for source in SOURCES for path in source.parent.glob("topo-m.txt")], ids=lambda path: path.parent.name
)
def test_a_topology_is_no_card(path: Path) -> None:
    assert read_text(path.read_text("utf-8")).accelerators == ()


@pytest.mark.parametrize(
    "path", [path for source in SOURCES for path in source.parent.glob("deviceQuery.txt")], ids=lambda path: path.parent.name
)
def test_device_query_tells_the_same_cards_and_their_capability(path: Path) -> None:
    """The table of cards by name has to say the same; beside nvidia-smi's table they are the same cards, with the driver's memory."""
    expect = expected(path.with_name("SOURCE.toml"))
    facts = read_text(path.read_text("utf-8"))
    assert {card.compute_capability for card in facts.accelerators} == {expect["compute_cap"]}
    assert len(facts.accelerators) == expect["gpu_count"]
    assert facts.accelerators[0].memory_bytes == expect["devicequery_global_mem_bytes"]
    assert facts.nvidia.cuda_version == expect.get("devicequery_driver_runtime", [facts.nvidia.cuda_version])[0]
    by_name = [find_card(str(card.name)) for card in facts.accelerators]
    assert {row.capability for row in by_name if row is not None} == {expect["compute_cap"]}
    both = read_text(path.with_name("nvidia-smi.txt").read_text("utf-8") + path.read_text("utf-8"))
    assert [same_form(str(card.pci_address)) for card in both.accelerators] == [same_form(gpu["pci_bus_id"]) for gpu in expect["gpus"]]
    assert [card.memory_bytes for card in both.accelerators] == [gpu["vram_bytes"] for gpu in expect["gpus"]]
