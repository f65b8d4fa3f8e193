"""What programs answer to the questions that rules ask: real outputs, each with the fact that it must tell."""

from typing import NamedTuple


class Output(NamedTuple):
    """One real answer to a command: `fact` is what it must tell; `alone` False: without its command above it, it could be anything's."""

    command: str
    fact: str
    text: str
    alone: bool = True


FLAGS = (
    "flags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ht syscall nx lm ssse3 sse4_2"
)
NODES = "crw-rw-rw- 1 root root 195,   0 Mar  3 09:12 /dev/nvidia0\ncrw-rw-rw- 1 root root 195, 255 Mar  3 09:12 /dev/nvidiactl"
KFD = (
    "crw-rw---- 1 root render 235, 0 Feb  2 11:20 /dev/kfd\n\n/dev/dri:\ntotal 0\ncrw-rw---- 1 root render 226, 128 Feb  2 11:20 renderD128"
)
SMI = """\
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 550.54.14              Driver Version: 550.54.14      CUDA Version: 12.4     |
|-----------------------------------------+------------------------+----------------------+
| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |
|                                         |                        |               MIG M. |
|=========================================+========================+======================|
|   0  NVIDIA L4                      Off |   00000000:00:03.0 Off |                    0 |
| N/A   45C    P8             16W /   72W |       1MiB /  23034MiB |      0%      Default |
|                                         |                        |                  N/A |
+-----------------------------------------+------------------------+----------------------+
"""
MODE = """
==============NVSMI LOG==============

Driver Version                            : 535.161.07
CUDA Version                              : 12.2

Attached GPUs                             : 1
GPU 00000000:01:00.0
    Compute Mode                          : Exclusive_Process
"""
QUERY = """
==============NVSMI LOG==============

Driver Version                            : 550.90.07
CUDA Version                              : 12.4

Attached GPUs                             : 1
GPU 00000000:07:00.0
    Product Name                          : NVIDIA A30
    Clocks Event Reasons
        Idle                              : Not Active
        SW Power Cap                      : Not Active
        HW Slowdown                       : Active
            HW Thermal Slowdown           : Active
            HW Power Brake Slowdown       : Not Active
    ECC Errors
        Volatile
            SRAM Correctable              : 0
            SRAM Uncorrectable            : 0
            DRAM Correctable              : 0
            DRAM Uncorrectable            : 2
    Temperature
        GPU Current Temp                  : 41 C
"""
SITE = """\
sys.path = [
    '/home/ana/project',
    '/usr/lib/python312.zip',
    '/usr/lib/python3.12',
    '/home/ana/.local/lib/python3.12/site-packages',
    '/usr/lib/python3/dist-packages',
]
USER_BASE: '/home/ana/.local' (exists)
USER_SITE: '/home/ana/.local/lib/python3.12/site-packages' (exists)
ENABLE_USER_SITE: True
"""
KERNELS = """\
{
  "kernelspecs": {
    "python3": {
      "resource_dir": "/usr/share/jupyter/kernels/python3",
      "spec": {
        "argv": ["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (ipykernel)",
        "language": "python"
      }
    }
  }
}
"""
HOROVOD = """\
Horovod v0.28.1:

Available Frameworks:
    [ ] TensorFlow
    [X] PyTorch
    [ ] MXNet
"""
XFORMERS = """\
xFormers 0.0.23
memory_efficient_attention.cutlassF:               available
pytorch.version:                                   2.1.1+cu121
pytorch.cuda:                                      available
build.torch_version:                               2.1.1+cu121
"""
COLLECT = "PyTorch version: 2.4.0+cu121\nIs debug build: False\nCUDA used to build PyTorch: 12.1\nROCM used to build PyTorch: N/A\n"
PIP_LIST = "Package    Version\n---------- -------\nnumpy      2.0.1\ntorch      2.4.0\n"
VERBOSE = f"Package Version Location{40 * ' '}Installer\n------- ------- {47 * '-'} ---------\n"
VERBOSE += "torch   2.4.0   /home/ana/.local/lib/python3.12/site-packages   pip\n"
DF = "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        49G   49G     0 100% /\n"
SHM = "Filesystem     1K-blocks  Used Available Use% Mounted on\nshm                65536 64000      1536  98% /dev/shm\n"
NVRM = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\n"
LSPCI = "03:00.0 VGA compatible controller: Advanced Micro Devices, Inc. [AMD/ATI] Navi 31 [Radeon RX 7900 XTX] (rev c8)\n"
LSPCI += "\tKernel driver in use: amdgpu\n\tKernel modules: amdgpu\n"
FABRIC = "● nvidia-fabricmanager.service - NVIDIA fabric manager service\n     Loaded: loaded\n     Active: inactive (dead)\n"
SYCL = (
    "[level_zero:gpu][level_zero:0] Intel(R) oneAPI Unified Runtime over Level-Zero, Intel(R) Arc(TM) A770 Graphics 12.55.8 [1.6.31294]\n"
)
ROCMINFO = "*******\nAgent 2\n*******\n  Name:                    gfx1100\n  Marketing Name:          Radeon RX 7900 XTX\n"
ROCMINFO += "  Device Type:             GPU\n"
FREE = "               total        used        free      shared  buff/cache   available\n"
FREE += "Mem:     16642998272  4329390080  6893584384   461373440  5420023808 11511050240\n"
LDCONFIG = "\tlibcuda.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libcuda.so.1\n"
CONDA = "# packages in environment at /opt/conda:\n#\n# Name                    Version                   Build  Channel\n"
CONDA += "pytorch                   2.1.0           py3.10_cuda12.1_cudnn8.9.2_0    pytorch\n"
DPKG = "||/ Name                     Version                 Architecture Description\n"
DPKG += "ii  nvidia-driver-535        535.183.01-0ubuntu0.22.04.1 amd64        NVIDIA driver metapackage\n"

