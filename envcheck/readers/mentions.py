"""What people wrote themselves: versions and systems named in a few words, believed least of all.

Only short lines, or sentences of a longer one, of an unmistakable shape count, such as `torch 2.0.1`, `- TensorFlow version: 2.3.0`,
`Python 3.10`, `Windows 11, …`; never a command, a requirement or an error that names a version.
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.builds import said_by_version
from envcheck.readers.interface import Text

_LONGEST = 160
_LONGEST_OF_SENTENCES = 800
_SENTENCE = regex(r"(?<=[a-z\d)][.;!]) +(?=\w)")
# Where the word that people use is another than the distribution's name.
_OTHER_NAMES = {"pytorch": "torch", "tf": "tensorflow"}
_DISTRIBUTIONS = (
    "torch", "torchvision", "torchaudio", "tensorflow", "tensorflow-gpu", "keras", "jax", "jaxlib",
    "transformers", "numpy", "vllm", "flash-attn", "xformers", "bitsandbytes", "protobuf", "onnxruntime",
    "onnxruntime-gpu", "horovod", "xgboost", "pyspark",
)  # fmt: skip
_NAMES = {**{name: name for name in _DISTRIBUTIONS}, **_OTHER_NAMES}
_NAME = "|".join(sorted((re.escape(name).replace(r"\-", "[-_]") for name in _NAMES), key=len, reverse=True))
_VERSION = r"(?P<version>\d+\.\d+[\w.]*(?:\+[\w.]+)?)"
_PACKAGE = regex(
    rf"(?:^|[\s,(;*`'])(?P<name>{_NAME})`?(?: ?[Vv]ersion)?(?: is)?\s{{0,30}}(?:==?|:|\s|-)\s{{0,30}}v?{_VERSION}(?![\w.]*\w\.whl)",
    re.IGNORECASE,
)
# The build that people name behind a version: torch 2.1 cu118, torch 2.3.0 (cu121)
_TAG_BESIDE = regex(r"[ (]{1,2}(?P<tag>cu\d{3}|rocm\d\.\d{1,2}|cpu)(?=[\s,;)]|$)")
_TAGGED = frozenset(("torch", "torchvision", "torchaudio"))
_PYTHON = regex(
    r"(?:^|[\s,(;*-])python(?: ?version)?\s{0,30}(?:==?|:|\s)\s{0,30}v?(?P<version>\d\.\d{1,2}(?:\.\d{1,2})?)(?![\w.])",
    re.IGNORECASE,
    words=("python",),
)
_WINDOWS = regex(r"\bWindows (?P<version>7|8|8\.1|10|11|Server \d{4})\b", re.IGNORECASE, words=("windows",))
# Alone in its line, as a title or behind a label: Windows        OS: Windows        Windows install error
_WINDOWS_ALONE = regex(
    r"^\W*(?:(?:my |the )?(?:os|system|platform|operating system)\W{1,3}(?:is )?|on |for )?(?:native )?(?:microsoft )?windows"
    r"(?: (?:os|native|natively|machine|pc|user|system|install(?:ation)?|build|version|error|only|64|x64))*\W*$",
    re.IGNORECASE,
    words=("windows",),
)
_UBUNTU = regex(r"\bUbuntu (?P<version>\d\d\.\d\d)(?:\.\d+)?\b", re.IGNORECASE, words=("ubuntu",))
_DRIVER = regex(
    r"\b(?:nvidia )?driver(?: version)?\s{0,20}[:=]?\s{0,20}(?P<version>\d{3}\.\d{2,3}(?:\.\d{2})?)\b", re.IGNORECASE, words=("driver",)
)
_ARCHITECTURE = regex(
    r"^\s*(?:[-*] )?Architecture\s*:\s*(?P<machine>x86_64|aarch64|arm64|amd64)\s*$", re.IGNORECASE, words=("architecture",)
)
# Unmistakable names of NVIDIA's products, and how the lines begin that say which one is there.
_CARD = regex(
    r"(?:NVIDIA )?(?:(?:GeForce )?(?:RTX|GTX) ?\d{3,4}(?: ?Ti)?(?: ?SUPER)?(?: Laptop(?: GPU)?| Mobile)?"
    r"|(?:RTX|Quadro RTX) ?A?\d{4}(?: Ada)?|(?:Tesla )?(?:[VP]100|[TLMP]4|L40S?|A(?:10|16|30|40|100)|H[12]00|[BG]B?200|K80)"
    r"|Jetson (?:AGX )?(?:Orin|Xavier|Nano|TX[12])[\w ]{0,20})"
    r"(?: \d{1,3} ?GB)?",
    re.IGNORECASE,
)
_CARD_LABEL = regex(
    r"^\s*(?:[-*] )?\**(?:GPU|Graphics(?: card)?|Video card|Hardware|Device|Accelerator)(?: model| name| type)?s?\**\s*[:=]\s*",
    re.IGNORECASE,
    words=("gpu", "graphics", "video", "hardware", "device", "accelerator"),
)
# What nvidia-smi's header says beside the driver's version is the newest CUDA that the driver runs.
_SUPPORTED = regex(r"\bCUDA Version: (?P<version>\d{1,2}\.\d)\b", words=("cuda version",))
# One of these stands in every line that is told of: how a name begins, or a label.
_WORDS = (
    *sorted({re.split(r"[-_]", name)[0] for name in _NAMES}),
    *("python", "windows", "ubuntu ", "driver", "gpu", "graphics", "video card", "hardware", "device", "accelerator", "architecture"),
)
# A frame of a traceback names folders, and nothing that somebody would tell.
_FRAME = 'File "'
_INDENT = 12
# Lines that speak of what was wanted, done or refused, not of what is there.
_NO_MENTION = regex(
    r"\b(?:pip3?|conda|uv|mamba|poetry|docker(?! (?:container|image))|apt(?:-get)?) |install(?!ed\b)"
    r"|\b(?:be|not|been|is) installed|uninstall|compiled|depends on"
    r"|user requested|[Rr]equire|Collecting|Downloading|[Ee]rror|found |==[^=]*,"
    r"|https?://|Traceback|WARNING|>=|<=|if you |upgrade|downgrade|\bor (?:newer|later|higher|above|greater)\b|\bat least\b|[Pp]lease use\b"
)

# What somebody has done is there: I did pip install torch==2.6.0+cu124
_DONE = regex(
    r"\b(?:I|we)(?:'ve|\s(?:have|just|simply|then|also))?\s"
    r"(?:did|ran|used|typed|executed|called|installed (?:it |them )?(?:with|using|via|by))"
    r"(?: a)?\s`?(?:python3? -m )?pip3? install ",
    re.IGNORECASE,
    words=("pip",),
)
# Two builds of one module beside each other: I have both onnxruntime and onnxruntime-gpu installed
_TWINS = (regex(r"(?<![\w.-])onnxruntime(?![\w.-])"), regex(r"(?<![\w.-])onnxruntime[-_]gpu(?![\w-])"))
_NOT_BOTH = regex(r"\b(?:not|no|nor|if|should|instead|or|either|only|un\w*|make sure|ensure|when|before)\b|n't\b|[?]", re.IGNORECASE)
# Install both onnxruntime and onnxruntime-gpu on a machine with a T4    When I install both onnxruntime and onnxruntime-gpu, I cannot …
_INSTALLS_BOTH = regex(
    r"(?:^[\W\d]{0,6}|[.!:;] )(?:(?:when|after|once|if|as soon as) )?(?:(?:I|we)(?: have|'ve)? )?install(?:ed|ing)? both\b",
    re.IGNORECASE,
    words=("both",),
)

# What a form gives as an example: - OS Platform and Distribution (e.g., Linux Ubuntu 16.04):
_EXAMPLE = regex(r"\((?:e\.? ?g\.?|for example|such as)[^()\n]{0,80}\)", re.IGNORECASE)


class MentionReader:
    """Reads short mentions of versions and systems."""

    name = "mentions"

    def recognises(self, text: Text) -> bool:
        """There may be some in any text."""
        return bool(text.lines)

    def read(self, text: Text) -> Evidence:
        """Claims of the least trust; nothing is taken."""
        evidence = Evidence()
        seen: set[tuple[str, str]] = set()
        for index in text.with_words(*_WORDS):
            line, place = text.lines[index], text.places.get(index, "")
            if index in text.taken or not 3 < len(line) <= _LONGEST_OF_SENTENCES or (line, place) in seen or _FRAME in line[:_INDENT]:
                continue
            seen.add((line, place))
            for sentence in (line,) if len(line) <= _LONGEST else _SENTENCE.split(line):
                if "pip" in sentence and _DONE.search(sentence):
                    sentence = _DONE.sub("installed ", sentence)  # noqa: PLW2901 - the same sentence in other words
                claims = (
                    list(_mentions(_EXAMPLE.sub("", sentence) if "(" in sentence else sentence, index, text))
                    if 3 < len(sentence) <= _LONGEST
                    else []
                )
                if claims and (not _NO_MENTION.search(sentence) or _WINDOWS_ALONE.match(sentence)):
                    evidence.claims += claims
        return evidence


def _card(line: str) -> str | None:
    """The card of a line that lists it: behind a label, or alone between commas beside a version; prose may speak of another machine's."""
    label = _CARD_LABEL.match(line)
    listed = label is not None or _DRIVER.search(line) or _PACKAGE.search(line)
    pieces = re.split(r"[,;|(/]", line[label.end() :] if label else line) if listed else ()
    return next((piece.strip() for piece in pieces if _CARD.fullmatch(piece.strip())), None)


