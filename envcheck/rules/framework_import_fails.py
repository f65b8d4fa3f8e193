"""framework-import-fails: an installed framework raises when it is imported."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Import, Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_tried
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, one_line, titled
from envcheck.knowledge.frameworks import FRAMEWORKS, distributions_of, installed_for
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the frameworks that are installed can be imported, each in a process of its own.",
    why="A package manager's list says what was installed, not what works. Whatever is wrong underneath, with libraries, versions or "
    "files, ends here.",
    example="import torch raises ImportError: libcudart.so.13: cannot open shared object file.",
    fix="Look at the cause that the report names before this finding. Where it names none, the words of the exception are all that is "
    "known, and installing the framework again is the first thing to try.",
    ignore_when="The framework is not used in this environment; removing it is then better.",
    sources=("https://docs.python.org/3/library/exceptions.html#ImportError",),
)

# `/…/site-packages/numpy/core/x.py:33 in f` names the package that is really at fault.
_FOLDER = regex(r"(?:site|dist)-packages[/\\](?P<package>[^/\\.]+)")

_END_OF_NAME = regex(r"[^A-Za-z0-9._-]")


def check(case: Case) -> Iterator[Outcome]:
    """One finding per framework; other rules explain it by its symptoms."""
    outcomes = [outcome for entry in case.facts.imports if (outcome := _judge(case, entry)) is not None]
    yield from outcomes or [_nothing_judged(case.facts)]


def _judge(case: Case, entry: Import) -> Outcome | None:
    """None: how this import ended is another rule's subject."""
    package = installed_for(case.facts, entry.name)
    if entry.status == "failed" or (entry.status == "absent" and package is not None):
        return _finding(case, entry, package)
    return Passed(f"import {entry.name}", titled(entry.name, entry.version)) if entry.status == "imported" else None


def _nothing_judged(facts: Snapshot) -> Outcome:
    if facts.imports:
        return NotApplicable("no import that was tried came back; see framework-import-crashes, framework-import-hangs, framework-absent")
    return none_tried(facts)


def _finding(case: Case, entry: Import, package: Package | None) -> Found:
    symptoms = _said_of(case.facts, entry)
    said = one_line("\n".join(symptom.text for symptom in symptoms if symptom.kind is not SymptomKind.FILE_DAMAGED or len(symptoms) == 1))
    name, roots = _subject(case.facts, entry), _follows(case.facts, entry, symptoms)
    if entry.status == "absent":
        message = f"{name} is listed as installed, but there is no module {entry.name} to import"
    else:
        message = f"import {entry.name} fails{': ' + said if said else ' and says nothing'}"
    return Found(
        subject=name,
        message=full_stop(message),
        severity=Severity.ERROR,
        evidence=(case.proof(f"imports[{entry.name}].status", entry.status), *(spoken(symptom) for symptom in symptoms)),
        remedies=() if roots else (_remedy(case.facts, entry, package, symptoms),),
        symptoms=symptoms,
        about=(entry.name, *distributions_of(entry.name), *_named(symptoms)),
        follows=tuple(_subject(case.facts, root) for root in roots),
    )


def _subject(facts: Snapshot, entry: Import) -> str:
    package = installed_for(facts, entry.name)
    return titled(package.name, package.version) if package else entry.name


def _follows(facts: Snapshot, entry: Import, symptoms: tuple[Symptom, ...]) -> list[Import]:
    """The packages that this one imports and that cannot be imported by themselves: its words are theirs."""
    named = _named(symptoms)
    failed = [other for other in facts.imports if other.status == "failed" and other.name != entry.name and other.name in named]
    return [
        other
        for other in failed
        if _is_at_fault(other.name, symptoms, _said_of(facts, other)) and entry.name not in _named(_said_of(facts, other))
    ]


def _is_at_fault(name: str, symptoms: tuple[Symptom, ...], own: tuple[Symptom, ...]) -> bool:
    """One of its modules is missing, its own import ends in the same words, or its code is where the exception was raised."""
    alike = {(symptom.kind, one_line(symptom.text)) for symptom in own} & {(symptom.kind, one_line(symptom.text)) for symptom in symptoms}
    tops = {symptom.details.get("module", "").partition(".")[0] for symptom in symptoms}
    frames = {found["package"] for symptom in symptoms for found in _FOLDER.finditer(symptom.details.get("frame", ""))}
    return bool(alike) or name in tops | frames


def _said_of(facts: Snapshot, entry: Import) -> tuple[Symptom, ...]:
    return tuple(symptom for symptom in facts.symptoms if symptom.subject == entry.name)


def _named(symptoms: tuple[Symptom, ...]) -> tuple[str, ...]:
    """Every package that the words name: the one at fault may be another than the one that was imported."""
    names: list[str] = []
    for symptom in symptoms:
        for key in ("module", "package", "between"):
            top = symptom.details.get(key, "").partition(".")[0]
            names += [top, *distributions_of(top)] if top else []
        for found in _FOLDER.finditer(" ".join((*symptom.details.values(), symptom.text))):
            names += [found["package"], *distributions_of(found["package"])]
    return tuple(dict.fromkeys(names))


def _remedy(facts: Snapshot, entry: Import, package: Package | None, symptoms: tuple[Symptom, ...]) -> Remedy:
    """A missing module is installed; anything else is tried again from a clean installation."""
    missing = next((each.details["module"].partition(".")[0] for each in symptoms if _misses_another(each, entry.name)), "")
    if missing:
        return _bring(facts, missing, package)
    if package is None:
        return by_hand(
            f"find out where {entry.name} is imported from",
            Step(
                run=(
                    known(facts.python.executable, "python"),
                    "-c",
                    f"import importlib.util; print(importlib.util.find_spec({entry.name!r}))",
                )
            ),
        )
    return install_again(facts, package, f"install {package.name} again")


def _bring(facts: Snapshot, module: str, package: Package | None) -> Remedy:
    """A module's name is not that of a distribution: only one that is known, or that the framework itself names, is installed."""
    there = installed_for(facts, module)
    if there is not None:
        return install_again(facts, there, f"install {there.name} again")
    lines = known(package.requires, ()) if package else ()
    named = {_END_OF_NAME.split(line, maxsplit=1)[0].lower().replace("_", "-") for line in lines}
    distribution = distributions_of(module)[0]
    if module in FRAMEWORKS or distribution in named:
        return install(facts, distribution, summary=f"install {distribution}", manager=manager_for(facts, distribution))
    return by_hand(f"find out which distribution brings the module {module}, and install it")


def _misses_another(symptom: Symptom, name: str) -> bool:
    """A module of another package is missing; one of the framework's own means that its files are damaged."""
    module = symptom.details.get("module", "")
    return symptom.kind is SymptomKind.MODULE_NOT_FOUND and bool(module) and module.partition(".")[0] != name


RULE = Rule(
    name="framework-import-fails",
    title="A framework cannot be imported",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
)
