import pytest

from envcheck.knowledge.distributions import glibc_of


@pytest.mark.parametrize(
    ("name", "version", "glibc"),
    [
        ("centos", "7", "2.17"),
        ("centos", "7.9", "2.17"),
        ("rhel", "8.10", "2.28"),
        ("ubuntu", "18.04", "2.27"),
        ("ubuntu", "18.10", None),
        ("debian", "12", "2.36"),
        ("arch", "", None),
        ("", "", None),
    ],
)
def test_a_release_keeps_the_glibc_that_it_came_with(name: str, version: str, glibc: str | None) -> None:
    row = glibc_of(name, version)
    assert (row.glibc if row is not None else None) == glibc
