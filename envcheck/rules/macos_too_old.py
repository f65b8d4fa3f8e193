"""macos-too-old: a compiled module was built for a newer macOS than the one that runs."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import imported_without
from envcheck.judging.macs import is_mac, macos_version
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.system_floors import MACOS, Floor, missed_floor
from envcheck.judging.wheel_refusals import Refusal, gather
from envcheck.knowledge.frameworks import distributions_of, import_of
from envcheck.knowledge.versions import is_below, release
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether a library that could not be loaded on a Mac says that it was built for a newer macOS, and whether the wheels that an "
    "installer did not find need one.",
    why="Functions that a later macOS has brought are missing in an older one, and Apple's libraries cannot be replaced one by one. pip "
    "takes a file by the release in its name, which some projects set lower than what they have built for; packages of Homebrew and those "
    "that were built on another Mac are for its release.",
    example="Symbol not found: _cblas_caxpy$NEWLAPACK, Referenced from: _fblas.cpython-311-darwin.so (built for macOS 13.3 which is newer "
    "than running OS), on macOS 12.7.",
    fix="Update macOS, or install a release or a build of the package that was made for this one.",
    ignore_when="Never: the module cannot be loaded.",
    sources=(
        "https://developer.apple.com/documentation/accelerate/blas/",
        "https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/",
        "https://github.com/apple-oss-distributions/dyld",
    ),
)

# What belongs to macOS itself.
_OF_MACOS = ("/System/Library/", "/usr/lib/")


def check(case: Case) -> Iterator[Outcome]:
    """One finding for all that was missed: there is one macOS."""
    facts = case.facts
    missed = tuple(case.said(SymptomKind.UNDEFINED_SYMBOL))
    built = tuple(symptom for symptom in missed if "macos" in symptom.details)
    refused = [
        (refusal, floor)
        for refusal in gather(tuple(case.said(SymptomKind.NO_MATCHING_DISTRIBUTION)))
        if (floor := missed_floor(facts, refusal)) is not None and floor.system == MACOS
    ]
    if built:
        yield _judge(case, built)
    elif refused:
        for refusal, floor in refused:
            yield _not_installable(case, refusal, floor)
    elif any(symptom.details.get("library", "").startswith(_OF_MACOS) for symptom in missed):
        needs = ("the whole error, with the line Referenced from", "sw_vers")
        yield NotEvaluated("macOS", "a function of macOS is missing, and for which release the library was built is not told", needs)
    elif is_mac(facts):
        yield imported_without(facts, "macOS", "no import missed a function of it", "no library missed a function of macOS")
    else:
        yield NotApplicable("this is no Mac, as far as is known")


def _judge(case: Case, symptoms: tuple[Symptom, ...]) -> Outcome:
    """Older loaders name the release that a library is for; newer ones say that it is too new."""
    have = macos_version(case.facts)
    need = max((symptom.details["macos"] for symptom in symptoms), key=release)
    told = any("newer" in symptom.details for symptom in symptoms)
    below = have is not None and is_below(have, need)
    if have is not None and not below and not told:
        return NotEvaluated("macOS", f"it is {have}, and the library is for {need}: why its function is missing is not known")
    return _found(case, symptoms, need, have if below else None, sure=below or (told and have is None))


def _found(case: Case, symptoms: tuple[Symptom, ...], need: str, have: str | None, *, sure: bool) -> Found:
    facts = case.facts
    who = speaker_of(symptoms[0])
    what = who or symptoms[0].details.get("needed_by", "").rpartition("/")[2] or "A library"
    evidence = [spoken(symptom) for symptom in symptoms]
    if have is not None:
        evidence.append(case.proof("system.distribution_version", have))
    return Found(
        f"macOS {have or ''}".rstrip(),
        f"{what} is built for macOS {need}, and {f'this is {have}' if have else 'the one that runs is older'}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else ("sw_vers shows an older release",),
        remedies=_remedies(facts, need, who),
        symptoms=symptoms,
        about=tuple(dict.fromkeys(filter(None, map(speaker_of, symptoms)))),
    )


def _not_installable(case: Case, refusal: Refusal, floor: Floor) -> Found:
    """An installer passes over the wheels for a newer macOS, as if they did not exist."""
    facts = case.facts
    wanted = f"{refusal.name}=={refusal.too_new}"
    older = install(facts, wanted, summary=f"install {wanted}, which has a wheel for this macOS", manager=manager_for(facts, refusal.name))
    return Found(
        f"macOS {floor.have}",
        f"The wheels of {refusal.asked} need macOS {floor.need}, and this is {floor.have}, so that none was found for it.",
        certainty=Certainty.CERTAIN if floor.sure else Certainty.LIKELY,
        evidence=(*map(spoken, refusal.symptoms), *floor.evidence),
        would_confirm=() if floor.sure else ("sw_vers", "python -m pip debug --verbose lists no tag that a file of this release has"),
        remedies=(_update(floor.need), *((older,) if refusal.too_new else ())),
        symptoms=tuple(refusal.symptoms),
        about=(refusal.name, import_of(refusal.name)),
    )


def _update(need: str) -> Remedy:
    return by_hand(
        f"update macOS to {need} or newer",
        "see what Apple offers for this Mac:",
        Step(run=("softwareupdate", "--list-full-installers")),
        f"choose {need} or newer in System Settings, General, Software Update",
    )


def _remedies(facts: Snapshot, need: str, who: str) -> tuple[Remedy, ...]:
    package = distributions_of(who)[0] if who else "the package"
    installed = facts.package(package)
    version = f" {installed.version}" if installed is not None and known(installed.version, "") else ""
    older = by_hand(
        f"install a build of {package} for this macOS",
        f"install an older release than this{version}, whose file names this macOS (macosx_12_0), or conda-forge's build of it",
        "what was built here or by Homebrew: build or install it again on this Mac",
    )
    return (_update(need), older)


RULE = Rule(
    name="macos-too-old",
    title="A library was built for a newer macOS",
    area=Area.SYSTEM,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "compiled-extension-torch-abi-mismatch",
            "framework-import-fails",
            "import-failed",
            "no-wheel-for-python",
            "torch-family-version-mismatch",
        }
    ),
)
