"""conda-pip-mix: one distribution was installed by conda and by pip."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed
from envcheck.knowledge.versions import major, series
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether conda's records name another version of a package than the one that pip installed over it.",
    why="pip knows nothing of conda's records. conda goes on to count with the version that it installed: what it resolves next rests on "
    "a package that is not there, and its own libraries beside it may fit only the old one. Of torch, TensorFlow and NumPy that is seen "
    "at once.",
    example="conda's numpy 1.26.4 and pip's numpy 2.0.1 in one environment, with conda's scipy compiled for the first.",
    fix="Install all compiled packages by one of the two: with conda first, and by pip only what conda does not have.",
    ignore_when="Only pip is used in this environment from now on, and everything works.",
    sources=(
        "https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#using-pip-in-an-environment",
        "https://www.anaconda.com/blog/using-pip-in-a-conda-environment",
    ),
)

# What probes write of a package whose files are another's.
_RECORDED = " in conda's records"
# Compiled packages that others are compiled against or that conda builds another variant of: here two versions are two builds.
_MATTER = frozenset(("torch", "torchvision", "torchaudio", "tensorflow", "jaxlib"))
_ABI = frozenset(("numpy", "protobuf", "pyarrow"))


class _Twice(msgspec.Struct, frozen=True):
    """A distribution with conda's version and pip's."""

    name: str
    by_conda: str
    by_pip: str
    proofs: tuple[Proof, ...]

    @property
    def matters(self) -> bool:
        """Whether the two differ in a way that others feel."""
        if self.name in _ABI:
            return major(self.by_conda) != major(self.by_pip)
        return self.name in _MATTER and series(self.by_conda) != series(self.by_pip)


def check(case: Case) -> Iterator[Outcome]:
    """All of them together: a warning for those that others feel, a hint for the rest."""
    facts = case.facts
    if not any(package.manager == "conda" for package in facts.packages):
        yield NotApplicable("no package of conda's is known to be installed")
        return
    twice = [found for package in facts.packages if (found := _recorded(case, package) or _listed(case, package)) is not None]
    for matters in (True, False):
        some = [each for each in twice if each.matters is matters]
        if some:
            yield _found(case, some, Severity.WARNING if matters else Severity.INFO)
    if not twice and not facts.live:
        yield NotEvaluated(
            "conda's packages", "whether the list is whole is not known", ("a run of envcheck doctor on the machine itself",)
        )
    elif not twice:
        yield Passed("conda's packages", "none of them is pip's too")


def _recorded(case: Case, package: Package) -> _Twice | None:
    """On the machine itself: what pip installed, where conda's records have another version."""
    record = next((other.removesuffix(_RECORDED) for other in package.others if other.endswith(_RECORDED)), "")
    version = known(package.version, "")
    if not record or record == version or known(package.manager, "") not in ("pip", "uv"):
        return None
    proofs = (
        case.proof(f"packages[{package.name}].version", version),
        case.proof(f"packages[{package.name}].others", f"{record}{_RECORDED}"),
    )
    return _Twice(package.name, record, version, proofs)


def _listed(case: Case, package: Package) -> _Twice | None:
    """In a list of conda's: two rows of one distribution, one of them from PyPI."""
    fact = f"packages[{package.name}]"
    lost = {(each.fact, each.source): each.value for each in case.facts.contradictions if each.fact.startswith(fact)}
    for (path, source), value in lost.items():
        other = lost.get((f"{fact}.version", source), "")
        managers = (known(package.manager, ""), value)
        if path != f"{fact}.manager" or not other or set(managers) != {"conda", "pip"} or other == package.version:
            continue
        mine = known(package.version, "")
        by_conda, by_pip = (mine, other) if managers[0] == "conda" else (other, mine)
        return _Twice(
            package.name, by_conda, by_pip, (case.proof(f"{fact}.version", mine), Proof(fact=f"{fact}.version", value=other, source=source))
        )
    return None


def _found(case: Case, twice: list[_Twice], severity: Severity) -> Found:
    names = [f"{each.name} ({each.by_conda} by conda, {each.by_pip} by pip)" for each in twice]
    live = case.facts.live
    return Found(
        listed([each.name for each in twice]),
        f"{listed(names)} {'was' if len(twice) == 1 else 'were'} installed by conda and by pip in different versions.",
        severity=severity,
        certainty=Certainty.CERTAIN if live else Certainty.LIKELY,
        evidence=tuple(proof for each in twice[:3] for proof in each.proofs),
        would_confirm=() if live else (f"conda list {twice[0].name} shows two rows for the same environment",),
        remedies=(_remedy(case.facts, twice),),
        about=tuple(each.name for each in twice),
    )


def _remedy(facts: Snapshot, twice: list[_Twice]) -> Remedy:
    names = [each.name for each in twice]
    python = known(facts.python.executable, "python")
    return by_hand(
        "keep one of the two",
        Step(run=(python, "-m", "pip", "uninstall", *names[:10])),
        "then install what is wanted again, by conda where conda's other packages need it",
        "where much is mixed, a new environment is the shorter way",
    )


RULE = Rule(
    name="conda-pip-mix",
    title="A package was installed by conda and by pip",
    area=Area.PACKAGES,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"package-torn", "requirement-of-package-unmet"}),
)
