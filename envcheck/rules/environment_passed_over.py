"""environment-passed-over: an environment that envcheck found by itself and could not use."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Unknown, known
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether an environment that comes first by the order of choice (VIRTUAL_ENV, CONDA_PREFIX, .venv of the project) could be "
    "used.",
    why="A virtual environment holds a link to the Python it was made with. When that Python is updated or removed, or the folder is "
    "copied to another machine, the environment is dead, and programs silently run with another Python.",
    example=".venv/bin/python points to /opt/homebrew/opt/python@3.11, which was replaced by 3.12.",
    fix="Make the environment anew and install its packages again. One that was only not trusted, because another user or the project's "
    "repository brought it, can be named with --python.",
    ignore_when="The environment belongs to somebody else, or is not used any more.",
    sources=("https://docs.python.org/3/library/venv.html",),
)

_PREFIX = "python.candidates["
# How the reason ends where another user or a repository brought the environment.
_NOT_RUN = "nothing in it is run"


def check(case: Case) -> Iterator[Outcome]:
    """One warning per environment; the choice itself is written under `unknown` with its reason."""
    facts = case.facts
    passed_over = [entry for entry in facts.unknown if entry.fact.startswith(_PREFIX)]
    for entry in passed_over:
        yield _finding(case, entry)
    if not passed_over and not facts.live:
        yield NotApplicable("envcheck did not choose among environments here")
    elif not passed_over and not known(facts.python.chosen_because, ""):
        yield NotEvaluated("", "it is not known how the examined Python was chosen", ("a run of envcheck doctor on the machine itself",))
    elif not passed_over:
        yield Passed(known(facts.python.executable, "Python"), f"chosen: {facts.python.chosen_because}")


def _finding(case: Case, entry: Unknown) -> Found:
    path = entry.fact.removeprefix(_PREFIX).removesuffix("]")
    used = known(case.facts.python.executable, "another Python")
    reason = entry.detail or "cannot be used"
    return Found(
        subject=path,
        message=full_stop(f"{path} {reason}; {used} was examined in its place"),
        severity=Severity.WARNING,
        evidence=(case.proof(entry.fact, reason),),
        remedies=(_remedy(path, reason),),
    )


def _remedy(path: str, reason: str) -> Remedy:
    """What envcheck does not run for safety's sake may be named by its owner; what is dead has to be made anew."""
    if reason.endswith(_NOT_RUN):
        return by_hand("examine it all the same, if it is trusted", Step(run=("envcheck", "doctor", "--python", path)))
    return by_hand("make the environment anew", f"delete {path}", "make it again with a Python that is there, and install its packages")


RULE = Rule(
    name="environment-passed-over",
    title="An environment was found that cannot be used",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
