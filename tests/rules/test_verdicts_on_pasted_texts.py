"""What comes first for a text as people paste it: the programs' own words of each state, through readers, messages and rules together."""
# ruff: noqa: E501 - what programs print stands as they print it

import pytest

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_text
from envcheck.report import Severity
from envcheck.rules import all_rules

NO_DRIVER = "RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver"
LISTED = "$ nvidia-smi -L\nGPU 0: NVIDIA A40 (UUID: GPU-00000000-1111-2222-3333-444444444444)\n"
UNKNOWN_ERROR = "RuntimeError: CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing env variable"
NO_GPUS = "RuntimeError: No CUDA GPUs are available\n"
NO_HIP = "torch 2.4.1+rocm6.1\nRuntimeError: No HIP GPUs are available\n"
ROCM_SMI = (
    "============================ ROCm System Management Interface ============================\n"
    "====================================== Product Info ======================================\n"
    "GPU[0]\t\t: Card series: \t\tNavi 31 [Radeon RX 7900 XT/7900 XTX]\n"
    "================================== End of ROCm SMI Log ===================================\n"
)
POD = "root@trainer-7d9f8b6c5d-x2x4z:/# "
SHM = "Filesystem      Size  Used Avail Use% Mounted on\nshm              64M   12M   53M  19% /dev/shm\n"
APPLE = "machdep.cpu.brand_string: Apple M1 Max\n"

