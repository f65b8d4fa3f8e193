"""Facts about accelerators: the cards, the driver side of each maker, device nodes, and CUDA or ROCm on disk."""

from msgspec import UNSET, UnsetType

from envcheck.facts.values import Fact


class GpuProcess(Fact, frozen=True, kw_only=True):
    """A process that holds memory of a card."""

    pid: int
    name: str | UnsetType = UNSET
    memory_bytes: int | UnsetType = UNSET


class MigDevice(Fact, frozen=True, kw_only=True):
    """A part of a card in MIG mode; `profile` is NVIDIA's name of its size, such as 3g.71gb or 1c.3g.71gb."""

    uuid: str | UnsetType = UNSET
    profile: str | UnsetType = UNSET
    memory_bytes: int | UnsetType = UNSET


class Accelerator(Fact, frozen=True, kw_only=True):
    """One card or device, visible to programs or not.

    `index` is the number that nvidia-smi gives an NVIDIA card; all others are numbered after those. `state` is one of

    - `ok`: a driver has it, and nothing is known to be wrong with it
    - `no-driver`: no kernel driver has taken it
    - `other-driver`: one that offers no computing has (nouveau, radeon), or one that gives it to a virtual machine (vfio-pci); see `driver`
    - `lost`: it fell off the bus, or no longer answers
    - `denied`: its device node is there, and this user or container may not open it
    - `hidden`: it is in the machine, and not for this process (a job's share, a container without it)
    """

    index: int
    vendor: str | UnsetType = UNSET  # nvidia, amd, apple, intel, google, or the maker's name as lspci has it
    backend: str | UnsetType = UNSET  # cuda, rocm, metal, xpu, tpu; absent where no framework of ours has one for it
    name: str | UnsetType = UNSET
    memory_bytes: int | UnsetType = UNSET  # as the driver counts it; absent where the memory is that of the machine
    memory_free_bytes: int | UnsetType = UNSET
    memory_used_bytes: int | UnsetType = UNSET
    memory_reserved_bytes: int | UnsetType = UNSET  # what the driver keeps for itself, of those that tell
    compute_capability: str | UnsetType = UNSET  # NVIDIA: "8.6"
    architecture: str | UnsetType = UNSET  # AMD: "gfx1100"; NVIDIA: "Ampere"
    pci_address: str | UnsetType = UNSET
    visible: bool | UnsetType = UNSET  # to programs that are started as this one was
    mig: str | UnsetType = UNSET  # enabled, disabled
    state: str | UnsetType = UNSET
    uuid: str | UnsetType = UNSET
    pci_id: str | UnsetType = UNSET  # "10de:2204", vendor and device, in lower case
    driver: str | UnsetType | None = UNSET  # the kernel's driver of this device: nvidia, nouveau, vfio-pci, amdgpu, i915, xe
    integrated: bool | UnsetType = UNSET  # built into a processor, beside which there may be a discrete card
    unified_memory: bool | UnsetType = UNSET  # its memory is the machine's: GB10, Jetson, Apple, APUs
    shared_memory_bytes: int | UnsetType = UNSET  # how much of the machine's memory it can use (AMD's GTT)
    compute_units: int | UnsetType = UNSET
    compute_mode: str | UnsetType = UNSET  # default, exclusive-process, exclusive-thread, prohibited
    driver_model: str | UnsetType | None = UNSET  # Windows: wddm, tcc, mcdm
    virtualization: str | UnsetType = UNSET  # none, pass-through, vgpu (a guest's), host-vgpu, host-vsga
    persistence: bool | UnsetType = UNSET
    ecc: str | UnsetType = UNSET  # enabled, disabled
    ecc_errors: int | UnsetType = UNSET  # uncorrected ones since the driver was loaded
    retired_pages: int | UnsetType = UNSET  # or remapped rows, on cards from Ampere on
    retirement_pending: bool | UnsetType = UNSET  # takes effect at the next reset
    remapping_failed: bool | UnsetType = UNSET
    throttle_reasons: tuple[str, ...] | UnsetType = UNSET  # idle, power-cap, hw-thermal, hw-power-brake …
    temperature_c: float | UnsetType = UNSET
    temperature_limit_c: float | UnsetType = UNSET  # where it slows down
    power_w: float | UnsetType = UNSET
    power_limit_w: float | UnsetType = UNSET
    fabric: str | UnsetType = UNSET  # not-supported, not-started, in-progress, completed
    metal: str | UnsetType | None = UNSET  # Apple's and others on macOS: "metal3", "metal4"
    processes: tuple[GpuProcess, ...] | UnsetType = UNSET
    mig_devices: tuple[MigDevice, ...] | UnsetType = UNSET


