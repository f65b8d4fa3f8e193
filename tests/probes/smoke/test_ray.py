from pathlib import Path

import pytest

from envcheck.observing.answer import Ending
from tests.probes.smoke.running import assert_catches, assert_passes, result
from tests.probes.smoke.surroundings import LOOPBACK, Surroundings


# `found` is what ray.get gives; the tasks are told from each other by it.
def wrong(change: str) -> str:
    return f"""
get = module.get
def wrong(kept, **options):
    found = get(kept, **options)
    {change}
    return found
module.get = wrong
"""


PLANTED = {
    "6 times 7 in a worker": wrong("found = 54 if found == 42 else found"),
    "array put and got": wrong("if hasattr(found, 'typecode'): found[12345] *= 1 + 1e-9"),
    "sum of an array in a worker": wrong("if isinstance(found, float): found *= 1 + 1e-9"),
}


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


def test_it_computes_on_the_loopback_and_leaves_nothing_behind(services_python: str, around: Surroundings) -> None:
    answer = around.run(services_python, "ray")
    assert_passes(answer, list(PLANTED))
    assert result(answer)["notes"] == {"python of the workers": services_python}
    assert "raylet" in around.names
    assert around.addresses
    assert around.addresses <= LOOPBACK
    assert around.left() == []
    assert "testing ray on cpu: computed, starting the node" in answer.stages


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(services_python: str, around: Surroundings, what: str) -> None:
    assert_catches(around.run(services_python, "ray", planted=PLANTED[what]), what)
    assert around.left() == []


def test_a_folder_with_a_long_name_and_a_cluster_elsewhere_do_not_matter(
    services_python: str, around: Surroundings, tmp_path: Path
) -> None:
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    before = set(Path("/tmp").glob("envcheck-*"))
    answer = around.run(services_python, "ray", f"folder={folder}", variables={"RAY_ADDRESS": "ray://192.0.2.1:10001"})
    assert_passes(answer, list(PLANTED))
    assert around.left() == []
    assert not [path for path in set(Path("/tmp").glob("envcheck-*")) - before if list(path.glob("session_*"))]


def test_killed_at_its_deadline_it_leaves_nothing_behind(services_python: str, around: Surroundings) -> None:
    planted = """
import time
module.put = lambda value: time.sleep(100)
"""
    answer = around.run(services_python, "ray", "test=15", planted=planted)
    assert answer.ending is Ending.TIMED_OUT
    assert answer.stage.startswith("testing ray on cpu: computed, "), "the node starts, or an array is kept"
    assert "raylet" in around.names
    assert around.left() == []


def test_a_node_that_does_not_start_is_told_with_its_layer(services_python: str, around: Surroundings) -> None:
    planted = """
def refuse(**options):
    print("raylet: cannot open /dev/shm", flush=True)
    raise RuntimeError("The current node timed out during startup.")
module.init = refuse
"""
    answer = around.run(services_python, "ray", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    lines = ["NotStarted: Ray's node did not start.", "raylet: cannot open /dev/shm"]
    assert answer.said[-1].text.split("\n") == [*lines, "RuntimeError: The current node timed out during startup."]
