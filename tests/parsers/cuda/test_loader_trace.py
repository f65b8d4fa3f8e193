"""The trace of glibc's loader."""

import pytest

from envcheck.parsers.cuda.loader_trace import Taken, parse_loader_trace

BY_VARIABLE = """\
      812:\tfile=libnvJitLink.so.12 [0];  needed by /v/lib/python3.11/site-packages/nvidia/cusparse/lib/libcusparse.so.12 [0]
      812:\tfind library=libnvJitLink.so.12 [0]; searching
      812:\t search path=/opt/mpi/lib:/usr/local/cuda-12.2/lib64\t\t(LD_LIBRARY_PATH)
      812:\t  trying file=/opt/mpi/lib/libnvJitLink.so.12
      812:\t  trying file=/usr/local/cuda-12.2/lib64/libnvJitLink.so.12
      812:\t
"""
NEEDED_BY = "/v/lib/python3.11/site-packages/nvidia/cusparse/lib/libcusparse.so.12"
TAKEN = Taken(4, "libnvJitLink.so.12", "/usr/local/cuda-12.2/lib64/libnvJitLink.so.12", "LD_LIBRARY_PATH", NEEDED_BY)
IN_SYSTEM = """\
find library=libcudnn.so.9 [0]; searching
 search path=/usr/lib\t\t(system search path)
  trying file=/usr/lib/libcudnn.so.9
"""


@pytest.mark.parametrize(
    "end", ["", "      812:\tfile=libnvJitLink.so.12 [0];  generating link map\n", "      812:\tfind library=libm.so.6; searching\n"]
)
def test_the_last_file_that_was_tried_is_the_one(end: str) -> None:
    assert list(parse_loader_trace((BY_VARIABLE + end).split("\n"))) == [TAKEN]


def test_a_search_that_goes_on_has_not_found_it_there() -> None:
    further = (
        "      812:\t search path=/v/nvidia/nvjitlink/lib\t\t(RUNPATH from file /v/nvidia/cusparse/lib/libcusparse.so.12)\n"
        "      812:\t  trying file=/v/nvidia/nvjitlink/lib/libnvJitLink.so.12\n"
    )
    (taken,) = parse_loader_trace((BY_VARIABLE + further).split("\n"))
    assert (taken.path, taken.by) == ("/v/nvidia/nvjitlink/lib/libnvJitLink.so.12", "RUNPATH")


@pytest.mark.parametrize(
    ("end", "found"),
    [
        ("find library=libm.so.6 [0]; searching\n", False),
        ("", False),
        ("file=libcudnn.so.9 [0];  generating link map\n", True),
        ("calling init: /usr/lib/libcudnn.so.9\n", True),
        ("calling init: /usr/lib/libm.so.6\n", False),
    ],
)
def test_after_the_last_place_only_the_loader_itself_says_that_it_was_found(end: str, found: bool) -> None:
    assert bool(list(parse_loader_trace((IN_SYSTEM + end).split("\n")))) is found


def test_other_lines_and_very_long_ones_are_passed_over() -> None:
    assert (
        list(parse_loader_trace(["trying file=/x/libcudnn.so.9", "find library=" + "x" * 30_000, "search path=/x (LD_LIBRARY_PATH)"])) == []
    )
