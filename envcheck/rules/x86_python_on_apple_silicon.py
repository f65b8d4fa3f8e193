"""x86-python-on-apple-silicon: a Python made for Intel's processors runs under Rosetta on Apple's."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.macs import COMPATIBILITY_VERSION, apple_chip, has_intel_chip, is_mac, x86_python
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge.versions import major, series
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="On a Mac with Apple's own chip, whether the Python was made for that chip.",
    why="Rosetta lets programs made for Intel's processors run, Python too. Such a Python gets packages for Intel Macs: they have no Metal "
    "(MPS), many have had no new release for years, those that use AVX stop at once, and everything is slower.",
    example="The platform is macOS-10.16-x86_64 and the processor is an Apple M2 Pro.",
    fix="Install a Python for arm64, such as Miniforge's, and make the environment again with it. An environment cannot be converted.",
    ignore_when="A package that you need exists for Intel Macs only.",
    sources=(
        "https://developer.apple.com/documentation/apple-silicon/about-the-rosetta-translation-environment",
        "https://developer.apple.com/metal/pytorch/",
        "https://github.com/conda-forge/miniforge",
    ),
)

_SUBJECT = "Python"
_NEEDS = ('python -c "import platform; print(platform.platform())"', "sysctl machdep.cpu.brand_string")
# No Mac that macOS 11 runs on has an Intel processor without AVX; Rosetta's has none.
_OLDEST_MACOS_WITHOUT_OLD_MACS = 11


def check(case: Case) -> Iterator[Outcome]:
    """What the chip is and what the Python was made for, each from its own fact; words about AVX tell the rest."""
    facts = case.facts
    chip, python = apple_chip(facts), x86_python(facts)
    without_avx = tuple(filter(_says_no_avx, facts.symptoms))
    if known(facts.system.os, "") == "Linux" and facts.system.rosetta is True and without_avx:
        yield _emulated_container(facts, without_avx)
    elif not is_mac(facts) and not (chip is not None and _says_so(without_avx) and known(facts.system.os, "") == ""):
        yield NotApplicable("only Macs have Rosetta")
    elif chip is not None and python is not None and _speaks_of_python(facts, python):
        by_other_program = python.fact == "system.rosetta" and not facts.live and not without_avx
        yield _found(facts, (chip, python), without_avx, Certainty.LIKELY if by_other_program else Certainty.CERTAIN)
    elif has_intel_chip(facts):
        yield NotApplicable("this Mac's processor is Intel's")
    elif without_avx and chip is not None and not _is_made_for_arm(facts):
        yield _found(facts, (chip,), without_avx, Certainty.CERTAIN if _says_so(without_avx) else Certainty.LIKELY)
    elif without_avx and (_is_new_enough(known(facts.system.distribution_version, "0")) or _is_by_jaxlib(facts, without_avx)):
        yield _found(facts, (), without_avx, Certainty.LIKELY)
    elif chip is not None:
        yield _by_arm(facts)
    elif python is not None:
        yield NotEvaluated(_SUBJECT, "whose processor this Mac has is not known", _NEEDS[1:])
    else:
        yield NotEvaluated(_SUBJECT, "neither the processor nor what Python was made for is known", _NEEDS)


def _says_so(said: tuple[Symptom, ...]) -> bool:
    return any(symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED for symptom in said)


def _is_by_jaxlib(facts: Snapshot, said: tuple[Symptom, ...]) -> bool:
    """Its wheels are newer than the last macOS that Macs without AVX can have, which would have to be named."""
    return not isinstance(facts.system.distribution_version, str) and any(
        symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED and symptom.subject == "jaxlib" for symptom in said
    )


def _is_new_enough(version: str) -> bool:
    """10.16 is what macOS 11 and newer call themselves to an Intel Python that was built for an older one."""
    return version.startswith(COMPATIBILITY_VERSION) or major(version) >= _OLDEST_MACOS_WITHOUT_OLD_MACS


def _speaks_of_python(facts: Snapshot, proof: Proof) -> bool:
    """Whether what ran as an Intel program was Python: a text may show some other tool in a terminal under Rosetta."""
    if facts.live or proof.fact.startswith("python."):
        return True
    return bool(facts.packages or facts.builds or facts.symptoms or known(facts.python.version, ""))


def _by_arm(facts: Snapshot) -> Outcome:
    if _is_made_for_arm(facts):
        return Passed(_SUBJECT, "made for arm64")
    return NotEvaluated(_SUBJECT, "what this Python was made for is not known", _NEEDS[:1])


def _is_made_for_arm(facts: Snapshot) -> bool:
    platform = known(facts.python.platform, "")
    return (
        platform.endswith("arm64") or known(facts.system.machine, "") == "arm64" or any(tag.endswith("arm64") for tag in facts.python.tags)
    )


def _says_no_avx(symptom: Symptom) -> bool:
    if symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED:
        return symptom.details.get("capability", "").startswith("avx")
    return symptom.kind is SymptomKind.SIGNAL and symptom.details.get("signal") == "SIGILL"


def _found(facts: Snapshot, proofs: tuple[Proof, ...], said: tuple[Symptom, ...], certainty: Certainty) -> Found:
    certain = certainty is Certainty.CERTAIN
    chip = next((f" ({proof.value})" for proof in proofs if proof.fact in ("cpu.model", "apple.chip")), "")
    troubled = bool(said) or any(_concerns_mps(symptom) for symptom in facts.symptoms)
    return Found(
        _SUBJECT,
        f"This Python {'is' if certain else 'seems to be'} made for Intel Macs and runs under Rosetta; this Mac has an Apple chip{chip}.",
        severity=Severity.WARNING if facts.live and not troubled else Severity.ERROR,
        certainty=certainty,
        evidence=(*proofs, *map(spoken, said)),
        would_confirm=()
        if certain
        else ('python -c "import platform; print(platform.machine())" prints x86_64', "uname -v says RELEASE_ARM64"),
        remedies=(_remedy(facts),),
        symptoms=said,
    )


def _concerns_mps(symptom: Symptom) -> bool:
    return symptom.details.get("feature") == "mps" or symptom.details.get("package") == "macos"


def _remedy(facts: Snapshot) -> Remedy:
    """The same kind of environment for arm64, then its packages again."""
    version = known(facts.python.version, "")
    python = series(version) if version else "3.12"
    if known(facts.python.environment, "") == "conda" or "conda" in known(facts.python.created_by, "") or _has_conda_packages(facts):
        return by_hand(
            "make the environment again for arm64",
            "install Miniforge for arm64 from https://github.com/conda-forge/miniforge, beside the conda that is there",
            "open a new terminal",
            Step(run=("conda", "create", "--yes", "--name", "arm64", "--platform", "osx-arm64", f"python={python}")),
            "install the packages again in it, and check it:",
            Step(run=("conda", "run", "--name", "arm64", "python", "-c", "import platform; print(platform.machine())")),
        )
    return by_hand(
        "install a Python for arm64 and make the environment again with it",
        'open a terminal that does not run under Rosetta: in its information window in Finder, "Open using Rosetta" is off',
        "install Python for arm64 there: the installer of python.org, Homebrew in /opt/homebrew, or uv:",
        Step(run=("uv", "python", "install", f"cpython-{python}-macos-aarch64-none")),
        Step(run=("uv", "venv", "--python", f"cpython-{python}-macos-aarch64-none", ".venv-arm64")),
        "install the packages again in it; uname -m prints arm64 in a terminal without Rosetta",
    )


def _has_conda_packages(facts: Snapshot) -> bool:
    return any(package.manager == "conda" for package in facts.packages)


def _emulated_container(facts: Snapshot, said: tuple[Symptom, ...]) -> Found:
    return Found(
        _SUBJECT,
        "This container's image is made for Intel's processors and runs on an Apple chip, where there is no AVX.",
        evidence=(Proof(fact="system.rosetta", value="true", source=facts.source_of("system.rosetta")), *map(spoken, said)),
        remedies=(
            by_hand(
                "use the image for arm64",
                "start the container with: --platform linux/arm64",
                "or build it again on this machine without --platform",
            ),
        ),
        symptoms=said,
    )


RULE = Rule(
    name="x86-python-on-apple-silicon",
    title="Python for Intel Macs on an Apple chip",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "arch-not-supported",
            "cpu-feature-missing",
            "cpu-no-avx",
            "framework-import-crashes",
            "framework-import-fails",
            "mps-unavailable",
            "no-matching-distribution",
            "wheel-for-another-platform",
        }
    ),
)
