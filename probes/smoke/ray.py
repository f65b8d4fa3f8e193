"""Ray: a node of its own on this machine's loopback runs tasks in worker processes and keeps an array for them, and is shut down."""

import array
import os
import secrets
import shutil
import sys
import tempfile

from envcheck_probes.smoke_steps.services import prepare, words_kept

TEST = {
    "title": "Ray",
    "import": "ray",
    "names": ("ray",),
    "default": False,
    "service": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: ray 2.60.0; with its six processes.
    "import_s": 0.3,
    "test_s": 4.5,
    "peak_bytes": 810_000_000,
    "test_deadline_s": 60,
    # Read when it is imported. No report of its use, no metrics, no dashboard.
    "variables": {"RAY_USAGE_STATS_ENABLED": "0", "RAY_enable_metrics_collection": "0", "RAY_DISABLE_IMPORT_WARNING": "1"},
}
MANUAL = {
    "imported": "Its compiled core cannot be loaded, or a package that it needs (protobuf, grpcio, pydantic) is of another release.",
    "computed": "Its processes did not start, or a worker ended: /dev/shm is too small (64 MB in a container), a firewall stands before "
    "the loopback, the folder for temporary files has too long a name, or the workers find another Python.",
    "compared": "A task or the object store gives back something else than was put into it: shared memory or memory is faulty.",
}

_NUMBERS = 40_000  # 320 kB: from 100 kB on it goes through shared memory
_STORE_BYTES = 80 * 2**20
# Of a socket's path, which may have 103 bytes on macOS and 107 on Linux, Ray itself takes some 65.
_LONGEST_FOLDER = 38


def check(trial):
    trial.layer("computed")
    ray = trial.framework
    prepare(trial.folder)
    folder = _short_folder(trial.folder)
    try:
        trial.doing("starting the node")
        with words_kept(trial.folder, "Ray's node"):
            _start(ray, folder)
        _compute(trial, ray)
    finally:
        ray.shutdown()
        if folder != trial.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _compute(trial, ray):
    # Within a function, so that they travel by their code and not by a name that workers do not know.
    def product(left, right):
        return left * right

    def total(numbers):
        return sum(numbers)

    def python():
        return sys.executable

    product, total, python = ray.remote(product), ray.remote(total), ray.remote(python)
    trial.doing("running a task")
    found = ray.get(product.remote(6, 7))
    trial.doing("keeping an array")
    numbers = array.array("d", range(_NUMBERS))
    kept = ray.put(numbers)
    back, summed = ray.get(kept), ray.get(total.remote(kept))
    trial.note("python of the workers", ray.get(python.remote()))
    trial.layer("compared")
    trial.expect("6 times 7 in a worker", found, 42)
    trial.expect("array put and got", list(back), list(numbers))
    trial.expect("sum of an array in a worker", summed, _NUMBERS * (_NUMBERS - 1) / 2)


def _short_folder(folder):
    """The test's own, where the names of its sockets are not too long for the system with it; otherwise a new one."""
    if len(os.fsencode(folder)) <= _LONGEST_FOLDER or os.name == "nt":
        return folder
    return tempfile.mkdtemp(prefix="envcheck-", dir="/tmp")  # noqa: S108 - a name of its own


def _start(ray, folder):
    """A node of this machine alone, whatever cluster RAY_ADDRESS names."""
    for name in ("RAY_ADDRESS", "RAY_NAMESPACE", "RAY_RUNTIME_ENV_HOOK", "RAY_JOB_CONFIG_JSON_ENV_VAR", "RAY_AUTH_TOKEN_PATH"):
        os.environ.pop(name, None)
    # Without one of its own, newer releases write it into the user's home.
    os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    # The loopback, which is what Ray itself takes on macOS and Windows. Elsewhere it takes this machine's address, whatever it is told, and
    # every process of it listens to the network.
    services = sys.modules.get("ray._private.services")
    if hasattr(services, "get_node_ip_address"):
        services.get_node_ip_address = lambda *_address: "127.0.0.1"
    ray.init(
        address="local",
        num_cpus=1,
        num_gpus=0,
        object_store_memory=_STORE_BYTES,
        include_dashboard=False,
        configure_logging=False,
        log_to_driver=False,
        _node_ip_address="127.0.0.1",
        _temp_dir=folder,
    )
