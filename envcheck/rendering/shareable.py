"""What may leave the machine as it is: the allow-lists that redaction begins with."""

import re

# Groups of facts that are shared; a group that is added to the snapshot is withheld until somebody has decided about it here.
SHARED_GROUPS = frozenset(
    {
        *("schema", "taken", "live", "system", "cpu", "memory", "disks", "accelerators", "nvidia", "amd", "apple", "intel", "toolkits"),
        *("modules", "devices", "python", "packages", "overwrites", "builds", "imports", "variables", "tools", "symptoms", "smoke"),
        *("observed", "unknown", "contradictions", "sources"),
    }
)

# Fields whose values are names out of closed or public vocabularies: no pattern is looked for in them, so that a user who is called
# "torch" does not rename a package. By the name of the struct.
PUBLIC_FIELDS = {
    "Report": {"schema", "envcheck", "tables"},
    "Snapshot": {"schema", "taken"},
    "Target": {"version", "environment"},
    "Finding": {"rule"},
    "Gap": {"rule"},
    "Pass": {"rule"},
    "Ignored": {"rule"},
    "Remedy": {"manager"},
    "System": {"os", "distribution_id", "distribution_version", "machine", "libc"},
    "Cpu": {"model", "vendor", "features", "level"},
    "Accelerator": {"vendor", "backend", "compute_capability", "architecture", "pci_address", "pci_id", "state", "metal"},
    "Nvidia": {"driver_version", "cuda_version", "kernel_module_version", "library_version", "package_version", "state"},
    "Amd": {"driver_version", "rocm_version"},
    "Apple": {"chip", "metal"},
    "Intel": {"driver_version", "level_zero_version"},
    "MigDevice": {"profile"},
    "Toolkit": {"name", "version", "found_by"},
    "Python": {"version", "implementation", "environment", "platform", "tags"},
    "Package": {"name", "version", "build", "requires", "requires_python"},
    "Overwrite": {"distributions"},
    "Build": {"version", "cuda", "cudnn", "rocm", "xpu", "arch_list"},
    "Import": {"name", "status", "version"},
    "Tool": {"name", "version"},
    "Smoke": {"framework", "device", "status"},
}

# Environment variables that say something about machine-learning environments and nothing about their owner.
_SHARED_VARIABLES = frozenset(
    {
        *(
            "PATH",
            "LD_LIBRARY_PATH",
            "DYLD_LIBRARY_PATH",
            "DYLD_FALLBACK_LIBRARY_PATH",
            "LD_PRELOAD",
            "TMPDIR",
            "TEMP",
            "TMP",
            "LANG",
            "TERM",
        ),
        *("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_EXE", "MAMBA_ROOT_PREFIX", "PYENV_VERSION", "PYENV_ROOT"),
        *("JAVA_HOME", "SPARK_HOME", "HADOOP_HOME", "DOTNET_ROOT", "ROCM_PATH", "ROCM_HOME", "HIP_PATH", "MKLROOT", "NUMBA_CACHE_DIR"),
        *(
            "WSL_DISTRO_NAME",
            "KAGGLE_KERNEL_RUN_TYPE",
            "COLAB_RELEASE_TAG",
            "COLAB_GPU",
            "SLURM_CPUS_PER_TASK",
            "SLURM_GPUS",
            "SLURM_JOB_GPUS",
        ),
        *(
            "MPLBACKEND",
            "MPLCONFIGDIR",
            "LOCAL_RANK",
            "WORLD_SIZE",
            "RANK",
            "NO_COLOR",
            "FORCE_COLOR",
            "XDG_CACHE_HOME",
            "GPU_DEVICE_ORDINAL",
        ),
        *(
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "PIP_FIND_LINKS",
            "PIP_NO_INDEX",
            "PIP_CACHE_DIR",
            "PIP_NO_CACHE_DIR",
            "PIP_USER",
            "PIP_TARGET",
        ),
        *("PIP_PREFIX", "PIP_CONSTRAINT", "PIP_REQUIRE_VIRTUALENV", "PIP_BREAK_SYSTEM_PACKAGES", "PIP_CONFIG_FILE", "PIP_NO_BINARY"),
        *(
            "UV_INDEX_URL",
            "UV_EXTRA_INDEX_URL",
            "UV_DEFAULT_INDEX",
            "UV_INDEX",
            "UV_CACHE_DIR",
            "UV_PYTHON",
            "UV_TORCH_BACKEND",
            "UV_OFFLINE",
        ),
        *("TRANSFORMERS_CACHE", "HF_HOME", "HF_HUB_OFFLINE", "HF_HUB_CACHE", "HF_ENDPOINT", "TOKENIZERS_PARALLELISM"),
        "CONDA_OVERRIDE_CUDA",
        *("WANDB_MODE", "WANDB_DIR", "MLFLOW_ALLOW_FILE_STORE"),
    }
)
_SHARED_PREFIXES = (
    *("CUDA_", "CUDNN_", "CUBLAS_", "NVIDIA_", "NCCL_", "NVCC_", "NUMBA_", "HIP_", "HSA_", "ROCR_", "ROCBLAS_", "MIOPEN_", "AMD_"),
    *("PYTORCH_", "TORCH_", "TORCHINDUCTOR_", "TRITON_", "TF_", "TF2_", "TENSORFLOW_", "XLA_", "JAX_", "KERAS_", "LIBTPU_", "TPU_"),
    *("OMP_", "KMP_", "MKL_", "OPENBLAS_", "BLIS_", "NPY_", "GOMP_", "VECLIB_", "ONEAPI_", "SYCL_", "ZE_", "ONEDNN_", "DNNL_", "ORT_"),
    *("PYTHON", "RAY_", "OPENVINO_", "GLIBC_", "MALLOC_", "HOROVOD_", "TORCHDYNAMO_", "LD_DEBUG"),
)
_SECRETIVE = re.compile(
    r"TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|COOKIE|SESSION|PRIVATE|SIGNATURE|(?<!ONE)API|_KEY|KEY_|KEY$|ADDRESS|HOST|USER(?!SITE|BASE)"
    r"|LOGIN|EMAIL"
)

