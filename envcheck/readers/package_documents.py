"""Installed packages out of documents: pip's JSON (`pip inspect`, `pip list --format=json`), conda's JSON, and files that conda exports.

What a file of dependencies only asks for is passed over, and taken, so that nobody believes that it is installed.
"""

import re
from collections.abc import Iterator, Mapping

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.python.conda_files import find_conda_files
from envcheck.parsers.text.json_in_text import Document, find_json
from envcheck.readers.builds import said_of_package
from envcheck.readers.interface import Text

# Every such document has them, with or without blanks around the colon.
_VERSION_KEY = regex(r'"version"\s*:\s*"')
_NAME_KEY = regex(r'"name"\s*:\s*"')
_MOST = 20_000
_PLATFORMS = {"linux": "Linux", "osx": "Darwin", "win": "Windows"}
# What pip calls the environment, and what it is called here.
_ENVIRONMENT = {
    "python_full_version": "python.version",
    "platform_system": "system.os",
    "platform_machine": "system.machine",
    "platform_release": "system.kernel",
}


class PackageDocumentReader:
    """Reads documents that list packages."""

    name = "package documents"

    def recognises(self, text: Text) -> bool:
        """By the keys of pip's JSON, or the heads of conda's files."""
        return any("dependencies:" in line or "# platform: " in line or '"version"' in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """An exported file is believed like a mention: nobody knows which machine it was written on."""
        evidence = Evidence(claims=[*_of_json(text), *_of_conda(text)])
        if any(claim.fact.startswith("packages") for claim in evidence.claims):
            evidence.observed["packages"] = "partial"
        return evidence


def _of_conda(text: Text) -> Iterator[Claim]:
    for file in find_conda_files(text.lines):
        text.taken.update(file.lines)
        if not file.is_state:
            continue
        for entry in file.entries:
            for fact, value in said_of_package("conda", entry.name, entry.version, entry.build or "pypi_0", entry.channel):
                yield text.claim(fact, value, entry.line, Trust.MENTIONED)
            if entry.name == "python" and entry.build:
                yield text.claim("python.version", entry.version, entry.line, Trust.MENTIONED)
        system = _PLATFORMS.get(file.platform.partition("-")[0])
        if system:
            yield text.claim("system.os", system, file.lines[0], Trust.MENTIONED)


def _of_json(text: Text) -> Iterator[Claim]:
    if not any('"version"' in line and _VERSION_KEY.search(line) for line in text.lines) or not any(
        '"name"' in line and _NAME_KEY.search(line) for line in text.lines
    ):
        return
    whole = "\n".join(text.lines)
    for document in find_json(whole):
        first = whole.count("\n", 0, document.start)
        claims = [*_of_document(document, whole, first, text)]
        if claims:
            text.taken.update(range(first, first + whole.count("\n", document.start, document.end) + 1))
            yield from claims


def _of_document(document: Document, whole: str, first: int, text: Text) -> Iterator[Claim]:
    """A list of `{"name", "version"}`, or what `pip inspect` says."""
    value = document.value
    inspected = value.get("installed") if isinstance(value, dict) and "pip_version" in value else None
    rows = inspected if isinstance(inspected, list) else value if isinstance(value, list) else []
    lines = _Places(whole, document, first)
    for row in rows[:_MOST]:
        entry = row.get("metadata") if inspected is not None and isinstance(row, dict) else row
        if not isinstance(entry, dict):
            continue
        name, version = entry.get("name"), entry.get("version")
        if not isinstance(name, str) or not isinstance(version, str) or not _is_package(row, entry, listed=inspected is None):
            continue
        at = lines.of(name)
        lister = "conda" if "build_string" in entry else "pip"
        for fact, said in said_of_package(lister, name, version, _text(entry, "build_string"), _text(entry, "channel")):
            yield text.claim(fact, said, at)
        yield from _inspected(row, name, at, text) if inspected is not None else ()
    environment = value.get("environment") if inspected is not None and isinstance(value, dict) else None
    if isinstance(environment, dict):
        for key, fact in _ENVIRONMENT.items():
            if isinstance(environment.get(key), str) and environment[key]:
                yield text.claim(fact, environment[key], lines.of(key))


def _is_package(row: object, entry: Mapping[str, object], *, listed: bool) -> bool:
    """Other lists have names and versions too: a row of pip's has nothing else but the place of an editable one."""
    if not listed:
        return isinstance(row, dict)
    return entry.keys() <= {"name", "version", "editable_project_location", "location", "installer"} or "build_string" in entry


def _inspected(row: Mapping[str, object], name: str, at: int, text: Text) -> Iterator[Claim]:
    """The folder, the installer, and what a package asks for, of `pip inspect`."""
    key = f"packages[{re.sub(r'[-_.]+', '-', name).lower()}]"
    folder, installer = row.get("metadata_location"), row.get("installer")
    if isinstance(folder, str) and re.search(r"[\\/]", folder):
        yield text.claim(f"{key}.location", re.sub(r"[\\/][^\\/]{1,200}$", "", folder), at)
    if isinstance(installer, str) and installer:
        yield text.claim(f"{key}.installer", installer, at)


def _text(entry: Mapping[str, object], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) else None


class _Places:
    """In which line a document names something; the names are asked for in their order."""

    def __init__(self, whole: str, document: Document, first: int) -> None:
        self._whole, self._end = whole, document.end
        self._at, self._line = document.start, first

    def of(self, word: str) -> int:
        found = self._whole.find(f'"{word}"', self._at, self._end)
        if found >= 0:
            self._line += self._whole.count("\n", self._at, found)
            self._at = found
        return self._line
