"""Environments that are only there to run one tool: nothing in them is what a person would want examined.

Made by pipx, `uv tool`, uvx, Homebrew or `pixi global`, or marked with a file `.envcheck-tool`.
"""

import re
from pathlib import Path

from envcheck.observing.existence import is_file, is_there
from envcheck.parsers.python.pyvenv_cfg import MAX_CHARACTERS, parse_pyvenv_cfg

MARK = ".envcheck-tool"
# What the installers of tools leave in the environments that they make.
_RECEIPTS = (MARK, "pipx_metadata.json", "uv-receipt.toml")
# uvx and `uv run --with` make environments inside uv's cache, in folders such as `archive-v0`.
_UV_CACHE = re.compile(r"^(archive|environments|builds)-v\d+$")


def is_tool_environment(prefix: str) -> bool:
    """Whether an environment was made to run one tool, so that it is not what a person works in."""
    folder = Path(prefix)
    if any(is_there(folder / receipt) for receipt in _RECEIPTS):
        return True
    if folder.name == "libexec" and "Cellar" in folder.parts:
        return True  # Homebrew gives each formula a virtual environment of its own
    if folder.parent.name == "envs" and is_there(folder.parent.parent / "manifests" / "pixi-global.toml"):
        return True
    return _is_ephemeral(folder)


def _is_ephemeral(folder: Path) -> bool:
    if not any(_UV_CACHE.match(part) for part in folder.parts) or not is_file(folder / "pyvenv.cfg"):
        return False
    try:
        with (folder / "pyvenv.cfg").open(encoding="utf-8", errors="replace") as file:
            return "uv" in parse_pyvenv_cfg(file.read(MAX_CHARACTERS))
    except OSError:
        return False
