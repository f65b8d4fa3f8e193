"""What files let expect of an import that was not made: how sure that is, and which imports would bring the process down.

A prediction convicts nobody: no program has said it. Where an import was made, its own words count.
"""

from msgspec.structs import replace

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.rule import Found
from envcheck.knowledge.cpus import is_x86, needs_avx
from envcheck.knowledge.frameworks import distributions_of
from envcheck.report import Certainty

# What an import loads first of all, by import package, where that goes by another name.
_LOADED_BY = {"jax": ("jaxlib",), "tf_keras": ("tensorflow",), "torchvision": ("torch",), "torchaudio": ("torch",)}


def predicted_crash(facts: Snapshot, import_name: str) -> str | None:
    """Why importing a package would meet an instruction that the processor does not have, as a clause; None: nothing is known that says so.

    Whatever else the files let expect is tried in its child: there the loader itself says what is wrong.
    """
    loaded = (import_name, *_LOADED_BY.get(import_name, ()))
    for symptom in facts.symptoms:
        if symptom.was_predicted and symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED and symptom.subject in loaded:
            return symptom.text
    if not is_x86(known(facts.system.machine, "")) or not _is_known_to_lack_avx(facts):
        return None
    names = (name for each in loaded for name in distributions_of(each))
    package = next((package for name in names if (package := facts.package(name)) is not None and needs_avx(package)), None)
    return f"{package.name} is compiled with AVX, which the processor lacks" if package is not None else None


def _is_known_to_lack_avx(facts: Snapshot) -> bool:
    features = facts.cpu.features
    return isinstance(features, tuple) and bool(features) and "avx" not in {feature.lower() for feature in features}


def no_surer_than_predicted(found: Found) -> Found:
    """A finding that has nothing but predictions to go by is likely at the most."""
    if found.certainty is Certainty.LIKELY or not found.symptoms or not all(symptom.was_predicted for symptom in found.symptoms):
        return found
    return replace(found, certainty=Certainty.LIKELY, would_confirm=(*found.would_confirm, *_confirmations(found.symptoms)))


def _confirmations(symptoms: tuple[Symptom, ...]) -> tuple[str, ...]:
    subjects = dict.fromkeys(symptom.subject for symptom in symptoms if symptom.subject.isidentifier())
    return tuple(f'python -c "import {subject}" fails' for subject in subjects)
