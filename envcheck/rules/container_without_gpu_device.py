"""container-without-gpu-device: the container was started without the GPU, or without the driver's libraries for it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.container_devices import HostSide, has_no_node, host_side, nodes
from envcheck.judging.driver_words import WITHOUT_DRIVER
from envcheck.judging.gpu_wishes import gpu_wish, is_only_the_tool, is_required, reaches_gpu, wants_gpu_by_image
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.prescribing.containers import start_with_gpu, with_capabilities
from envcheck.report import Area, Certainty, Proof, Severity

MANUAL = Manual(
    checks="Whether a container has the device nodes and the driver libraries of the GPUs that its machine has.",
    why="A container sees no GPU by itself. The engine must be told to bring in the device nodes and, for NVIDIA, the driver's libraries "
    "of the host; no installation inside the container replaces that.",
    example="docker run -it pytorch/pytorch without --gpus: Found no NVIDIA driver on your system, while nvidia-smi works on the host.",
    fix="Start it again: docker --gpus all, podman --device nvidia.com/gpu=all, a limit nvidia.com/gpu in a pod, apptainer --nv; for AMD "
    "--device=/dev/kfd --device=/dev/dri.",
    ignore_when="The container is meant to compute on the CPU.",
    sources=(
        "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html",
        "https://docs.docker.com/reference/cli/docker/container/run/",
        "https://rocm.docs.amd.com/projects/install-on-linux/en/latest/how-to/docker.html",
        "https://apptainer.org/docs/user/main/gpu.html",
    ),
)

_SUBJECT = "container"
_VARIABLE = "NVIDIA_VISIBLE_DEVICES="
_NOTHING = ("", "void", "none")  # of NVIDIA_VISIBLE_DEVICES, by the documentation of NVIDIA's container runtime
# CUDA's and NVML's numbers for: no driver, no device, no library.
_NO_CUDA = frozenset((3, 34, 35, 100, 303, 304))
_NO_NVML = frozenset((6, 9, 12))
_NODES = {"nvidia": "/dev/nvidia[0-9]*", "amd": "/dev/kfd"}


def check(case: Case) -> Iterator[Outcome]:
    """Asks each maker by itself; a container that nobody wants a GPU in is no matter."""
    facts = case.facts
    engine = facts.system.container
    if engine is None:
        yield NotApplicable("this is no container")
    elif not isinstance(engine, str):
        yield NotApplicable("nothing is known of a container")
    elif _was_started_both_ways(facts) and _lacks_the_tool(facts):
        yield _without_device(
            case, "nvidia", tuple(filter(is_only_the_tool, facts.symptoms)), host_side(facts, "nvidia"), Certainty.CERTAIN
        )
    elif framework_reaches_gpu(facts) or (reaches_gpu(facts) and not _missing_library(facts)):
        yield Passed(_SUBJECT, "it reaches the GPU")
    else:
        yield _nvidia(case) or _amd(case) or _nothing(facts)


def _was_started_both_ways(facts: Snapshot) -> bool:
    """Whether the text shows a run that was given the GPU and one that was not, in whatever order."""
    others = {entry.value for entry in facts.contradictions if entry.fact == "system.container_gpus"}
    given = facts.system.container_gpus
    return bool(others - {"None"}) if given is None else isinstance(given, str) and "None" in others


def _nothing(facts: Snapshot) -> Outcome:
    looked = bool(facts.devices) or facts.observed.devices is Completeness.COMPLETE
    if gpu_wish(facts).about and not looked and not isinstance(facts.nvidia.driver_version, str):
        return NotEvaluated(_SUBJECT, "whether it was given a GPU is not known", ("run ls -l /dev/nvidia* /dev/kfd inside the container",))
    return NotApplicable("nothing in the container asks for a GPU, or it has what it needs")


def _nvidia(case: Case) -> Outcome | None:
    facts = case.facts
    wish, host = gpu_wish(facts), host_side(facts, "nvidia")
    said = tuple(symptom for symptom in wish.symptoms if _is_of_nvidia(symptom) and symptom.scope != "host")
    if wish.backend == "rocm" and not said:
        return None
    missing = _missing_library(facts)
    if missing:
        return _without_library(case, missing, said)
    bare = has_no_node(facts, _NODES["nvidia"]) and not (isinstance(facts.system.wsl, int) and nodes(facts, "/dev/dxg"))
    refused = facts.variables.get("NVIDIA_VISIBLE_DEVICES", "all").strip().lower() in _NOTHING
    given = facts.system.container_gpus
    # A privileged container has the machine's device nodes, and none of the driver's libraries.
    without_libraries = given is None or (isinstance(given, str) and set(given.split()) == {"--privileged"} and bool(said))
    ungiven = without_libraries or (refused and bool(said))
    if nodes(facts, _NODES["nvidia"]):
        return None
    if bare and host:  # of a driver whose version stands in /proc, which is the host's in every container
        return _without_device(case, "nvidia", said, host, Certainty.CERTAIN)
    if isinstance(facts.nvidia.driver_version, str) and not said:
        return None
    if said and (ungiven or bare):
        return _without_device(case, "nvidia", said, host, Certainty.CERTAIN)
    meant = wants_gpu_by_image(facts) or _has_toolkit(facts) or _was_asked_by_hand(facts)
    asked = (_was_asked(facts) and meant) or (_has_toolkit(facts) and any(map(is_only_the_tool, facts.symptoms)))
    if ungiven and ((host.said and (wish.about or wants_gpu_by_image(facts))) or asked):
        return _without_device(case, "nvidia", said, host, Certainty.LIKELY)
    if _lacks_the_tool(facts) and _was_asked(facts) and not isinstance(given, str):
        return _without_device(case, "nvidia", said, host, Certainty.LIKELY)
    if said and facts.system.container_gpus != "" and not isinstance(facts.system.container_gpus, str):
        works = bool(host.said) or isinstance(facts.nvidia.driver_version, str)
        return _without_device(case, "nvidia", said, host, Certainty.CERTAIN if works else Certainty.LIKELY)
    return None


def _amd(case: Case) -> Outcome | None:
    facts = case.facts
    wish, host = gpu_wish(facts), host_side(facts, "amd")
    said = tuple(symptom for symptom in wish.symptoms if _is_of_amd(symptom) and symptom.scope != "host")
    bare = has_no_node(facts, _NODES["amd"]) or any(symptom.kind is SymptomKind.DEVICE_NOT_FOUND for symptom in said)
    ungiven = facts.system.container_gpus is None
    if nodes(facts, _NODES["amd"]) or (isinstance(facts.system.wsl, int) and nodes(facts, "/dev/dxg")):
        return None
    if bare and (said or host):
        return _without_device(case, "amd", said, host, Certainty.CERTAIN)
    if said and not isinstance(facts.system.container_gpus, str):
        return _without_device(case, "amd", said, host, Certainty.CERTAIN if ungiven else Certainty.LIKELY)
    return None


def _is_of_nvidia(symptom: Symptom) -> bool:
    details = symptom.details
    match symptom.kind:
        case SymptomKind.DRIVER_NOT_FOUND:
            return details.get("vendor", "nvidia") == "nvidia"
        case SymptomKind.CUDA_ERROR:
            return symptom.code in _NO_CUDA and not details.get("name", "").startswith("hip")
        case SymptomKind.NVML_ERROR:
            return symptom.code in _NO_NVML and "device" not in details
        case SymptomKind.LIBRARY_NOT_FOUND:
            return details.get("library", "").rpartition("/")[2] in ("libcuda.so.1", "libnvidia-ml.so.1")
        case SymptomKind.DEVICE_NOT_FOUND:
            return details.get("path", "").startswith("/dev/nvidia")
        case _:
            return False


def _is_of_amd(symptom: Symptom) -> bool:
    details = symptom.details
    match symptom.kind:
        case SymptomKind.DRIVER_NOT_FOUND:
            return details.get("vendor") == "amd"
        case SymptomKind.CUDA_ERROR:
            return details.get("name", "").startswith("hip") and symptom.code in _NO_CUDA
        case SymptomKind.DEVICE_NOT_FOUND:
            return details.get("path", "").startswith(("/dev/kfd", "/dev/dri"))
        case _:
            return False


def _missing_library(facts: Snapshot) -> str:
    """The driver's library that is not there although a card's node is; where the nodes are, the rest of the host's driver belongs."""
    if not nodes(facts, _NODES["nvidia"]) or isinstance(facts.nvidia.jetson, str) or isinstance(facts.system.wsl, int):
        return ""
    if facts.nvidia.libcuda_path is None:
        return "libcuda.so.1"
    return "libnvidia-ml.so.1" if facts.nvidia.nvml_path is None else ""


