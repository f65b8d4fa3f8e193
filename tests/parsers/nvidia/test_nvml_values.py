"""NVML's numbers in the words of the facts."""

import pytest

from envcheck.parsers.nvidia import nvml_values


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("12.580.95.05", "580.95.05"),
        ("13.590.48.01", "590.48.01"),
        ("10.430.26", "430.26"),
        ("580.173", "580.173"),
        ("580.95.05", "580.95.05"),
        ("12.4", "12.4"),
        ("", None),
        ("unknown", None),
        ("1.2.3.4.5", None),
    ],
)
def test_library_version(text: str, version: str | None) -> None:
    assert nvml_values.library_version(text) == version


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("NVIDIA H100 80GB HBM3 MIG 3g.40gb", "3g.40gb"),
        ("MIG 1c.3g.71gb", "1c.3g.71gb"),
        ("NVIDIA A100-SXM4-40GB MIG 1g.5gb+me", "1g.5gb+me"),
        ("NVIDIA A100-SXM4-40GB", None),
        ("MIG", None),
    ],
)
def test_mig_profile(name: str, profile: str | None) -> None:
    assert nvml_values.mig_profile(name) == profile


def test_clock_reasons() -> None:
    assert nvml_values.clock_reasons(0) == []
    assert nvml_values.clock_reasons(0x1) == ["idle"]
    assert nvml_values.clock_reasons(0x4 | 0x40) == ["power-cap", "hw-thermal"]
    assert nvml_values.clock_reasons(1 << 20) == ["bit-20"]


def test_what_is_not_known_here_has_no_word() -> None:
    words = (nvml_values.architecture, nvml_values.compute_mode, nvml_values.driver_model, nvml_values.virtualization, nvml_values.fabric)
    assert [word(0xFFFFFFFF) for word in words] == [None] * 5
    assert nvml_values.switched(2) is None


def test_windows_without_a_display_is_tcc() -> None:
    assert [nvml_values.driver_model(number) for number in (0, 1, 2)] == ["wddm", "tcc", "mcdm"]


def test_pci_id() -> None:
    assert nvml_values.pci_id(0x233010DE) == "10de:2330"
    assert nvml_values.pci_id(0) is None


def test_the_words_of_compute_modes_are_those_of_nvidia_smi() -> None:
    words = [nvml_values.compute_mode(number) for number in range(4)]
    assert words == ["default", "exclusive-thread", "prohibited", "exclusive-process"]
