"""Tracebacks in a pasted text: who is at fault, and what the paths say."""
# ruff: noqa: E501 - what programs print stands as they print it

import pytest

from envcheck.parsers.text.traceback import import_package_of, parse_tracebacks, python_of
from envcheck.readers.read import read_text

CHAIN = """Traceback (most recent call last):
  File "/home/user/app/main.py", line 3, in <module>
    import transformers
  File "/home/user/env/lib/python3.10/site-packages/transformers/__init__.py", line 26, in <module>
    from . import dependency_versions_check
  File "/home/user/env/lib/python3.10/site-packages/torch/__init__.py", line 229, in <module>
    from torch._C import *  # noqa: F403
ImportError: libcudnn.so.9: cannot open shared object file: No such file or directory
"""


def test_the_deepest_package_is_the_one_at_fault() -> None:
    (symptom,) = read_text(CHAIN).symptoms
    assert (symptom.subject, symptom.details["library"], symptom.source) == ("torch", "libcudnn.so.9", "report line 8")


def test_the_file_that_needs_the_library_is_deeper_than_any_frame() -> None:
    error = (
        "ImportError: /usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /e/lib/python3.10/site-packages/scipy/_x.so)"
    )
    (symptom,) = read_text(CHAIN.rpartition("ImportError")[0] + error).symptoms
    assert symptom.subject == "scipy"


def test_without_a_package_it_is_the_last_file() -> None:
    (symptom,) = read_text(
        "Traceback (most recent call last):\n  File \"train.py\", line 1, in <module>\nModuleNotFoundError: No module named 'torch'"
    ).symptoms
    assert symptom.subject == "train"


def test_paths_tell_the_python_and_the_system() -> None:
    facts = read_text(CHAIN)
    assert (facts.python.version, facts.system.os) == ("3.10", "Linux")
    assert read_text(CHAIN.replace("/home/user", "C:\\Users\\user")).system.os == "Windows"
    assert read_text(CHAIN.replace("/home/user", "/Users/user")).system.os == "Darwin"


def test_two_chained_exceptions_are_two_symptoms() -> None:
    text = (
        CHAIN
        + "\nThe above exception was the direct cause of the following exception:\n\n"
        + CHAIN.replace("libcudnn.so.9", "libcublas.so.12")
    )
    assert [symptom.details["library"] for symptom in read_text(text).symptoms] == ["libcudnn.so.9", "libcublas.so.12"]


def test_a_traceback_that_was_cut_in_front_or_quoted_is_still_one() -> None:
    cut = "\n".join("> " + line for line in CHAIN.split("\n")[4:])
    assert [symptom.subject for symptom in read_text(cut).symptoms] == ["torch"]


def test_ipythons_form() -> None:
    text = (
        "ImportError                               Traceback (most recent call last)\n"
        "File /opt/conda/lib/python3.11/site-packages/torch/__init__.py:290\n    288     _load_global_deps()\n--> 290 from torch._C import *\n\n"
        "ImportError: libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4, version libnvJitLink.so.12\n"
    )
    (symptom,) = read_text(text).symptoms
    assert (symptom.subject, symptom.details["symbol"]) == ("torch", "__nvJitLinkComplete_12_4")


def test_a_crash_is_said_of_what_was_being_imported() -> None:
    text = ">>> import tensorflow as tf\nIllegal instruction (core dumped)\n"
    assert [symptom.subject for symptom in read_text(text).symptoms] == ["tensorflow"]
    text = '$ python3 -c "import torch; print(1)"\nSegmentation fault (core dumped)\n'
    assert [symptom.subject for symptom in read_text(text).symptoms] == ["torch"]


def test_a_traceback_that_is_repeated_is_said_once() -> None:
    assert len(read_text(f"{CHAIN}\n" * 50).symptoms) == 1


def test_an_exception_of_no_known_kind_says_nothing() -> None:
    assert read_text('Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: my own\n').symptoms == ()


def test_words_of_an_exception_end_where_the_next_part_begins() -> None:
    (traceback,) = parse_tracebacks(['  File "a.py", line 1, in f', "ValueError: one", "two", "", "three"])
    assert (traceback.exception, traceback.words, traceback.end) == ("ValueError", 1, 3)


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("/e/lib/python3.10/site-packages/torch/lib/libshm.so", "torch"),
        ("C:\\e\\Lib\\site-packages\\onnxruntime\\capi\\x.dll", "onnxruntime"),
        ("/usr/lib/python3/dist-packages/flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so", "flash_attn_2_cuda"),
        ("/home/user/train.py", None),
        ("/e/site-packages/", None),
    ],
)
def test_the_package_that_a_file_belongs_to(path: str, package: str | None) -> None:
    assert import_package_of(path) == package


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/opt/lib/python3.10/site-packages/x.py", "3.10"),
        ("C:\\Users\\u\\AppData\\Local\\Programs\\Python\\Python311\\Lib\\x.py", "3.11"),
        ("C:\\Python37-32\\Lib\\x.py", "3.7"),
        ("/home/python/x.py", None),
    ],
)
def test_the_python_that_a_path_names(path: str, version: str | None) -> None:
    assert python_of(path) == version


def test_what_torch_loads_for_another_is_the_others() -> None:
    facts = read_text(
        "Traceback (most recent call last):\n"
        '  File "C:\\v\\lib\\site-packages\\torchaudio\\_extension\\utils.py", line 34, in _load_lib\n    torch.ops.load_library(path)\n'
        '  File "C:\\v\\lib\\site-packages\\torch\\_ops.py", line 1032, in load_library\n    ctypes.CDLL(path)\n'
        "OSError: [WinError 127] The specified procedure could not be found\n"
    )
    assert [symptom.subject for symptom in facts.symptoms] == ["torchaudio"]
