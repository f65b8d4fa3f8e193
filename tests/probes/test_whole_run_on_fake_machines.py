"""envcheck's own command on machines whose files are laid over the real ones: what the probe says arrives in the facts."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.probes.fake_machine import FakeMachine, run_on

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="lays Linux's files over one another")
ROOT = Path(__file__).resolve().parents[2]
CARD = "0000:01:00.0"


def facts_of(machine: FakeMachine, **environment: str) -> dict[str, Any]:
    done = run_on(
        machine, [sys.executable, "-m", "envcheck", "facts"], {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_card_without_a_driver(machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204")
    machine.names_list(
        "10de  NVIDIA Corporation\n\t2204  GA102 [GeForce RTX 3090]\n",
    )
    facts = facts_of(machine)
    (card,) = facts["accelerators"]
    assert (card["vendor"], card["state"], card["name"], card["pci_address"]) == ("nvidia", "no-driver", "GeForce RTX 3090", CARD)
    assert card["driver"] is None
    assert facts["observed"]["accelerators"] == "complete"


def test_a_machine_without_cards_has_none(machine: FakeMachine) -> None:
    machine.server_without_cards(100)
    facts = facts_of(machine)
    assert "accelerators" not in facts or facts["accelerators"] == []
    assert facts["observed"]["accelerators"] == "complete"
    assert not facts.get("nvidia")


def test_nodes_of_a_container(machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204", driver="nvidia")
    facts = facts_of(machine, container="docker", NVIDIA_VISIBLE_DEVICES="void")
    (card,) = facts["accelerators"]
    assert (card["state"], card["visible"]) == ("hidden", False)
    assert facts["system"]["container_gpus"] is None
    assert os.path.exists("/dev/null")  # the mounts were the child's alone
