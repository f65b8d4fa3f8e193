"""wsl2-driver-libraries-missing: Windows's GPU driver does not reach a distribution under WSL 2."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.container_devices import has_no_node, nodes
from envcheck.judging.driver_words import WITHOUT_DRIVER
from envcheck.judging.gpu_wishes import Wish, gpu_wish, reaches_gpu, severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.containers import start_with_gpu
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import as_root, package_manager
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether WSL 2 has /dev/dxg and the driver's libraries of Windows, and no Linux driver of its own in front of them.",
    why="Under WSL 2 the driver is that of Windows: it puts libcuda.so and nvidia-smi into /usr/lib/wsl/lib, and programs reach the card "
    "through /dev/dxg. A Linux driver that is installed inside WSL is found first and has no kernel module to talk to.",
    example="Failed to initialize NVML: GPU access blocked by the operating system, in a distribution under WSL 2.",
    fix="Install or update the driver on Windows, run wsl --update and wsl --shutdown; remove Linux driver packages inside WSL.",
    ignore_when="The Windows machine has no NVIDIA GPU, or the distribution is meant to compute on the CPU.",
    sources=(
        "https://docs.nvidia.com/cuda/wsl-user-guide/index.html",
        "https://learn.microsoft.com/windows/wsl/tutorials/gpu-compute",
        "https://learn.microsoft.com/windows/wsl/wsl-config",
    ),
)

_BLOCKED, _NOT_LOADED = 17, 9  # NVML_ERROR_OPERATING_SYSTEM, NVML_ERROR_DRIVER_NOT_LOADED
_SUBJECT = "WSL 2"


def check(case: Case) -> Iterator[Outcome]:
    """First the words of the driver's libraries, then what is on disk; without a wish for a GPU it is only told."""
    facts = case.facts
    blocked = tuple(symptom for symptom in case.said(SymptomKind.NVML_ERROR) if symptom.code == _BLOCKED)
    if (facts.system.wsl != 2 and not blocked) or facts.system.wsl == 1 or facts.system.wsl is None:
        yield NotApplicable("this is not WSL 2")
    elif blocked:
        yield _blocked(case, blocked)
    elif isinstance(facts.system.container, str):
        yield NotApplicable("a container is given its GPU by its engine")
    elif reaches_gpu(facts) and not _own_driver(facts):
        yield Passed(_SUBJECT, "it reaches the GPU")
    else:
        yield _on_disk(case)


def _on_disk(case: Case) -> Outcome:
    facts = case.facts
    wish = gpu_wish(facts)
    not_loaded = tuple(symptom for symptom in case.said(SymptomKind.NVML_ERROR) if symptom.code == _NOT_LOADED)
    if _own_driver(facts) or not_loaded:
        return _shadowed(case, wish, not_loaded)
    bare, libraryless = has_no_node(facts, "/dev/dxg"), facts.nvidia.libcuda_path is None
    if bare or libraryless:
        # An Intel or AMD GPU in Windows, or none, looks the same: nobody is told of it who does not ask.
        return _missing(case, wish, bare=bare) if wish else NotApplicable("nothing in this distribution asks for a GPU")
    device, library = bool(nodes(facts, "/dev/dxg")), isinstance(facts.nvidia.libcuda_path, str)
    if device and library:
        return Passed(_SUBJECT, "/dev/dxg and the library of Windows' driver are there")
    if not wish:
        return NotApplicable("nothing in this distribution asks for a GPU")
    needs = (*(() if device else ("ls -l /dev/dxg",)), *(() if library else ("ldconfig -p | grep libcuda",)))
    return NotEvaluated(_SUBJECT, "whether the driver of Windows reaches this distribution is not known", needs)


def _own_driver(facts: Snapshot) -> bool:
    """A Linux driver inside WSL: its package, or its library in front of that of Windows."""
    path = facts.nvidia.libcuda_path
    foreign = (
        isinstance(path, str) and "/wsl/" not in path and path.startswith(("/usr/lib/x86_64", "/usr/lib64", "/lib/", "/usr/lib/aarch64"))
    )
    return isinstance(facts.nvidia.package_version, str) or (foreign and facts.nvidia.driver_version is None)


def _severity(facts: Snapshot, wish: Wish) -> Severity:
    if wish.symptoms or (wish.about and not facts.live):
        return Severity.ERROR
    return Severity.INFO


