from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.no_wheel_for_python import RULE
from tests.rules.rule_words import judged, said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def refused(requirement: str, versions: str = "", subject: str = "pip", **details: str) -> dict[str, Any]:
    offered = {"versions": versions} if versions else {}
    return said("no-matching-distribution", subject, requirement=requirement, **offered, **details)


@pytest.mark.parametrize(
    ("symptom", "facts", "certainty", "message"),
    [
        (refused("torch==2.0.1", "none"), {"python": {"version": "3.10.6", "bits": 32}}, Certainty.CERTAIN, "32-bit"),
        (
            refused("torch==1.13.1", "2.0.0, 2.0.1"),
            {"python": {"version": "3.11"}},
            Certainty.CERTAIN,
            "the oldest that pip found for it is 2.0.0",
        ),
        (refused("numpy<2", "2.1.0, 2.3.0"), {"python": {"version": "3.13.0"}}, Certainty.CERTAIN, "numpy below 2"),
        (
            refused("torch==2.9.0", "1.13.0, 2.4.1"),
            {"python": {"version": "3.8.10"}},
            Certainty.CERTAIN,
            "the newest that it found is 2.4.1",
        ),
        (refused("torch==2.9.0", "2.5.0, 2.7.1"), {"python": {"version": "3.11.2"}}, Certainty.LIKELY, "the newest that it found is 2.7.1"),
        (refused("torch==2.2.3", "2.2.2, 2.3.0"), {"python": {"version": "3.11.2"}}, Certainty.LIKELY, "none that was asked for"),
        (refused("torch==2.1.0+cu118", "2.0.0, 2.1.0"), {"python": {"version": "3.11"}}, Certainty.LIKELY, "PyTorch's own index"),
        (refused("tensorflow", "none"), {"python": {"version": "3.15.0"}}, Certainty.CERTAIN, "no wheel for Python 3.15"),
        (refused("tensorflow==2.15.0", "none"), {"python": {"version": "3.13.1"}}, Certainty.CERTAIN, "3.9, 3.10 and 3.11"),
        (refused("torch", "0.1.2, 0.1.2.post1, 0.1.2.post2"), {"python": {"version": "3.12"}}, Certainty.LIKELY, "no file of torch"),
        (refused("something", "none"), {"python": {"version": "3.12"}}, Certainty.LIKELY, "no file of something"),
        (
            refused("torch", "none"),
            {"python": {"version": "3.12"}, "system": {"os": "Linux", "machine": "x86_64", "libc": "musl 1.2.4"}},
            Certainty.CERTAIN,
            "with musl",
        ),
        (refused("torch", "none"), {"system": {"os": "Linux", "machine": "ppc64le"}}, Certainty.CERTAIN, "ppc64le"),
        (refused("torch", "none"), {"system": {"os": "Windows", "machine": "ARM64"}}, Certainty.CERTAIN, "Windows on arm64"),
        (refused("torch==2.6.0", subject="uv", what="platform", have="macosx_15_0_x86_64"), {}, Certainty.CERTAIN, "macosx_15_0_x86_64"),
        (refused("torch==2.0.1", subject="uv", what="abi", have="cp313", tags="cp310, cp311"), {}, Certainty.CERTAIN, "3.10 and 3.11"),
        (refused("pytorch==1.7.1", subject="conda", what="abi", need=">=3.8,<3.9.0a0"), {}, Certainty.CERTAIN, ">=3.8,<3.9.0a0"),
        (refused("torch==2.0.1", subject="poetry"), {"python": {"version": "3.13"}}, Certainty.CERTAIN, "no wheel for Python 3.13"),
        (refused("torch-2.0.1-cp310-cp310-win_amd64.whl"), {"python": {"version": "3.12.1"}}, Certainty.CERTAIN, "for Python 3.10"),
        (refused("torch-2.0.1-cp310-cp310-win_amd64.whl"), {"system": {"os": "Linux"}}, Certainty.CERTAIN, "win_amd64"),
        (refused("torch-2.0.1-cp310-cp310-win_amd64.whl"), {}, Certainty.LIKELY, "cp310 and win_amd64"),
    ],
)
def test_the_reason_is_told_and_how_sure_it_is(symptom: dict[str, Any], facts: dict[str, Any], certainty: Certainty, message: str):
    (found,) = judge(symptom, **facts)
    assert isinstance(found, Found)
    assert message in found.message
    assert found.certainty is certainty


def test_the_remedy_has_a_python_that_the_release_is_built_for_and_not_the_present_one():
    (found,) = judge(refused("torch==1.13.1", "2.0.0, 2.0.1"), python={"version": "3.11"}, system={"os": "Windows"})
    assert "py -3.10 -m venv" in words(found)
    assert "torch==2.0.0" in words(found)


