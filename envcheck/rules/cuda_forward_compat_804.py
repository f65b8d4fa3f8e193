"""cuda-forward-compat-804: a libcuda that is newer than the driver is loaded on a card for which that is not allowed."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import driver_cuda, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import REBOOT
from envcheck.report import Area, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether CUDA refused to start because a libcuda that is newer than the kernel's driver was loaded (error 804).",
    why="Images for a newer CUDA bring a compatibility package: a libcuda of a newer driver, in /usr/local/cuda/compat. NVIDIA allows it "
    "on data-centre cards and some professional ones only. On a GeForce it takes the place of the host's libcuda, and every program fails.",
    example="A container for CUDA 12.8 on an RTX 3090 with driver 535: Error 804: forward compatibility was attempted on non supported HW.",
    fix="Update the driver of the host to one for the container's CUDA, use an image for an older CUDA, or keep the compatibility folder "
    "off the loader's path.",
    ignore_when="Never: no program reaches the card.",
    sources=(
        "https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html",
        "https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html",
    ),
)

_CODE = 804
_NAMES = ("cudaErrorCompatNotSupportedOnDevice", "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE", "COMPAT_NOT_SUPPORTED_ON_DEVICE")
_SUBJECT = "CUDA forward compatibility"


def check(case: Case) -> Iterator[Outcome]:
    """CUDA's own error decides; a compatibility folder on the path is no fault by itself."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.CUDA_ERROR) if _is_804(symptom))
    folder = _compat_folder(facts)
    if said:
        yield _found(case, said, folder)
    elif not folder:
        yield NotApplicable("no program says that forward compatibility was refused, and no compatibility folder is on the path")
    elif any(build.cuda_available is True for build in facts.builds.values()):
        yield Passed(_SUBJECT, f"{folder} is on the path, and the card is reached")
    else:
        yield NotEvaluated(
            _SUBJECT,
            f"{folder} is on the path; whether this card allows it is not known",
            ('python -c "import torch; print(torch.cuda.is_available())"',),
        )


def _is_804(symptom: Symptom) -> bool:
    return symptom.code == _CODE or symptom.details.get("name") in _NAMES


def _compat_folder(facts: Snapshot) -> str:
    """The folder of the compatibility package that comes before the driver's own, as far as that is shown."""
    folders = facts.variables.get("LD_LIBRARY_PATH", "").split(":")
    listed = next((folder for folder in folders if "cuda" in folder and "/compat" in folder), "")
    path = known(facts.nvidia.libcuda_path, "") or ""
    return listed or (path.rpartition("/")[0] if "/compat/" in path else "")


def _found(case: Case, said: tuple[Symptom, ...], folder: str) -> Found:
    facts = case.facts
    cards = nvidia_cards(facts)
    driver, supported = facts.nvidia.driver_version, driver_cuda(facts)
    evidence = [*map(spoken, said)]
    if folder:
        on_path = folder in facts.variables.get("LD_LIBRARY_PATH", "")
        evidence.append(case.proof("variables[LD_LIBRARY_PATH]" if on_path else "nvidia.libcuda_path", folder))
    if isinstance(driver, str):
        evidence.append(case.proof("nvidia.driver_version", driver))
    evidence += [Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact)) for card in cards[:1]]
    where = f", from {folder}" if folder else ""
    than = f"driver {driver}" if isinstance(driver, str) else "the driver of this machine"
    than += f" (CUDA {supported})" if supported is not None and isinstance(driver, str) else ""
    whom = f"the {cards[0].name}" if cards and cards[0].name else "this card"
    return Found(
        _SUBJECT,
        f"A libcuda that is newer than {than} was loaded{where}, and {whom} is none of those on which that is allowed.",
        evidence=tuple(evidence),
        remedies=_remedies(facts, folder),
        symptoms=said,
    )


def _remedies(facts: Snapshot, folder: str) -> tuple[Remedy, ...]:
    inside = isinstance(facts.system.container, str)
    update = by_hand(
        "update the driver of the host" if inside else "let driver and libcuda be of one version",
        *(() if inside else ("if the driver was updated since the machine was started, start it again:", REBOOT)),
        "install an NVIDIA driver on the host whose CUDA version is the container's or newer; nvidia-smi names it"
        if inside
        else "otherwise install a driver whose CUDA version, as nvidia-smi names it, is that of the program or newer",
    )
    older = by_hand(
        "use an image for an older CUDA", "take the image's tag for the CUDA version that nvidia-smi shows on the host, or an older one"
    )
    return (update, *((older,) if inside else ()), _without_compat(facts, folder))


def _without_compat(facts: Snapshot, folder: str) -> Remedy:
    """Any build of the same CUDA major runs on the host's own libcuda, so that the newer one is often not needed."""
    rest = [part for part in facts.variables.get("LD_LIBRARY_PATH", "").split(":") if part and part != folder]
    drop = Step(run=("export", f"LD_LIBRARY_PATH={':'.join(rest)}")) if folder else "take the folder cuda/compat out of LD_LIBRARY_PATH"
    return by_hand(
        "load the driver's own libcuda, which runs every CUDA of its major version",
        drop,
        "and remove the package cuda-compat, or its line in /etc/ld.so.conf.d, where the image has one; then run ldconfig",
    )


RULE = Rule(
    name="cuda-forward-compat-804",
    title="CUDA forward compatibility is not allowed on this card",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "nvml-driver-library-mismatch", "driver-too-old", "no-nvidia-driver"}),
)
