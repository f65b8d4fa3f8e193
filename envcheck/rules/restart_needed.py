"""restart-needed: a notebook or program still runs with what it loaded before another version was installed."""

import re
from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.environments import line_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import listed
from envcheck.knowledge.frameworks import distributions_of, import_of, is_framework
from envcheck.knowledge.versions import release
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether a notebook says, or shows by the versions it prints, that it still has loaded what was there before an installation.",
    why="Python loads a module once. What is installed later lies on the disk, while the running kernel goes on with the old one, or with "
    "parts of both: compiled modules then meet another version than they were made for, and the errors look like a broken installation.",
    example="WARNING: The following packages were previously imported in this runtime: [numpy]. You must restart the runtime in order to "
    "use newly installed versions.",
    fix="Restart the kernel or runtime (not delete it: that takes the installed packages away), and run the cells from the top.",
    ignore_when="The packages that are named are not used after the installation.",
    sources=(
        "https://ipython.readthedocs.io/en/stable/interactive/magics.html#magic-pip",
        "https://docs.python.org/3/library/importlib.html#importlib.reload",
        "https://research.google.com/colaboratory/faq.html",
    ),
)

_FACT = regex(r"packages\[([a-z0-9-]{1,80})\]\.version")
_ERRORS = (
    SymptomKind.ABI_MISMATCH,
    SymptomKind.IMPORT_FAILED,
    SymptomKind.UNSUPPORTED_CALL,
    SymptomKind.UNDEFINED_SYMBOL,
    SymptomKind.VERSION_CONFLICT,
)
_COMPANY = frozenset(
    ("numpy", "pandas", "scipy", "torch", "torchvision", "torchaudio", "tensorflow", "jax", "jaxlib", "transformers", "keras", "sklearn")
)


class _Stale(msgspec.Struct, frozen=True):
    """A distribution whose loaded version is another than the installed one."""

    name: str
    installed: str
    loaded: str
    proof: Proof


def check(case: Case) -> Iterator[Outcome]:
    """A note that stands after every installation says nothing; one that names packages, or versions that differ, do."""
    said = tuple(case.said(SymptomKind.RESTART_ADVISED))
    advised = tuple(symptom for symptom in said if symptom.details.get("reason") != "session")
    stale = tuple(_stale(case.facts))
    changed = _changed_in_session(case, said, stale)
    named = tuple(dict.fromkeys(name for symptom in advised for name in _packages(symptom)))
    if named or (stale and (advised or _is_notebook(case.facts))):
        yield _found(case, advised, named, stale)
    elif changed is not None:
        yield changed
    elif stale:
        what = f"{stale[0].name} {stale[0].loaded} was printed after {stale[0].installed} was installed"
        yield NotEvaluated(
            stale[0].name, f"{what}: a running program or another Python", ("whether both were in one notebook or terminal",)
        )
    elif advised and (loaded := _loaded_as_installed(case.facts, advised)):
        yield Passed(loaded, "it is loaded as it is installed")
    elif advised:
        yield NotApplicable("the note stands after every installation; nothing shows that another version is loaded")
    else:
        yield NotApplicable("nothing was installed while a program ran, as far as is told")


def _loaded_as_installed(facts: Snapshot, advised: tuple[Symptom, ...]) -> str:
    """What a program printed as its version below the note, where that is the installed one."""
    noted = max(line_of(symptom.source) for symptom in advised)
    for name, build in facts.builds.items():
        package = facts.package(distributions_of(name)[0])
        below = line_of(facts.source_of(f"builds[{name}].version")) > noted
        if not below or package is None or not isinstance(package.version, str) or not isinstance(build.version, str):
            continue
        if release(package.version) == release(build.version):
            return f"{name} {build.version}"
    return ""


def _changed_in_session(case: Case, said: tuple[Symptom, ...], stale: tuple[_Stale, ...]) -> Found | None:
    """An installer that ran in a program that had the package loaded; it counts where the old version, or an error, came after it."""
    for symptom in (each for each in said if each.details.get("reason") == "session"):
        came = symptom.details["installed"].split()
        names = tuple(name for name in symptom.details["loaded"].split() if any(each in came for each in distributions_of(name)))
        old = tuple(entry for entry in stale if import_of(entry.name) in names)
        concerned = _concerned(names, old)
        after = [each for each in case.said(*_ERRORS) if _is_about(each, concerned) and line_of(each.source) > line_of(symptom.source)]
        if names and (old or after):
            found = _found(case, (symptom,), names, old)
            confirm = ("after a restart of the program the new version is there",)
            return msgspec.structs.replace(found, certainty=Certainty.LIKELY, would_confirm=confirm)
    return None


