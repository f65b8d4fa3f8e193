"""What NVIDIA's kernel module tells of a card."""

from envcheck.parsers.nvidia.nvidia_gpu_information import parse_gpu_information

H100 = """Model:           NVIDIA H100 80GB HBM3
IRQ:             10
GPU UUID:        GPU-9221d5d1-b60b-a624-bf14-0a1819cfda3b
Video BIOS:      96.00.99.00.01
Bus Type:        PCIe
DMA Size:        52 bits
DMA Mask:        0xfffffffffffff
Bus Location:    0000:62:00.0
Device Minor:    5
GPU Firmware:    535.129.03
GPU Excluded:    No
"""


def test_a_card_that_works() -> None:
    card = parse_gpu_information(H100)
    assert (card.name, card.uuid) == ("NVIDIA H100 80GB HBM3", "GPU-9221d5d1-b60b-a624-bf14-0a1819cfda3b")
    assert (card.address, card.minor, card.excluded) == ("0000:62:00.0", 5, False)


def test_a_card_that_was_never_started_has_question_marks() -> None:
    card = parse_gpu_information("Model: \t\t Unknown\nGPU UUID: \t GPU-????????-????-????-????-????????????\nDevice Minor: \t 0\n")
    assert (card.name, card.uuid, card.minor) == (None, None, 0)


def test_older_drivers_word_for_excluded() -> None:
    assert parse_gpu_information("Blacklisted:\t Yes\n").excluded
    assert parse_gpu_information("GPU Excluded:\t Yes\n").excluded


def test_nothing_of_it_is_needed() -> None:
    card = parse_gpu_information("\0\nDevice Minor: ninety\n::\n")
    assert (card.name, card.uuid, card.address, card.minor, card.excluded) == (None, None, None, None, False)
