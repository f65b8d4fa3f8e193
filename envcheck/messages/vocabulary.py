"""Which words a long text cannot have, known without searching all of it for each of them.

What programs print repeats itself: a log of a megabyte has some hundred different words, once its numbers are left out of account.
"""

from functools import cache

# Capitals as small letters, all digits as one.
_ALIKE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", b"abcdefghijklmnopqrstuvwxyz000000000")


class Vocabulary:
    """The different words of a text, in whatever case."""

    def __init__(self, text: str) -> None:
        self._words = b"\n".join(set(text.encode("utf-8", "surrogatepass").translate(_ALIKE).split()))

    def may_have(self, literal: str) -> bool:
        """False: the literal stands nowhere in the text, nor in any part of it. True: that remains to be seen."""
        return _longest_word(literal) in self._words


@cache
def _longest_word(literal: str) -> bytes:
    """Of the literals that envcheck itself searches for, so that there are not very many."""
    return max(literal.encode().translate(_ALIKE).split(), key=len, default=b"")
