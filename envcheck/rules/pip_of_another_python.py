"""pip-of-another-python: the pip command of PATH installs into another environment."""

from collections.abc import Iterator

from msgspec import UnsetType
from msgspec.structs import replace

from envcheck.facts.environment import NAMED
from envcheck.facts.snapshot import NearbyEnvironment, Package, PipCommand, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.environments import line_of, prefix_of
from envcheck.judging.gaps import PIP
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, listed, titled
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.knowledge.versions import series
from envcheck.parsers.python.prefixes import prefix_of_packages, prefix_of_program, same_environment, version_of
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Severity, Step

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
_NOT_ACTIVE = (NAMED, "the .venv of this project")

# What runs while a package is built, in an environment of its own that pip makes for it.
_BUILDERS = frozenset(
    ("setuptools", "setup", "pip", "distutils", "poetry", "hatchling", "flit_core", "skbuild", "pyproject_hooks", "mesonpy")
)


def check(case: Case) -> Iterator[Outcome]:
    """A hint, and a warning where a module is already missing; an error where pip had said that it is there.

    On the machine itself only a package that is nowhere here, and is where this pip installs, counts as missing for this reason.
    """
    facts = case.facts
    pip, missing = facts.python.pip, tuple(case.said(SymptomKind.MODULE_NOT_FOUND))
    if facts.live:
        missing = tuple(symptom for symptom in missing if _where_pip_installs(facts, pip, symptom) is not None)
    lost = next(_lost(facts, missing), None)
    same = _is_same(facts, pip) if isinstance(pip, PipCommand) else None
    if lost is not None:
        yield _lost_finding(case, *lost)
    elif pip is None:
        yield NotApplicable("there is no pip on PATH")
    elif not isinstance(pip, PipCommand) or same is None:
        yield replace(PIP, needs=("a run of envcheck doctor on the machine itself",)) if facts.live else PIP
    elif not missing and known(facts.python.chosen_because, "") in _NOT_ACTIVE:
        yield NotApplicable("the environment was named, not activated: nobody expects the pip of PATH to be its own")
    elif same:
        yield Passed(pip.executable, "installs into the examined environment")
    else:
        yield _finding(case, pip, missing)


def _where_pip_installs(facts: Snapshot, pip: PipCommand | UnsetType | None, symptom: Symptom) -> NearbyEnvironment | None:
    """The Python that the pip of PATH serves, where it is known to have what is missing here; none where this one was meant by name."""
    module = symptom.details.get("module", "").partition(".")[0]
    distributions = distributions_of(module)
    if not isinstance(pip, PipCommand) or known(facts.python.chosen_because, "") == NAMED or not module:
        return None
    if installed_for(facts, module) is not None or any(facts.package(name) is not None for name in distributions):
        return None
    having = [each for each in known(facts.python.nearby, ()) if any(name in each.frameworks for name in distributions)]
    return next((each for each in having if _serves(pip, each)), None)


def _serves(pip: PipCommand, environment: NearbyEnvironment) -> bool:
    """Whether its interpreter, or the folder that it lies in, is that of the environment."""
    path, interpreter = environment.path.rstrip("/\\"), known(pip.python, "")
    if not interpreter:
        return False
    own = prefix_of_program(interpreter)
    return path == interpreter or (own is not None and same_environment(own, prefix_of_program(path) or path) is True)


def _is_same(facts: Snapshot, pip: PipCommand) -> bool | None:
    """As the probe found it, else by the versions and the places that a text shows."""
    if isinstance(pip.same_environment, bool):
        return pip.same_environment
    if facts.live or pip.python is None:
        return None
    if isinstance(pip.version, str) and isinstance(facts.python.version, str) and series(facts.python.version) != pip.version:
        return False
    own, location = prefix_of(facts), known(pip.location, "")
    others = prefix_of_packages(location) if location else prefix_of_program(pip.executable)
    return same_environment(own, others) if own and others else None