class Nvidia(Fact, frozen=True, kw_only=True):
    """NVIDIA's driver: `cuda_version` is the newest CUDA that the driver supports, not an installed toolkit.

    `state` is one of `ok`, `driver-not-loaded`, `driver-library-mismatch`, `nvml-library-missing`, `no-devices`, `gpu-lost`,
    `container-lost-devices`, `wsl-gpu-blocked`, `denied`, `system-not-ready` (no fabric manager), `unknown-error`.
    """

    driver_version: str | UnsetType | None = UNSET
    cuda_version: str | UnsetType | None = UNSET
    kernel_module_version: str | UnsetType | None = UNSET
    state: str | UnsetType = UNSET
    open_kernel_module: bool | UnsetType = UNSET
    library_version: str | UnsetType | None = UNSET  # of libnvidia-ml or libcuda, which may be newer than the module that is loaded
    package_version: str | UnsetType | None = UNSET  # of the driver that the distribution's package manager installed
    packages_unfinished: tuple[str, ...] | UnsetType = UNSET  # packages of the driver that are unpacked and not configured
    module_kernels: tuple[str, ...] | UnsetType = UNSET  # the kernels on disk for which there is an nvidia module
    libcuda_path: str | UnsetType | None = UNSET  # where libcuda.so.1 (nvcuda.dll) lies
    libcuda_loadable: bool | UnsetType = UNSET  # whether the loader finds it by its name
    nvml_path: str | UnsetType | None = UNSET  # the same for libnvidia-ml.so.1 (nvml.dll)
    nvml_loadable: bool | UnsetType = UNSET
    fabric_manager: str | UnsetType | None = UNSET  # running, stopped (it is installed); None: it is not installed
    fabric_manager_version: str | UnsetType = UNSET
    nvswitches: int | UnsetType = UNSET  # on the PCI bus
    jetson: str | UnsetType | None = UNSET  # the board's name
    l4t_version: str | UnsetType = UNSET  # Jetson Linux
    cuda_sign: str | UnsetType = UNSET  # in a report that may name neither driver nor card: what shows that CUDA is there or asked for


class Amd(Fact, frozen=True, kw_only=True):
    """AMD's driver and ROCm. `driver_version` is the kernel module's own, which for the one of the kernel itself is the kernel's."""

    driver_version: str | UnsetType | None = UNSET
    state: str | UnsetType = UNSET  # ok, driver-not-loaded, denied (/dev/kfd), no-kfd
    rocm_version: str | UnsetType | None = UNSET


class Apple(Fact, frozen=True, kw_only=True):
    """Apple's own chips and Metal."""

    chip: str | UnsetType = UNSET  # Apple M2 Pro
    gpu_cores: int | UnsetType = UNSET
    metal: str | UnsetType | None = UNSET  # metal3, metal4; None: not supported


class Intel(Fact, frozen=True, kw_only=True):
    """Intel's driver of GPUs and the libraries above it."""

    driver_version: str | UnsetType | None = UNSET
    state: str | UnsetType = UNSET  # ok, driver-not-loaded, denied (/dev/dri), no-level-zero
    level_zero_version: str | UnsetType | None = UNSET


class Toolkit(Fact, frozen=True, kw_only=True):
    """A CUDA, cuDNN, NCCL, cuBLAS or ROCm installation on disk; `path` is its folder, or the library file itself."""

    name: str
    version: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    found_by: tuple[str, ...] | UnsetType = UNSET  # CUDA_HOME, PATH, LD_LIBRARY_PATH, wheel, conda, system
    loaded: bool | UnsetType = UNSET  # whether a framework of the examined environment would load this one
    shadows: str | UnsetType = UNSET  # the copy that would be loaded if this one were not before it
    needed_by: str | UnsetType = UNSET  # the library that asked for it, where the loader has told


class Device(Fact, frozen=True, kw_only=True):
    """A device node such as /dev/nvidia0; `error` is the system's word (EACCES, EPERM, ENXIO …) where it could not be opened."""

    path: str
    mode: str | UnsetType = UNSET  # as ls -l prints it: crw-rw----
    accessible: bool | UnsetType = UNSET
    group: str | UnsetType = UNSET  # that it belongs to: video, render
    member: bool | UnsetType = UNSET  # whether this process is in that group
    error: str | UnsetType = UNSET
