"""The processor, as lscpu, /proc/cpuinfo and the reports that contain them print it."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.readers.interface import Text

# Model name:            Intel(R) Core(TM) i7 CPU         920  @ 2.67GHz      (lscpu)
# flags           : fpu vme de pse tsc msr pae                                (/proc/cpuinfo)
_LINE = re.compile(
    r"^\s*(?P<key>[Mm]odel name|Flags|flags|Vendor ID|vendor_id|CPU\(s\)|Core\(s\) per socket|Socket\(s\)|Brand Raw|Name)"
    r"\s*[:=]\s*(?P<value>\S.*?)\s*$"
)
# Apple M2 Pro, alone on the line below "CPU:" of collect_env on macOS
_APPLE = re.compile(r"^\s*(?P<model>Apple M\d+(?: (?:Pro|Max|Ultra))?(?: \(Virtual\))?)\s*$")
_FEATURE = re.compile(r"[a-z][a-z0-9_]*")
_FEWEST_FEATURES = 5


class CpuReader:
    """Reads the first processor of a text: hybrids and many cores repeat themselves."""

    name = "lscpu and /proc/cpuinfo"

    def recognises(self, text: Text) -> bool:
        """By a model or a list of features."""
        return any(True for _ in self._claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Model, maker, counts and features, each from the first line that says it."""
        return Evidence(claims=list(self._claims(text, text.taken)))

    def _claims(self, text: Text, taken: set[int]) -> Iterator[Claim]:
        counts: dict[str, int] = {}
        said: set[str] = set()
        for index, line in enumerate(text.lines):
            apple = _APPLE.match(line)
            found = None if apple else _LINE.match(line)
            facts = {"model": apple["model"], "vendor": "Apple"} if apple else _facts(found["key"], found["value"], counts) if found else {}
            if facts:
                taken.add(index)
            for fact, value in facts.items():
                if fact not in said:
                    said.add(fact)
                    yield text.claim(f"cpu.{fact}", value, index)


def _facts(key: str, value: str, counts: dict[str, int]) -> dict[str, object]:
    """The facts of one line; `counts` remembers what several lines make together."""
    key = key.lower()
    if key in ("model name", "brand raw") or (
        key == "name" and re.search(r"\b(?:Intel|AMD|Apple|Xeon|Ryzen)\b.*(?:CPU|Core|Processor|Ryzen|Xeon)", value)
    ):
        return {"model": re.sub(r"\s+", " ", value)} if value != "-" else {}
    if key in ("vendor id", "vendor_id"):
        return {"vendor": value}
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
