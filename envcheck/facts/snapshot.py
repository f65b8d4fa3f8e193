"""All that is known about one machine and one Python environment: typed, immutable, JSON both ways.

Three states are told apart in every field that can be asked for: a value is known, `None` (JSON `null`) is known
not to be there, and `UNSET` (absent from the JSON) is not known. What is not known is listed under `unknown` with its reason.
Sizes are bytes, versions are strings as printed by their owner.
"""

import enum
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from envcheck.facts.symptoms import Symptom

SCHEMA = "envcheck/snapshot/1"

_T = TypeVar("_T")


def known(value: _T | UnsetType | None, default: _T) -> _T:
    """The value, or the default where it is unknown or known to be absent."""
    return default if value is UNSET or value is None else value


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The base of every group of facts."""


class System(Fact, frozen=True, kw_only=True):
    """`os` is what Python's platform.system() says; `libc` reads "glibc 2.36"; `virtual_machine` names the hypervisor."""

    os: str | UnsetType = UNSET
    distribution: str | UnsetType | None = UNSET  # PRETTY_NAME of os-release, or the product's name and version
    distribution_id: str | UnsetType | None = UNSET
    distribution_like: tuple[str, ...] = ()
    distribution_version: str | UnsetType | None = UNSET
    kernel: str | UnsetType = UNSET
    machine: str | UnsetType = UNSET
    libc: str | UnsetType | None = UNSET
    container: str | UnsetType | None = UNSET  # docker, podman, kubernetes, lxc, apptainer, systemd-nspawn …
    wsl: int | UnsetType | None = UNSET
    virtual_machine: str | UnsetType | None = UNSET
    scheduler: str | UnsetType | None = UNSET  # slurm, pbs, lsf, sge, htcondor, kubernetes, ray …
    job: str | UnsetType | None = UNSET  # the scheduler's number of the job this process is in
    login_node: bool | UnsetType = UNSET
    rosetta: bool | UnsetType = UNSET


class Cpu(Fact, frozen=True, kw_only=True):
    """`usable_cores` is what this process may really use: affinity and the cgroup quota; a fraction is possible."""

    model: str | UnsetType = UNSET
    vendor: str | UnsetType = UNSET
    physical_cores: int | UnsetType = UNSET
    logical_cores: int | UnsetType = UNSET
    usable_cores: float | UnsetType = UNSET
    features: tuple[str, ...] | UnsetType = UNSET
    level: str | UnsetType | None = UNSET  # x86-64-v1 … x86-64-v4


class Memory(Fact, frozen=True, kw_only=True):
    """`limit_bytes` is the tightest cgroup limit that applies; None: there is none."""

    total_bytes: int | UnsetType = UNSET
    available_bytes: int | UnsetType = UNSET
    limit_bytes: int | UnsetType | None = UNSET
    swap_bytes: int | UnsetType = UNSET
    shm_bytes: int | UnsetType | None = UNSET


class Disk(Fact, frozen=True, kw_only=True):
    """The volume under one path; `purpose` says why it was asked (environment, pip-cache, temp, home …)."""

    purpose: str
    path: str | UnsetType = UNSET
    filesystem: str | UnsetType = UNSET
    total_bytes: int | UnsetType = UNSET
    free_bytes: int | UnsetType = UNSET  # what this user may still write
    writable: bool | UnsetType = UNSET


class Accelerator(Fact, frozen=True, kw_only=True):
    """One card or device, visible to programs or not."""

    index: int
    vendor: str | UnsetType = UNSET
    backend: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    memory_bytes: int | UnsetType = UNSET
    memory_free_bytes: int | UnsetType = UNSET
    compute_capability: str | UnsetType = UNSET
    architecture: str | UnsetType = UNSET
    pci_address: str | UnsetType = UNSET
    visible: bool | UnsetType = UNSET
    mig: str | UnsetType = UNSET
    state: str | UnsetType = UNSET


class Nvidia(Fact, frozen=True, kw_only=True):
    """NVIDIA's driver: `cuda_version` is the newest CUDA that the driver supports, not an installed toolkit."""

    driver_version: str | UnsetType | None = UNSET
    cuda_version: str | UnsetType | None = UNSET
    kernel_module_version: str | UnsetType | None = UNSET
    state: str | UnsetType = UNSET


class Vendor(Fact, frozen=True, kw_only=True):
    """The driver side of another maker of accelerators."""

    driver_version: str | UnsetType | None = UNSET
    state: str | UnsetType = UNSET


class Toolkit(Fact, frozen=True, kw_only=True):
    """A CUDA, cuDNN, NCCL or ROCm installation on disk."""

    name: str
    version: str | UnsetType = UNSET
    path: str | UnsetType = UNSET


class Device(Fact, frozen=True, kw_only=True):
    """A device node such as /dev/nvidia0."""

    path: str
    mode: str | UnsetType = UNSET
    accessible: bool | UnsetType = UNSET


