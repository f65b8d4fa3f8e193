"""The examined interpreter, its distributions, what its frameworks say of their builds, and what shadows them. Nothing is imported from it.

Arguments: `cwd=PATH`, the folder in which the user works.
"""

import os
import sys


def main(channel, arguments):
    options = dict(argument.partition("=")[::2] for argument in arguments)
    # From here on only the standard library is found: a `re.py` on PYTHONPATH is a finding, not a part of this probe.
    search_path = list(sys.path)
    sys.path[:] = _library_folders(search_path)
    from envcheck_probes.environment import builds, shadowing
    from envcheck_probes.environment.inventory import Inventory

    inventory = Inventory()
    channel.stage("interpreter")
    channel.section("python", _tell_interpreter, search_path)
    channel.stage("packages")
    channel.section("packages", _tell_packages, search_path, inventory)
    channel.section("python.service", _tell_service, inventory)
    channel.stage("builds")
    channel.section("builds", builds.tell_builds, inventory)
    channel.stage("shadowing")
    channel.section("python.shadowing", shadowing.tell_shadowing, options.get("cwd", ""), search_path, inventory)


def _library_folders(search_path):
    """The part of the search path that is Python's own."""
    library = os.path.dirname(os.__file__)
    own = {library, os.path.join(library, "lib-dynload"), os.path.join(sys.base_prefix, "DLLs")}
    archive = "python{}{}.zip".format(*sys.version_info[:2])
    return [path for path in search_path if path in own or os.path.basename(path) == archive] or [library]


def _tell_interpreter(channel, search_path):
    import sysconfig

    from envcheck_probes.environment.origin import find_origin
    from envcheck_probes.environment.tags import wheel_tags
    from envcheck_probes.reading import shown

    base_prefix = getattr(sys, "real_prefix", sys.base_prefix)
    environment, maker = find_origin(sys.prefix, base_prefix, sys.executable)
    platform = sysconfig.get_platform()
    facts = {
        "executable": shown(sys.executable),
        "version": sys.version.split()[0],
        "implementation": {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, sys.implementation.name),
        "environment": environment,
        "created_by": maker,
        "externally_managed": sys.prefix == base_prefix and _has_mark(),
        "prefix": shown(sys.prefix),
        "base_prefix": shown(base_prefix),
        "bits": 64 if sys.maxsize > 2**32 else 32,
        "platform": platform,
        "tags": wheel_tags(platform),
        "site_folders": _site_folders(search_path),
        "user_site": _user_site(),
        "python_path": [shown(path or os.curdir) for path in python_path()],
    }
    channel.fact("python", facts, "the interpreter itself")


def _has_mark():
    """Whether the distribution forbids pip to change this Python (PEP 668)."""
    return os.path.exists(os.path.join(os.path.dirname(os.__file__), "EXTERNALLY-MANAGED"))


def python_path():
    """The entries of PYTHONPATH that Python took."""
    value = os.environ.get("PYTHONPATH", "")
    return value.split(os.pathsep) if value and not sys.flags.ignore_environment else []


def _site_folders(search_path):
    """Where pip would install, and what lies beside it, as far as it exists."""
    import site

    from envcheck_probes.reading import shown

    getter = getattr(site, "getsitepackages", None)  # virtualenv's old site.py has none
    if getter is not None:
        candidates = getter()
    else:
        candidates = [path for path in search_path if os.path.basename(path) in ("site-packages", "dist-packages")]
    return [shown(path) for path in dict.fromkeys(candidates) if os.path.isdir(path)]


def _user_site():
    import site

    from envcheck_probes.reading import shown

    path = site.getusersitepackages()
    facts = {"path": shown(path), "enabled": bool(site.ENABLE_USER_SITE), "distributions": 0}
    try:
        facts["distributions"] = sum(name.endswith((".dist-info", ".egg-info")) for name in os.listdir(path))
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError:
        del facts["distributions"]
    return facts


def _tell_packages(channel, search_path, inventory):
    from envcheck_probes.environment.inventory import take_inventory
    from envcheck_probes.reading import shown, why

    take_inventory(inventory, search_path, sys.prefix)
    channel.fact("packages", inventory.packages, "the metadata of the distributions on sys.path")
    if inventory.overwritten:
        channel.fact("overwrites", inventory.overwritten, "the RECORD files of the distributions")
    for path, error in inventory.unread:
        reason = "denied" if isinstance(error, PermissionError) else "crashed"
        channel.unknown("packages", reason, shown(path) + " " + why(error))
    for name, distribution in inventory.chosen.items():
        if distribution.denied:
            channel.unknown("packages[{}].version".format(name), "denied", "its metadata " + distribution.fault.partition(" ")[2])
    channel.observed("packages", "partial" if inventory.unread else "complete")


def _tell_service(channel, inventory):
    """A notebook service, by the marks that it leaves in the environment of every notebook."""
    variables = os.environ
    service = None
    if "KAGGLE_KERNEL_RUN_TYPE" in variables or "KAGGLE_URL_BASE" in variables:
        service = "kaggle"
    elif "COLAB_RELEASE_TAG" in variables or "COLAB_GPU" in variables or "google-colab" in inventory.packages:
        service = "colab"
    channel.fact("python.service", service, "environment variables and packages of the service")
