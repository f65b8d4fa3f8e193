"""METADATA, PKG-INFO and requires.txt as they are found in the wild."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from envcheck.parsers.python.metadata import has_all_headers, is_name, is_version, normalise, parse_metadata, parse_requires_txt, shortened

TORCH = b"""Metadata-Version: 2.4
Name: torch
Version: 2.8.0+cu128
Requires-Python: >=3.9.0
Requires-Dist: filelock
Requires-Dist: nvidia-cudnn-cu12==9.10.2.21; platform_system == "Linux" and platform_machine == "x86_64"
Requires-Dist: setuptools; python_version >= "3.12"
Requires-Dist: optree>=0.13.0; extra == "optree"
Requires-Dist: pyyaml; (python_version > "3") and (extra=='pyyaml')

Name: a line of the description
Version: none
"""


def test_name_version_and_what_it_requires():
    said = parse_metadata(TORCH, requirements=True)
    assert (said.name, said.version, said.fault, said.requires_python) == ("torch", "2.8.0+cu128", "", ">=3.9.0")
    assert said.requires == (
        "filelock",
        'nvidia-cudnn-cu12==9.10.2.21; platform_system == "Linux" and platform_machine == "x86_64"',
        'setuptools; python_version >= "3.12"',
    )


def test_requirements_are_left_out_unless_they_are_wanted():
    assert parse_metadata(TORCH).requires is None


@pytest.mark.parametrize(
    "change", [lambda text: text.replace(b"\n", b"\r\n"), lambda text: b"\xef\xbb\xbf" + text, lambda text: text.lower()]
)
def test_line_ends_marks_and_capitals_do_not_matter(change):
    said = parse_metadata(change(TORCH))
    assert (said.name, said.version, said.fault) == ("torch", "2.8.0+cu128", "")


def test_a_name_in_the_description_is_none():
    assert parse_metadata(b"Metadata-Version: 2.1\n\nName: torch\nVersion: 1\n").fault == "METADATA has no Name"


def test_a_character_that_the_reading_cut_in_two_is_no_fault():
    data = "Name: x\nVersion: 1\nAuthor: André".encode()[:-1]
    assert parse_metadata(data, whole=False).fault == ""
    assert parse_metadata(data, whole=True).fault.startswith("METADATA is not UTF-8")


def test_the_end_of_the_headers_is_known():
    assert has_all_headers(b"Name: x\n\nRead me")
    assert has_all_headers(b"Name: x\r\n\r\nRead me")
    assert not has_all_headers(b"Name: x\nVersion: 1\n")


@given(st.binary(max_size=300))
def test_nothing_makes_it_raise(data):
    said = parse_metadata(data, requirements=True)
    assert said.fault
    assert said.fault.isascii()


def test_conditions_of_requires_txt_become_markers_and_extras_are_left_out():
    text = b'numpy>=1.20\n# a\n\n[:python_version < "3.8"]\ntyping-extensions\n\n[dev]\npytest\n\n[gpu:sys_platform == "linux"]\ncupy\n'
    assert parse_requires_txt(text) == ("numpy>=1.20", 'typing-extensions; python_version < "3.8"')


@given(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True))
def test_names_are_normalised_as_packaging_does(name):
    assert is_name(name)
    assert normalise(name) == canonicalize_name(name)


@pytest.mark.parametrize("text", ["", "-torch", "torch-", "to rch", "törch", "a/b", "x" * 201])
def test_what_cannot_be_a_name(text):
    assert not is_name(text)


@given(
    st.from_regex(
        r"v?(\d!)?\d{1,3}(\.\d{1,3}){0,3}([-_.]?(a|b|rc|beta|preview)[-_.]?\d?)?([-.]?post\d?)?(\.dev\d?)?(\+[a-z0-9.]{1,8})?",
        fullmatch=True,
    )
)
def test_versions_are_known_as_packaging_knows_them(text):
    try:
        Version(text)
    except InvalidVersion:
        assert not is_version(text)
    else:
        assert is_version(text)


@pytest.mark.parametrize("text", ["", "two", "1..2", ".1", "1.", "1.0 beta x", "2.0-", "$Id$", "1" * 201])
def test_what_is_no_version(text):
    assert not is_version(text)


def test_foreign_text_is_shortened_and_made_printable():
    assert shortened("a\x1b[31m\n") == "a\\x1b[31m\\n"
    assert len(shortened("x" * 1000)) == 61
