"""no-nvidia-driver: a CUDA build runs where no NVIDIA driver answers."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import (
    driver_cuda,
    has_driver_on_disk,
    has_no_nvidia_card,
    has_windows_driver,
    nvidia_accelerators,
    nvidia_cards,
)
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, card_proofs
from envcheck.judging.gpu_wishes import is_only_the_tool
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import BuildKind, torch_build
from envcheck.judging.usable_gpus import framework_reaches_gpu, is_given_away
from envcheck.knowledge.drivers import find_minimum
from envcheck.prescribing.conda_solver import is_of_solver, solve_for_another_machine
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether an NVIDIA driver answers, where a card is in the machine or a program with CUDA asked for it.",
    why="A framework's wheel brings the CUDA libraries, but never the driver. Without one there is no device, whatever toolkit there is. "
    "Conda asks the driver before it installs a build for CUDA (its virtual package __cuda), and finds none on a login node or while an "
    "image is built.",
    example="torch 1.10.2 for CUDA 11.3, CUDA runtime 11.3.109 installed, GPU models and driver version could not be collected.",
    fix="Install the driver that the distribution has for the card, go to a node that has a card, or pass the card into the container. "
    "Reinstalling torch does not help.",
    ignore_when="The machine is a login node, a CI runner or a laptop without a card, where the CPU is meant to be used.",
    sources=(
        "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/",
        "https://docs.nvidia.com/cuda/wsl-user-guide/index.html",
        "https://rpmfusion.org/Howto/NVIDIA",
        "https://wiki.debian.org/NvidiaGraphicsDrivers",
    ),
)

_NO_DEVICE_WITHOUT_DRIVER = ("cudaErrorStubLibrary", "CUDA_ERROR_STUB_LIBRARY")
_STUB = 34
_DRIVER_LIBRARIES = ("libcuda.so.1", "libnvidia-ml.so.1", "nvcuda.dll", "nvml.dll")
_LIBRARY_NOT_FOUND = 12  # NVML_ERROR_LIBRARY_NOT_FOUND
_CONFIRM_SOLVER = ("conda info has no __cuda among its virtual packages",)
_CONFIRM = ("nvidia-smi shows neither a card nor a driver", "lspci shows whether there is an NVIDIA card at all")


def check(case: Case) -> Iterator[Outcome]:
    """An installed driver passes; without one it depends on whether anybody misses it."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if _says_no_driver(symptom) and not _is_small_talk(case, symptom))
    heard = tuple(symptom for symptom in said if not symptom.was_asked_for)
    build = torch_build(facts)
    subject = build.subject if build is not None and build.kind is BuildKind.CUDA else "NVIDIA driver"
    about = ("torch",) if build is not None and build.kind is BuildKind.CUDA else ()
    cards = nvidia_accelerators(facts)
    bare = tuple(card for card in cards if _has_no_driver(card)) if not _is_installed(facts) else ()
    if isinstance(facts.nvidia.driver_version, str):
        yield Passed("NVIDIA driver", facts.nvidia.driver_version)
    elif driver_cuda(facts) is not None or facts.nvidia.state == "ok" or framework_reaches_gpu(facts):
        yield Passed("NVIDIA driver", "it answers")
    elif known(facts.system.os, "") == "Darwin":
        yield NotApplicable("macOS has no NVIDIA driver")
    elif any(case.said(SymptomKind.DRIVER_TOO_OLD)):
        yield Passed("NVIDIA driver", "it answers, though it is too old")
    elif cards and all(map(is_given_away, cards)):
        yield NotApplicable("the NVIDIA cards are kept for virtual machines")
    elif heard or bare or (facts.nvidia.driver_version is None and cards and not _is_given_another_way(facts, cards)):
        # A card alone asks for nothing: on the machine itself it is a fault where something is installed that needs the driver.
        # TensorFlow complains at every start about a machine that was never meant to have one.
        idle = bool(said) and not cards and not about and all(symptom.subject == "tensorflow" for symptom in said)
        missed = (heard or about or not facts.live) and not idle
        certainty = Certainty.LIKELY if idle or (said and not bare and all(map(is_only_the_tool, said))) else Certainty.CERTAIN
        yield _found(case, subject, about, said, Severity.ERROR if missed else Severity.WARNING, certainty)
    elif not about:
        yield NotApplicable("neither an NVIDIA card nor a CUDA build of torch is known")
    else:
        yield _without_card(case, subject, about)


def _has_no_driver(card: Accelerator) -> bool:
    """Whether the kernel was seen to have no driver of NVIDIA's on a card; nouveau offers no computing."""
    return card.state == "no-driver" or card.driver is None or (card.driver == "nouveau" and card.state != "ok")