def test_on_windows_a_32_bit_python_is_replaced():
    (found,) = judge(refused("torch", "none"), python={"bits": 32}, system={"os": "Windows"})
    assert "64-bit" in words(found)


def test_an_environment_of_conda_gets_another_beside_it():
    (found,) = judge(refused("tensorflow", "none"), python={"version": "3.15.1", "environment": "conda"})
    assert "conda create --name python3.12 python=3.12" in words(found)


def test_a_build_with_a_tag_comes_from_pytorchs_index():
    (found,) = judge(refused("torch==2.1.0+cu118", "2.0.0, 2.1.0"), python={"version": "3.11"})
    assert "--index-url https://download.pytorch.org/whl/cu118 torch==2.1.0+cu118" in words(found)


def test_an_index_that_was_not_reached_tells_nothing():
    broken = said("download-failed", "pip", reason="NewConnectionError")
    (outcome,) = judge(refused("torch", "none"), broken, python={"version": "3.12"})
    assert isinstance(outcome, NotEvaluated)
    (found,) = judge(refused("torch==1.13.1", "2.0.0, 2.0.1"), broken, python={"version": "3.12"})
    assert isinstance(found, Found)


def test_a_package_that_refuses_this_python_says_which_it_takes():
    conflict = said("version-conflict", "pip", package="python", by="numba", have="3.12.1", need="<3.12,>=3.8")
    (found,) = judge(conflict)
    assert found.message == "numba needs Python <3.12,>=3.8, and this is Python 3.12.1."
    assert "3.11" in words(found)


def test_passed_over_versions_are_evidence_and_no_finding_of_their_own():
    ignored = said("version-conflict", "pip", package="python", need=">=3.7,<3.11")
    assert [type(outcome) for outcome in judge(ignored)] == [NotApplicable]
    (found,) = judge(refused("scipy==1.7.3", "1.9.2, 1.11.0"), ignored, python={"version": "3.11"})
    assert len(found.symptoms) == 2


def test_two_packages_are_two_findings_and_two_lines_of_one_are_one():
    found = judge(refused("torch==1.7.0"), refused("torch==1.7.0", "2.0.0"), refused("numba==0.5", "0.58.0"), python={"version": "3.11"})
    assert [outcome.subject for outcome in found] == ["torch 1.7.0", "numba 0.5"]


TEXTS = {
    "an unpinned framework on a Python that is too new": """\
$ python -V
Python 3.15.0
$ pip install tensorflow
ERROR: Could not find a version that satisfies the requirement tensorflow (from versions: none)
ERROR: No matching distribution found for tensorflow
""",
    "the folder of a 32-bit Python": """\
Requirement already satisfied: pip in c:\\users\\me\\appdata\\local\\programs\\python\\python38-32\\lib\\site-packages (21.1)
ERROR: Could not find a version that satisfies the requirement tensorflow==2.4.0 (from versions: none)
""",
    "uv on an Intel Mac": """\
  x No solution found when resolving dependencies:
  ╰─▶ Because torch==2.6.0 has no wheels with a matching platform tag (e.g., `macosx_13_0_x86_64`) and you require torch==2.6.0, we
      can conclude that your requirements are unsatisfiable.
""",
    "uv with a new Python": """\
error: Distribution `torch==2.3.0 @ registry+https://pypi.org/simple` can't be installed because it doesn't have a source \
distribution or wheel for the current platform

hint: You're using CPython 3.14 (`cp314`), but `torch` (v2.3.0) only has wheels with the following Python ABI tags: `cp38`, `cp311`, `cp312`
""",
    "an old pin in a Colab notebook": """\
  Using cached numpy-2.1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl (19.2 MB)
ERROR: Ignored the following versions that require a different python version: 1.6.2 Requires-Python >=3.7,<3.10
ERROR: Could not find a version that satisfies the requirement torchvision==0.9.1 (from versions: 0.17.0, 0.17.1, 0.18.0)
""",
    "conda": """\
PackagesNotFoundError: The following packages are not available from current channels:

  - pytorch==1.4.0
""",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_real_words_lead_here_first(text: str):
    assert [finding.rule for finding in judged(read_text(text)).findings][:1] == ["no-wheel-for-python"]


NEIGHBOURS = {
    "no space": "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
    "no permission": "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: "
    "'/usr/lib/python3/dist-packages/x'\n",
    "no network": (
        "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by "
        "'NewConnectionError('<pip._vendor.urllib3.connection.VerifiedHTTPSConnection object at 0x7f10>: "
        "Failed to establish a new connection: "
        "[Errno -2] Name or service not known')': /simple/torch/\n"
        "ERROR: Could not find a version that satisfies the requirement torch (from versions: none)\n"
        "ERROR: No matching distribution found for torch\n"
    ),
    "a certificate": (
        "Could not fetch URL https://pypi.org/simple/torch/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(…)\n"
        "ERROR: Could not find a version that satisfies the requirement torch (from versions: none)\n"
    ),
    "an installation that went well": "Collecting torch\n  Downloading torch-2.9.0-cp312-cp312-win_amd64.whl (109 MB)\nSuccessfully "
    "installed torch-2.9.0\n",
}


@pytest.mark.parametrize("text", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_other_troubles_are_not_taken_for_it(text: str):
    assert "no-wheel-for-python" not in [finding.rule for finding in judged(read_text(text)).findings]


def test_rosetta_is_the_cause_where_the_mac_has_an_apple_chip():
    text = (
        "Python 3.12.2 (main, Feb  6 2024, 20:19:44) [Clang 15.0.0 (clang-1500.1.0.2.5)] on darwin\n"
        ">>> platform.platform()\n'macOS-14.4-x86_64-i386-64bit'\n"
        "$ sysctl -n machdep.cpu.brand_string\nApple M2 Pro\n"
        "ERROR: Could not find a version that satisfies the requirement torch==2.6.0 (from versions: 2.2.0, 2.2.1, 2.2.2)\n"
    )
    report = judged(read_text(text))
    assert [finding.rule for finding in report.findings] == ["x86-python-on-apple-silicon", "no-wheel-for-python"]
    assert report.findings[1].because_of == (report.findings[0].id,)


_REQUIREMENT = "ERROR: Could not find a version that satisfies the requirement "


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("C:\\work>pip install torch==1.13.1\n{}torch==1.13.1 (from versions: 2.0.0, 2.0.1)", "3.10"),  # Windows has none for 3.11
        ("{}torch==1.12.0 (from versions: 1.13.0, 1.13.1, 2.0.0)", "3.10"),
        ("{}torch==1.8.1 (from versions: none)", "3.9"),
    ],
)
def test_the_python_that_is_advised_has_a_wheel_on_that_system(text: str, python: str) -> None:
    found = [outcome for outcome in RULE.check(Case(read_text(text.format(_REQUIREMENT)))) if isinstance(outcome, Found)]
    assert f"Python {python} " in " ".join(remedy.summary for remedy in found[0].remedies)


