"""torch-family-version-mismatch: torchvision or torchaudio does not belong to the installed torch."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.pairs import Need, need_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import NO_PROCEDURE, is_symbol_of_torch, speaker_of
from envcheck.judging.torch_build import torch_build
from envcheck.judging.wording import listed
from envcheck.knowledge.specifiers import pinned_version
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.torch import COMPANIONS, WHEEL_INDEX, companion_of, find_release, find_series, find_unpinned, releases
from envcheck.knowledge.versions import is_below, is_same, is_unfinished, local_tag, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether torchvision, torchaudio and torchtext are of the release, and of the CUDA build, that the installed torch needs.",
    why="They contain compiled operators that only fit the torch that they were built against: else these do not register, or symbols "
    "are missing.",
    example="torch 2.4.0+cu121 beside torchvision 0.20.1+cu124: operator torchvision::nms does not exist.",
    fix="Reinstall the set that belongs together, from one index.",
    ignore_when="Both were built from source against each other.",
    sources=("https://pytorch.org/get-started/previous-versions/", "https://github.com/pytorch/vision README.md (table of versions)"),
)

# torchtext ended with 0.18, so that it stands in no row of a newer torch: what it asks for is in its own metadata.
_FAMILY = (*COMPANIONS, "torchtext")
# torch itself, and what others name their builds of it: pytorch, pytorch-cpu, libtorch, torch-nightly
_TORCHES = ("torch-", "pytorch", "libtorch")


class _Mismatch(msgspec.Struct, frozen=True):
    """What is wrong between torch and one companion; `need` is the fitting version, empty where it is not known."""

    companion: str
    version: str
    need: str
    reason: str
    severity: Severity
    certainty: Certainty
    source: str


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each companion that is installed or was spoken of."""
    facts = case.facts
    build = torch_build(facts)
    torch = build.version if build is not None else ""
    said = {name: tuple(symptom for symptom in facts.symptoms if _is_of(name, symptom)) for name in _FAMILY}
    asked = False
    for name in _FAMILY:
        version = _version(facts, name)
        if not version and not said[name]:
            continue
        asked = True
        if torch and version:
            yield _judge(case, torch, name, version, said[name])
        elif said[name]:
            yield _likely(case, name, said[name])
        elif _has_no_torch(facts):
            yield _alone(case, name, version)
        else:
            yield NotEvaluated(f"{name} {version}", "the version of torch is not known", ("run pip list and give its whole output",))
    if not asked:
        yield NotApplicable("none of torchvision, torchaudio and torchtext is known to be installed")


def _has_no_torch(facts: Snapshot) -> bool:
    """Whether the list of what is installed is whole and has no torch, by whatever name."""
    return facts.observed.packages is Completeness.COMPLETE and not any(
        package.name == "torch" or package.name.startswith(_TORCHES) for package in facts.packages
    )


def _alone(case: Case, name: str, version: str) -> Found:
    """A companion is nothing without torch: its first import is torch."""
    facts = case.facts
    asked = need_of(facts.package(name), "torch")
    pinned = pinned_version(asked.specifier) if asked is not None else ""
    release = pinned or next((row.version for row in releases() if any(is_same(version, own) for own in row.companions(name))), "")
    tag = local_tag(version)
    manager = manager_for(facts, "torch")
    index = f"{WHEEL_INDEX}{tag}" if _is_variant(tag) and manager != "conda" else None
    wanted = f"torch=={release}" if release else "torch"
    return Found(
        f"{name} {version}",
        f"{name} {version} is installed without torch, which it needs{f' in version {release}' if release else ''}.",
        certainty=Certainty.CERTAIN if facts.live else Certainty.LIKELY,
        evidence=(case.proof(f"packages[{name}].version", version), case.proof("packages[torch]", "not in the list of what is installed")),
        would_confirm=() if facts.live else ('python -c "import torch" finds no module',),
        remedies=(install(facts, wanted, summary=f"install the torch that {name} {version} belongs to", manager=manager, index=index),),
        about=(name, "torch"),
    )


def _judge(case: Case, torch: str, name: str, version: str, said: tuple[Symptom, ...]) -> Outcome:
    subject = f"{name} {version}"
    mismatch = _compare(case.facts, torch, name, version)
    if isinstance(mismatch, _Mismatch):
        return _found(case, torch, mismatch, said)
    if said:
        return _likely(case, name, said)
    if mismatch is None:
        return NotEvaluated(subject, f"which {name} belongs to torch {torch} is in no table")
    return Passed(subject, f"belongs to torch {torch}")