TRACEBACK = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\nModuleNotFoundError: No module named 'jax'\n"
BITSANDBYTES = "CUDA Setup failed despite GPU being available. Please run the following command to get more information:\n"
FAULT = "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
VLLM = '  File "/v/lib/python3.11/site-packages/vllm/_C.py", line 3, in <module>\n'
VLLM += "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory\n"
NO_GPUS = "RuntimeError: No CUDA GPUs are available\n"
NO_DRIVER_IN_WSL = "$ uname -r\n5.15.153.1-microsoft-standard-WSL2\nRuntimeError: Found no NVIDIA driver on your system.\n"
NVIDIA_ON_THE_BUS = "01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)\n"
LD_DEBUG = "     4711:\tfind library=libcudnn.so.8 [0]; searching\n     4711:\t  trying file=/usr/local/cuda/lib64/libcudnn.so.8\n"
LD_DEBUG += "     4711:\tcalling init: /usr/local/cuda/lib64/libcudnn.so.8\n"

OUTPUTS = (
    Output("nvidia-smi", "accelerators", SMI),
    Output("nvidia-smi -L", "accelerators", "GPU 0: NVIDIA A30 (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)\n"),
    Output("nvidia-smi --query-gpu=name,compute_cap --format=csv", "accelerators", "name, compute_cap\nNVIDIA GeForce RTX 3070, 8.6\n"),
    Output("nvidia-smi -q -d COMPUTE,PIDS", "accelerators", MODE),
    Output("nvidia-smi -q", "accelerators", QUERY),
    Output("rocm-smi", "accelerators", "GPU[0]\t\t: Card Series: \t\tRadeon RX 7900 XTX\nGPU[0]\t\t: GFX Version: \t\tgfx1100\n"),
    Output("rocminfo", "accelerators", ROCMINFO),
    Output("sycl-ls", "accelerators", SYCL),
    Output("lspci -k", "accelerators", LSPCI),
    Output("lspci", "accelerators", LSPCI.partition("\n")[0] + "\n"),
    Output("lsmod", "modules", "Module                  Size  Used by\namdgpu              12345344  33\n"),
    Output("ls -l /dev/nvidia*", "devices", NODES),
    Output("ls -l /dev/nvidia*", "devices", "ls: cannot access '/dev/nvidia*': No such file or directory\n"),
    Output("ls -l /dev/kfd", "devices", "ls: cannot access '/dev/kfd': No such file or directory\n"),
    Output("ls -l /dev/kfd /dev/dri", "devices", KFD),
    Output("ls -l /dev/dri", "devices", "crw-rw---- 1 root render 226, 128 Feb  2 11:20 /dev/dri/renderD128\n"),
    Output("ls -l /dev/dxg", "devices", "crw-rw-rw- 1 root root 10, 125 Mar  3 10:11 /dev/dxg\n"),
    Output("cat /proc/driver/nvidia/version", "nvidia.kernel_module_version", NVRM),
    Output("cat /proc/driver/nvidia/version", "nvidia", "cat: /proc/driver/nvidia/version: No such file or directory\n"),
    Output("ldconfig -p | grep libcuda", "nvidia.libcuda_path", LDCONFIG),
    Output("systemctl status nvidia-fabricmanager", "nvidia.fabric_manager", FABRIC),
    Output("systemctl is-active nvidia-fabricmanager", "nvidia.fabric_manager", "inactive\n", alone=False),
    Output("dpkg --list '*nvidia*'", "nvidia.package_version", DPKG),
    Output("grep --max-count=1 flags /proc/cpuinfo", "cpu.features", FLAGS),
    Output(
        "lscpu",
        "cpu.model",
        "Architecture:        x86_64\nCPU(s):              8\nModel name:          Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz\n",
    ),
    Output("df --human-readable", "disks[root]", DF),
    Output("df /dev/shm", "memory.shm_bytes", SHM),
    Output(
        "df",
        "disks[root]",
        "Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/sda1       51343840 51000000         0 100% /\n",
    ),
    Output("free -b", "memory.total_bytes", FREE),
    Output("sysctl machdep.cpu.brand_string", "apple.chip", "machdep.cpu.brand_string: Apple M1 Pro\n"),
    Output("sw_vers", "system.distribution_version", "ProductName:\t\tmacOS\nProductVersion:\t\t12.2.1\nBuildVersion:\t\t21D62\n"),
    Output(
        "uname -v", "system.os", "Darwin Kernel Version 23.4.0: Fri Mar 15 00:10:42 PDT 2024; root:xnu-10063.101.17~1/RELEASE_ARM64_T6000\n"
    ),
    Output("uname -r", "system.wsl", "5.15.153.1-microsoft-standard-WSL2\n"),
    Output("uname -sm", "system.os", "Darwin arm64\n"),
    Output("uname -sm", "system.machine", "Linux x86_64\n"),
    Output(
        "uname -a",
        "system.kernel",
        "Linux box 5.15.0-105-generic #115-Ubuntu SMP Mon Apr 15 09:52:04 UTC 2024 x86_64 x86_64 x86_64 GNU/Linux\n",
    ),
    Output("ver", "system.os", "Microsoft Windows [Version 10.0.22631.3447]\n"),
    Output("ldd --version", "system.libc", "ldd (Ubuntu GLIBC 2.31-0ubuntu9.14) 2.31\n"),
    Output("nvcc --version", "tools[nvcc]", "nvcc: NVIDIA (R) Cuda compiler driver\nCuda compilation tools, release 12.1, V12.1.105\n"),
    Output("java -version", "tools[java]", 'openjdk version "1.8.0_392"\nOpenJDK Runtime Environment (build 1.8.0_392-b08)\n'),
    Output("horovodrun --check-build", "packages[horovod].version", HOROVOD),
    Output("env | grep -E 'ONEAPI|SYCL|ZE_'", "variables[ONEAPI_DEVICE_SELECTOR]", "ONEAPI_DEVICE_SELECTOR=opencl:cpu\n"),
    Output("env", "variables[LD_LIBRARY_PATH]", "SHELL=/bin/bash\nLD_LIBRARY_PATH=/usr/local/cuda/lib64\n"),
    Output("echo $CUDA_VISIBLE_DEVICES", "variables[CUDA_VISIBLE_DEVICES]", "-1\n", alone=False),
    Output("echo $PYTHONHOME", "variables[PYTHONHOME]", "/usr/local\n", alone=False),
    Output("echo $PYTHONPATH", "variables[PYTHONPATH]", "/sw/lib/python3.8/site-packages\n", alone=False),
    Output("pip list", "packages[torch].version", PIP_LIST),
    Output("pip list --verbose", "packages[torch].location", VERBOSE),
    Output("pip check", "packages[torch].version", "torchvision 0.15.2 has requirement torch==2.0.1, but you have torch 2.3.0.\n"),
    Output("pip check", "python.requirements_met", "No broken requirements found.\n"),
    Output("uv pip check", "python.requirements_met", "Checked 41 packages in 1ms\nAll installed packages are compatible\n"),
    Output("pip --version", "python.pip", "pip 23.2.1 from /usr/lib/python3/dist-packages/pip (python 3.11)\n"),
    Output("pip --version", "python.pip", "pip 24.0 from C:\\Users\\ana\\venv\\Lib\\site-packages\\pip (python 3.11)\n"),
    Output("pip show pyspark", "packages[pyspark].version", "Name: pyspark\nVersion: 3.5.1\nSummary: Apache Spark Python API\n"),
    Output("pip show torch", "packages[torch].version", "Name: torch\nVersion: 2.4.0\nSummary: Tensors and Dynamic neural networks\n"),
    Output("pip show protobuf", "packages[protobuf].version", "Name: protobuf\nVersion: 4.25.3\nSummary:\n"),
    Output("conda list", "packages[torch].build", CONDA),
    Output("which pip", "python.pip", "/usr/bin/pip\n"),
    Output("where pip", "python.pip", "C:\\Python311\\Scripts\\pip.exe\n"),
    Output("which python", "python.executable", "/home/ana/venv/bin/python\n"),
    Output("where python", "python.executable", "C:\\Users\\ana\\venv\\Scripts\\python.exe\n"),
    Output("python --version", "python.version", "Python 3.12.3\n"),
    Output("python -m site", "python.user_site", SITE),
    Output(
        "python -c 'import sys; print(sys.path)'",
        "python.python_path",
        "['', '/usr/lib/python310.zip', '/usr/lib/python3.10', '/v/lib/python3.10/site-packages']\n",
    ),
    Output(
        "python -c 'import sys; print(sys.path)'",
        "python.python_path",
        "['', 'C:\\\\Python310\\\\python310.zip', 'C:\\\\Python310\\\\lib', 'C:\\\\Python310\\\\lib\\\\site-packages']\n",
    ),
    Output("jupyter kernelspec list --json", "python.kernels", KERNELS),
    Output('python -c "import platform; print(platform.platform())"', "python.platform", "macOS-14.4-arm64-arm-64bit\n"),
    Output('python -c "import platform; print(platform.platform())"', "system.os", "Linux-5.15.0-105-generic-x86_64-with-glibc2.35\n"),
    Output('python -c "import platform; print(platform.platform())"', "system.os", "Windows-10-10.0.19045-SP0\n"),
    Output('python -c "import platform; print(platform.machine())"', "system.machine", "arm64\n", alone=False),
    Output(
        'python -c "import platform, struct; print(platform.python_version(), platform.machine(), struct.calcsize(chr(80)) * 8)"',
        "python.bits",
        "3.13.1 AMD64 32\n",
    ),
    Output('python -c "import torch; print(torch.cuda.get_arch_list())"', "builds[torch].arch_list", "['sm_50', 'sm_80']\n", alone=False),
    Output('python -c "import torch; print(torch.version.cuda)"', "builds[torch].cuda", "None\n", alone=False),
    Output('python -c "import torch; print(torch.cuda.is_available())"', "builds[torch].cuda_available", "False\n", alone=False),
    Output(
        'python -c "import torch; print(torch.backends.mps.is_built(), torch.backends.mps.is_available())"',
        "builds[torch].mps_built",
        "True False\n",
        alone=False,
    ),
    Output('python -c "import tensorflow as tf; print(tf.__version__)"', "packages[tensorflow].version", "2.15.0\n", alone=False),
    Output(
        'python -c "import xgboost; print(xgboost.build_info())"',
        "builds[xgboost].cuda",
        "{'DEBUG': False, 'USE_CUDA': False, 'USE_NCCL': False}\n",
    ),
    Output("python -m torch.utils.collect_env", "builds[torch].cuda", COLLECT),
    Output('python -c "import jax"', "symptoms", TRACEBACK),
    Output("python -m bitsandbytes", "symptoms", BITSANDBYTES),
    Output("python -X faulthandler -c 'import torch'", "symptoms", FAULT),
    Output("LD_DEBUG=libs", "toolkits", LD_DEBUG),
    Output("ldd libtorch_cuda.so", "symptoms", "\tlibc10.so => not found\n\tlibcudart.so.11.0 => not found\n"),
    Output(
        "sudo dmesg",
        "symptoms",
        "[   12.4] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x26:0x56:1463)\n",
    ),
    Output("python -m xformers.info", "packages[xformers].version", XFORMERS),
)
