import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.parsers.text.json_in_text import find_json

DOCUMENT = {"gpu_data": [{"gpu": 0, "asic": {"market_name": "MI300X", "ids": [1, 2.5, None, True]}}, {"gpu": 1}]}


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_among_prompts_and_prose(indent: int | None):
    text = f"$ amd-smi static --json\nWARNING: [1] is slow\n{json.dumps(DOCUMENT, indent=indent)}\n$ {{x}}\n[more below]\n"
    (document,) = [found for found in find_json(text) if found.whole]
    assert document.value == DOCUMENT
    assert json.loads(text[document.start : document.end]) == DOCUMENT


def test_several():
    assert [found.value for found in find_json('{"a": 1}\n[2]\n\n  {"b": "}"}\n')] == [{"a": 1}, [2], {"b": "}"}]


def test_one_that_is_cut_gives_what_is_left():
    text = json.dumps(DOCUMENT, indent=2)
    (cut,) = find_json(text[: text.index("2.5") + 3])
    assert not cut.whole
    assert isinstance(cut.value, dict)
    assert cut.value["gpu_data"][0]["asic"]["market_name"] == "MI300X"


def test_prose_behind_the_cut_is_not_taken():
    (cut,) = find_json('{"card0": {"GPU ID": "0x73df", "VBIOS version": "113\n[...] and so on, it never ends\n$ exit')
    assert cut.value == {"card0": {"GPU ID": "0x73df"}}


@pytest.mark.parametrize("text", ["", "{", "[", "{]", "{a: 1}", '{"a"', "{'a': 1}", "[[[[" * 500, "{" * 5000, "\x00", '{"a": nul}'])
def test_what_is_no_json(text: str):
    assert find_json(text) == []


def test_a_number_of_a_thousand_digits_is_none():
    (found,) = find_json(f'{{"size": {"9" * 5000}, "b": 1}}')
    assert found.value == {"size": None, "b": 1}


_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), _values, max_size=5), st.data())
def test_every_document_is_found_and_every_cut_of_it_is_a_part(value: dict[str, Any], data: st.DataObject):
    text = json.dumps(value)
    assert [found.value for found in find_json(text)] == [value]
    for found in find_json(text[: data.draw(st.integers(0, len(text)))]):
        assert isinstance(found.value, dict)
        assert found.value.keys() <= value.keys()
