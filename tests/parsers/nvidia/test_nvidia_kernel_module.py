import pytest

from envcheck.parsers.nvidia.nvidia_kernel_module import parse_nvidia_module_version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.182.03  Fri Feb 24 03:29:56 UTC 2023", ("470.182.03", False)),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  565.77  Release Build  (nixbld@)", ("565.77", True)),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  540.4.0  Release Build\nGCC version: 11.4.0", ("540.4.0", True)),
        ("[    7.1] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.90.07  Fri May 31 09:35:42 UTC 2024", ("550.90.07", False)),
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  rel_branch", (None, False)),
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Mod", (None, None)),
        ("GCC version:  gcc version 13.3.0 (GCC)", (None, None)),
        ("", (None, None)),
        ("\x00NVIDIA" * 100_000, (None, None)),
    ],
)
def test_version_and_kind(text: str, expected: tuple[str | None, bool | None]) -> None:
    assert parse_nvidia_module_version(text) == expected
