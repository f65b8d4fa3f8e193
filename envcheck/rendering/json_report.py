"""The report as JSON: the structure that `envcheck schema report` describes, the same bytes for the same report."""

import re

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.plain_text import without_surrogates
from envcheck.rendering.strings import map_strings
from envcheck.report import Report


class JsonRenderer:
    """Indented, with the keys of free mappings in alphabetical order."""

    name = "json"
    suffixes = (".json",)

    def render(self, report: Report, options: RenderOptions) -> str:  # noqa: ARG002 - JSON is the same everywhere
        """The whole report."""
        return _json(report)


RENDERER = JsonRenderer()


def render_snapshot(snapshot: Snapshot) -> str:
    """A snapshot for others to read, redacted as every shared format is."""
    from envcheck.rendering.redaction import redact_here

    return _json(redact_here(snapshot))


def _json(document: Report | Snapshot) -> str:
    try:
        data = msgspec.json.encode(document, order="deterministic")
    except UnicodeEncodeError:  # an undecodable byte of a file name, which JSON cannot carry
        data = msgspec.json.encode(map_strings(document, without_surrogates), order="deterministic")
    return indented(data)


def indented(data: bytes) -> str:
    """JSON for a person to look at, with its last newline; what only a terminal would notice is escaped."""
    return _UNSEEN.sub(_escaped, msgspec.json.format(data, indent=2).decode()) + "\n"


# What a terminal obeys, or what turns the direction of reading round: JSON may carry it as it is, somebody may look at it.
_UNSEEN = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
