"""The states of NVIDIA's cards and driver that files can show, on machines made of files."""

import sys
from collections.abc import Callable

import pytest

from tests.probes.conftest import Told
from tests.probes.fake_machine import BRIDGE, CONTROLLER_3D, KERNEL, MIB, NAMES, FakeMachine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux shows")
CARD = "0000:01:00.0"


def test_a_card_that_works_is_named_by_its_driver(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia(2)
    machine.names_list(NAMES)
    told = look()
    first = told.cards[CARD]
    assert (first["vendor"], first["backend"], first["driver"], first["pci_id"]) == ("nvidia", "cuda", "nvidia", "10de:2204")
    assert (first["name"], first["uuid"]) == ("NVIDIA GeForce RTX 3090", "GPU-4cf8db2d-06c0-7d70-1a51-e59b25b2c100")
    assert not {"state", "visible"} & set(first)
    assert told.channel.lists == {}
    assert (told["nvidia.kernel_module_version"], told["nvidia.driver_version"]) == ("580.95.05", "580.95.05")
    assert (told["nvidia.library_version"], told["nvidia.open_kernel_module"]) == ("580.95.05", True)
    assert told["nvidia.nvml_path"] == "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"
    assert told["nvidia.nvswitches"] == 0
    assert told["modules"] == ["nvidia", "nvidia_uvm"]
    assert told.devices["/dev/nvidia1"]["accessible"] is True
    assert not {"nvidia.state", "nvidia.package_version", "system.secure_boot", "nvidia.module_kernels"} & set(told.channel.facts)


def test_a_card_without_a_driver_is_still_a_card(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204")
    machine.pci("0000:01:00.1", "10de:1aef", "040300", driver="snd_hda_intel", largest=16384)
    machine.names_list(NAMES)
    told = look()
    assert list(told.cards) == [CARD]
    assert (told.cards[CARD]["driver"], told.cards[CARD]["state"]) == (None, "no-driver")
    assert told.channel.lists == {f"accelerators[{CARD}].name": "GeForce RTX 3090"}
    assert (told["nvidia.nvml_path"], told["nvidia.libcuda_path"], told["nvidia.kernel_module_version"]) == (None, None, None)
    assert "nvidia.state" not in told
    assert told.channel.unknowns["system.secure_boot"][0] == "unsupported"


@pytest.mark.parametrize("driver", ["nouveau", "vfio-pci"])
def test_a_card_that_another_driver_has_says_which(look: Callable[..., Told], machine: FakeMachine, driver: str) -> None:
    machine.pci(CARD, "10de:2204", driver=driver)
    machine.modules(driver.replace("-", "_"))
    machine.library("libnvidia-ml.so.1", "580.95.05")
    told = look()
    assert (told.cards[CARD]["driver"], told.cards[CARD]["state"]) == (driver, "other-driver")
    assert told["modules"] == [driver.replace("-", "_")]
    # The card that was lent to a virtual machine waits for nothing.
    assert ("nvidia.state" in told) is (driver == "nouveau")


def test_a_driver_that_is_installed_and_not_loaded_says_why(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204")
    machine.library("libnvidia-ml.so.1", "550.120")
    machine.write("lib/modules/6.8.0-44-generic/updates/dkms/nvidia.ko.zst", "")
    machine.write(f"lib/modules/{KERNEL}/kernel/fs/ext4.ko", "")
    machine.dpkg(
        {"nvidia-driver-550": ("550.120-0ubuntu0.24.04.1", "installed"), "nvidia-dkms-550": ("550.120-0ubuntu0.24.04.1", "half-configured")}
    )
    machine.secure_boot(on=True)
    told = look()
    assert told["nvidia.state"] == "driver-not-loaded"
    assert told["nvidia.module_kernels"] == ["6.8.0-44-generic"]
    assert told["nvidia.package_version"] == "550.120"
    assert told["nvidia.packages_unfinished"] == ["nvidia-dkms-550"]
    assert told["system.secure_boot"] is True
    assert told["nvidia.library_version"] == "550.120"


@pytest.mark.parametrize("others", [("kernel", "pci_hotplug"), ()])
def test_modules_by_their_folders_where_the_list_is_missing(
    look: Callable[..., Told], machine: FakeMachine, others: tuple[str, ...]
) -> None:
    machine.pci(CARD, "10de:2204")
    machine.library("libnvidia-ml.so.1", "550.120")
    machine.modules(*others)
    (machine.root / "proc/modules").unlink()
    told = look()
    # Without either, the module may be loaded and unseen.
    assert told.observed["modules"] == ("complete" if others else "none")
    assert ("nvidia.state" in told) is bool(others)


def test_a_machine_without_efi_has_no_secure_boot(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204")
    machine.folder("sys/firmware/acpi")
    assert look()["system.secure_boot"] is None


def test_firmware_with_secure_boot_off(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204")
    machine.secure_boot(on=False)
    assert look()["system.secure_boot"] is False


def test_libraries_of_another_version_than_the_module_bring_the_packages_into_it(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia(version="570.133.07")
    (machine.root / "usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1").unlink()
    machine.library("libnvidia-ml.so.1", "580.95.05")
    machine.dpkg({"libnvidia-compute-580": ("580.95.05-0ubuntu1", "installed")})
    told = look()
    assert (told["nvidia.kernel_module_version"], told["nvidia.library_version"]) == ("570.133.07", "580.95.05")
    assert told["nvidia.package_version"] == "580.95.05"
    assert told["nvidia.packages_unfinished"] == []
    assert "nvidia.state" not in told  # the driver itself says it, in words


def test_a_container_that_was_given_no_card_sees_those_of_the_machine(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204", driver="nvidia")
    machine.modules("nvidia")
    machine.docker()
    told = look({"NVIDIA_VISIBLE_DEVICES": "void"})
    assert (told.cards[CARD]["state"], told.cards[CARD]["visible"]) == ("hidden", False)
    assert told["system.container_gpus"] is None
    assert (told["nvidia.nvml_path"], told["nvidia.libcuda_path"]) == (None, None)


def test_a_machine_whose_nodes_are_not_made_yet_hides_nothing(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.pci(CARD, "10de:2204", driver="nvidia")
    machine.nvidia_module()
    assert "state" not in look().cards[CARD]


def test_a_container_that_was_given_one_of_several_cards(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia(3)
    for number in (0, 2):
        (machine.root / f"dev/nvidia{number}").unlink()
    machine.docker()
    told = look({"NVIDIA_VISIBLE_DEVICES": "1"})
    assert {address: card.get("state") for address, card in told.cards.items()} == {
        "0000:01:00.0": "hidden",
        "0000:02:00.0": None,
        "0000:03:00.0": "hidden",
    }
    assert told["system.container_gpus"] == "NVIDIA_VISIBLE_DEVICES=1"


def test_a_runtime_that_shows_the_modules_files_of_its_own_cards_alone(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.nvidia_module()
    for number in (1, 2):
        machine.pci(f"0000:0{number}:00.0", "10de:2204", driver="nvidia")
    machine.nvidia_card("0000:02:00.0", 1)
    machine.docker()
    cards = look().cards
    assert (cards[CARD]["state"], cards["0000:02:00.0"].get("state")) == ("hidden", None)


@pytest.mark.parametrize(
    ("value", "told"),
    [("all", "NVIDIA_VISIBLE_DEVICES=all"), ("0,GPU-1", "NVIDIA_VISIBLE_DEVICES=0,GPU-1"), ("void", None), ("", None), ("none", None)],
)
def test_what_a_container_was_to_be_given(look: Callable[..., Told], value: str, told: str | None) -> None:
    assert look({"NVIDIA_VISIBLE_DEVICES": value})["system.container_gpus"] == told


def test_void_beside_nodes_is_the_newer_way_to_bring_them(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia()
    machine.docker()
    assert "system.container_gpus" not in look({"NVIDIA_VISIBLE_DEVICES": "void"})


@pytest.mark.parametrize("contained", [True, False])
def test_nodes_that_the_mode_closes(look: Callable[..., Told], machine: FakeMachine, refuse: Callable[..., None], contained: bool) -> None:
    machine.working_nvidia()
    if contained:
        machine.docker()
    refuse({"nvidia0": "EACCES", "nvidiactl": "EACCES"})
    told = look()
    assert told.cards[CARD]["state"] == "denied"
    assert told["nvidia.state"] == "denied"
    assert told.devices["/dev/nvidia0"]["error"] == "EACCES"


def test_a_container_that_has_lost_its_devices(look: Callable[..., Told], machine: FakeMachine, refuse: Callable[..., None]) -> None:
    machine.working_nvidia()
    machine.docker()
    refuse({"nvidia0": "EPERM", "nvidiactl": "EPERM", "nvidia-uvm": "EPERM"})
    told = look()
    assert told["nvidia.state"] == "container-lost-devices"
    assert told.cards[CARD]["state"] == "denied"


def test_a_job_that_has_one_of_two_cards(look: Callable[..., Told], machine: FakeMachine, refuse: Callable[..., None]) -> None:
    machine.working_nvidia(2)
    refuse({"nvidia0": "EPERM"})
    told = look()
    assert (told.cards[CARD]["state"], told.cards[CARD]["visible"]) == ("hidden", False)
    assert "state" not in told.cards["0000:02:00.0"]
    assert "nvidia.state" not in told


def test_a_card_that_the_administrator_excluded(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia()
    machine.nvidia_card(GPU_Excluded="Yes", GPU_UUID="GPU-????????-????-????-????-????????????")
    card = look().cards[CARD]
    assert card["state"] == "hidden"
    assert "uuid" not in card


def test_nvswitches_and_their_manager(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia(8, "10de:2330")
    for number in range(4):
        machine.pci(f"0000:c{number}:00.0", "10de:22a3", BRIDGE, driver="nvidia-nvswitch", largest=32 * MIB)
    machine.write("usr/bin/nv-fabricmanager", "")
    machine.dpkg({"nvidia-fabricmanager-580": ("580.95.05-1", "installed")})
    told = look()
    assert len(told.cards) == 8
    assert (told["nvidia.nvswitches"], told["nvidia.fabric_manager"]) == (4, "stopped")
    assert told["nvidia.fabric_manager_version"] == "580.95.05"


def test_a_fabric_manager_that_runs_and_one_that_is_not_installed(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.working_nvidia(1, "10de:2330")
    machine.pci("0000:c0:00.0", "10de:22a3", BRIDGE, driver="nvidia-nvswitch", largest=32 * MIB)
    assert look()["nvidia.fabric_manager"] is None
    machine.write("proc/4242/comm", "nv-fabricmanage\n")
    assert look()["nvidia.fabric_manager"] == "running"


def test_a_jetson_has_its_gpu_on_no_bus(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.write("proc/device-tree/compatible", "nvidia,p3737-0000+p3701-0005\0nvidia,tegra234\0")
    machine.write("proc/device-tree/model", "NVIDIA Jetson AGX Orin Developer Kit\0")
    machine.write("etc/nv_tegra_release", "# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64\n")
    machine.modules("nvgpu", "nvidia")
    machine.library("libcuda.so.1", "1.1", "/usr/lib/aarch64-linux-gnu/nvidia")
    told = look()
    assert (told["nvidia.jetson"], told["nvidia.l4t_version"]) == ("NVIDIA Jetson AGX Orin Developer Kit", "36.4.3")
    assert told.cards["nvidia:0"] == {"vendor": "nvidia", "backend": "cuda", "integrated": True, "unified_memory": True, "driver": "nvgpu"}
    assert told["nvidia.libcuda_path"] == "/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1"
    assert told.observed["accelerators"] == "complete"


def test_another_arm_board_is_no_jetson(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.write("proc/device-tree/compatible", "raspberrypi,5-model-b\0brcm,bcm2712\0")
    told = look()
    assert told.cards == {}
    assert "nvidia.jetson" not in told


def test_wsl_shows_no_card_on_its_bus_and_that_is_not_all(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.write("proc/version", "Linux version 6.6.87.2-microsoft-standard-WSL2 (root@439a) #1 SMP\n")
    machine.pci("89c6:00:00.0", "1414:008e", CONTROLLER_3D, driver="dxgkrnl")
    machine.node("dxg")
    machine.library("libcuda.so.1", None, "/usr/lib/wsl/lib")
    told = look()
    assert told.cards == {}
    assert told.observed["accelerators"] == "partial"
    assert (told["nvidia.libcuda_path"], told["nvidia.nvml_path"]) == ("/usr/lib/wsl/lib/libcuda.so.1", None)
    assert "nvidia.library_version" not in told
    assert "nvidia.state" not in told
    assert told.devices["/dev/dxg"]["accessible"] is True


def test_wsl1_has_no_bus_at_all(look: Callable[..., Told], machine: FakeMachine) -> None:
    for name in ("proc/bus/pci/devices", "sys/bus/pci/devices", "sys/bus/pci", "sys/bus/platform", "sys/bus"):
        path = machine.root / name
        path.rmdir() if path.is_dir() else path.unlink()
    machine.write("proc/version", "Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) #1237-Microsoft\n")
    assert look().observed["accelerators"] == "none"
