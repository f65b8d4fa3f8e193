"""Device nodes and who may open them: real nodes, real permissions, a real control group where there is one."""

import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.probes.fake_machine import FakeMachine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux shows")
Probe = Callable[[str], types.ModuleType]


def test_nodes_of_accelerators_and_no_others(probe: Probe, machine: FakeMachine) -> None:
    ours = (
        "nvidia0",
        "nvidia10",
        "nvidia2",
        "nvidiactl",
        "nvidia-uvm",
        "nvidia-caps/nvidia-cap1",
        "dxg",
        "kfd",
        "dri/renderD128",
        "accel0",
    )
    machine.node(*ours, "accel/accel0", "apex_0")
    machine.node("tty0", "dri/card0", "nvidia-caps/other", "vfio/7", "acceleration", "loop0")
    nodes = probe("cards.device_nodes").read_nodes(str(machine.root))
    assert set(nodes) == {f"/dev/{name}" for name in (*ours, "accel/accel0", "apex_0")}
    assert [path for path in nodes if path[11:].isdigit()] == ["/dev/nvidia0", "/dev/nvidia2", "/dev/nvidia10"]
    assert "/dev/vfio/7" in probe("cards.device_nodes").read_nodes(str(machine.root), with_vfio=True)


def test_mode_group_and_membership_are_told(probe: Probe, machine: FakeMachine, channel: Any) -> None:
    machine.node("kfd", mode=0o660)
    try:
        os.chown(machine.root / "dev/kfd", -1, 992)
    except PermissionError:
        pytest.skip("only root can give files away")
    nodes = probe("cards.device_nodes")
    nodes.tell_nodes(channel, str(machine.root), nodes.read_nodes(str(machine.root)))
    told = channel.facts["devices[/dev/kfd]"]
    assert (told["mode"], told["group"]) == ("crw-rw----", "render")
    assert told["member"] is (992 in (os.getegid(), *os.getgroups()))


def test_a_group_without_a_name_has_its_number(probe: Probe, machine: FakeMachine, channel: Any) -> None:
    machine.node("kfd")
    machine.write("etc/group", "\0:::\nroot\n")
    nodes = probe("cards.device_nodes")
    nodes.tell_nodes(channel, str(machine.root), nodes.read_nodes(str(machine.root)))
    assert channel.facts["devices[/dev/kfd]"]["group"] == str((machine.root / "dev/kfd").stat().st_gid)


AS_NOBODY = """
import os, sys, types
package = types.ModuleType("envcheck_probes"); package.__path__ = [sys.argv[1]]; sys.modules["envcheck_probes"] = package
from envcheck_probes.cards.device_nodes import read_nodes
os.setgroups([]); os.setgid(65534); os.setuid(65534)
node = read_nodes(".")["/dev/kfd"]
print(node.accessible, node.error, node.barred)
"""


def test_who_is_not_in_the_group_is_refused_by_the_mode(probe: Probe, machine: FakeMachine) -> None:
    machine.node("kfd", mode=0o660)
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    machine.root.chmod(0o755)
    command = [sys.executable, "-c", AS_NOBODY, str(Path(probe("cards.device_nodes").__file__ or "").parents[1])]
    done = subprocess.run(command, cwd=machine.root, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("False EACCES False", "")


def test_a_file_in_place_of_a_device_is_none(probe: Probe, machine: FakeMachine) -> None:
    machine.write("dev/nvidia0", "")
    machine.folder("dev/nvidia1")
    nodes = probe("cards.device_nodes").read_nodes(str(machine.root))
    assert (nodes["/dev/nvidia0"].accessible, nodes["/dev/nvidia0"].error) == (False, "ENODEV")
    assert "/dev/nvidia1" not in nodes


def test_cards_are_never_opened_and_the_control_node_only_where_the_module_is_loaded(
    probe: Probe, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To open a card's node starts the card; to open the control node without the module would load it."""
    machine.node("nvidia0", "nvidiactl", "nvidia-uvm", "kfd")
    nodes = probe("cards.device_nodes")
    opened: list[str] = []
    monkeypatch.setattr(nodes, "open_error", lambda path: opened.append(os.path.basename(path)))
    nodes.read_nodes(str(machine.root))
    assert opened == []
    nodes.read_nodes(str(machine.root), nvidia_is_loaded=True)
    assert opened == ["nvidiactl"]


def test_dev_that_cannot_be_read_is_unknown(probe: Probe, tmp_path: Path, channel: Any) -> None:
    nodes = probe("cards.device_nodes")
    nodes.tell_nodes(channel, str(tmp_path), nodes.read_nodes(str(tmp_path)))
    assert channel.collections["devices"] == "none"
    assert "devices" in channel.unknowns


BARRED = """
import os, sys, types
package = types.ModuleType("envcheck_probes"); package.__path__ = [sys.argv[1]]; sys.modules["envcheck_probes"] = package
from envcheck_probes.cards.device_nodes import read_nodes
group, root = sys.argv[2:]
with open(group + "/cgroup.procs", "w") as file: file.write(str(os.getpid()))
with open(group + "/devices.deny", "w") as file: file.write("c 1:3 rwm")
node = read_nodes(root)["/dev/nvidia0"]
print(node.accessible, node.error, node.barred)
"""


def test_a_control_group_is_seen_without_opening(probe: Probe, machine: FakeMachine) -> None:
    """The device is one that every process may open, and the group of one process forbids it, as a batch system's job does."""
    machine.node("nvidia0")
    group = Path("/sys/fs/cgroup/devices/envcheck-test-" + str(os.getpid()))
    try:
        group.mkdir()
    except OSError as error:
        pytest.skip(f"no control groups of devices here: {error}")
    try:
        folder = str(Path(probe("cards.device_nodes").__file__ or "").parents[1])
        command = [sys.executable, "-c", BARRED, folder, str(group), str(machine.root)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    finally:
        group.rmdir()
    assert (done.stdout.strip(), done.stderr) == ("False EPERM True", "")
