"""gpu-hidden-by-job: a job of a cluster was given none of the GPUs that its node has."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator, Snapshot, known
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER
from envcheck.judging.gpu_wishes import Wish, gpu_wish, is_required, reaches_gpu
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.parsers.nvidia.visible_devices import parse_visible_devices
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether a job of a batch system was given any of its node's GPUs, where a program in it asks for one.",
    why="A batch system gives each job the GPUs that were asked for and closes the others to it, by the control group or by "
    "CUDA_VISIBLE_DEVICES. A job that asked for none sees none, on whatever node it runs.",
    example="srun python train.py without --gres=gpu:1 on a node with eight cards: No CUDA GPUs are available.",
    fix="Hand the job in again with a request for GPUs: --gres=gpu:1 (Slurm), -l ngpus=1 (PBS), -gpu num=1 (LSF).",
    ignore_when="The job is meant to compute on the CPU.",
    sources=(
        "https://slurm.schedmd.com/gres.html",
        "https://slurm.schedmd.com/cgroup.conf.html",
        "https://www.ibm.com/docs/en/spectrum-lsf/10.1.0?topic=options-gpu",
        "https://htcondor.readthedocs.io/en/latest/users-manual/submitting-a-job.html",
    ),
)

_CLOSED = ("hidden", "denied")
# What each batch system is told, and how a shell with a GPU is opened there.
_REQUESTS = {
    "slurm": (("sbatch", "--gres=gpu:1", "JOB.sh"), "--gres=gpu:1 or --gpus=1, with sbatch, srun and salloc"),
    "pbs": (("qsub", "-l", "select=1:ngpus=1", "JOB.sh"), "-l select=1:ngpus=1; older ones: -l nodes=1:gpus=1"),
    "sge": (("qsub", "-l", "gpu=1", "JOB.sh"), "-l gpu=1, or the name that this cluster gave to its GPUs"),
    "lsf": (("bsub", "-gpu", "num=1", "JOB"), '-gpu "num=1"'),
    "htcondor": (("condor_submit", "JOB.sub"), "request_gpus = 1 in the submit file"),
    "oar": (("oarsub", "-l", "gpu=1", "JOB.sh"), "-l gpu=1"),
    "flux": (("flux", "run", "-g1", "COMMAND"), "-g1"),
    "cobalt": (("qsub", "--attrs", "gpu=1", "JOB.sh"), "as the cluster's manual says"),
}


def check(case: Case) -> Iterator[Outcome]:
    """Only inside a job; cards of other jobs are no problem as long as this one has its own."""
    facts = case.facts
    scheduler = facts.system.scheduler
    if not isinstance(facts.system.job, str) or not isinstance(scheduler, str) or scheduler in ("kubernetes", "ray"):
        yield NotApplicable("this is no job of a batch system")
        return
    cards = tuple(card for card in facts.accelerators if card.vendor in ("nvidia", "amd"))
    own = tuple(card for card in cards if card.state not in _CLOSED and card.visible is not False and card.state != "no-driver")
    wish = gpu_wish(facts)
    none_given = _gives_none(facts) or _shows_none(facts)
    if none_given or (cards and not own and any(card.state in _CLOSED or card.visible is False for card in cards)):
        yield _without(case, scheduler, cards, wish) if wish or is_required(case) else NotApplicable("the job asks for no GPU")
    elif own and (reaches_gpu(facts) or len(own) < len(cards)):
        yield Passed("GPUs of the job", f"{len(own)} of the node's {len(cards)}")
    elif _is_given_some(facts):
        yield Passed("GPUs of the job", "the batch system gave it some")
    elif wish.symptoms and not facts.live and "CUDA_VISIBLE_DEVICES" not in facts.variables:
        reason = "a program in the job missed its GPU; what the job was given is not known"
        yield NotEvaluated("GPUs of the job", reason, ("echo $CUDA_VISIBLE_DEVICES", "nvidia-smi -L"))
    else:
        yield NotApplicable("nothing is known of GPUs that are hidden from this job")


def _gives_none(facts: Snapshot) -> bool:
    """Slurm sets CUDA_VISIBLE_DEVICES to "" or NoDevFiles for a job that was given none, others to nothing at all."""
    visible = facts.variables.get("CUDA_VISIBLE_DEVICES")
    if _is_given_some_by_slurm(facts):
        return False
    return visible is not None and visible != "-1" and parse_visible_devices(visible).hides_all_on_purpose


def _is_given_some(facts: Snapshot) -> bool:
    visible = facts.variables.get("CUDA_VISIBLE_DEVICES", "")
    return _is_given_some_by_slurm(facts) or (bool(visible) and visible != "-1" and not parse_visible_devices(visible).hides_all_on_purpose)


def _is_given_some_by_slurm(facts: Snapshot) -> bool:
    return bool(facts.variables.get("SLURM_JOB_GPUS")) or facts.variables.get("SLURM_GPUS_ON_NODE", "0") not in ("", "0")


def _shows_none(facts: Snapshot) -> bool:
    """In a text, a driver that answers and shows no device: a job's control group hides those that are not its own."""
    return not facts.live and facts.nvidia.state == "no-devices" and not facts.variables.get("SLURM_JOB_GPUS")


def _without(case: Case, scheduler: str, cards: tuple[Accelerator, ...], wish: Wish) -> Found:
    facts = case.facts
    evidence: list[Proof] = [
        *map(spoken, wish.symptoms),
        case.proof("system.scheduler", scheduler),
        case.proof("system.job", known(facts.system.job, "")),
    ]
    visible = facts.variables.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        evidence.append(case.proof("variables[CUDA_VISIBLE_DEVICES]", visible or '""'))
    evidence += [case.proof(f"accelerators[{card.index}].state", known(card.state, "hidden")) for card in cards[:3]]
    sure = bool(cards) or known(visible, "") == "NoDevFiles"
    has = f"none of the node's {len(cards)} GPUs" if len(cards) > 1 else "not the node's GPU" if cards else "no GPU"
    return Found(
        "GPUs of the job",
        f"The {scheduler} job has {has}: it was handed in without asking for any.",
        severity=Severity.ERROR if wish.symptoms else Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else ("the job's script asks for no GPU",),
        remedies=(_remedy(scheduler),),
        symptoms=wish.symptoms,
    )


def _remedy(scheduler: str) -> Remedy:
    command, words = _REQUESTS.get(scheduler, ((), "as the cluster's manual says"))
    return by_hand("hand the job in again and ask for a GPU", f"{scheduler}: {words}", *((Step(run=command),) if command else ()))


RULE = Rule(
    name="gpu-hidden-by-job",
    title="The job was given no GPU",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "amdgpu-not-loaded",
        "container-without-gpu-device",
        "cuda-visible-devices",
        "driver-state-after-suspend",
        "kfd-permission",
        "nvidia-device-denied",
        "nvidia-kernel-module-not-loaded",
        "permission-denied",
    },
)
