"""no-wheel-for-python: an installer finds no file of a package for this Python or this platform."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Rule
from envcheck.judging.system_floors import Floor, has_other_processors_only, missed_floor
from envcheck.judging.wheel_refusals import Refusal, asked_for, gather, platform_in, pythons_of_tags, same_machine
from envcheck.judging.wording import listed
from envcheck.knowledge.frameworks import import_of
from envcheck.knowledge.python_wheels import Platform, has_wheels_for, is_listed, newest_for, platform_of, pythons_of
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.torch import WHEEL_INDEX
from envcheck.knowledge.versions import is_below, local_tag, release, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether pip, uv, conda or poetry said that there is no file of a package for this Python, and which Python or release has one.",
    why="Packages with compiled parts are published as one file for each Python and platform. A Python that is too new or too old, a "
    "32-bit one, or a platform that the project does not build for, has none, and pip then speaks as if the version did not exist.",
    example="Could not find a version that satisfies the requirement torch==1.13.1 (from versions: 2.0.0, 2.0.1), with Python 3.11.",
    fix="Make an environment with a 64-bit Python that the release has wheels for, or install a release that has one for this Python.",
    ignore_when="The package was found after all, by another index or from source.",
    sources=(
        "https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/",
        "https://pypi.org/project/torch/#files",
        "https://docs.astral.sh/uv/concepts/resolution/",
    ),
)

_USUAL = "3.12"  # every framework of the tables has wheels for it
_NEEDS = ('python -c "import platform, struct; print(platform.python_version(), platform.machine(), struct.calcsize(chr(80)) * 8)"',)
_OF_PYTORCH = ("torch", "torchvision", "torchaudio")
_TAGS = "python -m pip debug --verbose lists no tag that a file of this release has"


class _Verdict(msgspec.Struct, frozen=True):
    """Why there is no file; `pythons` are those that have one, `version` a release with one for this Python, `index` where it is.

    `system`: what has one is another system, and no other Python.
    """

    message: str
    sure: bool = True
    pythons: tuple[str, ...] = ()
    version: str = ""
    index: str = ""
    bits: bool = False
    system: str = ""
    for_jax: bool = False  # what has taken the place of jaxlib's builds for CUDA
    evidence: tuple[Proof, ...] = msgspec.field(default=())


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each package; an index that could not be reached says nothing of what it has."""
    refusals = gather(tuple(case.said(SymptomKind.NO_MATCHING_DISTRIBUTION)))
    turned_down = [symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if _refuses_python(symptom)]
    if not refusals and not turned_down:
        asked = asked_for(case.facts)
        yield from (_asked_for(case, refusal) for refusal in asked)
        if not asked:
            yield NotApplicable("no installer said that it found nothing")
    unreachable = any(case.said(SymptomKind.DOWNLOAD_FAILED))
    ignored = tuple(symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if _was_passed_over(symptom))
    for refusal in refusals:
        if unreachable and not refusal.offered and not refusal.what and case.facts.python.bits != 32:
            yield NotEvaluated(
                refusal.asked, "the index could not be reached, so that what it has is not known", ("the same with a network",)
            )
        else:
            yield _found(case, refusal, _verdict(case, refusal), ignored)
    for symptom in turned_down:
        yield _turned_down(case, symptom)


def _asked_for(case: Case, refusal: Refusal) -> Found:
    """Nobody shows what the installer said to it."""
    verdict = _verdict(case, refusal)
    asked = case.proof(f"packages[{refusal.name}].{'version' if refusal.exact else 'channel'}", refusal.exact or "asked for")
    return _found(case, refusal, replace(verdict, sure=False, evidence=(asked, *verdict.evidence)), ())


def _refuses_python(symptom: Symptom) -> bool:
    return symptom.details.get("package") == "python" and "have" in symptom.details and "by" in symptom.details


def _was_passed_over(symptom: Symptom) -> bool:
    return symptom.details.get("package") == "python" and "have" not in symptom.details


