"""RECORD files, and the conflicts between them."""

import csv
import io

from hypothesis import assume, given
from hypothesis import strategies as st

from envcheck.parsers.python.record import find_conflicts, import_packages, parse_line, parse_record

TORCH = b"""torch/version.py,sha256=abc,300
torch-2.8.0.dist-info/RECORD,,
torch/__init__.py,sha256=def,98234
torch/__pycache__/version.cpython-311.pyc,,
../../../bin/torchrun,sha256=ghi,211
functorch/__init__.py,sha256=jkl,1
torchgen.py,sha256=mno,5
"""


def _conflicts(**records):
    return [
        (conflict.distributions, sorted(conflict.paths))
        for conflict in find_conflicts({name: parse_record(data) for name, data in records.items()})
    ]


def test_the_files_are_sorted_by_what_stands_in_site_packages():
    record = parse_record(TORCH)
    assert set(record.tops) == {b"torch", b"torch-2.8.0.dist-info", b"functorch", b"torchgen.py"}
    assert len(record.below(b"torch")) == 3
    assert record.has(b"torch/version.py")
    assert not record.has(b"torch/version")
    assert import_packages(record) == [b"functorch", b"torch"]


def test_windows_line_ends_do_not_matter():
    record = parse_record(TORCH.replace(b"\n", b"\r\n"))
    assert set(record.tops) == {b"torch", b"torch-2.8.0.dist-info", b"functorch", b"torchgen.py"}
    assert parse_line(record.below(b"torchgen.py")[0]) == (b"torchgen.py", b"sha256=mno", 5)


def test_a_path_with_a_comma_is_quoted():
    assert parse_line(b'"a/b,c.py",sha256=x,7') == (b"a/b,c.py", b"sha256=x", 7)


@given(st.lists(st.text(alphabet="ab/._-0~", min_size=1, max_size=8), unique=True, max_size=12))
def test_every_file_stands_below_its_top(paths):
    assume(not set(paths) & {path.partition("/")[0] for path in paths if "/" in path})  # nothing is a file and a folder
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([path, "sha256=x", "1"] for path in paths)
    record = parse_record(text.getvalue().encode())
    below = sorted(parse_line(line)[0].decode() for top in record.tops for line in record.below(top))
    assert below == sorted(path for path in paths if path.partition("/")[0] != ".." or path == "..")


def test_contents_that_differ_are_a_conflict_of_those_who_claim_them():
    a = b"cv2/__init__.py,sha256=a,5000\ncv2/qt.py,sha256=a,1\ncv2/same.py,sha256=s,1\n"
    b = b"cv2/__init__.py,sha256=b,5000\ncv2/same.py,sha256=s,1\ncv2/own.py,sha256=b,1\n"
    assert _conflicts(a=a, b=b) == [(("a", "b"), [b"cv2/__init__.py"])]


def test_of_three_with_one_that_differs_all_claimants_are_named():
    same, other = b"m/__init__.py,sha256=a,1\nm/x.py,sha256=a,1\n", b"m/x.py,sha256=b,1\n"
    assert _conflicts(a=same, b=same, c=other) == [(("a", "b", "c"), [b"m/x.py"])]


def test_the_same_contents_with_another_line_end_are_no_conflict():
    assert _conflicts(a=b"m/x.py,sha256=a,1\n", b=b"m/x.py,sha256=a,1\r\n") == []


def test_a_single_module_that_two_bring_is_a_conflict():
    assert _conflicts(a=b"magic.py,sha256=a,1\n", b=b"magic.py,sha256=b,1\n") == [(("a", "b"), [b"magic.py"])]


def test_small_initial_files_of_a_namespace_alone_are_no_conflict():
    assert _conflicts(a=b"google/__init__.py,sha256=a,80\n", b=b"google/__init__.py,sha256=b,120\n") == []


def test_a_large_initial_file_is_no_namespace():
    assert _conflicts(a=b"jwt/__init__.py,sha256=a,8000\n", b=b"jwt/__init__.py,sha256=b,9000\n") == [(("a", "b"), [b"jwt/__init__.py"])]


def test_scripts_data_caches_and_tests_are_nobodys_conflict():
    a = b"../../bin/x,sha256=a,1\ntests/test_a.py,sha256=a,1\nm/__pycache__/x.cpython-311.pyc,sha256=a,1\nm/py.typed,sha256=a,1\n"
    assert _conflicts(a=a, b=a.replace(b"=a", b"=b")) == []


def test_lines_without_a_digest_are_nobodys_conflict():
    assert _conflicts(a=b"m/x.py,,\n", b=b"m/x.py,sha256=b,1\n") == []


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_nothing_makes_it_raise(one, other):
    find_conflicts({"one": parse_record(one), "other": parse_record(other)})
