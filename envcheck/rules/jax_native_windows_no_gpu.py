"""jax-native-windows-no-gpu: JAX on native Windows, for which there is no build with CUDA."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.jax_installation import (
    JaxInstallation,
    has_nvidia,
    jax_installation,
    misses_cuda,
    other_framework_has_gpu,
    speaks_of_no_gpu,
    was_wanted_with_cuda,
)
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.jax import in_wsl
from envcheck.report import Area, Proof, Severity

MANUAL = Manual(
    checks="Whether JAX runs on native Windows where it is to compute on an NVIDIA GPU.",
    why="The wheels of jaxlib for Windows are builds for the CPU, and the CUDA plugins exist for Linux only: the extras jax[cuda12] and "
    "jax[cuda13] install nothing for a GPU on Windows. No driver, toolkit or cuDNN changes that.",
    example="jax 0.4.13 on Windows 11 with a GeForce RTX 3070: No GPU/TPU found, falling back to CPU.",
    fix="Install JAX in WSL 2, which uses the driver of Windows, or compute on the CPU.",
    ignore_when="JAX is meant to compute on the CPU.",
    sources=("https://docs.jax.dev/en/latest/installation.html", "https://github.com/jax-ml/jax/issues/17634"),
)

_CUDA_OF_JAX = ("jax-cuda", "jax_cuda", "jax[cuda", "jaxlib[cuda", "jax[gpu", "jaxlib[gpu")


def check(case: Case) -> Iterator[Outcome]:
    """Windows itself, JAX, and somebody or something that wants a GPU."""
    facts = case.facts
    jax = jax_installation(facts)
    said = tuple(symptom for symptom in facts.symptoms if misses_cuda(symptom) or speaks_of_no_gpu(symptom) or _asks_for_wheel(symptom))
    on_windows = known(facts.system.os, "") == "Windows" and not isinstance(facts.system.wsl, int)
    if jax is None and not said:
        yield NotApplicable("nothing shows JAX")
    elif "jax" in facts.builds and facts.builds["jax"].cuda_available is True:
        yield Passed("jax", "it computes on a GPU, wherever it runs")
    elif not on_windows:
        missing = "system.os" if not known(facts.system.os, "") else ""
        yield (
            NotEvaluated("jax", "the system is not known", ("the output of ver or uname -a",))
            if missing
            else NotApplicable("not on Windows")
        )
    elif said or has_nvidia(facts) or was_wanted_with_cuda(facts):
        yield _found(case, jax, said)
    elif facts.observed.accelerators is Completeness.COMPLETE:
        yield Passed("jax", "no NVIDIA GPU here, so that the CPU is the right device")
    else:
        yield NotEvaluated("jax", "whether there is an NVIDIA GPU is not known", ("the output of nvidia-smi",))


def _asks_for_wheel(symptom: Symptom) -> bool:
    """Pip finds no wheel with CUDA for this system."""
    if symptom.kind is not SymptomKind.NO_MATCHING_DISTRIBUTION:
        return False
    wanted = symptom.details.get("requirement", "").lower()
    return wanted.startswith(_CUDA_OF_JAX) or (wanted.startswith("jaxlib") and "+cuda" in wanted)


def _found(case: Case, jax: JaxInstallation | None, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    name = f"jax {jax.jax}".strip() if jax is not None and jax.jax else jax.subject if jax is not None else "jax"
    return Found(
        name,
        f"{name} runs on native Windows, for which JAX has no build with CUDA: it computes on the CPU only.",
        severity=_severity(facts, said),
        evidence=tuple(_evidence(case, jax, said)),
        remedies=(in_wsl(), by_hand("compute on the CPU", "leave JAX as it is: the CPU build is the right one for native Windows")),
        symptoms=said,
        about=("jax", "jaxlib"),
    )


def _severity(facts: Snapshot, said: tuple[Symptom, ...]) -> Severity:
    if facts.live and not said:
        return Severity.INFO if other_framework_has_gpu(facts) else Severity.WARNING
    return Severity.WARNING if other_framework_has_gpu(facts) else Severity.ERROR


def _evidence(case: Case, jax: JaxInstallation | None, said: tuple[Symptom, ...]) -> Iterator[Proof]:
    facts = case.facts
    yield from map(spoken, said)
    yield case.proof("system.os", known(facts.system.os, ""))
    for package in ("jax", "jaxlib"):
        version = (jax.jax if package == "jax" else jax.jaxlib) if jax is not None else ""
        if version:
            yield case.proof(f"packages[{package}].version", version)
    asked = facts.package("jax")
    if asked is not None and was_wanted_with_cuda(facts):
        yield case.proof("packages[jax].channel", known(asked.channel, ""))
    for card in nvidia_cards(facts)[:1]:
        yield Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact))


RULE = Rule(
    name="jax-native-windows-no-gpu",
    title="JAX has no build with CUDA for native Windows",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {"jax-cpu-only-jaxlib", "no-wheel-for-python", "no-matching-distribution", "provider-fallback", "not-compiled-with"}
    ),
)