def _verdict(case: Case, refusal: Refusal) -> _Verdict:
    facts = case.facts
    python = known(facts.python.version, "") or next(iter(pythons_of_tags([refusal.have])), "")
    here = f"Python {series(python)}" if python else "this Python"
    if facts.python.bits == 32:
        return _Verdict(
            f"{refusal.name} has no wheels for 32-bit Pythons, and {here} is one.",
            bits=True,
            pythons=_pythons(refusal, Platform("windows", "amd64")),
            evidence=(case.proof("python.bits", 32),),
        )
    if (floor := missed_floor(facts, refusal)) is not None:
        return _of_system(refusal, floor, here)
    if refusal.wheel:
        return _of_file(case, refusal, python)
    if refusal.what or refusal.need:
        return _of_tags(case, refusal, python, here)
    return _of_list(case, refusal, python, here) if refusal.offered else _of_tables(case, refusal, python, here)


def _of_system(refusal: Refusal, floor: Floor, here: str) -> _Verdict:
    """There is one for this Python, on a newer system."""
    message = f"{refusal.asked} has no wheel for {floor.system} {floor.have}: its own need {floor.need} or newer, whatever the Python."
    if not refusal.what and not refusal.wheel:
        message = f"{refusal.asked} has a wheel for {here}, but for {floor.system} {floor.need} or newer, and this system has {floor.have}."
    needs = f"a system with {floor.system} {floor.need} or newer"
    return _Verdict(message, sure=floor.sure, version=refusal.too_new, system=needs, evidence=floor.evidence)


def _of_file(case: Case, refusal: Refusal, python: str) -> _Verdict:
    """A wheel that was named itself: its name tells what it is for."""
    wanted = pythons_of_tags((refusal.wheel["python"],))
    os, machine = platform_in(refusal.wheel["platform"])
    here = platform_of(case.facts)
    if wanted and python and refusal.wheel["abi"] != "abi3" and series(python) not in wanted:
        message = f"The file is {refusal.asked} for Python {listed(wanted)}, and this is Python {series(python)}."
        return _Verdict(message, pythons=wanted, evidence=_proofs(case, "python.version"))
    if (os and here.os and os != here.os) or (machine and here.machine and not same_machine(machine, here.machine)):
        message = f"The file is {refusal.asked} for {refusal.wheel['platform']}, which this system is not."
        return _Verdict(message, pythons=wanted, evidence=_proofs(case, "system.os", "system.machine"))
    tags = f"{refusal.wheel['python']} and {refusal.wheel['platform']}"
    return _Verdict(f"The file of {refusal.asked} is for {tags}, which this Python or system is not.", sure=False, pythons=wanted)


def _of_tags(case: Case, refusal: Refusal, python: str, here: str) -> _Verdict:
    """The installer itself said which tag fits nowhere."""
    if refusal.what == "platform":
        has = f"; it has wheels for {listed(refusal.tags)}" if refusal.tags else ""
        mine = refusal.have or "this platform"
        needs = "another processor" if has_other_processors_only(refusal) else "a system that it has wheels for"
        return _Verdict(f"{refusal.asked} has no wheel for {mine}{has}.", version=_for_platform(case.facts, refusal, python), system=needs)
    pythons = pythons_of_tags(refusal.tags) or _pythons(refusal, platform_of(case.facts))
    if refusal.need:
        return _Verdict(f"{refusal.asked} is built for Python {refusal.need}, which is not the one of this environment.", pythons=pythons)
    own = pythons_of_tags([refusal.have])
    free = own and refusal.have.startswith("cp") and refusal.have.endswith("t")
    here = f"{'the free-threaded ' if free else ''}Python {own[0]}" if own else here
    has = f"; it has for {listed(pythons)}" if pythons else ""
    version = newest_for(refusal.name, own[0] if own else python, platform_of(case.facts)) if own or python else None
    return _Verdict(f"{refusal.asked} has no wheel for {here}{has}.", pythons=pythons, version=version or "")


def _for_platform(facts: Snapshot, refusal: Refusal, python: str) -> str:
    """A release for the platform that was told, which may have been dropped by the newest."""
    os, machine = platform_in(refusal.have)
    if not os or not machine or facts.live:
        return ""
    return newest_for(refusal.name, python or _USUAL, Platform(os, machine, "musl" if "musllinux" in refusal.have else "")) or ""


