"""What people write of a machine that has slept: "after resuming from suspend", "since I woke the laptop up".

Programs do not say it: no more than these few words of prose count, and a rule asks for them only beside an error that they explain.
"""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

_WHEN = r"\b(?:[Aa]fter|[Ss]ince|[Oo]nce|[Ww]hen(?:ever)?|[Uu]pon|[Ff]rom(?! time import)|[Oo]ut of|[Ff]ollowing|[Pp]ost)\b[^\n.]{0,60}?"
_MACHINE = r"(?:(?:the|my|our|a|this) )?(?:machine|laptop|computer|pc|PC|notebook|desktop|workstation|system)"
_AWAKE = r"(?:resum(?:e|ed|ing)|w[ao]ke?n?(?:ing)?(?: (?:it )?up)?|power(?:ed|ing)? (?:back )?(?:up|on))"

PATTERNS = tuple(
    Pattern(SymptomKind.RESUMED, anchor, expression, subject="reporter")
    for anchor, expression in (
        # after resuming from suspend    since the last suspend/resume    when the laptop was suspended; quotes are systemd's
        ("suspen", rf"(?P<reason>{_WHEN}(?<!')\bsuspen(?:d(?:ed|ing|s)?|sion)\b)"),
        # over a suspend/resume cycle    suspend, powered back up    suspended and woke it up
        ("suspen", rf"(?P<reason>\bsuspend(?:ed|ing)?(?: ?[/,-] ?| (?:and |then ){{0,2}})(?:then |and )?{_AWAKE}\b)"),
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
        # the GPU works until the machine is left alone for a while; after leaving my PC idle; since I closed the lid
        ("left ", rf"(?P<reason>\b(?:{_MACHINE}) (?:was|is|has been|were) left (?:alone|idle|on overnight|overnight|unattended)\b)"),
        ("leaving ", rf"(?P<reason>{_WHEN}\bleaving (?:it|{_MACHINE}) (?:alone|idle|on overnight|overnight|unattended)\b)"),
        (" idle", rf"(?P<reason>{_WHEN}\b(?:{_MACHINE}) (?:(?:was|is|has been|goes|went|stood|sat) )?(?:idle|idling)\b)"),
        ("lid", r"(?P<reason>\b(?:clos|open)(?:e|es|ed|ing) (?:the |my )?(?:laptop(?:'s)? )?lid\b)"),
        ("resume", r"(?P<reason>\b(?:[Aa]fter|[Ss]ince) (?:an? |the )?(?:system |laptop )?resume)(?= ?(?:[,:;.)]|$))"),
    )
)
