"""The cards of nvidia-container-cli info, ubuntu-drivers devices and lshw -C display."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.pci.accelerator_ids import is_accelerator
from envcheck.parsers.pci.kernel_drivers import WITHOUT_COMPUTING
from envcheck.parsers.pci.labelled_gpus import CONTAINER_CLI, LSHW, Record, parse_labelled_gpus, parse_modalias
from envcheck.parsers.pci.pci_address import same_form
from envcheck.parsers.pci.pci_names import backend_of, is_emulated, is_integrated, parse_pci_name
from envcheck.readers.interface import Text

_VERSION = regex(r"\d{1,4}\.\d{1,4}(?:\.\d{1,4})?$")
_DRIVER = regex(r"\bdriver=(?P<driver>[\w-]{1,40})")
_DISPLAY = 0x03


class LabelledGpuReader:
    """Reads the records of these tools."""

    name = "labelled-gpus"

    def recognises(self, text: Text) -> bool:
        """By a record of one of them."""
        return bool(text.parsed(parse_labelled_gpus))

    def read(self, text: Text) -> Evidence:
        """Cards; of nvidia-container-cli the driver too, which it asks itself."""
        evidence = Evidence()
        for record in text.parsed(parse_labelled_gpus):
            text.taken.update(record.lines)
            evidence.claims += _container_cli(record, text) if record.tool == CONTAINER_CLI else _on_the_bus(record, text)
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _container_cli(record: Record, text: Text) -> Iterator[Claim]:
    fields, line = record.fields, record.lines[0]
    for label, fact in (("NVRM version", "nvidia.driver_version"), ("CUDA version", "nvidia.cuda_version")):
        if _VERSION.match(fields.get(label, "")):
            yield text.claim(fact, fields[label], line)
    if not fields.get("Device Index", "").isdigit():
        return
    entry: dict[str, object] = {"vendor": "nvidia", "backend": "cuda"}
    for label, name in (("Model", "name"), ("GPU UUID", "uuid"), ("Bus Location", "pci_address"), ("Architecture", "compute_capability")):
        value = fields.get(label, "")
        if value and (name != "compute_capability" or _VERSION.match(value)) and (name != "pci_address" or same_form(value)):
            entry[name] = value
    yield text.claim(f"accelerators[nvidia:{int(fields['Device Index'][:4])}]", entry, line)


def _on_the_bus(record: Record, text: Text) -> Iterator[Claim]:
    """Those of ubuntu-drivers are any devices for which there are drivers; those of lshw are displays."""
    fields = record.fields
    address = fields.get("address") or fields.get("bus info", "").partition("@")[2]
    numbered = parse_modalias(fields.get("modalias", ""))
    words = f"{fields.get('vendor', '')} {fields.get('model') or fields.get('product', '')}".strip()
    if not same_form(address) or not words or is_emulated(words):
        return
    if record.tool != LSHW and (numbered is None or numbered[1] != _DISPLAY or not is_accelerator(numbered[0], numbered[1] << 16)):
        return
    maker, name = parse_pci_name(words)
    known = {
        "backend": backend_of(maker, words),
        "name": name,
        "pci_id": numbered[0] if numbered else None,
        "integrated": is_integrated(maker, words, address),
    }
    entry: dict[str, object] = {
        "vendor": maker,
        "pci_address": address,
        **{key: value for key, value in known.items() if value is not None},
    }
    entry.update(_driver(record))
    yield text.claim(f"accelerators[{address}]", entry, record.lines[0])


def _driver(record: Record) -> dict[str, object]:
    """The driver, as lshw has it, or that the device is unclaimed; ubuntu-drivers lists only what could be installed."""
    if record.tool != LSHW:
        return {}
    if "unclaimed" in record.fields:
        return {"driver": None, "state": "no-driver"}
    found = _DRIVER.search(record.fields.get("configuration", ""))
    if found is None:
        return {}
    driver = found["driver"]
    return {"driver": driver, **({"state": "other-driver"} if driver in WITHOUT_COMPUTING else {})}
