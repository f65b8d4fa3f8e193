"""Which copy of a library was loaded."""

import pytest

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "\tlibnvJitLink.so.12 => /usr/local/cuda-12.1/lib64/libnvJitLink.so.12 (0x000070ddad800000)",
            ("nvjitlink", None, "/usr/local/cuda-12.1/lib64/libnvJitLink.so.12"),
        ),
        ("   1234:\tcalling init: /opt/conda/lib/libcudnn.so.8.9.7", ("cudnn", "8.9.7", "/opt/conda/lib/libcudnn.so.8.9.7")),
        ("I tensorflow/x/dso_loader.cc:49] Successfully opened dynamic library libcudart.so.11.0", ("cudart", None, "libcudart.so.11.0")),
        ("libcublasLt.so.11 => /opt/[x]/libcublasLt.so.11 (0x00007f00)", ("cublaslt", None, "/opt/[x]/libcublasLt.so.11")),
    ],
)
def test_a_line_of_each_sort(line: str, expected: tuple[str, str | None, str]) -> None:
    (toolkit,) = read_text(line).toolkits
    version = toolkit.version if isinstance(toolkit.version, str) else None
    assert ((toolkit.name, version, toolkit.path), toolkit.loaded) == (expected, True)


def test_a_trace_tells_by_what_a_copy_was_found_and_for_whom() -> None:
    trace = (
        "file=libcudnn.so.9 [0];  needed by /e/torch/lib/libtorch_cuda.so [0]\n"
        "find library=libcudnn.so.9 [0]; searching\n"
        " search path=/opt/old\t\t(LD_LIBRARY_PATH)\n"
        "  trying file=/opt/old/libcudnn.so.9\n"
    )
    (toolkit,) = read_text(trace).toolkits
    assert (toolkit.name, toolkit.path, toolkit.found_by) == ("cudnn", "/opt/old/libcudnn.so.9", ("LD_LIBRARY_PATH",))
    assert (toolkit.needed_by, toolkit.loaded) == ("/e/torch/lib/libtorch_cuda.so", True)


@pytest.mark.parametrize(
    "line",
    [
        "\tlibnvJitLink.so.12 => not found",
        "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x000070ddad400000)",
        "1234: calling init: libcudnn.so.8",
        "libcudart.so.12 => " + "/x" * 2000,
    ],
)
def test_other_libraries_and_missing_ones_are_no_copies(line: str) -> None:
    assert read_text(line).toolkits == ()
