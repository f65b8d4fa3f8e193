"""bitsandbytes-cuda-setup: bitsandbytes finds no binary for this CUDA, or not the CUDA libraries that its binary needs."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import has_no_nvidia_card, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import BuildKind, torch_build, torch_cuda
from envcheck.judging.wording import titled
from envcheck.knowledge.cuda_libraries import find_library
from envcheck.knowledge.versions import is_below, major
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether bitsandbytes found a binary for torch's CUDA version, and the CUDA libraries that this binary loads.",
    why="bitsandbytes ships one binary for each CUDA version, named after it (libbitsandbytes_cuda121.so), and takes the one for torch's. "
    "An old release has none for a new CUDA, a checkout has none at all, before 0.43 there was none for Windows, and a binary that is "
    "there still needs libcusparse and libcublas of its CUDA major version on the loader's path.",
    example="Could not find the bitsandbytes CUDA binary at PosixPath('…/libbitsandbytes_cuda124.so'); CUDA Setup failed despite GPU being "
    "available.",
    fix="Upgrade bitsandbytes (0.43 or newer on Windows), bring torch to a CUDA version that it has a binary for, or put the folders of "
    "torch's CUDA libraries on the loader's path.",
    ignore_when="Nothing of the program is quantized, and no 8-bit optimizer is used.",
    sources=(
        "https://huggingface.co/docs/bitsandbytes/main/en/installation",
        "https://github.com/bitsandbytes-foundation/bitsandbytes/releases/tag/0.43.0",
    ),
)

_NAME = "bitsandbytes"
_FIRST_FOR_WINDOWS = "0.43"
_OLDEST_CUDA = 11  # "CUDA version lower than 11 are currently not supported", as its own report says
_BINARY = regex(r"libbitsandbytes_(?P<kind>cuda|rocm)(?P<number>\d{2,3})(?:_nocublaslt\d*)?\.(?:so|dll)$")
# Words that also a machine without a GPU has, where the CPU's binary is the right one.
_OF_A_CPU = ("cpu-binary", "libcuda")
_MODULE = (SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.DLL_LOAD_FAILED, SymptomKind.PROVIDER_FALLBACK, SymptomKind.NOT_COMPILED_WITH)


def check(case: Case) -> Iterator[Outcome]:
    """What it said while it looked for its binary; a machine without a GPU has the CPU's by right."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if _is_its(symptom))
    serious = [symptom for symptom in said if not _is_of_a_cpu(symptom)]
    package = facts.package(_NAME)
    subject = titled(_NAME, package.version if package is not None else None)
    if not said and package is not None and _works(facts):
        yield Passed(subject, "it computes on the GPU")
    elif not said:
        yield NotApplicable("bitsandbytes has said nothing of its CUDA setup")
    elif known(facts.system.os, "") == "Darwin":
        yield NotApplicable("on macOS there is no CUDA")
    elif not serious and has_no_nvidia_card(facts):
        yield Passed(subject, "no NVIDIA card here, so that its CPU binary is the right one")
    elif not serious and facts.live and not nvidia_cards(facts) and facts.observed.accelerators is not Completeness.COMPLETE:
        yield NotEvaluated(subject, "it uses its CPU binary; whether there is an NVIDIA card is not known", ("run nvidia-smi",))
    else:
        yield _found(case, subject, said, sure=bool(serious) or bool(nvidia_cards(facts)))


def _works(facts: Snapshot) -> bool:
    return any(smoke.framework == _NAME and smoke.device == "cuda" and smoke.status == "passed" for smoke in facts.smoke)


def _is_its(symptom: Symptom) -> bool:
    named = f"{symptom.details.get('needed_by', '')} {symptom.details.get('library', '')}"
    if symptom.kind is SymptomKind.UNDEFINED_SYMBOL:
        return "libbitsandbytes_" in named
    return symptom.kind in _MODULE and (symptom.subject == _NAME or "libbitsandbytes_" in named)


def _is_of_a_cpu(symptom: Symptom) -> bool:
    """Only its CPU binary is spoken of."""
    by_words = symptom.kind is SymptomKind.NOT_COMPILED_WITH or symptom.details.get("reason") in _OF_A_CPU
    named = f"{symptom.details.get('needed_by', '')} {symptom.details.get('library', '')}"
    return by_words or "libbitsandbytes_cpu" in named


class _Setup:
    """What its words come to: the binary that is not there, or the library that one needs, and whether it runs on Windows."""

    def __init__(self, facts: Snapshot, said: tuple[Symptom, ...]) -> None:
        details = [symptom.details for symptom in said]
        reasons = {entry.get("reason", "") for entry in details}
        files = [entry["library"] for entry in details if "library" in entry]
        files += [entry["needed_by"] for entry in details if "needed_by" in entry]
        self.binary = next((found for file in files if (found := _BINARY.search(file))), None)
        self.checkout = (
            any("-packages" not in file and re.search(r"[/\\]", file) and _BINARY.search(file) for file in files) or "not-built" in reasons
        )
        self.library = next((file for file in files if "libbitsandbytes_" not in file), "")
        self.mismatch = next((entry for entry in details if "need" in entry), {})
        self.no_runtime = "libcudart" in reasons
        self.windows = known(facts.system.os, "") == "Windows" or "windows" in reasons

    @property
    def wanted(self) -> str:
        """The CUDA version that a binary was looked for."""
        if self.binary is not None:
            number = self.binary["number"]
            return f"{number[:-1]}.{number[-1]}"
        return self.mismatch.get("need", "")

    @property
    def is_old(self) -> bool:
        """Whether it looked for the binary of a CUDA that no release has one for."""
        kind = self.binary["kind"] if self.binary is not None else "cuda"
        return bool(self.wanted) and kind == "cuda" and major(self.wanted) < _OLDEST_CUDA