def _blocked(case: Case, said: tuple[Symptom, ...]) -> Found:
    """The words come from a library that found WSL's kernel and no /dev/dxg that it may open."""
    facts = case.facts
    contained = isinstance(facts.system.container, str)
    evidence = [*map(spoken, said), *((case.proof("system.wsl", 2),) if facts.system.wsl == 2 else ())]
    if contained:
        evidence.append(case.proof("system.container", known(facts.system.container, "")))
    certain = facts.system.wsl == 2 and not contained
    where = "The container has" if contained else "This distribution has"
    return Found(
        _SUBJECT,
        f"{where} no access to the GPU of Windows: /dev/dxg is missing or closed.",
        severity=severity_of_trouble(case),
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else ("ls -l /dev/dxg finds no such file", "uname -r names microsoft-standard-WSL2"),
        remedies=start_with_gpu(facts) if contained else (_windows_driver(),),
        symptoms=said,
    )


def _shadowed(case: Case, wish: Wish, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    evidence: list[Proof] = [*map(spoken, said), case.proof("system.wsl", 2)]
    sure = isinstance(facts.nvidia.package_version, str)
    if isinstance(facts.nvidia.package_version, str):
        evidence.append(case.proof("nvidia.package_version", facts.nvidia.package_version))
    if isinstance(facts.nvidia.libcuda_path, str):
        evidence.append(case.proof("nvidia.libcuda_path", facts.nvidia.libcuda_path))
    return Found(
        _SUBJECT,
        "A Linux driver of NVIDIA's is installed inside WSL 2; its libraries stand before those of the Windows driver, and cannot work.",
        severity=Severity.ERROR if wish or not facts.live else Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else ("dpkg --list '*nvidia*' shows a driver's packages", "/usr/lib/wsl/lib/nvidia-smi works"),
        remedies=(_remove_driver(facts),),
        symptoms=said or wish.symptoms,
    )


def _missing(case: Case, wish: Wish, *, bare: bool) -> Found:
    facts = case.facts
    evidence: list[Proof] = [*map(spoken, wish.symptoms), case.proof("system.wsl", 2)]
    evidence.append(case.proof("devices[/dev/dxg]", "none") if bare else case.proof("nvidia.libcuda_path", "none"))
    evidence += [
        case.proof(f"builds[{name}].cuda", known(facts.builds[name].cuda, ""))
        for name in wish.about
        if isinstance(facts.builds[name].cuda, str)
    ]
    what = "there is no /dev/dxg" if bare else "there is no libcuda.so.1 in /usr/lib/wsl/lib"
    return Found(
        _SUBJECT,
        f"No NVIDIA driver of Windows reaches this distribution under WSL 2: {what}.",
        severity=_severity(facts, wish),
        certainty=Certainty.CERTAIN if bare else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if bare else ("nvidia-smi works in PowerShell on Windows",),
        remedies=(_windows_driver(),),
        symptoms=wish.symptoms,
        about=() if wish.symptoms else wish.about,
    )


def _windows_driver() -> Remedy:
    return by_hand(
        "install NVIDIA's driver on Windows, and bring WSL up to date",
        "install the newest driver of the card on Windows (none inside WSL), then in PowerShell:",
        Step(run=("wsl", "--update")),
        Step(run=("wsl", "--shutdown")),
        "if .wslconfig or wsl.conf has gpuSupport=false or [gpu] enabled=false, remove that line; then, inside WSL:",
        Step(run=("/usr/lib/wsl/lib/nvidia-smi",)),
    )


def _remove_driver(facts: Snapshot) -> Remedy:
    commands = {
        "dnf": ("dnf", "remove", "nvidia-driver*"),
        "zypper": ("zypper", "remove", "nvidia-*"),
        "pacman": ("pacman", "--remove", "nvidia-utils"),
    }
    remove = commands.get(package_manager(facts), ("apt-get", "purge", "nvidia-driver-*", "libnvidia-*", "nvidia-utils-*"))
    return by_hand(
        "remove the Linux driver inside WSL; the driver is that of Windows",
        as_root(*remove),
        "then in PowerShell on Windows:",
        Step(run=("wsl", "--shutdown")),
        "if a toolkit is needed, install the package cuda-toolkit, never cuda or cuda-drivers, which bring the driver again",
    )


RULE = Rule(
    name="wsl2-driver-libraries-missing",
    title="The Windows GPU driver does not reach WSL 2",
    area=Area.SYSTEM,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "container-without-gpu-device",
        "libcuda-not-on-loader-path",
        "nvidia-kernel-module-not-loaded",
        "nvml-driver-library-mismatch",
    },
)
