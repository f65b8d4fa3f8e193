from pathlib import Path

import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result
from tests.probes.smoke.surroundings import Surroundings

# One thing that was written is read otherwise.
PLANTED = {
    "status": """
import mlflow.tracking as tracking
ended = tracking.MlflowClient.set_terminated
tracking.MlflowClient.set_terminated = lambda self, number: ended(self, number, status="FAILED")
""",
    "parameters": """
import mlflow.tracking as tracking
log = tracking.MlflowClient.log_param
tracking.MlflowClient.log_param = lambda self, number, name, value: log(self, number, name, value.replace("ж", "?"))
""",
    "last metrics": """
import mlflow.tracking as tracking
read = tracking.MlflowClient.get_run
def wrong(self, number):
    found = read(self, number)
    found.data.metrics["score"] *= 1 + 1e-9
    return found
tracking.MlflowClient.get_run = wrong
""",
    "history of loss": """
import mlflow.tracking as tracking
log = tracking.MlflowClient.log_metric
def wrong(self, number, name, value, step):
    log(self, number, name, value * (1 + 1e-9) if step == 1 else value, step=step)
tracking.MlflowClient.log_metric = wrong
""",
    "artifacts": """
import mlflow.tracking as tracking
tracking.MlflowClient.list_artifacts = lambda self, number: []
""",
    "content of an artifact": """
import mlflow.tracking as tracking
log = tracking.MlflowClient.log_artifact
def wrong(self, number, path):
    with open(path, "a") as file:
        file.write("7")
    log(self, number, path)
tracking.MlflowClient.log_artifact = wrong
""",
}


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


def test_it_reads_what_it_wrote_and_leaves_nothing_behind(services_python: str, around: Surroundings) -> None:
    assert_passes(around.run(services_python, "mlflow"), [*PLANTED, "history of score"])
    assert around.addresses == set()
    assert around.left() == []


def test_a_server_that_the_user_named_is_not_asked(services_python: str, around: Surroundings) -> None:
    elsewhere = {"MLFLOW_TRACKING_URI": "http://192.0.2.1:5000", "MLFLOW_REGISTRY_URI": "http://192.0.2.1:5000"}
    assert_passes(around.run(services_python, "mlflow", variables=elsewhere), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(services_python: str, around: Surroundings, what: str) -> None:
    assert_catches(around.run(services_python, "mlflow", planted=PLANTED[what]), what)


def test_without_a_store_of_its_own_there_is_nothing_to_test(services_python: str, around: Surroundings) -> None:
    # As with mlflow-skinny: SQLAlchemy is not installed.
    planted = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "sqlalchemy":
            raise ModuleNotFoundError("No module named 'sqlalchemy'", name="sqlalchemy")
sys.meta_path.insert(0, Finder())
"""
    answer = around.run(services_python, "mlflow", planted=planted)
    assert result(answer)["status"] == "skipped"


def test_a_store_that_cannot_be_made_is_told_with_its_layer(services_python: str, around: Surroundings) -> None:
    planted = """
import mlflow.tracking as tracking
def refuse(self, *arguments, **options):
    raise RuntimeError("Detected out-of-date database schema")
tracking.MlflowClient.create_experiment = refuse
"""
    answer = around.run(services_python, "mlflow", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    assert "testing mlflow on cpu: computed, making the store" in answer.stages
