from envcheck.parsers.cpu.arm_parts import arm_model, arm_vendor


def test_known_cores_have_their_names() -> None:
    assert arm_model([(0x41, 0xD0C)]) == "Neoverse-N1"
    assert arm_vendor(0xC0) == "Ampere"


def test_a_chip_with_two_sorts_of_cores_is_called_by_both() -> None:
    assert arm_model([(0x41, 0xD87), (0x41, 0xD85)]) == "Cortex-A725 + Cortex-X925"


def test_a_core_without_a_name_is_called_by_its_numbers() -> None:
    assert arm_model([(0x41, 0xFFF)]) == "ARM part 0xfff"
    assert arm_model([(0x99, 0x001)]) == "0x99 part 0x001"
    assert arm_vendor(0x99) is None
    assert arm_model([]) is None


def test_processors_of_machines_that_run_linux() -> None:
    assert arm_model([(0x61, 0x024), (0x61, 0x025)]) == "Icestorm-M1-Pro + Firestorm-M1-Pro"
    assert [arm_model([part]) for part in ((0x6D, 0xD49), (0x70, 0x663), (0x41, 0xC07))] == ["Azure-Cobalt-100", "FTC663", "Cortex-A7"]
