"""Copies in torch: to a device and back, from pageable and from pinned memory, and from one device to another."""

import ctypes

from envcheck_probes.smoke_steps.busy import busy_reason
from envcheck_probes.smoke_steps.counted import BETWEEN_BYTES, counted_bytes, expect_bytes
from envcheck_probes.smoke_steps.torch_devices import kind_of, list_devices


def copy_there_and_back(trial):
    """A quarter of what may be taken of the card."""
    sent = counted_bytes(trial.card_bytes // 4)
    trial.doing("copying from pageable memory")
    expect_bytes(trial, "copy pageable", _round_trip(trial, sent, lambda tensor: tensor), sent)
    trial.doing("copying from pinned memory")
    if _can_pin(trial):
        expect_bytes(trial, "copy pinned", _round_trip(trial, sent, lambda tensor: tensor.pin_memory()), sent)


def _can_pin(trial):
    """What every GPU of NVIDIA's and AMD's can; others may."""
    torch = trial.framework
    try:
        torch.empty(1, dtype=torch.uint8).pin_memory()
    except RuntimeError as error:
        if kind_of(trial.device) == "cuda":
            raise
        trial.note("pinned memory", "none here: " + str(error).strip().split("\n")[0][:200])
        return False
    return True


def _round_trip(trial, sent, placed):
    torch = trial.framework
    there = placed(_tensor_of(torch, bytearray(sent))).to(trial.device, copy=True)
    back = placed(torch.empty(len(sent), dtype=torch.uint8))
    back.copy_(there)
    return _bytes_of(torch, back)


def others_of_its_kind(trial):
    """The devices that it can exchange data with."""
    return [device for device in list_devices(trial.framework, kind_of(trial.device)) if device != trial.device]


def copy_to_others(trial, others):
    """From this device to each of them."""
    torch = trial.framework
    sent = counted_bytes(min(BETWEEN_BYTES, trial.card_bytes // 4))
    there = _tensor_of(torch, bytearray(sent)).to(trial.device, copy=True)
    for other in others:
        trial.doing("copying to " + other)
        try:
            got = _bytes_of(torch, there.to(other, copy=True).to("cpu"))
        except RuntimeError as error:
            reason = busy_reason(error)
            if not reason:
                raise
            trial.note("copy to " + other, "not tested: " + reason)
            continue
        expect_bytes(trial, "copy to " + other, got, sent)
        trial.note("copy to " + other, _way(torch, trial.device, other))


def _way(torch, device, other):
    ask = getattr(getattr(torch, kind_of(device), None), "can_device_access_peer", None)
    if ask is None:
        return "the device does not say whether directly"
    return "direct" if ask(torch.device(device), torch.device(other)) else "through the host"


def _tensor_of(torch, memory):
    """Of these bytes; it shares their memory, but not before 1.10, which has no frombuffer."""
    if hasattr(torch, "frombuffer"):
        return torch.frombuffer(memory, dtype=torch.uint8)
    tensor = torch.empty(len(memory), dtype=torch.uint8)
    ctypes.memmove(tensor.data_ptr(), bytes(memory), len(memory))
    return tensor


def _bytes_of(torch, tensor):
    """Through memory of Python's own: NumPy may be absent."""
    if not hasattr(torch, "frombuffer"):
        return ctypes.string_at(tensor.data_ptr(), tensor.numel())
    arrived = bytearray(tensor.numel())
    _tensor_of(torch, arrived).copy_(tensor)
    return arrived
