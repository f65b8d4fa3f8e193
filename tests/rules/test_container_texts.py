"""Containers, WSL and variables from end to end: what programs print, and the one cause that is named; healthy texts have none."""

import pytest

from envcheck.readers.read import read_text
from envcheck.report import Severity
from tests.rules.rule_words import causes_about_gpus, judged

TABLE = """+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
|-----------------------------------------+------------------------+----------------------+
|   0  NVIDIA GeForce RTX 4090        Off |   00000000:01:00.0 Off |                  Off |
|  0%   31C    P8             17W /  450W |       1MiB /  24564MiB |      0%      Default |
+-----------------------------------------+------------------------+----------------------+
"""
NO_DRIVER = "RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver\n"
NO_DEVICE = "RuntimeError: CUDA error: no CUDA-capable device is detected\n"
MISMATCH = "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.54\n"
INSIDE = "root@0a1b2c3d4e5f:/workspace# "
HOST = "ann@box:~$ "

TEXTS = {
    "a compose file that builds its image": (
        "container-without-gpu-device",
        f"services:\n  app:\n    build: .\n\napp-1  | {NO_DRIVER}",
    ),
    "a docker line without --gpus": (
        "container-without-gpu-device",
        f"{HOST}docker run -it --rm pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime python train.py\n{NO_DRIVER}",
    ),
    "inside by the prompt, outside it works": (
        "container-without-gpu-device",
        f"{HOST}nvidia-smi\n{TABLE}{INSIDE}python -c 'import torch; torch.zeros(1).cuda()'\n{NO_DRIVER}",
    ),
    "inside by the prompt alone": ("container-without-gpu-device", f"{INSIDE}python train.py\n{NO_DRIVER}"),
    "NVIDIA's banner": (
        "container-without-gpu-device",
        (
            "NVIDIA Release 24.01 (build 80741402)\n"
            "Container image Copyright (c) 2024, NVIDIA CORPORATION & AFFILIATES. All rights reserved.\n\n"
            "WARNING: The NVIDIA Driver was not detected.  GPU functionality will not be available.\n"
            "   Use the NVIDIA Container Toolkit to start this container with GPU support; see\n"
        ),
    ),
    "a --gpus that belongs to the program inside": (
        "container-without-gpu-device",
        f"$ docker run --rm trainer:1 python train.py --gpus 1\n{NO_DRIVER}",
    ),
    "no libcuda inside": (
        "container-without-gpu-device",
        f"{INSIDE}python x.py\nOSError: libcuda.so.1: cannot open shared object file: No such file or directory\n",
    ),
    "a compose file without a reservation": (
        "container-without-gpu-device",
        (
            f"services:\n  trainer:\n    image: nvcr.io/nvidia/pytorch:24.01-py3\n"
            f"    command: python train.py\n\nlogs:\ntrainer-1  | {NO_DRIVER}"
        ),
    ),
    "a pod without a limit": (
        "container-without-gpu-device",
        f"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: t\n    image: pytorch/pytorch:latest\n\n$ kubectl logs t\n{NO_DRIVER}",
    ),
    "apptainer without --nv": ("container-without-gpu-device", f"$ apptainer exec torch.sif python train.py\n{NO_DRIVER}"),
    "podman without a device": (
        "container-without-gpu-device",
        f"$ podman run --rm docker.io/pytorch/pytorch python -c 'import torch; torch.cuda.init()'\n{NO_DRIVER}",
    ),
    "rocm without kfd": (
        "container-without-gpu-device",
        f"{INSIDE}rocminfo\nROCk module is loaded\nUnable to open /dev/kfd read-write: No such file or directory\n",
    ),
    "hip in a container without devices": (
        "container-without-gpu-device",
        "$ docker run -it rocm/pytorch:latest\n" + "RuntimeError: No HIP GPUs are available\n",
    ),
    "docker has no runtime": (
        "nvidia-container-toolkit-missing",
        (
            f"{HOST}docker run --rm --gpus all nvidia/cuda:12.4.1-base-ubuntu22.04 nvidia-smi\n"
            'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].\n'
            f"{HOST}nvidia-smi\n{TABLE}"
        ),
    ),
    "an unknown runtime": (
        "nvidia-container-toolkit-missing",
        "docker: Error response from daemon: unknown or invalid runtime name: nvidia.\nSee 'docker run --help'.\n",
    ),
    "an unknown runtime of an older docker": (
        "nvidia-container-toolkit-missing",
        "docker: Error response from daemon: Unknown runtime specified nvidia.\n",
    ),
    "podman without CDI": (
        "nvidia-container-toolkit-missing",
        (
            "$ podman run --rm --device nvidia.com/gpu=all ubuntu nvidia-smi -L\n"
            "Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all\n"
        ),
    ),
    "compose": (
        "nvidia-container-toolkit-missing",
        'Error response from daemon: could not select device driver "nvidia" with capabilities: [[gpu]]\n',
    ),
    "the hook is not there": (
        "nvidia-container-toolkit-missing",
        (
            "docker: Error response from daemon: failed to create task for container: exec: "
            '"nvidia-container-runtime": executable file not found in $PATH: unknown.\n'
        ),
    ),
    "no node with a GPU": (
        "nvidia-container-toolkit-missing",
        "  Warning  FailedScheduling  12s  default-scheduler  0/3 nodes are available: 3 Insufficient nvidia.com/gpu.\n",
    ),
    "the host's own mismatch, told by the hook": (
        "nvml-driver-library-mismatch",
        (
            "docker: Error response from daemon: failed to create shim task: OCI runtime create failed: "
            "nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: "
            "unknown.\n"
        ),
    ),
    "the host has no driver, told by the hook": (
        "no-nvidia-driver",
        (
            f"{HOST}docker run --gpus all -it pytorch/pytorch\n"
            f"docker: Error response from daemon: OCI runtime create failed: nvidia-container-cli: "
            f"initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: "
            f"no such file or directory: unknown.\n"
        ),
    ),
    "mismatch inside only": (
        "nvml-container-library-mismatch",
        f"{HOST}nvidia-smi\n{TABLE}{HOST}docker run --rm --gpus all team/image:1 nvidia-smi\n{MISMATCH}",
    ),
    "mismatch inside, nothing of the host": ("nvml-container-library-mismatch", f"{INSIDE}nvidia-smi\n{MISMATCH}"),
    "mismatch on a host": ("nvml-driver-library-mismatch", f"{HOST}nvidia-smi\n{MISMATCH}"),
    "lost devices": ("container-lost-gpu-devices", f"{INSIDE}nvidia-smi\nFailed to initialize NVML: Unknown Error\n"),
    "lost devices, the words alone": ("container-lost-gpu-devices", "Failed to initialize NVML: Unknown Error\n"),
    "lost devices with the host's table": (
        "container-lost-gpu-devices",
        f"{HOST}nvidia-smi\n{TABLE}{HOST}docker exec -it trainer nvidia-smi\nFailed to initialize NVML: Unknown Error\n",
    ),
    "an index that is not there": ("cuda-visible-devices", f"$ nvidia-smi\n{TABLE}$ CUDA_VISIBLE_DEVICES=1 python train.py\n{NO_DEVICE}"),
    "torch's name for a device": (
        "cuda-visible-devices",
        f'os.environ["CUDA_VISIBLE_DEVICES"] = "cuda:0"\n{TABLE}RuntimeError: No CUDA GPUs are available\n',
    ),
    "works but for one program": ("cuda-visible-devices", f"$ nvidia-smi\n{TABLE}$ python train.py\n{NO_DEVICE}"),
    "WSL 1": (
        "wsl1-no-gpu",
        f"$ uname -a\nLinux PC 4.4.0-19041-Microsoft #1237-Microsoft Sat Sep 11 14:32:00 PST 2021 x86_64 GNU/Linux\n{NO_DRIVER}",
    ),
    "WSL 1 by its list": (
        "wsl1-no-gpu",
        f"PS C:\\> wsl -l -v\n  NAME            STATE           VERSION\n* Ubuntu-22.04    Running         1\n{NO_DRIVER}",
    ),
    "WSL 2 without access": (
        "wsl2-driver-libraries-missing",
        (
            "Linux PC 5.15.167.4-microsoft-standard-WSL2 #1 SMP x86_64 GNU/Linux\n$ nvidia-smi\n"
            "Failed to initialize NVML: GPU access blocked by the operating system\n"
        ),
    ),
    "a Linux driver inside WSL 2": (
        "wsl2-driver-libraries-missing",
        (
            "5.15.90.1-microsoft-standard-WSL2\n$ nvidia-smi\n"
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that "
            "the latest NVIDIA driver is installed and running.\n"
        ),
    ),
    "libcuda.so under WSL 2": (
        "libcuda-not-on-loader-path",
        (
            "5.15.90.1-microsoft-standard-WSL2\n"
            "Could not load library libcudnn_cnn_infer.so.8. Error: libcuda.so: cannot open shared object "
            "file: No such file or directory\nAborted\n"
        ),
    ),
    "libcuda.so.1 with a driver": (
        "libcuda-not-on-loader-path",
        f"5.15.90.1-microsoft-standard-WSL2\n{TABLE}ImportError: libcuda.so.1: cannot open shared object file: No such file or directory\n",
    ),
    "shared memory in docker": (
        "shm-too-small",
        (
            "$ docker run --gpus all --rm -it pytorch/pytorch python train.py\n"
            "RuntimeError: DataLoader worker (pid 47) is killed by signal: Bus error. It is possible that "
            "dataloader's workers are out of shared memory.\n"
        ),
    ),
    "shared memory by df": (
        "shm-too-small",
        (
            f"{INSIDE}df -h /dev/shm\nFilesystem      Size  Used Avail Use% Mounted on\n"
            f"shm              64M   64M     0 100% /dev/shm\n"
            f"RuntimeError: unable to write to file </torch_18_1_0>: No space left on device (28)\n"
        ),
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_has_one_cause(name: str) -> None:
    expected, text = TEXTS[name]
    report = judged(read_text(text))
    assert causes_about_gpus(report) == [expected]
    assert report.findings[0].rule == expected
    assert report.findings[0].severity is Severity.ERROR
    assert report.findings[0].remedies


WELL = {
    "a text of a container at work": read_text(
        f"{HOST}docker run --gpus all --rm -it pytorch/pytorch\n{INSIDE}nvidia-smi\n{TABLE}>>> torch.cuda.is_available()\nTrue\n"
    ),
    "a text without --gpus that needs none": read_text(
        "$ docker run --rm python:3.12 pip list\nPackage Version\n------- -------\nnumpy   2.3.5\n"
    ),
    "nvidia-smi in a container, by the runtime's default": read_text(
        f"$ docker run --rm nvidia/cuda:12.4.1-base-ubuntu22.04 nvidia-smi\n{TABLE}"
    ),
    "TensorFlow's word at every start": read_text(
        "$ docker run --rm tensorflow/tensorflow python x.py\n"
        "I tensorflow/tsl/cuda/cudart_stub.cc:28] Could not find cuda drivers on your machine, GPU will "
        "not be used.\n"
    ),
}


@pytest.mark.parametrize("name", WELL)
def test_a_healthy_text_gets_neither_error_nor_warning(name: str) -> None:
    report = judged(WELL[name])
    assert [(finding.rule, finding.message) for finding in report.findings if finding.severity is not Severity.INFO] == []
