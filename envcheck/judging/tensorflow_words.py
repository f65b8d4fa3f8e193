"""What TensorFlow said of GPUs when it started, sorted by how much it proves."""

from dataclasses import dataclass

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.speakers import is_spoken_by
from envcheck.knowledge.cuda_libraries import find_library

_OF_LOADER = (SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.DLL_LOAD_FAILED)
_RUNTIME = "libcudart"  # opened by every start, on a machine without a card too


@dataclass(frozen=True)
class TensorflowWords:
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
    def misses_gpu(self) -> bool:
        """Whether it was asked for a GPU, or found a card and could not use it, or could not even be imported."""
        return bool(self.skipped or self.beyond_runtime or self.fatal) or self.answered is False

    @property
    def fatal(self) -> tuple[Symptom, ...]:
        """The libraries without which the import ended: so it was with the builds for Windows before 2.1."""
        return tuple(symptom for symptom in self.missing if symptom.kind is SymptomKind.DLL_LOAD_FAILED)

    @property
    def reaches_gpu(self) -> bool:
        """Whether it said that it has one."""
        return self.answered is True


def tensorflow_words(facts: Snapshot) -> TensorflowWords:
    """What stands in the symptoms and in the build."""
    said = [symptom for symptom in facts.symptoms if is_spoken_by(symptom, "tensorflow") or symptom.subject == "tensorflow"]
    build = facts.builds.get("tensorflow")
    answered = known(build.cuda_available, None) if build is not None else None
    return TensorflowWords(
        tuple(symptom for symptom in said if symptom.kind in _OF_LOADER and library_of(symptom) is not None),
        tuple(symptom for symptom in said if _is_fallback(symptom, "libraries")),
        tuple(symptom for symptom in said if _is_hint(symptom)),
        answered,
    )


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
