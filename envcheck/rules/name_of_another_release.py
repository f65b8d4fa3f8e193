"""name-of-another-release: a program asks for what the installed release of a package does not have any more, or not yet."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import titled
from envcheck.knowledge.frameworks import distributions_of, import_of, installed_for, is_framework
from envcheck.knowledge.names import Name, find_name
from envcheck.knowledge.packages import releases_of
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import release
from envcheck.prescribing.install import by_hand, install, interpreter, manager_for
from envcheck.report import Area, Certainty, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether a module, function or class that a program did not find is one that its package, or Python, has only in other "
    "releases.",
    why="Interfaces come and go with releases. A package that names no upper bound for what it needs is installed beside a release that "
    "took away what it uses; one that names no lower bound beside a release that does not have it yet. Its import fails, and the "
    "installation is whole all the same.",
    example="flax 0.6.11 beside jax 0.4.30: module 'jax' has no attribute 'linear_util', which jax 0.4.24 took away.",
    fix="Upgrade the package that asks, which as a rule has a release that knows the change; else install the release that has the name.",
    ignore_when="The line is from one's own program: then write it with the name that has taken its place.",
    sources=(
        "https://docs.jax.dev/en/latest/changelog.html",
        "https://numpy.org/doc/stable/release.html",
        "https://github.com/pytorch/vision/releases/tag/v0.17.0",
        "https://docs.python.org/3/whatsnew/",
    ),
)

_PYTHON = "python"
# Their releases hang together with those of other packages and with the GPU's libraries: none is to be changed alone.
_NOT_ALONE = frozenset(("torch", "torchvision", "triton", "tensorflow", "jax", _PYTHON))
_KINDS = (SymptomKind.UNSUPPORTED_CALL, SymptomKind.MODULE_NOT_FOUND, SymptomKind.IMPORT_FAILED, SymptomKind.BUILD_MISSED_MODULE)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each name that the table knows and a program missed."""
    missed: dict[str, tuple[Name, list[Symptom]]] = {}
    for symptom in case.said(*_KINDS):
        row = _as_said(symptom) or find_name(_path(symptom))
        if row is not None:
            missed.setdefault(row.name, (row, []))[1].append(symptom)
    if not missed:
        yield NotApplicable("no program missed a name that only other releases have")
    for row, symptoms in missed.values():
        yield _judge(case, row, tuple(symptoms))


def _as_said(symptom: Symptom) -> Name | None:
    """The same from the package's own words, which tell since when."""
    details = symptom.details
    if "removed" not in details:
        return None
    return Name(
        distribution=details["package"],
        name=details["name"],
        removed=details["removed"],
        instead=details.get("instead", ""),
        confidence=Confidence.HIGH,
        source=symptom.source or f"{details['package']}'s own words",
        checked="",
    )


def _path(symptom: Symptom) -> str:
    """The whole name: `cannot import name 'linear_util' from 'jax'` → jax.linear_util; empty where the words tell none."""
    details = symptom.details
    if symptom.kind is SymptomKind.UNSUPPORTED_CALL:
        return details.get("name", "")
    module, message = details.get("module", ""), details.get("message", "")
    if symptom.kind is SymptomKind.IMPORT_FAILED:
        name = message.partition("cannot import name ")[2].lstrip("'").partition("'")[0].partition(" ")[0]
        return f"{module}.{name}" if name and module else ""
    return module


def _version(facts: Snapshot, row: Name) -> tuple[str, str]:
    """The installed release, and the path of the fact."""
    if row.distribution == _PYTHON:
        return known(facts.python.version, "").partition(" ")[0], "python.version"
    package = facts.package(row.distribution)
    if package is not None and isinstance(package.version, str):
        return package.version, f"packages[{row.distribution}].version"
    build = facts.builds.get(row.distribution)
    return (known(build.version, ""), f"builds[{row.distribution}].version") if build is not None else ("", "")


