"""What sort of environment the examined interpreter lives in, and what made it, told by files and places that each maker leaves."""

import os
import sys

from envcheck_probes.reading import read_if_there

from envcheck.parsers.python.pyvenv_cfg import parse_pyvenv_cfg

# In order: the first fragment that the prefix contains decides on (environment, created by). Paths are compared with "/" and small letters.
_PLACES = (
    ("/.pyenv/versions/", "pyenv", "pyenv"),
    ("/pyenv-win/versions/", "pyenv", "pyenv"),
    ("/.asdf/installs/python/", "asdf", "asdf"),
    ("/mise/installs/python/", "mise", "mise"),
    ("/uv/python/", "standalone", "uv"),
    ("/.rye/py/", "standalone", "rye"),
    ("/hatch/pythons/", "standalone", "hatch"),
    ("/nix/store/", "nix", "nix"),
    ("/gnu/store/", "guix", "guix"),
    ("/spack/opt/", "spack", "spack"),
    ("/easybuild/software/", "easybuild", "easybuild"),
    ("/hostedtoolcache/", "toolcache", "setup-python"),
    ("/cellar/python", "homebrew", "homebrew"),
    ("/opt/homebrew/", "homebrew", "homebrew"),
    ("/.linuxbrew/", "homebrew", "homebrew"),
    ("/library/developer/commandlinetools/", "system", "xcode"),
    ("/xcode.app/", "system", "xcode"),
    ("/library/frameworks/python.framework/", "system", "python.org"),
    ("/windowsapps/", "system", "microsoft store"),
    ("/programs/python/python3", "system", "python.org"),
    ("/program files/python3", "system", "python.org"),
    ("/program files (x86)/python3", "system", "python.org"),
)
_CFG_BYTES = 64 * 1024
_DPKG_STATUS_BYTES = 64 * 1024 * 1024


def find_origin(prefix, base_prefix, executable):
    """The sort of environment, and what made it; None where nothing tells."""
    if os.path.isdir(os.path.join(prefix, "conda-meta")):
        return "conda", _conda_maker(prefix)
    cfg = read_if_there(os.path.join(prefix, "pyvenv.cfg"), _CFG_BYTES)
    if cfg or prefix != base_prefix:
        return "venv", venv_maker(cfg.decode("utf-8", "replace"), has_real_prefix=hasattr(sys, "real_prefix"))
    if _is_embedded(executable):
        return "embedded", "python.org"
    root = os.environ.get("PYENV_ROOT", "")
    if root and prefix.startswith(os.path.join(root, "versions") + os.sep):
        return "pyenv", "pyenv"
    place = prefix.replace("\\", "/").lower() + "/"
    for fragment, environment, maker in _PLACES:
        if fragment in place:
            return environment, maker
    if place == "/usr/":
        return "system", _packager()
    return ("local", None) if place == "/usr/local/" else ("other", None)


def venv_maker(text, has_real_prefix=False):
    """Who wrote a pyvenv.cfg: uv and virtualenv sign it by a line with their version, the standard library does not.

    Before version 20 virtualenv wrote no such file, but left its mark in `sys.real_prefix`.
    """
    settings = parse_pyvenv_cfg(text)
    for maker in ("uv", "virtualenv"):
        if maker in settings:
            return maker
    return "virtualenv" if has_real_prefix else "venv"


def _conda_maker(prefix):
    """conda, mamba, micromamba or pixi, by the first command in the environment's history.

    # cmd: /opt/conda/bin/mamba create -n ml python=3.11
    """
    folder = os.path.join(prefix, "conda-meta")
    if os.path.exists(os.path.join(folder, "pixi")):
        return "pixi"
    history = read_if_there(os.path.join(folder, "history"), _CFG_BYTES).decode("utf-8", "replace")
    for line in history.splitlines():
        if line.startswith("# cmd:"):
            words = line[len("# cmd:") :].split()
            program = words[0].replace("\\", "/").rpartition("/")[2].lower() if words else ""
            return next((maker for maker in ("micromamba", "mamba") if program.startswith(maker)), "conda")
    return "conda"


def _is_embedded(executable):
    """The zip file for Windows that other programs bring along: a ._pth file beside python.exe fixes its search path."""
    if os.name != "nt":
        return False
    name = "python{}{}._pth".format(*sys.version_info[:2])
    return os.path.exists(os.path.join(os.path.dirname(executable), name))


def _packager():
    """Whose package the interpreter under /usr is: the distribution's, or deadsnakes', who build Pythons for Ubuntu."""
    release = {}
    text = (read_if_there("/etc/os-release", 4096) or read_if_there("/usr/lib/os-release", 4096)).decode("utf-8", "replace")
    for line in text.splitlines():
        key, _, value = line.partition("=")
        release[key] = value.strip("\"'")
    if "ubuntu" in (release.get("ID"), *release.get("ID_LIKE", "").split()):
        status = read_if_there("/var/lib/dpkg/status", _DPKG_STATUS_BYTES)
        if is_deadsnakes(status, sys.version_info[:2], release.get("UBUNTU_CODENAME") or release.get("VERSION_CODENAME", "")):
            return "deadsnakes"
    return release.get("ID") or None


def is_deadsnakes(status, version, codename):
    """Whether dpkg's status file has this Python from deadsnakes, who end their versions by Ubuntu's code name.

    Package: python3.12-minimal
    Version: 3.12.11-1+jammy1
    """
    start = status.find("\nPackage: python{}.{}-minimal\n".format(*version).encode())
    if start < 0 or not codename:
        return False
    paragraph = status[start : status.find(b"\n\n", start)]
    number = paragraph.partition(b"\nVersion: ")[2].partition(b"\n")[0]
    return b"+" + codename.encode() in number
