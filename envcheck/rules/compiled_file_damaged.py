"""compiled-file-damaged: a file of a package is gone, or a compiled one is cut or no library at all."""

from collections.abc import Iterator

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_ended_so
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import listed
from envcheck.knowledge.frameworks import distributions_of, import_of, installed_for
from envcheck.parsers.expression import regex
from envcheck.parsers.python.metadata import normalise
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether the compiled files of a package are there and whole: what its own header names has to lie within the file. Where an "
    "import fails, also whether a file that its words name is gone: the list that the package was installed with (RECORD) has it, and the "
    "disk does not.",
    why="An installation that was interrupted, or that filled the disk, leaves files behind that end in the middle. The loader refuses "
    "them, or maps them and the process dies of SIGBUS when it touches what is not there. A module that is gone reads like a circular "
    "import, or like a package that was never installed, and pip still lists it as installed.",
    example="ImportError: /…/torch/lib/libtorch_python.so: file too short.",
    fix="Make room on the disk, then install the package again, with downloads of its own.",
    ignore_when="Never: the file cannot be loaded.",
    sources=(
        "https://packaging.python.org/en/latest/specifications/recording-installed-packages/",
        "https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/dl-load.c (file too short, ELF load command past end of file)",
    ),
)
_MAX_NAMED = 4
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
    """The import package whose file it is, else who was to load it. Of a lost file its distribution is known."""
    distribution = symptom.details.get("distribution", "").partition(" ")[0]
    if distribution:
        return import_of(normalise(distribution))
    inside = _PACKAGE.search(symptom.details.get("library", ""))
    return inside["package"] if inside else speaker_of(symptom)


def _found(case: Case, package: str, symptoms: tuple[Symptom, ...]) -> Found:
    installed = (installed_for(case.facts, package) or case.facts.package(package)) if package else None
    remedy = (
        install_again(case.facts, installed, f"install {installed.name} again")
        if installed is not None
        else by_hand("install the package again that the file belongs to", "first make room on the disk, where it is full")
    )
    return Found(
        subject=package or next(iter(_files(symptoms)), "A compiled file").rpartition("/")[2],
        message=_lost_words(symptoms) or _words(symptoms),
        severity=Severity.ERROR,
        evidence=tuple(dict.fromkeys(map(spoken, symptoms))),
        remedies=(remedy,),
        symptoms=symptoms,
        about=_concerned(package, symptoms),
    )


def _files(symptoms: tuple[Symptom, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(symptom.details["library"] for symptom in symptoms if symptom.details.get("library")))


def _lost_words(symptoms: tuple[Symptom, ...]) -> str:
    """`numpy 2.4.6 has lost files: numpy/linalg/_linalg.py and 3 more.`; empty where no list of files was compared with the disk."""
    listing = [symptom.details for symptom in symptoms if symptom.details.get("distribution") and symptom.details.get("path")]
    if not listing:
        return ""
    paths = tuple(dict.fromkeys(details["path"] for details in listing))
    counts = [int(details["lost"]) for details in listing if details.get("lost", "").isdecimal()]
    shown = paths[:_MAX_NAMED]
    left = max([len(paths), *counts]) - len(shown)
    names = f"{', '.join(shown)} and {left} more" if left > 0 else listed(shown)
    return f"{listing[0]['distribution']} has lost files: {names}."


def _words(symptoms: tuple[Symptom, ...]) -> str:
    files = _files(symptoms)
    more = f", and so {'is another' if len(files) == 2 else f'are {len(files) - 1} others'}" if len(files) > 1 else ""
    return f"{files[0] if files else 'A compiled file'} {_state(symptoms[0])}{more}."


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
    title="A file of a package is damaged or gone",
    area=Area.PACKAGES,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-crashes", "framework-import-fails", "smoke-test-fails", "import-failed", "file-damaged"}),
)
