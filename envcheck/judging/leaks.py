"""Packages that come into an environment from outside it: by PYTHONPATH, or from the user's own site folder."""

from collections.abc import Iterable

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, UserSite, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.environments import kind_of_environment, prefix_of
from envcheck.knowledge.frameworks import distributions_of, import_of
from envcheck.parsers.expression import regex
from envcheck.parsers.python.prefixes import is_of_user

OWN_PACKAGES = ("conda", "venv")
_PACKAGES = regex(r"(?:^|[/\\])(?:site|dist)-packages[/\\]?$")
# Tools that install, of which every environment has some release; and an import name that is none of its distribution's.
INSTALLERS = frozenset({"pip", "setuptools", "wheel", "distribute", "pkg-resources"})
_NAMESPACES = {"google": ("protobuf",)}
# What a copy of another release, or one that was made for other packages, says when it is loaded.
OF_LOADING = frozenset(
    {
        SymptomKind.IMPORT_FAILED,
        SymptomKind.MODULE_NOT_FOUND,
        SymptomKind.ABI_MISMATCH,
        SymptomKind.UNDEFINED_SYMBOL,
        SymptomKind.LIBRARY_NOT_FOUND,
        SymptomKind.DLL_LOAD_FAILED,
        SymptomKind.VERSION_CONFLICT,
        SymptomKind.UNSUPPORTED_CALL,
        SymptomKind.PROTOBUF_DESCRIPTORS,
        SymptomKind.LOADED_OLDER_THAN_BUILT,
    }
)
# What is wrong with packages follows from where they come from: the environment was given others, or none.
FAULTS_OF_PACKAGES = frozenset(
    {
        "bitsandbytes-cuda-setup",
        "compiled-extension-torch-abi-mismatch",
        "compiled-file-damaged",
        "conda-pip-mix",
        "cpu-only-wheel",
        "cuda-lib-mix",
        "cuda-runtime-lib-missing",
        "cuda-wheels-left-over",
        "cudnn-version-mismatch",
        "extension-built-for-other-torch",
        "extension-wants-other-cuda-runtime",
        "framework-import-crashes",
        "framework-import-fails",
        "gpu-arch-not-in-wheel",
        "jax-cpu-only-jaxlib",
        "jax-jaxlib-mismatch",
        "jax-plugin-version-mismatch",
        "keras-tensorflow-mismatch",
        "keras3-tf-keras-mismatch",
        "ld-library-path-shadows-wheel-libs",
        "name-of-another-release",
        "nccl-version-mismatch",
        "numpy-abi-mismatch",
        "numpy2-abi",
        "onnxruntime-cpu-shadows-gpu",
        "package-broken",
        "package-overwritten",
        "package-torn",
        "protobuf-descriptors",
        "requirement-of-package-unmet",
        "retired-package",
        "tensorflow-companion-mismatch",
        "tensorflow-metal-mismatch",
        "torch-family-version-mismatch",
        "transformers-torch-too-old",
        "triton-torch-mismatch",
        "wheel-for-another-platform",
        "xformers-torch-mismatch",
    }
)


class Leak(msgspec.Struct, frozen=True):
    """A folder outside of the environment and what is known to come from it: distributions and import names."""

    folder: str
    of_user: bool
    names: frozenset[str]


def find_leaks(facts: Snapshot) -> tuple[Leak, ...]:
    """The folders that packages come from though they are not the environment's."""
    folders = {**dict.fromkeys(foreign_folders(facts), False), **dict.fromkeys(_folders_of_user(facts), True)}
    found = (Leak(folder, of_user, frozenset(names_from(facts, folder))) for folder, of_user in folders.items())
    return tuple(leak for leak in found if leak.names)


def foreign_folders(facts: Snapshot) -> tuple[str, ...]:
    """The folders of installed packages that PYTHONPATH names and that belong to another environment."""
    if not (facts.live or prefix_of(facts) or known(facts.python.version, "")):
        return ()
    return tuple(folder for folder in python_path(facts) or () if _PACKAGES.search(folder) and not _is_own(facts, folder))


def python_path(facts: Snapshot) -> tuple[str, ...] | None:
    """PYTHONPATH as Python sees it, else as a text shows the variable; None: nothing tells."""
    if isinstance(facts.python.python_path, tuple):
        return facts.python.python_path
    value = facts.variables.get("PYTHONPATH")
    if value is None:
        return None
    return tuple(part for part in value.split(";" if ";" in value or value[1:3] == ":\\" else ":") if part)


def packages_below(facts: Snapshot, folder: str) -> list[Package]:
    """The distributions that lie in a folder."""
    return [package for package in facts.packages if below(known(package.location, ""), folder)]


def hiding(packages: Iterable[Package]) -> list[Package]:
    """Those that stand before a copy of another release."""
    return [
        package
        for package in packages
        if package.name not in INSTALLERS and any(other.split(" ")[0] != known(package.version, "") for other in package.others)
    ]


def names_from(facts: Snapshot, folder: str) -> tuple[str, ...]:
    """What comes from a folder, by the places of distributions and by a traceback: names of distributions and import names."""
    names = [package.name for package in packages_below(facts, folder)]
    imported = [name for name, place in known(facts.python.imported_from, {}).items() if below(place, folder)]
    given = [other for name in imported for other in _NAMESPACES.get(name, distributions_of(name))]
    return tuple(dict.fromkeys((*names, *map(import_of, names), *imported, *given)))


def spoken_by(facts: Snapshot, folder: str, names: Iterable[str]) -> tuple[Symptom, ...]:
    """The errors of loading that packages of that folder had, or that name a file in it."""
    wanted, place = frozenset(names), folder.rstrip("/\\")
    return tuple(
        symptom
        for symptom in facts.symptoms
        if symptom.kind in OF_LOADING
        and (symptom.subject in wanted or any(place in text for text in (symptom.text, *symptom.details.values())))
    )


def below(folder: str, root: str) -> bool:
    """Whether a folder is the other, or lies in it."""
    path, start = (text.replace("\\", "/").rstrip("/") for text in (folder, root))
    return bool(path) and (path == start or path.startswith(f"{start}/"))


def _folders_of_user(facts: Snapshot) -> list[str]:
    """The user's own, where the environment has packages of its own and the folder is not known to be passed over."""
    site = facts.python.user_site
    if kind_of_environment(facts) not in OWN_PACKAGES or (isinstance(site, UserSite) and site.enabled is False):
        return []
    if facts.live:
        return [site.path] if isinstance(site, UserSite) and isinstance(site.path, str) and site.path else []
    places = [*known(facts.python.imported_from, {}).values(), *(known(package.location, "") for package in facts.packages)]
    return [place for place in places if is_of_user(place)]


def _is_own(facts: Snapshot, folder: str) -> bool:
    own = (*facts.python.site_folders, prefix_of(facts), known(facts.python.base_prefix, ""))
    return any(root and below(folder, root) for root in own)
