"""Jupyter's description of a kernel."""

import pytest

from envcheck.parsers.python.kernelspec import parse_kernelspec


def test_a_kernels_description_tells_its_program() -> None:
    spec = parse_kernelspec('{"argv": ["/env/bin/python", "-m", "ipykernel_launcher"], "language": "Python"}')
    assert spec is not None
    assert (spec.program, spec.language) == ("/env/bin/python", "python")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"argv": "python"}',
        '{"argv": []}',
        '{"argv": [1]}',
        '{"argv": [""]}',
        '{"argv": ["\\u0000"]}',
        "[" * 100000,
    ],
)
def test_what_describes_no_kernel_is_none(text: str) -> None:
    assert parse_kernelspec(text) is None
