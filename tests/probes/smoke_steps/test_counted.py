"""The pattern that is copied, and how a wrong byte of it is told."""

from collections.abc import Callable
from types import ModuleType

import pytest

Probe = Callable[[str], ModuleType]


class Trial:
    def __init__(self, compare: Callable[..., None]) -> None:
        self._compare = compare
        self.compared: list[str] = []

    def expect(self, what: str, got: object, expected: object) -> None:
        self._compare(what, got, expected)
        self.compared.append(what)


def test_no_block_looks_right_in_the_place_of_another(probe: Probe) -> None:
    pattern = probe("smoke_steps.counted").counted_bytes(2**20)
    assert len(pattern) == 2**20
    for block in (2**power for power in range(9, 20)):
        assert pattern[:256] != pattern[block : block + 256]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda sent: sent[:77] + bytes([sent[77] ^ 1]) + sent[78:], "'100000 bytes, 1 at 77'"),
        (lambda sent: sent[:-1], "'99999 bytes, none at 99999'"),
        (lambda sent: sent + b"\0", "'100001 bytes, 0 at 100000'"),
    ],
    ids=["another", "one less", "one more"],
)
def test_the_first_wrong_byte_is_named(probe: Probe, changed: Callable[[bytes], bytes], words: str) -> None:
    counted, comparison = probe("smoke_steps.counted"), probe("smoke_steps.comparison")
    sent = counted.counted_bytes(100_000)
    trial = Trial(comparison.compare)
    with pytest.raises(comparison.WrongResult) as raised:
        counted.expect_bytes(trial, "copy", changed(sent), sent)
    assert words in str(raised.value)
    assert trial.compared == []
    counted.expect_bytes(trial, "copy", bytearray(sent), sent)
    assert trial.compared == ["copy"]
