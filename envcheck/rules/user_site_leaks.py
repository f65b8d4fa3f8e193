"""user-site-leaks: packages of the user's own site folder come before or between those of the environment."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Package, Snapshot, UserSite, known
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import counted, full_stop, listed, titled
from envcheck.knowledge.frameworks import import_of, is_framework
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Severity, Step

MANUAL = Manual(
    checks="Whether a conda or virtual environment also imports packages from the user's own site folder (~/.local on Linux).",
    why="That folder is shared by all environments of one Python version and comes before the environment's own packages. A copy there "
    "hides the one that the environment was given, and updating the environment changes nothing.",
    example="conda installed torch 2.8.0, but import torch loads torch 1.13.1 from ~/.local/lib/python3.10/site-packages.",
    fix="Set PYTHONNOUSERSITE=1 for the environment, or remove the packages from the user's folder.",
    ignore_when="The packages there are meant to be shared between environments.",
    sources=("https://docs.python.org/3/library/site.html", "https://peps.python.org/pep-0370/"),
)

_OWN_PACKAGES = ("conda", "venv")


def check(case: Case) -> Iterator[Outcome]:
    """A hint where packages come from there; a warning where they hide the environment's own."""
    facts = case.facts
    site = facts.python.user_site
    environment = facts.python.environment
    if not isinstance(site, UserSite) or not isinstance(site.enabled, bool) or not isinstance(environment, str):
        yield NotEvaluated("", "it is not known whether this Python reads the user's site folder", ("the output of python -m site",))
    elif environment not in _OWN_PACKAGES:
        yield NotApplicable("this Python has no packages of its own that the user's could hide")
    elif not site.enabled or not known(site.path, ""):
        yield Passed("user site folder", "is not read")
    elif facts.observed.packages is not Completeness.COMPLETE:
        yield NotEvaluated("", "not all installed packages are known", ("a run of envcheck doctor on the machine itself",))
    else:
        yield _judge(case, known(site.path, ""))


def _judge(case: Case, folder: str) -> Outcome:
    inside = [package for package in case.facts.packages if _lies_in(package, folder)]
    if not inside:
        return Passed(folder, "is read, and has no packages")
    hiding = [package for package in inside if package.others]
    shown = hiding or sorted(inside, key=lambda package: not is_framework(package.name))
    names = [titled(package.name, package.version) for package in shown]
    if hiding:
        others = hiding[0].others[0]
        message = f"{listed(names)} from {folder} hides the environment's own copy of {hiding[0].name} ({others})"
    else:
        message = f"{counted(len(inside), 'package')} of {folder} can be imported in this environment too: {listed(names)}"
    return Found(
        subject=folder,
        message=full_stop(message),
        severity=Severity.WARNING if hiding else Severity.INFO,
        evidence=tuple(case.proof(f"packages[{package.name}].location", known(package.location, folder)) for package in shown[:5]),
        remedies=(by_hand("keep the user's folder out of this environment", _switch_off(case.facts)),),
        about=tuple(name for package in inside for name in (package.name, import_of(package.name))),
    )


def _lies_in(package: Package, folder: str) -> bool:
    location = known(package.location, "").replace("\\", "/").rstrip("/")
    return bool(location) and location.startswith(folder.replace("\\", "/").rstrip("/"))


def _switch_off(facts: Snapshot) -> Step:
    if facts.python.environment == "conda":
        prefix = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
        return Step(run=("conda", "env", "config", "vars", "set", *prefix, "PYTHONNOUSERSITE=1"))
    return Step(do="set the environment variable PYTHONNOUSERSITE to 1 before Python starts")


RULE = Rule(
    name="user-site-leaks",
    title="Packages of the user's site folder mix into the environment",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "framework-import-crashes", "requirement-of-package-unmet"}),
)
