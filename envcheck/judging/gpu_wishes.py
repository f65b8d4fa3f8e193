"""Who asks for a GPU: programs that failed for want of one, and builds that compute on one. Nobody else misses it."""

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.torch_build import BuildKind, torch_build
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.profiles.model import Operator
from envcheck.report import Severity

_NO_DEVICE = frozenset((3, 34, 35, 46, 100, 101, 303, 304, 802, 803, 999))
_DRIVER_LIBRARIES = ("libcuda.so", "libcuda.so.1", "libnvidia-ml.so.1", "libamdhip64.so", "libhsa-runtime64.so.1")
_GPU_IMAGES = ("cuda", "gpu", "rocm", "nvcr.io/nvidia", "vllm", "navi", "triton", "-cu1")


class Wish(msgspec.Struct, frozen=True):
    """What was said by programs that did not get a GPU, and the packages that are built for one."""

    symptoms: tuple[Symptom, ...] = ()
    about: tuple[str, ...] = ()
    backend: str = ""  # cuda, rocm: of the builds

    def __bool__(self) -> bool:
        """Whether anybody asks."""
        return bool(self.symptoms or self.about)


def gpu_wish(facts: Snapshot) -> Wish:
    """All that asks; TensorFlow's word at every start that it found no driver does not, nor does a shell that knows no nvidia-smi."""
    said = tuple(symptom for symptom in facts.symptoms if asks_for_gpu(symptom))
    cuda = [name for name, build in facts.builds.items() if isinstance(build.cuda, str)]
    rocm = [name for name, build in facts.builds.items() if isinstance(build.rocm, str)]
    return Wish(said, tuple(sorted({*cuda, *rocm})), "cuda" if cuda else "rocm" if rocm else "")


def asks_for_gpu(symptom: Symptom) -> bool:
    """Whether a program said that it missed its GPU; what envcheck was told when it asked is no program's wish."""
    details = symptom.details
    if symptom.was_asked_for:
        return False
    match symptom.kind:
        case SymptomKind.CUDA_ERROR:
            return symptom.code in _NO_DEVICE
        case SymptomKind.NVML_ERROR:
            return True
        case SymptomKind.DRIVER_NOT_FOUND:
            return symptom.subject != "tensorflow" and (not is_only_the_tool(symptom) or details.get("side") == "container")
        case SymptomKind.DEVICE_NOT_FOUND | SymptomKind.PERMISSION_DENIED:
            return details.get("path", "").startswith(("/dev/kfd", "/dev/nvidia", "/dev/dri"))
        case SymptomKind.LIBRARY_NOT_FOUND:
            return details.get("library", "").rpartition("/")[2] in _DRIVER_LIBRARIES and details.get("reason") != "linker"
        case _:
            return False


def is_only_the_tool(symptom: Symptom) -> bool:
    """Whether only nvidia-smi was missed, or conda's solver, which may run where the program will not: the driver may be there."""
    return symptom.details.get("reason") == "nvidia-smi is not installed" or symptom.subject == "conda"


def wants_gpu_by_image(facts: Snapshot) -> bool:
    """Whether the container's image is made for computing on a GPU, by its name."""
    image = known(facts.system.container_image, "").lower()
    return any(word in image for word in _GPU_IMAGES)


def wants_cuda(facts: Snapshot) -> bool:
    """Whether anything asks for NVIDIA's cards: a program that missed one, a build for CUDA, or somebody who gave a report."""
    wish, build = gpu_wish(facts), torch_build(facts)
    return not facts.live or bool(wish.symptoms) or wish.backend == "cuda" or (build is not None and build.kind is BuildKind.CUDA)


def is_required(case: Case) -> bool:
    """Whether a chosen profile asks for a GPU."""
    return any(entry.operator is not Operator.ABSENT for entry in case.required("accelerators", "nvidia"))


def severity_of_trouble(case: Case) -> Severity:
    """Of an NVIDIA driver or card that does not work: nobody is kept from anything where nothing asks for one."""
    return Severity.ERROR if wants_cuda(case.facts) or is_required(case) else Severity.WARNING


def reaches_gpu(facts: Snapshot) -> bool:
    """Whether something here has a GPU at work: a framework says so, or the driver answers and shows a card."""
    if framework_reaches_gpu(facts):
        return True
    answers = isinstance(facts.nvidia.driver_version, str) and facts.nvidia.state == "ok"
    shown = any(card.state == "ok" and card.visible is not False for card in facts.accelerators)
    return answers and shown


def said_of_host(facts: Snapshot, *groups: str) -> dict[str, tuple[str, str]]:
    """What a text says of the host beside the container that is judged: value and source by fact."""
    return {
        entry.fact: (entry.value, entry.source) for entry in facts.contradictions if entry.scope == "host" and entry.fact.startswith(groups)
    }