def _compare(facts: Snapshot, torch: str, name: str, version: str) -> _Mismatch | bool | None:
    """The mismatch; True: they belong together; None: it cannot be told."""
    if is_unfinished(torch) or is_unfinished(version):
        return _compare_unfinished(torch, name, version)
    asked = need_of(facts.package(name), "torch")
    pinned = pinned_version(asked.specifier) if asked is not None else ""
    if asked is not None and name not in COMPANIONS:
        return _compare_by_metadata(torch, name, version, asked)
    if pinned:
        source = f"METADATA of {name} {version}"
        fits = is_same(torch, pinned)
        return (
            _tags(torch, name, version) if fits else _versions(torch, name, version, f"it needs torch {pinned}", Certainty.CERTAIN, source)
        )
    if name not in COMPANIONS:
        return None
    free = find_unpinned(name, version)
    if free is not None:
        if not is_below(series(torch), free.torch_min):
            return True
        return _versions(torch, name, version, f"it needs torch {free.torch_min} or newer", Certainty.CERTAIN, free.source)
    row = find_release(torch)
    if row is None:
        return _compare_series(torch, name, version)
    wanted = row.companions(name)
    if any(is_same(version, fitting) for fitting in wanted):
        return _tags(torch, name, version)
    if not wanted:  # torchaudio, of which there is none for this torch but the one that pins no torch
        return _versions(torch, name, version, "it is built for an older torch", Certainty.CERTAIN, row.source)
    return _versions(torch, name, version, f"{name} {wanted[-1]} belongs to it", Certainty.CERTAIN, row.source)


def _compare_by_metadata(torch: str, name: str, version: str, asked: Need) -> _Mismatch | bool:
    if asked.accepts(torch):
        return _tags(torch, name, version)
    pinned = pinned_version(asked.specifier)
    near = pinned != "" and series(pinned) == series(torch)
    reason = f"it needs torch {asked.specifier.removeprefix('==')}"
    severity, certainty = (Severity.WARNING, Certainty.LIKELY) if near else (Severity.ERROR, Certainty.CERTAIN)
    return _Mismatch(name, version, "", reason, severity, certainty, asked.source)


def _compare_series(torch: str, name: str, version: str) -> _Mismatch | bool | None:
    row = find_series(torch, name)
    if row is None:
        return None
    if series(version) == row.version:
        return _tags(torch, name, version)
    certainty = Certainty.CERTAIN if row.confidence is Confidence.HIGH else Certainty.LIKELY
    return _versions(torch, name, version, f"{name} {row.version} belongs to it", certainty, row.source)


def _compare_unfinished(torch: str, name: str, version: str) -> _Mismatch | None:
    """A nightly of one with a release of the other never fits; two nightlies or builds of somebody's own cannot be told."""
    nightly = ".dev" in torch, ".dev" in version
    if nightly == (True, False) and not is_unfinished(version):
        return _Mismatch(name, version, "", "a release beside a nightly torch", Severity.ERROR, Certainty.CERTAIN, "")
    if nightly == (False, True) and not is_unfinished(torch):
        return _Mismatch(
            name, version, companion_of(torch, name) or "", "a nightly beside a released torch", Severity.ERROR, Certainty.CERTAIN, ""
        )
    return None


def _versions(torch: str, name: str, version: str, reason: str, certainty: Certainty, source: str) -> _Mismatch:
    """Within one series the compiled parts still fit as a rule, so that a wrong last number is only a warning."""
    need = companion_of(torch, name) or ""
    near = need != "" and series(need) == series(version)
    return _Mismatch(
        name, version, need, reason, Severity.WARNING if near else Severity.ERROR, Certainty.LIKELY if near else certainty, source
    )


def _tags(torch: str, name: str, version: str) -> _Mismatch | bool:
    have, need = local_tag(version), local_tag(torch)
    if have == need or not _is_variant(have) or not _is_variant(need):
        return True
    reason = f"it is a {have} build"
    return _Mismatch(name, version, version.partition("+")[0], reason, Severity.WARNING, Certainty.CERTAIN, "")


def _is_variant(tag: str) -> bool:
    return tag.startswith(("cu", "cpu", "rocm", "xpu"))


def _version(facts: Snapshot, name: str) -> str:
    package, build = facts.package(name), facts.builds.get(name)
    listed_version = known(package.version, "") if package is not None else ""
    return listed_version or (known(build.version, "") if build is not None else "")


