"""Git's index; tests/observing/test_choose_python.py has real ones, of versions 2 and 4."""

import pytest

from envcheck.parsers.python.git_index import holds_folder


@pytest.mark.parametrize("index", [b"", b"DIRC", b"DIRC\0\0\0\4\xff\xff\xff\xff", b"DIRC\0\0\0\4\0\0\0\2" + b"\xff" * 80, b"junk.venv/x"])
def test_what_is_no_index_holds_nothing(index: bytes) -> None:
    assert not holds_folder(index, ".venv")
