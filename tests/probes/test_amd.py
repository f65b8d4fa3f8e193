"""AMD's tools as real scripts in a real child, and its files below a folder of their own."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from envcheck.facts.claims import Claim, Evidence, Trust, resolve
from envcheck.facts.snapshot import Snapshot
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts here are those of a POSIX shell")

STATIC = (
    '[{"gpu": 0, "asic": {"market_name": "AMD Instinct MI300X", "device_id": "0x74a1", "target_graphics_version": "gfx942"}, '
    '"bus": {"bdf": "0000:83:00.0"}, "vram": {"size": {"value": 196592, "unit": "MB"}}, "driver": {"name": "amdgpu", "version": "6.10.5"}}]'
)
METRIC = (
    '[{"gpu": 0, "power": {"socket_power": {"value": 140, "unit": "W"}}, "temperature": {"hotspot": {"value": 39, "unit": "C"}}, '
    '"mem_usage": {"total_vram": {"value": 196592, "unit": "MB"}, "used_vram": {"value": 283, "unit": "MB"}}}]'
)
ROCM_SMI = (
    '{"card0": {"Device Name": "AMD Radeon RX 7900 XTX", "Device ID": "0x744c", "GFX Version": "gfx1100", '
    '"VRAM Total Memory (B)": "25753026560", "PCI Bus": "0000:03:00.0"}, "system": {"Driver version": "6.12.12"}}'
)


class Tools:
    """A folder of PATH with AMD's tools in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)

    def ask(self, *arguments: str) -> Answer:
        path = f"{self.folder}:/usr/bin:/bin"
        return run([Task("amd", "amd", sys.executable, arguments, variables={"PATH": path}, deadline_s=10.0)])["amd"]


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return Tools(tmp_path)


def known(answer: Answer) -> Snapshot:
    assert answer.ending is Ending.ANSWERED, answer.stderr
    return resolve(answer.evidence, taken="", live=True)


def test_amd_smi_is_enough(tools: Tools):
    tools.add("amd-smi", f"case $1 in static) echo '{STATIC}';; *) echo '{METRIC}';; esac")
    tools.add("rocm-smi", "exit 3")
    snapshot = known(tools.ask())
    (card,) = snapshot.accelerators
    assert (card.name, card.architecture, card.memory_bytes) == ("AMD Instinct MI300X", "gfx942", 196592 * 2**20)
    assert (card.power_w, card.temperature_c, card.memory_used_bytes) == (140.0, 39.0, 283 * 2**20)
    assert snapshot.amd.driver_version == "6.10.5"
    assert not snapshot.unknown


def test_rocm_smi_answers_where_amd_smi_fails(tools: Tools):
    tools.add("amd-smi", "echo 'ERROR:root:Unable to detect any GPU devices, check amdgpu version and module status' >&2; exit 255")
    tools.add("rocm-smi", f"echo 'WARNING: AMD GPU device(s) is/are in a low-power state.' >&2; echo '{ROCM_SMI}'")
    answer = tools.ask()
    (card,) = known(answer).accelerators
    assert (card.architecture, card.memory_bytes) == ("gfx1100", 25753026560)
    assert [words.subject for words in answer.said] == ["amd-smi", "amd-smi"]


def test_a_tool_that_hangs_costs_its_deadline_once(tools: Tools):
    tools.add("amd-smi", "sleep 60")
    tools.add("rocm-smi", f"echo '{ROCM_SMI}'")
    begun = time.monotonic()
    snapshot = known(tools.ask("deadline=1.5"))
    assert time.monotonic() - begun < 9
    assert [entry.reason.value for entry in snapshot.unknown] == ["timed_out"]
    assert not snapshot.accelerators


@pytest.mark.parametrize(
    "script", ["head -c 20000000 /dev/zero", "yes '{\"gpu_data\": [' | head -n 500000", 'printf \'[{"gpu": 0, "asic": {\'', "exit 0"]
)
def test_nonsense_is_no_answer(tools: Tools, script: str):
    tools.add("amd-smi", script)
    snapshot = known(tools.ask())
    assert not snapshot.accelerators
    assert {entry.reason.value for entry in snapshot.unknown} <= {"unparsable", "crashed"}
    assert snapshot.unknown


def test_a_relative_folder_of_path_is_not_searched(tools: Tools, monkeypatch: pytest.MonkeyPatch):
    tools.add("amd-smi", f"echo '{STATIC}'")
    monkeypatch.chdir(tools.folder)
    answer = run([Task("amd", "amd", sys.executable, (), variables={"PATH": ".:/usr/bin:/bin"})])["amd"]
    assert not known(answer).accelerators


