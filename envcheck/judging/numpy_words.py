"""The two ways in which compiled modules and NumPy do not fit, told apart by what was said of them."""

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.knowledge.versions import major

_NUMPY_2_ABI = 0x2000000  # the number of the C interface that NumPy 2.0 began with


def numpy_mismatches(case: Case) -> tuple[Symptom, ...]:
    """What was said about a module that does not fit NumPy."""
    return tuple(symptom for symptom in case.said(SymptomKind.ABI_MISMATCH) if _is_of_numpy(symptom))


def _is_of_numpy(symptom: Symptom) -> bool:
    details = symptom.details
    return details.get("between", "").startswith("numpy") and details.get("object", "numpy").startswith("numpy")


def is_about_numpy_2(symptom: Symptom) -> bool:
    """`compiled using NumPy 1.x cannot be run in NumPy 2.0.0`, `_ARRAY_API not found`, or an interface number of NumPy 2."""
    details = symptom.details
    if details.get("what", "api") != "api":
        return False
    have, need = _number(details.get("have", "")), _number(details.get("need", ""))
    if have is not None:
        return have >= _NUMPY_2_ABI and (need is None or need < _NUMPY_2_ABI)
    return major(details.get("have", "")) != 1


def is_about_sizes(symptom: Symptom) -> bool:
    """`numpy.ndarray size changed … Expected 88, got 80`, or two numbers of one and the same interface."""
    return not is_about_numpy_2(symptom) and _number(symptom.details.get("have", "")) is not None


def expects_more(symptom: Symptom) -> bool:
    """Whether the module was built against a newer numpy than the one it met."""
    return (_number(symptom.details.get("need", "")) or 0) >= (_number(symptom.details.get("have", "")) or 0)


def _number(text: str) -> int | None:
    if text.startswith("0x"):
        return int(text, 16)
    return int(text) if text.isdecimal() else None
