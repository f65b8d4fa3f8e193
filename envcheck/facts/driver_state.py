"""The state of NVIDIA's driver as `nvidia.state` names it, out of what its libraries and tools said."""

from collections.abc import Iterable

from envcheck.facts.claims import Claim, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind

# By the numbers of NVML's header (nvmlReturn_t).
_BY_NVML_CODE = {
    4: "denied",
    6: "no-devices",
    8: "unknown-error",
    9: "driver-not-loaded",
    10: "unknown-error",
    11: "unknown-error",
    12: "nvml-library-missing",
    15: "gpu-lost",
    16: "unknown-error",
    17: "wsl-gpu-blocked",
    18: "driver-library-mismatch",
}
_UNKNOWN_ERROR = 999
# What NVML says of one card tells of the driver only that this card no longer answers.
_OF_ONE_CARD = (15, _UNKNOWN_ERROR)
_SYSTEM_NOT_READY = 802  # cudaErrorSystemNotReady
# Which stands where several were said: the one that says most about the cause first.
_ORDER = (
    *("system-not-ready", "driver-library-mismatch", "wsl-gpu-blocked", "gpu-lost", "denied", "driver-not-loaded"),
    *("nvml-library-missing", "container-lost-devices", "no-devices", "unknown-error"),
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
    if "device" in symptom.details:
        return "gpu-lost" if code in _OF_ONE_CARD else None
    if code == _UNKNOWN_ERROR:
        # At the very start it is what is left where the device nodes may not be opened, as in a container that has lost them.
        return "container-lost-devices"
    return _BY_NVML_CODE.get(code)