def _judge(case: Case, row: Name, symptoms: tuple[Symptom, ...]) -> Outcome:
    version, fact = _version(case.facts, row)
    subject = titled("Python" if row.distribution == _PYTHON else row.distribution, version)
    if release(version) and row.is_in(version):
        return Passed(subject, f"has {row.name}; another installation of it was asked")
    if row.confidence is Confidence.LOW:
        return NotEvaluated(subject, f"which releases have {row.name} is not sure", ("the output of pip list",))
    said = any("removed" in symptom.details for symptom in symptoms)
    certain = said or (bool(release(version)) and row.confidence is Confidence.HIGH)
    asking = _asking(row, symptoms)
    return Found(
        subject,
        f"{asking or 'A program'} asks for {row.name}, {_where(row, subject, version)}.",
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=(
            *map(spoken, symptoms),
            *((case.proof(fact, version),) if version else ()),
            Proof(fact=f"releases of {row.distribution}", value=f"{row.name}: {_span(row, version)}", source=row.source),
        ),
        would_confirm=() if certain else (f"{'python --version' if row.distribution == _PYTHON else 'pip list'} shows the release",),
        remedies=tuple(_remedies(case.facts, row, row.taken_in(version), asking)),
        symptoms=symptoms,
        about=tuple(dict.fromkeys(filter(None, (row.distribution, import_of(row.distribution), asking)))),
    )


def _asking(row: Name, symptoms: tuple[Symptom, ...]) -> str:
    """The installed package that uses the name, where the words tell one and it is not the package itself."""
    own = {row.name.partition(".")[0], import_of(row.distribution), row.distribution}
    speakers = (speaker_of(symptom) for symptom in symptoms)
    return next((name for name in speakers if name and name not in own and "/" not in name), "")


def _span(row: Name, version: str) -> str:
    taken = row.taken_in(version)
    if not taken:
        return f"new in {row.added}"
    return f"removed in {taken}, back in {row.gap[1]}" if row.gap and taken == row.gap[0] else f"removed in {taken}"


def _where(row: Name, subject: str, version: str) -> str:
    if taken := row.taken_in(version):
        since = f"which {'Python' if row.distribution == _PYTHON else row.distribution} {taken} took away"
        return f"{since}; {subject} is installed" if version else since
    return f"which {row.distribution} has from {row.added} on" + (f"; {subject} is installed" if version else "")


def _remedies(facts: Snapshot, row: Name, taken: str, asking: str) -> Iterator[Remedy]:
    if not taken and row.distribution not in _NOT_ALONE:
        wanted = f"{row.distribution}>={row.added}"
        yield install(facts, wanted, summary=f"install a {row.distribution} that has it", manager=manager_for(facts, row.distribution))
        return
    if not taken:
        yield by_hand(
            f"install {row.distribution} {row.added} or newer",
            "with the companions that belong to it, and the build for this machine's GPU",
            f"or an older release of {asking or 'the package that asks for it'}",
        )
        return
    if asking in _NOT_ALONE and row.distribution not in _NOT_ALONE:
        yield _back(facts, row.distribution, taken)
        yield by_hand(f"install a newer {asking}", "with the companions that belong to it, and the build for this machine's GPU")
        return
    package = _package_of(facts, asking) if asking else ""
    if package:
        upgrade = Step(run=(interpreter(facts), "-m", "pip", "install", "--upgrade", package))
        yield by_hand(f"upgrade {package}, which as a rule has a release that does without", upgrade)
    else:
        use = f"; in one's own program use {row.instead}" if row.instead else "; one's own program has to do without"
        yield by_hand("use what has taken its place", f"upgrade the package whose file the error names{use}")
    yield _back(facts, row.distribution, taken)


def _package_of(facts: Snapshot, asking: str) -> str:
    """The distribution to upgrade; empty where none is known: what asks may be one's own train.py, and `train` somebody else's package."""
    installed = installed_for(facts, asking)
    if installed is not None:
        return installed.name
    return next((name for name in distributions_of(asking) if is_framework(name) or releases_of(name)), "")


def _back(facts: Snapshot, name: str, taken: str) -> Remedy:
    if name == _PYTHON:
        return by_hand(f"use a Python before {taken}", f"make an environment with a Python before {taken} and install there")
    if name in _NOT_ALONE:
        return by_hand(
            f"go back to {name} before {taken}",
            f"install {name}<{taken} with the companions that belong to it, in an environment of its own",
        )
    return install(facts, f"{name}<{taken}", summary=f"go back to the last {name} that has it", manager=manager_for(facts, name))


RULE = Rule(
    name="name-of-another-release",
    title="A program was written for another release of a package",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            *("environment-passed-over", "framework-absent", "framework-import-fails", "import-failed", "module-not-found"),
            *("requirement-of-package-unmet", "unsupported-call"),
        }
    ),
)
