from pathlib import Path

import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result
from tests.probes.smoke.surroundings import Surroundings

# One thing that was put into a run comes out otherwise.
PLANTED = {
    "settings": """
init = module.init
module.init = lambda config, **options: init(config=dict(config, rate=config["rate"] * (1 + 1e-9)), **options)
""",
    "last value": """
init = module.init
def wrong(**options):
    run = init(**options)
    log = run.log
    run.log = lambda step: log({name: value * (1 + 1e-9) for name, value in step.items()})
    return run
module.init = wrong
""",
    "summary": """
init = module.init
def wrong(**options):
    run = init(**options)
    log = run.log
    class Summary(dict):
        def __getitem__(self, name):
            return super().__getitem__(name) + (name == "best")
    run.__dict__["summary"] = summary = Summary()
    type(run).summary = property(lambda self: summary)
    run.log = summary.update
    return run
module.init = wrong
""",
    "table": """
Table = module.Table
def wrong(**options):
    table = Table(**options)
    table.data[3][1] += 1
    return table
module.Table = wrong
""",
}


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


def test_it_gives_back_what_it_took_and_leaves_nothing_behind(services_python: str, around: Surroundings) -> None:
    answer = around.run(services_python, "wandb")
    assert_passes(answer, list(PLANTED))
    assert result(answer)["notes"] == {"mode": "disabled"}
    assert around.addresses == set()
    assert around.left() == []


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(services_python: str, around: Surroundings, what: str) -> None:
    assert_catches(around.run(services_python, "wandb", planted=PLANTED[what]), what)


def test_what_it_raises_is_told_with_its_layer(services_python: str, around: Surroundings) -> None:
    planted = """
def refuse(**options):
    raise module.errors.UsageError("api_key not configured (no-tty)")
module.init = refuse
"""
    answer = around.run(services_python, "wandb", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
