"""not-an-environment-problem: what a program said is a matter of its data, its code, its size, or of a service on the network."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.memory_words import GIB, occupied_cards, shares
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Rule
from envcheck.judging.wording import one_line
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether an error is of a kind that no reinstallation and no driver would change: memory that the program itself used up, "
    "shapes and devices of tensors that do not fit, labels out of range, missing data files, a refused access, a failing network.",
    why="Much time goes into new environments where the program or its data is at fault. That the environment is sound is an answer too.",
    example="CUDA out of memory, where the program has nearly all of the card; 401 Client Error from the Hugging Face Hub; "
    "mat1 and mat2 shapes cannot be multiplied (32x512 and 256x10).",
    fix="Each kind says what usually helps: a smaller batch, a label's range, a path, a token, a proxy.",
    ignore_when="Something else in the report explains the error: then that comes first.",
    sources=(
        "https://docs.pytorch.org/docs/stable/notes/cuda.html#memory-management",
        "https://docs.nvidia.com/compute-sanitizer/ComputeSanitizer/index.html",
        "https://huggingface.co/docs/hub/en/models-gated",
        "https://pip.pypa.io/en/stable/topics/https-certificates/",
    ),
)


class _Kind(msgspec.Struct, frozen=True):
    """What is said of one kind of error; `unless` is what would make it the environment's after all, `confirm` what decides a guess."""

    subject: str
    message: str
    steps: tuple[str, ...]
    unless: str
    confirm: str = ""


_CODE = "Correct the program or the data that it is given."
_OF_PROGRAM = {
    "shapes": _Kind(
        "shapes of tensors",
        "sizes of tensors do not fit each other",
        ("print the shapes before the line that the traceback ends in, and correct the layer or the data",),
        "the same program and data worked before an upgrade",
    ),
    "devices": _Kind(
        "devices of tensors",
        "tensors or weights lie on different devices",
        ("move the model and every input to one device, with .to(device)",),
        "the same program worked before an upgrade",
    ),
    "types": _Kind(
        "types of tensors",
        "tensors have different number types",
        ("give model and inputs one dtype, or compute under torch.autocast",),
        "the same program worked before an upgrade",
    ),
    "weights": _Kind(
        "weights",
        "the saved weights do not belong to this model",
        ("build the model with the very settings that it was saved with, and see which names and shapes the message lists",),
        "the library that defines the model was upgraded since the weights were saved",
    ),
    "gradient": _Kind(
        "gradients",
        "the graph of gradients is not what the program takes it for",
        ("see which tensor is detached, changed in place or used twice; torch.autograd.set_detect_anomaly(True) shows where",),
        "the same program worked before an upgrade",
    ),
    "nan": _Kind(
        "not a number",
        "the computation has left the range of numbers, or the data has gaps",
        ("look for gaps in the data, lower the learning rate, clip gradients, or compute in bfloat16 or float32 in place of float16",),
        "the same program gives finite numbers on the CPU or on another card",
    ),
    "label": _Kind(
        "labels or indices",
        "a label or an index lies outside the range that the model has room for",
        ("compare the smallest and the largest label with the number of classes, and token numbers with the size of the vocabulary",),
        "every index is within its range on the CPU too",
    ),
    "device assert": _Kind(
        "device-side assert",
        "a check inside a GPU program failed, nearly always for a label or an index out of range",
        ("run the same batch on the CPU, where the error names the line", "or set CUDA_LAUNCH_BLOCKING=1 before the start"),
        "the same batch runs through on the CPU",
    ),
    "file": _Kind(
        "data file",
        "a file that the program wants to read is not there",
        ("compare the path with the folder in which the program was started: a relative path begins there",),
        "the file belongs to an installed package",
    ),
    "quota": _Kind(
        "disk quota",
        "this account may write no more to that disk",
        ("see what fills it (quota -s, du -sh ~/.cache), and let caches lie elsewhere: PIP_CACHE_DIR, HF_HOME, CONDA_PKGS_DIRS",),
        "the quota is not used up",
    ),
}
_GPU_MEMORY = _Kind(
    "GPU memory",
    "the program needs more memory than the GPU has",
    (
        "use a smaller batch, shorter inputs, half precision or gradient checkpointing; do not keep results on the GPU",
        "for inference: a smaller or quantised model, torch.inference_mode(), or parts of the model on the CPU",
    ),
    "other processes have the memory, which nvidia-smi shows",
)
_MEMORY = _Kind(
    "memory",
    "the machine, or the limit of its container or job, has less memory than the program needs",
    ("read data in parts, use fewer DataLoader workers or smaller batches", "or ask for more: --mem of the job, --memory of the container"),
    "free -h shows plenty of memory while it runs, and no limit is set",
)
_KILLED = _Kind(
    "killed process",
    "the process was ended from outside, as a rule because memory ran out",
    _MEMORY.steps,
    "it happens at the import of a framework already",
    confirm="the kernel's log (dmesg, journalctl -k) says Out of memory at that time",
)
_ILLEGAL_ACCESS = _Kind(
    "illegal memory access",
    "a GPU program reached outside its memory, which a wrong index or a faulty extension does",
    ("set CUDA_LAUNCH_BLOCKING=1 to see which call it was", "and run it under compute-sanitizer; try without custom kernels or extensions"),
    "it happens in a plain example of the framework too, on this card alone: then card, power or driver are to be looked at",
    confirm="compute-sanitizer names the program's own kernel or an extension",
)
_ACCESS = _Kind(
    "access to a model or file",
    "a service on the network refused the request",
    (
        "gated or private: accept its terms on the model's page, and log in with: hf auth login, or set HF_TOKEN",
        "404: compare the name of the model or file; 429: wait, log in, or use a cache",
    ),
    "the same request succeeds in a browser with the same account",
)
_NETWORK = _Kind(
    "network",
    "a server could not be reached",
    (
        "see whether the machine may go online: compute nodes often may not; download elsewhere, or name the proxy (HTTPS_PROXY)",
        "where certificates are refused, let the programs know the company's own: PIP_CERT, SSL_CERT_FILE, REQUESTS_CA_BUNDLE",
    ),
    "other programs on this machine reach the same server",
)
_LABEL, _ASSERTION = _OF_PROGRAM["label"].subject, _OF_PROGRAM["device assert"].subject
_ILLEGAL = frozenset((700, 719))
_CATEGORIES = (
    SymptomKind.PROGRAM_ERROR,
    SymptomKind.OUT_OF_MEMORY,
    SymptomKind.ACCESS_REFUSED,
    SymptomKind.DOWNLOAD_FAILED,
    SymptomKind.CUDA_ERROR,
    SymptomKind.SIGNAL,
)


