"""Values in words."""

import pytest

from envcheck.facts.values import in_seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0"), (0.1, "0.1"), (0.5, "0.5"), (1, "1"), (5.04, "5"), (9.94, "9.9"), (9.96, "10"), (10.4, "10"), (61.4, "61")],
)
def test_a_time_below_ten_seconds_has_tenths(seconds: float, text: str) -> None:
    assert in_seconds(seconds) == text