CASES = {
    "a shell of macOS or fish that knows no nvidia-smi": (
        "no-nvidia-driver",
        "$ lspci\n65:00.0 3D controller: NVIDIA Corporation TU104GL [Tesla T4] (rev a1)\n$ nvidia-smi\nzsh: command not found: nvidia-smi\n",
    ),
    "PowerShell": (
        "no-nvidia-driver",
        "PS C:\\> nvidia-smi\nnvidia-smi : The term 'nvidia-smi' is not recognized as the name of a cmdlet\nGPU: RTX 3060\n",
    ),
    "the driver of Windows does not run": (
        "no-nvidia-driver",
        "PS C:\\> nvidia-smi\nNVIDIA-SMI has failed because you do not have suffient permissions. Please try running as an administrator.\n",
    ),
    "TensorFlow finds no module beside the driver's packages": (
        "nvidia-kernel-module-not-loaded",
        (
            "E x/cuda_driver.cc:274] failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error\n"
            "I x/cuda_diagnostics.cc:134] kernel driver does not appear to be running on this host (box): /proc/driver/nvidia/version does not exist\n"
            "$ dpkg -l | grep nvidia\nii  nvidia-driver-535  535.154.05-0ubuntu0.22.04.1  amd64  NVIDIA driver metapackage\n"
        ),
    ),
    "typographic quotes": (
        "nvidia-kernel-module-not-loaded",
        "NVIDIA-SMI has failed because it couldn\u2018t communicate with the NVIDIA driver.",
    ),
    "a card that only an older branch drives": (
        "nvidia-kernel-module-not-loaded",
        (
            "NVRM: The NVIDIA NVIDIA GeForce GTX 1050 GPU installed in this system is\n"
            "NVRM:  supported through the NVIDIA 580.xx Legacy drivers. Please\n"
        ),
    ),
    "a card whose last branch is older than all builds": (
        "gpu-too-old",
        "[15280.3] NVRM: The NVIDIA Tesla M2070 GPU installed in this system is\nNVRM:  supported through the NVIDIA 390.xx Legacy drivers. Please\n",
    ),
    "TensorFlow passes over a card": (
        "gpu-too-old",
        (
            "Ignoring visible gpu device (device: 0, name: GeForce GT 540M, pci bus id: 0000:01:00.0, compute capability: 2.1) with Cuda compute "
            "capability 2.1. The minimum required Cuda capability is 3.5.\n"
        ),
    ),
    "Ollama names the capability": ("gpu-too-old", 'level=INFO msg="[0] CUDA GPU is too old. Compute Capability detected: 3.0"\n'),
    "resumes from suspension": ("driver-state-after-suspend", f"Every time Linux resumes from suspension:\n{UNKNOWN_ERROR}\n"),
    "I suspended the machine": ("driver-state-after-suspend", f"{UNKNOWN_ERROR}\nI suspended the machine with the notebook open.\n"),
    "Ollama after sleep": (
        "driver-state-after-suspend",
        'after sleep:\nlevel=WARN msg="unknown error initializing cuda driver library /usr/lib/libcuda.so.535: cuda driver library init failure: 999. see"\n',
    ),
    "hashcat after hibernation": ("driver-state-after-suspend", "cuInit(): unknown error\n\nafter hibernation only\n"),
    "an old torch's 802": (
        "fabricmanager-not-running",
        "THCudaCheck FAIL file=THCGeneral.cpp line=50 error=802 : system not yet initialized\n",
    ),
    "Docker 29 without a specification": (
        "nvidia-container-toolkit-missing",
        "docker: Error response from daemon: failed to discover GPU vendor from CDI: no known GPU vendor found\n",
    ),
    "containerd without the runtime": (
        "nvidia-container-toolkit-missing",
        'Warning  FailedCreatePodSandBox  kubelet  Failed to create pod sandbox: failed to get sandbox runtime: no runtime for "nvidia" is configured\n',
    ),
    "Apptainer without --nv": (
        "container-without-gpu-device",
        '$ apptainer exec x.sif nvidia-smi\nFATAL:   "nvidia-smi": executable file not found in $PATH\n' + LISTED,
    ),
    "Compose's log": (
        "container-without-gpu-device",
        f'worker_1  |   File "torch/cuda/__init__.py", line 298\nworker_1  | {NO_DRIVER}\nuser@host:~$ nvidia-smi -L\n{LISTED.splitlines()[1]}\n',
    ),
    "more numbers than cards, listed by index and name": (
        "cuda-visible-devices",
        "RuntimeError: CUDA error: invalid device ordinal\nCUDA_VISIBLE_DEVICES=4,5\n$ nvidia-smi --query-gpu=index,name --format=csv\nindex, name\n0, NVIDIA A40\n1, NVIDIA A40\n",
    ),
    "a job by its variables": ("gpu-hidden-by-job", f"SLURM_JOB_ID=2211\nCUDA_VISIBLE_DEVICES=\n{NO_GPUS}"),
    "a job's script without a GPU": (
        "gpu-hidden-by-job",
        f"#SBATCH --partition=gpu\n#SBATCH --mem=32G\n{NO_GPUS}$ nvidia-smi\nNo devices were found\n",
    ),
    "an interactive job without a GPU": (
        "gpu-hidden-by-job",
        f"[login]$ srun -p gpu --pty bash\n[gpu03]$ nvidia-smi\nNo devices were found\n{NO_GPUS}",
    ),
    "WSL 2 without the driver's folder": (
        "wsl2-driver-libraries-missing",
        "5.15.146.1-microsoft-standard-WSL2\nNVIDIA-SMI couldn't find libnvidia-ml.so library in your system.\nls: cannot access '/usr/lib/wsl/lib': No such file or directory\n",
    ),
    "libcuda.so.1 missed where the driver lists its cards": (
        "libcuda-not-on-loader-path",
        f"ImportError: libcuda.so.1: cannot open shared object file: No such file or directory\n{LISTED}",
    ),
    "Numba finds no libcuda": ("libcuda-not-on-loader-path", f"CUDA driver library cannot be found.\n{LISTED}"),
    "NCCL cannot grow its segment": (
        "shm-too-small",
        "misc/shmutils.cc:72 NCCL WARN Error: failed to extend /dev/shm/nccl-1Tzqpw to 9637892 bytes, error: No space left on device (28)\n",
    ),
    "a bus error in a container of the default size": ("shm-too-small", f"{POD}df -h /dev/shm\n{SHM}Bus error (core dumped)\n"),
    "who looks is in no group of the node": (
        "kfd-permission",
        f"crw-rw---- 1 root render 238, 0 Sep  2 15:45 /dev/kfd\n$ groups\nbob adm sudo video\n{NO_HIP}",
    ),
    "strace": ("kfd-permission", f'openat(AT_FDCWD, "/dev/kfd", O_RDWR|O_CLOEXEC) = -1 EACCES (Permission denied)\n{NO_HIP}'),
    "a control group refuses the node": (
        "kfd-permission",
        "ROCk module is loaded\nUnable to open /dev/kfd read-write: Operation not permitted\n",
    ),
    "a number that rocm-smi does not list": ("rocm-visible-devices", f"HIP_VISIBLE_DEVICES=1\n{NO_HIP}{ROCM_SMI}"),
    "a build for XPU, a card, and no device": (
        "intel-gpu-not-usable",
        '03:00.0 VGA compatible controller: Intel Corporation DG2 [Arc A750] (rev 08)\n$ python -c "import torch; print(torch.__version__, torch.xpu.is_available())"\n2.6.0+xpu False\n',
    ),
    "a selector that leaves the processor": (
        "oneapi-device-selector",
        "$ export ONEAPI_DEVICE_SELECTOR=opencl:cpu\n>>> torch.xpu.is_available()\nFalse\nRuntimeError: No XPU devices are available.\n",
    ),
    "the platform that Python prints": (
        "x86-python-on-apple-silicon",
        f"macOS-10.16-x86_64-i386-64bit\n{APPLE}>>> torch.backends.mps.is_available()\nFalse\n",
    ),
    "conda for Intel on an Apple chip": (
        "x86-python-on-apple-silicon",
        f"      Chip: Apple M3\n               platform : osx-64\n{APPLE}RuntimeError: x\n",
    ),
    "no AVX on a new macOS": (
        "x86-python-on-apple-silicon",
        "RuntimeError: This version of jaxlib was built using AVX instructions, which your CPU and/or operating system do not support\nmacOS-10.16-x86_64-i386-64bit\n",
    ),
    "torch's newer spelling of macOS": (
        "mps-unavailable",
        "RuntimeError: The MPS backend is supported on macOS 14.0+. Current OS version can be queried\n",
    ),
}

