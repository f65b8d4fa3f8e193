from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.java_missing_or_incompatible import RULE
from tests.rules.rule_words import judged, said, words

EXITED = said("java-failed", "pyspark", reason="gateway exited")


def judge(*symptoms: dict[str, Any], java: str | None = None, **packages: str) -> list[Any]:
    facts: dict[str, Any] = {"packages": [{"name": name, "version": version, "state": "ok"} for name, version in packages.items()]}
    if java is not None:
        facts |= {"tools": [{"name": "java", "version": java}] if java else [], "observed": {"tools": "complete"}}
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize(
    ("java", "pyspark", "kind"),
    [
        ("17.0.9", "3.5.1", Passed),
        ("1.8.0_292", "3.5.1", Passed),
        ("11.0.2", "3.4.0", Passed),
        ("21", "4.0.0", Passed),
        ("21.0.2", "3.5.1", Found),
        ("1.8.0_292", "4.0.0", Found),
        ("11.0.22", "4.1.1", Found),
        ("17.0.1", "1.6.0", NotEvaluated),
        (None, "3.5.1", NotEvaluated),
    ],
)
def test_an_installed_spark_is_compared_with_the_java_that_is_there(java: str | None, pyspark: str, kind: type):
    (outcome,) = judge(java=java, pyspark=pyspark)
    assert isinstance(outcome, kind)
    if isinstance(outcome, Found):
        assert outcome.severity is Severity.WARNING


def test_a_row_that_is_not_sure_makes_it_likely():
    (found,) = judge(java="21.0.2", h2o="3.44.0.3")
    assert isinstance(found, NotEvaluated)
    (found,) = judge(java="25.0.1", h2o="3.46.0.7")
    assert found.certainty is Certainty.LIKELY


def test_no_java_at_all_is_a_warning_until_something_fails():
    (found,) = judge(java="", pyspark="3.5.1")
    assert found.severity is Severity.WARNING
    (found,) = judge(EXITED, java="", pyspark="3.5.1")
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


@pytest.mark.parametrize(
    ("symptom", "facts", "certainty", "java"),
    [
        (EXITED, {}, Certainty.LIKELY, 17),
        (EXITED, {"java": "10.0.2"}, Certainty.CERTAIN, 8),
        (EXITED, {"java": "17.0.2"}, Certainty.LIKELY, 17),
        (EXITED, {"java": "1.8.0_402", "pyspark": "4.0.1"}, Certainty.CERTAIN, 17),
        (EXITED, {"java": "17.0.2", "pyspark": "2.4.5"}, Certainty.LIKELY, 8),
        (said("java-failed", "pyspark", reason="JAVA_HOME is not set"), {}, Certainty.CERTAIN, 17),
        (said("java-failed", "pyspark", reason="class file version", need="17", have="11"), {}, Certainty.CERTAIN, 17),
        (said("java-failed", "", reason="class file too new", have="11"), {}, Certainty.CERTAIN, 8),
        (said("java-failed", "", reason="class file too new", have="21"), {"pyspark": "3.3.0"}, Certainty.CERTAIN, 17),
        (said("java-failed", "pyspark", reason="closed module", have="16"), {}, Certainty.CERTAIN, 8),
        (said("java-failed", "pyspark", reason="no security manager", have="23"), {}, Certainty.CERTAIN, 17),
        (said("java-failed", "h2o", reason="release refused", need="8-17", have="21.0.2"), {}, Certainty.CERTAIN, 17),
        (said("java-failed", "h2o", reason="release refused", need="8-13", have="14"), {}, Certainty.CERTAIN, 13),
        (said("java-failed", "h2o", reason="not found"), {}, Certainty.CERTAIN, 17),
    ],
)
def test_what_failed_says_which_java_to_install(symptom: dict[str, Any], facts: dict[str, Any], certainty: Certainty, java: int):
    (found,) = judge(symptom, **facts)
    assert (found.certainty, found.severity) == (certainty, Severity.ERROR)
    assert f"Java {java} " in words(found) or f"openjdk-{java}" in words(found)


def test_a_missing_java_concerns_nobody_without_spark():
    (outcome,) = judge(said("java-failed", "", reason="not found"))
    assert isinstance(outcome, NotApplicable)
    (found,) = judge(said("java-failed", "", reason="not found"), pyspark="3.5.0")
    assert isinstance(found, Found)


def test_remedies_fit_the_system():
    facts = {"symptoms": [EXITED]}
    systems = [
        ({"system": {"os": "Linux", "distribution_id": "ubuntu"}}, "openjdk-17-jre-headless"),
        ({"system": {"os": "Linux", "distribution_id": "fedora"}}, "java-17-openjdk-headless"),
        ({"system": {"os": "Darwin"}}, "brew install openjdk@17"),
        ({"system": {"os": "Windows"}}, "https://adoptium.net"),
        ({"python": {"environment": "conda"}}, "openjdk==17.*"),
    ]
    for system, expected in systems:
        (found,) = RULE.check(Case(msgspec.convert({**facts, **system}, Snapshot)))
        assert expected in words(found)


