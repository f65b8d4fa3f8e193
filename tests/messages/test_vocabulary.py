"""What a long text cannot have is known without searching it; what it has is never denied."""

import pytest

from envcheck.messages.vocabulary import Vocabulary, with_digits_alike

_TEXT = "GPU 3: NVIDIA A100-SXM4\n/opt/conda/lib/libcudart.so.11.0: cannot open\nM\u00e9moire : 16 Go\n"
# Shorter ones are searched as they are.
_LONG = _TEXT + "z" * 10_000


@pytest.mark.parametrize("literal", ["gpu 3", "A100", "libcudart.so", ".so.11", "cannot open", "m\u00e9moire", " : ", "16", ""])
def test_a_literal_of_the_text_may_be_there(literal: str) -> None:
    assert Vocabulary(_LONG).may_have(literal)


@pytest.mark.parametrize("literal", ["radeon", "cudnn", "libcudart.dylib", "open-mpi", "gpus"])
def test_a_literal_whose_longest_parts_are_missing_is_not_there(literal: str) -> None:
    assert not Vocabulary(_LONG).may_have(literal)


def test_letters_that_stand_apart_in_the_text_are_not_taken_for_one_word() -> None:
    assert not Vocabulary("any thing " + _LONG).may_have("anything")


@pytest.mark.parametrize(("text", "alike"), [("torch 2.1.0+cu121", "torch 0.0.0+cu000"), ("\u00e99\ud800", "\u00e90\ud800"), ("", "")])
def test_digits_are_made_one_and_all_else_stays(text: str, alike: str) -> None:
    assert with_digits_alike(text) == alike