def _tagged(name: str, version: str, line: str, end: int) -> str:
    """The version with the build that is named behind it."""
    tag = _TAG_BESIDE.match(line, end) if name in _TAGGED and "+" not in version else None
    return f"{version}+{tag['tag']}" if tag else version


def _mentions(line: str, index: int, text: Text) -> Iterator[Claim]:
    for found in _PACKAGE.finditer(line):
        name = _NAMES[found["name"].lower().replace("_", "-")]
        version = _tagged(name, found["version"].rstrip("."), line, found.end())
        yield text.claim(f"packages[{name}].version", version, index, Trust.MENTIONED)
        for fact, value in said_by_version(name, version).items():
            yield text.claim(f"builds[{name}].{fact}", value, index, Trust.MENTIONED)
    for expression, fact in ((_PYTHON, "python.version"), (_DRIVER, "nvidia.driver_version")):
        found_fact = expression.search(line)
        if found_fact:
            yield text.claim(fact, found_fact["version"], index, Trust.MENTIONED)
    supported = _SUPPORTED.search(line) if _DRIVER.search(line) else None
    if supported:
        yield text.claim("nvidia.cuda_version", supported["version"], index, Trust.MENTIONED)
    card, architecture = _card(line), _ARCHITECTURE.match(line)
    if card:
        yield text.claim("accelerators[0]", {"vendor": "nvidia", "backend": "cuda", "name": card}, index, Trust.MENTIONED)
    if architecture:
        yield text.claim("system.machine", architecture["machine"], index, Trust.MENTIONED)
    if "install" in line.lower() and all(twin.search(line) for twin in _TWINS) and _names_both_installed(line):
        for name in ("onnxruntime", "onnxruntime-gpu"):
            yield text.claim(f"packages[{name}].state", "ok", index, Trust.MENTIONED)
    yield from _systems(line, index, text)


def _names_both_installed(line: str) -> bool:
    return ("installed" in line and not _NOT_BOTH.search(line)) or ("?" not in line and _INSTALLS_BOTH.search(line) is not None)


def _systems(line: str, index: int, text: Text) -> Iterator[Claim]:
    windows, ubuntu = _WINDOWS.search(line), _UBUNTU.search(line)
    if windows:
        yield text.claim("system.os", "Windows", index, Trust.MENTIONED)
        yield text.claim("system.distribution", windows[0], index, Trust.MENTIONED)
    elif _WINDOWS_ALONE.match(line):
        yield text.claim("system.os", "Windows", index, Trust.MENTIONED)
    elif ubuntu:
        yield text.claim("system.os", "Linux", index, Trust.MENTIONED)
        yield text.claim("system.distribution", ubuntu[0], index, Trust.MENTIONED)
        yield text.claim("system.distribution_id", "ubuntu", index, Trust.MENTIONED)
        yield text.claim("system.distribution_version", ubuntu["version"], index, Trust.MENTIONED)
