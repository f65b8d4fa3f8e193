"""What a text says of the state of NVIDIA's driver, by place: an error before anything else, else that it listed its cards."""

from envcheck.facts.claims import Claim, Evidence
from envcheck.facts.driver_state import state_claims


def said_states(evidence: Evidence) -> list[Claim]:
    """At most one claim on `nvidia.state` for the host, and one for a container."""
    claims: list[Claim] = []
    for scope in dict.fromkeys(symptom.scope for symptom in evidence.symptoms):
        claims += state_claims(symptom for symptom in evidence.symptoms if symptom.scope == scope)
    troubled = {claim.scope for claim in claims}
    for claim in evidence.claims:
        if _answered(claim.value) and claim.scope not in troubled:
            troubled.add(claim.scope)
            claims.append(Claim("nvidia.state", "ok", claim.source, claim.trust, claim.scope))
    return claims


def _answered(value: object) -> bool:
    """Whether a card was listed as only a driver that answers lists it: in working order, or by the UUID that it alone knows."""
    if not isinstance(value, dict) or value.get("vendor") != "nvidia":
        return False
    return value.get("state") == "ok" or (value.get("state") is None and str(value.get("uuid", "")).startswith("GPU-"))
