"""A mistake of the user, or of what the user named: one sentence, where it is, and what to do about it."""


class Mistake(Exception):
    """The user's own words are wrong (exit code 2); each boundary has its own subclass.

    `title` says what is wrong, `hint` what to do, `place` is a file with its line ("envcheck.toml:4") or empty.
    """

    def __init__(self, title: str, hint: str = "", place: str = "") -> None:
        super().__init__(title)
        self.title, self.hint, self.place = title, hint, place

    def lines(self) -> list[str]:
        """The message as it is shown."""
        first = f"{self.place}: {self.title}" if self.place else self.title
        return [first, self.hint] if self.hint else [first]


def suggestion(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """`Did you mean "memory"?`, or nothing where no known word is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    return f'Did you mean "{near[0]}"?' if near else ""
