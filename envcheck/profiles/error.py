"""What is wrong with a profile, said once: what, where, and what to do about it."""

from envcheck.mistake import Mistake


class ProfileError(Mistake):
    """A profile that cannot be used; `line` is 0 where the whole file is meant, `file` empty where there is none."""

    def __init__(self, title: str, hint: str = "", file: str = "", line: int = 0) -> None:
        super().__init__(title, hint, f"{file}:{line}" if file and line else file)
        self.file, self.line = file, line


def shown(text: str, limit: int = 80) -> str:
    """Somebody's words between quotes, on one line, without what a terminal would obey."""
    cut = text if len(text) <= limit else f"{text[:limit]}…"
    plain = "".join(letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode("ascii") for letter in cut)
    return f'"{plain}"'
