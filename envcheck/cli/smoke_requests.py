"""Which smoke tests are to be made: those of the default set that are installed, those that somebody named, on which devices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from envcheck.knowledge.frameworks import distributions_of
from envcheck.knowledge.smoke_tests import SmokeTest, smoke_test, smoke_tests, test_of_import
from envcheck.mistake import Mistake, suggestion

if TYPE_CHECKING:
    from envcheck.observing.smoke import SmokeRequest


# A compiler of a framework's took 40 s for one small function on two busy cores: what is expected, and what is waited for.
_COMPILING_S, _COMPILER_S = 40.0, 300.0


class TestOptions(msgspec.Struct, frozen=True):
    """What the user said of all tests: the kind of device, the seconds for each, the slow layers, and the bytes of a card."""

    device: str = "auto"
    timeout_s: float | None = None
    slow: bool = False
    card_bytes: int | None = None


def split_names(names: Iterable[str]) -> tuple[list[SmokeTest], dict[str, str]]:
    """The tests of these names, and of the systems that have ended why there is none. Raises `Mistake` for a name that nobody knows."""
    tests: dict[str, SmokeTest] = {}
    ended: dict[str, str] = {}
    for name in names:
        found = smoke_test(name)
        if found is not None:
            tests[found.name] = found
        else:
            ended[_ended(name)] = "it has ended; envcheck has no smoke test of it"
    return list(tests.values()), ended


def _ended(name: str) -> str:
    from envcheck.knowledge.retired import RETIRED

    distribution = name.lower().replace("_", "-")
    if distribution in RETIRED:
        return distribution
    known = sorted({spelling for test in smoke_tests().values() for spelling in (test.name, *test.names)})
    raise Mistake(f'There is no smoke test "{name}".', suggestion(name, known) or f"Those that there are: {', '.join(smoke_tests())}.")


def default_tests() -> list[SmokeTest]:
    """Those that the doctor makes where their framework is installed."""
    return [test for test in smoke_tests().values() if test.default]


def tests_of_imports(names: Iterable[str]) -> tuple[list[SmokeTest], list[str]]:
    """The tests of these import packages, and the packages that have none: they can only be imported."""
    found = {name: smoke_test(name) or test_of_import(name) for name in names}
    return [test for test in found.values() if test is not None], [name for name, test in found.items() if test is None]


def requests(tests: Sequence[SmokeTest], options: TestOptions, *, asked_for: bool) -> "list[SmokeRequest]":
    """What is to be made of each test: one request, or one for each variant. What nobody asked for is made where it is installed."""
    made = []
    for test in tests:
        own = () if asked_for or not test.import_name else (distributions_of(test.import_name),)
        if not test.variants:
            made.append(_request(test, options, "", test.variables, own, asked_for=asked_for))
        for name, variant in test.variants.items():
            needs = (*own, distributions_of(variant.needs))
            made.append(_request(test, options, name, {**test.variables, **variant.variables}, needs, asked_for=asked_for))
    return made


def _request(
    test: SmokeTest,
    options: TestOptions,
    variant: str,
    variables: Mapping[str, str],
    installed: tuple[tuple[str, ...], ...],
    *,
    asked_for: bool,
) -> "SmokeRequest":
    from envcheck.observing.imports import DEADLINE_S
    from envcheck.observing.smoke import CARDS_HIDDEN, SmokeRequest

    hidden = CARDS_HIDDEN if options.device == "cpu" else {}
    return SmokeRequest(
        name=test.name,
        import_name=test.import_name,
        variant=variant,
        device=options.device,
        variables={**variables, **hidden},
        expected_s=test.expected_s + (_COMPILING_S if options.slow and "compiled" in test.manual else 0.0),
        expected_bytes=test.peak_bytes,
        import_deadline_s=options.timeout_s or DEADLINE_S,
        test_deadline_s=options.timeout_s or (max(_COMPILER_S, test.test_deadline_s) if options.slow else test.test_deadline_s),
        slow=options.slow,
        card_bytes=options.card_bytes,
        asked_for=asked_for,
        installed=installed,
    )
