"""What people wrote themselves: versions and systems named in a few words, believed least of all.

Only short lines of an unmistakable shape count, such as `torch 2.0.1`, `- TensorFlow version: 2.3.0`, `Python 3.10`, `Windows 11, …`;
never a command, a requirement or an error that names a version.
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.readers.builds import said_by_version
from envcheck.readers.interface import Text

_LONGEST = 160
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
_PACKAGE = re.compile(
    rf"(?:^|[\s,(;*`'])(?P<name>{_NAME})`?(?: ?[Vv]ersion)?\s{{0,30}}(?:==?|:|\s|-)\s{{0,30}}v?{_VERSION}(?![\w.]*\w\.whl)", re.IGNORECASE
)
_PYTHON = re.compile(
    r"(?:^|[\s,(;*-])python(?: ?version)?\s{0,30}(?:==?|:|\s)\s{0,30}v?(?P<version>\d\.\d{1,2}(?:\.\d{1,2})?)(?![\w.])", re.IGNORECASE
)
_WINDOWS = re.compile(r"\bWindows (?P<version>7|8|8\.1|10|11|Server \d{4})\b", re.IGNORECASE)
_UBUNTU = re.compile(r"\bUbuntu (?P<version>\d\d\.\d\d)(?:\.\d+)?\b", re.IGNORECASE)
_DRIVER = re.compile(r"\b(?:nvidia )?driver(?: version)?\s{0,20}[:=]?\s{0,20}(?P<version>\d{3}\.\d{2,3}(?:\.\d{2})?)\b", re.IGNORECASE)
_ARCHITECTURE = re.compile(r"^\s*(?:[-*] )?Architecture\s*:\s*(?P<machine>x86_64|aarch64|arm64|amd64)\s*$", re.IGNORECASE)
# Unmistakable names of NVIDIA's products, and how the lines begin that say which one is there.
_CARD = re.compile(
    r"(?:NVIDIA )?(?:(?:GeForce )?(?:RTX|GTX) ?\d{3,4}(?: ?Ti)?(?: ?SUPER)?(?: Laptop(?: GPU)?| Mobile)?"
    r"|(?:RTX|Quadro RTX) ?A?\d{4}(?: Ada)?|(?:Tesla )?(?:[VP]100|[TLMP]4|L40S?|A(?:10|16|30|40|100)|H[12]00|[BG]B?200|K80)"
    r"|Jetson (?:AGX )?(?:Orin|Xavier|Nano|TX[12])[\w ]{0,20})"
    r"(?: \d{1,3} ?GB)?",
    re.IGNORECASE,
)
_CARD_LABEL = re.compile(
    r"^\s*(?:[-*] )?\**(?:GPU|Graphics(?: card)?|Video card|Hardware|Device|Accelerator)(?: model| name| type)?s?\**\s*[:=]\s*",
    re.IGNORECASE,
)
# - PyTorch version (GPU?): 2.5.1+cu124 (True), of transformers-cli env and accelerate env
_TRANSFORMERS = re.compile(r"^\s*(?:[-*] )?PyTorch version \(GPU\?\): (?P<version>\d[\w.+]*) \((?P<available>True|False)\)")
# What nvidia-smi's header says beside the driver's version is the newest CUDA that the driver runs.
_SUPPORTED = re.compile(r"\bCUDA Version: (?P<version>\d{1,2}\.\d)\b")
# Lines that speak of what was wanted, done or refused, not of what is there.
_NO_MENTION = re.compile(
    r"\b(?:pip3?|conda|uv|mamba|poetry|docker|apt(?:-get)?) |install|compiled|[Rr]equire|Collecting|Downloading|[Ee]rror|found |==[^=]*,"
    r"|https?://|Traceback|WARNING|>=|<=|if you |upgrade|downgrade"
)


class MentionReader:
    """Reads short mentions of versions and systems."""

    name = "mentions"

    def recognises(self, text: Text) -> bool:
        """There may be some in any text."""
        return bool(text.lines)

    def read(self, text: Text) -> Evidence:
        """Claims of the least trust; nothing is taken."""
        evidence = Evidence()
        for index, line in enumerate(text.lines):
            if index not in text.taken and 3 < len(line) <= _LONGEST and not _NO_MENTION.search(line):
                evidence.claims += _mentions(line, index, text)
        return evidence


def _card(line: str) -> str | None:
    """The card of a line that lists it: behind a label, or alone between commas beside a version; prose may speak of another machine's."""
    label = _CARD_LABEL.match(line)
    listed = label is not None or _DRIVER.search(line) or _PACKAGE.search(line)
    pieces = re.split(r"[,;|(/]", line[label.end() :] if label else line) if listed else ()
    return next((piece.strip() for piece in pieces if _CARD.fullmatch(piece.strip())), None)


def _printed(line: str, index: int, text: Text) -> Iterator[Claim]:
    """Single lines that a program prints and nobody writes."""
    transformers = _TRANSFORMERS.match(line)
    if transformers:
        yield text.claim("builds[torch].version", transformers["version"], index)
        yield text.claim("packages[torch].version", transformers["version"], index)
        yield text.claim("builds[torch].cuda_available", transformers["available"] == "True", index)
        for fact, value in said_by_version("torch", transformers["version"]).items():
            yield text.claim(f"builds[torch].{fact}", value, index)


def _mentions(line: str, index: int, text: Text) -> Iterator[Claim]:
    for found in _PACKAGE.finditer(line):
        name = _NAMES[found["name"].lower().replace("_", "-")]
        version = found["version"].rstrip(".")
        yield text.claim(f"packages[{name}].version", version, index, Trust.MENTIONED)
        for fact, value in said_by_version(name, version).items():
            yield text.claim(f"builds[{name}].{fact}", value, index, Trust.MENTIONED)
    for expression, fact in ((_PYTHON, "python.version"), (_DRIVER, "nvidia.driver_version")):
        found_fact = expression.search(line)
        if found_fact:
            yield text.claim(fact, found_fact["version"], index, Trust.MENTIONED)
    yield from _printed(line, index, text)
    supported = _SUPPORTED.search(line) if _DRIVER.search(line) else None
    if supported:
        yield text.claim("nvidia.cuda_version", supported["version"], index, Trust.MENTIONED)
    card, architecture = _card(line), _ARCHITECTURE.match(line)
    if card:
        yield text.claim("accelerators[0]", {"vendor": "nvidia", "backend": "cuda", "name": card}, index, Trust.MENTIONED)
    if architecture:
        yield text.claim("system.machine", architecture["machine"], index, Trust.MENTIONED)
    windows, ubuntu = _WINDOWS.search(line), _UBUNTU.search(line)
    if windows:
        yield text.claim("system.os", "Windows", index, Trust.MENTIONED)
        yield text.claim("system.distribution", windows[0], index, Trust.MENTIONED)
    elif ubuntu:
        yield text.claim("system.os", "Linux", index, Trust.MENTIONED)
        yield text.claim("system.distribution", ubuntu[0], index, Trust.MENTIONED)
        yield text.claim("system.distribution_id", "ubuntu", index, Trust.MENTIONED)
        yield text.claim("system.distribution_version", ubuntu["version"], index, Trust.MENTIONED)
