"""wsl1-no-gpu: the distribution runs under version 1 of the Windows Subsystem for Linux, which gives no access to GPUs."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER
from envcheck.judging.gpu_wishes import gpu_wish
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Which version of the Windows Subsystem for Linux a distribution runs under.",
    why="WSL 1 translates Linux's system calls and has no kernel that could reach a GPU. WSL 2 has one, through /dev/dxg. Drivers and "
    "toolkits that are installed inside WSL 1 change nothing.",
    example="uname -r prints 4.4.0-19041-Microsoft, and torch.cuda.is_available() is False with a CUDA build.",
    fix="Convert the distribution with wsl --set-version NAME 2 in Windows, with a driver for WSL on the Windows side.",
    ignore_when="The distribution is meant to compute on the CPU.",
    sources=(
        "https://docs.nvidia.com/cuda/wsl-user-guide/index.html",
        "https://learn.microsoft.com/windows/wsl/compare-versions",
        "https://learn.microsoft.com/windows/wsl/install#upgrade-version-from-wsl-1-to-wsl-2",
    ),
)

_SUBJECT = "WSL 1"


def check(case: Case) -> Iterator[Outcome]:
    """The version is a fact; whether it matters depends on who asks for a GPU."""
    facts = case.facts
    version = facts.system.wsl
    if version == 1:
        yield _found(case)
    elif isinstance(version, int):
        yield Passed("WSL", "version 2, which reaches GPUs")
    else:
        yield NotApplicable("this is not the Windows Subsystem for Linux")


def _found(case: Case) -> Found:
    facts = case.facts
    wish = gpu_wish(facts)
    evidence = [*map(spoken, wish.symptoms), case.proof("system.wsl", 1)]
    if isinstance(facts.system.kernel, str):
        evidence.append(case.proof("system.kernel", facts.system.kernel))
    sure = facts.live or isinstance(facts.system.kernel, str)
    return Found(
        _SUBJECT,
        "The distribution runs under WSL 1, from which no GPU can be reached.",
        severity=_severity(facts),
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else ("uname -r inside the distribution prints a kernel 4.4.0-…-Microsoft",),
        remedies=(_remedy(facts),),
        symptoms=wish.symptoms,
    )


def _severity(facts: Snapshot) -> Severity:
    """Whether Windows has a GPU at all is not to be seen from here: a build for CUDA by itself is only a warning on the machine itself."""
    wish = gpu_wish(facts)
    if wish.symptoms:
        return Severity.ERROR
    if any(known(facts.builds[name].cuda_available, default=True) is False for name in wish.about):
        return Severity.WARNING if facts.live else Severity.ERROR
    if not facts.live and any(build.cuda_available is False for build in facts.builds.values()):
        return Severity.ERROR
    named = not facts.live and any(card.vendor == "nvidia" for card in facts.accelerators)
    return Severity.WARNING if wish.about or named else Severity.INFO


def _remedy(facts: Snapshot) -> Remedy:
    words = known(facts.system.distribution, "") or ""
    name = "Debian" if words.startswith("Debian") else "Ubuntu"
    return by_hand(
        "convert the distribution to WSL 2, in PowerShell on Windows",
        Step(run=("wsl", "--list", "--verbose")),
        Step(run=("wsl", "--set-version", name, "2")),
        "with the name that the list shows; then install the GPU maker's driver on Windows, and none inside WSL",
    )


RULE = Rule(
    name="wsl1-no-gpu",
    title="WSL 1 reaches no GPU",
    area=Area.SYSTEM,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "amdgpu-not-loaded",
        "device-not-found",
        "intel-gpu-not-usable",
        "libcuda-not-on-loader-path",
        "library-not-found",
        "nvidia-kernel-module-not-loaded",
        "tf-missing-cuda-libs",
        "wsl2-driver-libraries-missing",
    },
)
