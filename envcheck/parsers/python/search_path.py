"""Where a command may lie on PATH, and which places only hold a placeholder that opens a dialog when it is run."""

from __future__ import annotations

import os

# Below /usr/bin of macOS these are shims of xcode-select, or of a missing Java, even where nothing stands behind them.
_MACOS_SHIMS = frozenset(("c++", "cc", "clang", "clang++", "cpp", "g++", "gcc", "git", "java", "javac", "make", "pip3", "python3"))


def parse_search_path(text: str, separator: str = os.pathsep) -> list[str]:
    """The absolute folders of a PATH, each once; an empty or relative entry means the current folder, and nothing is run from there."""
    folders: list[str] = []
    for entry in text.split(separator):
        folder = entry.strip('"') if separator == ";" else entry
        if os.path.isabs(folder) and folder not in folders:
            folders.append(folder)
    return folders


def file_names(command: str, platform: str) -> list[str]:
    """What the file of a command may be called: on Windows a program, a script of the shell, or a name that has its suffix already."""
    if platform != "win32" or command.lower().endswith((".exe", ".bat", ".cmd")):
        return [command]
    return [command + ".exe", command + ".bat", command + ".cmd"]


def is_macos_shim(path: str, platform: str) -> bool:
    """Whether macOS keeps a shim there, which may open a dialog and may stand for nothing."""
    folder, _, name = path.rpartition("/")
    return platform == "darwin" and folder == "/usr/bin" and name in _MACOS_SHIMS


def is_store_alias(path: str, platform: str) -> bool:
    r"""Whether the path is an execution alias of Microsoft's Store: `…\Microsoft\WindowsApps\python.exe` may open the shop."""
    folder = os.path.basename(os.path.dirname(path.replace("\\", os.sep)))
    return platform == "win32" and folder.lower() == "windowsapps"
