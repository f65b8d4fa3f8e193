from envcheck.parsers.nvidia.nvidia_module_files import parse_nvidia_module_files


def test_dkms_names_the_kernels_that_have_a_module() -> None:
    found = parse_nvidia_module_files(
        [
            "nvidia/550.90.07, 6.8.0-45-generic, x86_64: installed",
            "nvidia/550.90.07, 6.8.0-40-generic, x86_64: installed (WARNING! Diff between built and installed module!)",
            "nvidia/550.90.07, 6.8.0-51-generic, x86_64: built",
            "nvidia-fs/2.17.5, 6.8.0-51-generic, x86_64: installed",
            "vboxhost/7.0, 6.8.0-51-generic, x86_64: installed",
        ]
    )
    assert found.kernels == ["6.8.0-45-generic", "6.8.0-40-generic"]
    assert found.version == "550.90.07"


def test_the_spelling_before_dkms_3() -> None:
    assert parse_nvidia_module_files(["nvidia, 470.82.01, 5.4.0-91-generic, x86_64: installed"]).kernels == ["5.4.0-91-generic"]


def test_a_module_that_was_only_added_is_there_for_no_kernel() -> None:
    found = parse_nvidia_module_files(["nvidia-current/525.147.05: added"])
    assert (found.kernels, found.version, len(found.lines)) == ([], "525.147.05", 1)


def test_modinfo() -> None:
    found = parse_nvidia_module_files(
        [
            "filename:       /lib/modules/6.8.0-45-generic/updates/dkms/nvidia.ko.zst",
            "alias:          char-major-195-*",
            "version:        550.90.07",
            "license:        Dual MIT/GPL",
            "",
            "version:        1.2.3",
        ]
    )
    assert (found.kernels, found.version, found.is_open) == (["6.8.0-45-generic"], "550.90.07", True)
    assert found.lines == [0, 1, 2, 3]


def test_other_modules_say_nothing() -> None:
    lines = ["filename:       /lib/modules/6.8.0-45-generic/kernel/drivers/net/e1000.ko", "version:        7.3.21", "license:        GPL"]
    assert not parse_nvidia_module_files(lines).lines
