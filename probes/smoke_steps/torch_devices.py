"""What devices torch can compute on, what each of them has, and the switches of its arithmetic.

A device is named as torch names it: "cpu", "cuda:0" (ROCm's cards as well), "mps", "xpu:0". "cpu:0" is the CPU too, and goes through
everything that other devices go through.
"""

from envcheck_probes.smoke_steps.busy import busy_reason, refuse_full
from envcheck_probes.smoke_steps.trial import NotEvaluated


def list_devices(torch, wanted):
    """The devices of that kind, or of all kinds for "auto", the CPU first."""
    found = []
    if wanted in ("auto", "cpu"):
        found.append("cpu")
    if wanted in ("auto", "cuda"):
        found.extend(_cuda(torch, wanted))
    if wanted in ("auto", "mps") and _answers(getattr(torch.backends, "mps", None)):
        found.append("mps")
    if wanted in ("auto", "xpu") and _answers(getattr(torch, "xpu", None)):
        found.extend("xpu:{}".format(number) for number in range(torch.xpu.device_count()))
    return found


def _cuda(torch, wanted):
    count = torch.cuda.device_count()
    if not count and wanted == "cuda" and (torch.version.cuda or getattr(torch.version, "hip", None)):
        torch.cuda.init()  # a build for GPUs that was asked for one: it says itself why there is none
    return ["cuda:{}".format(number) for number in range(count)]


def _answers(backend):
    return backend is not None and backend.is_available()


def kind_of(device):
    return device.partition(":")[0]


def refuse_full_card(trial):
    """Raises NotEvaluated where the device says that it is full; most kinds do not tell."""
    ask = getattr(getattr(trial.framework, kind_of(trial.device), None), "mem_get_info", None)
    if ask is None:
        return
    try:
        free_bytes, total_bytes = ask(trial.device)
    except RuntimeError as error:
        if kind_of(trial.device) == "cuda" or busy_reason(error):
            raise
        return  # an XPU whose driver does not tell
    refuse_full(trial, free_bytes, total_bytes)


def note_memory(trial):
    """The most that the test held of a card at once, as torch counts it."""
    ask = getattr(getattr(trial.framework, kind_of(trial.device), None), "max_memory_reserved", None)
    if ask is not None:
        trial.note("card_bytes", ask(trial.device))


def has_float64(torch, device):
    """Apple's GPUs have no double precision, and neither have some of Intel's."""
    if kind_of(device) == "xpu":
        return bool(getattr(torch.xpu.get_device_properties(device), "has_fp64", True))
    return kind_of(device) != "mps"


def lacks(torch, device, type_name):
    """Why products of this type are not made on this device; "" where they are."""
    if not hasattr(torch, type_name):
        return "this version does not have it"
    if type_name == "float64":
        return "" if has_float64(torch, device) else "this device does not have it"
    if type_name.startswith("float8"):
        return _lacks_float8(torch, device)
    if type_name == "bfloat16" and _capability(torch, device) < (7, 0):
        return "this card does not have it"
    return ""


def _lacks_float8(torch, device):
    if not hasattr(torch, "_scaled_mm"):
        return "this version does not multiply it"
    if kind_of(device) not in ("cuda", "cpu") or getattr(torch.version, "hip", None):
        return "on NVIDIA's cards only"
    return "" if _capability(torch, device) >= (8, 9) else "this card does not have it"


def _capability(torch, device):
    """The compute capability of NVIDIA's cards; of any other device, more than all of them."""
    if kind_of(device) != "cuda" or getattr(torch.version, "hip", None):
        return (99, 0)
    return tuple(torch.cuda.get_device_capability(device))


def multiplier(torch, device):
    """The product of two matrices in a type, for products.Products."""

    def multiply(name, left, right):
        type_name = "float32" if name == "TF32" else name
        reason = lacks(torch, device, type_name)
        if reason:
            raise NotEvaluated(reason)
        dtype = getattr(torch, type_name)
        _sum_in_single(torch)
        _allow_tf32(torch, name == "TF32")
        # Made on the device in single precision: the types of fewer bits hold the same integers, and are made there.
        first, second = (torch.tensor(rows, dtype=_wide(torch, type_name), device=device) for rows in (left, right))
        if type_name.startswith("float8"):
            return _scaled_product(torch, dtype, first, second).tolist()
        return torch.matmul(first.to(dtype), second.to(dtype)).tolist()

    return multiply


def _wide(torch, type_name):
    return torch.float64 if type_name == "float64" else torch.float32


def _scaled_product(torch, dtype, left, right):
    """Of float8, whose second matrix has to lie column by column in memory."""
    one = torch.ones((), dtype=torch.float32, device=left.device)
    columns = right.t().contiguous().to(dtype).t()
    product = torch._scaled_mm(left.to(dtype), columns, scale_a=one, scale_b=one, out_dtype=torch.bfloat16)  # noqa: SLF001 - the one way
    return product[0] if isinstance(product, tuple) else product


def _allow_tf32(torch, allowed):
    """For products in single precision. Newer versions have a word for it, and refuse a mixture with the older switch."""
    switches = _switches(torch)
    if hasattr(switches, "fp32_precision"):
        switches.fp32_precision = "tf32" if allowed else "ieee"
    elif hasattr(switches, "allow_tf32"):
        switches.allow_tf32 = allowed


def _sum_in_single(torch):
    """Products of half precision are summed in single precision, whatever the default is."""
    switches = _switches(torch)
    for name in ("allow_fp16_reduced_precision_reduction", "allow_bf16_reduced_precision_reduction", "allow_fp16_accumulation"):
        if hasattr(switches, name):
            setattr(switches, name, False)


def _switches(torch):
    """Of products; None before 1.7, which has no TF32 either."""
    return getattr(torch.backends.cuda, "matmul", None)


def convolutions(device):
    """The ways to make one, and whether cuDNN is used in it: cards of NVIDIA's and AMD's have kernels without it."""
    if kind_of(device) == "cuda" or device.startswith("cpu:"):
        return [("convolution with cuDNN", True), ("convolution without cuDNN", False)]
    return [("convolution", True)]


class with_cudnn:  # noqa: N801 - read as a word of the with statement
    """Within it cuDNN (MIOpen on AMD's cards) is used or not. torch.backends.cudnn.flags would set its other switches, too."""

    def __init__(self, torch, used):
        self._cudnn, self._used = torch.backends.cudnn, used

    def __enter__(self):
        self._before, self._cudnn.enabled = self._cudnn.enabled, self._used

    def __exit__(self, *_error):
        self._cudnn.enabled = self._before