def _of_list(case: Case, refusal: Refusal, python: str, here: str) -> _Verdict:
    """Pip lists only the versions that have a file for this Python: what is asked for lies outside, or in a gap."""
    platform, tag = platform_of(case.facts), local_tag(refusal.exact)
    evidence = _proofs(case, "python.version")
    offered = refusal.offered or ()
    if tag and not any(local_tag(version) for version in offered) and refusal.name in _OF_PYTORCH:
        message = f"{refusal.asked} is not where pip looked: builds with +{tag} are on PyTorch's own index only."
        return _Verdict(message, sure=False, index=f"{WHEEL_INDEX}{tag}", evidence=evidence)
    if tag.startswith("cuda") and refusal.name == "jaxlib" and not any(local_tag(version) for version in offered):
        message = f"{refusal.asked} is not where pip looked: builds with +{tag} are on JAX's own index only, and for Linux only."
        return _Verdict(message, sure=False, for_jax=True, evidence=evidence)
    if refusal.too_old:
        wanted = refusal.asked if refusal.exact else f"{refusal.name} below {refusal.highest}"
        message = f"{wanted} has no wheel for {here}; the oldest that pip found for it is {refusal.too_old}."
        return _Verdict(message, pythons=_pythons(refusal, platform), version=refusal.too_old, evidence=evidence)
    if refusal.too_new and (unserved := _unserved(case, refusal, platform)):
        return replace(unserved, version=refusal.too_new)
    if refusal.too_new:
        pythons = _pythons(refusal, platform)
        decided = bool(pythons and python and series(python) not in pythons)
        wanted = refusal.asked if refusal.exact else f"{refusal.name} from {refusal.lowest} on"
        message = f"{wanted} has no wheel for {here} where pip looked; the newest that it found is {refusal.too_new}."
        return _Verdict(message, sure=decided, pythons=pythons if decided else (), version=refusal.too_new, evidence=evidence)
    message = f"pip found other versions of {refusal.name} for {here}, up to {offered[-1]}, and none that was asked for."
    return _Verdict(message, sure=False, version=offered[-1], evidence=evidence)


def _of_tables(case: Case, refusal: Refusal, python: str, here: str) -> _Verdict:
    """Nothing at all was found; where the tables know the package they tell whether Python or the platform is the reason."""
    platform = platform_of(case.facts)
    if unserved := _unserved(case, refusal, platform):
        return unserved
    pythons, sure = pythons_of(refusal.name, refusal.exact, platform)
    newest = newest_for(refusal.name, python, platform) if python else None
    numbered = [entry for entry in pythons if release(entry)]
    if python and numbered and series(python) not in pythons and (refusal.exact or is_below(max(numbered, key=release), series(python))):
        has = f"{refusal.asked} has no wheel for {here}; it has for {listed(_whole(pythons), 8)}."
        return _Verdict(has, sure=sure, pythons=_whole(pythons), version=newest or "", evidence=_proofs(case, "python.version"))
    message = f"pip found no file of {refusal.asked} for {here} and this system."
    tag = local_tag(refusal.exact) if refusal.name in _OF_PYTORCH else ""
    index = f"{WHEEL_INDEX}{tag}" if tag else ""
    return _Verdict(message, sure=False, pythons=_whole(pythons), index=index, evidence=_proofs(case, "python.version"))


def _unserved(case: Case, refusal: Refusal, platform: Platform) -> _Verdict | None:
    """A platform that none of the package's releases of our time has a wheel for."""
    if not platform.os or not (platform.machine or platform.libc) or not is_listed(refusal.name) or has_wheels_for(refusal.name, platform):
        return None
    on = f" on {platform.machine}" if platform.machine else ""
    where = f"{known(case.facts.system.os, 'Linux')}{on}{' with musl' if platform.libc else ''}"
    evidence = _proofs(case, "system.os", "system.machine", "system.libc", "system.distribution", "system.container_image")
    return _Verdict(f"{refusal.name} has no wheels for {where}.", evidence=evidence)


def _pythons(refusal: Refusal, platform: Platform) -> tuple[str, ...]:
    return _whole(pythons_of(refusal.name, refusal.exact, platform)[0])


def _whole(pythons: tuple[str, ...]) -> tuple[str, ...]:
    """Without the free-threaded builds."""
    return tuple(python for python in pythons if python.replace(".", "").isdigit())


def _proofs(case: Case, *facts: str) -> tuple[Proof, ...]:
    values = {
        "python.version": case.facts.python.version,
        "system.os": case.facts.system.os,
        "system.machine": case.facts.system.machine,
        "system.libc": case.facts.system.libc,
        "system.distribution": case.facts.system.distribution,
        "system.container_image": case.facts.system.container_image,
    }
    return tuple(case.proof(fact, values[fact]) for fact in facts if isinstance(values[fact], str))


