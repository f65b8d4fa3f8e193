"""MLflow: a run is written into an SQLite store of the test's own, and its parameters, metrics and artifact are read back."""

import os

from envcheck_probes.smoke_steps.services import prepare
from envcheck_probes.smoke_steps.trial import NotEvaluated

TEST = {
    "title": "MLflow",
    "import": "mlflow",
    "names": ("mlflow", "mlflow-skinny"),
    "default": False,
    "service": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: mlflow 3.17.2.
    "import_s": 1.7,
    "test_s": 1.7,
    "peak_bytes": 250_000_000,
    "test_deadline_s": 60,
    "variables": {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "GIT_PYTHON_REFRESH": "quiet"},
}
MANUAL = {
    "imported": "A package that it needs is of a release that it does not take (protobuf, pydantic, packaging), or files of mlflow and "
    "mlflow-skinny of two releases are mixed.",
    "computed": "The store could not be made or written: SQLAlchemy or alembic is of a release that it does not take, Python was built "
    "without SQLite, or the disk is full.",
    "compared": "What is read back is not what was written: the database or its driver is faulty.",
}

_PARAMETERS = {"rate": "0.1", "words": "ä, ж and 数", "layers": "[6, 7]"}
_METRICS = {"loss": [(0, 0.1), (1, 1 / 3), (2, 1e-300)], "score": [(0, -12345678.901)]}
_CONTENT = "6 x 7 = 42\n" * 1000


def check(trial):
    try:
        trial.imports("sqlalchemy", "mlflow.tracking")
    except ModuleNotFoundError as error:
        if error.name != "sqlalchemy":
            raise
        raise NotEvaluated("mlflow-skinny has no store of its own: it lacks SQLAlchemy") from None
    trial.layer("computed")
    prepare(trial.folder)
    trial.doing("making the store")
    address = "sqlite:///" + os.path.join(trial.folder, "mlflow.db").replace("\\", "/")
    client = trial.framework.tracking.MlflowClient(tracking_uri=address)
    experiment = client.create_experiment("envcheck", artifact_location=os.path.join(trial.folder, "artifacts"))
    trial.doing("writing a run")
    number = client.create_run(experiment).info.run_id
    _write(trial, client, number)
    trial.doing("reading the run")
    run = client.get_run(number)
    histories = {name: sorted((point.step, point.value) for point in client.get_metric_history(number, name)) for name in _METRICS}
    artifacts = [each.path for each in client.list_artifacts(number)]
    with open(client.download_artifacts(number, "written.txt", trial.folder), encoding="utf-8", newline="") as file:
        content = file.read()
    trial.layer("compared")
    trial.expect("status", run.info.status, "FINISHED")
    trial.expect("parameters", sorted(run.data.params.items()), sorted(_PARAMETERS.items()))
    trial.expect("last metrics", sorted(run.data.metrics.items()), sorted((name, points[-1][1]) for name, points in _METRICS.items()))
    for name, points in _METRICS.items():
        trial.expect("history of " + name, histories[name], points)
    trial.expect("artifacts", artifacts, ["written.txt"])
    trial.expect("content of an artifact", content, _CONTENT)


def _write(trial, client, number):
    for name, value in _PARAMETERS.items():
        client.log_param(number, name, value)
    for name, points in _METRICS.items():
        for step, value in points:
            client.log_metric(number, name, value, step=step)
    path = os.path.join(trial.folder, "written.txt")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(_CONTENT)
    client.log_artifact(number, path)
    client.set_terminated(number)
