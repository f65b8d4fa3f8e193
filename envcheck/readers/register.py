"""Every reader that there is: its module, its class, and the words without which it has nothing to read.

A reader is imported when one of its words, in lower case, stands in a text, in whatever case there; without words it is always asked.
A word may be a part of one. It must be in every text that the reader recognises: of several ways to recognise a format each has its own.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from envcheck.parsers.text.variable_names import WORDS as VARIABLE_WORDS
from envcheck.readers.interface import Reader, Text


class Listed(NamedTuple):
    """One reader, by the name of its module in this folder; `words` as above."""

    module: str
    reader: str
    words: tuple[str, ...] = ()

    def load(self) -> Reader:
        """The reader itself."""
        return _load(self.module, self.reader)


# The word by itself in a line, as a heading.
_HEADINGS = tuple(f"{word}{end}" for word in ("packages", "lightning") for end in (":", " ", "\t", "\n", '"'))
# A module or a package whose name begins so, with its size or version behind it; not the maker's name in prose.
_NVIDIAS = (*(f"nvidia{mark}" for mark in "_-/,.:(\t"), "nvidia  ", "nvidia (", *(f"nvidia {digit}" for digit in range(10)))
# "GPUs available: 1", "GPU: []": what stands behind the word where the line counts them.
_COUNTS_OF_GPUS = (
    *("gpus", "gpu available", "gpu is available", "gpu device", "gpu?", "gpu:"),
    *("gpu=", "gpu\t", "gpu  ", "gpu \t", "gpu :", "gpu =", "gpu ["),
    *(f"gpu {digit}" for digit in range(10)),
)
# Labels of lscpu as far as two of them make an output: whole or in part, in the languages that write them in ASCII, and of each other
# language a letter that stands in its own.
_LSCPU = (
    *("thread(s)", "core(s) per", "per cluster", "byte order", "on-line cpu", "op-mod", "lscpu"),
    *("(e) pro", "aktywnych", "bayt s", "boutisme", "byte-reih", "byteordn", "bytevolg", "cpu(er)", "cpu(s) on-line", "cpu-modus"),
    *("cpus online", "jezgr(a", "kopurua", "los bytes", "modo(s)", "moduri de", "na gniazdo", "na klast", "na patici", "online cpu's"),
    *("online-cpu", "op-til", "operationsmodus", "ordem d", "pe cluster", "pe soclu", "per kern", "per sokkel", "per voet", "po jezgri"),
    *("popis online", "poredak", "processeur(s)", "setiap", "tryb(y)"),
    *"\u00e1\u00e4\u00e6\u00e7\u00e9\u00ed\u00ee\u00f3\u00fa\u00fd\u0153\u015f\u017e\u021b\u0440\u0644\u10d0\u1ebf\u1ee9\u30a4\u4f5c\u5217\u5b57\u5f0f\u5fc3\u6570\ub2f9\ub3d9\ub77c\ubc14",
)
# Structured formats first.
READERS = (
    Listed(
        "collect_env",
        "CollectEnvReader",
        (
            *("pytorch version", "is debug build", "used to build pytorch", "python platform", "runtime version"),
            *("is cuda available", "is xnnpack available", "is xpu available"),
            *("cuda_module_loading", "gpu models and", "nvidia driver version", "versions of relevant"),
            *("[pip", "[conda]", "intel gpu ", "vllm version", "neuron sdk"),
        ),
    ),
    Listed(
        "labelled_reports",
        "LabelledReportReader",
        (
            *("version (gpu", "version (accelerator", "huggingface_hub version", "using gpu in script", "accelerate`", "google colab"),
            *("sys.platform", "mmcv", "detectron2", "sglang", "lmdeploy", "pytorch compiling details", "compute capability:", "mmengine"),
            *("torch cuda version", "deepspeed info", "deepspeed wheel", "torch install path", "(/dev/shm) size", "related packages:"),
            *("pytorch.", "gpu.compute_capability:", "gpu.name:", "setup complete", "gpu count", "cpu count", "vram", "comfyui"),
            *('"torch env info"', '"cuda_compiled_version"', '"nvidia_gpu_models"', '"torch_version"', '"is_cuda_available"', "== check"),
            *("== tensorflow", "os kernel version", "tf.version", "tf.git_version", "linux distribution:", "os platform:", "paddle "),
            *("installed versions", "python dependencies:", "python deps:", "cuda available", "cuda is available"),
        ),
    ),
    Listed(
        "package_blocks",
        "PackageBlockReader",
        ("python dependencies", "python deps", "installed versions", "related packages", *_HEADINGS, "\u2705"),
    ),
    Listed(
        "startup_lines",
        "StartupLineReader",
        (
            *("ultralytics", "yolo", "using torch", "torch: ", "torch backend:", "torch detected gpu"),
            *("cuda:", "setup complete", "total vram", "capability=(", "device ", 'msg="inference compute"', "reported version is"),
            *("loaded cudnn version", "compute_capabilities_per_gpu", "deviceproperties(name=", "xformers", "bitsandbytes v"),
            *("package version found", "uname_result(", "numpy_version"),
        ),
    ),
    Listed("lightning", "LightningReader", ("cuda:", "system:")),
    Listed("torch_config", "TorchConfigReader", ("pytorch built with:",)),
    Listed("tf_env_collect", "TfEnvCollectReader", ("== check", "== are we in docker", "== env", "== tensorflow")),
    Listed(
        "nvidia_smi",
        "NvidiaSmiReader",
        (
            *("nvidia-smi", "|", "nvsmi log", "device handle", "gpu n/a", "uuid", "<gpu", "nvidia_smi_log", "nvsmi_device_v", " :"),
            *(f"gpu {digit}" for digit in range(10)),
            # Of its CSV: a column, or a value behind a comma.
            *("--query-", "_version", "gpu_", "_mode", "compute_cap", "memory.", ".current", "clocks.sm", "fan.speed", "pci.bus_id"),
            *("power.draw", "pstate", ".gpu", "nvgpu", "mib", "gpu-", *(f",{blank}{digit}" for digit in range(10) for blank in ("", " "))),
        ),
    ),
    Listed("nvidia_gpu_files", "NvidiaGpuFileReader", ("model:",)),
    Listed("tegrastats", "TegrastatsReader", ("(lfb ",)),
    Listed("device_query", "DeviceQueryReader", ("cuda capability major/minor",)),
    Listed("xpu_smi", "XpuSmiReader", ("device name:", '"device_name"')),
    Listed(
        "sycl_ls",
        "SyclLsReader",
        (
            *("oneapi_device_selector", "sycl_device_filter", "[ext_", "[level_zero", "[opencl:", "[cuda:", "[hip:", "[host:"),
            *("[native_cpu:", "[esimd_emulator:", "[offload:", "platform [#"),
        ),
    ),
    Listed("clinfo", "ClinfoReader", ("platform",)),
    # Also in the user's language, as far as its labels are known.
    Listed(
        "system_profiler",
        "SystemProfilerReader",
        (
            *("sphardwaredatatype", "spdisplaysdatatype", "spsoftwaredatatype", "chipset model:", "model identifier:", "chip:"),
            *("system version:", "kernel version:", "boot rom version:", "total number of cores:"),
            *("modell-identifizierung", "gesamtanzahl der kerne", "systemversion", "kernel-version", "chipsatz"),
            *("identifiant du mod\u00e8le", "puce", "nombre total de c\u0153urs", "version du syst\u00e8me"),
            *("\u578b\u53f7\u6807\u8bc6\u7b26", "\u82af\u7247", "\u6838\u603b\u6570", "\u7cfb\u7edf\u7248\u672c"),
            *("\u6a5f\u7a2eid", "\u30c1\u30c3\u30d7"),
            *("\u30b3\u30a2\u306e\u7dcf\u6570", "\u30b7\u30b9\u30c6\u30e0\u306e\u30d0\u30fc\u30b8\u30e7\u30f3"),
        ),
    ),
    Listed(
        "macs",
        "MacReader",
        ("machdep.cpu.", "hw.", "sysctl.proc_translated", "kern.os", "product", "darwin kernel version", "-64bit", "osx-", "mach-o"),
    ),
    Listed("linux_files", "LinuxFileReader", (" kb", "linux version ", "pci_id")),
    Listed(
        "amd_tools",
        "AmdJsonReader",
        ('"card', '"gpu_data"', '"asic"', '"market_name"', '"mem_usage"', '"amdsmi_library_version"', '"bdf"', '"gfx_activity"'),
    ),
    Listed("amd_tools", "RocmSmiReader", ("gpu[", "rocm system management", "vram%", "device,")),
    Listed("amd_tools", "AmdSmiReader", ("gpu: ", "gpu  ", "gpu,", "amdsmi", "amd-smi")),
    Listed("amd_tools", "RocminfoReader", ("rock module", "agent ", "wsl environment")),
    Listed("amd_tools", "RocmVersionReader", ("/.info/version", "hip version")),
    Listed("kfd_topology", "KfdTopologyReader", ("simd_count ",)),
    Listed("isolated_builds", "IsolatedBuildReader", ("no module named '", "build dependency")),
    Listed(
        "install_logs",
        "InstallLogReader",
        ("successfully ", "requirement already ", "found existing installation", "rolling back", "nstalled "),
    ),
    Listed("package_documents", "PackageDocumentReader", ("dependencies:", "# platform: ", '"version"')),
    Listed(
        "package_lists",
        "PackageListReader",
        (
            " list",
            " freeze",
            " install",
            " show",
            " tree",
            "package ",
            "package\t",
            "packages in environment",
            "# name",
            "name: ",
            "using python",
            "default format",
        ),
    ),
    Listed(
        "pip_warnings", "PipWarningReader", ("ignoring invalid distribution", "found=none", "record file", "error parsing dependencies of")
    ),
    Listed("search_paths", "SearchPathReader", (".zip", "user_site:")),
    Listed("jupyter_kernels", "JupyterKernelReader", ('"argv"', "sys.executable")),
    Listed("pip_programs", "PipProgramReader", ("pip", "no broken requirements found", "all installed packages are compatible")),
    Listed(
        "interpreter_banners",
        "InterpreterBannerReader",
        ("(main", "(default", "(tags/", "| packaged by", "msc v.", "[gcc", "[clang", "pip ", ".whl", "bit'", 'bit"', "-32\\"),
    ),
    Listed("session_installs", "SessionInstallReader", ("successfully installed",)),
    Listed("java_and_spark", "JavaAndSparkReader", ("java", "jdk", "jre", "spark", "h2o", "server vm", "/_/")),
    Listed(
        "interpreter_sessions",
        "InterpreterSessionReader",
        (
            *(".__version__", "torch.version.", ".is_available()", ".is_built()", "torch.has_mps", "platform.", "torch.cuda.get_", "sys."),
            *("cudnn.version()", "device_count()", "get_available_providers()", "list_physical_devices(", "is_built_with_cuda()"),
        ),
    ),
    Listed(
        "jax_environment",
        "JaxEnvironmentReader",
        ("device(", "tfrt_cpu_", "[cuda:", "[gpu:", "[rocm:", "jaxlib:", "device info: ", "default_backend()", "get_backend().platform"),
    ),
    Listed("xgboost_build", "XgboostBuildReader", ("use_cuda",)),
    Listed(
        "conda_info",
        "CondaInfoReader",
        (
            "__cuda",
            "__glibc",
            "__osx",
            "__win",
            "__linux",
            "__archspec",
            "platform",
            "active env",
            " version : ",
            "user-agent",
            "your python: ",
            "your installed ",
        ),
    ),
    Listed("conda_plans", "CondaPlanReader", ("packages will be ",)),
    Listed(
        "tensorflow_log",
        "TensorflowLogReader",
        (
            '[name: "/',
            "pcibusid",
            "with properties",
            "pci bus id: ",
            "_devices(",
            "is_cuda_build",
            "tf.test.",
            "is_built_with_cuda(",
            *_COUNTS_OF_GPUS,
        ),
    ),
    Listed("issue_forms", "IssueFormReader", ("tensorflow version", "os platform", "python version", "cudnn version", "gpu model")),
    Listed("package_rows", "PackageRowReader"),
    Listed("labelled_gpus", "LabelledGpuReader", ("nvrm version:", "device index:", "== /sys/devices/", "*-display")),
    # An address on the bus ends in the number of a function, `00.0`, and begins its line, or is the value of a label.
    Listed(
        "lspci",
        "LspciReader",
        ("nvidia corporation", "slot:", "device:", *(f".{function}{blank}" for function in range(8) for blank in (" ", "\t"))),
    ),
    Listed(
        "kernel_modules",
        "KernelModuleReader",
        (
            *("lsmod", "used by", "live 0x", "loading 0x", "/proc/driver/nvidia/version", "nvrm", "nouveau", "nvgpu", "amdgpu"),
            *_NVIDIAS,
            *("radeon", "amdkfd", "i915", "xe", "drm", "habanalabs", "gdrdrv"),
        ),
    ),
    Listed("driver_packages", "DriverPackageReader", (*_NVIDIAS, "-nvidia", "libcuda1", "cuda-drivers")),
    Listed(
        "cuda_on_disk",
        "CudaOnDiskReader",
        (".so", "cudnn_major", "cuda version ", '"cuda":', '"cuda" :', "cuda compilation tools, release "),
    ),
    Listed("loader_traces", "LoaderTraceReader", ("find library=",)),
    Listed("loaded_libraries", "LoadedLibraryReader", (".so",)),
    Listed("bitsandbytes_setup", "BitsandbytesSetupReader", ("cuda setup", "pytorch", "windowspath(")),
    Listed(
        "operating_system",
        "OperatingSystemReader",
        ("linux", "darwin", "uname", "secure", "efi variables", "revision", "id=", "description", "operating system", " release "),
    ),
    Listed(
        "cpu",
        "CpuReader",
        (
            *_LSCPU,
            # Keys of /proc/cpuinfo: one of them is in every such file. As far as other words end so, what stands behind them counts.
            *("model name", "flags", "vendor id", "vendor_id", "cpu implementer", "cpu model", "uarch", "isa ", "isa:", "isa\t"),
            *(f"{key}{end}" for key in ("cpu", "processor") for end in (":", "\t", " :", "  ", " \t")),
            # Of single lines; of the bare label `Name` what its value has.
            *("cpu(s)", "socket(s)", "brand raw", "intel", "amd", "apple", "xeon", "ryzen"),
        ),
    ),
    Listed("memory_and_disks", "MemoryAndDiskReader", ("mem:", "mounted on", "% /")),
    Listed(
        "asked_programs",
        "AskedProgramReader",
        (
            *("uname", "arch", "which ", "where", "command -v ", "type ", " -v", " --version", "/bin/python", "\\python", "glibc", "musl"),
            *("gnu c library", "ldd (", "linux ", "darwin ", "linux-", "windows-1"),
            *("64 64", "64 32", "le 64", "le 32", "86 64", "86 32", "7l 64", "7l 32"),
        ),
    ),
    Listed("windows_info", "WindowsInfoReader", ("microsoft windows", "os name:", "physical memory:", "system type:")),
    Listed("services", "ServiceReader", ("nvidia-fabricmanager",)),
    Listed("loaded_modules", "LoadedModuleReader", ("currently loaded module", "module ", "ml ")),
    Listed("device_nodes", "DeviceNodeReader", ("/dev", "crw", "brw")),
    Listed(
        "containers",
        "ContainerReader",
        (
            *("docker", "podman", "nerdctl", "apptainer", "singularity", "kubectl", "oc ", "k8s", "kubernetes", "kubepods", "lxc", "lxd"),
            *("container", "image", "services:", "shmem", "nvidia release", "@", "linux ", " | ", "_run ...", "_run_"),
        ),
    ),
    Listed("dockerfiles", "DockerfileReader", ("from ",)),
    Listed("variables", "VariableReader", VARIABLE_WORDS),
    Listed("batch_jobs", "BatchJobReader", ("job", "#sbatch", "#pbs", "#bsub", "srun", "salloc")),
    Listed(
        "wsl",
        "WslReader",
        ("icrosoft", "wsl", "name", "/dev/dxg", "subsystem for linux", "on windows", "3.4.0+", "pcilib: ", "lxfs", "drvfs"),
    ),
    Listed("tracebacks", "TracebackReader", ("traceback (", ".py", 'file "')),
)
# What people wrote themselves comes last, since it is read only where nobody else has spoken.
LAST = (
    Listed("mentions", "MentionReader"),
    Listed(
        "amd_mentions",
        "AmdMentionReader",
        ("radeon", "rx", "gfx", "xt", *(f"mi{blank}{digit}" for digit in range(10) for blank in ("", " "))),
    ),
    Listed("machine_mentions", "MachineMentionReader"),
    Listed(
        "cpu_mentions",
        "CpuMentionReader",
        (
            *("core(tm)", "core 2", "core2", "xeon", "celeron", "pentium", "atom", "phenom", "athlon", "opteron", "turion", "sempron"),
            *("ryzen", "threadripper", "epyc", "i3", "i5", "i7", "i9", "amd fx", "fx-", "amd e-", "q6", "q8", "q9", "e8", "e7"),
        ),
    ),
    Listed("cuda_wishes", "CudaWishReader", ("cudatoolkit", "pytorch-cuda", "pytorch.org/whl/", "+cu")),
    Listed("install_commands", "InstallCommandReader", ("pip install ", "pip3 install ", "uv add ", "cpuonly", "jax[cuda", "extra 'cuda")),
    Listed("distribution_marks", "DistributionMarkReader"),
)


@cache
def _load(module: str, name: str) -> Reader:
    reader: Reader = getattr(import_module(f"envcheck.readers.{module}"), name)()
    return reader


def readers_for(text: Text, listed: tuple[Listed, ...]) -> Iterator[Reader]:
    """Those of the list that may find something in the text, in its order."""
    for one in listed:
        if not one.words or text.has(*one.words):
            yield one.load()
