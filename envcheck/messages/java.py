"""What Spark, H2O, their launchers and the JVM say where there is no Java, or none of a release that they run on."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_SPARK, _H2O = "pyspark", "h2o"
# The number that a Java is known by is that of its class files less this one.
_CLASS_FILES = 44
# The JVM keeps its inner classes to itself from the first of these releases on, makes buffers in another way from the second on, and
# refuses Hadoop's old way to ask for the user from the third on.
_CLOSED, _OTHER_BUFFERS, _WITHOUT_SECURITY_MANAGER = "16", "21", "23"


def _class_files(_match: re.Match[str], details: Details) -> Details | None:
    """Class file versions 61 and 52.0 are Java 17 and 8; the class tells whose it is."""
    for name in ("need", "have"):
        if name in details:
            details[name] = str(int(details[name]) - _CLASS_FILES)
    of_class = details.pop("class", "").replace("/", ".")
    if "org.apache.spark" in of_class:
        details["subject"] = _SPARK
    elif of_class.startswith(("water.", "hex.")):
        details["subject"] = _H2O
    return details


def _supported(_match: re.Match[str], details: Details) -> Details | None:
    """`8, 9, 10, 11, 12 and 13` and `8-17` are ranges: no Java between was left out."""
    numbers = re.findall(r"\d+(?:\.\d+)?", details["need"])
    first, last = (number.removeprefix("1.") for number in (numbers[0], numbers[-1]))
    return {**details, "need": f"{first}-{last}"}


PATTERNS = (
    # Exception: Java gateway process exited before sending its port number    [JAVA_GATEWAY_EXITED] …
    Pattern(
        SymptomKind.JAVA_FAILED,
        "Java gateway process exited before sending ",
        r"Java gateway process exited before sending (?:the driver )?its port number",
        {"reason": "gateway exited"},
        subject=_SPARK,
    ),
    Pattern(
        SymptomKind.JAVA_FAILED, "JAVA_GATEWAY_EXITED", r"JAVA_GATEWAY_EXITED", {"reason": "gateway exited"}, subject=_SPARK, generic=True
    ),
    Pattern(
        SymptomKind.JAVA_FAILED,
        "JAVA_HOME is not set",
        r"(?:^|: |[Ee]rror:? )JAVA_HOME is not set",
        {"reason": "JAVA_HOME is not set"},
        subject=_SPARK,
    ),
    # ERROR: JAVA_HOME is set to an invalid directory: /usr/lib/jvm/java-8    Error: JAVA_HOME is incorrectly set.
    Pattern(
        SymptomKind.JAVA_FAILED,
        "JAVA_HOME is ",
        r"JAVA_HOME is (?:set to an invalid directory|incorrectly set)(?:: (?P<path>\S{1,200}))?",
        {"reason": "JAVA_HOME leads nowhere"},
        subject=_SPARK,
    ),
    # /opt/spark/bin/spark-class: line 71: /usr/lib/jvm/java-8-openjdk-amd64/bin/java: No such file or directory
    Pattern(
        SymptomKind.JAVA_FAILED,
        "/bin/java: No such file or directory",
        r"(?P<path>/[^\s:]{0,200})/bin/java: No such file or directory",
        {"reason": "JAVA_HOME leads nowhere"},
        subject=_SPARK,
    ),
    # The operation couldn't be completed. Unable to locate a Java Runtime.
    Pattern(
        SymptomKind.JAVA_FAILED,
        "Unable to locate a Java Runtime",
        r"Unable to locate a Java Runtime(?: that supports \S+)?\.",
        {"reason": "not found"},
    ),
    # bash: java: command not found    'java' is not recognized as an internal or external command    [Errno 2] No such file …: 'java'
    Pattern(SymptomKind.JAVA_FAILED, "java: ", r"(?:^|[\s:])java: (?:command )?not found", {"reason": "not found"}),
    Pattern(SymptomKind.JAVA_FAILED, "'java' is not recognized", r"'java' is not recognized as an internal", {"reason": "not found"}),
    Pattern(
        SymptomKind.JAVA_FAILED,
        "o such file or directory: 'java'",
        r"FileNotFoundError: \[Errno 2\] No such file or directory: 'java'",
        {"reason": "not found"},
    ),
    # … has been compiled by a more recent version of the Java Runtime (class file version 61.0), this version … only recognizes class
    # file versions up to 52.0
    Pattern(
        SymptomKind.JAVA_FAILED,
        "by a more recent version of the Java Runtime",
        r"(?:(?P<class>[\w/$.]{3,200}) has been compiled )?by a more recent version of the Java Runtime \(class file version "
        r"(?P<need>\d{2,3})(?:\.\d+)?\), this version of the Java Runtime only recognizes class file versions up to (?P<have>\d{2,3})",
        {"reason": "class file version"},
        refine=_class_files,
    ),
    # java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main : Unsupported major.minor version 52.0
    Pattern(
        SymptomKind.JAVA_FAILED,
        "Unsupported major.minor version ",
        r"(?:(?P<class>[\w/$.]{3,200}) : )?Unsupported major\.minor version (?P<need>\d{2,3})(?:\.0)?",
        {"reason": "class file version"},
        refine=_class_files,
    ),
    # java.lang.IllegalArgumentException: Unsupported class file major version 61
    Pattern(
        SymptomKind.JAVA_FAILED,
        "Unsupported class file major version ",
        r"Unsupported class file major version (?P<have>\d{2,3})",
        {"reason": "class file too new"},
        refine=_class_files,
    ),
    # class org.apache.spark.storage.StorageUtils$ (in unnamed module @0x…) cannot access class sun.nio.ch.DirectBuffer
    Pattern(
        SymptomKind.JAVA_FAILED,
        "StorageUtils$",
        r"(?:Could not initialize class org\.apache\.spark\.storage\.StorageUtils\$"
        r"|org\.apache\.spark\.storage\.StorageUtils\$ \(in unnamed module [^)\n]{1,40}\) cannot access class \S+)",
        {"reason": "closed module", "have": _CLOSED},
        subject=_SPARK,
    ),
    # java.lang.NoSuchMethodException: java.nio.DirectByteBuffer.<init>(long,int)
    Pattern(
        SymptomKind.JAVA_FAILED,
        "java.nio.DirectByteBuffer.<init>(long",
        r"NoSuchMethodException: java\.nio\.DirectByteBuffer\.<init>\(long, ?int\)",
        {"reason": "inner class changed", "have": _OTHER_BUFFERS},
        subject=_SPARK,
    ),
    # java.lang.UnsupportedOperationException: getSubject is supported only if a security manager is allowed
    Pattern(
        SymptomKind.JAVA_FAILED,
        "getSubject is ",
        r"getSubject is (?:supported only if a security manager is allowed|not supported)",
        {"reason": "no security manager", "have": _WITHOUT_SECURITY_MANAGER},
        subject=_SPARK,
    ),
    # java.lang.module.FindException: Module jdk.incubator.vector not found              (of a Java that was cut down to what others need)
    Pattern(
        SymptomKind.JAVA_FAILED,
        "module.FindException: Module ",
        r"java\.lang\.module\.FindException: Module (?P<module>[\w.]{3,80}) not found",
        {"reason": "module left out"},
    ),
    # h2o.exceptions.H2OStartupError: Cannot find Java. Please install the latest JRE
    Pattern(SymptomKind.JAVA_FAILED, "Cannot find Java", r"H2O\w*Error: Cannot find Java", {"reason": "not found"}, subject=_H2O),
    # Only Java versions 8-17 are supported, system version is 21.0.2    Only Java 8, 9, 10 and 11 are supported, system version is 14
    Pattern(
        SymptomKind.JAVA_FAILED,
        "supported, system version is ",
        r"Only Java (?:versions )?(?P<need>\d[\d., and-]{0,60}\d) (?:are )?supported, system version is (?P<have>\d[\w.]{0,20})",
        {"reason": "release refused"},
        refine=_supported,
        subject=_H2O,
    ),
    # H2OStartupError: Your java is not supported: java version "1.7.0_80"; …
    Pattern(
        SymptomKind.JAVA_FAILED,
        "Your java is not supported",
        r"Your java is not supported: (?:\w+ version \"(?P<have>[\d._]{1,20})\")?",
        {"reason": "release refused"},
        subject=_H2O,
    ),
)
