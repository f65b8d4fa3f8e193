"""conda's own records of what it installed: one JSON file per package in `conda-meta`, often megabytes long for its list of files.

The file's name tells the package, the version and the build; the channel stands in the text, before or behind that list.
"""

from __future__ import annotations

_PLATFORMS = ("linux-", "osx-", "win-", "noarch", "emscripten-", "freebsd-")


def parse_record_name(file_name: str) -> tuple[str, str, str] | None:
    """Package, version and build: "pytorch-2.5.1-py3.11_cuda12.1_cudnn9.1.0_0.json"."""
    if not file_name.endswith(".json"):
        return None
    parts = file_name[: -len(".json")].rsplit("-", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 and all(parts) else None


def parse_channel(data: bytes) -> str:
    """The channel in a piece of such a record, as `conda list` prints it; nothing where the piece does not have it.

    b'"channel": "https://conda.anaconda.org/nvidia/label/cuda-12.1.0/linux-64"' → "nvidia/label/cuda-12.1.0"
    """
    key = data.find(b'"channel"')
    start = data.find(b'"', key + len(b'"channel"')) + 1
    end = data.find(b'"', start)
    if key < 0 or start <= 0 or end < 0 or end - start > 500:
        return ""
    return channel_name(data[start:end].decode("utf-8", "replace"))


def channel_name(url: str) -> str:
    """A channel's name without host, password, token and platform: those are nobody's business."""
    path = url.partition("://")[2].partition("/")[2] if "://" in url else url
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["t"]:  # /t/<token>/channel
        parts = parts[2:]
    if parts and parts[-1].startswith(_PLATFORMS):
        parts = parts[:-1]
    return "/".join(parts)


def depends_on_python(data: bytes) -> bool:
    """Whether a record's beginning names Python among what the package needs."""
    return b'"python ' in data or b'"python"' in data or b'"python_abi' in data
