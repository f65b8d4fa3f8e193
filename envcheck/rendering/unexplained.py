"""What a pasted text says is wrong where no rule knows why: it must not read as if all were well."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot
from envcheck.report import Finding, Proof, Report, Role, Severity, Status


def unexplained(report: Report) -> tuple[Proof, ...]:
    """The trouble that a text tells of and that no finding explains, each piece with its place.

    Nothing on a live machine, where what programs say is judged beside the facts, and nothing where a cause was found or all is well. What
    a hint speaks of is explained.
    """
    found = any(finding.severity is not Severity.INFO for finding in report.findings)
    if report.facts.live or report.status is not Status.UNKNOWN or found:
        return ()
    explained = {proof.value for finding in report.findings for proof in finding.evidence}
    told = {proof.value: proof for proof in (*_said(report.facts), *_blind(report.facts)) if proof.value not in explained}
    return tuple(told.values())


def answered(report: Report) -> tuple[Finding, ...]:
    """The hints that say what the errors of a text are, where nothing worse was found in it: they are its answer."""
    if report.facts.live or report.status is not Status.UNKNOWN:
        return ()
    roots = [finding for finding in report.findings if finding.role is Role.PRIMARY]
    return tuple(finding for finding in roots if any(proof.fact.startswith("symptoms[") for proof in finding.evidence))


def _said(facts: Snapshot) -> Iterator[Proof]:
    for symptom in facts.symptoms:
        yield Proof(fact=f"symptoms[{symptom.kind.value}]", value=symptom.text, source=symptom.source)


def _blind(facts: Snapshot) -> Iterator[Proof]:
    """A framework that was asked for CUDA and has none; of a build without CUDA that is no news."""
    for name, build in facts.builds.items():
        if build.cuda_available is False and build.cuda is not None and facts.system.os != "Darwin":
            fact = f"builds[{name}].cuda_available"
            yield Proof(fact=fact, value=f"{name} sees no GPU", source=facts.source_of(fact))
