"""This machine: operating system, processor, memory, what it runs in, and the environment variables that matter.

Runs under envcheck's own interpreter. Argument: "full", where a second more does not matter. On Linux everything comes from /proc and
/sys; macOS and Windows have files of their own.
"""

import os
import sys

# Only these are told, besides those of the prefixes below.
_LISTED = """
CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER CUDA_HOME CUDA_PATH CUDA_ROOT CUDA_LAUNCH_BLOCKING CUDA_MODULE_LOADING CUDA_CACHE_DISABLE
CUDA_CACHE_PATH CUDA_FORCE_PTX_JIT CUDA_MPS_PIPE_DIRECTORY CUDNN_PATH NVIDIA_VISIBLE_DEVICES NVIDIA_DRIVER_CAPABILITIES
NVIDIA_REQUIRE_CUDA NVIDIA_DISABLE_REQUIRE NVIDIA_TF32_OVERRIDE
HIP_VISIBLE_DEVICES ROCR_VISIBLE_DEVICES GPU_DEVICE_ORDINAL HSA_OVERRIDE_GFX_VERSION HSA_ENABLE_SDMA ROCM_PATH ROCM_HOME HIP_PATH
ONEAPI_DEVICE_SELECTOR ONEAPI_ROOT SYCL_DEVICE_FILTER ZE_AFFINITY_MASK
LD_LIBRARY_PATH LD_PRELOAD LIBRARY_PATH DYLD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_FALLBACK_LIBRARY_PATH
OMP_NUM_THREADS OMP_PROC_BIND MKL_NUM_THREADS MKL_DOMAIN_NUM_THREADS MKL_THREADING_LAYER MKL_SERVICE_FORCE_INTEL
OPENBLAS_NUM_THREADS OPENBLAS_CORETYPE NUMEXPR_NUM_THREADS VECLIB_MAXIMUM_THREADS KMP_DUPLICATE_LIB_OK KMP_AFFINITY
NPY_DISABLE_CPU_FEATURES MALLOC_ARENA_MAX
XLA_FLAGS JAX_PLATFORMS JAX_PLATFORM_NAME JAX_ENABLE_X64 KERAS_BACKEND KERAS_HOME TF_CPP_MIN_LOG_LEVEL TF_FORCE_GPU_ALLOW_GROWTH
TF_ENABLE_ONEDNN_OPTS TF_USE_LEGACY_KERAS TF_XLA_FLAGS TF_GPU_ALLOCATOR TF_GPU_THREAD_MODE TF_DETERMINISTIC_OPS
TORCH_HOME TORCH_CUDA_ARCH_LIST TORCHINDUCTOR_CACHE_DIR TORCH_EXTENSIONS_DIR TRITON_CACHE_DIR USE_TORCH USE_TF
JAVA_HOME SPARK_HOME HADOOP_HOME PYSPARK_PYTHON PYSPARK_DRIVER_PYTHON SPARK_LOCAL_IP
PYTHONPATH PYTHONHOME PYTHONNOUSERSITE PYTHONUSERBASE PYTHONSAFEPATH PYTHONSTARTUP PYTHONOPTIMIZE PYTHONIOENCODING PYTHONUTF8
VIRTUAL_ENV CONDA_PREFIX CONDA_DEFAULT_ENV CONDA_PKGS_DIRS CONDA_OVERRIDE_CUDA MAMBA_ROOT_PREFIX PYENV_VERSION UV_PROJECT_ENVIRONMENT
PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV PIP_NO_CACHE_DIR PIP_BREAK_SYSTEM_PACKAGES PIP_CACHE_DIR UV_CACHE_DIR UV_NO_CACHE
TMPDIR TEMP TMP XDG_CACHE_HOME HF_HOME HF_HUB_CACHE HF_HUB_OFFLINE TRANSFORMERS_CACHE TRANSFORMERS_OFFLINE MPLBACKEND MPLCONFIGDIR
LOADEDMODULES SLURM_JOB_ID SLURM_CPUS_PER_TASK SLURM_JOB_GPUS SLURM_GPUS_ON_NODE SLURM_MEM_PER_NODE PBS_JOBID LSB_JOBID
COLAB_RELEASE_TAG COLAB_GPU KAGGLE_KERNEL_RUN_TYPE PJRT_DEVICE
TPU_NAME TPU_LIBRARY_PATH TPU_ACCELERATOR_TYPE ACCELERATOR_TYPE TPU_WORKER_ID TPU_VISIBLE_CHIPS COLAB_TPU_ADDR
OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE OMPI_COMM_WORLD_LOCAL_RANK RANK WORLD_SIZE LOCAL_RANK MASTER_PORT
"""
_NAMES = frozenset(_LISTED.split())
_PREFIXES = ("XLA_PYTHON_CLIENT_", "PYTORCH_", "NCCL_", "OMPI_MCA_", "UCX_", "HOROVOD_", "ACCELERATE_")
# Whatever the list says, a name that speaks of a secret is passed over, and so is what stands before the @ of an address.
_SECRET = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY")
_LONGEST = 8192


def main(channel, arguments):
    channel.stage("variables")
    channel.section("variables", tell_variables, os.environ)
    if sys.platform.startswith("linux"):
        from envcheck_probes.machine import host_linux as host
    elif sys.platform == "darwin":
        from envcheck_probes.machine import host_macos as host
    elif sys.platform == "win32":
        from envcheck_probes.machine import host_windows as host
    else:
        tell_other_system(channel)
        return
    host.collect(channel, full="full" in arguments)


def tell_variables(channel, environment):
    """Those of the allow-list, as this process has them; a name outside of it is not told, whatever it holds."""
    channel.fact("variables", chosen_variables(environment), "environment")
    channel.observed("variables", "complete")


def chosen_variables(environment):
    chosen = {}
    for name in sorted(environment):
        key = name.upper() if os.name == "nt" else name  # Windows does not tell the two apart
        if (key in _NAMES or key.startswith(_PREFIXES)) and not any(word in key for word in _SECRET):
            chosen[key] = without_credentials(environment[name])[:_LONGEST]
    return chosen


def without_credentials(value):
    """`https://user:word@host/` → `https://***@host/`; bytes that are no UTF-8 are written out."""
    value = os.fsencode(value).decode("utf-8", "backslashreplace")
    parts = value.split("://")
    for number, part in enumerate(parts[1:], 1):
        ends = [place for place in (part.find(mark) for mark in "/?#, ") if place >= 0]
        end = min(ends) if ends else len(part)
        at = part.rfind("@", 0, end)
        if at >= 0:
            parts[number] = "***" + part[at:]
    return "://".join(parts)


def tell_other_system(channel):
    """A system that none of the files here is for: its name, and that the rest cannot be told."""
    import platform

    channel.fact("system.os", platform.system(), "platform")
    channel.fact("system.kernel", platform.release(), "platform")
    channel.fact("system.machine", platform.machine(), "platform")
    for group in ("system.container", "system.virtual_machine", "cpu", "memory"):
        channel.unknown(group, "unsupported", "envcheck does not know how to ask " + platform.system())
