"""`envcheck smoke`: lets frameworks compute, and says whether the numbers are right and how far it got."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from envcheck.cli.doctor import Seconds
from envcheck.cli.judging_options import JudgingOptions, judging_options
from envcheck.cli.own_checks import allow_commands_option, check_requests

if TYPE_CHECKING:
    from envcheck.observing.own_check import CheckRequest
    from envcheck.observing.smoke import SmokeRequest

_MIB = 2**20


@click.command(options_metavar="[OPTIONS]")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--python", metavar="PATH", help="Examine this interpreter or environment.")
@click.option(
    "--device", type=click.Choice(("auto", "cpu", "cuda", "mps", "xpu")), default="auto", show_default=True, help="What to compute on."
)
@click.option("--timeout", type=Seconds(min=0.1, max=86_400), metavar="S", help="Seconds that each import and each layer may take.")
@click.option("--slow", is_flag=True, help="Test the frameworks' compilers too, which takes long.")
@click.option("--card-memory", type=click.IntRange(min=1), metavar="MIB", help="How much of a card may be taken (default: 64 MiB).")
@allow_commands_option
@click.option("--list", "listing", is_flag=True, help="List the tests that there are.")
@judging_options
def smoke(
    *,
    names: Sequence[str],
    python: str | None,
    device: str,
    timeout: float | None,
    slow: bool,
    card_memory: int | None,
    allow_commands: bool,
    listing: bool,
    options: JudgingOptions,
) -> int:
    """Let frameworks compute, compare with the truth, and say how far it got.

    Each NAME is a smoke test (torch, xgboost, pyspark …); without one, those that the doctor makes of what is installed. The checks of a
    --profile are run beside them.
    """
    from envcheck.cli.doctor import look
    from envcheck.cli.judging_options import judge
    from envcheck.cli.smoke_requests import TestOptions, default_tests, requests, split_names
    from envcheck.judging.predictions import predicted_crash
    from envcheck.observing.observe import Wish

    if listing:
        return _list()
    settings = TestOptions(device, timeout, slow, card_memory * _MIB if card_memory else None)
    named, refused = split_names(names)
    wanted = requests(named if names else default_tests(), settings, asked_for=bool(names))
    checks = check_requests(options, allowed=allow_commands, timeout_s=timeout)
    wish = Wish(python=python, tests=tuple(wanted), refused=refused, import_timeout_s=timeout, foretold=predicted_crash, checks=checks)
    return judge(look(wish, results=True), options, _concerned(wanted, refused, checks))


def _concerned(wanted: "list[SmokeRequest]", refused: dict[str, str], checks: "tuple[CheckRequest, ...]") -> frozenset[str]:
    """The names under which findings speak of what was tested."""
    from envcheck.knowledge.frameworks import distributions_of

    tested = {name for request in wanted for name in (request.name, request.import_name, *distributions_of(request.import_name))}
    return frozenset(tested | set(refused) | {check.name for check in checks})


def _list() -> int:
    from envcheck.cli.streams import deliver
    from envcheck.knowledge.smoke_tests import smoke_tests
    from envcheck.rendering.interface import options_for
    from envcheck.rendering.page import Page
    from envcheck.rendering.smoke_words import described

    page = Page(options_for(sys.stdout))
    tests = smoke_tests()
    for test in tests.values():
        page.entry(test.name, described(test), indent=0, column=max(map(len, tests)) + 1)
    deliver(page.text())
    return 0
