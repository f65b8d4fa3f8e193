"""gpu-memory-held-by-others: a program ran out of GPU memory because other processes have it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator, GpuProcess, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.memory_words import GIB, Shares, occupied_cards, shares
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import counted, listed
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether a program that ran out of GPU memory had little of it itself, so that other processes on the card have the rest.",
    why="A card's memory belongs to whoever asks first: another user's job, a notebook whose kernel still runs, the leftover of a program "
    "that crashed, or a server such as Ollama. A smaller batch does not help much then.",
    example="CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.68 GiB of which 1.10 GiB is free. Including "
    "non-PyTorch memory, this process has 1.90 GiB memory in use.",
    fix="See with nvidia-smi who has it; end what is yours, or use another card with CUDA_VISIBLE_DEVICES.",
    ignore_when="The other processes are meant to share the card, and this one is meant to get by with what is left.",
    sources=(
        "https://docs.pytorch.org/docs/stable/notes/cuda.html#memory-management",
        "https://docs.nvidia.com/deploy/nvidia-smi/index.html",
    ),
)

_SHOW = Step(run=("nvidia-smi", "--query-compute-apps=pid,name,used_memory", "--format=csv"))
_HARDLY_ANY = 0.25  # of a card is free at most where a process is refused at its start


def check(case: Case) -> Iterator[Outcome]:
    """The numbers in the program's own words decide; where there are none, a list of processes suggests."""
    said = tuple(symptom for symptom in case.said(SymptomKind.OUT_OF_MEMORY) if symptom.details.get("device") == "cuda")
    if not said:
        yield NotApplicable("no program ran out of GPU memory")
        return
    told = [(symptom, found) for symptom in said if (found := shares(symptom)) is not None]
    crowded = next(((symptom, found) for symptom, found in told if found.are_held_by_others), None)
    occupied = occupied_cards(case.facts)
    if crowded is not None:
        yield _found(case, said, crowded[1], occupied)
    elif told:
        yield Passed("GPU memory", f"{told[0][1].own / GIB:.1f} GiB of {told[0][1].total / GIB:.1f} GiB are the program's own")
    elif occupied:
        yield _found(case, said, None, occupied)
    else:
        yield NotEvaluated(
            "GPU memory", "who has the card's memory is not known", ("run nvidia-smi while the program runs, and give its output",)
        )


def _found(
    case: Case, said: tuple[Symptom, ...], numbers: Shares | None, occupied: tuple[tuple[Accelerator, tuple[GpuProcess, ...]], ...]
) -> Found:
    evidence = [spoken(symptom) for symptom in said]
    evidence += [_proof(case.facts, card, process) for card, processes in occupied for process in processes[:4]]
    names = list(dict.fromkeys(f"{known(process.name, 'process')} ({process.pid})" for _, processes in occupied for process in processes))
    who = listed(names, 4) if names else "other processes"
    if numbers is not None:
        message = (
            f"Of {numbers.total / GIB:.1f} GiB of the card, the program had {numbers.own / GIB:.1f} GiB when memory ran out; "
            f"{who} had {numbers.others / GIB:.1f} GiB."
        )
    else:
        message = f"The card is nearly full of what {counted(len(names), 'process')} has: {who}." if names else "The card is nearly full."
    return Found(
        "GPU memory",
        message,
        certainty=Certainty.CERTAIN if numbers is not None else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if numbers is not None else ("the processes that nvidia-smi lists are not the program that failed",),
        remedies=(_remedy(case.facts),),
        symptoms=said,
    )


def _proof(facts: Snapshot, card: Accelerator, process: GpuProcess) -> Proof:
    fact = f"accelerators[{card.index}].processes"
    size = f", {process.memory_bytes / GIB:.1f} GiB" if isinstance(process.memory_bytes, int) else ""
    return Proof(fact=fact, value=f"{process.pid} {known(process.name, '')}{size}".strip(), source=facts.source_of(fact))


def _remedy(facts: Snapshot) -> Remedy:
    """Ends nothing itself: whose processes they are is for a person to see."""
    free = [
        card
        for card in facts.accelerators
        if isinstance(card.memory_free_bytes, int)
        and isinstance(card.memory_bytes, int)
        and card.memory_free_bytes > card.memory_bytes * (1 - _HARDLY_ANY)
    ]
    other = f"or use card {free[0].index}, which is nearly free: CUDA_VISIBLE_DEVICES={free[0].index}" if free else ""
    return by_hand(
        "see who has the card's memory, and end what is yours",
        _SHOW,
        "end your own leftovers: notebook kernels, servers, programs that crashed (kill PID); leave other people's alone",
        other or "or choose another card with CUDA_VISIBLE_DEVICES, where there are several",
    )


RULE = Rule(
    name="gpu-memory-held-by-others",
    title="Other processes have the GPU's memory",
    area=Area.GPU,
    layer=Layer.DEVICE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"not-an-environment-problem"}),
)
