import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.parse import parse_message

CLASS_FILES = (
    "org/apache/spark/launcher/Main has been compiled by a more recent version of the Java Runtime (class file version 61.0), "
    "this version of the Java Runtime only recognizes class file versions up to 52.0"
)


@pytest.mark.parametrize(
    ("text", "subject", "details"),
    [
        (CLASS_FILES, "pyspark", {"reason": "class file version", "need": "17", "have": "8"}),
        (
            "UnsupportedClassVersionError: water/H2OApp : Unsupported major.minor version 52.0",
            "h2o",
            {"reason": "class file version", "need": "8"},
        ),
        ("IllegalArgumentException: Unsupported class file major version 65", "", {"reason": "class file too new", "have": "21"}),
        ("[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.", "pyspark", {"reason": "gateway exited"}),
        ("PySparkRuntimeError: [JAVA_GATEWAY_EXITED]", "pyspark", {"reason": "gateway exited"}),
        ("JAVA_HOME is not set", "pyspark", {"reason": "JAVA_HOME is not set"}),
        ("ERROR: JAVA_HOME is set to an invalid directory: /opt/jdk", "pyspark", {"reason": "JAVA_HOME leads nowhere", "path": "/opt/jdk"}),
        ("bash: java: command not found", "", {"reason": "not found"}),
        (
            "java.lang.module.FindException: Module jdk.incubator.vector not found",
            "",
            {"reason": "module left out", "module": "jdk.incubator.vector"},
        ),
        ("H2OStartupError: Cannot find Java. Please install the latest JRE", "h2o", {"reason": "not found"}),
        ("UnsupportedOperationException: getSubject is not supported", "pyspark", {"reason": "no security manager", "have": "23"}),
        (
            "Only Java 1.7, 8, 9 and 10 are supported, system version is 13.0.1",
            "h2o",
            {"reason": "release refused", "need": "7-10", "have": "13.0.1"},
        ),
    ],
)
def test_what_java_and_its_callers_say(text: str, subject: str, details: dict[str, str]):
    (symptom,) = parse_message(text)
    assert (symptom.kind, symptom.subject, symptom.details) == (SymptomKind.JAVA_FAILED, subject, details)


@pytest.mark.parametrize("text", ["check that JAVA_HOME is set", "Using Java 17", "java: openjdk 17.0.2", "Spark needs Java 8, 11 or 17"])
def test_other_lines_about_java_say_nothing(text: str):
    assert parse_message(text) == []