def _is_installed(facts: Snapshot) -> bool:
    """Whether any part of the driver was seen: then what keeps it from answering is another rule's matter."""
    nvidia = facts.nvidia
    return has_driver_on_disk(facts) or isinstance(nvidia.kernel_module_version, str) or isinstance(nvidia.jetson, str)


def _is_given_another_way(facts: Snapshot, cards: tuple[Accelerator, ...]) -> bool:
    """On a live machine a card whose kernel driver runs, or of which other parts of the driver were found, does not lack one."""
    return facts.live and (_is_installed(facts) or any(card.driver == "nvidia" for card in cards))


def _without_card(case: Case, subject: str, about: tuple[str, ...]) -> Outcome:
    """A CUDA build, no card known: what a plain installation looks like on a machine that is meant to compute on the CPU."""
    facts = case.facts
    if facts.live and has_no_nvidia_card(facts):
        return NotApplicable("this machine has no NVIDIA card")
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
    evidence += card_proofs(facts, (card.accelerator for card in cards if card.accelerator.driver is None), "driver")
    evidence += [case.proof("toolkits", f"{entry.name} {known(entry.version, '')}".strip()) for entry in facts.toolkits if not said]
    asks = f"{subject} is built for CUDA, but " if about else ""
    by_solver = bool(said) and all(map(is_of_solver, said))
    message = f"{asks}{_what_is_there(facts)}{', as far as conda sees' if by_solver else ''}."
    return Found(
        subject,
        message[0].upper() + message[1:] if not about else message,
        severity=severity,
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=(*_CONFIRM[: 1 if cards else 2], *(_CONFIRM_SOLVER if by_solver else ())) if certainty is Certainty.LIKELY else (),
        remedies=(*((solve_for_another_machine(said[0]),) if by_solver else ()), *_remedies(facts)),
        symptoms=said,
        about=about,
    )


def _what_is_there(facts: Snapshot) -> str:
    cards = nvidia_cards(facts)
    if not cards:
        absent = facts.live and has_no_nvidia_card(facts)
        return "this machine has no NVIDIA card and no driver for one" if absent else "no NVIDIA driver answers on this machine"
    if isinstance(facts.nvidia.kernel_module_version, str) and not isinstance(facts.nvidia.library_version, str):
        return f"the NVIDIA driver's libraries are missing; its kernel module {facts.nvidia.kernel_module_version} is loaded"
    nouveau = any(card.accelerator.driver == "nouveau" for card in cards)
    card = f"the card {cards[0].name}" if isinstance(cards[0].accelerator.name, str) else "the NVIDIA card"
    return f"no NVIDIA driver answers for {card}{', which nouveau has taken' if nouveau else ''}"


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

    A shell that knows no nvidia-smi says little more: nobody installs it where there is no card. Conda's solver was asked for CUDA.
    """
    idle = symptom.kind is SymptomKind.DRIVER_NOT_FOUND and (symptom.subject == "tensorflow" or is_only_the_tool(symptom))
    return idle and not is_of_solver(symptom) and not nvidia_cards(case.facts)


def _remedies(facts: Snapshot) -> tuple[Remedy, ...]:
    from envcheck.prescribing.nvidia_driver import driver_from_outside, get_driver

    system = facts.system
    outside = driver_from_outside(facts)
    if outside is not None:
        return (outside,)
    if facts.python.service in ("colab", "kaggle"):
        where = "Runtime > Change runtime type" if facts.python.service == "colab" else "Settings > Accelerator"
        return (by_hand("choose a machine with a GPU for the notebook", f"in the notebook's menu: {where}, then run its cells again"),)
    elsewhere = facts.live and has_no_nvidia_card(facts)
    if system.login_node is True or (elsewhere and isinstance(system.scheduler, str)):
        return (_on_a_node_with_gpus(facts),)
    if elsewhere:
        return (by_hand("go to a machine that has an NVIDIA card; without one, install the CPU build and compute on the CPU"),)
    return (get_driver(facts, _bound(facts)),)


def _on_a_node_with_gpus(facts: Snapshot) -> Remedy:
    if known(facts.system.scheduler, "slurm") == "slurm":
        return by_hand("run this on a node that has GPUs", Step(run=("srun", "--gres=gpu:1", "--pty", "bash")), Step(run=("nvidia-smi",)))
    return by_hand("run this on a node that has GPUs", f"ask {facts.system.scheduler} for one in the options of the job")


def _bound(facts: Snapshot) -> str:
    """`, 525.60.13 or newer`, where the installed build tells."""
    build = torch_build(facts)
    minimum = find_minimum(build.cuda) if build is not None and build.cuda else None
    return f", {minimum.version(windows=has_windows_driver(facts))} or newer" if minimum is not None else ""


RULE = Rule(
    name="no-nvidia-driver",
    title="No NVIDIA driver answers a CUDA build",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER - {"no-nvidia-driver"},
)
