import pytest

from envcheck.parsers.linux.kernel import parse_wsl


@pytest.mark.parametrize(
    ("version", "wsl"),
    [
        ("Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0 (GCC) ) #1237-Microsoft Sat Sep 11", 1),
        ("Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f) (gcc (GCC) 11.2.0)", 2),
        ("Linux version 4.19.84-microsoft-standard (oe-user@oe-host) (gcc version 8.2.0)", 2),
        ("Linux version 6.1.0-custom-WSL2 (me@here)", 2),
        ("Linux version 5.8.0-63-generic (buildd@lcy01-amd64-028) (gcc (Ubuntu 10.3.0)", None),
        ("Linux version 5.15.0-azure (builder@microsoft.com) (gcc) #1 Microsoft", None),
        ("", None),
        ("Linux version", None),
        ("\x00 microsoft WSL2", None),
    ],
)
def test_only_the_release_tells_wsl(version: str, wsl: int | None) -> None:
    assert parse_wsl(version) == wsl
