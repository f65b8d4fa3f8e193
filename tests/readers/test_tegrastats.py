"""Lines of tegrastats in a pasted text, of boards that tell more and less."""

import pytest

from envcheck.readers.read import read_text

MIB = 2**20


@pytest.mark.parametrize(
    ("line", "temperature", "swap"),
    [
        ("RAM 1903/3964MB (lfb 2x1MB) SWAP 10/1982MB (cached 0MB) CPU [5%@102,off] GR3D_FREQ 99% GPU@30.5C", 30.5, 1982 * MIB),
        ("RAM 2850/7486MB (lfb 33x4MB) CPU [2%@729] EMC_FREQ 5%@665 GR3D_FREQ 0%@[305]", None, None),
    ],
)
def test_what_a_board_tells_and_no_more(line: str, temperature: float | None, swap: int | None) -> None:
    snapshot = read_text("$ sudo tegrastats\n" + line + "\n")
    (card,) = snapshot.accelerators
    assert (card.temperature_c or None, snapshot.memory.swap_bytes or None) == (temperature, swap)
    assert (card.vendor, card.integrated, card.state) == ("nvidia", True, "ok")


def test_words_about_it_are_no_card() -> None:
    assert not read_text("the line (lfb 33x4MB) of tegrastats is missing\n").accelerators
