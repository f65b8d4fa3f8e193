"""long-paths-disabled: Windows refuses a file of an installation because its path is longer than 260 characters."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Remedy, Step

MANUAL = Manual(
    checks="Whether an installer or a program on Windows failed on a path of more than 260 characters.",
    why="Unless long paths are enabled, Windows refuses such paths and says that the file does not exist. Packages with deep folders reach "
    "the limit in a deep environment, most of all under the folder of Microsoft Store's Python.",
    example="ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\Users\\\\…' HINT: This error "
    "might have occurred since this system does not have Windows Long Path support enabled.",
    fix="Enable long paths, or make the environment in a short folder such as C:\\venvs\\x.",
    ignore_when="Never: the installation is incomplete.",
    sources=(
        "https://learn.microsoft.com/en-us/windows/win32/fileio/maximum-file-path-limitation",
        "https://pip.pypa.io/warnings/enable-long-paths",
        "https://docs.python.org/3/using/windows.html#removing-the-max-path-limitation",
    ),
)

_ENABLE = Step(
    run=(
        *("reg", "add", r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem"),
        *("/v", "LongPathsEnabled", "/t", "REG_DWORD", "/d", "1", "/f"),
    ),
    root=True,
)
_STORE = "PythonSoftwareFoundation.Python."
_SHORT = 200  # characters, where a whole path would have been below the limit


def check(case: Case) -> Iterator[Outcome]:
    """Pip's hint is given for a length that it has measured; 206 is the system's own number."""
    said = tuple(case.said(SymptomKind.PATH_TOO_LONG))
    if known(case.facts.system.os, "Windows") != "Windows":
        yield NotApplicable("other systems have no such limit")
    elif not said:
        yield NotApplicable("no path was too long")
    else:
        yield _found(case, said)


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    path = max((symptom.details.get("path", "") for symptom in said), key=len)
    measured = f" ({len(path)} characters)" if len(path) > _SHORT else ""
    by_git = all(symptom.subject == "git" for symptom in said)
    return Found(
        "long paths",
        f"Windows refused a path for its length{measured}: long paths are not enabled{' for git' if by_git else ''}.",
        evidence=tuple(map(spoken, said)),
        remedies=_remedies(case.facts, path, by_git=by_git),
        symptoms=said,
    )


def _remedies(facts: Snapshot, path: str, *, by_git: bool) -> tuple[Remedy, ...]:
    enable = by_hand(
        "enable long paths, as administrator", _ENABLE, "open a new terminal and install again; some programs need a restart of Windows"
    )
    shorter = by_hand(
        "make the environment in a short folder",
        Step(run=("py", "-m", "venv", "C:\\venvs\\env")),
        *(("Microsoft Store's Python lies in a very long folder: take the installer of python.org",) if _is_of_store(facts, path) else ()),
    )
    if by_git:
        return (by_hand("let git use long paths", Step(run=("git", "config", "--global", "core.longpaths", "true"))), enable)
    return (enable, shorter)


def _is_of_store(facts: Snapshot, path: str) -> bool:
    return _STORE in path or "WindowsApps" in known(facts.python.executable, "")


RULE = Rule(
    name="long-paths-disabled",
    title="A path is too long for this Windows",
    area=Area.SYSTEM,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=frozenset({"module-not-found", "package-torn", "path-too-long"}),
)
