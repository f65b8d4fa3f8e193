"""nvidia-device-denied: this user may not open the device nodes of NVIDIA's driver."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Device, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_accelerators
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, card_proofs, nvml_code
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.judging.wording import listed
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the user may open /dev/nvidiactl, /dev/nvidia-uvm and a /dev/nvidiaN: every CUDA program needs these three.",
    why="The driver makes its nodes readable and writable for everybody, unless a module option, a udev rule or an administrator limits "
    "them to a group. Whoever is not in it finds no GPU, while root does.",
    example="/dev/nvidia0 is crw-rw---- root video, and the user is not in the group video.",
    fix="Join the group that the nodes belong to and log in again, or let the driver make the nodes for everybody.",
    ignore_when="This user is not meant to use the GPUs.",
    sources=(
        "https://download.nvidia.com/XFree86/Linux-x86_64/595.45.04/README/faq.html",
        "https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html",
    ),
)

_NO_PERMISSION = 4  # NVML_ERROR_NO_PERMISSION
_NEEDED = regex(r"/dev/nvidia(?:ctl|-uvm|\d{1,3})$")
_SHARED = ("/dev/nvidiactl", "/dev/nvidia-uvm")
# What the system says of a node's mode. Its EPERM is the word of a container's or a job's device list, which other rules know.
_BY_MODE = "EACCES"
_SUBJECT = "NVIDIA device nodes"


def check(case: Case) -> Iterator[Outcome]:
    """By what the nodes answered, by what programs said of them, or by what NVML said when it started."""
    facts = case.facts
    nodes = tuple(device for device in facts.devices if _NEEDED.match(device.path))
    denied = tuple(node for node in nodes if node.accessible is False and node.error == _BY_MODE)
    said = tuple(symptom for symptom in facts.symptoms if _says_denied(symptom))
    elsewhere = isinstance(facts.system.container, str) or isinstance(facts.system.job, str)
    if framework_reaches_gpu(facts):
        yield Passed(_SUBJECT, "a framework reaches the GPU")
    elif denied and _is_all_lost(nodes, denied):
        yield _found(case, said, denied, Certainty.CERTAIN)
    elif denied:
        yield _some(case, nodes, denied)
    elif any(symptom.kind is SymptomKind.PERMISSION_DENIED for symptom in said):
        yield _found(case, said, (), Certainty.CERTAIN)
    elif said:
        yield _found(case, said, (), Certainty.LIKELY if elsewhere or not _is_at_start(said) else Certainty.CERTAIN)
    elif not elsewhere and not nodes and any(card.state == "denied" for card in nvidia_accelerators(facts)):
        yield _found(case, (), (), Certainty.CERTAIN)
    elif any(node.accessible is True for node in nodes):
        yield Passed(_SUBJECT, "they may be opened")
    elif nodes and not any(isinstance(node.accessible, bool) for node in nodes):
        yield NotEvaluated(_SUBJECT, "whether this user may open them is not known", ("run ls -l /dev/nvidia* and id",))
    else:
        yield NotApplicable("no device node of NVIDIA's is known to be refused by its mode")


def _says_denied(symptom: Symptom) -> bool:
    if symptom.kind is SymptomKind.PERMISSION_DENIED:
        return symptom.details.get("path", "").startswith("/dev/nvidia")
    return nvml_code(symptom) == _NO_PERMISSION


def _is_at_start(said: tuple[Symptom, ...]) -> bool:
    """NVML also lacks a permission where a single question is for administrators only."""
    return any("Failed to initialize" in symptom.text for symptom in said)


def _is_all_lost(nodes: tuple[Device, ...], denied: tuple[Device, ...]) -> bool:
    """A node that all programs need, or that of every card."""
    cards = {node.path for node in nodes} - set(_SHARED)
    return any(node.path in _SHARED for node in denied) or (bool(cards) and cards <= {node.path for node in denied})


def _some(case: Case, nodes: tuple[Device, ...], denied: tuple[Device, ...]) -> Found:
    cards = [node for node in nodes if node.path not in _SHARED]
    return Found(
        _SUBJECT,
        f"{len(denied)} of {len(cards)} GPUs are closed to this user: {listed([node.path for node in denied])}.",
        severity=Severity.INFO,
        evidence=tuple(case.proof(f"devices[{node.path}]", _in_words(node)) for node in denied),
        remedies=_remedies(case.facts, denied),
    )


def _found(case: Case, said: tuple[Symptom, ...], denied: tuple[Device, ...], certainty: Certainty) -> Found:
    facts = case.facts
    evidence = [*map(spoken, said), *(case.proof(f"devices[{node.path}]", _in_words(node)) for node in denied)]
    if not evidence:
        evidence += card_proofs(facts, (card for card in nvidia_accelerators(facts) if card.state == "denied"), "state")
    which = listed([node.path for node in denied]) if denied else "the device nodes of the NVIDIA driver"
    outside = next((node for node in denied if node.member is False and isinstance(node.group, str)), None)
    why = f", which are for the group {outside.group}" if outside is not None else ""
    return Found(
        _SUBJECT,
        f"This user may not open {which}{why}.",
        severity=severity_of_trouble(case),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else ("sudo nvidia-smi works where nvidia-smi does not",),
        remedies=_remedies(facts, denied),
        symptoms=said,
    )


def _in_words(node: Device) -> str:
    return " ".join(word for word in (node.mode, node.group, node.error) if isinstance(word, str))


def _remedies(facts: Snapshot, denied: tuple[Device, ...]) -> tuple[Remedy, ...]:
    from envcheck.prescribing.system import REBOOT, join_groups, rebuild_ramdisk

    group = next((node.group for node in denied if node.member is False and isinstance(node.group, str) and node.group != "root"), None)
    open_nodes = by_hand(
        "let the driver make its nodes for everybody",
        "see who limits them: options nvidia NVreg_DeviceFileMode=… in /etc/modprobe.d, or a rule for nvidia in /etc/udev/rules.d",
        Step(run=("grep", "--recursive", "NVreg_DeviceFile", "/etc/modprobe.d", "/usr/lib/modprobe.d")),
        "write options nvidia NVreg_DeviceFileMode=0666 there, or take the rule away",
        rebuild_ramdisk(facts),
        REBOOT,
    )
    if isinstance(facts.system.container, str):
        return (
            by_hand("start the container with a user who may open the nodes", "with Docker: --group-add with the number of their group"),
        )
    if group is None:
        return (open_nodes,)
    join = by_hand(f"join the group {group}", *join_groups([group]), "start the service again, if it is one that runs the programs")
    return (join, open_nodes)


RULE = Rule(
    name="nvidia-device-denied",
    title="This user may not open NVIDIA's device nodes",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER | {"nvidia-kernel-module-not-loaded", "permission-denied"},
)