class Machine:
    """A machine's files of AMD's, below a folder."""

    def __init__(self, root: Path, probe: ModuleType, channel: Any) -> None:
        self.root, self.probe, self.channel = root, probe, channel

    def write(self, path: str, text: str) -> None:
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")

    def device(self, address: str, **files: str) -> None:
        for name, text in files.items():
            self.write(f"/sys/bus/pci/devices/{address}/{name}", text)

    def look(self, *addresses: str, driver: str | None = "amdgpu") -> Snapshot:
        cards = [{"vendor": "amd", "backend": "rocm", "pci_address": address, "driver": driver} for address in addresses]
        for card in cards:
            self.channel.fact(f"accelerators[{card['pci_address']}]", card, "bus")
        self.probe.report_amd(self.channel, cards, str(self.root))
        claims = [Claim(path, value, "file", Trust.MEASURED) for path, value in self.channel.facts.items()]
        bus = [Claim(f"accelerators[{card['pci_address']}]", card, "bus", Trust.MEASURED) for card in cards]
        return resolve(Evidence(claims=[*claims, *bus]), taken="", live=True)


@pytest.fixture
def machine(tmp_path: Path, probe: Callable[[str], ModuleType], channel: Any) -> Machine:
    return Machine(tmp_path, probe("cards.amd_files"), channel)


def test_a_card_with_everything(machine: Machine):
    machine.device(
        "0000:03:00.0",
        mem_info_vram_total="25753026560",
        mem_info_vram_used="1000000",
        mem_info_gtt_total="33000000000",
        device="0x744c",
        revision="0xc8",
    )
    machine.write("/usr/share/libdrm/amdgpu.ids", "# List\n1.0.0\n744C,\tC4,\tAMD Radeon RX 7900 XT\n744C,\tC8,\tAMD Radeon RX 7900 XTX")
    machine.write("/sys/class/kfd/kfd/topology/nodes/0/properties", "cpu_cores_count 16\nsimd_count 0")
    machine.write(
        "/sys/class/kfd/kfd/topology/nodes/1/properties",
        "simd_count 192\nsimd_per_cu 2\ngfx_target_version 110000\ndevice_id 29772\nlocation_id 768\ndomain 0\nunique_id 6667",
    )
    machine.write("/sys/module/amdgpu/version", "6.12.12")
    machine.write("/opt/rocm/.info/version", "6.4.1-83")
    machine.write("/dev/kfd", "")
    snapshot = machine.look("0000:03:00.0")
    (card,) = snapshot.accelerators
    assert (card.name, card.architecture, card.compute_units) == ("AMD Radeon RX 7900 XTX", "gfx1100", 96)
    assert (card.memory_bytes, card.memory_free_bytes, card.integrated) == (25753026560, 25752026560, False)
    assert card.uuid == "GPU-0000000000001a0b"
    amd = snapshot.amd
    assert (amd.driver_version, amd.state, amd.rocm_version) == ("6.12.12", "ok", "6.4.1")


def test_graphics_in_a_processor_are_told_by_their_neighbour(machine: Machine):
    machine.device("0000:c1:00.0", mem_info_vram_total="536870912", mem_info_gtt_total="16441004032")
    machine.device("0000:c1:00.2", vendor="0x1022")
    (card,) = machine.look("0000:c1:00.0").accelerators
    assert (card.integrated, card.unified_memory, card.shared_memory_bytes) == (True, True, 16441004032)


def test_of_a_card_whose_kind_nothing_tells_none_is_claimed(machine: Machine):
    machine.device("0000:03:00.0", mem_info_vram_total="8573157376")
    (card,) = machine.look("0000:03:00.0").accelerators
    assert not isinstance(card.integrated, bool)


def test_the_kernels_own_driver_has_the_kernels_version(machine: Machine):
    machine.device("0000:03:00.0", uevent="DRIVER=amdgpu")
    machine.write("/sys/module/amdgpu/initstate", "live")
    machine.write("/proc/sys/kernel/osrelease", "6.8.0-79-generic")
    amd = machine.look("0000:03:00.0").amd
    assert (amd.driver_version, amd.state) == ("6.8.0-79-generic", "no-kfd")


def test_a_card_without_the_driver(machine: Machine):
    machine.device("0000:03:00.0", uevent="PCI_ID=1002:744C")
    machine.write("/sys/module/loop/initstate", "live")
    amd = machine.look("0000:03:00.0", driver=None).amd
    assert (amd.driver_version, amd.state) == (None, "driver-not-loaded")


def test_of_several_installations_the_linked_one_tells_the_version(machine: Machine):
    machine.device("0000:03:00.0", uevent="DRIVER=amdgpu")
    machine.write("/opt/rocm-6.2.4/.info/version", "6.2.4-139")
    machine.write("/opt/rocm-6.4.1/.info/version", "6.4.1-83")
    assert machine.look("0000:03:00.0").amd.rocm_version == "6.4.1"


@pytest.mark.parametrize("text", ["", "N/A", "-1", "1e9", "9" * 4000, "\x00\x01"])
def test_a_file_that_holds_no_size_is_no_size(machine: Machine, text: str):
    machine.device("0000:03:00.0", mem_info_vram_total=text, mem_info_gtt_total="0")
    (card,) = machine.look("0000:03:00.0").accelerators
    assert not isinstance(card.memory_bytes, int)
    assert not isinstance(card.shared_memory_bytes, int)


def test_without_a_card_nothing_is_read(machine: Machine, channel: Any):
    machine.probe.report_amd(channel, [], str(machine.root))
    assert not channel.facts
