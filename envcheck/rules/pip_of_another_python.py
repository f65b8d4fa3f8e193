"""pip-of-another-python: the pip command of PATH installs into another environment."""

from collections.abc import Iterator

from envcheck.facts.snapshot import PipCommand, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Severity, Step

MANUAL = Manual(
    checks="Whether the pip that PATH finds first installs into the examined environment.",
    why="What is installed with a plain pip command then lands in another Python, and import fails here although the installation "
    "succeeded there.",
    example="pip is /usr/bin/pip of Python 3.11, while the examined Python is that of .venv.",
    fix="Call pip through the interpreter that is meant: PYTHON -m pip. Activating an environment puts its own pip first.",
    ignore_when="pip is never called by its bare name, because uv, conda or poetry install.",
    sources=("https://docs.python.org/3/installing/index.html",),
)

# Of `python.chosen_because`: who names an environment, or lets it be found, has not activated it.
_NOT_ACTIVE = ("named with --python", "the .venv of this project")


def check(case: Case) -> Iterator[Outcome]:
    """A hint, and a warning where a module is already missing."""
    pip, missing = case.facts.python.pip, tuple(case.said(SymptomKind.MODULE_NOT_FOUND))
    if pip is None:
        yield NotApplicable("there is no pip on PATH")
    elif not isinstance(pip, PipCommand) or not isinstance(pip.same_environment, bool):
        yield NotEvaluated(
            "pip", "the Python that the pip of PATH belongs to is not known", ("a run of envcheck doctor on the machine itself",)
        )
    elif not missing and known(case.facts.python.chosen_because, "") in _NOT_ACTIVE:
        yield NotApplicable("the environment was named, not activated: nobody expects the pip of PATH to be its own")
    elif pip.same_environment:
        yield Passed(pip.executable, "installs into the examined environment")
    else:
        yield _finding(case, pip, missing)


def _finding(case: Case, pip: PipCommand, missing: tuple[Symptom, ...]) -> Found:
    python = known(case.facts.python.executable, "python")
    other = known(pip.python, "another Python")
    return Found(
        subject=pip.executable,
        message=full_stop(f"{pip.executable}, the pip that PATH finds, installs into {other}, not into {python}"),
        severity=Severity.WARNING if missing else Severity.INFO,
        evidence=(case.proof("python.pip", f"{pip.executable} of {other}"), *(spoken(symptom) for symptom in missing)),
        would_confirm=(f"whether the missing package is installed in {other}",) if missing else (),
        remedies=(by_hand("call pip through the interpreter", Step(run=(python, "-m", "pip", "--version"))),),
    )


RULE = Rule(
    name="pip-of-another-python",
    title="The pip of PATH belongs to another Python",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
