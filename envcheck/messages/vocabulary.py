"""Which words a long text cannot have, known without searching all of it for each of them.

What programs print repeats itself: a log of a megabyte has some hundred different words, once its numbers are left out of account.
"""

from functools import cache

# Capitals as small letters, all digits as one.
_ALIKE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", b"abcdefghijklmnopqrstuvwxyz000000000")
# Of what is alike the letters: numbers, hashes and paths are many, their parts between digits and marks are few.
_LETTERS = bytes(byte if byte in b"abcdefghijklmnopqrstuvwxyz" else ord(" ") for byte in range(256))
_DIGITS = bytes.maketrans(b"123456789", b"000000000")


def with_digits_alike(text: str) -> str:
    """The text with all its digits as one."""
    return text.encode("utf-8", "surrogatepass").translate(_DIGITS).decode("utf-8", "surrogatepass")


# To search all of a text that is shorter costs less than to take a literal apart.
_SHORT = 8_000


class Vocabulary:
    """The different words of a text, in whatever case; of a text with repetitions, `length` is that of the whole."""

    def __init__(self, text: str, length: int = 0) -> None:
        self._is_short = max(len(text), length) < _SHORT
        if self._is_short:
            return
        self._words = b"\n".join(set(text.encode("utf-8", "surrogatepass").translate(_ALIKE).split()))
        self._letters = b"\n".join(set(self._words.translate(_LETTERS).split()))

    def may_have(self, literal: str) -> bool:
        """False: the literal stands nowhere in the text, nor in any part of it. True: that remains to be seen."""
        if self._is_short:
            return True
        letters, word = _longest(literal)
        return letters in self._letters and word in self._words


@cache
def _longest(literal: str) -> tuple[bytes, bytes]:
    """The longest run of letters and the longest word, of the literals that envcheck itself searches for: there are not very many."""
    alike = literal.encode().translate(_ALIKE)
    letters, words = alike.translate(_LETTERS).split(), alike.split()
    return max(letters, key=len, default=b""), max(words, key=len, default=b"")
