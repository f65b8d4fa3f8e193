"""The processor, as lscpu, /proc/cpuinfo and the reports that contain them print it."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.cpu.cpu_cores import physical_cores
from envcheck.parsers.cpu.cpuinfo import CpuInfo, parse_cpuinfo
from envcheck.parsers.cpu.cpuinfo_in_text import cpuinfo_stretches
from envcheck.parsers.cpu.feature_list import is_broken
from envcheck.parsers.cpu.lscpu import Lscpu, parse_lscpu, parse_lscpu_json
from envcheck.parsers.cpu.x86_level import x86_level
from envcheck.parsers.expression import regex
from envcheck.parsers.text.json_in_text import find_json
from envcheck.readers.interface import Text

# Model name:            Intel(R) Core(TM) i7 CPU         920  @ 2.67GHz      (lscpu)
# flags           : fpu vme de pse tsc msr pae                                (/proc/cpuinfo)
_LINE = regex(
    r"^\s*(?P<key>[Mm]odel name|Flags|flags|Vendor ID|vendor_id|CPU\(s\)|Core\(s\) per socket|Socket\(s\)|Brand Raw|Name)"
    r"\s*[:=]\s*(?P<value>\S.*?)\s*$"
)
# Apple M2 Pro, alone on the line below "CPU:" of collect_env on macOS
_APPLE = regex(r"^\s*(?P<model>Apple M\d+(?: (?:Pro|Max|Ultra))?(?: \(Virtual\))?)\s*$")
# One of these stands in each of both.
_WORDS = ("model name", "flags", "vendor id", "vendor_id", "cpu(s)", "core(s) per socket", "socket(s)", "brand raw", "name", "apple m")
_FEATURE = regex(r"[a-z][a-z0-9_]*")
_FEWEST_FEATURES = 5
# What other programs call by the same label: clinfo's `Vendor ID: 1002h`.
_NUMBER = regex(r"(?:0x)?[0-9a-fA-F]{3,8}h?$")


class CpuReader:
    """Reads the first processor of a text: whole outputs first, then single lines of them that stand alone."""

    name = "lscpu and /proc/cpuinfo"

    def recognises(self, text: Text) -> bool:
        """By a word that one of them has; whether it is one is seen on reading."""
        return text.has(":", "\uff1a", "=", "apple m")

    def read(self, text: Text) -> Evidence:
        """Model, maker, counts and features, each from the first place that says it."""
        taken = set(text.taken)
        claims = list(self._claims(text, taken))
        if claims:
            text.taken.update(taken)
        return Evidence(claims=claims)

    def _claims(self, text: Text, taken: set[int]) -> Iterator[Claim]:
        said: set[str] = set()
        for claim in (*_of_lscpu(text, taken), *_of_cpuinfo(text, taken), *_of_lines(text, taken)):
            if claim.fact not in said:
                said.add(claim.fact)
                yield claim


def _of_lscpu(text: Text, taken: set[int]) -> Iterator[Claim]:
    """The first output that each fact is in; what one output leaves out is not put together from another machine's."""
    outputs = text.parsed(parse_lscpu) or list(_of_json(text, taken))
    for said in outputs[:1]:
        taken.update(said.lines)
        told = {
            "cpu.model": said.model,
            "cpu.vendor": said.vendor,
            "cpu.logical_cores": said.logical_cores,
            "cpu.physical_cores": said.physical_cores,
            "cpu.features": said.features,
            "cpu.level": _level(said.features) if said.architecture == "x86_64" else None,
            "system.machine": said.architecture,
        }
        yield from (text.claim(fact, value, said.at) for fact, value in told.items() if value is not None)


def _of_json(text: Text, taken: set[int]) -> Iterator[Lscpu]:
    """`lscpu -J`; the facts are said to stand where the document begins."""
    if not any('"lscpu"' in line for line in text.lines):
        return
    whole = "\n".join(text.lines)
    for document in find_json(whole):
        said = parse_lscpu_json(document.value)
        if said is not None:
            said.at = whole.count("\n", 0, document.start)
            taken.update(range(said.at, whole.count("\n", 0, document.end) + 1))
            said.lines = []
            yield said


def _of_cpuinfo(text: Text, taken: set[int]) -> Iterator[Claim]:
    for first, last in text.parsed(cpuinfo_stretches):
        cpu = parse_cpuinfo("\n".join(text.lines[first : last + 1]))
        taken.update(range(first, last + 1))
        broken = is_broken(text.lines, last)
        counted = _is_whole(cpu) and not broken
        features = None if broken else cpu.features
        told = {
            "cpu.model": re.sub(r"\s+", " ", cpu.model) if cpu.model else None,
            "cpu.vendor": cpu.vendor,
            "cpu.logical_cores": cpu.logical or None if counted else None,
            "cpu.physical_cores": physical_cores(cpu) if counted else None,
            "cpu.features": features,
            "cpu.level": _level(features) if "lm" in (features or ()) else None,
        }
        yield from (text.claim(fact, value, first) for fact, value in told.items() if value is not None)
        return


def _is_whole(cpu: CpuInfo) -> bool:
    """Whether all processors are listed: people paste the first one of many, whose `siblings` says that there are more."""
    if not cpu.processors:
        return False
    announced = [block[key] for block in cpu.processors[:1] for key in ("siblings", "# processors") if block.get(key, "").isdigit()]
    announced += [cpu.general["# processors"]] if cpu.general.get("# processors", "").isdigit() else []
    return all(cpu.logical >= int(number) for number in announced)


def _level(features: list[str] | None) -> str | None:
    return x86_level(features) if features else None


def _of_lines(text: Text, taken: set[int]) -> Iterator[Claim]:
    counts: dict[str, int] = {}
    for index in text.with_words(*_WORDS):
        line = text.lines[index]
        apple = _APPLE.match(line)
        found = None if apple or index in taken else _LINE.match(line)
        broken = found is not None and found["key"].lower() == "flags" and is_broken(text.lines, index)
        facts = {"model": apple["model"], "vendor": "Apple"} if apple else _facts(found["key"], found["value"], counts) if found else {}
        facts = {} if broken else facts
        if facts:
            taken.add(index)
        for fact, value in facts.items():
            yield text.claim(f"cpu.{fact}", value, index)


def _facts(key: str, value: str, counts: dict[str, int]) -> dict[str, object]:
    """The facts of one line; `counts` remembers what several lines make together."""
    key = key.lower()
    if key in ("model name", "brand raw") or (
        key == "name" and re.search(r"\b(?:Intel|AMD|Apple|Xeon|Ryzen)\b.*(?:CPU|Core|Processor|Ryzen|Xeon)", value)
    ):
        return {"model": re.sub(r"\s+", " ", value)} if value != "-" else {}
    if key in ("vendor id", "vendor_id"):
        return {"vendor": value} if not _NUMBER.match(value) else {}
    if key == "flags":
        features = value.split()
        whole = len(features) >= _FEWEST_FEATURES and all(_FEATURE.fullmatch(word) for word in features)
        return {"features": features} if whole else {}
    if key in ("cpu(s)", "core(s) per socket", "socket(s)") and value.isdigit() and len(value) < 6:
        counts.setdefault(key, int(value))
        return _count_facts(key, counts)
    return {}


def _count_facts(key: str, counts: dict[str, int]) -> dict[str, object]:
    if key == "cpu(s)":
        return {"logical_cores": counts[key]}
    if "core(s) per socket" in counts and "socket(s)" in counts:
        return {"physical_cores": counts["core(s) per socket"] * counts["socket(s)"]}
    return {}
