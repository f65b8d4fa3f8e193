"""What notebooks say after an installation: that a program which runs keeps what it has loaded."""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

PATTERNS = (
    # WARNING: The following packages were previously imported in this runtime:↵  [numpy,torch]    (Colab, of those that changed)
    Pattern(
        SymptomKind.RESTART_ADVISED,
        "packages were previously imported in this runtime",
        r"The following packages were previously imported in this runtime: \[(?P<packages>[\w.,\s-]{1,900})\]",
        subject="colab",
        lines=2,
    ),
    # Note: you may need to restart the kernel to use updated packages.    (IPython, after every installation; Databricks names its command)
    Pattern(
        SymptomKind.RESTART_ADVISED,
        " to use updated packages",
        r"Note: you may need to restart the (?:kernel|Python process)(?: using [^\n]{1,80}?)? to use updated packages",
        subject="ipython",
    ),
)
