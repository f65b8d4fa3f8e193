"""What systemd says of the service that sets up NVSwitch: `systemctl status nvidia-fabricmanager`, `systemctl is-active`."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_SERVICE = "nvidia-fabricmanager"
# ● nvidia-fabricmanager.service - NVIDIA fabric manager service
_HEADER = regex(r"^\W{0,6}nvidia-fabricmanager\.service(?: - |\s*$)")
#      Active: inactive (dead)            Active: failed (Result: exit-code) since …            Active: active (running) since …
_ACTIVE = regex(r"^\s*Active: (?P<state>active|inactive|failed|activating|deactivating|reloading)\b(?: \((?P<detail>[\w :-]{1,40})\))?")
_ASKED = regex(r"systemctl (?:is-active|is-enabled) nvidia-fabricmanager(?:\.service)?\s*$")
_ANSWER = regex(r"^\s*(?P<state>active|inactive|failed|activating|unknown)\s*$")
# Unit nvidia-fabricmanager.service could not be found.
_ABSENT = regex(r"Unit nvidia-fabricmanager(?:\.service)? (?:could not be found|not found)")
_REACH, _LONGEST = 8, 400


class ServiceReader:
    """Reads the state of one service."""

    name = "systemd"

    def recognises(self, text: Text) -> bool:
        """By its name beside a state."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """running, stopped, or known not to be installed."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    for index in text.with_words(_SERVICE):
        line = text.lines[index]
        if len(line) > _LONGEST:
            continue
        if _ABSENT.search(line):
            yield text.claim("nvidia.fabric_manager", None, index)
        elif _HEADER.match(line):
            yield from _below(text, index, _ACTIVE)
        elif _ASKED.search(line):
            yield from _below(text, index, _ANSWER, reach=2)


def _below(text: Text, index: int, expression: re.Pattern[str], reach: int = _REACH) -> Iterator[Claim]:
    for at in range(index + 1, min(index + 1 + reach, len(text.lines))):
        found = expression.match(text.lines[at][:_LONGEST])
        if found:
            yield text.claim("nvidia.fabric_manager", "running" if found["state"] == "active" else "stopped", at)
            return
