import pytest

from envcheck.messages.cleaning import clean
from envcheck.messages.rejoining import mended, rejoined

LONG = (
    "ImportError: /opt/venv/lib/python3.11/site-packages/flash_attn_2_cuda.cpython-311-x86_64-linux-gnu.so: undefined symbol: "
    "_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
)
OTHER = "OSError: libcudart.so.11.0: cannot open shared object file: No such file or directory (see the log of the installation)"


def broken(line: str, width: int) -> list[str]:
    return [line[start : start + width] for start in range(0, len(line), width)]


@pytest.mark.parametrize("width", [70, 80, 100, 120])
def test_what_a_terminal_broke_is_one_line_again(width: int) -> None:
    lines = ["$ python train.py", *broken(LONG, width), *broken(OTHER + "." * 40, width), "done"]
    joined = rejoined("\n".join(lines)).split("\n")
    assert len(joined) == len(lines)
    assert [line for line in joined if line] == ["$ python train.py", LONG, OTHER + "." * 40, "done"]
    assert joined.index(LONG) == 1


def test_one_broken_line_needs_a_usual_width() -> None:
    assert rejoined("\n".join(broken(LONG, 80))).split("\n")[0] == LONG
    assert rejoined("\n".join(broken(LONG, 83))).split("\n")[0] == LONG[:83]


@pytest.mark.parametrize(
    "line",
    [
        "OMP: Error #15: Initializing libomp.dylib, but found libiomp5.dylib already initialized.",
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "FileNotFoundError: [Errno 2] No such file or directory: '/usr/local/cuda-11/bin/12.8/bin/nvcc'",
        "Detected that PyTorch and torchvision were compiled with different CUDA versions (major)",
    ],
)
def test_one_line_that_was_broken_in_a_word_or_before_a_blank(line: str) -> None:
    assert rejoined("\n".join([*broken(line, 80), "Abort trap: 6"])).split("\n") == [line, "", "Abort trap: 6"]


def test_what_a_terminal_broke_after_a_logger_had_written_it_is_one_line_again() -> None:
    line = f"[rank0]: {LONG}"
    assert clean("\n".join([*broken(line, 80), "done"])).split("\n") == [LONG, *[""] * (len(broken(line, 80)) - 1), "done"]


@pytest.mark.parametrize(
    "text",
    [
        "$ python -c 'import torch; print(torch.__version__, torch.version.cuda, torch.a)'\nno such attribute",
        "$ /opt/conda/envs/train/bin/python -m pip install --upgrade --no-cache-dir torch2\ncollecting nothing",
        f"{'a' * 79}b\nname: something",
        f"{'a' * 79}b\nnumpy     1.26.4",
        "\n".join(f"GPU-00000000-1111-2222-3333-44444444444{index}, {index}, NVIDIA H100 80GB HBM3, 1024" for index in range(6)),
        "\n".join(f"processor\t: {index}\nflags\t\t: {'sse ' * 20}avx\nbugs\t\t: none" for index in range(4)),
        "+" + "-" * 77 + "+\n" + "\n".join("|" + "NVIDIA-SMI 550.54.15".ljust(77) + "|" for _ in range(4)),
        "\n".join(f"Requirement already satisfied: package-number-{index} in /opt/venv/lib/python3.11/site-packages" for index in range(6)),
        "=" * 80 + "\ntorch 2.4.1\n" + "=" * 80 + "\nnumpy 1.26.4",
    ],
)
def test_rows_that_are_all_as_wide_stay(text: str) -> None:
    assert rejoined(text) == text


def test_prose_that_is_filled_up_stays() -> None:
    words = "the driver of this machine was installed by the image of the cloud and nobody has touched it since then "
    lines: list[str] = [""]
    for word in (words * 6).split():
        if len(lines[-1]) + 1 + len(word) > 72:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    assert rejoined("\n".join(lines)) == "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("x.so: undefined\n symbol: _ZN2at", ["x.so: undefined symbol: _ZN2at", ""]),
        (
            "Loaded runtime CuDNN l\nibrary: 7.4.1 but sour\nce was compiled",
            ["Loaded runtime CuDNN library: 7.4.1 but source was compiled", "", ""],
        ),
        ("a line\nanother of prose", ["a lineanother of prose", ""]),
        ("torch 2.4.1\n works", ["torch 2.4.1", " works"]),
        ("a line\n  name: value", ["a line", "  name: value"]),
        ("a line\nAnother", ["a line", "Another"]),
        ("\nwords", ["", "words"]),
    ],
)
def test_lines_are_put_together_wherever_they_may_have_been_broken(text: str, whole: list[str]) -> None:
    assert mended(text).split("\n") == whole
