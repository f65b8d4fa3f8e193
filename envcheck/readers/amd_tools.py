"""Facts out of what AMD's own tools print: rocm-smi, amd-smi and rocminfo, whole or cut, anywhere in a longer text."""

from collections.abc import Callable, Mapping

from envcheck.facts.claims import Evidence, Trust
from envcheck.facts.snapshot import Unknown, UnknownReason
from envcheck.parsers.amd.amd_cards_printed import Listing
from envcheck.parsers.amd.amd_devices import parse_rocm_version
from envcheck.parsers.amd.amd_smi import parse_amd_smi_json, parse_amd_smi_text
from envcheck.parsers.amd.rocm_smi import is_cut, parse_rocm_smi_csv, parse_rocm_smi_json, parse_rocm_smi_text
from envcheck.parsers.amd.rocminfo import parse_rocminfo
from envcheck.parsers.expression import regex
from envcheck.parsers.text.json_in_text import find_json
from envcheck.readers.interface import Text

_AMD = {"vendor": "amd", "backend": "rocm"}
# What only their JSON has; a document of them that cannot be read is reported.
_JSON_MARKS = (
    '"card0"',
    '"card1"',
    '"gpu_data"',
    '"asic"',
    '"market_name"',
    '"mem_usage"',
    '"amdsmi_library_version"',
    '"bdf"',
    '"gfx_activity"',
)
_MOST_CSV_LINES = 300
# $ cat /opt/rocm/.info/version    HIP version  : 6.2.41134-65d174c3e
_VERSION_FILE = regex(r"/opt/rocm[\w.-]{0,20}/\.info/version\s*$")
_HIP_VERSION = regex(r"^\s*HIP version\s{0,10}:\s{0,10}(\d{1,2}\.\d{1,2})\.\d{4,6}")
_MOST_TABLES = 50