class UserSite(Fact, frozen=True, kw_only=True):
    """The user's own site-packages folder, and whether this Python reads it."""

    path: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    distributions: int | UnsetType = UNSET


class PipCommand(Fact, frozen=True, kw_only=True):
    """The `pip` of PATH and the Python it installs into; None: that Python could not be told."""

    executable: str
    python: str | UnsetType | None = UNSET
    same_environment: bool | UnsetType = UNSET


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
    frameworks: dict[str, str] = {}


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
    tags: tuple[str, ...] = ()
    site_folders: tuple[str, ...] = ()
    user_site: UserSite | UnsetType = UNSET
    python_path: tuple[str, ...] | UnsetType = UNSET
    pip: PipCommand | UnsetType | None = UNSET
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


class Import(Fact, frozen=True, kw_only=True):
    """The outcome of importing one framework in a child of its own."""

    name: str  # the import package
    status: str  # imported, failed, crashed, timed_out, unkillable, absent
    version: str | UnsetType = UNSET
    seconds: float | UnsetType = UNSET
    stage: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    changed_variables: tuple[str, ...] = ()  # environment variables that the child had different


class Tool(Fact, frozen=True, kw_only=True):
    """A program of PATH, by the name that profiles use; version None: it was not to be run, or did not say."""

    name: str
    version: str | UnsetType | None = UNSET
    path: str | UnsetType = UNSET


class Smoke(Fact, frozen=True, kw_only=True):
    """One smoke test's result."""

    framework: str
    device: str
    status: str
    layer: str | UnsetType = UNSET
    seconds: float | UnsetType = UNSET


class Completeness(str, enum.Enum):
    """How far a collection was looked at: absence is evidence only in a complete one."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """Of each collection, how far it was looked at."""

    packages: Completeness = Completeness.NONE
    accelerators: Completeness = Completeness.NONE
    tools: Completeness = Completeness.NONE
    variables: Completeness = Completeness.NONE
    disks: Completeness = Completeness.NONE
    imports: Completeness = Completeness.NONE
    modules: Completeness = Completeness.NONE
    devices: Completeness = Completeness.NONE


class UnknownReason(str, enum.Enum):
    """Why a fact is not known."""

    DENIED = "denied"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    UNPARSABLE = "unparsable"
    UNKILLABLE = "unkillable"
    UNSUPPORTED = "unsupported"  # this system has no way to tell


class Unknown(Fact, frozen=True, kw_only=True):
    """A fact, or a group of facts, that was asked for and could not be had."""

    fact: str
    reason: UnknownReason
    detail: str = ""


class Contradiction(Fact, frozen=True, kw_only=True):
    """A claim that lost against a better one for the same fact."""

    fact: str
    value: str
    source: str = ""
    scope: str = ""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One machine and one Python environment."""

    schema: str = SCHEMA
    taken: str = ""
    live: bool = False  # observed by envcheck on the machine itself, not read from a text
    system: System = System()
    cpu: Cpu = Cpu()
    memory: Memory = Memory()
    disks: tuple[Disk, ...] = ()
    accelerators: tuple[Accelerator, ...] = ()
    nvidia: Nvidia = Nvidia()
    amd: Vendor = Vendor()
    apple: Vendor = Vendor()
    intel: Vendor = Vendor()
    toolkits: tuple[Toolkit, ...] = ()
    modules: tuple[str, ...] = ()
    devices: tuple[Device, ...] = ()
    python: Python = Python()
    packages: tuple[Package, ...] = ()
    overwrites: tuple[Overwrite, ...] = ()
    builds: dict[str, Build] = {}
    imports: tuple[Import, ...] = ()
    variables: dict[str, str] = {}
    tools: tuple[Tool, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    smoke: tuple[Smoke, ...] = ()
    observed: Observed = Observed()
    unknown: tuple[Unknown, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    sources: dict[str, str] = {}

    def package(self, name: str) -> Package | None:
        """The installed distribution of that normalised name; None is evidence only where `observed.packages` is complete."""
        return next((package for package in self.packages if package.name == name), None)

    def source_of(self, fact: str) -> str:
        """Where a fact is from: its own source, or that of the nearest group it belongs to."""
        while fact:
            if fact in self.sources:
                return self.sources[fact]
            cut = max(fact.rfind("."), fact.rfind("["))
            fact = fact[:cut] if cut > 0 else ""
        return ""

    def why_unknown(self, fact: str) -> Unknown | None:
        """The reason why a fact is not known, if it was asked for: its own entry or that of its group."""
        while fact:
            for unknown in self.unknown:
                if unknown.fact == fact:
                    return unknown
            cut = max(fact.rfind("."), fact.rfind("["))
            fact = fact[:cut] if cut > 0 else ""
        return None
