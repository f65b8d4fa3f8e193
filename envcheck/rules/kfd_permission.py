"""kfd-permission: this user may not open the device nodes through which programs compute on AMD's cards."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Device, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.amd_cards import amd_gpus, rocm_build, rocm_reaches_gpu, wants_rocm
from envcheck.judging.case import Case, spoken
from envcheck.judging.gpu_wishes import is_required
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import join_groups
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether this user may read and write /dev/kfd and the render nodes in /dev/dri.",
    why="ROCm talks to the kernel through /dev/kfd and one render node per card. They belong to the groups render and video; a user who "
    "is in neither gets no GPU from any program, although driver and card are in order.",
    example="rocminfo: Unable to open /dev/kfd read-write: Permission denied.",
    fix="Add the user to the groups that the nodes belong to, then log out and in again; start a container with those groups.",
    ignore_when="The GPU is not meant to be used by this user.",
    sources=(
        "https://rocm.docs.amd.com/projects/install-on-linux/en/latest/install/prerequisites.html",
        "https://rocm.docs.amd.com/projects/install-on-linux/en/latest/how-to/docker.html",
    ),
)

_SUBJECT = "/dev/kfd"
_KFD, _RENDER = "/dev/kfd", "/dev/dri/renderD"
_REFUSALS = ("EACCES", "EPERM")
# What is missing or was observed, which is not yet a refusal: by amd-smi, and by whoever reports.
_HINTS = ("groups", "root")
_NEEDS = ("the output of ls -l /dev/kfd /dev/dri, and of groups",)


def check(case: Case) -> Iterator[Outcome]:
    """What programs said, then the nodes themselves where something here wants them."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.PERMISSION_DENIED) if _is_of_rocm(symptom, facts))
    refused = tuple(symptom for symptom in said if symptom.details.get("reason") not in _HINTS)
    silent = tuple(symptom for symptom in facts.symptoms if _gets_nothing(symptom))
    denied = _denied(facts)
    kfd = next((device for device in facts.devices if device.path == _KFD), None)
    if refused:
        yield _found(case, said, denied, Severity.ERROR, Certainty.CERTAIN)
    elif said and silent:  # what a user gets who may not open it, and root does not
        yield _found(case, (*silent, *said), denied, Severity.ERROR, Certainty.LIKELY)
    elif all(symptom.subject == "reporter" for symptom in said) and not wants_rocm(facts):
        yield NotApplicable("nothing here computes on an AMD GPU")
    elif rocm_reaches_gpu(facts) or (kfd is not None and kfd.accessible is True and not denied):
        yield Passed(_SUBJECT, "this user may open it")
    elif not (said or wants_rocm(facts)):
        yield NotApplicable("nothing here computes on an AMD GPU")
    elif denied or facts.amd.state == "denied":
        severity = Severity.ERROR if said or rocm_build(facts) is not None or is_required(case) else Severity.WARNING
        yield _found(case, said, denied, severity, Certainty.CERTAIN)
    elif said:  # amd-smi misses the groups even where somebody with other rights runs it
        yield _found(case, said, (), Severity.WARNING, Certainty.LIKELY)
    elif not amd_gpus(facts):
        yield NotApplicable("no AMD GPU is known")
    else:
        yield NotEvaluated(_SUBJECT, "whether this user may open the device nodes is not known", _NEEDS)


def _gets_nothing(symptom: Symptom) -> bool:
    """ROCm's runtime does not say why it has no resources: one reason is that the node cannot be opened."""
    details = symptom.details
    return symptom.kind is SymptomKind.DRIVER_NOT_FOUND and details.get("reason") in (
        "HSA_STATUS_ERROR_OUT_OF_RESOURCES",
        "no supported GPU",
    )


def _is_of_rocm(symptom: Symptom, facts: Snapshot) -> bool:
    """Render nodes are Intel's as well: they count where an AMD card is, or ROCm spoke."""
    path = symptom.details.get("path", "")
    return path.startswith(_KFD) or (path.startswith(_RENDER) and (symptom.subject == "rocm" or bool(amd_gpus(facts))))


def _denied(facts: Snapshot) -> tuple[Device, ...]:
    """/dev/kfd, or every render node of a machine whose cards are all AMD's; a card may be another user's."""
    render = [device for device in facts.devices if device.path.startswith(_RENDER)]
    only_amd = bool(amd_gpus(facts)) and len(amd_gpus(facts)) == len(facts.accelerators)
    all_render = only_amd and bool(render) and all(map(_is_refused, render))
    kfd = [device for device in facts.devices if device.path == _KFD and _is_refused(device)]
    return (*kfd, *(render if all_render else ()))


