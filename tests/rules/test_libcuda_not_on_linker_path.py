"""libcuda-not-on-linker-path: nothing to link against, although the driver is there."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.libcuda_not_on_linker_path import RULE

SAID = {"kind": "library-not-found", "text": "ld: cannot find -lcuda", "details": {"library": "libcuda.so", "reason": "linker"}}


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def test_with_a_driver_that_answers_it_is_certain() -> None:
    found = judge(SAID, nvidia={"driver_version": "535.104.05", "libcuda_path": "/usr/lib/x86_64-linux-gnu/libcuda.so.1"})
    assert (type(found), found.certainty) == (Found, Certainty.CERTAIN)
    link, by_name = found.remedies
    assert link.steps[0].run[1:] == ("ln", "-s", "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so")
    assert [step.run[1] for step in by_name.steps] == [
        "TRITON_LIBCUDA_PATH=/usr/lib/x86_64-linux-gnu",
        "LIBRARY_PATH=/usr/lib/x86_64-linux-gnu",
    ]


def test_without_a_word_of_the_driver_it_is_likely() -> None:
    assert judge(SAID).certainty is Certainty.LIKELY


def test_a_folder_that_is_in_the_variable_already_stays_there() -> None:
    found = judge(SAID, nvidia={"libcuda_path": "/lib64/libcuda.so.1"}, variables={"LIBRARY_PATH": "/opt/lib"})
    assert found.remedies[1].steps[1].run == ("export", "LIBRARY_PATH=/lib64:/opt/lib")


def test_under_wsl_nothing_is_linked() -> None:
    (remedy,) = judge(SAID, system={"wsl": 2}).remedies
    assert remedy.steps[0].run == ("export", "TRITON_LIBCUDA_PATH=/usr/lib/wsl/lib")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/me/envs/x/compiler_compat/ld: cannot find -lcuda: No such file or directory", Found),
        ("ld.gold: error: cannot find -lcuda", Found),
        ("ld.lld: error: unable to find library -lcuda", Found),
        ("mold: fatal: library not found: cuda", Found),
        ("AssertionError: libcuda.so cannot found!", Found),
        ("/usr/bin/ld: cannot find -lcudart", NotApplicable),
        ("Could not load library libcudnn_cnn_infer.so.8. Error: libcuda.so: cannot open shared object file", NotApplicable),
        ("the linker should look for libcuda.so in /usr/lib/wsl/lib", NotApplicable),
    ],
)
def test_linkers_and_triton_say_it_in_their_own_words(text: str, expected: type) -> None:
    assert isinstance(next(iter(RULE.check(Case(read_text(text))))), expected)


def test_triton_names_the_place_itself() -> None:
    text = (
        "AssertionError: libcuda.so cannot found!\nPossible files are located at ['/lib64/libcuda.so.1'].Please create a symlink of "
        "libcuda.so to any of the file."
    )
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert found.message == "Triton finds no libcuda.so to build against; the driver's library is /lib64/libcuda.so.1."


def test_where_there_is_no_driver_it_is_not_evaluated() -> None:
    assert isinstance(judge(SAID, nvidia={"driver_version": None}), NotEvaluated)
    assert isinstance(judge(SAID, live=True), NotEvaluated)


def test_other_systems_have_other_linkers() -> None:
    assert isinstance(judge(SAID, system={"os": "Windows"}), NotApplicable)