def test_jaxs_builds_for_cuda_are_on_its_own_index() -> None:
    (found,) = RULE.check(Case(read_text(f"{_REQUIREMENT}jaxlib==0.4.9+cuda12.cudnn88 (from versions: 0.4.13, 0.4.14)")))
    assert isinstance(found, Found)
    assert "own index" in found.message
    assert found.remedies[0].steps[0].run[-1] == "jax[cuda12]"


@pytest.mark.parametrize(
    ("have", "tags"),
    [
        ("macosx_14_0_x86_64", "macosx_11_0_arm64, win_amd64"),
        ("manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
        ("musllinux_1_2_x86_64", "manylinux_2_28_x86_64"),
        ("win_arm64", "win_amd64"),
    ],
)
def test_another_python_does_not_help_against_the_platform(have: str, tags: str):
    details = {"requirement": "torch==2.7.0", "what": "platform", "have": have, "tags": tags}
    (found,) = judge({"kind": "no-matching-distribution", "text": "no wheels", "details": details})
    assert isinstance(found, Found)
    assert not any("environment with Python" in remedy.summary for remedy in found.remedies)
    assert any(remedy.summary.startswith("use a") for remedy in found.remedies)


def test_a_glibc_that_is_too_old_is_not_laid_on_python():
    details = {"requirement": "torch==2.7.0", "versions": "2.5.1, 2.6.0"}
    said = {"kind": "no-matching-distribution", "text": "from versions: 2.5.1, 2.6.0", "details": details}
    (found,) = judge(said, system={"os": "Linux", "libc": "glibc 2.17", "machine": "x86_64"}, python={"version": "3.11.4"})
    assert found.message == "torch 2.7.0 has a wheel for Python 3.11, but for glibc 2.28 or newer, and this system has 2.17."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM python:3.13-slim\nRUN pip install tensorflow==2.15.0\n", "tensorflow 2.15.0 has no wheel for Python 3.13"),
        ("$ python -V\nPython 3.12.3\n$ pip install torch==1.13.1\n", "torch 1.13.1 has no wheel for Python 3.12"),
    ],
)
def test_what_is_asked_for_and_cannot_come_is_likely(text: str, message: str):
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        "FROM python:3.11-slim\nRUN pip install tensorflow==2.15.0\n",
        "FROM python:3.13-slim\nRUN pip install tensorflow==99.0\n",
        "$ python -V\nPython 3.12.3\n$ pip install torch==1.13.1\n$ pip freeze\ntorch==2.6.0\n",
        "tensorflow 2.15.0, Python 3.13\n",
    ],
)
def test_what_can_come_or_is_not_known_is_left_alone(text: str):
    assert not [each for each in RULE.check(Case(read_text(text))) if isinstance(each, Found)]