def _found(case: Case, subject: str, said: tuple[Symptom, ...], *, sure: bool) -> Found:
    facts = case.facts
    setup = _Setup(facts, said)
    build = torch_build(facts)
    evidence = [*map(spoken, said[:6])]
    if build is not None and (build.version or build.cuda):
        evidence.append(case.proof(build.fact, build.version or build.cuda))
    if "BNB_CUDA_VERSION" in facts.variables:
        evidence.append(case.proof("variables[BNB_CUDA_VERSION]", facts.variables["BNB_CUDA_VERSION"]))
    return Found(
        subject,
        f"{subject} {_what(setup, facts)}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else ("python -m bitsandbytes prints its whole setup", "nvidia-smi shows a card"),
        remedies=_remedies(facts, setup),
        symptoms=said,
        about=(_NAME, "torch"),
    )


def _what(setup: _Setup, facts: Snapshot) -> str:
    build = torch_build(facts)
    if setup.windows and _is_before_windows(facts, setup):
        return "has no binary for Windows; releases before 0.43 look for one of Linux"
    if setup.library:
        cuda = setup.wanted or next(iter((find_library(setup.library) or (None, ()))[1]), "")
        return f"does not find {setup.library}, which its binary{f' for CUDA {cuda}' if cuda else ''} needs"
    if setup.wanted:
        which = setup.binary["kind"].replace("cuda", "CUDA").replace("rocm", "ROCm") if setup.binary is not None else "CUDA"
        return f"has no binary for {which} {setup.wanted}"
    if build is not None and build.kind is BuildKind.CPU:
        return "uses its CPU binary, because torch is a build without CUDA"
    if setup.no_runtime:
        return "does not find the CUDA runtime library libcudart"
    return "finds no CUDA binary that it can use"


def _is_before_windows(facts: Snapshot, setup: _Setup) -> bool:
    """An old release by its number, or by what it looked for."""
    package = facts.package(_NAME)
    version = known(package.version, "") if package is not None else ""
    if version:
        return is_below(version, _FIRST_FOR_WINDOWS)
    return (setup.binary is None or setup.binary[0].endswith(".so")) and not setup.mismatch


def _cuda_of_torch(facts: Snapshot) -> str:
    return torch_cuda(torch_build(facts))[0] or ""


def _remedies(facts: Snapshot, setup: _Setup) -> tuple[Remedy, ...]:
    from envcheck.prescribing.torch_index import reinstall_torch

    build = torch_build(facts)
    manager = manager_for(facts, _NAME)
    if setup.windows and _is_before_windows(facts, setup):
        return (
            install(facts, f"{_NAME}>={_FIRST_FOR_WINDOWS}", summary="install a release that has binaries for Windows", manager=manager),
        )
    if (build is not None and build.kind is BuildKind.CPU) or setup.is_old:
        summary = "install a torch build for CUDA 11 or newer" if setup.is_old else "install a torch build with CUDA"
        newer = install(facts, _NAME, summary="then install bitsandbytes again", manager=manager, reinstall=True, dependencies=False)
        return (reinstall_torch(facts, summary), newer)
    override = facts.variables.get("BNB_CUDA_VERSION", "")
    upgrade = install(
        facts, f"{_NAME}>={_FIRST_FOR_WINDOWS}", summary="upgrade bitsandbytes to a release with a binary for this CUDA", manager=manager
    )
    if setup.library or setup.no_runtime:
        return (_libraries(facts, setup), upgrade)
    unset = (by_hand("let it take the binary for torch's own CUDA", Step(run=("unset", "BNB_CUDA_VERSION"))),) if override else ()
    if setup.checkout:
        compiled = by_hand(
            "compile the checkout", "build its library as https://huggingface.co/docs/bitsandbytes/main/en/installation says"
        )
        wheel = install(
            facts, _NAME, summary="install the wheel, which has the binaries, in place of the checkout", manager=manager, reinstall=True
        )
        return (*unset, wheel, compiled)
    other = by_hand(
        "bring torch to a CUDA version that it has a binary for",
        "run python -m bitsandbytes, and install the torch build for one of the CUDA versions whose binary lies in its folder",
    )
    return (*unset, upgrade, other)


def _libraries(facts: Snapshot, setup: _Setup) -> Remedy:
    """The wheels of torch have the library: only bitsandbytes' binary does not look there."""
    if setup.windows:
        return by_hand("let its binary find CUDA's libraries", "import torch before bitsandbytes, and put CUDA's bin folder on PATH")
    found = find_library(setup.library) if setup.library else None
    which = setup.library or "libcudart"
    cuda = f"CUDA {found[1][0]}" if found is not None and len(found[1]) == 1 else f"CUDA {_cuda_of_torch(facts)}".rstrip()
    return by_hand(
        "let its binary find CUDA's libraries",
        f"put the folders of torch's own wheels that hold {which} (site-packages/nvidia/*/lib) on LD_LIBRARY_PATH",
        f"or install {cuda} beside, and put its lib64 folder there",
        "or install the torch build for the CUDA major version whose libraries are there",
    )


RULE = Rule(
    name="bitsandbytes-cuda-setup",
    title="bitsandbytes has no usable CUDA binary",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "cuda-runtime-lib-missing",
            "extension-wants-other-cuda-runtime",
            "framework-import-fails",
            "import-failed",
            "libcuda-not-on-loader-path",
        }
    ),
)
