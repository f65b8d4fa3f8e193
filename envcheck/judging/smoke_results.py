"""What the rules about smoke tests share: the results to be judged, their words, and what is said where there is none."""

from collections.abc import Iterable, Iterator

from envcheck.facts.snapshot import Package, Smoke, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.rule import NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.judging.wording import titled
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.knowledge.smoke_tests import smoke_test
from envcheck.report import Step


def smoke_tests(facts: Snapshot) -> list[Smoke]:
    """The results of envcheck's own tests, without those of profiles' checks."""
    return [smoke for smoke in facts.smoke if not smoke.command]


def tested(facts: Snapshot, *statuses: str) -> list[Smoke]:
    """The results of these statuses, of tests whose framework could be imported: of others the rules about imports tell."""
    return [smoke for smoke in smoke_tests(facts) if smoke.status in statuses and _was_imported(facts, smoke)]


def _was_imported(facts: Snapshot, smoke: Smoke) -> bool:
    test = smoke_test(smoke.framework)
    name = test.import_name if test is not None else smoke.framework
    return all(entry.status == "imported" for entry in facts.imports if entry.name == name)


def name_of(smoke: Smoke) -> str:
    """`torch`, or `keras with jax`."""
    return f"{smoke.framework} with {smoke.variant}" if smoke.variant else smoke.framework


def key_of(smoke: Smoke) -> str:
    """As it stands in the details of its symptoms and in the paths of facts: `keras:jax@cpu`."""
    return f"{smoke.framework}:{smoke.variant}@{smoke.device}" if smoke.variant else f"{smoke.framework}@{smoke.device}"


def place_of(smoke: Smoke) -> str:
    """` on cuda:0`; nothing where it did not get as far as to a device."""
    return "" if smoke.device == "auto" else f" on {smoke.device}"


def heard(facts: Snapshot, smoke: Smoke, kinds: Iterable[SymptomKind] = ()) -> tuple[Symptom, ...]:
    """What was said in this test; of these kinds, where any are named."""
    wanted = tuple(kinds)
    own = (symptom for symptom in facts.symptoms if symptom.details.get("test") == key_of(smoke))
    return tuple(symptom for symptom in own if not wanted or symptom.kind in wanted)


def concerned(smoke: Smoke) -> tuple[str, ...]:
    """The test, its import package and the distributions that bring it."""
    test = smoke_test(smoke.framework)
    name = test.import_name if test is not None and test.import_name else smoke.framework
    return tuple(dict.fromkeys((smoke.framework, name, *distributions_of(name))))


def manual_of(smoke: Smoke) -> str:
    """What a failure of the layer that it ended in means, by the test's own manual; "" where that says nothing."""
    test = smoke_test(smoke.framework)
    return test.manual.get(known(smoke.layer, ""), "") if test is not None else ""


def package_of(facts: Snapshot, smoke: Smoke) -> Package | None:
    """The installed distribution whose framework was tested."""
    test = smoke_test(smoke.framework)
    return installed_for(facts, test.import_name) if test is not None and test.import_name else None


def subject_of(facts: Snapshot, smoke: Smoke) -> str:
    """`torch 2.13.0+cpu on cuda:0`."""
    package = package_of(facts, smoke)
    return f"{titled(name_of(smoke), package.version if package else None)}{place_of(smoke)}"


def once_more(facts: Snapshot, smoke: Smoke, *options: str) -> Step:
    """The command that makes this one test again, of the same interpreter."""
    python = known(facts.python.executable, "")
    of_it = ("--python", python) if python else ()
    return Step(run=("envcheck", "smoke", smoke.framework, "--device", smoke.device.partition(":")[0], *of_it, *options))


def others(facts: Snapshot, words: str, *, found: bool) -> Iterator[Outcome]:
    """What a rule says of the tests that passed, and where there is nothing else to say; `found`: it has a finding about some."""
    passed = tested(facts, "passed")
    for smoke in passed:
        yield Passed(f"{name_of(smoke)}{place_of(smoke)}", words)
    if not passed and not found:
        yield NotApplicable("no smoke test ended so" if smoke_tests(facts) else "no smoke test was made")


def not_made(facts: Snapshot) -> Iterator[NotEvaluated]:
    """The tests that could not be made here."""
    for smoke in smoke_tests(facts):
        if smoke.status == "skipped" or (smoke.status == "absent" and smoke.reason):
            reason = smoke.reason or "it could not be made here"
            yield NotEvaluated(f"{name_of(smoke)}{place_of(smoke)}", reason, _needs(smoke), required=smoke.asked_for)


def _needs(smoke: Smoke) -> tuple[str, ...]:
    """What tells more of a device that a framework could use and does not list."""
    test = smoke_test(smoke.framework)
    absent = known(smoke.layer, "") == "devices" and test is not None and smoke.device in test.devices
    return ("envcheck doctor: it says what keeps the framework from the device",) if absent else ()
