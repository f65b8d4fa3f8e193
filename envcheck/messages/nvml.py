"""What nvidia-smi, NVML and the kernel's log say when NVIDIA's driver does not answer."""

import re
from collections.abc import Iterator

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

# NVML's numbers and names, with the words of nvmlErrorString.
_ERRORS = (
    (4, "NO_PERMISSION", "Insufficient Permissions"),
    (8, "INSUFFICIENT_POWER", "Insufficient External Power"),
    (9, "DRIVER_NOT_LOADED", "Driver Not Loaded"),
    (10, "TIMEOUT", "Timeout"),
    (11, "IRQ_ISSUE", "Interrupt Request Issue"),
    (12, "LIBRARY_NOT_FOUND", "NVML Shared Library Not Found"),
    (15, "GPU_IS_LOST", "GPU is lost"),
    (16, "RESET_REQUIRED", "GPU requires (?:reset|restart)"),
    (17, "OPERATING_SYSTEM", "GPU access blocked by the operating system"),
    (18, "LIB_RM_VERSION_MISMATCH", "Driver ?/ ?[Ll]ibrary [Vv]ersion [Mm]ismatch"),
    (999, "UNKNOWN", "Unknown Error"),
)
_SMI = "nvidia-smi"
# What shells put behind the name of a program that they do not find, those of Linux and of Windows, in German, French, Spanish,
# Italian, Portuguese, Russian, Chinese, Japanese and Korean.
_UNKNOWN_COMMAND = (
    *("(?:Befehl |Kommando )?nicht gefunden", "ist entweder falsch geschrieben", "wurde nicht als Name eines Cmdlet"),
    *("[Cc]ommande (?:introuvable|non trouvée)", "n.est pas reconnu", "n.a pas été trouvée"),
    *("(?:orden|comando) no encontrad[oa]", "no se reconoce como", "comando non trovato", "non è riconosciuto come"),
    *("comando não encontrado", "não é reconhecido como", "команда не найдена", "не является внутренней или внешней"),
    *("未找到命令", "不是内部或外部命令", "不是內部或外部命令", "コマンドが見つかりません", "は、内部コマンドまたは外部コマンド"),
    *("명령을 찾을 수 없", r"[은는이가()]{1,5} 내부 또는 외부 명령"),
)


def _initialize() -> Iterator[Pattern]:
    """Failed to initialize NVML: Driver/library version mismatch, and from 535 on `NVML library version: 580.173` below it."""
    for code, name, words in _ERRORS:
        yield Pattern(
            SymptomKind.NVML_ERROR,
            "Failed to initialize NVML: ",
            rf"Failed to initialize NVML: {words}(?: NVML library version: (?P<library_version>\d+(?:\.\d+)+))?",
            {"code": str(code), "name": name},
            subject=_SMI,
            lines=1,
        )


def _lost(_match: re.Match[str], details: Details) -> Details | None:
    """A card that fell off the bus is called unknown, lost or not found, by branch; told by its number where the place is left out."""
    lost = details.pop("words").lower().startswith("gpu is lost")
    index = details.pop("index", "")
    device = details.pop("device", "") or index
    return {"device": device, "code": "15" if lost else "999", "name": "GPU_IS_LOST" if lost else "UNKNOWN"}


