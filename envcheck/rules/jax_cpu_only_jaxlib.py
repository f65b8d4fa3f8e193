"""jax-cpu-only-jaxlib: JAX without CUDA on a machine that has an NVIDIA GPU."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.cpu_build_reason import because, why_cpu_jax
from envcheck.judging.jax_installation import (
    JaxInstallation,
    has_nvidia,
    jax_installation,
    misses_cuda,
    other_framework_has_gpu,
    plugin_failures,
    speaks_of_no_gpu,
)
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.report import Area, Certainty, Proof, Severity

MANUAL = Manual(
    checks="Whether the installed JAX has CUDA, on a machine that has an NVIDIA GPU.",
    why="jaxlib from PyPI computes on the CPU. CUDA comes with a plugin (jax-cuda12-plugin, jax-cuda13-plugin), which only the extras "
    "jax[cuda12] and jax[cuda13] install, and up to 0.4.30 with builds of jaxlib of their own (0.4.13+cuda12.cudnn89). conda-forge has "
    "builds for the CPU and for CUDA, and takes the one for the CPU where it was solved without a GPU in sight. Neither driver nor toolkit "
    "is at fault.",
    example="An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed. Falling back to cpu.",
    fix="Install JAX with its CUDA plugin, in the same version.",
    ignore_when="JAX is meant to compute on the CPU, as a dependency of something else.",
    sources=("https://docs.jax.dev/en/latest/installation.html", "https://github.com/jax-ml/jax/blob/main/jax/_src/xla_bridge.py"),
)


def check(case: Case) -> Iterator[Outcome]:
    """JAX's own words, then the build, then devices and card compared."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if misses_cuda(symptom))
    jax = jax_installation(facts)
    no_gpu = tuple(symptom for symptom in facts.symptoms if speaks_of_no_gpu(symptom))
    if jax is None and not said and not no_gpu:
        yield NotApplicable("nothing shows JAX")
    elif known(facts.system.os, "") in ("Darwin", "Windows"):
        yield NotApplicable(f"JAX has no build with CUDA for {facts.system.os}")
    elif reached(facts):
        yield Passed("jax", "it reaches a GPU")
    elif (jax is not None and jax.accelerator) or plugin_failures(facts) or _starts_cuda(facts):
        yield _has_cuda(jax, said or no_gpu)
    else:
        yield _judge(case, jax, said, no_gpu)


def reached(facts: Snapshot) -> bool:
    """Whether JAX itself listed a GPU."""
    return "jax" in facts.builds and facts.builds["jax"].cuda_available is True


def _starts_cuda(facts: Snapshot) -> bool:
    """Only a build with CUDA gets as far as an error of the driver."""
    return any(symptom.kind in (SymptomKind.CUDA_ERROR, SymptomKind.DRIVER_TOO_OLD) and _is_jaxs(symptom) for symptom in facts.symptoms)


def _is_jaxs(symptom: Symptom) -> bool:
    return symptom.subject in ("", "jax", "jaxlib", "xla")


def _has_cuda(jax: JaxInstallation | None, said: tuple[Symptom, ...]) -> Outcome:
    subject = jax.subject if jax is not None else "jax"
    if not said:
        return Passed(subject, "it has a plugin or a build for a GPU")
    needs = "the whole output of the program's start, with the lines about the plugin"
    return NotEvaluated(subject, "JAX has its plugin for a GPU and does not use it", (needs,))


def _judge(case: Case, jax: JaxInstallation | None, said: tuple[Symptom, ...], no_gpu: tuple[Symptom, ...]) -> Outcome:
    from envcheck.prescribing.jax import ask_devices

    facts = case.facts
    subject = jax.subject if jax is not None else "jaxlib"
    on_cpu = "jax" in facts.builds and facts.builds["jax"].cuda_available is False
    for_cpu = jax is not None and jax.accelerator is False
    if said:
        return _found(case, jax, said, Certainty.CERTAIN)
    if for_cpu and has_nvidia(facts):
        return _found(case, jax, no_gpu, Certainty.CERTAIN)
    if on_cpu and has_nvidia(facts):
        return _found(case, jax, no_gpu, Certainty.LIKELY)
    if no_gpu and not facts.live:
        return _found(case, jax, no_gpu, Certainty.LIKELY)
    if not has_nvidia(facts):
        return NotApplicable("no NVIDIA GPU is known here")
    return NotEvaluated(subject, "it is not known whether JAX has its plugin for CUDA", (ask_devices(facts),))


def _found(case: Case, jax: JaxInstallation | None, said: tuple[Symptom, ...], certainty: Certainty) -> Found:
    from envcheck.prescribing.jax import install_with_cuda

    facts = case.facts
    certain = certainty is Certainty.CERTAIN
    subject = jax.subject if jax is not None else "jaxlib"
    where = "this machine has an NVIDIA GPU" if has_nvidia(facts) or certain else "the program looks for a GPU"
    reason = why_cpu_jax(facts, jax) if jax is not None else None
    return Found(
        subject,
        f"{subject} {'has' if certain else 'seems to have'} no CUDA, but {where}.{because(reason, certain=certain)}",
        severity=_severity(facts, said),
        certainty=certainty,
        evidence=tuple(_evidence(case, jax, said)),
        context=reason.evidence if reason is not None else (),
        would_confirm=() if certain else ("pip list shows jaxlib and neither jax-cuda12-plugin nor jax-cuda13-plugin",),
        remedies=(install_with_cuda(facts, jax.jax if jax is not None else "", "install JAX with its CUDA plugin"),),
        symptoms=said,
        about=("jax", "jaxlib"),
    )


def _severity(facts: Snapshot, said: tuple[Symptom, ...]) -> Severity:
    """JAX is often there for something else's sake: where nobody missed the GPU, or another framework has it, nothing is broken."""
    if other_framework_has_gpu(facts):
        return Severity.WARNING if said and not facts.live else Severity.INFO
    if facts.live and not said:
        return Severity.WARNING
    return Severity.ERROR if has_nvidia(facts) or any(map(misses_cuda, said)) else Severity.WARNING


def _evidence(case: Case, jax: JaxInstallation | None, said: tuple[Symptom, ...]) -> Iterator[Proof]:
    facts = case.facts
    yield from map(spoken, said)
    if jax is not None and jax.accelerator is False:
        yield case.proof(jax.fact, "built without CUDA")
    elif jax is not None and (jax.jaxlib or jax.jax):
        name = "jaxlib" if jax.jaxlib else "jax"
        yield case.proof(f"packages[{name}].version", jax.jaxlib or jax.jax)
    if "jax" in facts.builds and facts.builds["jax"].cuda_available is False:
        yield case.proof("builds[jax].cuda_available", value=False)
    for card in nvidia_cards(facts):
        yield Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact))
    if not nvidia_cards(facts) and isinstance(facts.nvidia.driver_version, str):
        yield case.proof("nvidia.driver_version", facts.nvidia.driver_version)


RULE = Rule(
    name="jax-cpu-only-jaxlib",
    title="JAX has no CUDA although there is an NVIDIA GPU",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"provider-fallback", "not-compiled-with"}),
)
