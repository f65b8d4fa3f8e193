"""Facts about a Python environment: the interpreter, what is installed in it, and what came of importing it."""

import enum

import msgspec
from msgspec import UNSET, UnsetType

from envcheck.facts.values import Fact


class UserSite(Fact, frozen=True, kw_only=True):
    """The user's own site-packages folder, and whether this Python reads it."""

    path: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    distributions: int | UnsetType = UNSET


class PipCommand(Fact, frozen=True, kw_only=True):
    """The `pip` of PATH and the Python it installs into; None: that Python could not be told."""

    executable: str
    python: str | UnsetType | None = UNSET
    location: str | UnsetType = UNSET  # the folder of pip itself, as `pip --version` names it
    version: str | UnsetType = UNSET  # of the Python that runs it: 3.11
    same_environment: bool | UnsetType = UNSET


# The name of the kernel that a pasted notebook runs in: its own is not told there.
NOTEBOOK = "of this notebook"
# Of `chosen_because`: somebody wants this environment examined, whichever is active.
NAMED = "named with --python"


class Kernel(Fact, frozen=True, kw_only=True):
    """A Jupyter kernel specification and the interpreter it starts."""

    name: str
    executable: str | UnsetType = UNSET
    exists: bool | UnsetType = UNSET
    same_environment: bool | UnsetType = UNSET


class NearbyEnvironment(Fact, frozen=True, kw_only=True):
    """Another Python environment that was seen, with the frameworks (distribution name to version) it has."""

    path: str
    environment: str | UnsetType = UNSET
    frameworks: dict[str, str] = msgspec.field(default_factory=dict)


class ShadowingFile(Fact, frozen=True, kw_only=True):
    """A file or folder that is imported in place of an installed or a standard module of that name."""

    module: str
    path: str
    standard_library: bool = False


class Python(Fact, frozen=True, kw_only=True):
    """The examined interpreter and its environment."""

    executable: str | UnsetType = UNSET
    version: str | UnsetType = UNSET
    implementation: str | UnsetType = UNSET
    environment: str | UnsetType = UNSET  # venv, conda, system, colab …
    chosen_because: str | UnsetType = UNSET
    created_by: str | UnsetType | None = UNSET  # venv, virtualenv, uv, conda, pyenv …
    externally_managed: bool | UnsetType = UNSET
    service: str | UnsetType | None = UNSET  # colab, kaggle
    prefix: str | UnsetType = UNSET
    base_prefix: str | UnsetType = UNSET
    bits: int | UnsetType = UNSET
    platform: str | UnsetType = UNSET  # sysconfig.get_platform()
    machine: str | UnsetType = UNSET  # what it runs as, by its own platform.machine()
    tags: tuple[str, ...] = ()
    site_folders: tuple[str, ...] = ()
    user_site: UserSite | UnsetType = UNSET
    python_path: tuple[str, ...] | UnsetType = UNSET
    imported_from: dict[str, str] | UnsetType = UNSET  # by import package: the folder of packages that one traceback goes through
    pip: PipCommand | UnsetType | None = UNSET
    requirements_met: bool | UnsetType = UNSET  # pip check, or uv's, found nothing missing and nothing of a wrong version
    kernels: tuple[Kernel, ...] | UnsetType = UNSET
    shadowing: tuple[ShadowingFile, ...] | UnsetType = UNSET
    nearby: tuple[NearbyEnvironment, ...] | UnsetType = UNSET


class PackageState(str, enum.Enum):
    """Installed, broken and absent are three things; absent packages are not in the list."""

    OK = "ok"
    BROKEN = "broken"  # its metadata cannot be read or says nothing usable
    TORN = "torn"  # an installation that stopped half-way: two dist-infos of one name, `~name` leftovers
    OVERWRITTEN = "overwritten"  # another distribution wrote over its files


class Package(Fact, frozen=True, kw_only=True):
    """One installed distribution: the copy that an import finds first; `name` is normalised (PEP 503)."""

    name: str
    state: PackageState
    version: str | UnsetType = UNSET
    location: str | UnsetType = UNSET
    installer: str | UnsetType | None = UNSET
    manager: str | UnsetType = UNSET  # pip, uv, conda, system
    build: str | UnsetType = UNSET  # conda's build string
    channel: str | UnsetType = UNSET
    detail: str = ""  # what is wrong with it, in words, where state is not ok
    requires: tuple[str, ...] | UnsetType = UNSET  # Requires-Dist without extras; only of known frameworks
    requires_python: str | UnsetType = UNSET
    others: tuple[str, ...] = ()  # further copies: "version at location"


class Overwrite(Fact, frozen=True, kw_only=True):
    """Files that two distributions both claim in their RECORD, with different contents."""

    distributions: tuple[str, ...]
    files: int
    example: str = ""


class Build(Fact, frozen=True, kw_only=True):
    """What an installed framework says of its own build; `cuda` None: built without CUDA."""

    version: str | UnsetType = UNSET
    cuda: str | UnsetType | None = UNSET
    cudnn: str | UnsetType | None = UNSET
    rocm: str | UnsetType | None = UNSET
    xpu: str | UnsetType | None = UNSET
    arch_list: tuple[str, ...] | UnsetType = UNSET
    cuda_available: bool | UnsetType = UNSET  # what the framework itself answered when asked
    device_count: int | UnsetType = UNSET  # the GPUs that it counted; a build without code for GPUs counts none
    mps_available: bool | UnsetType = UNSET
    mps_built: bool | UnsetType = UNSET
    xpu_available: bool | UnsetType = UNSET


class Import(Fact, frozen=True, kw_only=True):
    """The outcome of importing one framework in a child of its own."""

    name: str  # the import package
    status: str  # imported, failed, crashed, timed_out, unkillable, absent
    version: str | UnsetType = UNSET
    seconds: float | UnsetType = UNSET
    stage: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    changed_variables: tuple[str, ...] = ()  # environment variables that the child had different


class SmokeLayer(Fact, frozen=True, kw_only=True):
    """One layer that a smoke test went through, or where it stood when it ended."""

    name: str  # found, imported, devices, tensor, computed, compared, gradient, copied, compiled, several
    seconds: float = 0.0


class Smoke(Fact, frozen=True, kw_only=True):
    """One smoke test's result on one device.

    `status` is passed, failed (it raised, or computed wrong numbers), crashed, timed_out, killed_for_memory, unkillable, absent (not
    installed) or skipped (`reason` says why it could not be made here, which is no failure). `layer` is the last one that was reached.

    A check of a profile's own stands here too: `command` is what was run, `framework` the check's name, `variant` that of its profile, and
    it has no device. absent: there is no such program.
    """

    framework: str  # the smoke test's name
    device: str
    status: str
    command: tuple[str, ...] = ()
    variant: str = ""  # what the framework computed with: a Keras backend
    layer: str | UnsetType = UNSET
    seconds: float | UnsetType = UNSET
    import_seconds: float | UnsetType = UNSET
    compute_seconds: float | UnsetType = UNSET
    layers: tuple[SmokeLayer, ...] = ()
    compared: tuple[str, ...] = ()  # what was held against the truth
    notes: dict[str, str] = msgspec.field(default_factory=dict)  # what the test read back: the provider that ran, a device's name
    peak_bytes: int | UnsetType = UNSET
    reason: str = ""
    slow: bool = False  # it took longer than its deadline, and got on all the time
    asked_for: bool = False  # somebody named it, on the command line or in a profile
    changed_variables: tuple[str, ...] = ()  # environment variables that the child had different
