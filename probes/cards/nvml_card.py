"""What NVML tells of one card: identity first, so that it is known whatever happens later; then its memory, health, limits and users."""

import sys

from envcheck_probes.kernel_files import find_word
from envcheck_probes.nvml import SOURCE, UNSUPPORTED, reason_of, report_trouble, system_text, words_of

from envcheck.parsers.nvidia import nvml_values
from envcheck.parsers.pci.pci_address import same_form

_GPU_IS_LOST, _NOT_SUPPORTED, _FUNCTION_NOT_FOUND = 15, 3, 13
_MILLI = 1000
_MIB = 1 << 20
# Values that mean "not available".
_NONE_32, _NONE_64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
_MOST_PROCESSES, _MOST_MIG = 1000, 64


class Lost(Exception):
    """The card fell off the bus while it was asked."""


class Card:
    """One card that is asked; `ask` never raises but for a card that is lost."""

    def __init__(self, channel, nvml, number, handle):
        self.channel, self.nvml, self.number, self.handle = channel, nvml, number, handle
        self.key = "nvidia:{}".format(number)
        self.facts = {}
        self.error = None  # the last answer of `ask` that was an error

    def ask(self, *names, arguments=()):
        """What the first of these functions says that the library and the binding both have; None: it failed, see `error`."""
        self.error = None
        for name in names:
            function = getattr(self.nvml, name, None)
            if function is None:
                continue
            try:
                return function(self.handle, *arguments)
            except self.nvml.NVMLError as error:
                if error.value == _GPU_IS_LOST:
                    raise Lost(error) from None
                if self.error is None or error.value != _FUNCTION_NOT_FOUND:
                    self.error = error
                if error.value not in UNSUPPORTED:
                    break
            except ValueError:  # bytes that are no text
                break
        return None

    def tell(self, field, value):
        """Notes a fact, or that it is not known and why."""
        if value is not None:
            self.facts[field] = value
            return
        path = "accelerators[{}].{}".format(self.key, field)
        if self.error is not None:
            self.channel.unknown(path, reason_of(self.error), words_of(self.error))
        else:
            self.channel.unknown(path, "unsupported", "this NVML has no answer that is known here")

    def number_of(self, field, *names, arguments=(), meaning=None):
        """A fact that is one number, or what a number means."""
        value = self.ask(*names, arguments=arguments)
        self.tell(field, meaning(value) if meaning is not None and value is not None else value)

    def send(self):
        """What was noted so far is written down."""
        if self.facts:
            self.channel.fact("accelerators[{}]".format(self.key), self.facts, SOURCE)
        self.facts = {}


def report_card(channel, nvml, number, handle, states):
    """Notes in `states` how it is with the card."""
    card = Card(channel, nvml, number, handle)
    address = ""
    try:
        address = _tell_identity(card)
        for part in (_tell_memory, _tell_modes, _tell_health, _tell_limits, _tell_mig, _tell_processes):
            part(card)
            card.send()
        channel.fact("accelerators[{}].state".format(card.key), "ok", SOURCE)
        states.append("ok")
    except Lost as lost:
        card.send()
        states.append(report_trouble(channel, number, address, lost.args[0]))


def _tell_identity(card):
    card.facts.update(vendor="nvidia", backend="cuda")
    card.tell("name", _text(card, "nvmlDeviceGetName"))
    card.tell("uuid", _uuid(card))
    info = card.ask("nvmlDeviceGetPciInfo_v3", "nvmlDeviceGetPciInfo")
    address = _address(info) if info is not None else None
    if address:
        card.facts["pci_address"] = address
        card.facts["pci_id"] = nvml_values.pci_id(info.pciDeviceId)
    else:  # a card within a processor, as Jetson's, is on no bus
        card.tell("pci_address", None)
    capability = card.ask("nvmlDeviceGetCudaComputeCapability")
    card.tell("compute_capability", nvml_values.compute_capability(*capability) if capability is not None else None)
    card.number_of("architecture", "nvmlDeviceGetArchitecture", meaning=nvml_values.architecture)
    card.send()
    return address or ""


