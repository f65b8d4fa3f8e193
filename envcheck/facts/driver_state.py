"""The state of NVIDIA's driver as `nvidia.state` names it, out of what its libraries and tools said."""

from collections.abc import Iterable

from envcheck.facts.claims import Claim, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind

# By the numbers of NVML's header (nvmlReturn_t).
_BY_NVML_CODE = {
    4: "denied",
    6: "no-devices",
    9: "driver-not-loaded",
    12: "nvml-library-missing",
    15: "gpu-lost",
    17: "wsl-gpu-blocked",
    18: "driver-library-mismatch",
}
_UNKNOWN_ERROR = 999
_SYSTEM_NOT_READY = 802  # cudaErrorSystemNotReady
# Which stands where several were said: the one that says most about the cause first.
_ORDER = (
    *("driver-library-mismatch", "wsl-gpu-blocked", "gpu-lost", "denied", "driver-not-loaded", "nvml-library-missing"),
    *("system-not-ready", "container-lost-devices", "no-devices"),
)


def state_claims(symptoms: Iterable[Symptom]) -> list[Claim]:
    """At most one claim on `nvidia.state`, with the source of the words it stands on."""
    said: dict[str, Symptom] = {}
    for symptom in symptoms:
        state = _state(symptom)
        if state is not None:
            said.setdefault(state, symptom)
    for state in _ORDER:
        if state in said:
            return [Claim("nvidia.state", state, said[state].source, Trust.PRINTED, said[state].scope)]
    return []


def _state(symptom: Symptom) -> str | None:
    if symptom.kind is SymptomKind.CUDA_ERROR:
        return "system-not-ready" if symptom.code == _SYSTEM_NOT_READY else None
    if symptom.kind is not SymptomKind.NVML_ERROR:
        return None
    code = symptom.code if symptom.code is not None else int(symptom.details.get("code") or 0)
    if code == _UNKNOWN_ERROR:
        # Of one card it is the driver's word for one that no longer answers; at the very start it is what is left where the
        # device nodes may not be opened, as in a container that has lost them.
        return "gpu-lost" if "device" in symptom.details else "container-lost-devices"
    return _BY_NVML_CODE.get(code)
