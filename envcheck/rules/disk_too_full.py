"""disk-too-full: less free space than a profile asks for, on the volume of the environment, of pip's cache or of temporary files."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.profiles.vocabulary import parse_fact
from envcheck.report import Area, Remedy, Step

MANUAL = Manual(
    checks="Whether there is the free space that a profile asks for, separately on the volumes of the Python environment, of pip's cache "
    "and of temporary files. What counts is what this user may still write.",
    why="A CUDA build of one framework downloads up to 4 GB and unpacks to more. pip unpacks in the folder for temporary files, so that "
    'an installation can fail with "No space left on device" although the environment\'s own disk is empty.',
    example="Disk: 4.2 GB free on /home (the environment); the profile system-minimum needs 10 GB.",
    fix=("Delete what is not needed, beginning with pip's cache; or put the environment, TMPDIR or PIP_CACHE_DIR on a larger volume."),
    ignore_when="Everything that you need is installed and your data lies elsewhere.",
    sources=(
        "https://pip.pypa.io/en/stable/topics/caching/",
        "https://docs.python.org/3/library/tempfile.html#tempfile.gettempdir",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on free space."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (_remedy(case, requirement),)

    yield from judge(case, case.required("disks["), "Disk", remedies)


def _remedy(case: Case, requirement: Requirement) -> Remedy:
    fact = parse_fact(requirement.fact)
    purpose = fact.members[0] if fact is not None else ""
    python = case.facts.python.executable
    purge = (Step(run=(python, "-m", "pip", "cache", "purge")),) if isinstance(python, str) else ()
    elsewhere = {
        "temp": "or set TMPDIR to a folder on a larger volume before the installation",
        "pip-cache": "or set PIP_CACHE_DIR to a folder on a larger volume",
    }.get(purpose, "or make the environment on a larger volume")
    return by_hand(f"make room until {requirement.asked} are free", *(purge if purpose != "temp" else ()), elsewhere)


RULE = Rule(
    name="disk-too-full",
    title="There is less free disk space than required",
    area=Area.DISK,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
