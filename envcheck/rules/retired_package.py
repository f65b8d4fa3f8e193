"""retired-package: a distribution that has ended or goes on under another name."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.gaps import PACKAGES
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import counted, full_stop, titled
from envcheck.knowledge.frameworks import import_of, is_framework
from envcheck.knowledge.retired import RETIRED, End, Retired
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether a distribution is installed whose project has ended, was renamed, or is only a placeholder.",
    why="A project that has ended is not adapted to new releases of Python and NumPy, and its security holes stay open. A renamed one "
    "gets its fixes under the new name only.",
    example="mxnet 1.9.1 can still be installed, pip check is content, and import mxnet fails with a current NumPy.",
    fix="Use what has taken its place. Where another package requires the old name, update that package.",
    ignore_when="An old result has to be reproduced, or another package needs the old name.",
    sources=("https://attic.apache.org/projects/mxnet.html", "https://github.com/pytorch/serve", "https://github.com/tensorflow/addons"),
)


def check(case: Case) -> Iterator[Outcome]:
    """A warning for what has ended by its owners' word, a hint for the rest."""
    facts = case.facts
    retired = [package for package in facts.packages if package.name in RETIRED]
    asked = [name for name in _untested(facts) if name in RETIRED and facts.package(name) is None] if facts.smoke else []
    refused = {symptom.details["package"]: symptom for symptom in case.said(SymptomKind.PACKAGE_RETIRED)}
    for symptom in refused.values():
        yield _refused(case, symptom)
    for package in retired:
        yield _finding(case, package, RETIRED[package.name])
    for name in asked:
        yield _asked_for(case, name, RETIRED[name])
    if retired or refused or asked:
        return
    if facts.observed.packages is Completeness.COMPLETE:
        yield Passed("installed packages", f"{counted(len(facts.packages), 'package')}, none of them retired")
    elif facts.packages:
        yield NotApplicable("no retired package is among those that are known")
    else:
        yield PACKAGES


def _untested(facts: Snapshot) -> Iterator[str]:
    """Frameworks that were to be tested, and for which there is no test."""
    from envcheck.judging.smoke_results import smoke_tests
    from envcheck.knowledge.smoke_tests import smoke_test

    yield from (smoke.framework for smoke in smoke_tests(facts) if smoke.status == "skipped" and smoke_test(smoke.framework) is None)


def _refused(case: Case, symptom: Symptom) -> Found:
    """A distribution that is only there to end its own installation, and says what is to be installed."""
    from envcheck.knowledge.packages import releases_of

    package, instead = symptom.details["package"], symptom.details.get("instead", "")
    remedy = by_hand(f"install what has taken the place of {package}", f"its page on PyPI tells what: https://pypi.org/project/{package}/")
    if instead and (is_framework(instead) or releases_of(instead)):  # a text can name any package
        remedy = install(case.facts, instead, summary=f"install {instead} in its place", manager=manager_for(case.facts, instead))
    return Found(
        subject=package,
        message=f"{package} cannot be installed any more: its project goes on {f'as {instead}' if instead else 'under another name'}.",
        evidence=(spoken(symptom),),
        remedies=(
            remedy,
            by_hand(
                "find who asks for it",
                f"search requirements.txt, setup.py and pyproject.toml for {package}, and write {instead or 'the new name'}",
            ),
        ),
        symptoms=(symptom,),
        about=(package, import_of(package)),
    )


def _finding(case: Case, package: Package, retired: Retired) -> Found:
    ended = retired.end is End.ENDED and retired.sure
    return Found(
        subject=titled(package.name, package.version),
        message=full_stop(f"{titled(package.name, package.version)} is installed: {retired.says}"),
        severity=Severity.WARNING if ended else Severity.INFO,
        certainty=Certainty.CERTAIN if retired.sure else Certainty.LIKELY,
        evidence=(
            case.proof(f"packages[{package.name}].version", known(package.version, "installed")),
            Proof(fact="state of the project", value=retired.says, source=retired.source),
        ),
        would_confirm=() if retired.sure else (f"the state of {retired.source}",),
        remedies=(_remedy(case, package, retired),),
        about=(package.name, import_of(package.name)),
    )


def _asked_for(case: Case, name: str, retired: Retired) -> Found:
    """It is not installed, and it is better so."""
    return Found(
        subject=name,
        message=full_stop(f"{name} was asked for and is not installed: {retired.says}"),
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if retired.sure else Certainty.LIKELY,
        evidence=(Proof(fact="state of the project", value=retired.says, source=retired.source),),
        would_confirm=() if retired.sure else (f"the state of {retired.source}",),
        remedies=(_successor(case, retired, ""),),
        about=(name, import_of(name)),
    )


def _remedy(case: Case, package: Package, retired: Retired) -> Remedy:
    return _successor(case, retired, f", and remove {package.name} once nothing requires it")


def _successor(case: Case, retired: Retired, more: str) -> Remedy:
    if not retired.successors:
        return by_hand(retired.advice)
    return install(
        case.facts,
        *retired.successors,
        summary=f"install {' and '.join(retired.successors)}{more}",
        manager=manager_for(case.facts, retired.successors[0]),
    )


RULE = Rule(
    name="retired-package",
    title="A package has ended or was renamed",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails"}),
)
