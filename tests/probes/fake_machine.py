"""A machine made of files: what Linux shows in /proc, /sys, /dev and on disk of a machine with these devices.

`FakeMachine(folder)` begins with a kernel, a bus and a /dev without any accelerator; each method adds one thing, the way the kernel,
NVIDIA's module or a package manager writes it. Probes read it through `root=folder`; for whole runs, `run_on` lays it over the real
folders of a process that has mounts of its own (Linux, as root).
"""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

MIB = 2**20
KERNEL = "6.8.0-45-generic"
# By what each maker's device of that kind has as its class.
VGA, CONTROLLER_3D, DISPLAY, PROCESSING, BRIDGE, NETWORK, AUDIO = "030000", "030200", "038000", "120000", "068000", "020000", "040300"

# A short list of names, as /usr/share/misc/pci.ids is a long one.
NAMES = (
    "# a list\n1002  Advanced Micro Devices, Inc. [AMD/ATI]\n\t744c  Navi 31 [Radeon RX 7900 XT/7900 XTX]\n\t\t1002 0e3b  a board\n"
    "10de  NVIDIA Corporation\n\t2204  GA102 [GeForce RTX 3090]\n\t2230  GA102GL [RTX A6000]\n1da3  Habana Labs Ltd.\n"
    "\t1020  Gaudi2 AI Training Accelerator\n8086  Intel Corporation\n\t4680  AlderLake-S GT1\n\t56a0  DG2 [Arc A770]\nC 03  Display\n"
)


