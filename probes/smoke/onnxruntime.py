"""ONNX Runtime: a model of four operators, made without the onnx package, on the CPU and on CUDA; which provider ran is read back."""

import ctypes
import os

from envcheck_probes.smoke_steps import onnx_model, small_model
from envcheck_probes.smoke_steps.busy import busy_is_no_failure
from envcheck_probes.smoke_steps.cuda_cards import count_cards

TEST = {
    "title": "ONNX Runtime",
    "import": "onnxruntime",
    "names": ("onnxruntime", "onnxruntime-gpu", "ort"),
    "default": True,
    "devices": ("cpu", "cuda"),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: onnxruntime 1.31.1.
    "import_s": 0.18,
    "test_s": 0.01,
    "peak_bytes": 57_000_000,
}
MANUAL = {
    "imported": "Its compiled core cannot be loaded: two of its distributions (onnxruntime, onnxruntime-gpu, …) wrote into the same "
    "folder, or the C++ runtime of the system is too old.",
    "devices": "Asking for its execution providers fails: files of two of its distributions are mixed.",
    "tensor": "NumPy, which it needs for its inputs, cannot be imported or gives it nothing that it can read.",
    "computed": "A session could not be made on the device that was asked for, or an operator raised. Where it fell back to the CPU, a "
    "library of CUDA's or cuDNN's is missing or of another major, or a build without CUDA lies over the one with it.",
    "compared": "An execution provider gives wrong numbers: a faulty library, or faulty hardware.",
    "copied": "Data is not the same after the way to the card and back: a faulty driver, bus or memory.",
}

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
_COPIED_BYTES = 2**22


class FellBack(Exception):
    """It computes on another device than it was asked for, and says so at most in its log; `details` are words for the report."""

    def __init__(self, asked, ran, after):
        super().__init__("Failed to create {}. The model ran on {} instead.{}".format(asked, ran, after))
        self.details = {"asked": asked, "ran": ran}


def devices(onnxruntime, wanted):
    """What it lists is what it was built for: without being asked for CUDA, it is tried only where the driver shows a card."""
    cuda = 0
    if wanted in ("auto", "cuda") and CUDA in onnxruntime.get_available_providers():
        cuda = max(count_cards(), int(wanted == "cuda"))
    cpu = ["cpu"] if wanted in ("auto", "cpu") else []
    return cpu + ["cuda:{}".format(number) for number in range(cuda)]


def check(trial):
    with busy_is_no_failure(trial):
        _check(trial)


def _check(trial):
    trial.layer("tensor")
    import numpy as np

    left, image = np.array(small_model.LEFT, np.float32), np.array([[small_model.IMAGE]], np.float32)
    inputs = {"left": left, "image": image, "left64": np.array(small_model.LEFT64)}
    model = onnx_model.model()
    trial.layer("computed")
    session = _session(trial, model)
    product, windows, doubled = session.run(["product", "windows", "doubled"], inputs)
    trial.layer("compared")
    trial.expect("gemm and relu float32", product.tolist(), small_model.product())
    trial.expect("convolution float32", windows.tolist(), small_model.windows())
    trial.expect("matmul float64", doubled.tolist(), small_model.doubled())
    if trial.device != "cpu":
        trial.layer("copied")
        _copy(trial, np)


def _session(trial, model):
    """A session on the trial's device, and on no other."""
    onnxruntime = trial.framework
    wanted, asked = (CPU, [CPU]) if trial.device == "cpu" else (CUDA, _settings(trial))
    session = _made(onnxruntime, model, asked)
    trial.note("provider", _ran(session))
    if _ran(session) != wanted:
        raise FellBack(wanted, _ran(session), _after_preloading(onnxruntime, model, asked)) from _why_not(onnxruntime)
    if wanted == CPU:
        return session
    # One operator that is left to the CPU is no error of its own until that is forbidden.
    return _made(onnxruntime, model, asked, {"session.disable_cpu_ep_fallback": "1"})


def _settings(trial):
    settings = {"device_id": _number(trial), "gpu_mem_limit": trial.card_bytes, "arena_extend_strategy": "kSameAsRequested"}
    return [(CUDA, dict(settings, cudnn_conv_algo_search="DEFAULT"))]


def _made(onnxruntime, model, providers, entries=None):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    for name, value in (entries or {}).items():
        options.add_session_config_entry(name, value)
    return onnxruntime.InferenceSession(model, options, providers=providers, enable_fallback=False)


def _ran(session):
    return session.get_providers()[0]


def _number(trial):
    return int(trial.device.partition(":")[2] or 0)


def _after_preloading(onnxruntime, model, providers):
    """What comes of it with the libraries of NVIDIA's wheels and PyTorch's, which ONNX Runtime looks for only if a program tells it to."""
    if not hasattr(onnxruntime, "preload_dlls"):  # came with 1.21
        return ""
    onnxruntime.preload_dlls()
    return " After onnxruntime.preload_dlls() it runs on {}.".format(_ran(_made(onnxruntime, model, providers)))


def _why_not(onnxruntime):
    """The loader's words about the provider's library, which ONNX Runtime has for its log alone; None where it can be loaded."""
    folder = os.path.join(os.path.dirname(onnxruntime.__file__), "capi")
    for name in ("onnxruntime_providers_shared", "onnxruntime_providers_cuda"):
        path = os.path.join(folder, name + ".dll" if os.name == "nt" else "lib" + name + ".so")
        if os.path.exists(path):
            try:
                ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)
            except OSError as error:
                return error
    return None


def _copy(trial, np):
    counted = np.arange(min(_COPIED_BYTES, trial.card_bytes // 4) // 4, dtype=np.int32)
    back = trial.framework.OrtValue.ortvalue_from_numpy(counted, "cuda", _number(trial)).numpy()
    # In bytes: comparing a million Python numbers would take longer than all the rest.
    trial.expect("copy to the device and back", back.tobytes() == counted.tobytes(), expected=True)
