"""Spark's MLlib: a local session on a JVM of its own fits a line and a plane; then Python workers compute."""

import os
import sys

from envcheck_probes.smoke_steps.services import end, java_sought, jvm_options, prepare, words_kept

TEST = {
    "title": "PySpark",
    "import": "pyspark",
    "names": ("pyspark", "spark", "mllib"),
    "default": False,
    "service": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py:
    # pyspark 4.3.0, Java 17; with the JVM and two Python workers.
    "import_s": 0.8,
    "test_s": 17.0,
    "peak_bytes": 1_020_000_000,
    "test_deadline_s": 120,
    "needs": ("java",),
}
MANUAL = {
    "imported": "Its Python files are incomplete, or its machine learning lacks NumPy, which pyspark does not install by itself.",
    "computed": "The JVM did not start, or ended: there is no Java, one that this Spark does not run on, SPARK_HOME leads to another "
    "Spark, or there is too little memory. An exception of Java's later on names the class at fault.",
    "compared": "Spark gives wrong numbers: a native BLAS that it was told to use is faulty, or memory is.",
    "several": "The JVM computes and Python workers do not: PYSPARK_PYTHON leads to another version of Python, or to none.",
}

_SLOPES, _INTERCEPT = [3.0, -2.0], 5.0
_POINTS = [(float(first), float(second)) for first in range(-3, 4) for second in range(-2, 3)]


def check(trial):
    trial.imports("pyspark.sql", "pyspark.ml.linalg", "pyspark.ml.regression")
    trial.layer("computed")
    session = _session(trial)
    try:
        _compute(trial, session)
    finally:
        _stop(session)


def _compute(trial, session):
    from pyspark.ml.linalg import Vectors
    from pyspark.ml.regression import LinearRegression

    trial.doing("making a data frame")
    rows = [(Vectors.dense(point), _INTERCEPT + sum(a * b for a, b in zip(_SLOPES, point))) for point in _POINTS]
    frame = session.createDataFrame(rows, ["features", "label"])
    counted = session.range(1000).selectExpr("sum(id)", "sum(id * id)").collect()[0]
    trial.doing("fitting a linear regression")
    model = LinearRegression(solver="normal", standardization=False).fit(frame)
    found = [float(value) for value in model.coefficients]
    trial.layer("compared")
    trial.expect("sums of integers", list(counted), [999 * 1000 // 2, 999 * 1000 * 1999 // 6])
    trial.expect("coefficients float64", found, _SLOPES, rtol=1e-10)
    trial.expect("intercept float64", float(model.intercept), _INTERCEPT, rtol=1e-10)
    trial.layer("several")
    trial.doing("starting Python workers")

    def squared(number):  # within a function, so that it travels by its code and not by a name that workers do not know
        return number * number

    trial.expect("map in Python workers", session.sparkContext.parallelize(range(7), 2).map(squared).collect(), [0, 1, 4, 9, 16, 25, 36])


def _session(trial):
    """A session of this machine alone, whatever the user's own settings would connect to or fetch."""
    from pyspark.sql import SparkSession

    _set_variables(trial.folder)
    builder = SparkSession.builder.master("local[1]").appName("envcheck")
    for name, value in _settings(trial.folder).items():
        builder = builder.config(name, value)
    trial.doing("starting the JVM")
    with words_kept(trial.folder, "Spark's JVM", java_sought()):
        return builder.getOrCreate()


def _set_variables(folder):
    prepare(folder)
    for name in ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED", "PYSPARK_SUBMIT_ARGS", "PYSPARK_GATEWAY_PORT", "MASTER"):
        os.environ.pop(name, None)
    # Without the user's spark-defaults.conf, whose packages would be fetched and whose master be asked; SPARK_HOME and JAVA_HOME stay.
    os.environ.update(SPARK_CONF_DIR=folder, SPARK_LOCAL_DIRS=folder, SPARK_LOCAL_IP="127.0.0.1", SPARK_LAUNCHER_OPTS="-XX:-UsePerfData")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


def _settings(folder):
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.driver.extraJavaOptions": " ".join('"{}"'.format(option) for option in jvm_options(folder)),
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": os.path.join(folder, "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }


def _stop(session):
    """Ends the session and its JVM, which by itself ends only some time after this process."""
    process = session.sparkContext._gateway.proc  # noqa: SLF001 - there is no other way to wait for it
    session.stop()
    end(process)
