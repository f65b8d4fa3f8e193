from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.report import Certainty
from envcheck.rules.protobuf_descriptors import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def said(subject: str = "protobuf") -> dict[str, Any]:
    return {"kind": "protobuf-descriptors", "text": "TypeError: Descriptors cannot not be created directly.", "subject": subject}


def protobuf(version: str) -> list[dict[str, Any]]:
    return [{"name": "protobuf", "version": version, "state": "ok"}]


@pytest.mark.parametrize("version", ["4.21.2", "5.29.0", "6.31.1"])
def test_refused_code_is_found(version: str):
    (found,) = judge(said(), packages=protobuf(version))
    assert isinstance(found, Found)
    assert found.subject == f"protobuf {version}"
    assert found.certainty is Certainty.CERTAIN
    assert found.remedies[0].steps[0].run[-1] == "protobuf==3.20.*"


def test_an_old_protobuf_cannot_have_said_it():
    (found,) = judge(said(), packages=protobuf("3.20.3"))
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


def test_whose_code_it_was_is_named():
    (found,) = judge(said("tensorflow"))
    assert "tensorflow" in found.message
    assert found.about == ("protobuf", "tensorflow")


def test_the_installed_version_alone_is_no_finding():
    assert isinstance(judge(packages=protobuf("4.21.2"))[0], Passed)
    assert isinstance(judge()[0], NotApplicable)


def test_an_old_protobuf_is_no_remedy_where_something_installed_needs_a_newer_one() -> None:
    packages = [*protobuf("6.31.1"), {"name": "tensorflow", "version": "2.21", "state": "ok", "requires": ["protobuf>=6.31"]}]
    (found,) = judge(said("onnx"), packages=packages, python={"version": "3.12.1"}, system={"os": "Linux", "machine": "x86_64"})
    (remedy,) = found.remedies
    assert [step.do for step in remedy.steps] == [
        "install a release of onnx that was generated for protobuf 4 or newer",
        "an older protobuf is no way back: tensorflow 2.21 needs protobuf>=6.31",
    ]
