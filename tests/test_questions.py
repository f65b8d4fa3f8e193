"""What a rule asks for can be read: every command of a question stands in a table of real outputs, and each output gives its fact."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import envcheck.judging
import envcheck.rules
from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_text
from envcheck.rules import all_rules


class Output(NamedTuple):
    """One real answer to a command: `fact` is what it must tell; `alone` False: without its command above it, it could be anything's."""

    command: str
    fact: str
    text: str
    alone: bool = True


_FLAGS = (
    "flags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ht syscall nx lm ssse3 sse4_2"
)
_NODES = "crw-rw-rw- 1 root root 195,   0 Mar  3 09:12 /dev/nvidia0\ncrw-rw-rw- 1 root root 195, 255 Mar  3 09:12 /dev/nvidiactl"
_KFD = (
    "crw-rw---- 1 root render 235, 0 Feb  2 11:20 /dev/kfd\n\n/dev/dri:\ntotal 0\ncrw-rw---- 1 root render 226, 128 Feb  2 11:20 renderD128"
)
_SMI = """\
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
_MODE = """
==============NVSMI LOG==============

Driver Version                            : 535.161.07
CUDA Version                              : 12.2

Attached GPUs                             : 1
GPU 00000000:01:00.0
    Compute Mode                          : Exclusive_Process
"""
_QUERY = """
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
_SITE = """\
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
_KERNELS = """\
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
_HOROVOD = """\
Horovod v0.28.1:

Available Frameworks:
    [ ] TensorFlow
    [X] PyTorch
    [ ] MXNet
"""
_XFORMERS = """\
xFormers 0.0.23
memory_efficient_attention.cutlassF:               available
pytorch.version:                                   2.1.1+cu121
pytorch.cuda:                                      available
build.torch_version:                               2.1.1+cu121
"""
_COLLECT = "PyTorch version: 2.4.0+cu121\nIs debug build: False\nCUDA used to build PyTorch: 12.1\nROCM used to build PyTorch: N/A\n"
_PIP_LIST = "Package    Version\n---------- -------\nnumpy      2.0.1\ntorch      2.4.0\n"
_VERBOSE = f"Package Version Location{40 * ' '}Installer\n------- ------- {47 * '-'} ---------\n"
_VERBOSE += "torch   2.4.0   /home/ana/.local/lib/python3.12/site-packages   pip\n"
_DF = "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        49G   49G     0 100% /\n"
_SHM = "Filesystem     1K-blocks  Used Available Use% Mounted on\nshm                65536 64000      1536  98% /dev/shm\n"
_NVRM = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\n"
_LSPCI = "03:00.0 VGA compatible controller: Advanced Micro Devices, Inc. [AMD/ATI] Navi 31 [Radeon RX 7900 XTX] (rev c8)\n"
_LSPCI += "\tKernel driver in use: amdgpu\n\tKernel modules: amdgpu\n"
_FABRIC = "● nvidia-fabricmanager.service - NVIDIA fabric manager service\n     Loaded: loaded\n     Active: inactive (dead)\n"
_SYCL = (
    "[level_zero:gpu][level_zero:0] Intel(R) oneAPI Unified Runtime over Level-Zero, Intel(R) Arc(TM) A770 Graphics 12.55.8 [1.6.31294]\n"
)
_ROCMINFO = "*******\nAgent 2\n*******\n  Name:                    gfx1100\n  Marketing Name:          Radeon RX 7900 XTX\n"
_ROCMINFO += "  Device Type:             GPU\n"
_FREE = "               total        used        free      shared  buff/cache   available\n"
_FREE += "Mem:     16642998272  4329390080  6893584384   461373440  5420023808 11511050240\n"
_LDCONFIG = "\tlibcuda.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libcuda.so.1\n"
_CONDA = "# packages in environment at /opt/conda:\n#\n# Name                    Version                   Build  Channel\n"
_CONDA += "pytorch                   2.1.0           py3.10_cuda12.1_cudnn8.9.2_0    pytorch\n"
_DPKG = "||/ Name                     Version                 Architecture Description\n"
_DPKG += "ii  nvidia-driver-535        535.183.01-0ubuntu0.22.04.1 amd64        NVIDIA driver metapackage\n"

