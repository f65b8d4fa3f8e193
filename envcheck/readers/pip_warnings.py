"""What pip warns of whenever it starts: folders in site-packages that an interrupted installation left behind."""

from envcheck.facts.claims import Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

# WARNING: Ignoring invalid distribution -orch (c:\python310\lib\site-packages)    … ~umpy (/opt/venv/lib/python3.11/site-packages)
_INVALID = regex(r"WARNING: Ignoring invalid distribution (?P<name>[-~][\w.+-]{1,100})(?: \((?P<place>[^()\n]{1,300})\))?")
_MOST = 50


class PipWarningReader:
    """Reads the folders that pip passes over, each once."""

    name = "pip's warnings"

    def recognises(self, text: Text) -> bool:
        """By the warning's words."""
        return bool(text.with_words("ignoring invalid distribution"))

    def read(self, text: Text) -> Evidence:
        """A package that is torn, by the name of its folder: pip writes a tilde in place of the first letter, older ones a dash."""
        evidence = Evidence()
        seen: set[str] = set()
        for index in text.with_words("ignoring invalid distribution"):
            match = _INVALID.search(text.lines[index])
            if match is None:
                continue
            text.taken.add(index)
            folder = f"~{match['name'][1:]}"
            if folder in seen or len(seen) >= _MOST:
                continue
            seen.add(folder)
            package = {"state": "torn", "detail": f"left over from an interrupted removal: {folder}"}
            place = {"location": match["place"]} if match["place"] else {}
            evidence.claims.append(text.claim(f"packages[{folder.lower()}]", {"name": folder.lower(), **package, **place}, index))
        return evidence
