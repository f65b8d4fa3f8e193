"""no-nvidia-driver: a CUDA build runs where no NVIDIA driver answers."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import driver_cuda, has_windows_driver, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import BuildKind, torch_build
from envcheck.knowledge.drivers import find_minimum
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether an NVIDIA driver answers, where a card is in the machine or a program with CUDA asked for it.",
    why="A framework's wheel brings the CUDA libraries, but never the driver. Without one there is no device, whatever toolkit there is.",
    example="torch 1.10.2 for CUDA 11.3, CUDA runtime 11.3.109 installed, GPU models and driver version could not be collected.",
    fix="Install or load the driver, go to a node that has a card, or pass the card into the container. Reinstalling torch does not help.",
    ignore_when="The machine is a login node, a CI runner or a laptop without a card, where the CPU is meant to be used.",
    sources=(
        "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/",
        "https://docs.nvidia.com/cuda/wsl-user-guide/index.html",
    ),
)

_NO_DEVICE_WITHOUT_DRIVER = ("cudaErrorStubLibrary", "CUDA_ERROR_STUB_LIBRARY")
_STUB = 34
_DRIVER_LIBRARIES = ("libcuda.so.1", "libnvidia-ml.so.1", "nvcuda.dll", "nvml.dll")
_LIBRARY_NOT_FOUND = 12  # NVML_ERROR_LIBRARY_NOT_FOUND
_CONFIRM = ("nvidia-smi shows neither a card nor a driver", "lspci shows whether there is an NVIDIA card at all")


def check(case: Case) -> Iterator[Outcome]:
    """An installed driver passes; without one it depends on whether anybody misses it."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if _says_no_driver(symptom) and not _is_small_talk(case, symptom))
    build = torch_build(facts)
    subject = build.subject if build is not None and build.kind is BuildKind.CUDA else "NVIDIA driver"
    about = ("torch",) if build is not None and build.kind is BuildKind.CUDA else ()
    if isinstance(facts.nvidia.driver_version, str):
        yield Passed("NVIDIA driver", facts.nvidia.driver_version)
    elif driver_cuda(facts) is not None or any(entry.cuda_available is True for entry in facts.builds.values()):
        yield Passed("NVIDIA driver", "it answers")
    elif known(facts.system.os, "") == "Darwin":
        yield NotApplicable("macOS has no NVIDIA driver")
    elif any(case.said(SymptomKind.DRIVER_TOO_OLD)):
        yield Passed("NVIDIA driver", "it answers, though it is too old")
    elif said or (facts.nvidia.driver_version is None and nvidia_cards(facts)):
        # A card alone asks for nothing: on the machine itself it is a fault where something is installed that needs the driver.
        missed = said or about or not facts.live
        certainty = Certainty.LIKELY if said and all(map(_is_only_the_tool, said)) else Certainty.CERTAIN
        yield _found(case, subject, about, said, Severity.ERROR if missed else Severity.WARNING, certainty)
    elif not about:
        yield NotApplicable("neither an NVIDIA card nor a CUDA build of torch is known")
    else:
        yield _without_card(case, subject, about)


def _without_card(case: Case, subject: str, about: tuple[str, ...]) -> Outcome:
    """A CUDA build, no card known: what a plain installation looks like on a machine that is meant to compute on the CPU."""
    facts = case.facts
    if facts.nvidia.driver_version is not None:
        return NotEvaluated(subject, "whether an NVIDIA driver answers is not known", ("run nvidia-smi and give its whole output",))
    if facts.live or facts.builds["torch"].cuda_available is not False:
        return NotApplicable("no NVIDIA card is known here, so that a driver is not missed")
    # Somebody gave a report in which torch was asked for CUDA and had none; a toolkit says that a card was meant to be used.
    severity = Severity.ERROR if any(toolkit.name == "cuda" for toolkit in facts.toolkits) else Severity.WARNING
    return _found(case, subject, about, (), severity, Certainty.LIKELY)


