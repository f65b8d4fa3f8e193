"""cuda-end-of-life: a build for a CUDA that no newer release of its framework is made for."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.tensorflow_build import tensorflow_build
from envcheck.judging.torch_build import BuildKind, torch_build
from envcheck.knowledge import TABLES_DATE, tensorflow, torch
from envcheck.knowledge.ends_of_life import LastRelease, find_last_release, months_between, spoken_month
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import major, release
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Severity

MANUAL = Manual(
    checks="Whether the installed torch or TensorFlow is built for a major version of CUDA that no release of the last "
    "year has a build for.",
    why="A framework is built for one or two majors of CUDA at a time. Where its newer releases have no build for the installed "
    "one's, every fix means another CUDA too, and with it perhaps a newer driver. For CUDA 11 the last were torch 2.7 and TensorFlow 2.14.",
    example="torch 2.3.1+cu118 in November 2026: torch 2.7 of June 2025 was the last with a build for CUDA 11.",
    fix="Take a build for a newer CUDA with the next update: any CUDA 12 build runs on a driver from 525.60.13 on (528.33 on Windows).",
    ignore_when="The driver cannot be updated, or the card is of a generation that only this CUDA has code for.",
    sources=(
        "https://github.com/pytorch/pytorch/blob/main/RELEASE.md",
        "https://github.com/pytorch/pytorch/issues/147383",
        "https://www.tensorflow.org/install/source#gpu",
    ),
)


# A threshold of ours: until then the last release that had such builds is itself nearly new.
_MONTHS_WITHOUT_BUILD = 12


class _CudaBuild(msgspec.Struct, frozen=True):
    """An installed build; `row` is that of the last release with one for this major of CUDA, None: older than all that are known."""

    subject: str
    cuda: str
    fact: str
    row: torch.Wheel | tensorflow.Release | None

    @property
    def name(self) -> str:
        """That of the framework, as its releases are known by."""
        return "torch" if self.subject.startswith("torch") else "tensorflow"

    @property
    def last(self) -> LastRelease | None:
        """The last release of the series that was the last to have such builds."""
        version = self.row.torch if isinstance(self.row, torch.Wheel) else self.row.version if self.row is not None else ""
        return find_last_release(self.name, version)


def check(case: Case) -> Iterator[Outcome]:
    """By what the index has of torch, and by what the releases of TensorFlow were built for."""
    outcomes = [outcome for outcome in (_torch(case), _tensorflow(case)) if outcome is not None]
    yield from outcomes or [NotApplicable("no build for CUDA is known to be installed")]


def _torch(case: Case) -> Outcome | None:
    build = torch_build(case.facts)
    if build is None or build.kind is not BuildKind.CUDA:
        return None
    cuda = build.cuda or ""
    if not release(cuda):
        return NotEvaluated(build.subject, "the CUDA that it is built for is not known", ("python -m torch.utils.collect_env",))
    wheels = (row for known in torch.releases() for row in torch.wheels_of(known.version, "cuda"))
    return _judge(case, _CudaBuild(build.subject, cuda, build.fact, next((row for row in wheels if major(row.cuda) == major(cuda)), None)))


def _tensorflow(case: Case) -> Outcome | None:
    build = tensorflow_build(case.facts)
    if build is None or not build.for_cuda or not release(build.cuda) or _is_on_windows(case.facts):
        return None
    row = next((row for row in tensorflow.releases() if row.cuda and major(row.cuda) == major(build.cuda)), None)
    return _judge(case, _CudaBuild(build.subject, build.cuda, build.fact, row))


def _is_on_windows(facts: Snapshot) -> bool:
    """There TensorFlow for CUDA ended altogether, which is another rule's to say."""
    return facts.system.os == "Windows"


def _judge(case: Case, build: _CudaBuild) -> Outcome:
    """At the time at which the facts were taken, or where a text does not tell, at that of the tables."""
    last = build.last
    if last is not None and months_between(last.released, case.facts.taken or TABLES_DATE) <= _MONTHS_WITHOUT_BUILD:
        return Passed(
            build.subject, f"{last.name} {last.series} of {spoken_month(last.released)} is built for CUDA {major(build.cuda)} too"
        )
    if last is None and build.row is not None:
        return NotEvaluated(build.subject, f"when the last release for CUDA {major(build.cuda)} was is in no table")
    return _finding(case, build, last)


def _finding(case: Case, build: _CudaBuild, last: LastRelease | None) -> Found:
    until = (
        f"{last.name} {last.series} of {spoken_month(last.released)} was the last that is" if last is not None else "no release of today is"
    )
    sure = build.row is None or build.row.confidence is Confidence.HIGH
    evidence = [case.proof(build.fact, build.cuda)]
    if build.row is not None and last is not None:
        evidence.append(Proof(fact=f"last {last.name} for CUDA {major(build.cuda)}", value=last.series, source=build.row.source))
    return Found(
        subject=build.subject,
        message=f"{build.subject} is built for CUDA {build.cuda}, and {until} built for CUDA {major(build.cuda)}: "
        "newer releases need a newer CUDA.",
        severity=Severity.INFO,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else ("the builds that the framework's index has of its newest release",),
        remedies=(by_hand("take a build for a newer CUDA with the next update, and before it a driver that runs it"),),
        about=(build.name,),
    )


RULE = Rule(
    name="cuda-end-of-life",
    title="The build's CUDA has ended",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
)