def _exception(_match: re.Match[str], details: Details) -> Details | None:
    """`NVMLError_LibRmVersionMismatch` → LIB_RM_VERSION_MISMATCH. What one query cannot tell (not supported) is no trouble."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", details["name"]).upper()
    codes = {known: code for code, known, _ in _ERRORS}
    if name not in codes:
        return None
    index = details.pop("index", "")
    device = details.pop("device", "") or index
    return {"code": str(codes[name]), "name": name, **({"device": device} if device else {})}


PATTERNS = (
    *_initialize(),
    # NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed
    # and running.
    Pattern(
        SymptomKind.NVML_ERROR,
        "NVIDIA-SMI has failed because it couldn",
        r"NVIDIA-SMI has failed because it couldn['\u2018\u2019]?t communicate with (?:the )?NVIDIA driver",
        {"code": "9", "name": "DRIVER_NOT_LOADED"},
        subject=_SMI,
    ),
    # ERROR: NVIDIA driver is not loaded
    Pattern(
        SymptomKind.NVML_ERROR,
        "ERROR: NVIDIA driver is not loaded",
        r"ERROR: NVIDIA driver is not loaded",
        {"code": "9", "name": "DRIVER_NOT_LOADED"},
        subject="nvidia-settings",
    ),
    # NVIDIA-SMI has failed because you do not have suffient permissions. Please try running as an administrator.
    # Windows' tool says so where its driver does not run: a card with error 43, a driver that outlived its card.
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "NVIDIA-SMI has failed because you do not have ",
        r"NVIDIA-SMI has failed because you do not have suff\w{3,7} permissions",
        {"vendor": "nvidia", "reason": "the driver of Windows does not run"},
        subject=_SMI,
    ),
    # bash: nvidia-smi: command not found    Command 'nvidia-smi' not found, but can be installed with: …
    # fish: Unknown command: nvidia-smi
    # zsh: command not found: nvidia-smi    nvidia-smi : The term 'nvidia-smi' is not recognized as the name of a cmdlet (PowerShell)
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "nvidia-smi",
        r"nvidia-smi: (?:command )?not found|Command 'nvidia-smi' not found|'nvidia-smi' is not recognized as an internal or external "
        r"command|(?:command not found|[Uu]nknown command):? nvidia-smi\b|[Tt]he term 'nvidia-smi' is not recognized",
        {"vendor": "nvidia", "reason": "nvidia-smi is not installed"},
        subject="shell",
    ),
    # Der Befehl "nvidia-smi" ist entweder falsch geschrieben oder …    'nvidia-smi' n'est pas reconnu …    'nvidia-smi' 不是内部或外部命令
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "nvidia-smi",
        rf"nvidia-smi(?:\.exe)?[\"'\u2019»«\u201c\u201d]? ?:? ?(?:{'|'.join(_UNKNOWN_COMMAND)})",
        {"vendor": "nvidia", "reason": "nvidia-smi is not installed"},
        subject="shell",
        generic=True,
    ),
    # NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.
    Pattern(
        SymptomKind.NVML_ERROR,
        "couldn't find libnvidia-ml.so library",
        r"NVIDIA-SMI couldn't find libnvidia-ml\.so library",
        {"code": "12", "name": "LIBRARY_NOT_FOUND"},
        subject=_SMI,
    ),
    # pynvml.NVMLError_LibRmVersionMismatch: Driver/library version mismatch    GPU 3 0000:34:00.0: NVMLError_GpuIsLost: GPU is lost
    Pattern(
        SymptomKind.NVML_ERROR,
        "NVMLError_",
        r"(?:\bGPU (?P<index>\d{1,3})(?: (?P<device>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]))?: )?\bNVMLError_(?P<name>[A-Z]\w+): ",
        refine=_exception,
        subject="pynvml",
    ),
    # Impossible to initialize nvidia nvml : Driver/library version mismatch (nvtop)    Error: nvml: Driver/library version mismatch
    Pattern(
        SymptomKind.NVML_ERROR,
        "river/library version mismatch",
        r"(?:[Nn][Vv][Mm][Ll]|nvidia-smi|[Ee]rror|ERROR)\b[^\n]{0,60}?[: ][Dd]river/library version mismatch",
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
        generic=True,
    ),
    # The wrapper and the plugin of the first nvidia-docker ask NVML on the host: nvidia-docker | 2017/12/21 05:04:46 Error: nvml: …
    Pattern(
        SymptomKind.NVML_ERROR,
        "nvidia-docker",
        r"nvidia-docker(?:-plugin)? \| \d{4}/\d\d/\d\d \d\d:\d\d:\d\d Error: (?:nvml: )?Driver/library version mismatch",
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH", "side": "host"},
        subject="nvidia-docker",
    ),
    # The name of the same in C, as programs in Go and logs of device plugins pass it on: nvml init failed: ERROR_LIB_RM_VERSION_MISMATCH
    Pattern(
        SymptomKind.NVML_ERROR,
        "ERROR_LIB_RM_VERSION_MISMATCH",
        r"\b(?:NVML_)?ERROR_LIB_RM_VERSION_MISMATCH\b",
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
        generic=True,
    ),
    # NVML ERROR: RM has detected an NVML/RM version mismatch. (nvitop)    The text of NVML's Python module, as others pass it on.
    Pattern(
        SymptomKind.NVML_ERROR,
        "an NVML/RM version mismatch",
        r"RM has detected an NVML/RM version mismatch",
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
        generic=True,
    ),
    # Names of C, as programs in Go pass them on: Failed to initialize NVML: ERROR_UNKNOWN
    Pattern(
        SymptomKind.NVML_ERROR,
        "NVML: ERROR_",
        r"\bNVML: ERROR_(?P<name>[A-Z][A-Z_]{3,40})\b",
        refine=_exception,
    ),
    # No devices were found
    Pattern(
        SymptomKind.NVML_ERROR,
        "No devices were found",
        r"^\s*No devices were found\.?\s*$",
        {"code": "6", "name": "NOT_FOUND"},
        subject=_SMI,
    ),
    # Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error    … for GPU 0000:CB:00.0: GPU is lost.  Reboot …
    Pattern(
        SymptomKind.NVML_ERROR,
        "Unable to determine the device handle for ",
        r"Unable to determine the device handle for (?:gpu|GPU) ?(?=[\dA-Fa-f])(?:(?P<index>\d{1,3}): )?"
        r"(?:(?P<device>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]): )?"
        r"(?P<words>Unknown Error|Not Found|GPU is lost)",
        refine=_lost,
        subject=_SMI,
    ),
    # kernel version 470.63.1 does not match DSO version 470.74.0 -- cannot find working devices in this configuration
    Pattern(
        SymptomKind.NVML_ERROR,
        " does not match DSO version ",
        r"kernel version (?P<kernel_module_version>[\d.]+\d) does not match DSO version (?P<library_version>[\d.]+\d)",
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
        subject="tensorflow",
    ),
    # NVRM: API mismatch: the client has the version 550.107.02, but NVRM: this kernel module has the version 550.90.07.
    Pattern(
        SymptomKind.NVML_ERROR,
        "NVRM: API mismatch: ",
        r"NVRM: API mismatch: the client has the version (?P<library_version>[\d.]+\d)(?:, but (?:\[[^\]\n]{1,30}\] )?(?:NVRM: )?this "
        r"kernel module has the version"
        r" (?P<kernel_module_version>[\d.]+\d))?",
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
        subject="kernel",
        lines=2,
    ),
    # NVRM: No NVIDIA graphics adapter probed!    NVRM: The NVIDIA probe routine was not called for 3 device(s).
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "NVRM: The NVIDIA probe routine was not called",
        r"NVRM: The NVIDIA probe routine was not called for \d+ device",
        {"module": "nvidia", "reason": "another driver owns the device"},
        subject="kernel",
    ),
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "NVRM: No NVIDIA ",
        r"NVRM: No NVIDIA (?:graphics adapter probed|GPU found)",
        {"module": "nvidia"},
        subject="kernel",
    ),
    # modprobe: ERROR: could not insert 'nvidia': Required key not available
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "could not insert '",
        r"modprobe: ERROR: could not insert '(?P<module>nvidia\w*|amdgpu)': (?P<reason>[A-Z][^\n]{1,80})",
        subject="modprobe",
    ),
    # modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.8.0-45-generic
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "modprobe: FATAL: Module ",
        r"modprobe: FATAL: Module (?P<module>nvidia\w*|amdgpu) (?P<reason>not found(?: in directory \S+)?)",
        subject="modprobe",
    ),
    # insmod: ERROR: could not insert module nvidia.ko: Invalid module format
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "could not insert module ",
        r"insmod: ERROR: could not insert module (?:\S{0,200}/)?(?P<module>nvidia[\w-]*)\.ko: (?P<reason>[A-Z][^\n]{1,80})",
        subject="insmod",
    ),
    # ERROR: Unable to load the kernel module 'nvidia.ko'.    Unable to load the 'nvidia-drm' kernel module.
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "Unable to load the ",
        r"ERROR: Unable to load the (?:kernel module '(?P<module>nvidia[\w-]*)\.ko'|'nvidia[\w-]*' kernel module)",
        {"module": "nvidia"},
        subject="nvidia-installer",
    ),
    # Error! Bad return status for module build on kernel: 6.8.0-40-generic (x86_64)    Consult /var/lib/dkms/nvidia/535.183.01/build/…
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "Bad return status for module build on kernel: ",
        r"Bad return status for module build on kernel: (?P<kernel>[\w.+~-]{3,80}) ?\([^()\n]{1,20}\)"
        r"(?: ?Consult /var/lib/dkms/(?P<module>nvidia)[\w-]{0,20}/)?",
        {"reason": "its build failed"},
        subject="dkms",
        lines=1,
    ),
    # Error! Your kernel headers for kernel 6.1.0-13-amd64 cannot be found at /lib/modules/6.1.0-13-amd64/build or …
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "Your kernel headers for kernel ",
        r"Your kernel headers for kernel (?P<kernel>[\w.+~-]{3,80}) cannot be found",
        {"reason": "headers are missing"},
        subject="dkms",
    ),
    # nvidia: version magic '5.4.0-42-generic SMP mod_unload ' should be '5.4.0-45-generic SMP mod_unload '
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "version magic '",
        r"\b(?P<module>nvidia)\w*: version magic '(?P<kernel>[\w.+~-]{3,80}) [^'\n]{0,80}' should be '",
        {"reason": "built for another kernel"},
        subject="kernel",
    ),
    # nvidia: disagrees about version of symbol module_layout
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "disagrees about version of symbol",
        r"\b(?P<module>nvidia)\w*: disagrees about version of symbol ",
        {"reason": "built for another kernel"},
        subject="kernel",
    ),
    # Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "unsigned module loading is restricted",
        r"(?P<reason>unsigned module loading is restricted)",
        subject="kernel",
    ),
    # Loading of unsigned module is rejected    Loading of module with unavailable key is rejected
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "Loading of ",
        r"Loading of (?:unsigned module|module with unavailable key) is rejected",
        {"module": "nvidia", "reason": "not signed"},
        subject="kernel",
    ),
)
