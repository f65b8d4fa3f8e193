"""The variants of torch that PyTorch's own index has, by the names of its files."""

import re
from collections.abc import Iterable

from package_index import NoAnswer, PackageIndex, links_of
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from refreshed_rows import Refreshing, version_of
from toml_rows import Row, TomlRows
from wheel_files import PLATFORMS

_TAG = re.compile(r"(?P<cpu>cpu)|(?P<xpu>xpu)|cu(?P<cuda>1[0-9]\d)|rocm(?P<rocm>\d\.\d{1,2}(?:\.\d)?)")
_MACS = "macos_arm64"
_SYSTEMS = (("manylinux", "linux"), ("linux", "linux"), ("win_amd64", "win_amd64"), ("macosx", "macos"))


def refresh_variants(run: Refreshing, table: TomlRows, address: str | None, timeout_s: float) -> None:
    """torch_wheels.toml: for each series from the newest known one on, the tags with wheels and their platforms. Raises `NoAnswer`."""
    base = (address or index_of(table)).rstrip("/") + "/"
    page = PackageIndex(base, timeout_s).read(f"{base}torch/")
    if page is None:
        raise NoAnswer(f"{base} has no page of torch")
    found = variants_of(links_of(page))
    known = {(str(row["tag"]), str(row["torch"])): number for number, row in enumerate(table.rows("wheel"))}
    for key, platforms in found.items():
        if key in known:
            run.compare(table, "wheel", known[key], {"platforms": list(platforms)}, f"torch {key[1]} {key[0]}")
    newest = max(version_of(series) for _, series in known)
    fresh = sorted(
        (key for key in found if key not in known and version_of(key[1]) >= newest), key=lambda key: (version_of(key[1]), key[0])
    )
    for tag, series in fresh:
        told: Row = {"tag": tag, "torch": series, **kind_of(tag), "index": f"{base}{tag}", "platforms": found[tag, series]}
        rows = table.rows("wheel")
        like = max((number for number, row in enumerate(rows) if row["kind"] == told["kind"]), default=None)
        if like is None:
            run.notes.append(f"torch {series} {tag}: the table has no row of that kind to go by")
        else:
            run.add(table, "wheel", len(rows), told, f"torch {series} {tag}", f"{base}torch/", like)


def index_of(table: TomlRows) -> str:
    """The index that holds the folders of all tags, by the addresses in the table."""
    row = table.rows("wheel")[-1]
    return str(row["index"]).removesuffix(str(row["tag"]))


def variants_of(names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """The platforms of each tag and series: `torch-2.9.1+cu126-cp312-cp312-manylinux_2_28_x86_64.whl` → ("cu126", "2.9"): linux_x86_64.

    Those for macOS have no tag and stand among the ones for the CPU.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for name in names:
        try:
            project, version, _, tags = parse_wheel_filename(name)
        except InvalidWheelFilename:
            continue
        platforms = {platform for tag in list(tags)[:20] if (platform := _platform_of(tag.platform))}
        label = version.local or ("cpu" if platforms == {_MACS} else "")
        if project == "torch" and not version.is_prerelease and _TAG.fullmatch(label) and platforms:
            found.setdefault((label, f"{version.major}.{version.minor}"), set()).update(platforms)
    return {key: sorted(platforms, key=_order) for key, platforms in found.items()}


def kind_of(tag: str) -> Row:
    """`cu126` → kind cuda, CUDA 12.6; `rocm7.2` → kind rocm, ROCm 7.2; `cpu`, `xpu`."""
    found = _TAG.fullmatch(tag)
    if found is None or found["cpu"] or found["xpu"]:
        return {"kind": tag}
    if found["rocm"]:
        return {"kind": "rocm", "rocm": found["rocm"]}
    return {"kind": "cuda", "cuda": f"{found['cuda'][:2]}.{found['cuda'][2:]}"}


def _platform_of(tag: str) -> str:
    for beginning, name in _SYSTEMS:
        if tag.startswith(beginning):
            machine = re.search(r"(x86_64|aarch64|arm64)$", tag)
            return name if name == "win_amd64" else f"{name}_{machine[1]}" if machine else ""
    return ""


def _order(platform: str) -> int:
    return PLATFORMS.index(platform)
