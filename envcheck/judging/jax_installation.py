"""What a snapshot says of the installed JAX: its versions, its plugins, and whether it was built for a GPU."""

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_cards
from envcheck.knowledge.versions import local_tag
from envcheck.parsers.expression import regex

_PLUGIN = regex(r"jax-(?P<backend>cuda|rocm)(?P<release>\d+)-(?:plugin|pjrt)")
_OTHERS = ("torch", "tensorflow")
# The import package that every plugin's module lies in.
PLUGINS = "jax_plugins"


class JaxInstallation(msgspec.Struct, frozen=True):
    """`jax` and `jaxlib` are versions, empty where unknown; `accelerator` is None where nothing tells whether the build has one."""

    jax: str
    jaxlib: str
    plugins: tuple[Package, ...]
    accelerator: bool | None
    fact: str  # that decides on the accelerator

    @property
    def subject(self) -> str:
        """How findings name it."""
        return f"jaxlib {self.jaxlib}" if self.jaxlib else f"jax {self.jax}".strip()


def jax_installation(facts: Snapshot) -> JaxInstallation | None:
    """The installed JAX, None where nothing shows one."""
    jax, jaxlib = facts.package("jax"), facts.package("jaxlib")
    plugins = tuple(package for package in facts.packages if _PLUGIN.fullmatch(package.name))
    build = facts.builds.get("jaxlib")
    if jax is None and jaxlib is None and not plugins and build is None and "jax" not in facts.builds:
        return None
    version = known(jaxlib.version, "") if jaxlib is not None else ""
    version = version or (known(build.version, "") if build is not None else "")
    accelerator, fact = _accelerator(facts, version, plugins)
    return JaxInstallation(known(jax.version, "") if jax is not None else "", version, plugins, accelerator, fact)


def _accelerator(facts: Snapshot, version: str, plugins: tuple[Package, ...]) -> tuple[bool | None, str]:
    if plugins:
        return True, f"packages[{plugins[0].name}].version"
    build = facts.builds.get("jaxlib")
    if build is not None and (isinstance(build.cuda, str) or isinstance(build.rocm, str)):
        return True, "builds[jaxlib].cuda" if isinstance(build.cuda, str) else "builds[jaxlib].rocm"
    if local_tag(version).startswith(("cuda", "rocm")):
        return True, "packages[jaxlib].version"
    return (False, "builds[jaxlib].cuda") if build is not None and build.cuda is None else (None, "packages[jaxlib].version")


def plugin_failures(facts: Snapshot) -> tuple[Symptom, ...]:
    """What JAX said of a plugin that is there and of no use: the build is for a GPU then."""
    return tuple(symptom for symptom in facts.symptoms if _is_of_plugin(symptom))


def _is_of_plugin(symptom: Symptom) -> bool:
    details = symptom.details
    if symptom.kind is SymptomKind.VERSION_CONFLICT:
        return details.get("package", "").startswith("jax-") and details.get("package") != "jax-metal"
    if symptom.kind is not SymptomKind.PROVIDER_FALLBACK or symptom.subject != "jax":
        return False
    return details.get("provider", "") != "gpu" and details.get("reason", "") not in ("", "built without CUDA")


def speaks_of_no_gpu(symptom: Symptom) -> bool:
    """JAX's word that it computes on the CPU, which it says of any reason."""
    if symptom.kind is not SymptomKind.PROVIDER_FALLBACK or symptom.subject != "jax":
        return False
    return symptom.details.get("provider") == "gpu" or symptom.details.get("reason") == "built without CUDA"


def misses_cuda(symptom: Symptom) -> bool:
    """JAX's word that there may be a GPU, and that its jaxlib has no CUDA."""
    return symptom.kind is SymptomKind.NOT_COMPILED_WITH and symptom.details.get("package") == "jaxlib"


def has_nvidia(facts: Snapshot) -> bool:
    """Whether a card that is given to this process, or else a driver of NVIDIA's, is known."""
    cards = nvidia_cards(facts)
    given = any(card.accelerator.visible is not False and card.accelerator.state != "hidden" for card in cards)
    return given or (not cards and isinstance(facts.nvidia.driver_version, str))


def was_wanted_with_cuda(facts: Snapshot) -> bool:
    """Whether JAX was to come from the index that has nothing but its builds for CUDA, or with an extra for it."""
    jax = facts.package("jax")
    return jax is not None and known(jax.channel, "").startswith(("jax_cuda", "jax[cuda"))


def other_framework_has_gpu(facts: Snapshot) -> bool:
    """Whether another framework is the one that computes on the GPU here."""
    builds = (facts.builds[name] for name in _OTHERS if name in facts.builds)
    return any(build.cuda_available is True or (facts.live and isinstance(build.cuda, str)) for build in builds)
