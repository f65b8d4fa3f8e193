"""On a machine with an NVIDIA GPU: what the probes tell, against nvidia-smi's own words. Run by `pytest -m gpu`."""

import csv
import os
import re
import shutil
import subprocess
import sys

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Accelerator, Snapshot
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.drivers import ask_drivers, first_questions
from envcheck.observing.light_probes import evidence_of, look_around
from envcheck.observing.process import Task
from envcheck.observing.runner import run
from envcheck.parsers.pci.pci_address import same_form

pytestmark = pytest.mark.gpu
_MIB = 2**20
_ASKED = (
    *("index", "name", "uuid", "pci.bus_id", "driver_version", "memory.total", "compute_cap", "persistence_mode", "ecc.mode.current"),
    *("mig.mode.current", "compute_mode", "enforced.power.limit", "temperature.gpu"),
)
# What does not change between two questions.
_LASTING = (
    *("name", "uuid", "pci_address", "pci_id", "memory_bytes", "memory_reserved_bytes", "mig", "ecc", "compute_mode", "virtualization"),
    *("persistence", "power_limit_w", "fabric", "architecture", "retired_pages", "retirement_pending", "remapping_failed"),
)


def ask(probe: str) -> Answer:
    return run([Task(probe, probe, sys.executable, own=True)])[probe]


def snapshot(answer: Answer) -> Snapshot:
    return resolve(answer.evidence, taken="", live=True)


@pytest.fixture(scope="module")
def smi() -> str:
    found = shutil.which("nvidia-smi") or shutil.which("nvidia-smi", path="/usr/lib/wsl/lib")
    if found is None:
        pytest.skip("there is no nvidia-smi to compare with")
    return found


@pytest.fixture(scope="module")
def rows(smi: str) -> list[dict[str, str]]:
    """What nvidia-smi says of each card."""
    command = [smi, "--query-gpu=" + ",".join(_ASKED), "--format=csv,noheader,nounits"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    return [dict(zip(_ASKED, (cell.strip() for cell in row), strict=True)) for row in csv.reader(printed.splitlines())]


@pytest.fixture(scope="module")
def facts() -> Snapshot:
    answer = ask("nvml")
    assert answer.ending is Ending.ANSWERED, answer.stderr
    return snapshot(answer)


def said(value: object) -> str:
    """A fact as nvidia-smi words it."""
    words = {"enabled": "Enabled", "disabled": "Disabled", "default": "Default", "exclusive-process": "Exclusive_Process", True: "Enabled"}
    return words.get(value, "Disabled" if value is False else str(value)) if isinstance(value, (str, bool)) else str(value)


def test_the_cards_are_those_of_nvidia_smi(facts: Snapshot, rows: list[dict[str, str]]) -> None:
    assert [str(card.index) for card in facts.accelerators] == [row["index"] for row in rows]
    for card, row in zip(facts.accelerators, rows, strict=True):
        assert (card.name, card.uuid) == (row["name"], row["uuid"])
        assert card.pci_address == same_form(row["pci.bus_id"])
        assert card.compute_capability == row["compute_cap"]
        assert card.state == "ok"


def test_the_driver_is_that_of_nvidia_smi(facts: Snapshot, rows: list[dict[str, str]], smi: str) -> None:
    assert facts.nvidia.driver_version == rows[0]["driver_version"]
    assert facts.nvidia.state == "ok"
    table = subprocess.run([smi], capture_output=True, text=True, check=True, timeout=60).stdout
    version = re.search(r"CUDA (?:UMD )?Version: (\d+\.\d+)", table)
    if version:
        assert facts.nvidia.cuda_version == version[1]


def test_sizes_and_modes_are_those_of_nvidia_smi(facts: Snapshot, rows: list[dict[str, str]]) -> None:
    for card, row in zip(facts.accelerators, rows, strict=True):
        if row["memory.total"].isdigit():
            assert isinstance(card.memory_bytes, int)
            assert card.memory_bytes // _MIB == int(row["memory.total"])
        for field, column in (
            ("persistence", "persistence_mode"),
            ("ecc", "ecc.mode.current"),
            ("mig", "mig.mode.current"),
            ("compute_mode", "compute_mode"),
        ):
            value = getattr(card, field)
            known = isinstance(value, (str, bool))
            assert known == (not row[column].startswith("[")), (field, value, row[column])
            if known:
                assert said(value) == row[column]
        if isinstance(card.power_limit_w, float):
            assert card.power_limit_w == pytest.approx(float(row["enforced.power.limit"]), abs=0.01)
        if isinstance(card.temperature_c, float):
            assert card.temperature_c == pytest.approx(float(row["temperature.gpu"]), abs=10)


def _lasting(card: Accelerator) -> dict[str, object]:
    known = {field: getattr(card, field) for field in _LASTING}
    return {field: value for field, value in known.items() if isinstance(value, (str, int, float))}


def test_nvidia_smi_read_by_the_probe_tells_the_same_as_nvml(facts: Snapshot, smi: str) -> None:
    others = {card.pci_address: _lasting(card) for card in snapshot(ask("nvidia_smi")).accelerators}
    for card in facts.accelerators:
        mine, other = _lasting(card), others[card.pci_address]
        both = mine.keys() & other.keys()
        assert {"name", "uuid", "memory_bytes"} <= both or card.unified_memory is True
        for field in both - {"memory_bytes", "memory_reserved_bytes"}:
            assert mine[field] == other[field], field
        for field in both & {"memory_bytes", "memory_reserved_bytes"}:
            assert abs(int(str(mine[field])) - int(str(other[field]))) <= _MIB, field


def test_cuda_shows_a_card_and_counts_no_more_memory_than_nvml(facts: Snapshot) -> None:
    answer = ask("cuda_driver")
    told = snapshot(answer)
    assert told.nvidia.libcuda_loadable is True
    if os.environ.get("CUDA_VISIBLE_DEVICES") is None:
        assert told.accelerators, [words.text for words in answer.said]
    sizes = {card.pci_address: card.memory_bytes for card in facts.accelerators}
    for card in told.accelerators:
        assert card.visible is True
        size = sizes[card.pci_address]
        if isinstance(card.memory_bytes, int) and isinstance(size, int):
            assert 0.9 * size < card.memory_bytes <= size


def test_a_full_look_is_of_one_mind(facts: Snapshot) -> None:
    """Quick probes, NVML, nvidia-smi and CUDA speak of the same cards, and contradict each other in nothing."""
    evidence = evidence_of(look_around(sys.executable, os.getcwd(), quick=True))
    seen = resolve(evidence, taken="", live=True)
    assert "nvml" in {task.name for task in first_questions(seen, sys.executable, quick=False)}
    found = ask_drivers(sys.executable, evidence, quick=False)
    found.add(evidence)
    whole = resolve(found, taken="", live=True)
    cards = [card for card in whole.accelerators if card.vendor == "nvidia"]
    assert [card.uuid for card in cards if isinstance(card.uuid, str)] == [card.uuid for card in facts.accelerators]
    assert [entry for entry in whole.contradictions if entry.fact.startswith(("accelerators", "nvidia"))] == []
