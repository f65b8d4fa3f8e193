from pathlib import Path

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.observing.answer import Ending
from envcheck.observing.endings import spoken
from tests.probes.smoke.javas import fake_java, path_without_java, whole_java
from tests.probes.smoke.running import assert_catches, assert_passes, result
from tests.probes.smoke.surroundings import LOOPBACK, Surroundings

# One number of one result, wrong by 1e-9 of it.
PLANTED = {
    "means float64": """
mean = module.H2OFrame.mean
def wrong(self, **options):
    found = mean(self, **options)
    return [found[0] * (1 + 1e-9)] if self.names == ["wanted"] else found
module.H2OFrame.mean = wrong
""",
    "sum float64": """
total = module.H2OFrame.sum
module.H2OFrame.sum = lambda self, **options: total(self, **options) * (1 + 1e-9)
""",
    "coefficients float64": """
import h2o.estimators.glm as glm
coefficients = glm.H2OGeneralizedLinearEstimator.coef
def wrong(self):
    found = coefficients(self)
    return dict(found, second=found["second"] * (1 + 1e-9))
glm.H2OGeneralizedLinearEstimator.coef = wrong
""",
    "intercept float64": """
import h2o.estimators.glm as glm
coefficients = glm.H2OGeneralizedLinearEstimator.coef
def wrong(self):
    found = coefficients(self)
    return dict(found, Intercept=found["Intercept"] * (1 + 1e-9))
glm.H2OGeneralizedLinearEstimator.coef = wrong
""",
}


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


@pytest.fixture
def java() -> dict[str, str | None]:
    return {"H2O_JAVA_HOME": whole_java()}


def test_it_computes_on_the_loopback_and_leaves_nothing_behind(
    services_python: str, around: Surroundings, java: dict[str, str | None]
) -> None:
    answer = around.run(services_python, "h2o", variables=java)
    assert_passes(answer, list(PLANTED))
    assert "java" in around.names
    assert around.addresses
    assert around.addresses <= LOOPBACK
    assert around.left() == []
    assert "testing h2o on cpu: computed, starting the server" in answer.stages


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(services_python: str, around: Surroundings, java: dict[str, str | None], what: str) -> None:
    assert_catches(around.run(services_python, "h2o", planted=PLANTED[what], variables=java), what)
    assert around.left() == []


def test_killed_at_its_deadline_it_leaves_nothing_behind(services_python: str, around: Surroundings, java: dict[str, str | None]) -> None:
    planted = """
import time
module.H2OFrame.mean = lambda self, **options: time.sleep(100)
"""
    answer = around.run(services_python, "h2o", "test=12", planted=planted, variables=java)
    assert answer.ending is Ending.TIMED_OUT, (answer.said, answer.stages)
    assert answer.stage.startswith("testing h2o on cpu: computed, "), "the server starts, or a frame is made"
    assert "java" in around.names
    assert around.left() == []


def test_a_server_that_ends_at_its_first_request_is_started_anew(
    services_python: str, around: Surroundings, java: dict[str, str | None]
) -> None:
    # A race of H2O's own, made certain: after the first start the server is gone.
    planted = """
from h2o.backend import H2OLocalServer
start = H2OLocalServer.start
started = []
def wrong(**options):
    server = start(**options)
    started.append(server)
    if len(started) == 1:
        server._process.kill()
        server._process.wait()
    return server
H2OLocalServer.start = staticmethod(wrong)
"""
    answer = around.run(services_python, "h2o", planted=planted, variables=java)
    assert_passes(answer, list(PLANTED))
    assert result(answer)["notes"] == {"server": "started anew 1 times, since it ended at its first request"}
    assert around.left() == []


def test_without_java_it_says_where_it_was_looked_for(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    nowhere: dict[str, str | None] = {"JAVA_HOME": str(tmp_path), "PATH": path_without_java(tmp_path)}
    answer = around.run(services_python, "h2o", variables=nowhere)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    said = answer.said[-1].text
    where = f"Java was looked for: JAVA_HOME is {tmp_path}, where there is no java; PATH has no java."
    assert said.startswith(f"NotStarted: H2O's server did not start.\n{where}")
    found = [symptom.details["reason"] for symptom in spoken("h2o", said, "") if symptom.kind is SymptomKind.JAVA_FAILED]
    assert found == ["not found"], "in H2O's own words"


def test_a_java_that_ends_is_told_in_its_own_words(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    refuses = "echo 'Only Java versions 8-17 are supported, system version is 21.0.2' >&2\n[ \"$1\" = -version ] || exit 1"
    answer = around.run(services_python, "h2o", variables={"H2O_JAVA_HOME": fake_java(tmp_path, refuses)})
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    found = [symptom for symptom in spoken("h2o", answer.said[-1].text, "") if symptom.kind is SymptomKind.JAVA_FAILED]
    assert {"reason": "release refused", "need": "8-17"}.items() <= found[0].details.items()


def test_a_java_that_hangs_is_ended_with_all_that_it_started(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    hangs = fake_java(tmp_path, '[ "$1" = -version ] || exec sleep 100')
    answer = around.run(services_python, "h2o", "test=4", variables={"H2O_JAVA_HOME": hangs})
    assert answer.ending is Ending.TIMED_OUT
    assert answer.stage == "testing h2o on cpu: computed, starting the server"
    assert "sleep" in around.names
    assert around.left() == []