# Hosts whose names say nothing about who asks them; theirs are the subdomains too.
_PUBLIC_HOSTS = (
    *(
        "pypi.org",
        "pythonhosted.org",
        "python.org",
        "pypa.io",
        "pytorch.org",
        "tensorflow.org",
        "nvidia.com",
        "amd.com",
        "intel.com",
        "apple.com",
    ),
    *(
        "github.com",
        "github.io",
        "githubusercontent.com",
        "gitlab.com",
        "readthedocs.io",
        "readthedocs.org",
        "anaconda.org",
        "anaconda.com",
    ),
    *(
        "conda.io",
        "conda-forge.org",
        "huggingface.co",
        "hf.co",
        "keras.io",
        "jax.dev",
        "google.com",
        "googleapis.com",
        "google.dev",
        "microsoft.com",
    ),
    *(
        "docker.com",
        "docker.io",
        "kernel.org",
        "debian.org",
        "ubuntu.com",
        "redhat.com",
        "fedoraproject.org",
        "apache.org",
        "ray.io",
        "astral.sh",
    ),
    *(
        "scikit-learn.org",
        "numpy.org",
        "scipy.org",
        "pydata.org",
        "onnxruntime.ai",
        "onnx.ai",
        "openvino.ai",
        "spacy.io",
        "xgboost.ai",
        "h2o.ai",
    ),
    *(
        "mlflow.org",
        "wandb.ai",
        "json-schema.org",
        "stackoverflow.com",
        "wikipedia.org",
        "kaggle.com",
        "gnu.org",
        "llvm.org",
        "adoptium.net",
    ),
    *("localhost", "127.0.0.1", "example.com", "example.org"),
)


def is_switch(value: str) -> bool:
    """Whether a variable's value only turns something on or off, so that it is nobody's secret whatever its name."""
    return value.strip().strip("\"'").lower() in ("", "0", "1", "true", "false", "yes", "no", "on", "off", "none")


def is_shared_variable(name: str) -> bool:
    """Whether the value of an environment variable may be shown; a name that sounds like a secret never may."""
    upper = name.upper()
    if upper in _SHARED_VARIABLES:
        return True
    return upper.startswith(_SHARED_PREFIXES) and not _SECRETIVE.search(upper)


def is_public_host(host: str) -> bool:
    """Whether the name of a host may be shown."""
    lower = host.lower().rstrip(".")
    return any(lower == public or lower.endswith(f".{public}") for public in _PUBLIC_HOSTS)


# Accounts that many machines have, and words of our own subject: neither says who somebody is.
COMMON_ACCOUNTS = frozenset(
    {
        *("root", "user", "users", "admin", "administrator", "ubuntu", "debian", "centos", "fedora", "rocky", "alpine", "arch", "opensuse"),
        *("ec2-user", "azureuser", "opc", "vagrant", "docker", "podman", "runner", "runneradmin", "jovyan", "jupyter", "colab", "kaggle"),
        *(
            "nvidia",
            "jetson",
            "guest",
            "default",
            "test",
            "tester",
            "nobody",
            "daemon",
            "service",
            "system",
            "local",
            "public",
            "app",
            "dev",
        ),
        *(
            "python",
            "conda",
            "mamba",
            "pip",
            "torch",
            "pytorch",
            "tensorflow",
            "keras",
            "jax",
            "ray",
            "spark",
            "numpy",
            "cuda",
            "rocm",
            "gpu",
        ),
        *("cpu", "memory", "disk", "host", "home", "linux", "windows", "build", "work", "data", "model", "models", "none", "true", "false"),
        *(
            "envcheck",
            "error",
            "warning",
            "info",
            "import",
            "install",
            "driver",
            "package",
            "packages",
            "version",
            "environment",
            "usr",
            "bin",
        ),
        *(
            "hidden",
            "email",
            "mac",
            "pki",
            "lib",
            "tmp",
            "etc",
            "opt",
            "var",
            "src",
            "main",
            "null",
            "the",
            "and",
            "not",
            "for",
            "with",
            "was",
            "are",
            "has",
            "run",
            "use",
        ),
    }
)
