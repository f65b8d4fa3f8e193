"""The commands of pip and uv: an environment where one is needed, what has to go first, and one installation for each index."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from envcheck.choosing.build import Build, Companion
from envcheck.facts.environment import Python
from envcheck.facts.snapshot import Snapshot, known
from envcheck.knowledge.frameworks import exclusive_group
from envcheck.knowledge.torch import COMPANIONS
from envcheck.knowledge.versions import is_same, local_tag
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import install, uninstall
from envcheck.report import Step

_INTERPRETER = regex(r"(?:.*[/\\])?(?:python|pypy|graalpy)[A-Za-z0-9._-]{0,30}")
_ABSOLUTE = regex(r"/.*|[A-Za-z]:[/\\].*")


class Installation(msgspec.Struct, frozen=True):
    """What is installed where: `new_python` is that of an environment to be made, empty where the one that is there is used."""

    builds: tuple[Build, ...]
    pins: tuple[Companion, ...]
    new_python: str = ""


def requirement(build: Build) -> str:
    """`tensorflow[and-cuda]==2.21.0`; the bare name where the tables tell no version."""
    return build.requirement if build.version else build.distribution


def trusted(facts: Snapshot) -> Snapshot:
    """The facts without an interpreter that is none, as a report may name one: it would stand at the head of every command."""
    python = facts.python
    executable = known(python.executable, "")
    if executable and not (executable.isprintable() and _INTERPRETER.fullmatch(executable)):
        python = replace(python, executable=msgspec.UNSET)
    prefix = known(python.prefix, "")
    if prefix and not (prefix.isprintable() and _ABSOLUTE.fullmatch(prefix)):
        python = replace(python, prefix=msgspec.UNSET)
    return replace(facts, python=python)


def steps(facts: Snapshot, manager: str, wanted: Installation) -> Iterator[Step]:
    """All commands in their order."""
    target = facts
    if wanted.new_python:
        yield _make_environment(facts, manager, wanted.new_python)
        target = _in_environment(facts, wanted.new_python)
    elif not known(facts.python.externally_managed, default=False):
        yield from _removals(facts, manager, wanted)
    done: tuple[str, ...] = ()
    seen: list[Step] = []
    for index, requirements in _by_index(wanted):
        # What is there already is named again: pip would let the next command exchange it.
        remedy = install(target, *done, *requirements, summary="", manager=manager, index=index)
        fresh = [step for step in remedy.steps if step not in seen]
        yield from fresh
        seen += fresh
        done = (*done, *requirements)


def environment_name(python: str) -> str:
    """The folder, or conda's name, of an environment that is made."""
    return f".venv-{python}"


def _make_environment(facts: Snapshot, manager: str, python: str) -> Step:
    if manager == "uv":
        return Step(run=("uv", "venv", "--python", python, environment_name(python)))
    program = ("py", f"-{python}") if facts.system.os == "Windows" else (f"python{python}",)
    return Step(run=(*program, "-m", "venv", environment_name(python)))


def _in_environment(facts: Snapshot, python: str) -> Snapshot:
    """The facts of an environment that is only made."""
    folder = environment_name(python)
    executable = f"{folder}\\Scripts\\python.exe" if facts.system.os == "Windows" else f"{folder}/bin/python"
    return replace(facts, live=False, packages=(), python=Python(executable=executable, environment="venv", version=python))


def _by_index(wanted: Installation) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Packages of an index of their own first, with what belongs to them; then those of the default one."""
    grouped: dict[str | None, list[str]] = {}
    for build in wanted.builds:
        exact = [companion.requirement for companion in build.companions if not companion.version.startswith(("<", ">"))]
        grouped.setdefault(build.index, []).extend((requirement(build), *exact))
    first = next(iter(sorted(grouped, key=lambda index: index is None)))
    grouped[first] += [pin.requirement for pin in wanted.pins]
    for index in sorted(grouped, key=lambda index: (index is None, index or "")):
        yield index, tuple(dict.fromkeys(grouped[index]))


def _removals(facts: Snapshot, manager: str, wanted: Installation) -> Iterator[Step]:
    """Pip takes another build of the same release for the wanted one, and lets two distributions write the same files."""
    names: list[str] = []
    for build in wanted.builds:
        there = facts.package(build.distribution)
        if there is not None and build.distribution == "torch" and _is_another_build(known(there.version, ""), build):
            names += ["torch", *(name for name in COMPANIONS if facts.package(name) is not None)]
        group = exclusive_group(build.distribution)
        others = group.distributions if group is not None else ()
        names += [name for name in others if name != build.distribution and facts.package(name) is not None]
    if names:
        yield uninstall(facts, *dict.fromkeys(names), manager=manager)


def _is_another_build(installed: str, build: Build) -> bool:
    wanted = build.variant if build.index else ""
    return is_same(installed, build.version) and local_tag(installed) != wanted