class FakeMachine:
    """The files below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.folder("sys/bus/pci/devices")
        self.folder("sys/bus/platform")
        self.write("proc/version", f"Linux version {KERNEL} (buildd@lcy02) (gcc 13) #45-Ubuntu SMP\n")
        self.write("proc/bus/pci/devices", "")
        self.write("proc/modules", "ext4 1048576 1 - Live 0x0000000000000000\n")
        self.write("etc/group", "root:x:0:\nvideo:x:44:\nrender:x:992:\n")
        self.node("null")

    def folder(self, name: str) -> Path:
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def pci(self, address: str, pci_id: str, kind: str = VGA, *, driver: str | None = None, largest: int = 256 * MIB) -> Path:
        """A device of the bus, in the kernel's list and below /sys, with the link to its driver."""
        vendor, device = pci_id.split(":")
        _, bus, rest = address.split(":")
        slot, function = rest.split(".")
        number = int(bus, 16) << 8 | int(slot, 16) << 3 | int(function)
        sizes = [largest, 0, 0, 0, 0, 0, 0]
        ranges = [0xE000000C, 0, 0, 0, 0, 0, 0]
        line = f"{number:04x}\t{vendor}{device}\t10" + "".join(f"\t{value:16x}" for value in (*ranges, *sizes)) + f"\t{driver or ''}\n"
        listing = self.root / "proc/bus/pci/devices"
        listing.write_text(listing.read_text() + line)
        place = self.folder(f"sys/bus/pci/devices/{address}")
        driven = f"DRIVER={driver}\n" if driver else ""
        uevent = f"{driven}PCI_CLASS={int(kind, 16):X}\nPCI_ID={pci_id.upper()}\nPCI_SLOT_NAME={address}\n"
        for name, text in {
            "uevent": uevent,
            "class": f"0x{kind}\n",
            "vendor": f"0x{vendor}\n",
            "device": f"0x{device}\n",
            "resource": "",
        }.items():
            (place / name).write_text(text)
        with (place / "resource0").open("wb") as file:
            file.truncate(largest)
        if driver is not None:
            (place / "driver").symlink_to(f"../../../bus/pci/drivers/{driver}")
        return place

    def modules(self, *names: str) -> None:
        """Loaded kernel modules."""
        listing = self.root / "proc/modules"
        listing.write_text(listing.read_text() + "".join(f"{name} 4096 0 - Live 0x0000000000000000 (OE)\n" for name in names))
        for name in names:
            self.folder(f"sys/module/{name}")

    def nvidia_module(self, version: str = "580.95.05", *, is_open: bool = True) -> None:
        """NVIDIA's kernel module, running."""
        kind = (
            f"Open Kernel Module for x86_64  {version}  Release Build"
            if is_open
            else f"x86_64 Kernel Module  {version}  Fri Feb 24 03:29:56 UTC"
        )
        self.write("proc/driver/nvidia/version", f"NVRM version: NVIDIA UNIX {kind}\nGCC version:  gcc version 13.3.0\n")
        self.folder("proc/driver/nvidia/gpus")
        self.modules("nvidia", "nvidia_uvm")
        self.write("sys/module/nvidia/version", f"{version}\n")

    def nvidia_card(self, address: str = "0000:01:00.0", minor: int = 0, *, name: str = "NVIDIA GeForce RTX 3090", **more: str) -> None:
        """What NVIDIA's module tells of a card that it has taken, and the card's node."""
        fields = {
            "Model": name,
            "IRQ": "132",
            "GPU UUID": f"GPU-4cf8db2d-06c0-7d70-1a51-e59b25b2c1{minor:02x}",
            "Bus Location": address,
            "Device Minor": str(minor),
            "GPU Excluded": "No",
        } | {key.replace("_", " "): value for key, value in more.items()}
        self.write(f"proc/driver/nvidia/gpus/{address}/information", "".join(f"{key}: \t {value}\n" for key, value in fields.items()))
        self.node(f"nvidia{minor}", "nvidiactl", "nvidia-uvm")

    def working_nvidia(self, cards: int = 1, pci_id: str = "10de:2204", version: str = "580.95.05") -> None:
        """A machine on which all is well."""
        self.nvidia_module(version)
        for number in range(cards):
            address = f"0000:{number + 1:02x}:00.0"
            self.pci(address, pci_id, driver="nvidia")
            self.nvidia_card(address, number)
        self.library("libnvidia-ml.so.1", version)
        self.library("libcuda.so.1", version)

    def node(self, *names: str, mode: int = 0o666) -> None:
        """Character devices; where the tests may not make any, they are skipped."""
        for name in names:
            path = self.root / "dev" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                continue
            try:
                # The numbers of /dev/null, so that nothing is reached by whoever opens it.
                os.mknod(path, 0o020000 | mode, os.makedev(1, 3))
            except PermissionError:
                if name == "null":
                    path.write_text("")
                    continue
                pytest.skip("only root can make device nodes")
            path.chmod(mode)

    def library(self, name: str, version: str | None, folder: str = "/usr/lib/x86_64-linux-gnu", *, bits: int = 64) -> None:
        """A library of the driver: the file of its version and the link by which it is found."""
        data = b"\x7fELF" + (b"\2" if bits == 64 else b"\1") + b"\1\1" + bytes(57)
        if version is None:
            self.write(f"{folder}/{name}".lstrip("/"), data)
            return
        file = name[:-1] + version
        self.write(f"{folder}/{file}".lstrip("/"), data)
        (self.root / folder.lstrip("/") / name).symlink_to(file)

    def loader_cache(self, *paths: str) -> None:
        """ld.so.cache: entries by number, then their words, each with a NUL behind it."""
        words = b"".join(name.encode() + b"\0" for path in paths for name in (os.path.basename(path), path))
        self.write("etc/ld.so.cache", b"glibc-ld.so.cache1.1" + struct.pack("<II", len(paths), len(words)) + bytes(20) + b"\0" + words)

    def names_list(self, text: str, folder: str = "usr/share/misc") -> None:
        """The system's list of PCI names."""
        self.write(f"{folder}/pci.ids", text)

    def dpkg(self, packages: dict[str, tuple[str, str]]) -> None:
        """dpkg's list: version and last word of the status by name, among packages that have nothing to do with it."""
        entries = {"bash": ("5.2.21-2ubuntu4", "installed")} | packages
        blocks = [
            f"Package: {name}\nStatus: install ok {state}\nArchitecture: amd64\nVersion: {version}\nDescription: x\n more\n\n"
            for name, (version, state) in entries.items()
        ]
        self.write("var/lib/dpkg/status", "".join(blocks))

    def secure_boot(self, *, on: bool) -> None:
        """The firmware's variable: four bytes of attributes, then its value."""
        name = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
        self.write(f"sys/firmware/efi/efivars/{name}", b"\x06\0\0\0" + (b"\1" if on else b"\0"))

    def docker(self) -> None:
        """The mark that Docker leaves, and a file system in layers."""
        self.write(".dockerenv", "")
        self.write("proc/self/mountinfo", "1000 900 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b,upperdir=/c,workdir=/d\n")

    def server_without_cards(self, devices: int = 300) -> None:
        """Processors' own devices, network cards with large ranges and their virtual functions, and a management chip's display."""
        self.pci("0000:03:00.0", "1a03:2000", VGA, driver="ast", largest=64 * MIB)
        for number in range(1, devices):
            address = f"0000:{0x10 + number // 32:02x}:{number % 32:02x}.0"
            if number % 3:
                self.pci(address, f"8086:{0x3400 + number % 90:04x}", "088000", largest=4096)
            else:
                self.pci(address, "15b3:101e", NETWORK, driver="mlx5_core", largest=32 * MIB)


