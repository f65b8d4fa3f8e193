"""What a rule asks for can be read: every command of a question stands in a table of real outputs, and each output gives its fact."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import envcheck.judging
import envcheck.rules
from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_text
from envcheck.rules import all_rules
from tests.question_outputs import (
    FABRIC,
    FLAGS,
    KERNELS,
    KFD,
    LDCONFIG,
    NO_DRIVER_IN_WSL,
    NO_GPUS,
    NODES,
    NVIDIA_ON_THE_BUS,
    OUTPUTS,
    PIP_LIST,
    QUERY,
    ROCMINFO,
    SITE,
    SMI,
    VERBOSE,
    VLLM,
    Output,
)


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: f"{output.command}-{output.fact}")
@pytest.mark.parametrize("prompt", ["$ ", "(base) ana@box:~/work$ ", "% ", "# ", ""])
def test_what_is_asked_for_is_read(output: Output, prompt: str) -> None:
    told = read_text((f"{prompt}{output.command}\n" if prompt else "") + output.text)
    if prompt or output.alone:
        assert any(fact.startswith(output.fact) for fact in (*told.sources, *("symptoms" for _ in told.symptoms))), told.sources


def test_of_a_card_in_all_its_fields_those_are_read_that_were_asked_for() -> None:
    (card,) = read_text(QUERY).accelerators
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
    ("kernel-of-another-python", "Python 3.11.4\n", KERNELS + "$ which python\n/home/ana/venv/bin/python\n"),
    ("user-site-leaks", "ImportError: cannot import name 'x' from 'y'\n", SITE),
    ("user-site-leaks", SITE.replace("/usr/lib", "/home/ana/miniconda3/envs/dl/lib").replace("python3/dist", "python3.12/site"), VERBOSE),
    (
        "pythonpath-mixes-environments",
        "Python 3.11.4\n",
        "['', '/opt/other/lib/python3.8/site-packages', '/usr/lib/python311.zip', '/v/lib/python3.11/site-packages']\n",
    ),
    ("cpu-no-avx", '$ python -c "import tensorflow"\nIllegal instruction (core dumped)\n', FLAGS + "\n"),
    ("requirement-of-package-unmet", PIP_LIST, "No broken requirements found.\n"),
    ("retired-package", "Python 3.11.4\n", PIP_LIST),
    ("python-end-of-life", "", "Python 3.12.3\n"),
    (
        "cuda-forward-compat-804",
        "LD_LIBRARY_PATH=/usr/local/cuda-12.4/compat:/usr/lib\n",
        '$ python -c "import torch; print(torch.cuda.is_available())"\nTrue\n',
    ),
    (
        "kfd-permission",
        'GPU[0]\t\t: Card Series: \t\tRadeon RX 7900 XTX\n$ python -c "import torch; print(torch.version.hip)"\n6.0.32830\n',
        "$ groups\nana sudo\n" + KFD,
    ),
    ("nvidia-device-denied", NODES + "\n", "uid=1000(ana) gid=1000(ana) groups=1000(ana),27(sudo)\n"),
    (
        "gpu-too-old",
        "RuntimeError: CUDA error: no kernel image is available for execution on the device\n",
        "name, compute_cap\nNVIDIA GeForce RTX 3070, 8.6\n",
    ),
    ("gpu-too-old", "torch==2.5.1+rocm6.2\n03:00.0 VGA compatible controller: AMD/ATI Radeon Graphics\n", ROCMINFO),
    ("wsl2-driver-libraries-missing", NO_DRIVER_IN_WSL, LDCONFIG + "crw-rw-rw- 1 root root 10, 125 Mar  3 10:11 /dev/dxg\n"),
    (
        "wsl2-driver-libraries-missing",
        NO_DRIVER_IN_WSL,
        "\tlibcuda.so.1 (libc6,x86-64) => /usr/lib/wsl/lib/libcuda.so.1\nls: cannot access '/dev/dxg': No such file or directory\n",
    ),
    ("libcuda-not-on-loader-path", "ImportError: libcuda.so.1: cannot open shared object file: No such file or directory\n", LDCONFIG),
    ("gpu-hidden-by-job", f"SLURM_JOB_ID=4711\n{NO_GPUS}", "$ echo $CUDA_VISIBLE_DEVICES\n0\n"),
    ("gpu-passed-through", f"{NO_GPUS}{NVIDIA_ON_THE_BUS}", f"$ lspci -k\n{NVIDIA_ON_THE_BUS}\tKernel driver in use: vfio-pci\n"),
    ("gpu-lost", f"NVIDIA GeForce RTX 3080\n{NO_GPUS}", SMI),
    ("fabricmanager-not-running", f"GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)\n{NO_GPUS}", FABRIC),
    ("container-lost-gpu-devices", f"$ docker run --gpus all -it img bash\n{NO_GPUS}", "Failed to initialize NVML: Unknown Error\n"),
    (
        "nvml-container-library-mismatch",
        f"$ docker run --gpus all -it img bash\n{NO_GPUS}",
        "Failed to initialize NVML: Driver/library version mismatch\n",
    ),
    (
        "cuda-runtime-lib-missing",
        f"torch==2.99.0\n{VLLM}",
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
