"""Every recorded output of AMD's tools: each expected value that facts have a place for."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from envcheck.facts.snapshot import Accelerator, Snapshot
from envcheck.parsers.amd.rocminfo import parse_rocminfo
from envcheck.readers.read import read_text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
TEXTS = ("amd-smi", "rocm-smi", "rocminfo")
# What recordings expect that facts have no place for, and why.
NO_PLACE = {
    "rocm_release": "no output of rocm-smi tells it; the recorder knew",
    "vram_keys": "the spelling of keys, which the values show to have been matched",
    "power_keys": "the spelling of keys",
    "name_keys": "the spelling of keys",
    "system_process_keys": "processes by card are not told there",
    "top_level": "the shape of a document, which the values show to have been read",
}


def recordings(*kinds: str) -> list[Any]:
    if not RECORDINGS.is_dir():
        return []
    found = (folder for kind in kinds for folder in sorted((RECORDINGS / kind).iterdir()))
    return [pytest.param(folder, id=f"{folder.parent.name}-{folder.name}") for folder in found if (folder / "SOURCE.toml").is_file()]


def expected(folder: Path) -> dict[str, Any]:
    """What a right reader finds, without what facts have no place for."""
    source = tomllib.loads((folder / "SOURCE.toml").read_text(encoding="utf-8"))
    return {key: value for key, value in source["expect"].items() if key not in NO_PLACE}


@pytest.mark.parametrize("folder", recordings(*TEXTS))
@pytest.mark.parametrize("surrounded", [False, True], ids=["alone", "in a report"])
def test_saved_outputs(folder: Path, surrounded: bool):
    files = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.suffix in (".txt", ".json")]
    text = "\n".join(files)
    if surrounded:
        text = (
            f"It does not work, see\n$ uname -a\nLinux box 6.8.0\n$ tool\n{text}\n$ nvcc\nbash: nvcc: command not found\n{{broken: json\n"
        )
    snapshot = read_text(text)
    cards = snapshot.accelerators
    assert all(card.vendor == "amd" and card.backend == "rocm" for card in cards)
    for key, value in expected(folder).items():
        CHECKS[key](value, snapshot)


def equal(read: Callable[[Snapshot], object]) -> Callable[[Any, Snapshot], None]:
    def check(value: Any, snapshot: Snapshot) -> None:
        assert read(snapshot) == value

    return check


def by_index(snapshot: Snapshot) -> list[Accelerator]:
    return sorted(snapshot.accelerators, key=lambda card: card.index)


def check_gpus(value: list[dict[str, Any]], snapshot: Snapshot) -> None:
    numbers = sorted(int(entry["key"].removeprefix("card")) for entry in value)
    cards = by_index(snapshot)
    assert len(cards) == len(value)
    for entry in value:
        card = cards[numbers.index(int(entry["key"].removeprefix("card")))]
        assert card.pci_id == f"1002:{entry['device_id'][2:]}"
        assert card.memory_bytes == entry["vram_bytes"]
        assert card.memory_used_bytes == entry["vram_used_bytes"]
        if not entry["series"].startswith("0x"):
            assert card.name == entry["series"]
        if "gfx" in entry:
            assert card.architecture == entry["gfx"]


def check_agents(value: list[dict[str, Any]], snapshot: Snapshot) -> None:
    gpus = [entry for entry in value if entry["type"] == "GPU"]
    for entry, card in zip(gpus, by_index(snapshot), strict=True):
        assert (card.architecture, card.name) == (entry["name"], entry["marketing"])
        assert (card.compute_units, card.memory_bytes) == (entry["compute_units"], entry["coarse_pool_bytes"])
        assert entry["isa"].partition("--")[2].startswith(f"{card.architecture}:")


CHECKS: Mapping[str, Callable[[Any, Snapshot], None]] = {
    "gpu_count": equal(lambda snapshot: len(snapshot.accelerators)),
    "gpu_agents": equal(lambda snapshot: len(snapshot.accelerators)),
    "names": equal(lambda snapshot: [card.name for card in by_index(snapshot)]),
    "market_names": equal(lambda snapshot: [card.name for card in by_index(snapshot)]),
    "name": equal(lambda snapshot: snapshot.accelerators[0].name),
    "model_ids": lambda value, snapshot: equal(lambda facts: [card.pci_id for card in by_index(facts)])(
        [f"1002:{number[2:]}" for number in value], snapshot
    ),
    "driver_version": equal(lambda snapshot: snapshot.amd.driver_version),
    "vram_sizes": lambda value, snapshot: equal(lambda facts: [card.memory_bytes for card in by_index(facts)])(
        [int(size.split()[0]) * 2**20 for size in value], snapshot
    ),
    "vram_bytes": equal(lambda snapshot: snapshot.accelerators[0].memory_bytes),
    "gpus": check_gpus,
    "agents": check_agents,
    "gfx": lambda value, snapshot: equal(lambda facts: {card.architecture for card in facts.accelerators})(
        {value} if isinstance(value, str) else set(value), snapshot
    ),
    "rock_module_line": lambda value, snapshot: equal(lambda facts: facts.amd.state)("ok", snapshot),
}


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")
def test_the_processors_among_the_agents_are_known_for_what_they_are():
    folder = RECORDINGS / "rocminfo" / "mi300x-x4"
    info = parse_rocminfo((folder / "rocminfo.txt").read_text(encoding="utf-8").split("\n"))
    for entry, agent in zip(expected(folder)["agents"], info.agents, strict=True):
        assert agent.is_gpu == (entry["type"] == "GPU")
        assert agent.fields["compute_units"] == entry["compute_units"]
        assert agent.fields["memory_bytes"] == entry["coarse_pool_bytes"]