# Folders that are shown in place of the real ones, where those are there: the kernel lets nobody add a name to its own.
_REPLACED = ("proc/bus/pci/devices", "proc/modules", "proc/driver", "sys/bus/pci/devices", "sys/module", "sys/firmware")
# Folders to which what the machine has is added.
_ADDED = ("usr", "etc", "var")
_NODES = ("null", "zero", "full", "random", "urandom", "tty", "shm", "pts", "ptmx", "fd", "stdin", "stdout", "stderr", "mqueue")


def run_on(machine: FakeMachine, command: Sequence[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a program on a machine whose folders are laid over the real ones, in mounts that only this program and its children have.

    Nothing in envcheck can be told to look elsewhere, so that this is how a whole run sees another machine. Skips the test where mounts
    are not to be had, or where this kernel has no place for one of the files. A container is made by its variable: `container=docker`.
    """
    unshare = shutil.which("unshare")
    if sys.platform != "linux" or os.geteuid() != 0 or unshare is None:
        pytest.skip("needs mounts of its own: Linux, root, unshare")
    for name in _REPLACED:
        may_be_missing = name in ("proc/modules", "proc/driver", "sys/firmware")
        if (machine.root / name).exists() and not may_be_missing and not Path("/", name).exists():
            pytest.skip(f"this kernel has no /{name} to lay another over")
    arguments = ["sh", str(machine.root), *command]
    done = subprocess.run(
        [unshare, "-m", "sh", "-c", _LAY_OVER, *arguments],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode == _NO_MOUNTS:
        pytest.skip(f"no mounts of its own here: {done.stderr.strip()}")
    return done


_NO_MOUNTS = 119
_LAY_OVER = f"""
root=$1; shift
lay() {{
  mount --make-rprivate / || return 1
  for name in {" ".join(_REPLACED)}; do
    if [ -e "$root/$name" ] && [ -e "/$name" ]; then mount --bind "$root/$name" "/$name" || return 1; fi
  done
  for name in {" ".join(_ADDED)}; do
    if [ -e "$root/$name" ]; then mount -t overlay overlay -o "lowerdir=$root/$name:/$name" "/$name" || return 1; fi
  done
  for name in {" ".join(_NODES)}; do
    if [ ! -e "$root/dev/$name" ] && [ -e "/dev/$name" ]; then
      if [ -L "/dev/$name" ]; then cp -P "/dev/$name" "$root/dev/$name"
      elif [ -d "/dev/$name" ]; then mkdir "$root/dev/$name" && mount --rbind "/dev/$name" "$root/dev/$name"
      else cp -a "/dev/$name" "$root/dev/$name"; fi || return 1
    fi
  done
  mount --rbind "$root/dev" /dev
}}
lay || exit {_NO_MOUNTS}
exec "$@"
"""
