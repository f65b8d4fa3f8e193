"""Which copy of a CUDA library the loader took, and because of what, in its own trace (LD_DEBUG=libs)."""

from envcheck.facts.claims import Evidence
from envcheck.parsers.cuda.loader_trace import Taken, parse_loader_trace
from envcheck.readers.interface import Text
from envcheck.readers.loaded_libraries import library_of

_OF_TRACE = ("find library=",)


class LoaderTraceReader:
    """Reads the searches for CUDA's libraries; those for any other library are nobody's matter."""

    name = "loader traces"

    def recognises(self, text: Text) -> bool:
        """By the words with which a search begins."""
        return text.has(*_OF_TRACE)

    def read(self, text: Text) -> Evidence:
        """A copy of each library that was taken; what it was taken before is not known."""
        evidence = Evidence()
        for taken in text.parsed(_parse):
            name = library_of(taken.path)
            if name:
                key = taken.path.replace("[", "(").replace("]", ")")
                evidence.claims.append(text.claim(f"toolkits[{name}@{key}]", _entry(taken), taken.line))
        if evidence.claims:
            evidence.observed["toolkits"] = "partial"
        return evidence


def _parse(lines: list[str]) -> tuple[Taken, ...]:
    return tuple(parse_loader_trace(lines))


def _entry(taken: Taken) -> dict[str, object]:
    by = {"found_by": [taken.by]} if taken.by == "LD_LIBRARY_PATH" else {}
    return {"path": taken.path, "loaded": True, **by, **({"needed_by": taken.needed_by} if "/" in taken.needed_by else {})}