def _found(case: Case, refusal: Refusal, verdict: _Verdict, ignored: tuple[Symptom, ...]) -> Found:
    symptoms = (*refusal.symptoms, *ignored)
    return Found(
        refusal.asked,
        verdict.message,
        certainty=Certainty.CERTAIN if verdict.sure else Certainty.LIKELY,
        evidence=(*map(spoken, symptoms), *verdict.evidence),
        would_confirm=() if verdict.sure else (*_NEEDS, _TAGS),
        remedies=_remedies(case.facts, refusal, verdict),
        symptoms=symptoms,
        about=(refusal.name, import_of(refusal.name)),
    )


def _remedies(facts: Snapshot, refusal: Refusal, verdict: _Verdict) -> tuple[Remedy, ...]:
    from envcheck.prescribing.jax import install_with_cuda
    from envcheck.prescribing.required import environment_with, get_python

    own = series(known(facts.python.version, ""))
    others = [entry for entry in verdict.pythons if verdict.bits or entry != own]  # of another platform it may have one for this Python
    python = _USUAL if not others or _USUAL in others else others[-1]
    if verdict.bits:
        return (_larger_python(facts, python),)
    if verdict.for_jax:
        return (install_with_cuda(facts, "", "install JAX with its CUDA plugin, which has taken the place of those builds"),)
    remedies: list[Remedy] = []
    if verdict.index:
        summary = f"install {refusal.asked} from PyTorch's own index"
        remedies.append(install(facts, f"{refusal.name}=={refusal.exact}", summary=summary, index=verdict.index))
    if others or not (verdict.version or verdict.system):
        remedies.append(environment_with(facts, python, get_python(facts, python)))
    if verdict.version:
        wanted = f"{refusal.name}=={verdict.version}"
        summary = f"install {wanted}, which has a wheel for this {'system' if verdict.system else 'Python'}"
        remedies.append(install(facts, wanted, summary=summary, manager=manager_for(facts, refusal.name)))
    if verdict.system:
        remedies.append(_elsewhere(refusal, verdict.system))
    return tuple(remedies)


def _elsewhere(refusal: Refusal, system: str) -> Remedy:
    """Another Python has no other wheels."""
    there = f": {listed(refusal.tags)}" if refusal.tags else ""
    return by_hand(
        f"use {system}",
        f"install it on {system}{there}",
        "or look for a build of conda-forge, or of your distribution, for this system",
    )


def _larger_python(facts: Snapshot, python: str) -> Remedy:
    if known(facts.system.os, "Windows") != "Windows":
        return by_hand(
            "use a system and a Python with 64 bits", f"install Python {python} for 64 bits", f"make an environment with {python}"
        )
    return by_hand(
        f"install the 64-bit Python {python} and make the environment again with it",
        "take the Windows installer (64-bit) of https://www.python.org/downloads/windows/, and remove the 32-bit one",
        Step(run=("py", f"-{python}", "-m", "venv", ".venv-64")),
        "install the packages again in it",
    )


def _turned_down(case: Case, symptom: Symptom) -> Found:
    """A package that was found, and refuses this Python by its own word."""
    from envcheck.prescribing.required import environment_with, get_python

    name, have, need = symptom.details["by"], symptom.details["have"], symptom.details.get("need", "another")
    fitting = next((python for python in (_USUAL, "3.11", "3.10", "3.9", "3.13", "3.14") if accepts(need, python)), _USUAL)
    return Found(
        name,
        f"{name} needs Python {need}, and this is Python {have}.",
        evidence=(spoken(symptom),),
        remedies=(environment_with(case.facts, fitting, get_python(case.facts, fitting)),),
        symptoms=(symptom,),
        about=(name.lower(), import_of(name.lower())),
    )


RULE = Rule(
    name="no-wheel-for-python",
    title="A package has no wheel for this Python or platform",
    area=Area.PACKAGES,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "cpu-only-wheel",
            "framework-absent",
            "framework-import-fails",
            "module-not-found",
            "no-matching-distribution",
            "package-missing",
            "python-32-bit",
            "python-end-of-life",
            "python-too-new",
            "python-too-old",
        }
    ),
)
