"""The quick look at accelerators on machines made of files: the PCI bus, makers, TPUs, and what it costs where there is nothing."""

import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.probes.conftest import Told
from tests.probes.fake_machine import CONTROLLER_3D, DISPLAY, MIB, NAMES, PROCESSING, VGA, FakeMachine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux shows")
CARD = "0000:01:00.0"


def opened_files(action: Callable[[], Any]) -> list[str]:
    """The files that are opened meanwhile; a hook stays for the life of a process, so that it only listens while it is asked to."""
    names: list[str] = []
    listening = [True]

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if listening[0] and event == "open":
            names.append(str(arguments[0]))

    sys.addaudithook(hear)
    action()
    listening[0] = False
    return [name for name in names if "__pycache__" not in name and not name.endswith(".py")]


def test_a_server_with_hundreds_of_devices_and_no_card_has_none_and_costs_few_files(
    look: Callable[..., Told], machine: FakeMachine
) -> None:
    machine.server_without_cards(300)
    look()
    told: list[Told] = []
    names = opened_files(lambda: told.append(look()))
    assert told[0].cards == {}
    assert told[0].observed == {"accelerators": "complete", "modules": "complete", "devices": "complete"}
    assert not [path for path in told[0].channel.facts if path.startswith(("nvidia", "amd", "intel"))]
    assert len(names) <= 10, names


@pytest.mark.parametrize("devices", [20, 300])
def test_without_the_kernels_list_a_server_still_costs_few_files(look: Callable[..., Told], machine: FakeMachine, devices: int) -> None:
    machine.server_without_cards(devices)
    machine.pci("0000:e0:00.0", "10de:2330", CONTROLLER_3D)
    (machine.root / "proc/bus/pci/devices").unlink()
    told: list[Told] = []
    names = opened_files(lambda: told.append(look()))
    assert len(names) <= 60, len(names)
    if devices == 20:
        assert list(told[0].cards) == ["0000:e0:00.0"]
        assert told[0].observed["accelerators"] == "complete"
    else:  # a hundred devices with large ranges, each of which may be a card: not all were looked at
        assert told[0].observed["accelerators"] == "partial"


def test_this_machine_is_looked_at_with_few_files(probe: Callable[[str], types.ModuleType], channel: Any) -> None:
    probe("accelerators").collect(channel)
    names = opened_files(lambda: probe("accelerators").collect(channel))
    if not any(path.startswith("accelerators") for path in channel.facts):
        assert len(names) <= 60, names


def test_a_kernel_without_that_bus_has_no_card_on_it(look: Callable[..., Told], machine: FakeMachine) -> None:
    for name in ("proc/bus/pci/devices", "sys/bus/pci/devices", "sys/bus/pci"):
        path = machine.root / name
        path.rmdir() if path.is_dir() else path.unlink()
    assert look().observed["accelerators"] == "complete"


@pytest.mark.parametrize(
    ("pci_id", "kind", "driver", "wanted"),
    [
        ("1da3:1020", PROCESSING, "habanalabs", {"vendor": "Habana Labs Ltd.", "state": "ok"}),
        ("1e52:401e", PROCESSING, None, {"vendor": "Tenstorrent Inc", "state": "no-driver"}),
        ("1d0f:7264", "088000", "neuron", {"vendor": "Amazon.com, Inc.", "state": "ok"}),
        ("19e5:d802", PROCESSING, "devdrv_device_driver", {"vendor": "Huawei Technologies Co., Ltd.", "state": "ok"}),
        ("1e60:2864", "0b4000", "hailo", {"vendor": "Hailo Technologies Ltd.", "state": "ok"}),
        ("1ed5:0201", VGA, "mtgpu", {"vendor": "Moore Threads Technology Co.,Ltd", "state": "ok"}),
        ("1eff:0001", PROCESSING, None, {"vendor": "PCI vendor 1eff", "state": "no-driver"}),
        ("8086:7d1d", PROCESSING, "intel_vpu", {"vendor": "intel"}),
    ],
)
def test_accelerators_of_others_are_named(
    look: Callable[..., Told], machine: FakeMachine, pci_id: str, kind: str, driver: str | None, wanted: dict[str, str]
) -> None:
    machine.pci("0000:65:00.0", pci_id, kind, driver=driver, largest=64 * MIB)
    card = look().cards["0000:65:00.0"]
    assert {key: card.get(key) for key in ("vendor", "state") if key in wanted} == wanted
    assert "backend" not in card
    assert card["driver"] == driver