def _is_refused(device: Device) -> bool:
    return device.accessible is False and known(device.error, _REFUSALS[0]) in _REFUSALS


def _found(case: Case, said: tuple[Symptom, ...], denied: tuple[Device, ...], severity: Severity, certainty: Certainty) -> Found:
    evidence = [spoken(symptom) for symptom in said]
    evidence += [case.proof(f"devices[{device.path}]", f"{known(device.mode, '')} {known(device.group, '')}".strip()) for device in denied]
    if not evidence:
        evidence.append(case.proof("amd.state", "denied"))
    groups = _groups(said, denied)
    which = listed([device.path for device in denied], limit=3) or _SUBJECT
    whom = f"; {'it belongs' if len(denied) < 2 else 'they belong'} to {listed(groups)}" if denied and groups else ""
    return Found(
        _SUBJECT,
        f"This user may not open {which}, through which ROCm computes{whom}.",
        severity=severity,
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=()
        if certainty is Certainty.CERTAIN
        else ("rocminfo says Permission denied", "groups shows neither render nor video"),
        remedies=(_outside(),)
        if _is_by_control_group(facts=case.facts, said=said)
        else _remedies(case.facts, groups or ["render", "video"], denied),
        symptoms=said,
    )


def _is_by_control_group(facts: Snapshot, said: tuple[Symptom, ...]) -> bool:
    """EPERM is no word of the file's mode: a control group keeps the device from a container that is not seen, or from a service."""
    return not isinstance(facts.system.container, str) and any(
        symptom.details.get("reason") == "Operation not permitted" for symptom in said
    )


def _outside() -> Remedy:
    return by_hand(
        "let the control group of the program have the device",
        "in a container: start it again with --device=/dev/kfd --device=/dev/dri; an LXC one needs lxc.cgroup2.devices.allow for both",
        "in a service of systemd: DeviceAllow=/dev/kfd rw and DeviceAllow=char-drm rw, or no PrivateDevices=yes",
        Step(run=("rocminfo",)),
    )


def _groups(said: tuple[Symptom, ...], denied: tuple[Device, ...]) -> list[str]:
    """The groups that the nodes are of, as far as they are told; root is nobody's to join."""
    told = [device.group for device in denied if isinstance(device.group, str)]
    for symptom in said:
        told += symptom.details.get("group", "").replace(",", " ").split()
    return [group for group in dict.fromkeys(told) if group and group != "root"]


def _remedies(facts: Snapshot, groups: list[str], denied: tuple[Device, ...]) -> tuple[Remedy, ...]:
    if isinstance(facts.system.container, str):
        return (_in_container(facts.system.container),)
    if any(device.member is True for device in denied):
        again = "log out and in again, or restart the machine: groups are given at login"
        return (by_hand("log in again, since this login is older than the user's place in the group", again),)
    joined = groups if groups != ["video"] else ["render", "video"]
    return (by_hand(f"add this user to {listed(joined)}", *join_groups(joined), Step(run=("rocminfo",))),)


def _in_container(engine: str) -> Remedy:
    """The groups of the host count inside, by their numbers: an image's own group render may have another."""
    match engine:
        case "apptainer":
            return by_hand("start the container with ROCm, as a user who is in the host's groups", "add --rocm behind exec, run or shell")
        case "kubernetes":
            words = "in the pod, set securityContext: {supplementalGroups: [NUMBER]} with the number of the node's group render"
            return by_hand("give the pod the group of the device nodes", words)
        case "podman":
            option = "start the container again with --device=/dev/kfd --device=/dev/dri --group-add keep-groups"
            return by_hand("keep this user's groups in the container", option)
        case _:
            number = Step(run=("stat", "--format=%g", "/dev/kfd"))
            option = "start the container again with --device=/dev/kfd --device=/dev/dri --group-add video --group-add NUMBER"
            return by_hand(
                "start the container with the host's groups", "find the number of the group of /dev/kfd on the host:", number, option
            )


RULE = Rule(
    name="kfd-permission",
    title="This user may not open /dev/kfd",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=frozenset({"amdgpu-not-loaded", "cuda-error", "device-not-found", "driver-not-found", "gpu-missing", "permission-denied"}),
)
