"""nvidia-container-toolkit-missing: the container engine cannot hand in NVIDIA GPUs, because it has no tools for it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.prescribing.containers import configure_engine, install_toolkit
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether a container engine refused a request for GPUs.",
    why="Docker, Podman and containerd know nothing of GPUs. NVIDIA's container toolkit on the host brings the devices and the driver's "
    "libraries into a container; without it, or where the engine was not told of it, the request is refused.",
    example='docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
    fix="Install nvidia-container-toolkit on the host, run nvidia-ctk runtime configure for the engine, and restart the engine.",
    ignore_when="Never where containers are to compute on a GPU.",
    sources=(
        "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html",
        "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/cdi-support.html",
        "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/troubleshooting.html",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding per engine that refused."""
    refusals: dict[str, list[Symptom]] = {}
    for symptom in case.said(SymptomKind.DEVICE_REQUEST_REFUSED):
        refusals.setdefault(symptom.details.get("by", "docker"), []).append(symptom)
    if not refusals:
        engine, given = case.facts.system.container, framework_reaches_gpu(case.facts)
        yield (
            Passed(engine, "it gave the container its GPUs")
            if isinstance(engine, str) and given
            else NotApplicable("no container engine refused a request for GPUs")
        )
    for engine, said in refusals.items():
        yield _found(case, engine, tuple(said))


def _found(case: Case, engine: str, said: tuple[Symptom, ...]) -> Found:
    reasons = " ".join(symptom.details.get("reason", "") for symptom in said)
    message, certainty, confirm, remedy = _judged(case.facts, engine, reasons)
    return Found(
        engine,
        message,
        certainty=certainty,
        evidence=tuple(map(spoken, said)),
        would_confirm=confirm,
        remedies=(remedy,),
        symptoms=said,
    )


_Judged = tuple[str, Certainty, tuple[str, ...], Remedy]


def _judged(facts: Snapshot, engine: str, reasons: str) -> _Judged:
    """By what the engine named as its reason."""
    if engine == "kubernetes":
        return _kubernetes()
    name = engine.capitalize()
    if "no such GPU" in reasons:
        remedy = by_hand("ask for a GPU that the machine has", "the host's GPUs and their numbers:", Step(run=("nvidia-smi", "-L")))
        return f"{name} was asked for a GPU that the host does not have.", Certainty.CERTAIN, (), remedy
    if "unknown flag" in reasons:
        old = "Docker has it from 19.03 on; before, it was --runtime=nvidia; Podman takes --device nvidia.com/gpu=all"
        remedy = by_hand("update the engine, or ask for the GPU in its own way", old, *_package_steps(facts, engine))
        return f"{name} does not know the option --gpus.", Certainty.CERTAIN, (), remedy
    if "error:" in reasons:
        return _broken(name, engine, reasons)
    if "no CDI specification" in reasons:
        remedy = by_hand(
            "describe the host's GPUs to the engine", *configure_engine("podman")[:1], "if nvidia-ctk is not found, install it first:"
        )
        remedy = by_hand(remedy.summary, *remedy.steps, *install_toolkit(facts, engine).steps[:-2])
        return f"{name} has no description (CDI) of the host's NVIDIA GPUs.", Certainty.CERTAIN, (), remedy
    remedy = install_toolkit(facts, engine)
    return (
        f"{name} cannot give NVIDIA GPUs to containers: NVIDIA's container toolkit is not installed, or not configured.",
        Certainty.CERTAIN,
        (),
        remedy,
    )


def _package_steps(facts: Snapshot, engine: str) -> tuple[Step, ...]:
    return tuple(step for step in install_toolkit(facts, engine).steps if step.run)


def _broken(name: str, engine: str, reasons: str) -> _Judged:
    """The toolkit is there and fails by itself."""
    steps: tuple[str | Step, ...] = ("update nvidia-container-toolkit on the host to its newest version", *configure_engine(engine))
    if "ldcache" in reasons:
        steps = (
            'in /etc/nvidia-container-runtime/config.toml set ldconfig = "@/sbin/ldconfig", or the place where the host has it',
            *steps,
        )
    elif "device filters" in reasons or "cgroup" in reasons:
        steps = ("where the engine runs without root, set no-cgroups = true in /etc/nvidia-container-runtime/config.toml", *steps)
    remedy = by_hand("mend NVIDIA's container toolkit on the host", *steps)
    words = "the host's nvidia-smi works, and its container toolkit is older than its system"
    return f"{name} has NVIDIA's container toolkit, but it fails on this host.", Certainty.LIKELY, (words,), remedy


def _kubernetes() -> _Judged:
    remedy = by_hand(
        "see whether the nodes offer GPUs, and whether any is free",
        Step(run=("kubectl", "describe", "nodes")),
        "if nvidia.com/gpu is not under Allocatable: the node's container runtime lacks NVIDIA's toolkit or the cluster its device plugin;"
        " its administrator installs the GPU Operator, or both",
        "if it is there and all are allocated: wait, or ask for fewer GPUs",
    )
    confirm = ("kubectl describe nodes shows no nvidia.com/gpu under Allocatable",)
    message = "No node of the Kubernetes cluster has a GPU to give: the nodes do not offer any, or all are taken."
    return message, Certainty.LIKELY, confirm, remedy


RULE = Rule(
    name="nvidia-container-toolkit-missing",
    title="The container engine cannot give NVIDIA GPUs",
    area=Area.CONTAINER,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "container-without-gpu-device",
        "device-request-refused",
        "nvidia-kernel-module-not-loaded",
    },
)