@pytest.mark.parametrize("pci_id", ["1234:1111", "15ad:0405", "1af4:1050", "1013:00b8", "1414:5353", "1a03:2000", "102b:0538", "1002:515e"])
def test_displays_that_compute_nothing_are_none(look: Callable[..., Told], machine: FakeMachine, pci_id: str) -> None:
    machine.pci("0000:00:02.0", pci_id, VGA, driver="some_drm", largest=32 * MIB)
    told = look()
    assert told.cards == {}
    assert told.observed["accelerators"] == "complete"


def test_intels_graphics_in_the_processor_beside_its_card(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.names_list(NAMES, "usr/share/hwdata")
    machine.pci("0000:00:02.0", "8086:4680", VGA, driver="i915")
    machine.pci("0000:03:00.0", "8086:56a0", VGA, driver="xe")
    told = look()
    assert (told.cards["0000:00:02.0"]["integrated"], told.cards["0000:03:00.0"]["integrated"]) == (True, False)
    assert told.cards["0000:03:00.0"]["backend"] == "xpu"
    assert told.channel.lists["accelerators[0000:03:00.0].name"] == "Arc A770"
    assert [card["pci_address"] for card in told["called[cards.intel_files]"]] == ["0000:00:02.0", "0000:03:00.0"]


def test_amds_cards_are_handed_on(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.names_list(NAMES)
    machine.pci("0000:03:00.0", "1002:744c", VGA, driver="amdgpu")
    machine.pci("0000:05:00.0", "1002:74a1", PROCESSING, driver="amdgpu", largest=2**38)
    machine.pci("0000:07:00.0", "1002:150e", DISPLAY, driver="radeon")
    told = look()
    assert [(card["pci_address"], card["backend"], card.get("state")) for card in told["called[cards.amd_files]"]] == [
        ("0000:03:00.0", "rocm", None),
        ("0000:05:00.0", "rocm", None),
        ("0000:07:00.0", "rocm", "other-driver"),
    ]
    assert told.channel.sources["called[cards.amd_files]"] == str(machine.root)


def test_a_container_without_kfd_hides_amds_cards(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci("0000:03:00.0", "1002:744c", VGA, driver="amdgpu")
    machine.docker()
    assert look().cards["0000:03:00.0"]["state"] == "hidden"
    machine.node("kfd")
    assert "state" not in look().cards["0000:03:00.0"]


def test_cards_of_one_place_in_several_domains(look: Callable[..., Told], machine: FakeMachine) -> None:
    """As virtual machines of Azure have them, beside a host bridge at the same place."""
    machine.pci("0000:00:00.0", "8086:7192", "060000", largest=4096)
    for domain in ("0001", "0002", "10000"):
        machine.pci(f"{domain}:00:00.0", "10de:102d", CONTROLLER_3D, driver="nvidia", largest=2**34)
    assert sorted(look().cards) == ["0001:00:00.0", "0002:00:00.0", "10000:00:00.0"]


def test_a_part_that_is_lent_to_virtual_machines_is_no_card_of_the_host(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:20b5", CONTROLLER_3D, driver="nvidia")
    (machine.pci("0000:01:00.4", "10de:20b5", CONTROLLER_3D, driver="nvidia") / "physfn").symlink_to("../0000:01:00.0")
    assert list(look().cards) == [CARD]


def test_without_sys_the_kernels_list_names_the_cards(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci("0000:3b:00.0", "10de:2204", driver="nvidia")
    (machine.root / "sys").rename(machine.root / "hidden")
    told = look()
    assert told.cards["3b:00.0"]["vendor"] == "nvidia"
    assert told.observed["accelerators"] == "partial"


def test_chips_of_a_tpu_vm(look: Callable[..., Told], machine: FakeMachine) -> None:
    for number in range(4):
        machine.pci(f"0000:00:0{number + 4}.0", "1ae0:0063", "ff0000", driver="vfio-pci", largest=2**34)
        machine.node(f"vfio/{number}")
    machine.pci("0000:00:03.0", "1ae0:0042", "020000", driver="gvnic", largest=4096)
    told = look({"TPU_ACCELERATOR_TYPE": "v5litepod-4"})
    assert len(told.cards) == 4
    chip = told.cards["0000:00:04.0"]
    assert (chip["vendor"], chip["backend"], chip["state"]) == ("google", "tpu", "ok")
    assert told.channel.lists["accelerators[0000:00:04.0].name"] == "TPU v5e"
    for node in machine.root.glob("dev/vfio/*"):
        node.unlink()
    assert {card["state"] for card in look().cards.values()} == {"hidden"}
    assert "/dev/vfio/3" in told.devices


def test_an_older_tpu_vm_and_what_its_environment_says(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.node("accel0", "accel1")
    told = look({"ACCELERATOR_TYPE": "v3-8"})
    assert told.cards["google:1"] == {"vendor": "google", "backend": "tpu", "name": "TPU v3-8", "state": "ok"}


def test_a_container_of_a_tpu_vm_without_its_nodes(look: Callable[..., Told]) -> None:
    card = look({"TPU_ACCELERATOR_TYPE": "v4-8"}).cards["google:0"]
    assert (card["name"], card["state"], card["visible"]) == ("TPU v4-8", "hidden", False)


def test_a_tpu_that_is_reached_by_network(look: Callable[..., Told]) -> None:
    assert look({"COLAB_TPU_ADDR": "10.0.0.2:8470"}).cards == {"google:0": {"vendor": "google", "backend": "tpu"}}


def test_garbage_in_every_file_breaks_nothing(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia()
    garbage = b"\0\xff:\x1b[31m=" * 400 + b"\n" + b"9" * 400 + b"\n"
    for path in [path for path in machine.root.rglob("*") if path.is_file() and not path.is_symlink()]:
        if path.name not in ("devices", "resource0"):
            path.write_bytes(garbage)
    told = look()
    assert told.observed["devices"] == "complete"
    (machine.root / "proc/bus/pci/devices").write_bytes(garbage)
    assert look().observed["accelerators"] == "complete"


def test_recorded_graphics_devices(probe: Callable[[str], types.ModuleType], tmp_path: Path) -> None:
    recordings = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "sysfs-drm"
    found = sorted(recordings.glob("*/card*/device/uevent"))
    if not found:
        pytest.skip("the recordings are not here")
    bus = probe("cards.pci_bus")
    for uevent in found:
        machine = FakeMachine(tmp_path / uevent.parents[2].name)
        fields = dict(line.partition("=")[::2] for line in uevent.read_text().splitlines())
        address = fields["PCI_SLOT_NAME"]
        machine.write(f"sys/bus/pci/devices/{address}/uevent", uevent.read_bytes())
        (device,) = bus.read_bus(str(machine.root)).devices
        assert (device.address, device.driver, device.pci_id) == (address, fields["DRIVER"], fields["PCI_ID"].lower())
        vendor = {"amd": "amd", "intel": "intel", "nvidia": "nvidia"}[uevent.parents[2].name.partition("-")[0]]
        card, _, _ = probe("cards.pci_card").card_of(device, probe("cards.pci_card").NameList(str(machine.root)))
        assert card["vendor"] == vendor
        assert "state" not in card or fields["DRIVER"] == "radeon"
        if vendor == "intel":
            assert card["integrated"] is (address == "0000:00:02.0")


def test_the_look_starts_no_heavy_module(probe: Callable[[str], types.ModuleType]) -> None:
    """Each of these costs more than the whole look."""
    program = (
        "import sys, types\n"
        "package = types.ModuleType('envcheck_probes'); package.__path__ = [sys.argv[1]]; sys.modules['envcheck_probes'] = package\n"
        "class Channel:\n"
        "    def __getattr__(self, name): return lambda *a: a[1](self, *a[2:]) if name == 'section' else None\n"
        "before = set(sys.modules)\n"
        "import envcheck_probes.accelerators as look\n"
        "look.collect(Channel())\n"
        "print(*sorted({'subprocess', 'typing', 'dataclasses', 'pathlib', 'ctypes', 'socket', 'json'} & set(sys.modules) - before))"
    )
    folder = str(Path(probe("accelerators").__file__ or "").parent)
    here = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-S", "-c", program, folder], cwd=here, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")