def _lost(facts: Snapshot, missing: tuple[Symptom, ...]) -> Iterator[tuple[Symptom, Package]]:
    """What pip had told to be installed, in a line above that of a program which does not find it."""
    if facts.live:
        return
    for symptom in missing:
        module = symptom.details.get("module", "")
        package = installed_for(facts, module) or facts.package(distributions_of(module)[0]) if module and "." not in module else None
        if package is None or not isinstance(package.version, str) or symptom.subject in _BUILDERS:
            continue
        told = line_of(facts.source_of(f"packages[{package.name}].version"))
        if 0 < told < line_of(symptom.source):
            yield symptom, package


def _lost_finding(case: Case, symptom: Symptom, package: Package) -> Found:
    facts = case.facts
    folder = known(package.location, "")
    name = titled(package.name, package.version)
    there, here = version_of(f"{folder}/"), series(known(facts.python.version, ""))
    own = prefix_of(facts)
    apart = bool(there and here and there != here) or (bool(own) and same_environment(own, prefix_of_packages(folder) or own) is False)
    where = f" in {folder}" if folder else ""
    which = f"Python {here}" if apart and there != here else known(facts.python.executable, "the Python that ran the program")
    place = (case.proof(f"packages[{package.name}].location", folder),) if folder else ()
    return Found(
        subject=name,
        message=full_stop(f"{name} is installed{where}, and {which} does not find it: pip belongs to another Python"),
        certainty=Certainty.CERTAIN if apart else Certainty.LIKELY,
        evidence=(case.proof(f"packages[{package.name}].version", known(package.version, "")), *place, spoken(symptom)),
        would_confirm=() if apart else ("pip --version and python --version name two Pythons, or which pip and which python two folders",),
        remedies=(_through_the_interpreter(facts, "install", package.name),),
        symptoms=(symptom,),
        about=(package.name, symptom.details["module"]),
    )


def _finding(case: Case, pip: PipCommand, missing: tuple[Symptom, ...]) -> Found:
    """Where a text leaves it open what the other Python has, all that is missing may be there."""
    facts = case.facts
    there = tuple(each for symptom in missing if (each := _where_pip_installs(facts, pip, symptom)) is not None) if facts.live else ()
    modules = list(dict.fromkeys(symptom.details["module"].partition(".")[0] for symptom in missing)) if facts.live else []
    has = f", which has {listed(modules)}" if modules else ""
    python = known(facts.python.executable, "") or f"Python {known(facts.python.version, '')}".strip()
    spelled = f"Python {pip.version}" if isinstance(pip.version, str) else known(pip.location, "") or "another Python"
    other = known(pip.python, spelled) or spelled
    proofs = (case.proof("python.pip", f"{pip.executable} of {other}"), case.proof("python", python))
    return Found(
        subject=pip.executable,
        message=full_stop(f"{pip.executable}, the pip that PATH finds, installs into {other}{has}, not into {python}"),
        severity=Severity.WARNING if missing else Severity.INFO,
        certainty=Certainty.LIKELY if there else Certainty.CERTAIN,
        evidence=(
            *proofs[: 1 if facts.live else 2],
            *(case.proof("python.nearby", each.path) for each in there[:1]),
            *(spoken(symptom) for symptom in missing),
        ),
        would_confirm=_confirmation(pip, other, modules) if missing else (),
        remedies=(_through_the_interpreter(facts, *_wanted(modules)),),
        about=tuple(dict.fromkeys(each for module in modules for each in (module, *distributions_of(module)))),
    )


def _confirmation(pip: PipCommand, other: str, modules: list[str]) -> tuple[str, ...]:
    if modules:
        return (f"that {listed(modules)} was installed with {pip.executable}",)
    return (f"whether the missing package is installed in {other}",)


def _wanted(modules: list[str]) -> tuple[str, ...]:
    return ("install", *dict.fromkeys(distributions_of(module)[0] for module in modules)) if modules else ("--version",)


def _through_the_interpreter(facts: Snapshot, *words: str) -> Remedy:
    python = known(facts.python.executable, "python")
    return by_hand("call pip through the interpreter", Step(run=(python, "-m", "pip", *words)))


RULE = Rule(
    name="pip-of-another-python",
    title="The pip of PATH belongs to another Python",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"module-not-found", "framework-absent", "package-missing"}),
)