def test_a_java_that_was_cut_down_is_told_with_what_it_lacks() -> None:
    (found,) = judge(
        EXITED, said("java-failed", "", reason="module left out", module="jdk.incubator.vector"), java="25.0.2", pyspark="4.0.1"
    )
    assert isinstance(found, Found)
    assert found.message == "Spark needs Java's module jdk.incubator.vector, which the Java that ran was made without."


TEXTS = {
    "an old Java for a new Spark": """\
$ java -version
openjdk version "1.8.0_392"
$ pip show pyspark
Name: pyspark
Version: 4.0.0
pyspark.errors.exceptions.base.PySparkRuntimeError: [JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.
""",
    "classes of a newer Java": """\
Exception in thread "main" java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main has been compiled by a more \
recent version of the Java Runtime (class file version 61.0), this version of the Java Runtime only recognizes class file \
versions up to 55.0
""",
    "a newer Java than Spark knows": """\
   /___/ .__/\\_,_/_/ /_/\\_\\   version 2.4.7
Using Python version 3.7.3
py4j.protocol.Py4JJavaError: An error occurred while calling o44.count.
: java.lang.IllegalArgumentException: Unsupported class file major version 57
""",
    "H2O": "h2o.init()\nOnly Java versions 8-17 are supported, system version is 21.0.4\n",
    "a Java that was cut down": (
        'pyspark 4.0.1, openjdk version "25.0.2"\nError occurred during initialization of boot layer\n'
        "java.lang.module.FindException: Module jdk.incubator.vector not found\n"
        "[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.\n"
    ),
    "no Java on a Mac": "spark 3.5.1\nThe operation couldn't be completed. Unable to locate a Java Runtime.\n",
    "JAVA_HOME leads nowhere": "/opt/spark/bin/spark-class: line 71: /usr/lib/jvm/java-11-openjdk-amd64/bin/java: No such file or "
    "directory\n",
    "inner classes": (
        "java.lang.IllegalAccessError: class org.apache.spark.storage.StorageUtils$ (in unnamed module @0x1b6e1eff) cannot access class "
        "sun.nio.ch.DirectBuffer (in module java.base) because module java.base does not export sun.nio.ch to unnamed module @0x1b6e1eff\n"
    ),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_real_words_lead_here_first(text: str):
    assert [finding.rule for finding in judged(read_text(text)).findings][:1] == ["java-missing-or-incompatible"]


@pytest.mark.parametrize(
    "text",
    [
        'openjdk version "17.0.9" 2023-10-17\npyspark==3.5.1\n',
        "Spark 3.5.1, Java 17, Ubuntu 22.04\nModuleNotFoundError: No module named 'delta'\n",
        "bash: java: command not found\ntorch==2.5.1\n",
        "Spark needs Java 8, 11 or 17.\n",
    ],
)
def test_a_java_that_fits_or_is_not_asked_for_is_no_finding(text: str):
    assert not any(isinstance(outcome, Found) for outcome in RULE.check(Case(read_text(text))))


@pytest.mark.parametrize(("text", "java"), [("spark-2.1.1-bin-hadoop2.7\n", "8"), ("Python 3.6.9\n", "8"), ("Python 3.11\n", "17")])
def test_an_old_spark_or_python_needs_an_old_java(text: str, java: str) -> None:
    (found,) = RULE.check(Case(read_text(text + "Exception: Java gateway process exited before sending its port number\n")))
    assert isinstance(found, Found)
    assert found.remedies[0].summary.startswith(f"install Java {java} ")


@pytest.mark.parametrize(
    ("java", "pyspark", "message"),
    [
        ("24.0.1", "3.3.2", "Spark runs on Java 8, 11 or 17; the Java that ran is 24.0.1."),
        (
            "21.0.2",
            "3.3.2",
            "Spark runs on Java 8, 11 or 17; the Java that ran is 23 or newer (java -version shows 21.0.2, which is not what ran).",
        ),
        (None, "3.3.2", "Spark runs on Java 8, 11 or 17; the Java that ran is 23 or newer."),
    ],
)
def test_words_of_a_newer_java_are_not_laid_on_the_one_that_is_shown(java: str | None, pyspark: str, message: str):
    (found,) = judge(said("java-failed", "pyspark", reason="no security manager", have="23"), java=java, pyspark=pyspark)
    assert found.message == message


def test_a_release_that_no_table_knows_has_passed_where_its_smoke_test_has() -> None:
    def outcome(**test: Any) -> Any:
        facts = {
            "packages": [{"name": "pyspark", "version": "9.3.0", "state": "ok"}],
            "tools": [{"name": "java", "version": "17.0.13"}],
            "smoke": [{"framework": "pyspark", "device": "cpu", "status": "passed", **test}],
        }
        return next(iter(RULE.check(Case(msgspec.convert(facts, Snapshot)))))

    passed = outcome()
    assert isinstance(passed, Passed)
    assert passed.message == "its smoke test has just computed with Java 17.0.13"
    assert isinstance(outcome(status="failed"), NotEvaluated)
    assert isinstance(outcome(framework="h2o"), NotEvaluated)
    assert isinstance(outcome(command=["true"]), NotEvaluated)
