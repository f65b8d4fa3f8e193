"""cpu-no-avx: the processor lacks AVX, which a framework's binary needs."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Import, Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import titled
from envcheck.knowledge.cpus import find_cpu_without_avx, is_x86, needs_avx
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether the processor has AVX, where a framework that is compiled with it is installed or a program died of an illegal "
    "instruction.",
    why="TensorFlow since 1.6 and jaxlib are compiled with AVX. On a processor without it the first such instruction ends the process.",
    example="Illegal instruction (core dumped) on an Intel Celeron N4505, when TensorFlow is imported.",
    fix="Use a build without AVX, or another machine. In a virtual machine, pass the host's processor on to the guest.",
    ignore_when="The framework is never imported on this machine.",
    sources=(
        "https://github.com/tensorflow/tensorflow/releases/tag/v1.6.0",
        "https://docs.jax.dev/en/latest/installation.html",
    ),
)

# How the processors that hypervisors make up call themselves.
_VIRTUAL = regex(r"\b(?:QEMU Virtual CPU|(?:Common )?KVM processor)\b", re.IGNORECASE)
_PROGRAMS = ("tensorflow", "jax", "jaxlib")
# Where each system tells what its processor can do, and how it says that there is AVX.
_FLAGS = {
    "Darwin": ("the flags of the processor: sysctl -n machdep.cpu.features", "sysctl -n machdep.cpu.features prints no AVX1.0"),
    "Windows": ("the flags of the processor: coreinfo -f, of Sysinternals", "coreinfo -f of Sysinternals prints AVX with a dash"),
}
_FLAGS_OF_LINUX = ("the flags of /proc/cpuinfo: grep --max-count=1 flags /proc/cpuinfo", "the flags line of /proc/cpuinfo has no avx")


def check(case: Case) -> Iterator[Outcome]:
    """A program's own words, then the processor's flags, then its model."""
    facts = case.facts
    told = tuple(symptom for symptom in case.said(SymptomKind.ARCH_NOT_SUPPORTED) if _is_of_cpu(symptom))
    died = tuple(symptom for symptom in case.said(SymptomKind.SIGNAL) if symptom.details.get("signal") == "SIGILL")
    needing = tuple(package for package in facts.packages if needs_avx(package))
    features = facts.cpu.features
    if not is_x86(known(facts.system.machine, "x86_64")):
        yield NotApplicable("AVX is a matter of x86 processors")
    elif told:
        yield _found(case, (*told, *died), needing, Certainty.CERTAIN)
    elif isinstance(features, tuple):
        yield _by_features(case, features, died, needing)
    elif died:
        yield _by_model(case, died, needing)
    else:
        yield NotApplicable("no program died of an illegal instruction")


def _is_of_cpu(symptom: Symptom) -> bool:
    """A processor without SSE4 has no AVX either, and TensorFlow names the first that it misses."""
    return symptom.details.get("capability", "").startswith(("avx", "sse4", "fma"))


def _by_features(case: Case, features: tuple[str, ...], died: tuple[Symptom, ...], needing: tuple[Package, ...]) -> Outcome:
    if "avx" in {feature.lower() for feature in features}:
        return Passed("CPU", "it has AVX")
    if died:
        return _found(case, died, needing, Certainty.CERTAIN)
    if needing and not _works(case.facts):
        return _found(case, (), needing, Certainty.CERTAIN)
    return NotApplicable("no framework that needs AVX is known to be installed")


def _by_model(case: Case, died: tuple[Symptom, ...], needing: tuple[Package, ...]) -> Outcome:
    row = find_cpu_without_avx(known(case.facts.cpu.model, ""))
    if row is not None:
        return _found(case, died, needing, Certainty.LIKELY)
    if any(speaker_of(symptom) in _PROGRAMS for symptom in died) or needing:
        return _found(case, died, needing, Certainty.LIKELY)
    return NotEvaluated("CPU", "a program died of an illegal instruction; what the processor can do is not known", (_flags(case.facts)[0],))


def _works(facts: Snapshot) -> bool:
    """An import that worked is worth more than what is known of wheels."""
    return any(_is_of(entry) for entry in facts.imports)


def _is_of(entry: Import) -> bool:
    return entry.name in _PROGRAMS and entry.status == "imported"


def _found(case: Case, said: tuple[Symptom, ...], needing: tuple[Package, ...], certainty: Certainty) -> Found:
    facts = case.facts
    model = known(facts.cpu.model, "")
    subject = titled(needing[0].name, needing[0].version) if needing else next(filter(None, map(speaker_of, said)), "")
    row = find_cpu_without_avx(model) if model else None
    evidence = [spoken(symptom) for symptom in said]
    if model:
        evidence.append(case.proof("cpu.model", f"{model} ({row.name})" if row is not None else model))
    if isinstance(facts.cpu.features, tuple):
        evidence.append(case.proof("cpu.features", "no avx"))
    who = subject or "the program"
    processor = f"The processor ({model})" if model else "The processor"
    missing = next((symptom.details["capability"].upper() for symptom in said if symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED), "AVX")
    lacks = f"lacks {missing}" if certainty is Certainty.CERTAIN else f"seems to lack {missing}"
    return Found(
        subject or "CPU",
        f"{processor} {lacks}, which {who} was compiled to use.",
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else (_flags(facts)[1],),
        remedies=(_remedy(facts),),
        symptoms=said,
        about=tuple(dict.fromkeys((*(package.name for package in needing), *filter(None, map(speaker_of, said))))),
    )


def _flags(facts: Snapshot) -> tuple[str, str]:
    """What to give, and what would confirm it."""
    return _FLAGS.get(known(facts.system.os, ""), _FLAGS_OF_LINUX)


def _remedy(facts: Snapshot) -> Remedy:
    virtual = "hypervisor" in known(facts.cpu.features, ()) or _VIRTUAL.search(known(facts.cpu.model, ""))
    if isinstance(facts.system.virtual_machine, str) or virtual:
        return by_hand(
            "pass the host's processor on to this virtual machine",
            "on QEMU and KVM: -cpu host; on Proxmox: CPU type host; then start it again",
        )
    return by_hand(
        "use another machine, or a build without AVX",
        (
            "run the program on a machine whose processor has AVX (Intel Core and Xeon since 2011, AMD since Bulldozer; not every "
            "Celeron, Pentium and Atom)"
        ),
        "or build the framework from source for this processor; the wheels of TensorFlow up to 1.5 did without AVX",
    )


RULE = Rule(
    name="cpu-no-avx",
    title="The processor lacks AVX",
    area=Area.CPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cpu-feature-missing", "framework-import-crashes", "framework-import-fails"}),
)
