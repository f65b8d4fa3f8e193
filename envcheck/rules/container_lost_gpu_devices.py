"""container-lost-gpu-devices: a running container has lost the right to open its GPU's device nodes."""

from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Device, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.container_devices import has_no_node
from envcheck.judging.driver_words import WITHOUT_DRIVER, found_no_device
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.containers import lasting_devices
from envcheck.report import Area, Certainty

MANUAL = Manual(
    checks="Whether a container that was given a GPU may still open its device nodes.",
    why="Where systemd manages the control groups of containers, a reload of its units (systemctl daemon-reload, an upgrade of a service) "
    "writes the rules for devices again, without those that NVIDIA's hook had added. The nodes stay, and opening them is refused.",
    example="Failed to initialize NVML: Unknown Error in a container that has worked for days; nvidia-smi works on the host.",
    fix="Start the container again; name the devices at its start, use CDI, or let Docker manage control groups (cgroupfs).",
    ignore_when="Never while programs in the container need the card.",
    sources=("https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/troubleshooting.html",),
)

_UNKNOWN = 999  # NVML_ERROR_UNKNOWN
_REFUSED = "EPERM"  # of the control group; a file's mode is answered with EACCES
_SUBJECT = "container"


def check(case: Case) -> Iterator[Outcome]:
    """NVML's "unknown error" at the very start, or nodes that the system refuses to a process that the file's mode lets in."""
    facts = case.facts
    container = facts.system.container
    said = tuple(symptom for symptom in case.said(SymptomKind.NVML_ERROR) if symptom.code == _UNKNOWN and "device" not in symptom.details)
    refused = [device for device in facts.devices if device.path.startswith("/dev/nvidia") and device.error == _REFUSED]
    if container is None or facts.system.job:
        yield NotApplicable("this is no container, or a job's own share of the cards")
    elif refused and isinstance(container, str):
        yield _found(case, said, refused, Certainty.CERTAIN)
    elif said and all(symptom.scope != "host" for symptom in said):
        yield _found(case, said, [], Certainty.CERTAIN if isinstance(container, str) else Certainty.LIKELY)
    elif not isinstance(container, str):
        yield NotApplicable("nothing is known of a container")
    elif any(device.path.startswith("/dev/nvidia") and device.accessible is True for device in facts.devices):
        yield Passed(_SUBJECT, "it may open the GPU's device nodes")
    elif found_no_device(case) and not facts.live and facts.nvidia.state is UNSET and not has_no_node(facts, "/dev/nvidia[0-9]*"):
        yield NotEvaluated(_SUBJECT, "whether it may still open its GPUs is not known", ("nvidia-smi, inside the container",))
    else:
        yield NotApplicable("the container has no device nodes of NVIDIA's")


def _found(case: Case, said: tuple[Symptom, ...], refused: list[Device], certainty: Certainty) -> Found:
    facts = case.facts
    evidence = [*map(spoken, said), *(case.proof(f"devices[{device.path}]", _REFUSED) for device in refused[:3])]
    if isinstance(facts.system.container, str):
        evidence.append(case.proof("system.container", facts.system.container))
    where = "The container" if known(facts.system.container, "") else "A container"
    return Found(
        _SUBJECT,
        f"{where} has lost its GPUs while it ran: their device nodes may not be opened any more.",
        severity=severity_of_trouble(case),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=()
        if certainty is Certainty.CERTAIN
        else ("the words were printed inside a container", "nvidia-smi works on the host"),
        remedies=lasting_devices(facts),
        symptoms=said,
    )


RULE = Rule(
    name="container-lost-gpu-devices",
    title="The container has lost its GPU's device nodes",
    area=Area.CONTAINER,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "container-without-gpu-device",
        "cuda-visible-devices",
        "driver-state-after-suspend",
        "gpu-lost",
        "nvidia-device-denied",
        "nvidia-kernel-module-not-loaded",
        "permission-denied",
    },
)
