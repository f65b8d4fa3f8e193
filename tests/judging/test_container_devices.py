"""Which device nodes are there, which are known not to be, and what shows the host's side."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.container_devices import has_no_node, host_side, nodes

CARDS = "/dev/nvidia[0-9]*"


def facts(*devices: dict[str, Any], **given: Any) -> Snapshot:
    return msgspec.convert({"devices": devices, **given}, Snapshot)


def absent(path: str) -> dict[str, Any]:
    return {"path": path, "accessible": False, "error": "ENOENT"}


def test_a_closed_node_is_there_and_a_missing_one_is_not() -> None:
    seen = facts({"path": "/dev/nvidia0", "error": "EACCES"}, absent("/dev/nvidia1"), {"path": "/dev/nvidiactl"})
    assert [device.path for device in nodes(seen, CARDS)] == ["/dev/nvidia0"]


@pytest.mark.parametrize(
    ("seen", "none"),
    [
        (facts(absent("/dev/nvidia0")), True),
        (facts(absent("/dev/nvidia*")), True),
        (facts(absent("/dev/nvidiactl")), False),
        (facts(), False),
        (facts(observed={"devices": "complete"}), True),
        (facts({"path": "/dev/nvidia0"}, absent("/dev/nvidia1"), observed={"devices": "complete"}), False),
    ],
)
def test_only_what_was_looked_for_is_missing(seen: Snapshot, none: bool) -> None:
    assert has_no_node(seen, CARDS) is none


def test_signs_of_the_host_are_the_makers_own() -> None:
    seen = facts(
        accelerators=[{"index": 0, "vendor": "amd"}],
        modules=["amdgpu"],
        nvidia={"kernel_module_version": "580.95.05"},
        contradictions=[
            {"fact": "nvidia.driver_version", "value": "580.95.05", "source": "line 3", "scope": "host"},
            {"fact": "amd.rocm_version", "value": "6.4", "source": "line 9", "scope": ""},
        ],
    )
    nvidia, amd = host_side(seen, "nvidia"), host_side(seen, "amd")
    assert (nvidia.cards, nvidia.module, nvidia.said) == ((), "580.95.05", (("nvidia.driver_version", "580.95.05", "line 3"),))
    assert (len(amd.cards), amd.module, amd.said) == (1, "amdgpu", ())
    assert not host_side(facts(), "nvidia")
    assert not host_side(facts(modules=["amdgpu"]), "nvidia")
    assert not host_side(facts(modules=["i915"]), "amd")
