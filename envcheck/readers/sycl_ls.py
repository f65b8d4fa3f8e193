"""GPUs out of `sycl-ls`: each once, however many backends show it."""

from collections import Counter
from collections.abc import Iterable

from envcheck.facts.claims import Evidence
from envcheck.parsers.oneapi.sycl_ls import SyclDevice, SyclList, parse_sycl_ls
from envcheck.readers.interface import Text

_BACKENDS = {"nvidia": "cuda", "amd": "rocm", "intel": "xpu"}
# Where a card is shown by several, the one that its maker's own runtime shows says most.
_ORDER = {"level_zero": 0, "cuda": 0, "hip": 0, "opencl": 1}


class SyclLsReader:
    """Reads the list of devices, short or verbose, and the warning above it."""

    name = "sycl-ls"

    def recognises(self, text: Text) -> bool:
        """By a line of a device, or the selector's warning."""
        return bool(text.parsed(parse_sycl_ls).lines)

    def read(self, text: Text) -> Evidence:
        """Cards, Intel's driver, and the selector that was set."""
        found = text.parsed(parse_sycl_ls)
        text.taken.update(found.lines)
        evidence = Evidence()
        for name, value in found.selectors.items():
            evidence.claims.append(text.claim(f"variables[{name}]", value, found.selector_lines[name]))
            evidence.observed["variables"] = "partial"
        for device, number in _cards(found):
            key = f"accelerators[{device.vendor}:{number}]" if device.vendor else f"accelerators[{number}]"
            evidence.claims.append(text.claim(key, _card(device), device.line))
            evidence.observed["accelerators"] = "partial"
            if device.backend == "cuda" and device.driver.startswith("CUDA "):
                evidence.claims.append(text.claim("nvidia.cuda_version", device.driver[5:].strip(), device.line))
        _add_intel(evidence, found, text)
        return evidence


def _cards(found: SyclList) -> list[tuple[SyclDevice, int]]:
    """Each GPU once with its number among its maker's: of each name as many as the backend has that shows most of them.

    Level Zero numbers them; with the verbose form below the short one, the numbers are already known.
    """
    gpus = [device for device in (found.devices or found.verbose) if device.kind == "gpu"]
    numbered: list[tuple[SyclDevice, int]] = []
    for vendor in dict.fromkeys(device.vendor for device in gpus):
        own = sorted((device for device in gpus if device.vendor == vendor), key=lambda device: _ORDER.get(device.backend, 2))
        numbered += [(device, number) for number, device in enumerate(_each_once(own))]
    return numbered


def _each_once(devices: Iterable[SyclDevice]) -> list[SyclDevice]:
    """The devices without those that an earlier backend has shown under the same name."""
    told: dict[str, Counter[str]] = {}
    kept: list[SyclDevice] = []
    most: Counter[str] = Counter()
    for device in devices:
        backend = told.setdefault(f"{device.backend} {device.platform}", Counter())
        backend[device.name] += 1
        if backend[device.name] > most[device.name]:
            most[device.name] += 1
            kept.append(device)
    return kept


def _card(device: SyclDevice) -> dict[str, object]:
    card: dict[str, object] = {"name": device.name} if device.name else {}
    if device.vendor:
        card["vendor"] = device.vendor
    if device.vendor in _BACKENDS:
        card["backend"] = _BACKENDS[device.vendor]
    if device.backend == "hip" and device.version.startswith("gfx"):
        card["architecture"] = device.version
    elif device.backend == "cuda" and device.version not in ("", "0.0"):
        card["compute_capability"] = device.version
    return card


def _add_intel(evidence: Evidence, found: SyclList, text: Text) -> None:
    """Level Zero's driver; a GPU of Intel's that OpenCL alone shows has none, unless a selector hides it."""
    devices = found.devices or found.verbose
    intel = [device for device in devices if device.kind == "gpu" and device.vendor == "intel"]
    level_zero = next((device for device in intel if device.backend == "level_zero"), None)
    if level_zero is not None:
        evidence.claims.append(text.claim("intel.state", "ok", level_zero.line))
        if level_zero.driver:
            evidence.claims.append(text.claim("intel.driver_version", level_zero.driver, level_zero.line))
    elif intel and not found.selectors:
        evidence.claims.append(text.claim("intel.state", "no-level-zero", intel[0].line))
