"""NVIDIA's cards and driver through NVML, with NVIDIA's own Python binding. No context is created on a card.

Who answers what, in this order; what a source cannot tell, the next one is asked:

1. NVML (here, by nvidia-ml-py): every card with all that its driver knows of it, the driver's version, and the newest CUDA it supports.
2. `/proc/driver/nvidia/version` and `/sys/module/nvidia/version`: the version of the kernel module that is loaded (the quick probe
   `accelerators`).
3. `nvidia-smi -q -x`: the same facts as NVML's, with its own copy of the library's name (`nvidia_smi`).
4. `cuInit` of the CUDA driver library: its error codes name the cause where NVML has only "unknown error" (`cuda_driver`).
5. The PCI bus, by vendor and class: a card with no driver is still a card (`accelerators`).
6. The device nodes and their permissions (`accelerators`).

A function that this library or this card does not have makes one field unknown and no more; a card that is lost hides no other.
"""

import sys

from envcheck.parsers.cuda.cuda_number import cuda_version
from envcheck.parsers.nvidia.nvml_values import driver_version, library_version

SOURCE = "NVML"
UNSUPPORTED = (3, 13, 21, 25, 26)  # not supported, function not found, no data, argument version mismatch, deprecated
_NO_PERMISSION, _TIMEOUT, _LIBRARY_NOT_FOUND, _GPU_IS_LOST, _UNKNOWN = 4, 10, 12, 15, 999
# A handle that is refused with one of these is the driver's word for a card that no longer answers.
LOST = (_GPU_IS_LOST, _UNKNOWN)
_ANSWERS = ("nvidia.driver_version", "nvidia.cuda_version", "nvidia.state")
# More cards than any machine has; a library that is broken may say anything.
_MOST_CARDS = 256


def main(channel, _arguments):
    channel.stage("loading nvidia-ml-py")
    nvml = _binding(channel)
    if nvml is not None and _initialized(channel, nvml):
        report_driver(channel, nvml)
        report_cards(channel, nvml)


def _binding(channel):
    try:
        import pynvml
    except ImportError as error:
        why = "nvidia-ml-py cannot be imported: {}".format(error)
    else:
        if hasattr(pynvml, "nvmlInit") and hasattr(pynvml, "NVMLError"):
            return pynvml
        why = "what is imported as pynvml is not nvidia-ml-py"
    for fact in _ANSWERS:
        channel.unknown(fact, "unsupported", why)
    return None


def _initialized(channel, nvml):
    channel.stage("starting NVML")
    try:
        nvml.nvmlInit()
    except nvml.NVMLError as error:
        channel.said("NVML", words_of(error), {"source": "nvmlInit"})
        for fact in ("nvidia.driver_version", "nvidia.cuda_version"):
            channel.unknown(fact, "denied" if error.value == _NO_PERMISSION else "crashed", words_of(error))
        if error.value == _LIBRARY_NOT_FOUND:
            _report_loading(channel)
        else:
            channel.fact("nvidia.nvml_loadable", value=True, source="nvmlInit")
            _report_library(channel, nvml)  # the library knows its version before it has found the driver
        return False
    channel.fact("nvidia.nvml_loadable", value=True, source="nvmlInit")
    _report_library(channel, nvml)
    return True


def words_of(error):
    """As nvidia-ml-py shows an error that nobody catches: `NVMLError_GpuIsLost: GPU is lost`."""
    try:
        text = str(error)
    except (ValueError, TypeError):  # a library may say it in bytes that are no text
        text = "error {}".format(error.value)
    return "{}: {}".format(type(error).__name__, text)


def reason_of(error):
    """Why a field is unknown whose query failed with an NVML error."""
    if error.value in UNSUPPORTED:
        return "unsupported"
    return {_NO_PERMISSION: "denied", _TIMEOUT: "timed_out"}.get(error.value, "crashed")


def _report_loading(channel):
    """NVML says "library not found" where the file is not there, and where it is there and cannot be loaded: the loader tells which."""
    channel.stage("loading the library by its name")
    if sys.platform == "win32":
        return
    import ctypes

    name = "libnvidia-ml.so.1"
    try:
        ctypes.CDLL(name)
    except OSError as error:
        channel.fact("nvidia.nvml_loadable", value=False, source="the dynamic loader: " + str(error))


