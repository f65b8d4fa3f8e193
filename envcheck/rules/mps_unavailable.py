"""mps-unavailable: torch has no Metal device on this Mac, or not the part of it that a program asks for."""

from collections.abc import Iterator
from functools import partial

from envcheck.facts.snapshot import Build, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.macs import apple_chip, has_intel_chip, is_mac, macos_version, x86_python
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import torch_build
from envcheck.knowledge.metal import newest_need, oldest_macos
from envcheck.knowledge.versions import is_below
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether torch can use a Mac's GPU through Metal (its device mps), where a program asks for it or the Mac has an Apple chip.",
    why="MPS needs a release of macOS that has the Metal functions torch was built for (12.3 for the first ones, 14 for bfloat16 and for "
    "current releases), a torch with MPS in it (1.12 or newer), and a GPU that Metal computes on: Apple's own, or AMD's in an Intel Mac.",
    example="The MPS backend is supported on MacOS 12.3+. Current OS version can be queried using `sw_vers`.",
    fix="Update macOS, or install a torch with MPS under a Python for this Mac's processor. Where neither can be had, compute on the CPU.",
    ignore_when="The program is meant to compute on the CPU.",
    sources=(
        "https://developer.apple.com/metal/pytorch/",
        "https://docs.pytorch.org/docs/stable/notes/mps.html",
        "https://pytorch.org/blog/introducing-accelerated-pytorch-training-on-mac/",
    ),
)

_SUBJECT = "MPS"


def check(case: Case) -> Iterator[Outcome]:
    """Words of torch's first, then its answers, then macOS's version against what every torch with MPS needs."""
    facts = case.facts
    said = tuple(filter(_speaks_of_mps, facts.symptoms))
    build = facts.builds.get("torch", Build())
    if not is_mac(facts):
        yield from _elsewhere(facts, said)
    elif said or build.mps_available is False:
        yield _judged(facts, said)
    elif build.mps_available is True:
        yield Passed(_SUBJECT, "torch reaches the GPU")
    elif torch_build(facts) is None:
        yield NotApplicable("no torch is known to be installed")
    elif has_intel_chip(facts) or (apple_chip(facts) is None and known(facts.system.machine, "") != "arm64"):
        yield NotApplicable("no program asks for MPS")
    else:
        yield _by_version(facts)


def _speaks_of_mps(symptom: Symptom) -> bool:
    details = symptom.details
    if symptom.kind is SymptomKind.VERSION_CONFLICT:
        return details.get("package") == "macos" and symptom.subject in ("", "torch")
    if symptom.kind is SymptomKind.NOT_COMPILED_WITH:
        return details.get("feature", "").lower() == "mps"
    return symptom.kind is SymptomKind.DEVICE_NOT_FOUND and details.get("backend") == "mps"


def _elsewhere(facts: Snapshot, said: tuple[Symptom, ...]) -> Iterator[Outcome]:
    system = known(facts.system.os, "")
    refused = tuple(symptom for symptom in said if symptom.kind is SymptomKind.NOT_COMPILED_WITH)
    if system and refused:
        yield Found(
            _SUBJECT,
            f"The program asks for the device mps, which torch has on macOS only; this is {system}.",
            evidence=(*map(spoken, refused), Proof(fact="system.os", value=system, source=facts.source_of("system.os"))),
            remedies=(by_hand("use a device of this machine", "ask for cuda, xpu or cpu in place of mps"),),
            symptoms=refused,
            about=("torch",),
        )
    elif said and not system:
        yield _judged(facts, said)
    else:
        yield NotApplicable("MPS is a matter of macOS")


def _judged(facts: Snapshot, said: tuple[Symptom, ...]) -> Outcome:
    """The reason why there is no MPS, by what is known: the newest release that is asked for, the build, the GPU."""
    build, version = facts.builds.get("torch", Build()), macos_version(facts)
    needs = _newer(_needed(said), oldest_macos(_torch_version(facts)))
    not_built = tuple(symptom for symptom in said if symptom.kind is SymptomKind.NOT_COMPILED_WITH)
    find = partial(_found, facts, said)
    if version is not None and is_below(version, needs):
        return find(f"macOS {version} is too old for this: MPS needs macOS {needs} or newer.", Certainty.CERTAIN, _update(needs))
    if not_built or build.mps_built is False:
        return find("The installed torch has no MPS in it.", Certainty.CERTAIN, _reinstall(facts))
    if x86_python(facts) is not None and not has_intel_chip(facts) and apple_chip(facts) is not None:
        return find("torch has no MPS device: it is an Intel build under Rosetta.", Certainty.CERTAIN, _reinstall(facts))
    if has_intel_chip(facts):
        if any(card.vendor == "amd" for card in facts.accelerators):
            return find("torch has no MPS device on this Intel Mac, though it has an AMD GPU.", Certainty.LIKELY, _update(needs))
        return find(
            "torch has no MPS device: this Mac has an Intel processor and no AMD GPU is known of.", Certainty.LIKELY, _compute_on_cpu()
        )
    if version is None:
        return (
            find(f"torch says that macOS is too old for MPS: it needs macOS {needs} or newer.", Certainty.LIKELY, _update(needs))
            if said
            else (find("torch has no MPS device, and macOS's version is not known.", Certainty.LIKELY, _update(needs)))
        )
    if isinstance(facts.system.virtual_machine, str):
        return find("torch has no MPS device in this virtual machine.", Certainty.LIKELY, _compute_on_cpu())
    newest = newest_need()
    if torch_build(facts) is None and is_below(version, newest):
        return find(
            f"macOS {version} seems too old for this torch: releases of today need {newest} for MPS, whatever their words say.",
            Certainty.LIKELY,
            _update(newest),
        )
    return find(f"torch has no MPS device, though macOS {version} is new enough.", Certainty.LIKELY, _reinstall(facts))


