"""What a distribution says of itself: METADATA of a dist-info folder, PKG-INFO and requires.txt of an egg-info.

Reads bytes and looks for single fields: the email parser of the standard library takes thirty times as long, and an environment has
hundreds of these files. Whatever cannot be used is said in words, never raised.
"""

from __future__ import annotations

_SHOWN_CHARACTERS = 60
_LONGEST_NAME = 200


class Metadata:
    """Name and version as printed by their owner; `fault` says in words what is wrong with them, and is empty where nothing is."""

    __slots__ = ("fault", "name", "requires", "requires_python", "version")

    def __init__(self) -> None:
        """Knows nothing yet."""
        self.name = ""
        self.version = ""
        self.fault = ""
        self.requires: tuple[str, ...] | None = None
        self.requires_python = ""


def parse_metadata(data: bytes, *, whole: bool = True, requirements: bool = False, label: str = "METADATA") -> Metadata:
    r"""The fields of a METADATA or PKG-INFO file, or of its beginning (then not `whole`).

    b"Metadata-Version: 2.4\nName: torch\nVersion: 2.8.0+cu128\nRequires-Python: >=3.9\nRequires-Dist: filelock\n\nREADME …"
    """
    found = Metadata()
    if not data.strip():
        found.fault = f"{label} is empty"
        return found
    found.fault = _encoding_fault(data, whole, label)
    head = headers(data)
    name, version = _field(head, b"Name"), _field(head, b"Version")
    if is_name(name):
        found.name = name
    if is_version(version):
        found.version = version
    found.fault = found.fault or _identity_fault(name, version, label)
    if requirements:
        found.requires = tuple(line for line in _fields(head, b"Requires-Dist") if not _of_an_extra(line))
        found.requires_python = _field(head, b"Requires-Python")
    return found


def headers(data: bytes) -> bytes:
    """The part above the description, each line after a newline."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    end = data.find(b"\n\n")
    return b"\n" + (data if end < 0 else data[:end]) + b"\n"


def has_all_headers(data: bytes) -> bool:
    """Whether the end of the header part is in what was read."""
    return b"\n\n" in data or b"\r\n\r\n" in data


def parse_requires_txt(data: bytes) -> tuple[str, ...]:
    r"""The requirements of an egg-info's requires.txt, those of extras left out.

    b"numpy>=1.20\n\n[:python_version < '3.8']\ntyping-extensions\n\n[dev]\npytest\n"
    """
    requirements = []
    marker: str | None = ""
    for line in map(str.strip, data.decode("utf-8", "replace").splitlines()):
        if line.startswith("["):
            extra, _, condition = line.strip("[]").partition(":")
            marker = None if extra else f"; {condition}"
        elif line and not line.startswith("#") and marker is not None:
            requirements.append(line + marker)
    return tuple(requirements)


def normalise(name: str) -> str:
    """The name by which indexes know a distribution (PEP 503): "Py_YAML" → "py-yaml"."""
    name = name.lower().replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name


def is_name(text: str) -> bool:
    """Whether this can be the name of a distribution."""
    letters = text.replace("-", "").replace("_", "").replace(".", "")
    return letters.isalnum() and text.isascii() and text[0].isalnum() and text[-1].isalnum() and len(text) <= _LONGEST_NAME


_PLAIN = frozenset("0123456789.")


def is_version(text: str) -> bool:
    """Whether PEP 440 knows this as a version. Most are digits and dots; the expression is compiled for the others only."""
    if not text or len(text) > 200:
        return False
    if _PLAIN.issuperset(text):
        return "" not in text.split(".")
    return _elaborate_version(text)


def _elaborate_version(text: str) -> bool:
    import re

    pattern = (
        r"v?(\d+!)?\d+(\.\d+)*([-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?"
        r"(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?"
    )
    return re.fullmatch(pattern, text, re.IGNORECASE | re.ASCII) is not None


def shortened(text: str) -> str:
    """Foreign text, fit to stand inside a sentence: printable ASCII, and not long."""
    printable = text.encode("unicode_escape").decode("ascii")
    return printable if len(printable) <= _SHOWN_CHARACTERS else printable[:_SHOWN_CHARACTERS] + "…"


def _encoding_fault(data: bytes, whole: bool, label: str) -> str:
    if data.isascii():
        return f"{label} is binary" if b"\0" in data else ""
    if not whole:
        data = data[: data.rfind(b"\n") + 1]  # a character may be cut in two
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"{label} is not UTF-8 (byte {error.start})"
    return f"{label} is binary" if b"\0" in data else ""


def _identity_fault(name: str, version: str, label: str) -> str:
    if not name:
        return f"{label} has no Name"
    if not is_name(name):
        return f'{label} has a Name that is none: "{shortened(name)}"'
    if not version:
        return f"{label} has no Version"
    if not is_version(version):
        return f'{label} has a Version that is none: "{shortened(version)}"'
    return ""


def _field(head: bytes, field: bytes) -> str:
    start = head.find(b"\n" + field + b":")
    if start < 0:  # field names are the same in every case, though nobody writes them so
        start = head.lower().find(b"\n" + field.lower() + b":")
        if start < 0:
            return ""
    start += len(field) + 2
    return head[start : head.find(b"\n", start)].strip().decode("utf-8", "backslashreplace")


def _fields(head: bytes, field: bytes) -> list[str]:
    prefix = field + b":"
    return [line[len(prefix) :].strip().decode("utf-8", "replace") for line in head.split(b"\n") if line.startswith(prefix)]


def _of_an_extra(requirement: str) -> bool:
    """`pytest; extra == "dev"` or `pytest ; 'dev' == extra`."""
    words = requirement.partition(";")[2].replace("(", " ").replace("==", " == ").split()
    return any(word.rstrip(")") == "extra" for word in words)
