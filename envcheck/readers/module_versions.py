"""Versions that were told of a module where a list names the distribution that brings it: `tf.__version__` beside tensorflow-gpu."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from envcheck.facts.claims import Claim
from envcheck.parsers.expression import regex

# The readers whose rows name distributions, and no modules.
LISTS = frozenset(
    (
        "pip and conda lists",
        "rows of package lists",
        "package documents",
        "conda plans",
        "installation logs",
        "torch.utils.collect_env",
        "tf_env_collect",
    )
)
# The distribution that a module's version is taken for, and others that bring the same module.
_GROUPS = (
    ("tensorflow", "tensorflow-gpu", "tensorflow-cpu", "tensorflow-rocm", "tf-nightly", "tf-nightly-gpu"),
    ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml", "onnxruntime-openvino", "onnxruntime-rocm", "onnxruntime-migraphx"),
    ("xgboost", "xgboost-cpu", "xgboost-cu12"),
    ("keras", "keras-nightly"),
    ("faiss-cpu", "faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12"),
    ("triton", "pytorch-triton", "pytorch-triton-rocm", "triton-windows"),
)
_PACKAGE = regex(r"packages\[(?P<name>[^\]]{1,80})\]")


def packages_in(claims: Iterable[Claim]) -> set[str]:
    """The distributions that claims speak of."""
    found = (_PACKAGE.match(claim.fact) for claim in claims)
    return {said["name"] for said in found if said}


def without_modules(claims: list[Claim], listed: Collection[str]) -> list[Claim]:
    """The claims with those on a distribution that no list has taken for the listed one which brings the same module.

    A version of the same release is dropped, another one goes behind that of the list, as what contradicts it.
    """
    said_to_be_there = {claim.fact.removesuffix(".state") for claim in claims if claim.fact.endswith(".state")}
    told = {name for name in packages_in(claims) if f"packages[{name}]" not in said_to_be_there}
    meant = _meant(told, listed)
    if not meant:
        return claims
    kept: list[Claim] = []
    behind: list[Claim] = []
    for claim in claims:
        said = _PACKAGE.match(claim.fact)
        if said is None or said["name"] not in meant:
            kept.append(claim)
        elif claim.fact.endswith(".version"):
            behind.append(replace(claim, fact=f"packages[{meant[said['name']]}].version"))
    versions: dict[str, list[str]] = {}
    for claim in kept:
        versions.setdefault(claim.fact, []).append(str(claim.value))
    return kept + [claim for claim in behind if not any(_is_same(str(claim.value), known) for known in versions.get(claim.fact, ()))]


def _meant(told: set[str], listed: Collection[str]) -> dict[str, str]:
    """Of every distribution that a module's version is taken for, and that is in no list, the one that is and brings the same module.

    That is the first of its kind: nobody means onnxruntime-gpu who prints the version of onnxruntime.
    """
    meant = {}
    for usual, *others in _GROUPS if told - set(listed) else ():
        in_list = next((name for name in others if name in listed), None)
        if in_list is not None and usual in told and usual not in listed:
            meant[usual] = in_list
    return meant


def _is_same(one: str, other: str) -> bool:
    """`2.8.0` and `2.8.0`, `4.9.0` and `4.9.0.80`, `2.9.0-dev20220301` and `2.9.0.dev20220301`."""
    one, other = one.replace("-", "."), other.replace("-", ".")
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