def _found(case: Case, subject: str, about: tuple[str, ...], said: tuple[Symptom, ...], severity: Severity, certainty: Certainty) -> Found:
    facts = case.facts
    cards = nvidia_cards(facts)
    evidence = [spoken(symptom) for symptom in said]
    if facts.nvidia.driver_version is None:
        evidence.append(case.proof("nvidia.driver_version", "none"))
    evidence += [Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact)) for card in cards]
    evidence += [case.proof("toolkits", f"{entry.name} {known(entry.version, '')}".strip()) for entry in facts.toolkits if not said]
    where = f"beside a card ({cards[0].name})" if cards else "on this machine"
    asks = f"{subject} is built for CUDA, but " if about else ""
    message = f"{asks}no NVIDIA driver answers {where}."
    return Found(
        subject,
        message[0].upper() + message[1:] if not about else message,
        severity=severity,
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=_CONFIRM[: 1 if cards else 2] if certainty is Certainty.LIKELY else (),
        remedies=_remedies(facts),
        symptoms=said,
        about=about,
    )


def _says_no_driver(symptom: Symptom) -> bool:
    details = symptom.details
    match symptom.kind:
        case SymptomKind.DRIVER_NOT_FOUND:
            return details.get("vendor", "nvidia").lower() == "nvidia"
        case SymptomKind.CUDA_ERROR:
            return details.get("name") in _NO_DEVICE_WITHOUT_DRIVER or symptom.code == _STUB
        case SymptomKind.NVML_ERROR:
            return "LIBRARY_NOT_FOUND" in details.get("name", "") or symptom.code == _LIBRARY_NOT_FOUND
        case SymptomKind.LIBRARY_NOT_FOUND:
            return details.get("library", "") in _DRIVER_LIBRARIES
        case _:
            return False


def _is_small_talk(case: Case, symptom: Symptom) -> bool:
    """TensorFlow says at every start on a machine without a card that it found no driver; nobody asked for one.

    A shell that knows no nvidia-smi says little more: nobody installs it where there is no card.
    """
    idle = symptom.kind is SymptomKind.DRIVER_NOT_FOUND and (symptom.subject == "tensorflow" or _is_only_the_tool(symptom))
    return idle and not nvidia_cards(case.facts)


def _is_only_the_tool(symptom: Symptom) -> bool:
    """Whether only nvidia-smi was missed: the driver's libraries may be there without it."""
    return symptom.details.get("reason") == "nvidia-smi is not installed"


def _remedies(facts: Snapshot) -> tuple[Remedy, ...]:
    build = torch_build(facts)
    minimum = find_minimum(build.cuda) if build is not None and build.cuda else None
    if isinstance(facts.system.wsl, int):
        return (
            by_hand(
                "install the NVIDIA driver on Windows", "install NVIDIA's driver on Windows, none inside WSL, then run: wsl --shutdown"
            ),
        )
    if known(facts.system.container, ""):
        return (by_hand("pass the card into the container", "start the container again with --gpus all, on a host whose nvidia-smi works"),)
    bound = f", {minimum.version(windows=has_windows_driver(facts))} or newer" if minimum is not None else ""
    install = (
        Step(run=("sudo", "ubuntu-drivers", "install"), root=True) if _is_ubuntu(facts) else Step(do=f"install NVIDIA's driver{bound}")
    )
    steps = (install, Step(do="reboot"), Step(run=("nvidia-smi",)))
    return (by_hand(f"install the NVIDIA driver{bound}; if the machine has no NVIDIA card, go to one that has", *steps),)


def _is_ubuntu(facts: Snapshot) -> bool:
    return known(facts.system.distribution_id, "") == "ubuntu"


RULE = Rule(
    name="no-nvidia-driver",
    title="No NVIDIA driver answers a CUDA build",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "driver-not-found", "driver-too-old", "nvml-error"}),
)
