"""Which Python is examined, and why: what was named, else the first that can be used, in this order.

1. `--python`: an interpreter, an environment's folder, or a command of PATH
2. the Python that runs `python -m envcheck`, unless it is a tool environment
3. the active virtual environment (VIRTUAL_ENV), then the active conda environment other than base (CONDA_PREFIX)
4. the project's `.venv`, here or above, if it belongs to the user and did not come with the repository
5. conda's base environment, if it is active
6. the Python that envcheck is installed in, unless it is a tool environment
7. `python3` of PATH, then `python`

Nothing is started here. What was named and cannot be used is the user's mistake (`UnusablePython`); what was found and cannot be used is
passed over, and told.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from envcheck.facts.environment import NAMED
from envcheck.mistake import Mistake
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.existence import is_file, is_folder, is_there
from envcheck.observing.interpreter_paths import Places, Unusable, check_file, command_on_path, interpreter_in
from envcheck.observing.tool_environment import is_tool_environment
from envcheck.parsers.python.git_index import holds_folder

_MAX_INDEX_BYTES = 64 * 2**20


class Running(msgspec.Struct, frozen=True):
    """The interpreter that runs envcheck; `as_module`: somebody picked it by writing `python -m envcheck`."""

    executable: str
    prefix: str
    as_module: bool = False

    @classmethod
    def here(cls) -> "Running":
        """This very process."""
        spec = getattr(sys.modules.get("__main__"), "__spec__", None)
        as_module = spec is not None and spec.name in ("envcheck", "envcheck.__main__")
        return cls(sys.executable, sys.prefix, as_module)


class PassedOver(msgspec.Struct, frozen=True):
    """A Python that comes earlier in the order and cannot be used, or must not be; `reason` continues "PATH …"."""

    path: str
    reason: str
    found_by: str  # VIRTUAL_ENV, CONDA_PREFIX, .venv


class Chosen(msgspec.Struct, frozen=True):
    """The interpreter to examine; `because` completes "it is examined because …" as a phrase of its own."""

    executable: str
    because: str
    passed_over: tuple[PassedOver, ...] = ()


class UnusablePython(Mistake):
    """What `--python` named cannot be examined."""


def choose(
    named: str | None,
    *,
    environment: Mapping[str, str],
    folder: str,
    running: Running,
    user: int | None = None,
    platform: str = sys.platform,
) -> Chosen:
    """The interpreter to examine.

    Args:
        named: the value of `--python`; None where it was not given.
        environment: the variables of this process.
        folder: the current folder, absolute; "" where it was deleted.
        running: the interpreter that runs envcheck; see `Running.here`.
        user: the number of the user who runs envcheck; None: as it is (on Windows owners are not compared).
        platform: as in `sys.platform`: which layout environments have.

    Raises:
        UnusablePython: for what was named and cannot be used.
    """
    places = Places(environment, folder, platform)
    if named is not None:
        return Chosen(_named(named, places), NAMED)
    passed_over: list[PassedOver] = []
    for found in _in_order(places, running, _our_user() if user is None else user):
        if isinstance(found, Chosen):
            return replace(found, passed_over=tuple(passed_over))
        passed_over.append(found)
    return Chosen(running.executable, "no other Python was found", tuple(passed_over))


def _our_user() -> int | None:
    if sys.platform == "win32":
        return None
    else:  # noqa: RET505 - mypy reads one platform at a time
        return os.getuid()


def _named(named: str, places: Places) -> str:
    if not named.strip():
        raise UnusablePython("--python was given an empty name", "Name an interpreter, an environment's folder, or a command of PATH.")
    if "\0" in named:
        raise UnusablePython("--python was given a name with a NUL character in it", "No file can have such a name.")
    path = str(Path(places.folder) / _at_home(named, places.environment))
    if is_folder(path):
        return _or_raise(interpreter_in(path, places.platform))
    if os.sep in named or (os.altsep and os.altsep in named):
        return _or_raise(check_file(path, places.platform) or path)
    command = command_on_path(named, places)
    if command is None:
        wanted = f"python{named}" if named.replace(".", "").isdigit() else "an interpreter's path, or an environment's folder"
        raise UnusablePython(f"--python {named}: no command of PATH that can be started has this name", f"Name {wanted}.")
    return command


def _at_home(named: str, environment: Mapping[str, str]) -> str:
    """`--python=~/x` reaches a program unchanged from some shells."""
    home = environment.get("HOME") or environment.get("USERPROFILE")
    return str(Path(home) / named[2:]) if home and named.startswith(("~/", "~\\")) else named


def _or_raise(found: str | Unusable) -> str:
    if isinstance(found, Unusable):
        raise UnusablePython(f"--python {found.path} {found.problem}", found.hint)
    return found


def _in_order(places: Places, running: Running, user: int | None) -> Iterator[Chosen | PassedOver]:
    """What there is to choose from; each is looked at only when it is asked for."""
    tool = is_tool_environment(running.prefix)
    if running.as_module and not tool:
        yield Chosen(running.executable, "it runs python -m envcheck")
    active = places.environment.get("VIRTUAL_ENV")
    # `uvx` and `pipx run` may point this variable at their own environment.
    if active and not (tool and _same(active, running.prefix)):
        yield _environment(active, "VIRTUAL_ENV", "VIRTUAL_ENV is set", places)
    conda = places.environment.get("CONDA_PREFIX")
    base = conda is not None and _is_conda_base(conda, places.environment)
    if conda and not base:
        yield _environment(conda, "CONDA_PREFIX", "CONDA_PREFIX is set", places)
    yield from _project_environments(places, user)
    if conda and base:
        yield _environment(conda, "CONDA_PREFIX", "conda's base environment is active", places)
    if not tool:
        yield Chosen(running.executable, "envcheck is installed in it")
    for name in ("python", "python3") if places.platform == "win32" else ("python3", "python"):
        command = command_on_path(name, places)
        if command is not None:
            yield Chosen(command, f"{name} of PATH")


def _environment(folder: str, found_by: str, because: str, places: Places) -> Chosen | PassedOver:
    if not Path(folder).is_absolute():
        return PassedOver(folder, "is not an absolute path", found_by)
    found = interpreter_in(folder, places.platform)
    return PassedOver(found.path, found.problem, found_by) if isinstance(found, Unusable) else Chosen(found, because)


def _is_conda_base(prefix: str, environment: Mapping[str, str]) -> bool:
    """Base is where conda itself is installed: only there is a folder `condabin`; micromamba's has none and is named by a variable."""
    if environment.get("CONDA_DEFAULT_ENV") == "base" or is_folder(Path(prefix) / "condabin"):
        return True
    root = environment.get("MAMBA_ROOT_PREFIX")
    return bool(root) and _same(prefix, str(root))


