"""The Java and the Spark that a text shows or names: `java -version`, Spark's banner, its folder, and short mentions such as "Java 17"."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_NUMBER = r"(?P<version>\d{1,2}(?:\.\d{1,3}){0,3}(?:_\d{1,3})?(?:-[a-z]\w{0,20})?)"
# openjdk version "17.0.9" 2023-10-17    java version "1.8.0_292"    Java Version: openjdk version "1.8.0_242"; OpenJDK Runtime …
_VERSION = regex(rf'\b(?:openjdk|java) version "{_NUMBER}[^"\n]{{0,30}}"')
# openjdk 21.0.2 2024-01-16    java 17.0.10 2024-01-16 LTS    (--version)
_DATED = regex(rf"^\s*(?:openjdk|java) {_NUMBER} \d{{4}}-\d\d-\d\d\b")
# Using Scala version 2.12.18, OpenJDK 64-Bit Server VM, 17.0.9
_VIRTUAL_MACHINE = regex(
    rf"^\s*Using Scala version \S{{1,20}},? \([^)\n]{{0,60}}Java {_NUMBER}\)|Server VM, {_NUMBER.replace('version', 'vm')}\s*$"
)
# C:\Program Files\Java\jdk-21    /usr/lib/jvm/java-17-openjdk-amd64    in the variable that Spark and H2O follow
_HOME = regex(
    r"\bJAVA_HOME['\"]?\]?\s{0,5}[=:]\s{0,5}['\"]?[^'\"\n]{0,120}?(?:jdk|jre|java|temurin|zulu|corretto)[-_]?(?P<version>1\.\d|\d{1,2})(?=[^\d]|$)",
    re.IGNORECASE,
)
# /_/ /_/\_\   version 3.5.1, the end of Spark's banner    /opt/spark-3.5.0-bin-hadoop3/
_BANNER = regex(r"/_/\\_\\ {1,8}version (?P<version>\d\.\d\.\d[\w.]{0,20})")
_FOLDER = regex(r"\bspark-(?P<version>\d\.\d\.\d)-bin-")
_MENTION = regex(
    rf"\s*(?:[-*•] )?(?:\d\. )?(?:using |with |on )?(?:oracle |open)?(?:java|jdk|jre)(?: se)?(?: version)?\s{{0,5}}[:=]?\s{{0,5}}"
    rf"(?:open ?jdk |java |oracle )?['\"]?{_NUMBER}['\"]?(?: installed| \(?lts\)?)?\s*",
    re.IGNORECASE,
)
_SPARK_MENTION = regex(
    r"\s*(?:[-*•] )?(?:apache )?spark(?: version)?\s{0,5}[:=]?\s{0,5}v?(?P<version>\d\.\d(?:\.\d{1,2})?)\s*", re.IGNORECASE
)
_H2O_MENTION = regex(
    r"\bh2o(?: ?[_ ]?(?:cluster|python|library))?(?:[_ ]version)?\s{0,20}[:=]\s{0,20}v?(?P<version>3\.\d{1,2}\.\d[\d.]{0,10})",
    re.IGNORECASE,
)
# What is wanted, advised or refused is not there.
_NO_MENTION = regex(r"\b(?:install|require|need|should|support|try|only|upgrade|downgrade)\w*\b", re.IGNORECASE)
_WORDS = ("java", "jdk", "jre", "spark", "h2o", "server vm", "/_/")
_LONGEST = 160
_WIDEST = 600


class JavaAndSparkReader:
    """Reads which Java answers and which Spark or H2O asks for it."""

    name = "Java and Spark"

    def recognises(self, text: Text) -> bool:
        """By one such line."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """The tool java and the packages pyspark and h2o."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    for index in text.with_words(*_WORDS):
        line = text.lines[index]
        if len(line) > _WIDEST or index in text.taken:
            continue
        yield from _printed(line, index, text)
        if len(line) <= _LONGEST and not _NO_MENTION.search(line):
            yield from _mentioned(line, index, text)


def _printed(line: str, index: int, text: Text) -> Iterator[Claim]:
    machine = _VIRTUAL_MACHINE.search(line)
    found = _VERSION.search(line) or _DATED.match(line)
    version = found["version"] if found else (machine["version"] or machine["vm"]) if machine else ""
    if version:
        yield text.claim("tools[java]", {"version": version}, index)
    home = _HOME.search(line)
    if home:
        yield text.claim("tools[java]", {"version": home["version"]}, index, Trust.MENTIONED)
    spark = _BANNER.search(line) or _FOLDER.search(line)
    if spark:
        yield text.claim("packages[pyspark].version", spark["version"], index, Trust.MENTIONED)
    h2o = _H2O_MENTION.search(line)
    if h2o:
        yield text.claim("packages[h2o].version", h2o["version"].rstrip("."), index, Trust.MENTIONED)


def _mentioned(line: str, index: int, text: Text) -> Iterator[Claim]:
    """Pieces between commas that name nothing else."""
    for piece in re.split(r"[,;|()]| and ", line):
        java, spark = _MENTION.fullmatch(piece), _SPARK_MENTION.fullmatch(piece)
        if java:
            yield text.claim("tools[java]", {"version": java["version"]}, index, Trust.MENTIONED)
        elif spark:
            yield text.claim("packages[pyspark].version", spark["version"], index, Trust.MENTIONED)
