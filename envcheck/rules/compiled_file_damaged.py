"""compiled-file-damaged: a compiled file of a package is cut, is no library at all, or is gone."""

from collections.abc import Iterator

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_ended_so
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether a compiled file of a package is there and whole: what its own header names has to lie within the file.",
    why="An installation that was interrupted, or that filled the disk, leaves files behind that end in the middle. The loader refuses "
    "them, or maps them and the process dies of SIGBUS when it touches what is not there.",
    example="ImportError: /…/torch/lib/libtorch_python.so: file too short.",
    fix="Make room on the disk, then install the package again, with downloads of its own.",
    ignore_when="Never: the file cannot be loaded.",
    sources=("https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/dl-load.c (file too short, ELF load command past end of file)",),
)
# /…/site-packages/torch/lib/libtorch_python.so is one of torch's
_PACKAGE = regex(r"(?:site|dist)-packages[/\\](?P<package>\w+)(?:\.libs)?[/\\]")


def check(case: Case) -> Iterator[Outcome]:
    """One finding for all damaged files of one package."""
    groups: dict[str, list[Symptom]] = {}
    for symptom in case.said(SymptomKind.FILE_DAMAGED):
        groups.setdefault(_package(symptom), []).append(symptom)
    for package, symptoms in groups.items():
        yield _found(case, package, tuple(symptoms))
    if not groups:
        live = case.facts.live or case.facts.imports
        yield none_ended_so(case.facts, "none met a damaged file") if live else NotApplicable("no program met a damaged file")


def _package(symptom: Symptom) -> str:
    """The import package whose file it is, else who was to load it."""
    inside = _PACKAGE.search(symptom.details.get("library", ""))
    return inside["package"] if inside else speaker_of(symptom)


def _found(case: Case, package: str, symptoms: tuple[Symptom, ...]) -> Found:
    files = tuple(dict.fromkeys(symptom.details["library"] for symptom in symptoms if symptom.details.get("library")))
    first = files[0] if files else "A compiled file"
    more = f", and so {'is another' if len(files) == 2 else f'are {len(files) - 1} others'}" if len(files) > 1 else ""
    installed = installed_for(case.facts, package) if package else None
    remedy = (
        install_again(case.facts, installed, f"install {installed.name} again")
        if installed is not None
        else by_hand("install the package again that the file belongs to", "first make room on the disk, where it is full")
    )
    return Found(
        subject=package or first.rpartition("/")[2],
        message=f"{first} {_state(symptoms[0])}{more}.",
        severity=Severity.ERROR,
        evidence=tuple(dict.fromkeys(map(spoken, symptoms))),
        remedies=(remedy,),
        symptoms=symptoms,
        about=_concerned(package, symptoms),
    )


def _state(symptom: Symptom) -> str:
    if symptom.details.get("reason") == "absent":
        return "is missing, though it is in the list of the files that its package was installed with"
    return "is damaged: it ends before what its own header names, or is no library at all"


def _concerned(package: str, symptoms: tuple[Symptom, ...]) -> tuple[str, ...]:
    """The package itself, and those whose import met the file."""
    names = dict.fromkeys(filter(None, (package, *(symptom.subject for symptom in symptoms))))
    return tuple(each for name in names for each in (name, *distributions_of(name)))


RULE = Rule(
    name="compiled-file-damaged",
    title="A compiled file is damaged",
    area=Area.PACKAGES,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-crashes", "framework-import-fails", "import-failed", "file-damaged"}),
)