def _without_library(case: Case, library: str, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    path = "nvidia.libcuda_path" if library.startswith("libcuda") else "nvidia.nvml_path"
    evidence = [
        *map(spoken, said),
        case.proof(path, "none"),
        *(case.proof(f"devices[{node.path}]", "there") for node in nodes(facts, _NODES["nvidia"])[:2]),
    ]
    given = facts.variables.get("NVIDIA_DRIVER_CAPABILITIES")
    if given is not None:
        evidence.append(case.proof("variables[NVIDIA_DRIVER_CAPABILITIES]", given or '""'))
    why = f": NVIDIA_DRIVER_CAPABILITIES is {given!r}" if given is not None else ""
    needed = "programs that compute need" if library.startswith("libcuda") else "nvidia-smi needs"
    return Found(
        _SUBJECT,
        f"The container has the GPU's device nodes, but not the host's {library}, which {needed}{why}.",
        severity=_severity(case, said) if library.startswith("libcuda") else Severity.INFO,
        evidence=tuple(evidence),
        remedies=(with_capabilities(facts),),
        symptoms=said,
    )


def _severity(case: Case, said: tuple[Symptom, ...]) -> Severity:
    """Nobody's wish is a warning: the card is there, and whoever looks for it would be told nothing.

    Images for CUDA set the runtime's variable themselves, so that on a live machine it tells of no wish but the image's.
    """
    facts = case.facts
    given = known(facts.system.container_gpus, "") or ""
    if said or gpu_wish(facts).about or _was_asked(facts) or (given and not (facts.live and given.startswith(_VARIABLE))):
        return Severity.ERROR
    wanted = given or wants_gpu_by_image(facts) or is_required(case)
    return Severity.WARNING if wanted or not facts.live else Severity.INFO


def _was_asked(facts: Snapshot) -> bool:
    """Whether somebody asked a framework for the GPU that is not known to be built without, had none, and gave a report of it."""
    return not facts.live and any(build.cuda_available is False and build.cuda is not None for build in facts.builds.values())


def _was_asked_by_hand(facts: Snapshot) -> bool:
    """A report's form asks everybody for it, and tells what torch is built for as well; in a session somebody wanted to know."""
    return any(build.cuda_available is False and not isinstance(build.cuda, str) for build in facts.builds.values())


def _lacks_the_tool(facts: Snapshot) -> bool:
    """Where an engine brings in the driver, it brings nvidia-smi as well."""
    return any(is_only_the_tool(symptom) and symptom.scope != "host" for symptom in facts.symptoms)


def _has_toolkit(facts: Snapshot) -> bool:
    """An image with CUDA's compiler is made to compute on a GPU."""
    return any(toolkit.name == "cuda" for toolkit in facts.toolkits)


def _without_device(case: Case, vendor: str, said: tuple[Symptom, ...], host: HostSide, certainty: Certainty) -> Found:
    facts = case.facts
    engine = known(facts.system.container, "container")
    evidence = [*map(spoken, said), case.proof("system.container", engine)]
    if facts.system.container_gpus is None:
        evidence.append(case.proof("system.container_gpus", "none"))
    hidden = facts.variables.get("NVIDIA_VISIBLE_DEVICES")
    if vendor == "nvidia" and hidden is not None and hidden.strip().lower() in _NOTHING:
        evidence.append(case.proof("variables[NVIDIA_VISIBLE_DEVICES]", hidden or '""'))
    evidence += [Proof(fact=f"{fact} (host)", value=value, source=source) for fact, value, source in host.said[:2]]
    evidence += [case.proof(f"accelerators[{card.index}]", known(card.name, known(card.vendor, "GPU"))) for card in host.cards[:2]]
    if host.module:
        evidence.append(case.proof("nvidia.kernel_module_version" if vendor == "nvidia" else "modules", host.module))
    node = "/dev/nvidia0" if vendor == "nvidia" else "/dev/kfd"
    maker = "NVIDIA" if vendor == "nvidia" else "AMD"
    has = f"has none of the machine's {maker} GPUs" if host else f"has no {maker} GPU"
    confirm = (
        f"ls -l {node} finds no such file inside the container",
        "nvidia-smi works on the host" if vendor == "nvidia" else "rocminfo works on the host",
    )
    return Found(
        _SUBJECT,
        f"The {engine if engine != 'other' else ''} container {has}: it was started without them.".replace("  ", " "),
        severity=_severity(case, said),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else confirm,
        remedies=start_with_gpu(facts, vendor),
        symptoms=said,
    )


RULE = Rule(
    name="container-without-gpu-device",
    title="The container was started without the GPU",
    area=Area.CONTAINER,
    layer=Layer.HARDWARE,  # for what runs inside, it is as if the machine had no card
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "amdgpu-not-loaded",
        "cuda-visible-devices",
        "device-not-found",
        "kfd-permission",
        "nvidia-device-denied",
        "nvidia-kernel-module-not-loaded",
        "rocm-visible-devices",
    },
)
