"""The forms of frameworks' own reports: which labels only one of them prints, which it shares with others, and what their values say.

Sources are the programs' own collecting code: transformers, diffusers, accelerate, huggingface_hub, MMCV and MMEngine, detectron2,
SGLang, DeepSpeed's env_report, bitsandbytes' diagnostics, xformers.info, Ultralytics' checks, ComfyUI, stable-diffusion-webui's sysinfo,
TensorFlow's tf_env_collect, PaddlePaddle's summary_env, scikit-learn's and pandas' show_versions.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from envcheck.facts.claims import Trust
from envcheck.readers import reported_values as values
from envcheck.readers.reported_values import Fact, Reading, package


class Form(NamedTuple):
    """One report's labels in their normal form. Shared ones count only within `reach` lines of one of its own."""

    name: str
    words: tuple[str, ...]  # one of them, in lower case, stands in every such report
    own: Mapping[str, Reading]
    shared: Mapping[str, Reading]
    reach: int = 25
    trust: Trust = Trust.PRINTED


def _nothing(_value: str) -> Iterator[Fact]:
    """Of a label that tells the report, and nothing that is a fact."""
    return iter(())


_HUGGING_FACE = Form(
    "Hugging Face's env",
    ("version (gpu", "version (accelerator", "huggingface_hub version", "using gpu in script", "accelerate`", "running in google colab"),
    {
        "pytorch version (gpu": values.torch,
        "pytorch version (accelerator": values.torch,
        "tensorflow version (gpu": values.tensorflow,
        "flax version (cpu?/gpu?/tpu": package("flax"),
        "huggingface_hub version": package("huggingface-hub"),
        "using gpu in script": _nothing,
        "using distributed or parallel set-up in script": _nothing,
        "running on google colab": values.colab,
        "running in google colab": values.colab,
        "pytorch xpu available": values.truth("builds[torch].xpu_available"),
        "pytorch npu available": _nothing,
        "pytorch accelerator": _nothing,
        "accelerate default config": _nothing,
        "accelerate bash location": _nothing,
    },
    {
        "platform": values.platform,
        "python version": values.python,
        "transformers version": package("transformers"),
        "diffusers version": package("diffusers"),
        "accelerate version": package("accelerate"),
        "datasets version": package("datasets"),
        "peft version": package("peft"),
        "bitsandbytes version": package("bitsandbytes"),
        "xformers version": package("xformers"),
        "safetensors version": package("safetensors"),
        "deepspeed version": package("deepspeed"),
        "numpy version": package("numpy"),
        "jax version": package("jax"),
        "jaxlib version": package("jaxlib"),
        "pytorch version": values.torch,
        "torch": values.torch,
        "tensorflow": package("tensorflow"),
        "numpy": package("numpy"),
        "system ram": values.size("memory.total_bytes"),
        "gpu type": values.card,
        "accelerator": values.card,
    },
)

_PACKAGES_OF_VISION = {
    "numpy": "numpy", "pillow": "pillow", "torchvision": "torchvision", "opencv": "opencv-python", "cv2": "opencv-python",
    "triton": "triton", "transformers": "transformers", "vllm": "vllm",
    "xformers": "xformers", "flash_attn": "flash-attn", "flashinfer": "flashinfer",
    "flashinfer_python": "flashinfer-python", "sgl_kernel": "sgl-kernel", "torchao": "torchao", "fvcore": "fvcore", "gradio": "gradio",
    "pydantic": "pydantic", "huggingface_hub": "huggingface-hub", "tensorboard": "tensorboard", "onnxruntime": "onnxruntime",
}  # fmt: skip
_VISION = Form(
    "collect_env of MMCV, detectron2, LMDeploy and SGLang",
    ("sys.platform", "mmcv", "detectron2", "sglang", "lmdeploy", "pytorch compiling details", "compute capability:", "mmengine"),
    {
        "sys.platform": values.os_name,
        "pytorch compiling details": _nothing,
        "pytorch debug build": _nothing,
        "mmcv compiler": _nothing,
        "mmcv cuda compiler": _nothing,
        "mmcv": package("mmcv"),
        "mmengine": package("mmengine"),
        "mmdetection": package("mmdet"),
        "mmsegmentation": package("mmsegmentation"),
        "mmpose": package("mmpose"),
        "detectron2": package("detectron2"),
        "detectron2._c": _nothing,
        "detectron2_env_module": _nothing,
        "torchvision arch flags": _nothing,
        "gpu n compute capability": _nothing,
        "cuda driver version": values.driver,
        "sglang": package("sglang"),
        "lmdeploy": package("lmdeploy"),
    },
    {
        "python": values.python,
        "cuda available": values.truth("builds[torch].cuda_available"),
        "gpu available": values.truth("builds[torch].cuda_available"),
        "gpu n": values.card,
        "nvcc": values.compiler,
        "cuda_home": _nothing,  # where torch would look for nvcc, which is a guess where no variable says it
        "driver version": values.driver,
        "pytorch": values.torch,
        **{label: package(name) for label, name in _PACKAGES_OF_VISION.items()},
    },
    reach=30,
)

_DEEPSPEED = Form(
    "ds_report",
    ("torch cuda version", "deepspeed info", "deepspeed wheel", "torch install path", "(/dev/shm) size"),
    {
        "torch install path": _nothing,
        "torch cuda version": values.torch_cuda,
        "torch hip version": values.torch_hip,
        "deepspeed install path": _nothing,
        "deepspeed info": package("deepspeed"),
        "deepspeed wheel compiled w": _nothing,
        "shared memory (/dev/shm) size": values.size("memory.shm_bytes"),
    },
    {"torch version": values.torch, "nvcc version": values.compiler},
)

