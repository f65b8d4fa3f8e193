import pytest

from envcheck.facts.snapshot import Snapshot, known
from envcheck.readers.read import read_text


def java(facts: Snapshot) -> str | None:
    return next((known(tool.version, None) for tool in facts.tools if tool.name == "java"), None)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('openjdk version "17.0.9" 2023-10-17', "17.0.9"),
        ('java version "1.8.0_292"', "1.8.0_292"),
        ("openjdk 21.0.2 2024-01-16", "21.0.2"),
        ('  Java Version: openjdk version "11.0.22" 2024-01-16; OpenJDK Runtime Environment', "11.0.22"),
        ("Using Scala version 2.12.18, OpenJDK 64-Bit Server VM, 17.0.9", "17.0.9"),
        ("Using Scala version 2.12.15 (OpenJDK 64-Bit Server VM, Java 11.0.20)", "11.0.20"),
        ("export JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64", "17"),
        ("Java 10", "10"),
        ("- JDK: 21", "21"),
        ("Windows 11, Python 3.11, Java 1.8.0_391", "1.8.0_391"),
        ("Spark needs Java 8 or 11", None),
        ("install Java 8", None),
        ("javac 17.0.1 is missing", None),
    ],
)
def test_the_java_that_is_there(text: str, version: str | None):
    assert java(read_text(text)) == version


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("   /___/ .__/\\_,_/_/ /_/\\_\\   version 3.5.1", "pyspark", "3.5.1"),
        ("/opt/spark-3.3.2-bin-hadoop3/bin/spark-submit", "pyspark", "3.3.2"),
        ("Spark 2.4.5, Java 8", "pyspark", "2.4.5"),
        ("H2O_cluster_version:        3.46.0.2", "h2o", "3.46.0.2"),
    ],
)
def test_the_spark_or_h2o_that_asks_for_it(text: str, name: str, version: str):
    package = read_text(text).package(name)
    assert package is not None
    assert package.version == version
