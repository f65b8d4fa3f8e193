"""What TensorFlow said of GPUs when it started, sorted by how much it proves."""

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.speakers import is_spoken_by, speaker_of
from envcheck.knowledge.cuda_libraries import find_library
from envcheck.knowledge.frameworks import FRAMEWORKS, installed_among
from envcheck.parsers.expression import regex

_OF_LOADER = (SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.DLL_LOAD_FAILED)
# libcudart.so.10.1, libcublas.so.9.0, cudart64_101.dll, cublas64_90.dll: before CUDA 11 the number is that of CUDA
_WHOLE = regex(
    r"^(?:lib(?:cudart|cublas|cufft|curand|cusolver|cusparse)\.so\.|cu[a-z]{3,8}64_)(?P<major>[789]|10)\.?(?P<minor>\d)(?:\.dll|\.\d{1,4})?$"
)
_RUNTIME = "libcudart"  # opened by every start, on a machine without a card too


class TensorflowWords(msgspec.Struct, frozen=True):
    """`missing`: CUDA libraries that were looked for; `skipped`: a card was found and left out for want of libraries; `hints`: it found no
    CUDA runtime, which it also says where nobody wants one; `answered`: what it said when it was asked for GPUs.
    """

    missing: tuple[Symptom, ...]
    skipped: tuple[Symptom, ...]
    hints: tuple[Symptom, ...]
    answered: bool | None

    @property
    def said(self) -> tuple[Symptom, ...]:
        """All of them."""
        return (*self.missing, *self.skipped, *self.hints)

    @property
    def beyond_runtime(self) -> tuple[Symptom, ...]:
        """The libraries that are only looked for once a card was found."""
        return tuple(symptom for symptom in self.missing if library_of(symptom) != _RUNTIME)

    @property
    def cuda(self) -> str:
        """The CUDA of the libraries that were missed: `10.1` where a name tells it whole, else its major version; empty: none tells."""
        names = [symptom.details["library"] for symptom in self.missing if "needed_by" not in symptom.details]
        whole = next((found for name in names if (found := _WHOLE.search(name))), None)
        if whole is not None:
            return f"{whole['major']}.{whole['minor']}"
        majors = [library[1][0] for name in names if (library := find_library(name)) is not None and len(library[1]) == 1]
        return str(majors[0]) if majors else ""

    @property
    def misses_gpu(self) -> bool:
        """Whether it was asked for a GPU, or found a card and could not use it, or could not even be imported."""
        return bool(self.skipped or self.beyond_runtime or self.fatal) or self.answered is False

    @property
    def fatal(self) -> tuple[Symptom, ...]:
        """The libraries without which the import ended: so it was before 1.14, on Windows before 2.1."""
        return tuple(symptom for symptom in self.missing if symptom.kind is SymptomKind.DLL_LOAD_FAILED or "ImportError: " in symptom.text)

    @property
    def reaches_gpu(self) -> bool:
        """Whether it said that it has one."""
        return self.answered is True


def tensorflow_words(facts: Snapshot) -> TensorflowWords:
    """What stands in the symptoms and in the build."""
    said = [symptom for symptom in facts.symptoms if _is_its(symptom, facts)]
    build = facts.builds.get("tensorflow")
    answered = known(build.cuda_available, None) if build is not None else None
    return TensorflowWords(
        tuple(symptom for symptom in said if symptom.kind in _OF_LOADER and library_of(symptom) is not None),
        tuple(symptom for symptom in said if _is_fallback(symptom, "libraries")),
        tuple(symptom for symptom in said if _is_hint(symptom)),
        answered,
    )


def _is_its(symptom: Symptom, facts: Snapshot) -> bool:
    """What it said, and what nobody is known to have missed where it is the only framework that there is."""
    if is_spoken_by(symptom, "tensorflow") or symptom.subject == "tensorflow":
        return True
    alone = facts.package("torch") is None and "torch" not in facts.builds
    nobody = symptom.kind in _OF_LOADER and not speaker_of(symptom) and symptom.details.get("reason") != "linker"
    return nobody and alone and any(True for _ in installed_among(facts, FRAMEWORKS["tensorflow"]))


def library_of(symptom: Symptom) -> str | None:
    """The name of CUDA's library that was missed (`libcudnn`); None: it is none of CUDA's."""
    found = find_library(symptom.details.get("library", ""))
    return found[0].name if found is not None else None


def _is_fallback(symptom: Symptom, reason: str) -> bool:
    return symptom.kind is SymptomKind.PROVIDER_FALLBACK and symptom.details.get("reason") == reason


def _is_hint(symptom: Symptom) -> bool:
    """`Could not find cuda drivers`, which means the runtime and not the driver: with a reason it is the driver's own diagnosis."""
    stub = symptom.kind is SymptomKind.DRIVER_NOT_FOUND and "reason" not in symptom.details
    return stub or _is_fallback(symptom, "runtime")