_BITSANDBYTES = Form(
    "python -m bitsandbytes",
    ("related packages:",),
    {"related packages": _nothing},
    {
        "platform": values.platform,
        "python": values.python,
        "pytorch": values.torch,
        "cuda": values.torch_cuda,
        "hip": values.torch_hip,
    },
    reach=14,
)

_XFORMERS = Form(
    "xformers.info",
    ("pytorch.version:", "pytorch.cuda:", "gpu.compute_capability:", "gpu.name:"),
    {
        "pytorch.version": values.torch,
        "pytorch.cuda": values.truth("builds[torch].cuda_available"),
        "gpu.name": values.card,
        "gpu.compute_capability": values.capability,
        "build.torch_version": _nothing,
        "build.cuda_version": _nothing,
        "is_triton_available": _nothing,
    },
    {},
)

_ULTRALYTICS = Form(
    "yolo checks",
    ("setup complete", "gpu count", "cpu count"),
    {"gpu count": _nothing, "cpu count": values.cores, "environment": values.service, "install": _nothing},
    {
        "os": values.platform,
        "python": values.python,
        "ram": values.size("memory.total_bytes"),
        "cpu": values.cpu_model,
        "gpu": values.card,
        "cuda": values.torch_cuda,
    },
    reach=12,
)

_COMFYUI = Form(
    "ComfyUI's start and system information",
    ("total vram", "vram total", "comfyui", "set vram state"),
    {
        "comfyui version": _nothing,
        "embedded python": _nothing,
        "comfyui path": _nothing,
        "comfyui startup time": _nothing,
        "set vram state to": _nothing,
        "vram total": partial(values.plain_bytes, "accelerators[0].memory_bytes"),
        "amd arch": values.amd_target,
    },
    {
        "os": values.os_name,
        "platform": values.os_name,
        "python version": values.python,
        "python executable": values.executable,
        "pytorch version": values.torch,
        "xformers version": package("xformers"),
        "device": values.card,
        "name": values.card,
    },
)

_WEBUI = Form(
    "stable-diffusion-webui's sysinfo",
    ('"torch env info"', '"cuda_compiled_version"', '"nvidia_gpu_models"', '"torch_version"', '"is_cuda_available"'),
    {
        "torch env info": _nothing,
        "torch_version": values.torch,
        "cuda_compiled_version": values.torch_cuda,
        "hip_compiled_version": _nothing,
        "is_cuda_available": values.truth("builds[torch].cuda_available"),
        "cuda_runtime_version": values.compiler,
        "nvidia_driver_version": values.driver,
        "nvidia_gpu_models": values.numbered_card,
        "python_platform": values.platform,
        "libc_version": values.libc,
        "python_version": values.python,
    },
    {"os": values.distribution},
)

_TENSORFLOW = Form(
    "tf_env_collect",
    ("== check python", "== tensorflow import", "os kernel version", "tf.version", "tf.git_version", "linux distribution:", "os platform:"),
    {
        "python branch": _nothing,
        "python implementation": _nothing,
        "python compiler version": _nothing,
        "os kernel version": _nothing,
        "os release version": values.kernel,
        "os platform": values.platform,
        "linux distribution": values.distribution_tuple,
        "linux os distribution": values.distribution_tuple,
        "tf.version.version": package("tensorflow"),
        "tf.version": package("tensorflow"),
        "tf.git_version": _nothing,
        "tf.version.git_version": _nothing,
    },
    {"python version": values.python, "os": values.os_name, "machine": values.machine},
    reach=40,
)

_PADDLE = Form(
    "PaddlePaddle's summary_env",
    ("paddle with cuda", "paddle version"),
    {"paddle with cuda": _nothing, "paddle version": package("paddlepaddle")},
    {"os": values.distribution, "python version": values.python, "nvidia driver version": values.driver},
    reach=15,
)

_SHOW_VERSIONS = Form(
    "show_versions",
    ("installed versions", "python dependencies:", "python deps:"),
    {"installed versions": _nothing, "python dependencies": _nothing, "python deps": _nothing, "python-bits": values.bits},
    {
        "python": values.python,
        "executable": values.executable,
        "machine": values.machine_or_platform,
        "os": values.os_name,
        "os-release": _nothing,
    },
    reach=16,
)

# What people let their own scripts print, or write under the same words.
_OWN_SCRIPT = Form(
    "a script's own lines",
    ("cuda available", "cuda is available"),
    {
        "cuda available": values.truth("builds[torch].cuda_available"),
        "is cuda available": values.truth("builds[torch].cuda_available"),
        "cuda is available": values.truth("builds[torch].cuda_available"),
    },
    {
        "pytorch version": values.torch,
        "torch version": values.torch,
        "pytorch": values.torch,
        "torch": values.torch,
        "hip version": values.torch_hip,
        "device name": values.card,
        "gpu name": values.card,
        "gpu": values.card,
        "current device": values.card,
    },
    reach=8,
    trust=Trust.MENTIONED,
)

FORMS = (
    _HUGGING_FACE,
    _VISION,
    _DEEPSPEED,
    _BITSANDBYTES,
    _XFORMERS,
    _ULTRALYTICS,
    _COMFYUI,
    _WEBUI,
    _TENSORFLOW,
    _PADDLE,
    _SHOW_VERSIONS,
    _OWN_SCRIPT,
)
