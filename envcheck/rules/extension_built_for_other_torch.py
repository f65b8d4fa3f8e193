"""extension-built-for-other-torch: a package names one torch, in its metadata or its wheel's name, and another one is installed."""

import re
from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Completeness, Package, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.pairs import need_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import torch_build
from envcheck.judging.wording import titled
from envcheck.knowledge.specifiers import pinned_version
from envcheck.knowledge.versions import is_same, is_unfinished, local_tag, release, series
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether packages with code that is compiled against torch say that they were made for the installed one: by an exact "
    "requirement (vllm, torchdata, torch-directml …) or by the name of their wheel (torch-scatter 2.1.2+pt21cu121, flash-attn "
    "2.7.4+cu12torch2.6).",
    why="torch's C++ interface changes with every release, so that such a wheel fits one series of torch. pip does not see what stands in "
    "a wheel's local version, and replaces torch without asking the packages that need the old one.",
    example="torch-scatter 2.1.2+pt21cu121 beside torch 2.4.0: undefined symbol, or a crash at the first call.",
    fix="Install the wheel that is made for the installed torch, or the torch that the package names.",
    ignore_when="The package was built here against the installed torch, and its version only looks like that of another wheel.",
    sources=(
        "https://data.pyg.org/whl/",
        "https://github.com/Dao-AILab/flash-attention/releases",
        "PyPI metadata of vllm==0.8.5 and others",
    ),
)

# `pt21cu121`, `pt113cu117`, `pt2.4.0cu121`, `cu12torch2.6cxx11abiFALSE`, `cu121.torch2.4.0`, `torch250cu121`
_BUILT_FOR = regex(r"(?:^|[\d._+-]|cu\d{2,3})(?:torch|pt)(?P<version>\d{1,2}(?:\.\d{1,2}){1,2}|\d{2,4})(?!\d)")
# Two places and more without points: the first is the major version.
_LONG_MINOR = 3
# Others have rules of their own.
_OTHERS = frozenset(("torch", "torchvision", "torchaudio", "torchtext", "xformers", "triton"))
_NEEDS = ("the output of pip list",)


class _Made(msgspec.Struct, frozen=True):
    """Which series of torch a package is made for, as it is to be said, and where that stands."""

    series: tuple[str, ...]
    said: str
    proof: Proof
    sure: bool


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each package that says which torch it is for; pip's own words count for those that are not listed."""
    facts = case.facts
    build = torch_build(facts)
    torch = build.version if build is not None else ""
    made = [
        (package, found) for package in facts.packages if package.name not in _OTHERS and (found := _made_for(case, package)) is not None
    ]
    said = {_speaker(symptom): symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if _is_pin(symptom)}
    for package, found in made:
        yield _judge(case, torch, package, found, said.pop(package.name, None))
    for name, symptom in said.items():
        yield _pinned(name, symptom)
    if not made and not said:
        every = facts.observed.packages is not Completeness.NONE
        yield (
            NotApplicable("no package that says which torch it was built for is known to be installed")
            if every or not torch
            else NotEvaluated("packages for torch", "the installed packages are not known", _NEEDS)
        )


def _made_for(case: Case, package: Package) -> _Made | None:
    """By its wheel's name, which says more than its metadata, or by one exact requirement."""
    version = known(package.version, "")
    tag = _BUILT_FOR.search(local_tag(version))
    if tag is not None:
        return _Made(_series(tag["version"]), tag["version"], case.proof(f"packages[{package.name}].version", version), sure=True)
    need = need_of(package, "torch")
    pinned = pinned_version(need.specifier) if need is not None else ""
    if need is None or not pinned:
        return None
    return _Made((series(pinned),), pinned, need.proof, need.sure)


def _series(version: str) -> tuple[str, ...]:
    """`2.6` → 2.6, `21` → 2.1, `113` → 1.13, `250` → 2.5; of `210` it cannot be told whether it is 2.1 or 2.10."""
    if "." in version:
        return (series(version),)
    first, rest = version[0], version[1:]
    both = {f"{first}.{rest[0]}", *((f"{first}.{rest[:2]}",) if len(version) >= _LONG_MINOR and rest[0] == "1" else ())}
    return tuple(sorted(both))


def _judge(case: Case, torch: str, package: Package, made: _Made, said: Symptom | None) -> Outcome:
    subject = titled(package.name, package.version)
    if not release(torch):
        return NotEvaluated(subject, "the version of torch is not known", _NEEDS)
    if is_unfinished(torch):
        return NotEvaluated(subject, f"torch {torch} is no release")
    if series(torch) in made.series:
        return Passed(subject, f"made for torch {series(torch)}")
    spelled = made.said if "." in made.said else made.series[-1]
    return Found(
        subject,
        f"{subject} is made for torch {spelled}, and torch {torch} is installed.",
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if made.sure or said is not None else Certainty.LIKELY,
        evidence=(*((spoken(said),) if said is not None else ()), made.proof, case.proof("packages[torch].version", torch)),
        would_confirm=() if made.sure or said is not None else (f"pip show {package.name} names the torch that it requires",),
        remedies=(_remedy(package.name, spelled, torch),),
        symptoms=(said,) if said is not None else (),
        about=(package.name, package.name.replace("-", "_"), "torch"),
    )


def _is_pin(symptom: Symptom) -> bool:
    details = symptom.details
    named = details.get("package") == "torch" and symptom.subject == "pip" and bool(pinned_version(details.get("need", "")))
    return (
        named and "have" in details and not is_same(details["have"], pinned_version(details["need"])) and _speaker(symptom) not in _OTHERS
    )


def _speaker(symptom: Symptom) -> str:
    return re.sub(r"[-_.]+", "-", symptom.details.get("by", "").partition(" ")[0]).lower()


def _pinned(name: str, symptom: Symptom) -> Found:
    details = symptom.details
    need, have = pinned_version(details["need"]), details["have"]
    return Found(
        details["by"],
        f"{details['by']} is made for torch {need}, and torch {have} is installed.",
        severity=Severity.WARNING,
        evidence=(spoken(symptom),),
        remedies=(_remedy(name, need, have),),
        symptoms=(symptom,),
        about=(name, name.replace("-", "_"), "torch"),
    )


def _remedy(name: str, made_for: str, torch: str) -> Remedy:
    return by_hand(
        f"bring {name} and torch together",
        f"install the {name} that is made for torch {torch.partition('+')[0]}: a wheel with that number in its name, or a later release",
        f"or install torch {made_for} with the torchvision and torchaudio that belong to it, in an environment of its own",
    )


RULE = Rule(
    name="extension-built-for-other-torch",
    title="A package was made for another torch",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"requirement-of-package-unmet"}),
)