def check(case: Case) -> Iterator[Outcome]:
    """One hint for each kind of error; a cause that explains it is told first, and this as what follows from it."""
    groups: dict[str, tuple[_Kind, list[Symptom]]] = {}
    for symptom in case.said(*_CATEGORIES):
        kind = _kind(case, symptom)
        if kind is not None:
            groups.setdefault(kind.subject, (kind, []))[1].append(symptom)
    assertion = groups.pop(_ASSERTION, None) if _LABEL in groups else None
    if assertion is not None:
        groups[_LABEL][1].extend(assertion[1])  # the check that failed is named
    for kind, symptoms in groups.values():
        yield _found(kind, tuple(symptoms))
    if not groups:
        yield NotApplicable("nothing was said that is certainly no matter of the environment")


def _kind(case: Case, symptom: Symptom) -> _Kind | None:
    """None: it may well be the environment."""
    if symptom.was_asked_for:
        return None
    match symptom.kind:
        case SymptomKind.PROGRAM_ERROR:
            return _OF_PROGRAM.get(symptom.details.get("what", ""))
        case SymptomKind.OUT_OF_MEMORY:
            return _of_memory(case, symptom)
        case SymptomKind.ACCESS_REFUSED:
            return _ACCESS
        case SymptomKind.DOWNLOAD_FAILED:
            return _NETWORK
        case SymptomKind.CUDA_ERROR:
            return _ILLEGAL_ACCESS if symptom.code in _ILLEGAL else None
        case _:
            return _KILLED if symptom.details.get("signal") == "SIGKILL" else None


def _of_memory(case: Case, symptom: Symptom) -> _Kind | None:
    """Memory that others hold, and a paging file that is too small, are matters of the machine."""
    if symptom.details.get("device") == "cpu":
        return None if symptom.details.get("reason") == "paging file" else _MEMORY
    told = shares(symptom)
    if (told is not None and told.are_held_by_others) or (told is None and occupied_cards(case.facts)):
        return None
    return _GPU_MEMORY


def _found(kind: _Kind, symptoms: tuple[Symptom, ...]) -> Found:
    told = next((found for symptom in symptoms if (found := shares(symptom)) is not None), None)
    confirm = "nvidia-smi shows no other process with much of the card's memory" if kind is _GPU_MEMORY and told is None else kind.confirm
    numbers = f" ({told.own / GIB:.1f} of {told.total / GIB:.1f} GiB are its own)" if told is not None else ""
    about = _about(symptoms)
    return Found(
        kind.subject,
        f"This is not a problem of the environment: {kind.message}{numbers}{about}. It would be one if {kind.unless}.",
        severity=Severity.INFO,
        certainty=Certainty.LIKELY if confirm else Certainty.CERTAIN,
        evidence=tuple(map(spoken, symptoms)),
        would_confirm=(confirm,) if confirm else (),
        remedies=(by_hand(_CODE if kind in _OF_PROGRAM.values() else f"what helps with {kind.subject}", *kind.steps),),
        symptoms=symptoms,
    )


def _about(symptoms: tuple[Symptom, ...]) -> str:
    """The file or the service that the words name."""
    for symptom in symptoms:
        if symptom.details.get("what") == "file":
            return f", {one_line(symptom.details.get('message', ''), 120)}"
        if symptom.kind is SymptomKind.ACCESS_REFUSED and symptom.details.get("service"):
            code = symptom.details.get("code", "")
            return f", {symptom.details['service']}{f' with {code}' if code else ''}"
    return ""


RULE = Rule(
    name="not-an-environment-problem",
    title="The error is not a problem of the environment",
    area=Area.SYSTEM,
    layer=Layer.COMPUTE,
    manual=MANUAL,
    check=check,
)
