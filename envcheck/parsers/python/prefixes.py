"""Which environment a path belongs to: the prefix of an interpreter, of a folder of packages, and whether two are of one environment."""

from __future__ import annotations

import re
from functools import lru_cache

from envcheck.parsers.expression import regex

# /home/ana/venv/lib/python3.10/site-packages    /usr/lib/python3/dist-packages    /opt/homebrew/lib/python3.11/site-packages
_PACKAGES = regex(
    r"^(?P<prefix>[^\n]{0,400}?)/lib(?:64|32)?/(?:python3?|pypy3?)(?:(?<=3)\.\d{1,2}t?)?/(?:site|dist)-packages(?=/|$)",
    words=("-packages",),
)
# C:\Users\ana\miniconda3\envs\dl\Lib\site-packages
_WINDOWS_PACKAGES = regex(r"^(?P<prefix>[A-Za-z]:\\[^\n]{0,400}?)\\lib\\site-packages(?=\\|$)", re.IGNORECASE, words=(":\\",))
_FOLDER = regex(r"^[^\n]{0,500}?[/\\](?:site|dist)-packages(?=[/\\]|$)", words=("-packages",))
# ~/.local/lib/python3.10/site-packages    /Users/ana/Library/Python/3.9/lib/python/site-packages
# C:\Users\ana\AppData\Roaming\Python\Python311\site-packages
_OF_USER = regex(
    r"/\.local/lib(?:64)?/python3\.\d{1,2}/site-packages|/Library/Python/3\.\d{1,2}/lib/python/site-packages"
    r"|\\AppData\\Roaming\\Python\\Python3\d{1,2}(?:-32)?\\site-packages",
    re.IGNORECASE,
    words=("/.local/", "/library/python/", "\\appdata\\"),
)
_PROGRAM = regex(r"^(?P<prefix>(?:/|~)[^\n]{0,400}?)/bin/[\w.+-]{1,40}$", words=("/bin/",))
_WINDOWS_PROGRAM = regex(r"^(?P<prefix>[A-Za-z]:\\[^\n]{0,400}?)(?:\\Scripts)?\\[\w.+-]{1,40}$", re.IGNORECASE, words=(":\\",))
_VERSION = regex(
    r"[/\\](?:python|pypy)(3\.\d{1,2})t?[/\\]|[/\\]Python/(3\.\d{1,2})/|[/\\]Python(3)(\d{1,2})(?:-32)?\\",
    re.IGNORECASE,
    words=("python", "pypy"),
)
# Several folders of these hold one Python's parts, and links to other Pythons stand in them.
_SHARED = regex(
    r"^(?:/usr|/usr/local|/opt/homebrew|/opt/local|/System/.*|/Library/.*|/usr/local/(?:opt|Cellar)/.*|/opt/homebrew/(?:opt|Cellar)/.*|/bin|)$"
)
# What stands here picks a Python when it is called.
_PICKS = regex(
    r"[/\\](?:shims|WindowsApps|\.asdf|mise|\.pyenv[/\\]bin|pyenv-win)(?:[/\\]|$)",
    re.IGNORECASE,
    words=("shims", "windowsapps", ".asdf", "mise", ".pyenv", "pyenv-win"),
)
_CONDA = regex(
    r"(?:^|[/\\])(?:(?:ana|mini)conda\d?|miniforge\d?|mambaforge|micromamba|conda|envs)(?:[/\\]|$)",
    re.IGNORECASE,
    words=("conda", "forge", "mamba", "envs"),
)
_MANAGED = regex(
    r"[/\\](?:versions|installs|Programs[/\\]Python)[/\\]|^[A-Za-z]:\\Python3\d{1,2}$|^/opt/python",
    re.IGNORECASE,
    words=("versions", "installs", "programs", ":\\python3", "/opt/python"),
)


def is_of_user(folder: str) -> bool:
    """Whether it is the user's own folder of packages, which all environments of one Python version share, or lies in it."""
    return _OF_USER.search(folder) is not None


@lru_cache(maxsize=1000)
def packages_folder(path: str) -> str | None:
    """The folder of packages that a file lies in: `/venv/lib/python3.10/site-packages/torch/__init__.py` → `…/site-packages`."""
    found = _FOLDER.match(path)
    return found.group() if found else None


def prefix_of_packages(path: str) -> str | None:
    """The environment that a folder of packages, or a file in it, belongs to; None: the user's own, or no such folder."""
    if is_of_user(path):
        return None
    found = _PACKAGES.match(path) or _WINDOWS_PACKAGES.match(path)
    return found["prefix"] if found else None


def prefix_of_program(path: str) -> str | None:
    r"""That of `/venv/bin/python3`, `/venv/bin/pip`, `C:\venv\Scripts\python.exe`; None: it is chosen anew whenever it is called."""
    if _PICKS.search(path):
        return None
    found = _PROGRAM.match(path) or _WINDOWS_PROGRAM.match(path)
    return found["prefix"] if found else None


def version_of(path: str) -> str | None:
    r"""The Python that a path names: `…/lib/python3.10/…`, `…\Python310\…` → "3.10"."""
    found = _VERSION.search(path)
    return None if found is None else found[1] or found[2] or f"{found[3]}.{found[4]}"


def same_environment(one: str, other: str) -> bool | None:
    """Whether two prefixes are one environment; None: links and the system's several folders leave it open."""
    first, second = (_plain(prefix) for prefix in (one, other))
    if first == second:
        return True
    shared = [bool(_SHARED.match(prefix)) for prefix in (first, second)]
    return None if all(shared) or "~" in (first[:1], second[:1]) else False


def kind_of(prefix: str) -> str:
    """conda, venv or system, as the facts name environments."""
    plain = _plain(prefix)
    if _CONDA.search(plain):
        return "conda"
    return "system" if _SHARED.match(plain) or _MANAGED.search(plain) else "venv"


def _plain(prefix: str) -> str:
    plain = re.sub(r"[/\\]+$", "", prefix)
    return plain.lower() if plain[1:2] == ":" else plain
