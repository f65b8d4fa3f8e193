"""user-site-leaks: packages of the user's own site folder come before or between those of the environment."""

from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Completeness, UserSite, known
from envcheck.judging.case import Case, spoken
from envcheck.judging.environments import kind_of_environment
from envcheck.judging.gaps import USER_SITE
from envcheck.judging.keeping_out import switch_off_user_site
from envcheck.judging.leaks import FAULTS_OF_PACKAGES, OWN_PACKAGES, hiding, names_from, packages_below, spoken_by
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import counted, full_stop, listed, titled
from envcheck.knowledge.frameworks import is_framework
from envcheck.parsers.python.prefixes import is_of_user
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether a conda or virtual environment also imports packages from the user's own site folder (~/.local on Linux).",
    why="That folder is shared by all environments of one Python version and comes before the environment's own packages. A copy there "
    "hides the one that the environment was given, and updating the environment changes nothing.",
    example="conda installed torch 2.8.0, but import torch loads torch 1.13.1 from ~/.local/lib/python3.10/site-packages.",
    fix="Set PYTHONNOUSERSITE=1 for the environment, or remove the packages from the user's folder.",
    ignore_when="The packages there are meant to be shared between environments.",
    sources=("https://docs.python.org/3/library/site.html", "https://peps.python.org/pep-0370/"),
)


def check(case: Case) -> Iterator[Outcome]:
    """A hint where packages come from there; a warning where they hide the environment's own."""
    facts = case.facts
    site = facts.python.user_site
    environment = kind_of_environment(facts) or UNSET
    came = {package: folder for package, folder in known(facts.python.imported_from, {}).items() if is_of_user(folder)}
    read = not (facts.live or (isinstance(site, UserSite) and site.enabled is False))
    inside = [package for package in facts.packages if read and is_of_user(known(package.location, ""))]
    if came and environment in OWN_PACKAGES:
        yield _imported(case, came)
    elif inside and environment in OWN_PACKAGES:
        yield _judge(case, known(inside[0].location, ""))
    elif not isinstance(site, UserSite) or not isinstance(site.enabled, bool) or not isinstance(environment, str):
        yield USER_SITE
    elif environment not in OWN_PACKAGES:
        yield NotApplicable("this Python has no packages of its own that the user's could hide")
    elif not site.enabled or not known(site.path, ""):
        yield Passed("user site folder", "is not read")
    elif not facts.live and facts.packages and all(isinstance(package.location, str) for package in facts.packages):
        yield Passed(known(site.path, ""), "is read, and no package of those that are shown lies there")
    elif facts.observed.packages is not Completeness.COMPLETE:
        needs = "a run of envcheck doctor on the machine itself" if facts.live else "the output of pip list --verbose"
        yield NotEvaluated("", "not all installed packages are known", (needs,))
    else:
        yield _judge(case, known(site.path, ""))


def _imported(case: Case, came: dict[str, str]) -> Found:
    """A traceback that goes through the user's folder: what came from there was used, whether it is at fault or not."""
    folder = next(iter(came.values()))
    names = names_from(case.facts, folder)
    symptoms = spoken_by(case.facts, folder, names)
    return Found(
        subject=folder,
        message=full_stop(f"{listed(list(came))} {'was' if len(came) == 1 else 'were'} imported from {folder}, not from the environment"),
        severity=Severity.WARNING if symptoms else Severity.INFO,
        certainty=Certainty.LIKELY if symptoms else Certainty.CERTAIN,
        evidence=(*(case.proof("python.imported_from", f"{name}: {came[name]}") for name in list(came)[:5]), *map(spoken, symptoms)),
        would_confirm=("the same program works with PYTHONNOUSERSITE=1 set",) if symptoms else (),
        remedies=(by_hand("keep the user's folder out of this environment", switch_off_user_site(case.facts)),),
        about=(*names, *(symptom.subject for symptom in symptoms if symptom.subject)),
    )


def _judge(case: Case, folder: str) -> Outcome:
    """All that lies there is brought by it: what is wrong with one of them follows from that, hidden copy or not."""
    inside = packages_below(case.facts, folder)
    if not inside:
        return Passed(folder, "is read, and has no packages")
    before = hiding(inside)
    shown = before or sorted(inside, key=lambda package: not is_framework(package.name))
    names = [titled(package.name, package.version) for package in shown]
    if before:
        message = f"{listed(names)} from {folder} hides the environment's own copy of {before[0].name} ({before[0].others[0]})"
    else:
        message = f"{counted(len(inside), 'package')} of {folder} can be imported in this environment too: {listed(names)}"
    brought = names_from(case.facts, folder)
    return Found(
        subject=folder,
        message=full_stop(message),
        severity=Severity.WARNING if before else Severity.INFO,
        evidence=tuple(case.proof(f"packages[{package.name}].location", known(package.location, folder)) for package in shown[:5]),
        remedies=(by_hand("keep the user's folder out of this environment", switch_off_user_site(case.facts)),),
        about=brought,
        brings=brought,
    )


RULE = Rule(
    name="user-site-leaks",
    title="Packages of the user's site folder mix into the environment",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=FAULTS_OF_PACKAGES,
)