_TRACEBACK = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\nModuleNotFoundError: No module named 'jax'\n"
_BITSANDBYTES = "CUDA Setup failed despite GPU being available. Please run the following command to get more information:\n"
_FAULT = "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
_VLLM = '  File "/v/lib/python3.11/site-packages/vllm/_C.py", line 3, in <module>\n'
_VLLM += "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory\n"
_NO_GPUS = "RuntimeError: No CUDA GPUs are available\n"
_NO_DRIVER_IN_WSL = "$ uname -r\n5.15.153.1-microsoft-standard-WSL2\nRuntimeError: Found no NVIDIA driver on your system.\n"
_NVIDIA_ON_THE_BUS = "01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)\n"
_LD_DEBUG = "     4711:\tfind library=libcudnn.so.8 [0]; searching\n     4711:\t  trying file=/usr/local/cuda/lib64/libcudnn.so.8\n"
_LD_DEBUG += "     4711:\tcalling init: /usr/local/cuda/lib64/libcudnn.so.8\n"

OUTPUTS = (
    Output("nvidia-smi", "accelerators", _SMI),
    Output("nvidia-smi -L", "accelerators", "GPU 0: NVIDIA A30 (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)\n"),
    Output("nvidia-smi --query-gpu=name,compute_cap --format=csv", "accelerators", "name, compute_cap\nNVIDIA GeForce RTX 3070, 8.6\n"),
    Output("nvidia-smi -q -d COMPUTE,PIDS", "accelerators", _MODE),
    Output("nvidia-smi -q", "accelerators", _QUERY),
    Output("rocm-smi", "accelerators", "GPU[0]\t\t: Card Series: \t\tRadeon RX 7900 XTX\nGPU[0]\t\t: GFX Version: \t\tgfx1100\n"),
    Output("rocminfo", "accelerators", _ROCMINFO),
    Output("sycl-ls", "accelerators", _SYCL),
    Output("lspci -k", "accelerators", _LSPCI),
    Output("lspci", "accelerators", _LSPCI.partition("\n")[0] + "\n"),
    Output("lsmod", "modules", "Module                  Size  Used by\namdgpu              12345344  33\n"),
    Output("ls -l /dev/nvidia*", "devices", _NODES),
    Output("ls -l /dev/nvidia*", "devices", "ls: cannot access '/dev/nvidia*': No such file or directory\n"),
    Output("ls -l /dev/kfd", "devices", "ls: cannot access '/dev/kfd': No such file or directory\n"),
    Output("ls -l /dev/kfd /dev/dri", "devices", _KFD),
    Output("ls -l /dev/dri", "devices", "crw-rw---- 1 root render 226, 128 Feb  2 11:20 /dev/dri/renderD128\n"),
    Output("ls -l /dev/dxg", "devices", "crw-rw-rw- 1 root root 10, 125 Mar  3 10:11 /dev/dxg\n"),
    Output("cat /proc/driver/nvidia/version", "nvidia.kernel_module_version", _NVRM),
    Output("cat /proc/driver/nvidia/version", "nvidia", "cat: /proc/driver/nvidia/version: No such file or directory\n"),
    Output("ldconfig -p | grep libcuda", "nvidia.libcuda_path", _LDCONFIG),
    Output("systemctl status nvidia-fabricmanager", "nvidia.fabric_manager", _FABRIC),
    Output("systemctl is-active nvidia-fabricmanager", "nvidia.fabric_manager", "inactive\n", alone=False),
    Output("dpkg --list '*nvidia*'", "nvidia.package_version", _DPKG),
    Output("grep --max-count=1 flags /proc/cpuinfo", "cpu.features", _FLAGS),
    Output(
        "lscpu",
        "cpu.model",
        "Architecture:        x86_64\nCPU(s):              8\nModel name:          Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz\n",
    ),
    Output("df --human-readable", "disks[root]", _DF),
    Output("df /dev/shm", "memory.shm_bytes", _SHM),
    Output(
        "df",
        "disks[root]",
        "Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/sda1       51343840 51000000         0 100% /\n",
    ),
    Output("free -b", "memory.total_bytes", _FREE),
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
    Output("horovodrun --check-build", "packages[horovod].version", _HOROVOD),
    Output("env | grep -E 'ONEAPI|SYCL|ZE_'", "variables[ONEAPI_DEVICE_SELECTOR]", "ONEAPI_DEVICE_SELECTOR=opencl:cpu\n"),
    Output("env", "variables[LD_LIBRARY_PATH]", "SHELL=/bin/bash\nLD_LIBRARY_PATH=/usr/local/cuda/lib64\n"),
    Output("echo $CUDA_VISIBLE_DEVICES", "variables[CUDA_VISIBLE_DEVICES]", "-1\n", alone=False),
    Output("echo $PYTHONHOME", "variables[PYTHONHOME]", "/usr/local\n", alone=False),
    Output("echo $PYTHONPATH", "variables[PYTHONPATH]", "/sw/lib/python3.8/site-packages\n", alone=False),
    Output("pip list", "packages[torch].version", _PIP_LIST),
    Output("pip list --verbose", "packages[torch].location", _VERBOSE),
    Output("pip check", "packages[torch].version", "torchvision 0.15.2 has requirement torch==2.0.1, but you have torch 2.3.0.\n"),
    Output("pip check", "python.requirements_met", "No broken requirements found.\n"),
    Output("uv pip check", "python.requirements_met", "Checked 41 packages in 1ms\nAll installed packages are compatible\n"),
    Output("pip --version", "python.pip", "pip 23.2.1 from /usr/lib/python3/dist-packages/pip (python 3.11)\n"),
    Output("pip --version", "python.pip", "pip 24.0 from C:\\Users\\ana\\venv\\Lib\\site-packages\\pip (python 3.11)\n"),
    Output("pip show pyspark", "packages[pyspark].version", "Name: pyspark\nVersion: 3.5.1\nSummary: Apache Spark Python API\n"),
    Output("pip show torch", "packages[torch].version", "Name: torch\nVersion: 2.4.0\nSummary: Tensors and Dynamic neural networks\n"),
    Output("pip show protobuf", "packages[protobuf].version", "Name: protobuf\nVersion: 4.25.3\nSummary:\n"),
    Output("conda list", "packages[torch].build", _CONDA),
    Output("which pip", "python.pip", "/usr/bin/pip\n"),
    Output("where pip", "python.pip", "C:\\Python311\\Scripts\\pip.exe\n"),
    Output("which python", "python.executable", "/home/ana/venv/bin/python\n"),
    Output("where python", "python.executable", "C:\\Users\\ana\\venv\\Scripts\\python.exe\n"),
    Output("python --version", "python.version", "Python 3.12.3\n"),
    Output("python -m site", "python.user_site", _SITE),
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
    Output("jupyter kernelspec list --json", "python.kernels", _KERNELS),
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
    Output("python -m torch.utils.collect_env", "builds[torch].cuda", _COLLECT),
    Output('python -c "import jax"', "symptoms", _TRACEBACK),
    Output("python -m bitsandbytes", "symptoms", _BITSANDBYTES),
    Output("python -X faulthandler -c 'import torch'", "symptoms", _FAULT),
    Output("LD_DEBUG=libs", "toolkits", _LD_DEBUG),
    Output("ldd libtorch_cuda.so", "symptoms", "\tlibc10.so => not found\n\tlibcudart.so.11.0 => not found\n"),
    Output(
        "sudo dmesg",
        "symptoms",
        "[   12.4] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x26:0x56:1463)\n",
    ),
    Output("python -m xformers.info", "packages[xformers].version", _XFORMERS),
)


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: f"{output.command}-{output.fact}")
@pytest.mark.parametrize("prompt", ["$ ", "(base) ana@box:~/work$ ", "% ", "# ", ""])
def test_what_is_asked_for_is_read(output: Output, prompt: str) -> None:
    told = read_text((f"{prompt}{output.command}\n" if prompt else "") + output.text)
    if prompt or output.alone:
        assert any(fact.startswith(output.fact) for fact in (*told.sources, *("symptoms" for _ in told.symptoms))), told.sources


