"""Variables of a text: all ways to set them, only names that are shared, never a secret."""

import pytest

from envcheck.parsers.text.shell_variables import parse_environ, parse_variables
from envcheck.parsers.text.variable_names import concerns_frameworks

CVD = "CUDA_VISIBLE_DEVICES"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (f"{CVD}=1 python train.py", "1"),
        (f"$ {CVD}=0,1 torchrun --nproc 2 x.py", "0,1"),
        (f'export {CVD}="0,1"', "0,1"),
        (f"{CVD}=", ""),
        (f"{CVD}=$0 ./tools/demo.py", "$0"),
        (f"{CVD}=${{GPU_ID}} ./train.sh", "${GPU_ID}"),
        (f"{CVD}=GPU-5c4b,GPU-77", "GPU-5c4b,GPU-77"),
        (f"set {CVD}=0", "0"),
        (f'C:\\> set {CVD}="0"', '"0"'),
        (f'$env:{CVD} = "2"', "2"),
        (f'os.environ["{CVD}"] = "3"', "3"),
        (f"os.environ['{CVD}']='-1'", "-1"),
        (f'os.environ.setdefault("{CVD}", "4")', "4"),
        (f"ENV {CVD} 0", "0"),
        (f"ENV {CVD}=0", "0"),
        (f"      - {CVD}=7", "7"),
        (f'      - "{CVD}=7"', "7"),
        (f"      {CVD}: 7", "7"),
        (f'declare -x {CVD}="5"', "5"),
        (f"setenv {CVD} 6", "6"),
    ],
)
def test_every_way_to_set_one(line: str, value: str) -> None:
    assert parse_variables(line) == [(CVD, value)]


def test_the_answer_to_echo_stands_below() -> None:
    assert parse_variables("$ echo $CUDA_VISIBLE_DEVICES", "0,3") == [(CVD, "0,3")]
    assert parse_variables("$ echo $CUDA_VISIBLE_DEVICES", "$ nvidia-smi") == []


@pytest.mark.parametrize(
    "line",
    [
        f"try {CVD}=0 python x.py",
        f"you can set {CVD}=0 to hide them",
        "(Set TF_CPP_MIN_LOG_LEVEL=0 and rerun for more info.)",
        f"if os.environ['{CVD}'] == '0':",
        f"{CVD}=$(nvidia-smi -L) python x.py",
        "CUDA_HOME=$1 python x.py",
        f"{CVD}=<index> python x.py",
        "CUDA_SETUP: WARNING! libcudart.so not found in any environmental path",
        "the variable CUDA_VISIBLE_DEVICES",
    ],
)
def test_advice_and_placeholders_set_nothing(line: str) -> None:
    assert parse_variables(line) == []


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "HOME", "NCCL_API_KEY", "MY_PASSWORD", "CUDA_AUTH_TOKEN"])
def test_other_names_are_never_kept(name: str) -> None:
    assert not concerns_frameworks(name)
    assert parse_variables(f"export {name}=abcdef") == []
    assert parse_variables(f"{name}=abcdef") == []


def test_a_line_of_env_keeps_its_blanks_out_of_the_way() -> None:
    assert parse_variables("LD_LIBRARY_PATH=/usr/local/cuda/lib64:/opt/x") == [("LD_LIBRARY_PATH", "/usr/local/cuda/lib64:/opt/x")]


@pytest.mark.parametrize(
    ("line", "following", "expected"),
    [
        ('setx CUDA_HOME "C:\\CUDA\\v12.1"', "", [("CUDA_HOME", "C:\\CUDA\\v12.1")]),
        ("$env:CUDA_LAUNCH_BLOCKING = 1", "", [("CUDA_LAUNCH_BLOCKING", "1")]),
        ("set -gx LD_PRELOAD /usr/lib/libfoo.so", "", [("LD_PRELOAD", "/usr/lib/libfoo.so")]),
        ("CUDA_PATH          C:\\Program Files\\CUDA\\v12.1", "", [("CUDA_PATH", "C:\\Program Files\\CUDA\\v12.1")]),
        ("C:\\> echo %CUDA_PATH%", "C:\\Program Files\\CUDA\\v12.1", [("CUDA_PATH", "C:\\Program Files\\CUDA\\v12.1")]),
        ("PS C:\\> echo $env:CUDA_PATH", "C:\\CUDA", [("CUDA_PATH", "C:\\CUDA")]),
        ("$ printenv LD_LIBRARY_PATH", "/usr/local/cuda/lib64", [("LD_LIBRARY_PATH", "/usr/local/cuda/lib64")]),
        (f'>>> os.environ.get("{CVD}")', "'0,1'", [(CVD, "0,1")]),
        (f'>>> os.environ.get("{CVD}")', "None", []),
        ("export LD_LIBRARY_PATH=$CUDNN_PATH/lib:$LD_LIBRARY_PATH", "", [("LD_LIBRARY_PATH", "$CUDNN_PATH/lib:$LD_LIBRARY_PATH")]),
        ("export CUDA_HOME=$TOOLKIT", "", []),
    ],
)
def test_other_shells_and_answers(line: str, following: str, expected: list[tuple[str, str]]) -> None:
    assert parse_variables(line, following) == expected


@pytest.mark.parametrize(
    "line",
    [
        "environ({'SHELL': '/bin/bash', 'LD_LIBRARY_PATH': '/usr/local/cuda-11.2/lib64:', 'CUDA_VISIBLE_DEVICES': '', 'HOME': '/home/u'})",
        "Out[2]: environ{'SHELL': '/bin/bash', 'LD_LIBRARY_PATH': '/usr/local/cuda-11.2/lib64:', 'CUDA_VISIBLE_DEVICES': ''",
        "{'SHELL': '/bin/bash', 'LD_LIBRARY_PATH': '/usr/local/cuda-11.2/lib64:', 'HF_TOKEN': 'hf_x', 'CUDA_VISIBLE_DEVICES': ''}",
    ],
)
def test_all_variables_as_python_shows_them(line: str) -> None:
    assert parse_environ(line) == [("LD_LIBRARY_PATH", "/usr/local/cuda-11.2/lib64:"), ("CUDA_VISIBLE_DEVICES", "")]


def test_folders_of_windows_and_other_dictionaries() -> None:
    assert parse_environ(r"environ({'OS': 'Windows_NT', 'CUDA_PATH': 'C:\\CUDA\\v12.4'})") == [("CUDA_PATH", r"C:\CUDA\v12.4")]
    assert parse_environ("model({'CUDA_VISIBLE_DEVICES': '0'})") == parse_environ("x = {'CUDA_PATH': 'y'}") == []