def _packages(symptom: Symptom) -> list[str]:
    return [word for word in re.split(r"[,\s]+", symptom.details.get("packages", "")) if word]


def _is_notebook(facts: Snapshot) -> bool:
    return isinstance(facts.python.service, str) or known(facts.python.environment, "") == "colab"


def _stale(facts: Snapshot) -> Iterator[_Stale]:
    """What a Python printed as its version below the line that installed another one."""
    for other in facts.contradictions:
        found = _FACT.fullmatch(other.fact)
        package = facts.package(found[1]) if found else None
        if found is None or package is None or not isinstance(package.version, str):
            continue
        later = 0 < line_of(facts.source_of(other.fact)) < line_of(other.source)
        if later and release(other.value) != release(package.version):
            yield _Stale(found[1], package.version, other.value, Proof(fact=other.fact, value=other.value, source=other.source))


def _found(case: Case, advised: tuple[Symptom, ...], named: tuple[str, ...], stale: tuple[_Stale, ...]) -> Found:
    concerned = _concerned(named, stale)
    errors = tuple(symptom for symptom in case.said(*_ERRORS) if _is_about(symptom, concerned))
    noted = min((line_of(symptom.source) for symptom in advised), default=0)
    after = tuple(symptom for symptom in errors if line_of(symptom.source) > noted)
    names = [entry.name for entry in stale] or list(named)
    if stale:
        first = stale[0]
        message = f"{first.name} {first.loaded} is still loaded, although {first.installed} is installed: the program has to be restarted."
    else:
        message = f"This runtime has loaded {listed(names)} in other versions than are now installed: it has to be restarted."
    return Found(
        listed(names, 3),
        message,
        severity=_severity(concerned, stale, errors, after),
        certainty=Certainty.CERTAIN if named or advised else Certainty.LIKELY,
        evidence=(*map(spoken, advised), *(entry.proof for entry in stale), *map(spoken, after)),
        would_confirm=() if named or advised else ("the installation and the version were printed in one notebook",),
        remedies=(_remedy(case.facts, advised),),
        symptoms=(*advised, *after),
        about=concerned,
    )


def _severity(concerned: tuple[str, ...], stale: tuple[_Stale, ...], errors: tuple[Symptom, ...], after: tuple[Symptom, ...]) -> Severity:
    """An error that was there before the installation is what it was meant to mend."""
    if stale or after:
        return Severity.ERROR
    return Severity.WARNING if not errors and any(name in _COMPANY or is_framework(name) for name in concerned) else Severity.INFO


def _concerned(named: tuple[str, ...], stale: tuple[_Stale, ...]) -> tuple[str, ...]:
    names = [*named, *(import_of(entry.name) for entry in stale), *(entry.name for entry in stale)]
    return tuple(dict.fromkeys([*names, *(distribution for name in named for distribution in distributions_of(name))]))


def _is_about(symptom: Symptom, concerned: tuple[str, ...]) -> bool:
    """Whether one of them is named: by the speaker, the module, the package, or what it does not fit."""
    details = symptom.details
    told = [speaker_of(symptom), *(details.get(key, "") for key in ("module", "between", "package", "name"))]
    return any(word.partition(".")[0].partition("::")[0] in concerned for word in told if word)


def _remedy(facts: Snapshot, advised: tuple[Symptom, ...]) -> Remedy:
    colab = any(symptom.subject == "colab" for symptom in advised) or facts.python.service == "colab"
    first = (
        "in Colab: Runtime > Restart session; Disconnect and delete runtime would take away what was installed"
        if colab
        else "in Jupyter: Kernel > Restart Kernel; elsewhere end the program and start it again"
    )
    return by_hand("restart the runtime, then run from the top", first, "run the imports again; the cell that installs need not run twice")


RULE = Rule(
    name="restart-needed",
    title="A running program has another version loaded",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "abi-mismatch",
            "framework-import-fails",
            "import-failed",
            "numpy-abi-mismatch",
            "numpy2-abi",
            "torch-family-version-mismatch",
            "undefined-symbol",
            "unsupported-call",
        }
    ),
)
