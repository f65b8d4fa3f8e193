"""torch.distributed: several processes add up their numbers, by Gloo on the CPU and by NCCL on all GPUs."""

TEST = {
    "title": "torch.distributed",
    "import": "torch",
    "names": ("torch_distributed", "torch-distributed", "torch.distributed", "gloo", "nccl"),
    "default": False,
    "service": True,
    "devices": ("cpu", "cuda"),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py:
    # torch 2.13.0+cpu, two processes beside the first.
    "import_s": 1.2,
    "test_s": 2.5,
    "peak_bytes": 800_000_000,
    "test_deadline_s": 120,
}
MANUAL = {
    "imported": "torch itself cannot be imported; its own test says more.",
    "devices": "Asking for devices fails or hangs: the driver does not answer or is too old for this build, or a card is lost.",
    "several": "The processes do not find each other, do not get on, or add up wrongly. On the CPU: a firewall or a name that resolves to a"
    " wrong address. On GPUs: NCCL of another version, a small /dev/shm in a container, or direct copies that PCIe's controls break.",
}
# Less than the test's own deadline: whoever hangs is named.
_LIMIT_S = 100.0
_CPU_PROCESSES = 2


def devices(torch, wanted):
    """The CPU is for processes on it, "cuda" for all GPUs at once."""
    from envcheck_probes.smoke_steps.torch_devices import list_devices

    distributed = torch.distributed
    if not distributed.is_available():
        return []
    found = []
    if wanted in ("auto", "cpu") and getattr(distributed, "is_gloo_available", lambda: True)():
        found.append("cpu")
    cards = [device for device in list_devices(torch, wanted) if device.startswith("cuda")]
    if cards and distributed.is_nccl_available():
        found.append("cuda")
    return found


def check(trial):
    from envcheck_probes.smoke_steps.busy import busy_is_no_failure

    with busy_is_no_failure(trial):
        _check(trial)


def _check(trial):
    import os

    from envcheck_probes.smoke_steps.all_reduce_rank import FLOATS
    from envcheck_probes.smoke_steps.processes import run_together

    places = _places(trial)
    count = len(places)
    total = count * (count + 1) // 2
    backend = "nccl" if places[0].startswith("cuda") else "gloo"
    trial.layer("several")
    trial.note("processes", count)
    trial.note("backend", backend)
    trial.doing("{} of {} processes".format(backend, count))
    store = os.path.join(trial.folder, "store-" + trial.device.replace(":", "-"))
    arguments = [[str(rank), str(count), backend, store, place, str(_LIMIT_S / 2), str(total)] for rank, place in enumerate(places)]
    told = run_together("smoke_steps.all_reduce_rank", arguments, trial.folder, _variables(), _LIMIT_S)
    for rank, facts in enumerate(told):
        trial.expect("all_reduce of process {}".format(rank), facts.get("sums", []), [FLOATS, total])


def _places(trial):
    from envcheck_probes.smoke_steps.torch_devices import list_devices

    if trial.device == "cpu":
        return ["cpu"] * _CPU_PROCESSES
    return list_devices(trial.framework, "cuda") if trial.device == "cuda" else [trial.device]


def _variables():
    """They find each other on this machine, whatever networks it is in."""
    import socket

    try:
        names = [name for _, name in socket.if_nameindex() if name in ("lo", "lo0")]
    except (AttributeError, OSError):
        names = []
    if not names or not hasattr(socket, "AF_UNIX"):  # Windows finds its own way
        return {}
    return {"GLOO_SOCKET_IFNAME": names[0], "NCCL_SOCKET_IFNAME": names[0]}
