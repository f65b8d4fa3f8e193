"""What the CUDA driver library says to a program that is started as this one was, CUDA_VISIBLE_DEVICES and all. No context is created.

The library's own error codes name the cause where frameworks only say that there is no GPU: 34 the toolkit's stub was loaded, 100 no
device, 802 no fabric manager, 803 library and kernel module of two drivers, 804 a newer library on a card that may not have it, 999 the
kernel module does not answer as it should.
"""

import sys

from envcheck.parsers.cuda.cuda_number import cuda_version
from envcheck.parsers.nvidia import nvml_values
from envcheck.parsers.pci.pci_address import same_form

SOURCE = "the CUDA driver library"
# The last stage: every device that CUDA shows has been told, with its place on the bus. Who compares them with NVML's relies on it.
TOLD_ALL = "told every CUDA device"
_SUCCESS, _NO_DEVICE, _UNKNOWN_ERROR = 0, 100, 999
_SLEPT = "/sys/power/suspend_stats/success"
_NO_PLACE = "0000:00:00.0"  # of the GPU in a Jetson's processor, which is on no bus
_INTEGRATED, _MAJOR, _MINOR = 18, 75, 76
_MOST_DEVICES = 256
_TEXT = 256


class Failed(Exception):
    """A function of the library answered with an error code; `args` are its name and the code."""


def main(channel, _arguments):
    channel.stage("loading the CUDA driver library")
    library = _loaded(channel)
    if library is None:
        return
    channel.stage("cuInit")
    code = library.cuInit(0)
    if code != _SUCCESS:
        channel.said("CUDA", failed_init(library, code), {"source": "cuInit"})
        if code == _NO_DEVICE:
            channel.stage(TOLD_ALL)  # it shows none
        elif code == _UNKNOWN_ERROR:
            tell_sleep(channel)
        return
    channel.section("nvidia.cuda_version", _report_version, library)
    channel.section("accelerators", _report_devices, library)


def tell_sleep(channel, root=""):
    """Whether the machine has slept since it was started: Linux counts it, and a sleep breaks CUDA until its module is loaded anew."""
    from envcheck_probes.kernel_files import find_word

    if find_word(root, _SLEPT).strip("0").isdigit():
        channel.said("kernel", "PM: suspend exit", {"source": _SLEPT})


def library_name():
    """As every program asks the loader for it."""
    return "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


def _loaded(channel):
    import ctypes

    name = library_name()
    try:
        library = ctypes.CDLL(name) if sys.platform != "win32" else ctypes.WinDLL(name, winmode=0x800)  # the system's folder alone
        library.cuInit.argtypes = [ctypes.c_uint]
    except (OSError, AttributeError) as error:
        channel.fact("nvidia.libcuda_loadable", value=False, source="the dynamic loader")
        channel.said("loader", str(error), {"source": "loading " + name})
        return None
    channel.fact("nvidia.libcuda_loadable", value=True, source="the dynamic loader")
    return library


def failed_init(library, code):
    """In the words in which frameworks pass it on: `failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected`."""
    name, text = _worded(library, "cuGetErrorName", code), _worded(library, "cuGetErrorString", code)
    if name is None:
        return "failed call to cuInit: UNKNOWN ERROR ({})".format(code)
    return "failed call to cuInit: {}: {}".format(name, text or "error {}".format(code))


def _worded(library, function, code):
    import ctypes

    text = ctypes.c_char_p()
    try:
        asked = getattr(library, function)
    except AttributeError:  # a driver from before CUDA 6
        return None
    if asked(code, ctypes.byref(text)) != _SUCCESS or not text.value:
        return None
    return text.value.decode("utf-8", "backslashreplace")


def _report_version(channel, library):
    version = cuda_version(_number(library, "cuDriverGetVersion"))
    if version is not None:
        channel.fact("nvidia.cuda_version", version, SOURCE)


def _number(library, function, *arguments):
    """What a function writes into an int. Raises Failed."""
    import ctypes

    number = ctypes.c_int()
    _call(library, function, ctypes.byref(number), *[ctypes.c_int(argument) for argument in arguments])
    return number.value


def _call(library, function, *arguments):
    try:
        asked = getattr(library, function)
    except AttributeError:
        raise Failed(function, "missing") from None
    code = asked(*arguments)
    if code != _SUCCESS:
        raise Failed(function, code)


def _text(library, function, *arguments):
    """A function that fills a buffer with text. Raises Failed."""
    import ctypes

    buffer = ctypes.create_string_buffer(_TEXT)
    _call(library, function, buffer, ctypes.c_int(_TEXT), *arguments)
    return buffer.value.decode("utf-8", "backslashreplace")


def _report_devices(channel, library):
    count = _number(library, "cuDeviceGetCount")
    if not 0 <= count <= _MOST_DEVICES:
        raise Failed("cuDeviceGetCount", "{} devices".format(count))
    keys = set()
    for ordinal in range(count):
        channel.stage("asking CUDA device {}".format(ordinal))
        keys.add(_report_device(channel, library, ordinal))
    if None not in keys:
        channel.stage(TOLD_ALL)


def _report_device(channel, library, ordinal):
    """Tells of a card that a program sees, whole or as MIG parts of it, and returns its address; None: it is not known which it is."""
    device = _number(library, "cuDeviceGet", ordinal)
    told = {"vendor": "nvidia", "backend": "cuda", "visible": True}
    address = _or_none(lambda: same_form(_text(library, "cuDeviceGetPCIBusId", device)))
    address = address if address != _NO_PLACE else None
    name = _or_none(lambda: _text(library, "cuDeviceGetName", device))
    uuid = None
    if " MIG " not in (name or " MIG "):  # else it is a part, whose name, size and UUID are not the card's
        told["name"] = name
        uuid = _or_none(lambda: _uuid(library, device))
        told.update(_sizes(library, device))
    told.update({field: value for field, value in (("pci_address", address), ("uuid", uuid)) if value is not None})
    key = address or uuid
    if key is None:
        channel.unknown("accelerators", "unparsable", "CUDA device {} tells neither its place nor its UUID".format(ordinal))
    else:
        channel.fact("accelerators[{}]".format(key), told, SOURCE)
    return address


def _or_none(ask):
    try:
        return ask()
    except Failed:
        return None


def _uuid(library, device):
    import ctypes

    raw = (ctypes.c_ubyte * 16)()
    _call(library, "cuDeviceGetUuid", raw, device)
    digits = bytes(raw).hex()
    return "GPU-" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _sizes(library, device):
    """Memory as CUDA counts it, which is less than NVML's by what the driver keeps; a card within a processor has the machine's."""
    import ctypes

    major, minor = (_or_none(lambda wanted=wanted: _number(library, "cuDeviceGetAttribute", wanted, device)) for wanted in (_MAJOR, _MINOR))
    capability = nvml_values.compute_capability(major or 0, minor) if minor is not None else None
    told = {"compute_capability": capability} if capability is not None else {}
    integrated = _or_none(lambda: _number(library, "cuDeviceGetAttribute", _INTEGRATED, device))
    if integrated:
        return dict(told, integrated=True, unified_memory=True)
    total = ctypes.c_size_t()
    if _or_none(lambda: _call(library, "cuDeviceTotalMem_v2", ctypes.byref(total), device) or True):
        memory = nvml_values.size(total.value)
        told.update({"memory_bytes": memory} if memory is not None else {})
    return told