def _report_library(channel, nvml):
    text = system_text(nvml, "nvmlSystemGetNVMLVersion")
    version = library_version(text) if text is not None else None
    if version is not None:
        channel.fact("nvidia.library_version", version, SOURCE)


def system_text(nvml, name, *arguments):
    """What a function says in words, None where it does not; bytes that are no text are written out."""
    function = getattr(nvml, name, None)
    if function is None:
        return None
    try:
        try:
            text = function(*arguments)
        except UnicodeDecodeError:
            text = function.__wrapped__(*arguments)  # as it was before the binding decoded it
    except (nvml.NVMLError, AttributeError, ValueError):
        return None
    return text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else text


def report_driver(channel, nvml):
    channel.stage("asking for the driver's version")
    text = system_text(nvml, "nvmlSystemGetDriverVersion")
    version = driver_version(text) if text else None
    if version is not None:
        channel.fact("nvidia.driver_version", version, SOURCE)
    elif text:
        channel.unknown("nvidia.driver_version", "unparsable", "what NVML gives for the driver's version is none: " + text[:80])
    else:
        channel.unknown("nvidia.driver_version", "crashed", "NVML has started and does not tell the driver's version")
    channel.section("nvidia.cuda_version", _report_cuda, nvml)


def _report_cuda(channel, nvml):
    """The second function reads it from the CUDA driver library; the first one knows a version where that library is not there."""
    why = None
    for name in ("nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"):
        try:
            version = cuda_version(getattr(nvml, name)())
        except nvml.NVMLError as error:
            why = why or error
            continue
        if version is not None:
            channel.fact("nvidia.cuda_version", version, SOURCE)
            return
    reason = ("unparsable", "it is no version") if why is None else (reason_of(why), words_of(why))
    channel.unknown("nvidia.cuda_version", *reason)


def report_cards(channel, nvml):
    channel.stage("counting cards")
    try:
        count = nvml.nvmlDeviceGetCount()
    except nvml.NVMLError as error:
        channel.said("NVML", words_of(error), {"source": "nvmlDeviceGetCount"})
        channel.unknown("accelerators", reason_of(error), words_of(error))
        return
    if not 0 <= count <= _MOST_CARDS:
        channel.unknown("accelerators", "unparsable", "NVML counts {} cards".format(count))
        return
    from envcheck_probes.cards.nvml_card import report_card

    states = []
    for number in range(count):
        channel.stage("asking GPU {}".format(number))
        handle = _handle(channel, nvml, number, states)
        if handle is not None:
            channel.section("accelerators[nvidia:{}]".format(number), report_card, nvml, number, handle, states)
    channel.stage("asked every GPU")
    state = state_of(states) if count else "no-devices"
    if state:
        channel.fact("nvidia.state", state, SOURCE)
    if count:
        channel.observed("accelerators", "partial")  # of other makers' nothing is known here


def state_of(states):
    """The driver's state out of its cards': one that is lost is the driver's trouble; None where no card has answered at all."""
    if "lost" in states:
        return "gpu-lost"
    return "ok" if "ok" in states else "denied" if "denied" in states else None


def _handle(channel, nvml, number, states):
    """A card's handle, or None: then it has been told what is wrong with it."""
    try:
        return nvml.nvmlDeviceGetHandleByIndex(number)
    except nvml.NVMLError as error:
        states.append(report_trouble(channel, number, "", error))
    return None


def report_trouble(channel, number, address, error):
    """A card that NVML counts and that does not answer: the library's words, and its state, which is returned; None: none of ours."""
    words = words_of(error)
    key = "accelerators[nvidia:{}]".format(number)
    card = {"vendor": "nvidia", "backend": "cuda"}
    state = "lost" if error.value in LOST else "denied" if error.value == _NO_PERMISSION else None
    if state:
        card["state"] = state
    else:
        channel.unknown(key + ".state", reason_of(error), words)
    if address:
        card["pci_address"] = address
    channel.fact(key, card, SOURCE)
    channel.said("NVML", "GPU {}{}: {}".format(number, " " + address if address else "", words), {"source": SOURCE})
    return state