def test_of_a_card_in_all_its_fields_those_are_read_that_were_asked_for() -> None:
    (card,) = read_text(_QUERY).accelerators
    assert card.ecc_errors == 2
    assert "hw-thermal" in known(card.throttle_reasons, ())


# A question that is put together while the rule runs asks for one of these; "" stands for what shows itself in how a program behaves.
FORMS = {
    "pip show {}": "pip show pyspark",
    "pip show -f {} {}": "pip show pyspark",
    "pip show tf-keras": "pip show pyspark",
    "echo ${}": "echo $CUDA_VISIBLE_DEVICES",
    'python -c "import {}"': 'python -c "import jax"',
    'python -c "import torch"': 'python -c "import jax"',
    'python -c "import tensorflow"': 'python -c "import jax"',
    'python -c "import transformers"': 'python -c "import jax"',
    "python -c 'import transformers'": 'python -c "import jax"',
    'python -c "import triton"': 'python -c "import jax"',
    "python -X faulthandler -c 'import {}'": "python -X faulthandler -c 'import torch'",
    "ldd {}": "ldd libtorch_cuda.so",
    "systemctl status {}": "systemctl status nvidia-fabricmanager",
    "python -c \"import tensorflow as tf; print(tf.config.list_physical_devices('GPU'))\"": 'python -c "import jax"',
    "python -m pip debug --verbose": "",
}
_NAMES_A_PROGRAM = re.compile(
    r"\b(?:python -|(?:pip|conda) (?:list|show|check|debug)|nvidia-smi|rocm-smi|rocminfo|ls -l|df\b|ldd |ldconfig|uname|cat /|env \||echo "
    r"|systemctl|jupyter|lspci|lsmod|sw_vers|sysctl|java -|nvcc -|dpkg|dmesg|LD_DEBUG|sycl-ls|lscpu|free -|mokutil|which (?:python|pip))"
)


