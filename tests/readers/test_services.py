"""systemd's word on the fabric manager."""

import pytest
from msgspec import UNSET

from envcheck.readers.read import read_text

HEADER = "● nvidia-fabricmanager.service - NVIDIA fabric manager service\n     Loaded: loaded (/lib/systemd/system/x; enabled)\n"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (f"{HEADER}     Active: inactive (dead)\n", "stopped"),
        (f"{HEADER}     Active: failed (Result: exit-code) since Mon 2024-03-04 10:00:00 UTC; 1h ago\n", "stopped"),
        (f"{HEADER}     Active: active (running) since Mon 2024-03-04 10:00:00 UTC; 1h ago\n", "running"),
        ("$ systemctl is-active nvidia-fabricmanager\nactive\n", "running"),
        ("Unit nvidia-fabricmanager.service could not be found.\n", None),
        ("● docker.service - Docker\n     Active: active (running)\n", UNSET),
        ("I started nvidia-fabricmanager and it is\nactive\n", UNSET),
    ],
)
def test_the_state_of_the_service(text: str, state: object) -> None:
    assert read_text(text).nvidia.fabric_manager == state
