"""What people write of a machine that has slept: "after resuming from suspend", "since I woke the laptop up".

Programs do not say it: no more than these few words of prose count, and a rule asks for them only beside an error that they explain.
"""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

_WHEN = r"\b(?:[Aa]fter|[Ss]ince|[Oo]nce|[Ww]hen(?:ever)?|[Uu]pon|[Ff]rom(?! time import)|[Oo]ut of|[Ff]ollowing|[Pp]ost)\b[^\n.]{0,60}?"

PATTERNS = tuple(
    Pattern(SymptomKind.RESUMED, anchor, expression, subject="reporter")
    for anchor, expression in (
        # after resuming from suspend    since the last suspend/resume    when the laptop was suspended; quotes are systemd's
        ("suspen", rf"(?P<reason>{_WHEN}(?<!')\bsuspen(?:d(?:ed|ing|s)?|sion)\b)"),
        # I suspended the machine with the notebook open
        (
            "suspended ",
            r"(?P<reason>\b(?:I|we|it) suspended (?:the |my |our )?(?:machine|laptop|computer|pc|PC|system|host|workstation)\b)",
        ),
        # after waking the machine from sleep    when it comes out of sleep mode; not time.sleep(5), nor what the kernel says of it
        ("sleep", rf"(?P<reason>{_WHEN}(?<![.\w])sleep(?:ing)?\b)(?! ?\(| operation| state)"),
        ("hibernat", rf"(?P<reason>{_WHEN}\bhibernat(?:e|ed|ing|ion)\b)"),
        ("standby", rf"(?P<reason>{_WHEN}\bstandby\b)"),
        # after waking up    when I wake the computer; what is resumed from a checkpoint is a training
        ("wak", rf"(?P<reason>{_WHEN}\bwak(?:e|es|ing)(?:[\s-]?up)?\b)"),
        ("woke", rf"(?P<reason>{_WHEN}\bwoke\b)"),
        ("resume", r"(?P<reason>\b(?:[Aa]fter|[Ss]ince) (?:an? |the )?(?:system |laptop )?resume)(?= ?(?:[,:;.)]|$))"),
    )
)