def _text(card, name):
    """A name; the error is noted, and bytes that are no text are written out."""
    text = card.ask(name)
    if text is None and card.error is None:
        text = system_text(card.nvml, name, card.handle)
    if isinstance(text, bytes):  # of a binding that does not decode
        text = text.decode("utf-8", "backslashreplace")
    return text or None


def _uuid(card):
    text = _text(card, "nvmlDeviceGetUUID")
    return text if text is not None and text.startswith(("GPU-", "MIG-")) else None


def _address(info):
    try:
        text = info.busId
    except ValueError:
        return None
    return same_form(text.decode("ascii", "replace") if isinstance(text, bytes) else text)


def _tell_memory(card):
    """The second version counts what the driver keeps for itself apart from what is used."""
    version = getattr(card.nvml, "nvmlMemory_v2", None)
    memory = card.ask("nvmlDeviceGetMemoryInfo", arguments=(version,)) if version is not None else None
    reserved = memory.reserved if memory is not None else None
    if memory is None:
        memory = card.ask("nvmlDeviceGetMemoryInfo")
    if memory is None:
        if card.error is not None and card.error.value == _NOT_SUPPORTED:
            card.facts["unified_memory"] = True  # the machine's own memory, as of GB10 and Jetson
        card.tell("memory_bytes", None)
        return
    card.tell("memory_bytes", nvml_values.size(memory.total))
    counted = {"memory_free_bytes": memory.free, "memory_used_bytes": memory.used, "memory_reserved_bytes": reserved}
    sizes = {field: nvml_values.size(number) for field, number in counted.items() if number is not None}
    card.facts.update((field, number) for field, number in sizes.items() if number is not None)


def _tell_modes(card):
    persistence = card.ask("nvmlDeviceGetPersistenceMode")
    card.tell("persistence", persistence == 1 if persistence is not None else None)
    card.number_of("compute_mode", "nvmlDeviceGetComputeMode", meaning=nvml_values.compute_mode)
    card.number_of("virtualization", "nvmlDeviceGetVirtualizationMode", meaning=nvml_values.virtualization)
    if sys.platform == "win32":
        models = card.ask("nvmlDeviceGetDriverModel_v2", "nvmlDeviceGetDriverModel")
        card.tell("driver_model", nvml_values.driver_model(models[0]) if models else None)
    card.tell("fabric", _fabric(card))


def _fabric(card):
    """The newer function wants a structure that says its version. Both are laid out here, as older bindings have them wrong."""
    import ctypes

    class FabricInfo(ctypes.Structure):
        _fields_ = _fabric_fields(ctypes)

    class FabricInfoV(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint), *_fabric_fields(ctypes), ("health", ctypes.c_uint)]

    for function, info in (
        ("nvmlDeviceGetGpuFabricInfoV", FabricInfoV(version=ctypes.sizeof(FabricInfoV) | 2 << 24)),
        ("nvmlDeviceGetGpuFabricInfo", FabricInfo()),
    ):
        if card.ask(function, arguments=(ctypes.byref(info),)) is not None:
            return nvml_values.fabric(info.state)
    return None


def _fabric_fields(ctypes):
    """As in nvml.h, from nvmlGpuFabricInfo_t."""
    return [("cluster", ctypes.c_ubyte * 16), ("status", ctypes.c_uint), ("clique", ctypes.c_uint), ("state", ctypes.c_ubyte)]


def _tell_health(card):
    modes = card.ask("nvmlDeviceGetEccMode")
    card.tell("ecc", nvml_values.switched(modes[0]) if modes else None)
    if modes and modes[0] == 1:
        card.number_of("ecc_errors", "nvmlDeviceGetTotalEccErrors", arguments=(1, 0))  # uncorrected, since the driver was loaded
    rows = card.ask("nvmlDeviceGetRemappedRows")
    if rows is not None:
        corrected, uncorrected, pending, failed = rows
        card.facts.update(retired_pages=corrected + uncorrected, retirement_pending=bool(pending), remapping_failed=bool(failed))
        return
    causes = [card.ask("nvmlDeviceGetRetiredPages", arguments=(cause,)) for cause in (0, 1)]  # several single-bit errors, a double-bit one
    card.tell("retired_pages", sum(len(pages) for pages in causes) if None not in causes else None)
    pending = card.ask("nvmlDeviceGetRetiredPagesPendingStatus")
    card.tell("retirement_pending", pending == 1 if pending is not None else None)