QUIET = {
    "no shared memory is spoken of": "NCCL WARN Cuda failure 'invalid argument'\nRuntimeError: DataLoader worker (pid(s) 4242) exited unexpectedly\n",
    "a member of the node's group": "crw-rw---- 1 root render 238, 0 Sep  2 15:45 /dev/kfd\n$ groups\nbob adm render video\ntorch 2.4.1+rocm6.1 True\n",
    "a job with its GPU": f"SLURM_JOB_ID=7712\nSLURM_JOB_GPUS=0\n{LISTED}torch.cuda.is_available() True\n",
    "a Mac of Intel's": "macOS-10.16-x86_64-i386-64bit\nmachdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz\ntorch 2.2.2\n",
    "a Mac without nvidia-smi": "zsh: command not found: nvidia-smi\nmacOS-14.5-arm64-arm-64bit\ntorch 2.4.0\n",
    "a table with bars": "epoch_1 | loss 0.3\nepoch_2 | loss 0.2\n",
    "a bus error beside much shared memory": "$ df -h /dev/shm\ntmpfs            32G  1.1M   32G   1% /dev/shm\nBus error (core dumped)\n",
    "cards that answer": LISTED,
}


@pytest.mark.parametrize("name", CASES)
def test_the_cause_comes_first(name: str):
    expected, text = CASES[name]
    assert next((finding.rule for finding in diagnose(read_text(text), all_rules()).findings), "") == expected


@pytest.mark.parametrize("name", QUIET)
def test_what_works_is_no_finding(name: str):
    assert [each.rule for each in diagnose(read_text(QUIET[name]), all_rules()).findings if each.severity is not Severity.INFO] == []


def test_a_container_in_which_torch_was_asked_for_cuda_is_an_error():
    inside = "root@9c1d4cbe6a2f:/workspace# "
    text = f'$ docker run -it x/y bash\n{inside}python -c "import torch; print(torch.cuda.is_available())"\nFalse\n{inside}exit\n{LISTED}'
    (first, *_) = diagnose(read_text(text), all_rules()).findings
    assert (first.rule, first.severity) == ("container-without-gpu-device", Severity.ERROR)
    assert not any(proof.value.startswith("{") for proof in first.evidence)


def test_an_older_branch_is_named_in_what_to_do():
    (first, *_) = diagnose(read_text(CASES["a card that only an older branch drives"][1]), all_rules()).findings
    assert "branch 580" in first.remedies[0].summary


def test_a_jetson_is_not_sent_to_the_wheels_of_pytorch_org():
    text = "Jetson Orin Nano, JetPack 6.0 (L4T 36.3.0)\nAssertionError: Torch not compiled with CUDA enabled\n"
    (first, *_) = diagnose(read_text(text), all_rules()).findings
    assert first.rule == "cpu-only-wheel"
    assert "Jetson" in first.remedies[0].summary
