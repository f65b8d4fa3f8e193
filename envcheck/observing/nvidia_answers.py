"""What the answers of NVML, nvidia-smi and the CUDA driver library mean together: cards that no program sees, and the driver's state."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.driver_state import state_claims
from envcheck.parsers.pci.pci_address import same_form

# The stage of probes/cuda_driver.py that says that no device of CUDA's is missing in its answer.
_TOLD_ALL = "told every CUDA device"
_STATE = "nvidia.state"
# Of a card that NVML knows too, CUDA's word counts only for what CUDA alone can say: it counts less memory, and names parts of cards.
_CUDAS_OWN = ("vendor", "backend", "pci_address", "uuid", "visible", "integrated", "unified_memory")


def put_together(found: Mapping[str, Evidence], stages: Mapping[str, Sequence[str]], *, in_container: bool) -> Evidence:
    """One evidence of the answers by probe, in their order. `stages` are those that each probe has reached."""
    together = Evidence()
    cards = _listed_cards([claim for name in ("nvml", "nvidia_smi") if name in found for claim in found[name].claims])
    for name, evidence in found.items():
        if name == "cuda_driver":
            evidence.claims = list(_cudas_own(evidence.claims, together.claims, cards))
        together.add(evidence)
    if "cuda_driver" in found and _TOLD_ALL in stages.get("cuda_driver", ()):
        together.claims += _unseen(cards, found["cuda_driver"])
    _settle_state(together, in_container=in_container)
    if "cuda_driver" in found and _listed_cards(found["cuda_driver"].claims):
        _set_state(together, "nvml-library-missing", "ok")  # as on a Jetson, or in a container that was given no tools
    return together


class _Listed(msgspec.Struct):
    """A card of NVML's or nvidia-smi's, by its key in claims."""

    fact: str
    address: str | None = None
    mig: bool = False
    broken: bool = False


def _listed_cards(claims: Sequence[Claim]) -> list[_Listed]:
    cards: dict[str, _Listed] = {}
    for claim in claims:
        fact, _, field = claim.fact.partition("]")
        if not fact.startswith("accelerators["):
            continue
        card = cards.setdefault(fact, _Listed(fact + "]"))
        said = claim.value if isinstance(claim.value, Mapping) else {field.lstrip("."): claim.value}
        card.address = card.address or same_form(str(said.get("pci_address", "")))
        card.mig = card.mig or said.get("mig") == "enabled"
        card.broken = card.broken or said.get("state", "ok") != "ok"
    return list(cards.values())


def _cudas_own(claims: Sequence[Claim], known: Sequence[Claim], cards: Sequence[_Listed]) -> Iterator[Claim]:
    """CUDA's claims without what is known already."""
    told = {claim.fact for claim in known}
    places = {card.address for card in cards if card.address is not None}
    for claim in claims:
        if isinstance(claim.value, Mapping) and claim.value.get("pci_address") in places:
            yield replace(claim, value={field: value for field, value in claim.value.items() if field in _CUDAS_OWN})
        elif claim.fact != "nvidia.cuda_version" or claim.fact not in told:
            yield claim


def _unseen(cards: Sequence[_Listed], cuda: Evidence) -> Iterator[Claim]:
    """The cards that the driver lists and a program does not get to see.

    A program sees one part of one card in MIG mode, so that of such cards nothing is said while any is seen.
    """
    seen = {card.address for card in _listed_cards(cuda.claims)}
    for card in cards:
        if card.address is None or card.broken or card.address in seen or (card.mig and seen):
            continue
        yield Claim(f"{card.fact}.visible", value=False, source="the CUDA driver library does not list it", trust=Trust.MEASURED)


def _settle_state(evidence: Evidence, *, in_container: bool) -> None:
    """The driver's state by what was said, where no probe has measured it; a missing fabric manager is known to CUDA alone."""
    said = [_on_a_host(claim) if not in_container else claim for claim in state_claims(evidence.symptoms)]
    measured = [claim for claim in evidence.claims if claim.fact == _STATE]
    if not measured:
        evidence.claims += said
    elif any(claim.value == "system-not-ready" for claim in said):
        _set_state(evidence, "ok", "system-not-ready")


def _set_state(evidence: Evidence, old: str, new: str) -> None:
    """What one library knows of the driver's state, where another does not."""
    evidence.claims = [replace(claim, value=new) if (claim.fact, claim.value) == (_STATE, old) else claim for claim in evidence.claims]


def _on_a_host(claim: Claim) -> Claim:
    """An unknown error is that of a container without its devices only where there is a container."""
    return replace(claim, value="unknown-error") if claim.value == "container-lost-devices" else claim
