"""Causes, consequences and the order in which they are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.causes import Judged, trace
from envcheck.judging.rule import Found, Layer, Manual, Rule
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(checks="", why="", example="", fix="", ignore_when="", sources=())
SAID = Symptom(kind=SymptomKind.CUDA_ERROR, text="CUDA error")


def judged(
    name: str,
    *,
    layer: Layer = Layer.PYTHON,
    explains: tuple[str, ...] = (),
    severity: Severity = Severity.ERROR,
    certainty: Certainty = Certainty.CERTAIN,
    symptoms: tuple[Symptom, ...] = (),
    about: tuple[str, ...] = (),
    brings: tuple[str, ...] = (),
    follows: tuple[str, ...] = (),
    number: str = "",
) -> Judged:
    rule = Rule(name, name, Area.PYTHON, layer, MANUAL, lambda case: (), frozenset(explains))
    found = Found(name + number, "", severity=severity, certainty=certainty, symptoms=symptoms, about=about, brings=brings, follows=follows)
    return Judged(name + number, rule, found)


def told(*findings: Judged) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.id, each.because_of) for each in trace(findings)]


def test_what_a_rule_explains_is_its_consequence_and_told_after_it() -> None:
    assert told(judged("effect"), judged("root", explains=("effect",))) == [("root", ()), ("effect", ("root",))]


def test_a_kind_of_symptom_can_be_explained_like_a_rule() -> None:
    effect = judged("effect", symptoms=(SAID,))
    assert told(effect, judged("root", explains=("cuda-error",))) == [("root", ()), ("effect", ("root",))]


def test_a_symptom_that_both_have_heard_does_not_turn_round_what_a_rule_names() -> None:
    deep = judged("deep", layer=Layer.DRIVER, explains=("cuda-error",), symptoms=(SAID,))
    named = judged("named", layer=Layer.DEVICE, explains=("cuda-error", "deep"), symptoms=(SAID,))
    assert told(deep, named) == [("named", ()), ("deep", ("named",))]
    hint = judged("hint", layer=Layer.DEVICE, explains=("deep",), severity=Severity.INFO, symptoms=(SAID,))
    assert told(deep, hint) == [("deep", ()), ("hint", ("deep",))]


def test_a_hint_that_brings_the_packages_is_the_cause_and_as_bad() -> None:
    hint = judged("hint", explains=("effect",), severity=Severity.INFO, brings=("torch",))
    findings = trace([hint, judged("effect", about=("torch", "numpy"))])
    assert [(each.id, each.because_of, each.found.severity) for each in findings] == [
        ("hint", (), Severity.ERROR),
        ("effect", ("hint",), Severity.ERROR),
    ]
    assert [because for _, because in told(hint, judged("effect", about=("jax",)))] == [(), ()]


def test_what_concerns_other_packages_is_no_consequence() -> None:
    root = judged("root", explains=("effect",), about=("torch",))
    assert [because for _, because in told(root, judged("effect", about=("jax",)))] == [(), ()]


@pytest.mark.parametrize(("cause", "effect"), [((), ("jax",)), (("torch",), ()), ((), ()), (("torch", "jax"), ("jax",))])
def test_packages_that_meet_or_are_not_named_link(cause: tuple[str, ...], effect: tuple[str, ...]) -> None:
    findings = told(judged("root", explains=("effect",), about=cause), judged("effect", about=effect))
    assert findings[1] == ("effect", ("root",))


def test_a_chain_names_each_ones_own_cause() -> None:
    first = judged("first", layer=Layer.DRIVER, explains=("second",))
    second = judged("second", layer=Layer.DEVICE, explains=("third",))
    linked = dict(told(judged("third", layer=Layer.COMPUTE), second, first))
    assert linked == {"first": (), "second": ("first",), "third": ("second",)}


def test_a_cause_is_as_bad_as_what_follows_from_it() -> None:
    root = judged("root", explains=("effect",), severity=Severity.WARNING, certainty=Certainty.LIKELY)
    assert [each.found.severity for each in trace([root, judged("effect")])] == [Severity.ERROR, Severity.ERROR]
    assert [each.found.severity for each in trace([root])] == [Severity.WARNING]


def test_two_rules_that_explain_each_other_make_no_circle_and_the_deeper_one_is_the_root() -> None:
    shallow = judged("shallow", layer=Layer.DEVICE, explains=("deep",))
    deep = judged("deep", layer=Layer.DRIVER, explains=("shallow",))
    assert told(shallow, deep) == [("deep", ()), ("shallow", ("deep",))]


def test_a_circle_of_three_keeps_a_root() -> None:
    ring = [judged("a", explains=("b",)), judged("b", explains=("c",)), judged("c", explains=("a",))]
    assert dict(told(*ring)) == {"a": (), "b": ("a",), "c": ("b",)}


def test_findings_of_one_rule_do_not_explain_each_other() -> None:
    twins = [judged("rule", explains=("rule",), number="1"), judged("rule", explains=("rule",), number="2")]
    assert [because for _, because in told(*twins)] == [(), ()]


def test_one_of_a_rule_that_follows_from_another_is_its_consequence() -> None:
    assert told(judged("rule", number="1", follows=("rule2",)), judged("rule", number="2")) == [("rule2", ()), ("rule1", ("rule2",))]


def test_two_of_a_rule_that_follow_from_each_other_keep_a_root() -> None:
    twins = judged("rule", number="1", follows=("rule2",)), judged("rule", number="2", follows=("rule1",))
    assert told(*twins) == [("rule1", ()), ("rule2", ("rule1",))]


def test_several_causes_are_all_named_in_order() -> None:
    effect = judged("effect")
    assert told(effect, judged("b", explains=("effect",)), judged("a", explains=("effect",)))[-1] == ("effect", ("a", "b"))


def test_a_hint_is_no_cause_of_an_error_but_may_be_one_of_a_hint() -> None:
    hint = judged("hint", severity=Severity.INFO, explains=("error", "other"))
    assert dict(told(hint, judged("error"), judged("other", severity=Severity.INFO))) == {"error": (), "hint": (), "other": ("hint",)}


ORDER = [
    judged("certain-with-words", symptoms=(SAID,)),
    judged("certain-warning-with-words", symptoms=(SAID,), severity=Severity.WARNING),
    judged("certain-computed-deep", layer=Layer.DRIVER),
    judged("certain-computed-shallow", layer=Layer.DEVICE),
    judged("certain-warning", severity=Severity.WARNING),
    judged("likely-with-words", certainty=Certainty.LIKELY, symptoms=(SAID,)),
    judged("likely-a", certainty=Certainty.LIKELY),
    judged("likely-b", certainty=Certainty.LIKELY),
    judged("hint-with-words", severity=Severity.INFO, symptoms=(SAID,)),
    judged("hint", severity=Severity.INFO),
]


@given(st.permutations(ORDER))
def test_the_order_of_the_roots_does_not_depend_on_that_of_the_rules(findings: list[Judged]) -> None:
    assert [each.id for each in trace(findings)] == [each.id for each in ORDER]


NAMES = ("a", "b", "c", "d", "e")


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(list(Layer)), st.sets(st.sampled_from(NAMES)), st.sampled_from(list(Severity))),
        max_size=5,
        unique_by=lambda entry: entry[0],
    )
)
def test_there_is_always_a_root_and_never_a_circle(entries: list[tuple[str, Layer, set[str], Severity]]) -> None:
    findings = [judged(name, layer=layer, explains=tuple(explains), severity=severity) for name, layer, explains, severity in entries]
    linked = {each.id: each.because_of for each in trace(findings)}
    assert sorted(linked) == sorted(name for name, *_ in entries)
    assert not linked or () in linked.values()
    for start, causes in linked.items():
        seen, open_ids = set(), list(causes)
        while open_ids:
            current = open_ids.pop()
            assert current != start
            open_ids += [] if current in seen else linked[current]
            seen.add(current)


def test_nothing_found_is_nothing_told() -> None:
    assert trace([]) == []