def _is_of(name: str, symptom: Symptom) -> bool:
    """Whether it says that a companion does not fit: an operator or a symbol is missing, or the versions are named."""
    details = symptom.details
    if symptom.kind is SymptomKind.UNSUPPORTED_CALL:
        # `torchvision.extension` is what its own modules ask whether the operators are there.
        return details.get("name", "").startswith((f"{name}::", f"{name} custom", f"{name}.extension"))
    if symptom.kind is SymptomKind.UNDEFINED_SYMBOL:
        return name in details.get("needed_by", "") or speaker_of(symptom) == name
    if symptom.kind is SymptomKind.DLL_LOAD_FAILED:
        return symptom.code == NO_PROCEDURE and speaker_of(symptom) == name
    if symptom.kind is SymptomKind.VERSION_CONFLICT:
        return details.get("package") == name or (details.get("package") == "torch" and details.get("by", "").split(" ")[0] == name)
    return False


def _misses_symbol_of_torch(symptom: Symptom) -> bool:
    return symptom.kind is SymptomKind.UNDEFINED_SYMBOL and is_symbol_of_torch(symptom.details.get("symbol", ""))


def _found(case: Case, torch: str, mismatch: _Mismatch, said: tuple[Symptom, ...]) -> Found:
    name = mismatch.companion
    evidence = [spoken(symptom) for symptom in said]
    evidence += [case.proof("packages[torch].version", torch), case.proof(f"packages[{name}].version", mismatch.version)]
    if mismatch.source and mismatch.need:
        evidence.append(Proof(fact=f"the {name} of torch {torch}", value=mismatch.need, source=mismatch.source))
    return Found(
        f"{name} {mismatch.version}",
        f"{name} {mismatch.version} does not fit torch {torch}: {mismatch.reason}.",
        severity=Severity.ERROR if said else mismatch.severity,
        certainty=Certainty.CERTAIN if said else mismatch.certainty,
        evidence=tuple(evidence),
        would_confirm=(f'python -c "import {name}" fails',) if mismatch.certainty is Certainty.LIKELY and not said else (),
        remedies=(_remedy(case.facts, torch, name, mismatch.need),),
        symptoms=said,
        about=(name, "torch"),
    )


def _likely(case: Case, name: str, said: tuple[Symptom, ...]) -> Found:
    """The companion's own words, while the two version numbers do not contradict each other or are not known.

    Two builds' CUDA versions, and a symbol of torch that the companion's own library missed, decide it all the same.
    """
    torch = torch_build(case.facts)
    version = _version(case.facts, name)
    subject = f"{name} {version}".strip()
    beside = torch.subject if torch is not None else "the installed torch"
    builds = next((symptom.details for symptom in said if symptom.details.get("what") == "cuda"), None)
    reason = "its compiled operators could not be used"
    if builds is not None:
        reason = f"it is built for CUDA {builds.get('have', '?')}, torch for CUDA {builds.get('need', '?')}"
    sure = builds is not None or any(_misses_symbol_of_torch(symptom) for symptom in said)
    return Found(
        subject,
        f"{subject} does not fit {beside}: {reason}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(spoken(symptom) for symptom in said),
        would_confirm=() if sure else ("pip list shows which torch, torchvision and torchaudio are installed",),
        remedies=(_remedy(case.facts, torch.version if torch is not None else "", name, ""),),
        symptoms=said,
        about=(name, "torch"),
    )


def _remedy(facts: Snapshot, torch: str, name: str, need: str) -> Remedy:
    wanted = need or (companion_of(torch, name) or "" if torch else "")
    tag = local_tag(torch)
    index = f"{WHEEL_INDEX}{tag}" if _is_variant(tag) and "." not in tag.removeprefix("rocm") else None
    if not wanted or is_unfinished(torch):
        return by_hand(
            f"install the torch and {name} of one release",
            (
                f"look up the pair on https://pytorch.org/get-started/previous-versions/ and install {listed(('torch', name))} in "
                "one command from one index"
            ),
        )
    manager = manager_for(facts, name)
    channel = None if manager == "conda" else index
    summary = f"install the {name} that belongs to torch {torch}"
    # pip takes another build of the same version for the wanted one.
    again = manager != "conda" and is_same(_version(facts, name), wanted)
    return install(facts, f"{name}=={wanted}", summary=summary, manager=manager, index=channel, reinstall=again)


RULE = Rule(
    name="torch-family-version-mismatch",
    title="torchvision or torchaudio does not belong to torch",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "requirement-of-package-unmet"}),
)