class RocmSmiReader:
    """Reads rocm-smi's lines, table and CSV."""

    name = "rocm-smi"

    def recognises(self, text: Text) -> bool:
        """By the brackets of its lines, or its title."""
        return any("GPU[" in line or "ROCm System Management" in line or "VRAM%" in line or _is_csv(line) for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Cards with memory and names, and the version of the kernel's driver."""
        printed = parse_rocm_smi_text(list(text.lines))
        text.taken.update(printed.lines)
        evidence = Evidence()
        ranks = _ranks(printed.listing)
        for number, name in printed.short_names.items():
            rank, line = ranks.get(number, number), printed.line_of.get(number, 0)
            evidence.claims.append(text.claim(f"accelerators[amd:{rank}]", _AMD, line))
            trust = Trust.MENTIONED if is_cut(name) else Trust.PRINTED
            evidence.claims.append(text.claim(f"accelerators[amd:{rank}].name", name, line, trust))
        _add(evidence, printed.listing, text, printed.line_of)
        headers = [index for index, line in enumerate(text.lines) if _is_csv(line)]
        for index in headers[:_MOST_TABLES]:
            _add_csv(evidence, text, index)
        return evidence


def _add_csv(evidence: Evidence, text: Text, start: int) -> None:
    """The header's line and those of cards below it, up to the first that is empty."""
    lines = list(text.lines[start : start + _MOST_CSV_LINES])
    end = next((index for index, line in enumerate(lines) if not line.strip()), len(lines))
    listing = parse_rocm_smi_csv(lines[:end])
    if listing is not None:
        text.taken.update(range(start, start + 1 + len(listing.cards)))
        _add(evidence, listing, text, dict.fromkeys(listing.cards, start))


def _is_csv(line: str) -> bool:
    return (line.startswith("device,") and "(B)" in line) or line.startswith(("device,Card", "device,Device", "device,GPU"))


class AmdSmiReader:
    """Reads amd-smi's blocks, table and line of versions."""

    name = "amd-smi"

    def recognises(self, text: Text) -> bool:
        """By a line that begins a card's block, or its name."""
        begins = ("GPU: ", "GPU  ", "gpu,")
        return any(line.lstrip().startswith(begins) or "AMDSMI" in line or "AMD-SMI" in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Cards, the driver, and ROCm's version."""
        printed = parse_amd_smi_text(list(text.lines))
        text.taken.update(printed.lines)
        evidence = Evidence()
        _add(evidence, printed.listing, text, printed.line_of, max(printed.versions_line, 0))
        return evidence


class AmdJsonReader:
    """Reads the JSON of rocm-smi and amd-smi."""

    name = "AMD JSON"

    def recognises(self, text: Text) -> bool:
        """By keys that only theirs has, and a line that begins a document."""
        return any(mark in line for line in text.lines for mark in _JSON_MARKS)

    def read(self, text: Text) -> Evidence:
        """What every document of theirs says; one that is cut says what is left of it."""
        whole = "\n".join(text.lines)
        evidence = Evidence()
        unread = True
        for document in find_json(whole):
            listing = _first(document.value, parse_rocm_smi_json, parse_amd_smi_json)
            if listing is None:
                continue
            unread = False
            start = whole.count("\n", 0, document.start)
            end = start + whole.count("\n", document.start, document.end)
            text.taken.update(range(start, end + 1))
            _add(evidence, listing, text, dict.fromkeys(listing.cards, start), start)
        if unread:
            detail = "a document of rocm-smi or amd-smi is no JSON that can be read"
            evidence.unknown.append(Unknown(fact="accelerators", reason=UnknownReason.UNPARSABLE, detail=detail))
        return evidence


def _first(value: object, *parsers: Callable[[object], Listing | None]) -> Listing | None:
    return next((listing for listing in (parser(value) for parser in parsers) if listing is not None), None)


class RocminfoReader:
    """Reads rocminfo's agents, and what it says of the kernel module first."""

    name = "rocminfo"

    def recognises(self, text: Text) -> bool:
        """By an agent, or its first line."""
        return any("ROCk module" in line or line.strip().startswith("Agent ") or "WSL environment" in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """The GPUs among the agents, in the order in which programs number them."""
        info = parse_rocminfo(list(text.lines))
        text.taken.update(line for line in info.lines if line != info.module_line or info.module_loaded)
        evidence = Evidence()
        for rank, gpu in enumerate(info.gpus):
            evidence.claims.append(text.claim(f"accelerators[amd:{rank}]", {**_AMD, **gpu.fields}, gpu.line))
        if info.gpus:
            evidence.observed["accelerators"] = "partial"
            evidence.claims.append(text.claim("amd.state", "ok", info.gpus[0].line))
        elif info.module_loaded is False:
            evidence.claims.append(text.claim("amd.state", "driver-not-loaded", info.module_line))
        if info.module_version is not None:
            evidence.claims.append(text.claim("amd.driver_version", info.module_version, info.module_line))
        if info.wsl_line >= 0:
            evidence.claims.append(text.claim("system.wsl", 2, info.wsl_line))
        return evidence


class RocmVersionReader:
    """Reads ROCm's release: its own file, and what hipconfig and hipcc print, whose first two numbers are ROCm's."""

    name = "ROCm version"

    def recognises(self, text: Text) -> bool:
        """By the file's name, or HIP's."""
        return any("/.info/version" in line or "HIP version" in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """One version, the file's before HIP's."""
        evidence = Evidence()
        for index, line in enumerate(text.lines[:-1]):
            version = parse_rocm_version(text.lines[index + 1]) if _VERSION_FILE.search(line) else None
            if version is not None:
                text.taken.add(index + 1)
                evidence.claims.append(text.claim("amd.rocm_version", version, index + 1))
        for index, line in enumerate(text.lines):
            hip = _HIP_VERSION.match(line) if not evidence.claims else None
            if hip is not None:
                text.taken.add(index)
                evidence.claims.append(text.claim("amd.rocm_version", hip[1], index))
        return evidence


def _ranks(listing: Listing) -> dict[int, int]:
    """Programs number cards from 0 without a gap; rocm-smi of old takes the numbers of the screen's devices."""
    return {number: rank for rank, number in enumerate(sorted(listing.cards))}


def _add(evidence: Evidence, listing: Listing, text: Text, line_of: Mapping[int, int], line: int = 0) -> None:
    ranks = _ranks(listing)
    for number, fields in listing.cards.items():
        claim = text.claim(f"accelerators[amd:{ranks[number]}]", {**_AMD, **fields}, line_of.get(number, line))
        evidence.claims.append(claim)
        evidence.observed["accelerators"] = "partial"
    if listing.driver_version:
        evidence.claims.append(text.claim("amd.driver_version", listing.driver_version, line))
    if listing.rocm_version:
        evidence.claims.append(text.claim("amd.rocm_version", listing.rocm_version, line))
