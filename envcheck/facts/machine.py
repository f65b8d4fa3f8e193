"""Facts about a machine: its system, processor, memory, disks, and the programs on its PATH."""

from msgspec import UNSET, UnsetType

from envcheck.facts.values import Fact


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
    secure_boot: bool | UnsetType | None = UNSET  # None: the firmware has no such thing
    # What the container was started with to be given GPUs ("--gpus all", "NVIDIA_VISIBLE_DEVICES=all"); None: known to be nothing.
    container_gpus: str | UnsetType | None = UNSET
    container_image: str | UnsetType = UNSET  # as it was named, without a private registry


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


class Tool(Fact, frozen=True, kw_only=True):
    """A program of PATH, by the name that profiles use; version None: it was not to be run, or did not say."""

    name: str
    version: str | UnsetType | None = UNSET
    path: str | UnsetType = UNSET