def _tell_limits(card):
    bits = card.ask("nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons")
    card.tell("throttle_reasons", nvml_values.clock_reasons(bits) if bits is not None else None)
    card.number_of("temperature_c", "nvmlDeviceGetTemperatureV", "nvmlDeviceGetTemperature", arguments=(0,), meaning=nvml_values.celsius)
    card.number_of(
        "temperature_limit_c", "nvmlDeviceGetTemperatureThreshold", arguments=(1,), meaning=nvml_values.celsius
    )  # where it slows down
    card.number_of("power_w", "nvmlDeviceGetPowerUsage", meaning=_watts)
    card.number_of("power_limit_w", "nvmlDeviceGetEnforcedPowerLimit", meaning=_watts)


def _watts(milliwatts):
    return milliwatts / _MILLI if milliwatts != _NONE_32 else None


def _tell_mig(card):
    modes = card.ask("nvmlDeviceGetMigMode")
    card.tell("mig", nvml_values.switched(modes[0]) if modes else None)
    if not modes or modes[0] != 1:
        return
    most = card.ask("nvmlDeviceGetMaxMigDeviceCount")
    if most is None:
        card.tell("mig_devices", None)
        return
    devices = []
    for index in range(min(most, _MOST_MIG)):
        handle = card.ask("nvmlDeviceGetMigDeviceHandleByIndex", arguments=(index,))
        if handle is not None:  # else that slot is free
            devices.append(_mig_device(card, handle))
    card.facts["mig_devices"] = devices


def _mig_device(card, handle):
    part = Card(card.channel, card.nvml, card.number, handle)
    name = _text(part, "nvmlDeviceGetName")
    memory = part.ask("nvmlDeviceGetMemoryInfo")
    device = {
        "uuid": _uuid(part),
        "profile": nvml_values.mig_profile(name) if name else None,
        "memory_bytes": nvml_values.size(memory.total) if memory is not None else None,
    }
    return {field: value for field, value in device.items() if value is not None}


def _tell_processes(card):
    """Those that compute and those that draw; who does both is in both lists, with the same memory."""
    held = {}
    for kind in ("Compute", "Graphics"):
        listed = card.ask("nvmlDeviceGet{}RunningProcesses_v3".format(kind), "nvmlDeviceGet{}RunningProcesses_v2".format(kind))
        if listed is None:
            card.tell("processes", None)
            return
        for process in listed[:_MOST_PROCESSES]:
            instance = (process.pid, getattr(process, "gpuInstanceId", None), getattr(process, "computeInstanceId", None))
            used = process.usedGpuMemory
            held[instance] = used if used not in (None, _NONE_64) else held.get(instance)
    memory = {}
    for (pid, _, _), used in held.items():
        memory[pid] = memory.get(pid, 0) + used if used is not None and memory.get(pid, 0) is not None else None
    card.facts["processes"] = [_process(card.nvml, pid, used) for pid, used in sorted(memory.items())]


def _process(nvml, pid, used):
    told = {"pid": pid, "name": system_text(nvml, "nvmlSystemGetProcessName", pid) or _name_of(pid), "memory_bytes": used}
    return {field: value for field, value in told.items() if value is not None}


def _name_of(pid):
    """A process's name from the system, where NVML may not tell it."""
    name = find_word("/", "/proc/{}/comm".format(pid))
    if name:
        return name
    try:
        import psutil
    except ImportError:
        return None
    try:
        return psutil.Process(pid).name()
    except psutil.Error:  # it is gone, or not ours to see
        return None