def _same(first: str, second: str) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


def _project_environments(places: Places, user: int | None) -> Iterator[Chosen | PassedOver]:
    """Every `.venv` from the current folder up to the project's root, or up to the home folder where there is no project."""
    home = places.environment.get("HOME") or places.environment.get("USERPROFILE")
    start = Path(places.folder)
    for folder in (start, *start.parents) if places.folder else ():
        candidate = folder / ".venv"
        # A file of that name is another tool's pointer, a folder without these two somebody's own idea.
        if os.path.lexists(candidate / "pyvenv.cfg") or is_folder(candidate / "conda-meta"):
            yield _project_environment(candidate, places, user)
        if is_there(folder / ".git") or is_there(folder / "pyproject.toml") or str(folder) == home:
            return


def _project_environment(candidate: Path, places: Places, user: int | None) -> Chosen | PassedOver:
    found = _environment(str(candidate), ".venv", "the .venv of this project", places)
    if isinstance(found, PassedOver):
        return found
    link = Path(found.executable)
    if user is not None:
        for path in (candidate, link.parent, link):
            owner = path.lstat().st_uid
            if owner != user:
                return PassedOver(str(candidate), f"belongs to another user (number {owner}), so nothing in it is run", ".venv")
    if _came_with_repository(candidate):
        return PassedOver(str(candidate), "came with the project's repository, so nothing in it is run", ".venv")
    return found


def _came_with_repository(candidate: Path) -> bool:
    """Whether Git keeps files of that folder: then others wrote it, whoever owns it here."""
    for folder in candidate.parents:
        index = _index_of(folder / ".git")
        if index is not None and is_file(index):
            try:
                with index.open("rb") as file:
                    return holds_folder(file.read(_MAX_INDEX_BYTES), candidate.relative_to(folder).as_posix())
            except OSError:
                return False
    return False


def _index_of(git: Path) -> Path | None:
    """The index of a repository; of a worktree or submodule `.git` is a file that says `gitdir: PATH`."""
    if is_folder(git):
        return git / "index"
    if not is_file(git):
        return None
    try:
        with git.open(encoding="utf-8", errors="replace") as file:
            word, _, path = file.read(4096).strip().partition(": ")
    except OSError:
        return None
    return git.parent / path / "index" if word == "gitdir" and "\0" not in path else None


def refuse(named: str, answer: Answer) -> UnusablePython | None:
    """What is wrong with the interpreter that was named, where its first child's answer shows that it cannot be examined."""
    hint = "Name another Python interpreter, 3.8 or newer, or an environment's folder."
    if answer.ending is Ending.TOO_OLD:
        return UnusablePython(f"--python {named} is Python {answer.detail}; envcheck examines Python 3.8 and newer", hint)
    if "started" in answer.stages or answer.shortage:
        return None
    if answer.ending is Ending.NOT_STARTED:
        return UnusablePython(f"--python {named} cannot be started", answer.detail or hint)
    if answer.ending in (Ending.TIMED_OUT, Ending.UNKILLABLE):
        return UnusablePython(f"--python {named} did not answer within {max(1, round(answer.seconds))} s", hint)
    words = _first_line(answer.stderr)
    ended = f"It ended with status {answer.status} and said nothing. " if answer.ending is Ending.EXITED else ""
    said = f"It said: {words}" if words else f"{ended}{hint}"
    if answer.ending is Ending.OUT_OF_MEMORY:
        return UnusablePython(f"--python {named} took too much memory before it answered", hint)
    if any(mark in answer.stderr for mark in _BROKEN):
        return UnusablePython(f"--python {named} is a Python that cannot start", said)
    if answer.ending is Ending.SIGNALLED:
        return UnusablePython(f"--python {named} crashed ({answer.signal or 'by a signal'}) before it answered", said)
    return UnusablePython(f"--python {named} is not a Python interpreter", said)


# What a Python says whose standard library, shared library or base installation is gone.
_BROKEN = ("Fatal Python error", "libpython", "No module named 'encodings'", "Could not find platform", "No Python at")


def _first_line(text: str) -> str:
    """The first line with words, cut to what a terminal shows, without control characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return "".join(letter for letter in line[:200] if letter.isprintable())
