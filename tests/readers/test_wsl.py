"""Which version of the Windows Subsystem for Linux a text comes from."""

import pytest

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com)", 1),
        ("could not open moddep file '/lib/modules/4.4.0-18362-Microsoft/modules.dep.bin'", 1),
        ("could not open moddep file '/lib/modules/3.4.0+/modules.dep.bin'", 1),
        ("Microsoft Windows [Version 10.0.17763.292]\nUbuntu app WSL:", 1),
        ("Windows 10 1803 (OS Build 17134.765), Windows Subsystem for Linux", 1),
        ("[    0.029344]  Microsoft 4.4.0-18362.1-Microsoft 4.4.35", 1),
        ("rootfs on / type wslfs (rw,noatime)", 1),
        ("C: on /mnt/c type drvfs (rw,noatime,uid=1000)", 1),
        ("Windows 10 and Ubuntu\npcilib: Cannot open /proc/bus/pci", 1),
        ("- [X] WSL 2\n- [ ] WSL 1", 2),
        ("wsl2, Ubuntu 22.04", 2),
        ("### Are you using WSL 1 or WSL 2?\n- [ ] WSL 2\n- [X] WSL 1", 1),
        ("5.15.167.4-microsoft-standard-WSL2", 2),
    ],
)
def test_the_version_is_told(text: str, version: int) -> None:
    assert read_text(text).system.wsl == version


@pytest.mark.parametrize(
    "text",
    [
        "Are you using WSL 1 or WSL 2?",
        "Microsoft Windows [Version 10.0.19045.2965]\nUbuntu app WSL:",
        "Microsoft Windows [Version 10.0.17763.292]\nyou should try WSL",
    ],
)
def test_questions_and_newer_windows_tell_none(text: str) -> None:
    assert not isinstance(read_text(text).system.wsl, int)


def test_windows_below_is_not_the_system_that_is_judged() -> None:
    text = "Microsoft Windows [Version 10.0.22000.778]\n- [X] WSL 2\nOSError: libcuda.so: cannot open shared object file: No such file\n"
    assert read_text(text).system.os != "Windows"
    assert read_text("Microsoft Windows [Version 10.0.22000.778]\nC:\\Users\\me> nvidia-smi\n").system.os == "Windows"


@pytest.mark.parametrize("around", ["Ubuntu 20.04 in LXC", "Windows 11, WSL2"])
def test_a_missing_bus_alone_is_no_first_version(around: str) -> None:
    assert read_text(f"{around}\npcilib: Cannot open /proc/bus/pci").system.wsl != 1
