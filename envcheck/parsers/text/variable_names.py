"""Which environment variables concern accelerators and frameworks, by their names: of no other is anything ever told."""

from __future__ import annotations

from envcheck.parsers.expression import regex

PREFIXES = (
    *("CUDA_", "CUDNN_", "NVIDIA_", "NCCL_", "HIP_", "HSA_", "ROCR_", "ROCM_", "PYTORCH_", "TORCH_", "TRITON_", "TF_", "XLA_", "JAX_"),
    *("KERAS_", "TPU_", "OMP_", "KMP_", "MKL_", "OPENBLAS_", "NUMEXPR_", "ONEAPI_", "SYCL_", "ZE_", "ORT_", "SLURM_JOB_", "SLURM_GPUS"),
)
NAMES = frozenset(
    (
        *("LD_LIBRARY_PATH", "LD_PRELOAD", "LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE"),
        *("GPU_DEVICE_ORDINAL", "CONDA_PREFIX", "VIRTUAL_ENV", "JAVA_HOME", "SPARK_HOME", "HADOOP_HOME", "PJRT_DEVICE", "COLAB_GPU"),
        *("PBS_JOBID", "LSB_JOBID", "WORLD_SIZE", "RANK", "LOCAL_RANK", "CONDA_OVERRIDE_CUDA", "BNB_CUDA_VERSION", "LOADEDMODULES"),
    )
)
_SECRET = regex(r"TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|COOKIE|PRIVATE|_KEY|KEY$")
# One of these, in whatever case, stands in every line that names one of them.
WORDS = tuple(sorted(name.lower() for name in (*PREFIXES, *NAMES)))


def concerns_frameworks(name: str) -> bool:
    """Whether a variable of that name is told at all."""
    return (name in NAMES or name.startswith(PREFIXES)) and not _SECRET.search(name)
