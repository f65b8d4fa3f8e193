"""Facts that messages state besides their complaint: the card's name and capability, the build's arch list, installed versions."""

import re
from collections.abc import Iterator, Mapping, Sequence

from envcheck.facts.claims import Claim, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.parsers.expression import regex

_DRIVER_CUDA = regex(r"\d{4,5}")
_RELEASE = regex(r"\d+\.\d[\w.+]*")
# What a version conflict may name that is no distribution.
_NO_DISTRIBUTION = frozenset(("macos", "python", "jax-plugin", "keras"))

# NVIDIA's images start their programs through a script of this name, which speaks in a container only, of whatever engine.
_ENTRY_POINT = "nvidia-entrypoint"
_OF_DRIVER = (SymptomKind.NVML_ERROR, SymptomKind.KERNEL_MODULE_FAILED, SymptomKind.FABRIC_MANAGER_FAILED)


def said_facts(symptoms: Sequence[Symptom], claims: Sequence[Claim]) -> list[Claim]:
    """The claims of all symptoms; `claims` are those there are already, so that a card is not invented beside itself."""
    known, before = list(claims), len(claims)
    for symptom in symptoms:
        known += [Claim(fact, value, symptom.source, Trust.PRINTED, symptom.scope) for fact, value in _facts(symptom, known)]
    return known[before:]


def _facts(symptom: Symptom, claims: Sequence[Claim]) -> Iterator[tuple[str, object]]:
    details = symptom.details
    if symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED and symptom.subject == "torch":
        if "arch_list" in details:
            yield "builds[torch].arch_list", details["arch_list"].split()
        if "device" in details and "capability" in details:
            yield from _card(details["device"], details["capability"], claims)
    elif symptom.subject == _ENTRY_POINT:
        if not any(claim.fact == "system.container" for claim in claims):
            yield "system.container", "other"
    elif symptom.kind is SymptomKind.DRIVER_TOO_OLD and _DRIVER_CUDA.fullmatch(details.get("found", "")):
        # found version 11040: what cuDriverGetVersion answers, the newest CUDA that the driver runs
        yield "nvidia.cuda_version", f"{int(details['found']) // 1000}.{int(details['found']) % 1000 // 10}"
    elif symptom.kind in _OF_DRIVER:
        yield from _driver(symptom, claims)
    elif symptom.kind is SymptomKind.ABI_MISMATCH and details.get("between") == "numpy" and _RELEASE.fullmatch(details.get("have", "")):
        yield "packages[numpy].version", details["have"]
    elif symptom.kind is SymptomKind.VERSION_CONFLICT:
        yield from _conflict(details)


def _conflict(details: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """The two that do not fit each other; who refuses this Python is not installed."""
    if details.get("package") == "python":
        if _RELEASE.fullmatch(details.get("have", "")):
            yield "python.version", details["have"]
    elif "what" not in details:
        name, _, version = details.get("by", "").partition(" ")
        for distribution, has in ((details["package"], details.get("have", "")), (name, version)):
            if distribution not in _NO_DISTRIBUTION and _RELEASE.fullmatch(has):
                yield f"packages[{re.sub(r'[-_.]+', '-', distribution).lower()}].version", has


def _driver(symptom: Symptom, claims: Sequence[Claim]) -> Iterator[tuple[str, object]]:
    """What the driver's parts tell of each other, and the card that the kernel's module names and passes over."""
    details = symptom.details
    if symptom.kind is SymptomKind.NVML_ERROR and "kernel_module_version" in details:
        yield "nvidia.kernel_module_version", details["kernel_module_version"]
    elif symptom.kind is SymptomKind.KERNEL_MODULE_FAILED and "card" in details:
        if not any(claim.fact.startswith("accelerators") for claim in claims):
            yield "accelerators[0]", {"vendor": "nvidia", "backend": "cuda", "name": details["card"]}
    elif symptom.kind is SymptomKind.FABRIC_MANAGER_FAILED and details.get("reason") == "version":
        yield "nvidia.fabric_manager", "stopped"
        yield "nvidia.fabric_manager_version", details["have"]
        yield "nvidia.driver_version", details["need"]


def _card(name: str, capability: str, claims: Sequence[Claim]) -> Iterator[tuple[str, object]]:
    """The capability of the card of that name, which a table may have cut; a card of its own where the text lists none."""
    claims = [claim for claim in claims if claim.fact.startswith("accelerators")]
    names = {claim.fact: str(claim.value) for claim in claims if re.fullmatch(r"accelerators\[[^\]]+\]\.name", claim.fact)}
    names |= {
        f"{claim.fact}.name": str(claim.value["name"])
        for claim in claims
        if re.fullmatch(r"accelerators\[[^\]]+\]", claim.fact) and isinstance(claim.value, dict) and "name" in claim.value
    }
    for fact, known in names.items():
        if known == name or (known.endswith("...") and name.startswith(known.rstrip(". "))):
            yield fact.removesuffix("name") + "compute_capability", capability
    if not claims:
        yield "accelerators[0]", {"vendor": "nvidia", "backend": "cuda", "name": name, "compute_capability": capability}