def _questions() -> Iterator[tuple[str, str]]:
    """Every question in the sources of the rules, with the module that asks it; what is put in while it runs is written {}."""
    for folder in (envcheck.rules, envcheck.judging):
        for path in sorted(Path(folder.__path__[0]).glob("*.py")):
            module = importlib.import_module(f"{folder.__name__}.{path.stem}") if path.stem != "__init__" else folder
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for argument in _asking(node):
                    yield from ((path.stem, words) for words in _words(argument, vars(module)))


def _asking(node: ast.AST) -> Iterator[ast.expr]:
    """What a call gives as `needs` or `would_confirm`."""
    if isinstance(node, ast.Call):
        yield from (keyword.value for keyword in node.keywords if keyword.arg in ("needs", "would_confirm"))
        if isinstance(node.func, ast.Name) and node.func.id == "NotEvaluated" and len(node.args) > 2:
            yield node.args[2]


def _words(argument: ast.expr, names: dict[str, object]) -> Iterator[str]:
    joined = [node for node in ast.walk(argument) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in joined for part in ast.walk(node)}
    for node in joined:
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    for node in ast.walk(argument):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value
        elif isinstance(node, ast.Name) and id(node) not in inside:
            value = names.get(node.id)
            yield from (each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, str))


def test_every_command_that_a_rule_asks_for_is_one_whose_output_is_read() -> None:
    commands = {output.command for output in OUTPUTS}
    asked = [(module, words) for module, words in _questions() if _NAMES_A_PROGRAM.search(words)]
    unread = {f"{module}: {words}" for module, words in asked if not any(_names(words, command) for command in (*commands, *FORMS))}
    assert len(asked) > 80
    assert not unread, "\n".join(sorted(unread))


def _names(words: str, command: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(command)}(?![\w-])", words) is not None


def test_forms_of_questions_are_still_asked_and_their_outputs_read() -> None:
    asked = [words for _, words in _questions()]
    assert {form for form in FORMS if not any(_names(words, form) for words in asked)} == set()
    assert {command for command in FORMS.values() if command} <= {output.command for output in OUTPUTS}


