"""kernel-of-another-python: Jupyter starts another Python than the examined one, or one that is gone."""

from collections.abc import Iterator

from envcheck.facts.environment import NOTEBOOK
from envcheck.facts.snapshot import Kernel, Snapshot, known
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.environments import prefix_of
from envcheck.judging.gaps import KERNELS
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, listed
from envcheck.parsers.python.prefixes import prefix_of_program, same_environment
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Severity, Step

MANUAL = Manual(
    checks="Which interpreters the Jupyter kernels of this user start: whether they exist, and whether one of them is the examined Python.",
    why="A notebook runs in the interpreter of its kernel, not in the environment that jupyter was started from. Packages installed into "
    "that environment are then missing in the notebook.",
    example="The kernel python3 starts /usr/bin/python3, while torch is installed in .venv.",
    fix="Register a kernel for the environment, and remove those whose interpreter is gone.",
    ignore_when="Notebooks are not used with this environment.",
    sources=(
        "https://ipython.readthedocs.io/en/stable/install/kernel_install.html",
        "https://jupyter-client.readthedocs.io/en/stable/kernels.html",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """A warning per kernel whose interpreter is gone; a hint where none of the others starts the examined Python."""
    kernels = case.facts.python.kernels
    if not isinstance(kernels, tuple):
        yield KERNELS
        return
    gone = [kernel for kernel in kernels if kernel.exists is False]
    for kernel in gone:
        yield _gone(case, kernel)
    others = [kernel for kernel in kernels if kernel.exists is not False]
    told = [(kernel, same) for kernel in others if (same := _is_same(case.facts, kernel)) is not None]
    if told and not any(same for _, same in told):
        yield _elsewhere(case, [kernel for kernel, _ in told])
    elif told:
        yield Passed("Jupyter kernels", "one of them starts the examined Python")
    elif any(isinstance(kernel.executable, str) for kernel in others) and not case.facts.live and not _meant(case.facts):
        yield NotEvaluated("Jupyter kernels", "which Python is meant is not known", ("the output of which python",))
    elif not gone:
        yield NotApplicable("there is no Jupyter kernel for Python")


def _is_same(facts: Snapshot, kernel: Kernel) -> bool | None:
    """As the probe found it, else by the two interpreters' places, where a text shows both."""
    if isinstance(kernel.same_environment, bool) or facts.live:
        return known(kernel.same_environment, None)
    meant = _meant(facts)
    own, others = prefix_of_program(meant) or meant, prefix_of_program(known(kernel.executable, ""))
    return same_environment(own, others) if own and others else None


def _meant(facts: Snapshot) -> str:
    """The Python that kernels are compared with: that of the shell a notebook was opened from, where a text shows it."""
    shell = next((known(tool.path, "") for tool in facts.tools if tool.name == "python"), "") if not facts.live else ""
    return shell or known(facts.python.executable, "") or ("" if facts.live else prefix_of(facts))


def _gone(case: Case, kernel: Kernel) -> Found:
    python = known(kernel.executable, "an interpreter")
    return Found(
        subject=kernel.name,
        message=full_stop(f"The Jupyter kernel {kernel.name} starts {python}, which does not exist"),
        severity=Severity.WARNING,
        evidence=(case.proof("python.kernels", f"{kernel.name}: {python}"),),
        remedies=(by_hand("remove the kernel", Step(run=("jupyter", "kernelspec", "remove", kernel.name))),),
    )


def _elsewhere(case: Case, kernels: list[Kernel]) -> Found:
    python = _meant(case.facts) or "python"
    missing = tuple(case.said(SymptomKind.MODULE_NOT_FOUND))
    started = list(dict.fromkeys(known(kernel.executable, "another Python") for kernel in kernels))
    none = f"none starts {python}" if kernels[0].name != NOTEBOOK else f"and the shell finds {python}, where pip installs"
    named = (
        f"The Jupyter kernel {kernels[0].name} starts"
        if len(kernels) == 1
        else f"The Jupyter kernels {listed([each.name for each in kernels])} start"
    )
    steps: list[Step] = []
    if case.facts.package("ipykernel") is None:
        steps.append(Step(run=(python, "-m", "pip", "install", "ipykernel")))
    steps.append(Step(run=(python, "-m", "ipykernel", "install", "--user", "--name", _kernel_name(python))))
    return Found(
        subject=listed([kernel.name for kernel in kernels]),
        message=full_stop(f"{named} {listed(started)}, {none}"),
        severity=Severity.WARNING if missing and not case.facts.live else Severity.INFO,
        certainty=Certainty.LIKELY if missing and not case.facts.live else Certainty.CERTAIN,
        evidence=(
            *(case.proof("python.kernels", f"{each.name}: {known(each.executable, 'unknown')}") for each in kernels[:5]),
            *map(spoken, missing),
        ),
        would_confirm=(f"what is missing in the notebook is installed in {python}",) if missing and not case.facts.live else (),
        remedies=(by_hand("register the examined Python as a kernel", *steps),),
    )


def _kernel_name(python: str) -> str:
    """A name after the environment's folder: `/home/me/project/.venv/bin/python` → `project`."""
    parts = [part for part in python.replace("\\", "/").split("/")[:-1] if part and part.lower() not in ("bin", "scripts")]
    named = [part for part in parts if part not in (".venv", "venv", "env")] or ["envcheck"]
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in named[-1].lower())


RULE = Rule(
    name="kernel-of-another-python",
    title="Jupyter starts another Python",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"module-not-found", "framework-absent"}),
)
