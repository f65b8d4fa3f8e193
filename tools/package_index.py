"""Reading a package index: which files it has of a project, and what a release requires.

The answers are somebody else's data: their size, their names and where they point to are bounded here; standard library only.
"""

import base64
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from html.parser import HTMLParser
from http.client import HTTPException
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

_SIMPLE = "application/vnd.pypi.simple.v1+json"
_MAX_BYTES = 48 * 1024 * 1024
_MAX_FILES = 100_000
_MAX_NAME = 300
_MAX_REQUIREMENTS = 2_000
_MAX_REQUESTS = 600
_PROJECT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")
# pip prints the index that its configuration, or its own default, makes it ask.
_PIPS_INDEX = re.compile(r"--index-url\s<url>(?:[^(]{0,200})\(default\s+(https?://\S+?)\)")


class NoAnswer(Exception):
    """The index cannot be asked: no network, no such host, a time-out, or something that is no index; the text says which."""


@dataclass(frozen=True)
class IndexFile:
    """One file of a project."""

    name: str
    url: str
    requires_python: str
    yanked: bool
    uploaded: str = ""  # the day, of an index that tells


class PackageIndex:
    """One index with the simple API as JSON (PEP 691); `url` is what pip is given as its index."""

    def __init__(self, url: str, timeout_s: float = 20.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise NoAnswer(f"{without_password(url)} is no address of an index that can be asked over HTTP")
        self.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/") + "/"
        self.timeout_s = timeout_s
        self._credentials = _basic(parts.username, parts.password)
        self._asked = 0

    def files(self, project: str) -> list[IndexFile]:
        """The files of a project (normalised name), none where the index does not have it. Raises `NoAnswer`."""
        if _PROJECT.fullmatch(project) is None:
            raise NoAnswer(f"{project!r} is no name of a project")
        address = urljoin(self.url, f"{project}/")
        body = self.read(address, _SIMPLE)
        if body is None:
            return []
        entries = _as_object(body, address).get("files")
        if not isinstance(entries, list) or len(entries) > _MAX_FILES:
            raise NoAnswer(f"{without_password(address)} is no list of files that can be used")
        return [file for entry in entries if (file := _file_of(entry, address)) is not None]

    def requirements(self, project: str, version: str, files: list[IndexFile]) -> tuple[str, ...] | None:
        """The Requires-Dist of a release, from the metadata beside one of its wheels, else from the JSON that PyPI has of it.

        None: the index tells neither. Raises `NoAnswer`.
        """
        wheel = next((file for file in files if file.name.endswith(".whl")), None)
        if wheel is not None and (text := self.read(f"{wheel.url}.metadata")) is not None:
            lines = HeaderParser().parsestr(text.decode("utf-8", "replace")).get_all("Requires-Dist") or []
            return tuple(str(line) for line in lines[:_MAX_REQUIREMENTS])
        for path in (f"{project}/{version}/json", f"{project}/json"):
            address = urljoin(self.url, f"../pypi/{path}")
            body = self.read(address)
            info = _as_object(body, address).get("info") if body is not None else None
            if isinstance(info, dict) and info.get("version") == version:
                lines = info.get("requires_dist") or []
                return tuple(line for line in lines[:_MAX_REQUIREMENTS] if isinstance(line, str)) if isinstance(lines, list) else None
        return None

    def read(self, address: str, accept: str = "*/*") -> bytes | None:
        """What stands at an address; None: nothing does. Raises `NoAnswer`."""
        self._asked += 1
        if self._asked > _MAX_REQUESTS:
            raise NoAnswer(f"more than {_MAX_REQUESTS} requests were needed")
        if urlsplit(address).scheme not in ("https", urlsplit(self.url).scheme):
            raise NoAnswer(f"the index points to {without_password(address)}, which is not asked")
        headers = {"Accept": accept, "User-Agent": "envcheck-refresh-tables"}
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - checked
        if self._credentials and urlsplit(address)[:2] == urlsplit(self.url)[:2]:
            request.add_unredirected_header("Authorization", self._credentials)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as answer:  # noqa: S310 - the scheme was checked above
                body: bytes = answer.read(_MAX_BYTES + 1)
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            raise NoAnswer(f"{without_password(address)} answers {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise NoAnswer(f"no answer from {without_password(address)}: {reason}") from None
        if len(body) > _MAX_BYTES:
            raise NoAnswer(f"{without_password(address)} answers more than {_MAX_BYTES} bytes")
        return body


def configured_index(environment: Mapping[str, str] = os.environ) -> str:
    """The index that pip would ask here: by its variable, by its configuration, or its own default. Raises `NoAnswer`."""
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if environment.get(variable):
            return environment[variable]
    command = [sys.executable, "-m", "pip", "install", "--help"]
    help_text = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60, check=False).stdout
    found = _PIPS_INDEX.search(re.sub(r"\s+", " ", help_text))
    if found is None:
        raise NoAnswer("pip does not tell which index it asks: name one with --index")
    return found[1]


def links_of(page: bytes) -> list[str]:
    """The names that the links of an index page in HTML show."""
    reader = _Links()
    reader.feed(page.decode("utf-8", "replace"))
    return reader.names


def without_password(address: str) -> str:
    """An address as it may be printed."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def _basic(user: str | None, password: str | None) -> str:
    """The header for the name and password of an address; empty where it has none."""
    if user is None:
        return ""
    return "Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password or '')}".encode()).decode()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class's names
        self._inside = tag == "a"

    def handle_data(self, data: str) -> None:
        name = data.strip()
        if self._inside and name and len(name) <= _MAX_NAME and len(self.names) < _MAX_FILES:
            self.names.append(name)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "a"


def _as_object(body: bytes, address: str) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoAnswer(f"{without_password(address)} does not answer in JSON")
    return found


def _file_of(entry: object, page: str) -> IndexFile | None:
    """One file's entry; None: it is not one that can be used."""
    if not isinstance(entry, dict):
        return None
    name, url, python = entry.get("filename"), entry.get("url"), entry.get("requires-python") or ""
    if not (isinstance(name, str) and isinstance(url, str) and isinstance(python, str)):
        return None
    if len(name) > _MAX_NAME or len(url) > 2_000 or len(python) > _MAX_NAME:
        return None
    uploaded = entry.get("upload-time")
    day = uploaded[:10] if isinstance(uploaded, str) and _DAY.match(uploaded) else ""
    return IndexFile(name, urljoin(page, url), python, yanked=bool(entry.get("yanked")), uploaded=day)