# The rule, a text that makes it ask, and the answer after which it must not ask the same again.
DIALOGUES = (
    (
        "pip-of-another-python",
        "ModuleNotFoundError: No module named 'torch'\n",
        "$ pip --version\npip 22.0.2 from /usr/lib/python3/dist-packages/pip (python 3.10)\n$ python --version\nPython 3.12.4\n",
    ),
    ("kernel-of-another-python", "Python 3.11.4\n", _KERNELS + "$ which python\n/home/ana/venv/bin/python\n"),
    ("user-site-leaks", "ImportError: cannot import name 'x' from 'y'\n", _SITE),
    ("user-site-leaks", _SITE.replace("/usr/lib", "/home/ana/miniconda3/envs/dl/lib").replace("python3/dist", "python3.12/site"), _VERBOSE),
    (
        "pythonpath-mixes-environments",
        "Python 3.11.4\n",
        "['', '/opt/other/lib/python3.8/site-packages', '/usr/lib/python311.zip', '/v/lib/python3.11/site-packages']\n",
    ),
    ("cpu-no-avx", '$ python -c "import tensorflow"\nIllegal instruction (core dumped)\n', _FLAGS + "\n"),
    ("requirement-of-package-unmet", _PIP_LIST, "No broken requirements found.\n"),
    ("retired-package", "Python 3.11.4\n", _PIP_LIST),
    ("python-end-of-life", "", "Python 3.12.3\n"),
    (
        "cuda-forward-compat-804",
        "LD_LIBRARY_PATH=/usr/local/cuda-12.4/compat:/usr/lib\n",
        '$ python -c "import torch; print(torch.cuda.is_available())"\nTrue\n',
    ),
    (
        "kfd-permission",
        'GPU[0]\t\t: Card Series: \t\tRadeon RX 7900 XTX\n$ python -c "import torch; print(torch.version.hip)"\n6.0.32830\n',
        "$ groups\nana sudo\n" + _KFD,
    ),
    ("nvidia-device-denied", _NODES + "\n", "uid=1000(ana) gid=1000(ana) groups=1000(ana),27(sudo)\n"),
    (
        "gpu-too-old",
        "RuntimeError: CUDA error: no kernel image is available for execution on the device\n",
        "name, compute_cap\nNVIDIA GeForce RTX 3070, 8.6\n",
    ),
    ("gpu-too-old", "torch==2.5.1+rocm6.2\n03:00.0 VGA compatible controller: AMD/ATI Radeon Graphics\n", _ROCMINFO),
    ("wsl2-driver-libraries-missing", _NO_DRIVER_IN_WSL, _LDCONFIG + "crw-rw-rw- 1 root root 10, 125 Mar  3 10:11 /dev/dxg\n"),
    (
        "wsl2-driver-libraries-missing",
        _NO_DRIVER_IN_WSL,
        "\tlibcuda.so.1 (libc6,x86-64) => /usr/lib/wsl/lib/libcuda.so.1\nls: cannot access '/dev/dxg': No such file or directory\n",
    ),
    ("libcuda-not-on-loader-path", "ImportError: libcuda.so.1: cannot open shared object file: No such file or directory\n", _LDCONFIG),
    ("gpu-hidden-by-job", f"SLURM_JOB_ID=4711\n{_NO_GPUS}", "$ echo $CUDA_VISIBLE_DEVICES\n0\n"),
    ("gpu-passed-through", f"{_NO_GPUS}{_NVIDIA_ON_THE_BUS}", f"$ lspci -k\n{_NVIDIA_ON_THE_BUS}\tKernel driver in use: vfio-pci\n"),
    ("gpu-lost", f"NVIDIA GeForce RTX 3080\n{_NO_GPUS}", _SMI),
    ("fabricmanager-not-running", f"GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)\n{_NO_GPUS}", _FABRIC),
    ("container-lost-gpu-devices", f"$ docker run --gpus all -it img bash\n{_NO_GPUS}", "Failed to initialize NVML: Unknown Error\n"),
    (
        "nvml-container-library-mismatch",
        f"$ docker run --gpus all -it img bash\n{_NO_GPUS}",
        "Failed to initialize NVML: Driver/library version mismatch\n",
    ),
    (
        "cuda-runtime-lib-missing",
        f"torch==2.99.0\n{_VLLM}",
        '$ python -c "import torch; print(torch.version.cuda)"\n12.8\n',
    ),
    ("xgboost-no-cuda", "xgboost==2.0.3\ndevice=cuda\n", "{'DEBUG': False, 'USE_CUDA': False, 'USE_NCCL': False}\n"),
)


@pytest.mark.parametrize(("rule", "before", "answer"), DIALOGUES, ids=[f"{rule}-{number}" for number, (rule, *_) in enumerate(DIALOGUES)])
def test_the_same_is_not_asked_again(rule: str, before: str, answer: str) -> None:
    asked = _asked(read_text(before), rule)
    assert asked
    again = _asked(read_text(f"{before}\n{answer}"), rule)
    assert not again & asked


def _asked(facts: Snapshot, rule: str) -> set[str]:
    report = diagnose(facts, [each for each in all_rules() if each.name == rule])
    return {need for gap in report.not_evaluated for need in gap.needs} | {
        word for found in report.findings for word in found.would_confirm
    }
