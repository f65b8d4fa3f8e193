"""Outputs of nvidia-smi as people paste them: cut, in fences, behind prompts, inside other reports, one after another.

A fact is right or absent: whatever is done to a text, nothing may come of it that the whole text does not say.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.facts.snapshot import Snapshot
from envcheck.parsers.pci.pci_address import same_form
from envcheck.readers.read import read_text

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
FILES = sorted(
    path
    for folder in ("nvidia-smi-table", "nvidia-smi-xml", "nvidia-smi-q", "nvidia-smi-capture", "nvidia-smi-errors", "jetson", "vgpu", "wsl")
    for path in (RECORDINGS / folder).glob("*/*")
    if path.suffix in (".txt", ".xml", ".csv") and path.name != "deviceQuery.txt"
)
# One of each form and of each machine that differs, so that every pair of them takes seconds.
PAIRED = [path for path in FILES if "x8" in str(path) or (path.parent.parent.name != "nvidia-smi-table" and path.name != "topo-m.txt")]
pytestmark = pytest.mark.skipif(not FILES, reason="the recordings of real machines are not beside this checkout")
COLLECT_ENV = """Collecting environment information...
PyTorch version: 2.5.1+cu124
Is debug build: False
CUDA used to build PyTorch: 12.4

OS: Ubuntu 22.04.5 LTS (x86_64)
Python version: 3.10.12 (main, Nov  6 2024, 20:22:13) [GCC 11.4.0] (64-bit runtime)
Is CUDA available: True
"""
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "prompt": lambda text: f"user@host:~/work$ nvidia-smi\n{text}user@host:~/work$ \n",
    "fences": lambda text: f"Here is what it says:\n\n```\n{text}\n```\nI hope this helps, GPU 0 is fine.\n",
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.split("\n")),
    "indented": lambda text: "".join(f"    {line}\n" for line in text.split("\n")),
    "collect_env before": lambda text: f"{COLLECT_ENV}\n{text}\n",
    "collect_env behind": lambda text: f"{text}\n{COLLECT_ENV}\n",
}


def told(facts: Snapshot, *, by_place: bool = True) -> dict[str, Any]:
    """All that is said of the driver and of the cards, the cards by their place where they have one, else by their number."""
    said: dict[str, Any] = {f"nvidia.{name}": value for name, value in msgspec.to_builtins(facts.nvidia).items()}
    placed = by_place and all(isinstance(card.pci_address, str) for card in facts.accelerators)
    for card in facts.accelerators:
        entry = msgspec.to_builtins(card)
        place = same_form(entry["pci_address"]) if placed else entry["index"]
        said |= {f"{place}.{name}": value for name, value in entry.items() if name != "index"}
        said["cards"] = said.get("cards", 0) + (entry.get("state") != "lost")
    return said


def wrong_part(text: str, whole: Snapshot) -> dict[str, Any]:
    """What a part of a text says and the whole does not. Its state may be another: the line that told of it is not there."""
    facts = read_text(text)
    by_place = all(isinstance(card.pci_address, str) for card in facts.accelerators)
    found = wrong(told(facts, by_place=by_place), told(whole, by_place=by_place))
    return {fact: values for fact, values in found.items() if fact != "nvidia.state"}


def wrong(part: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """A list that breaks off, or comes from fewer lines, has fewer members."""
    found = {}
    for fact, value in part.items():
        right = whole.get(fact)
        if fact == "cards" and value <= (right or 0):
            continue
        if fact.endswith((".mig_devices", ".processes")) and isinstance(right, (list, tuple)) and all(one in right for one in value):
            continue
        if value != right:
            found[fact] = (value, right)
    return found


def read(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_what_stands_around_an_output_changes_nothing(path: Path, wrapping: str) -> None:
    text = read(path)
    wrapped, whole = told(read_text(WRAPPINGS[wrapping](text))), told(read_text(text))
    assert {fact: value for fact, value in wrapped.items() if whole.get(fact) != value} == {}
    assert wrapped.keys() == whole.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_text_that_is_cut_says_nothing_wrong(path: Path) -> None:
    text = read(path)
    whole = read_text(text)
    for place in {*(len(text) * tenth // 10 for tenth in range(1, 10)), *range(11, min(len(text), 2500), 173)}:
        assert wrong_part(text[:place], whole) == {}, place


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_text_whose_beginning_is_missing_says_nothing_wrong(path: Path) -> None:
    lines = read(path).split("\n")
    whole = read_text(read(path))
    for tenth in range(1, 10):
        assert wrong_part("\n".join(lines[len(lines) * tenth // 10 :]), whole) == {}, tenth


def cards_of(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    cards: dict[str, dict[str, Any]] = {}
    for fact, value in said.items():
        place, _, name = fact.rpartition(".")
        if place and not fact.startswith("nvidia."):
            cards.setdefault(place, {})[name] = value
    return cards


@pytest.mark.parametrize("first", PAIRED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_two_machines_in_one_text_do_not_become_a_third(first: Path) -> None:
    """A card has the facts of one of the two; of the same machine's outputs it may have both's."""
    one = told(read_text(read(first)))
    for second in PAIRED[:: 1 + len(PAIRED) // 10]:
        other = told(read_text(read(second)))
        facts = read_text(read(first) + "\n" + read(second))
        both = told(facts)
        assert both.get("cards", 0) <= max(one.get("cards", 0), other.get("cards", 0)), second
        for name in ("nvidia.driver_version", "nvidia.cuda_version"):
            assert both.get(name) in (one.get(name), other.get(name)), (second, name)
        if first.parent == second.parent:
            continue
        for place, card in cards_of(both).items():
            sides = [wrong(card, told_card) for told_card in (*cards_of(one).values(), *cards_of(other).values())]
            assert {} in sides or same_machine(card, one, other), (second, place, sides)


def same_machine(card: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both texts have a card of that name, at that place: they may well be one."""

    def short(entry: dict[str, Any]) -> str:
        return str(entry.get("name", "")).removeprefix("NVIDIA ").rstrip(". ")

    names = [[short(entry) for entry in cards_of(side).values()] for side in (one, other)]
    return all(any(name.startswith(short(card)) or short(card).startswith(name) for name in side) for side in names)


def test_two_outputs_of_one_machine_are_the_same_cards() -> None:
    for folder in sorted((RECORDINGS / "nvidia-smi-table").iterdir()):
        paths = [folder / "nvidia-smi.txt", folder / "nvidia-smi-q.txt"]
        if all(path.is_file() for path in paths):
            for order in (paths, paths[::-1]):
                facts = read_text("\n".join(map(read, order)))
                assert len(facts.accelerators) == len(read_text(read(paths[0])).accelerators), folder
                assert not any(str(card.name).endswith("...") for card in facts.accelerators)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_lines_that_are_lost_or_put_in_make_no_card(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    lines = read(path).split("\n")
    whole = told(read_text("\n".join(lines))).get("cards", 0)
    noise = st.sampled_from(
        ["", "|", "+---+", "GPU 0", "|  0 |", "garbage | more", "</gpu>", "<gpu>", "    Total : 3 MiB", "a, b, c", "| x | y | z |", "\x00"]
    )
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, max(len(lines) - 1, 0)))
        if data.draw(st.booleans()) and lines:
            del lines[place]
        else:
            lines.insert(place, data.draw(noise))
    assert told(read_text("\n".join(lines))).get("cards", 0) <= whole