def _by_version(facts: Snapshot) -> Outcome:
    """Nobody has asked for it: macOS's own version tells whether there is any."""
    version, needs = macos_version(facts), oldest_macos(_torch_version(facts))
    if version is None:
        return NotEvaluated(_SUBJECT, "macOS's version is not known", ("sw_vers",))
    if is_below(_torch_version(facts), "1.12"):
        return NotApplicable("torch has had MPS since 1.12")
    if is_below(version, needs):
        return _found(
            facts, (), f"macOS {version} is too old for MPS: torch needs macOS {needs} or newer for it.", Certainty.CERTAIN, _update(needs)
        )
    return Passed(_SUBJECT, f"macOS {version}, {needs} needed")


def _needed(said: tuple[Symptom, ...]) -> str | None:
    """The newest release that the words ask for."""
    asked = [symptom.details.get("need", "").lstrip(">=") for symptom in said if symptom.kind is SymptomKind.VERSION_CONFLICT]
    newest = None
    for release in filter(None, asked):
        newest = release if newest is None or is_below(newest, release) else newest
    return newest


def _newer(asked: str | None, needed: str) -> str:
    """Torch's own words have named an older release than its code asks for."""
    return needed if asked is None or is_below(asked, needed) else asked


def _torch_version(facts: Snapshot) -> str:
    build = torch_build(facts)
    return build.version if build is not None and build.version else "1.12"


def _found(facts: Snapshot, said: tuple[Symptom, ...], message: str, certainty: Certainty, remedy: Remedy) -> Found:
    evidence = [spoken(symptom) for symptom in said]
    version, build, chip = macos_version(facts), torch_build(facts), apple_chip(facts)
    if version is not None:
        evidence.append(Proof(fact="system.distribution_version", value=version, source=facts.source_of("system.distribution_version")))
    if facts.builds.get("torch", Build()).mps_available is False:
        fact = "builds[torch].mps_available"
        evidence.append(Proof(fact=fact, value="false", source=facts.source_of(fact)))
    if build is not None and build.version:
        evidence.append(Proof(fact=build.fact, value=build.version, source=facts.source_of(build.fact)))
    asked = bool(said) or facts.builds.get("torch", Build()).mps_available is False
    return Found(
        _SUBJECT,
        message,
        severity=Severity.ERROR if asked else Severity.WARNING,
        certainty=certainty,
        evidence=(*evidence, *((chip,) if chip is not None else ())),
        would_confirm=()
        if certainty is Certainty.CERTAIN
        else ('python -c "import torch; print(torch.backends.mps.is_built(), torch.backends.mps.is_available())"', "sw_vers"),
        remedies=(remedy,),
        symptoms=said,
        about=("torch",),
    )


def _update(needs: str) -> Remedy:
    return by_hand(
        f"update macOS to {needs} or newer",
        "see what Apple offers for this Mac:",
        Step(run=("softwareupdate", "--list-full-installers")),
        f'choose {needs} or newer in System Settings, General, Software Update; where this Mac gets none, compute on the CPU: device="cpu"',
    )


def _reinstall(facts: Snapshot) -> Remedy:
    """One wheel on PyPI has CPU and MPS; there is no index of its own for it."""
    if x86_python(facts) is not None and not has_intel_chip(facts):
        return by_hand(
            "install torch again under a Python for arm64",
            "make a new environment with a Python for arm64 (Miniforge, or the installer of python.org)",
            "install torch there; the wheel for Apple silicon has MPS in it",
        )
    return install(facts, "torch>=1.12", summary="install a torch with MPS", manager=manager_for(facts, "torch"), reinstall=True)


def _compute_on_cpu() -> Remedy:
    return by_hand("compute on the CPU", 'use device="cpu": this Mac has no GPU that torch computes on')


RULE = Rule(
    name="mps-unavailable",
    title="torch cannot use this Mac's GPU",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=frozenset({"device-not-found", "gpu-missing"}),
)
