"""From the fields of one card, as `-q`, `-q -x` and `--query-gpu` name them, to facts.

A field's path is that of the XML without the words that vary (`fb_memory_usage/total`); `-q` has the same tree under labels, and the
columns of CSV are given the same paths. Branches differ in where they put a value, so that each fact has a list of places.
"""

from __future__ import annotations

from envcheck.parsers.nvidia import nvidia_smi_values as values
from envcheck.parsers.nvidia.nvidia_smi_log import Card, read_address, read_uuid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_POWER = ("gpu_power_readings", "power_readings")
_DRAW = ("power_draw", "instant_power_draw", "instantaneous_power_draw", "average_power_draw")
_LIMIT = ("current_power_limit", "enforced_power_limit", "power_limit")


def _places(blocks: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{block}/{name}" for name in names for block in blocks)


_FACTS: tuple[tuple[str, Callable[[str], object], tuple[str, ...]], ...] = (
    ("name", values.present, ("product_name",)),
    ("architecture", values.present, ("product_architecture",)),
    ("uuid", read_uuid, ("uuid", "gpu_uuid")),
    ("pci_address", read_address, ("pci/pci_bus_id", "pci/bus_id")),
    ("pci_id", values.pci_id, ("pci/pci_device_id", "pci/device_id")),
    ("compute_capability", values.version, ("compute_cap",)),
    ("memory_bytes", values.size, ("fb_memory_usage/total", "memory_usage/total")),
    ("memory_used_bytes", values.size, ("fb_memory_usage/used", "memory_usage/used")),
    ("memory_free_bytes", values.size, ("fb_memory_usage/free", "memory_usage/free")),
    ("memory_reserved_bytes", values.size, ("fb_memory_usage/reserved",)),
    ("mig", values.switch, ("mig_mode/current_mig", "mig_mode/current")),
    ("ecc", values.switch, ("ecc_mode/current_ecc", "ecc_mode/current")),
    ("compute_mode", values.compute_mode, ("compute_mode",)),
    ("driver_model", values.driver_model, ("driver_model/current_dm", "driver_model/current")),
    ("virtualization", values.virtualization, ("gpu_virtualization_mode/virtualization_mode",)),
    ("persistence", values.truth, ("persistence_mode",)),
    ("temperature_c", values.number, ("temperature/gpu_temp", "temperature/gpu_current_temp", "temperature/gpu")),
    ("temperature_limit_c", values.number, ("temperature/gpu_temp_slow_threshold", "temperature/gpu_slowdown_temp")),
    ("power_w", values.number, _places(_POWER, _DRAW)),
    ("power_limit_w", values.number, _places(_POWER, _LIMIT)),
    ("fabric", values.fabric, ("fabric/state",)),
    (
        "remapping_failed",
        values.truth,
        ("remapped_rows/remapped_row_failure", "remapped_rows/remapping_failure_occurred", "remapped_rows/failure"),
    ),
)
_RETIREMENT_PENDING = (
    *("retired_pages/pending_retirement", "retired_pages/pending_blacklist", "retired_pages/pending_page_blacklist"),
    *("retired_pages/pending", "remapped_rows/remapped_row_pending", "remapped_rows/pending"),
)
_RETIRED_PAGES = (
    *("retired_pages/multiple_single_bit_retirement/retired_count", "retired_pages/double_bit_retirement/retired_count"),
    *("retired_pages/single_bit_ecc", "retired_pages/double_bit_ecc"),
)
_REMAPPED_ROWS = (
    *("remapped_rows/remapped_row_corr", "remapped_rows/remapped_row_unc"),
    *("remapped_rows/correctable_error", "remapped_rows/uncorrectable_error"),
)
_REASONS = {
    "gpu_idle": "idle",
    "idle": "idle",
    "applications_clocks_setting": "applications-clocks",
    "sw_power_cap": "power-cap",
    "hw_slowdown": "hw-slowdown",
    "hw_thermal_slowdown": "hw-thermal",
    "hw_power_brake_slowdown": "hw-power-brake",
    "sw_thermal_slowdown": "sw-thermal",
    "sync_boost": "sync-boost",
    "display_clocks_setting": "display-clocks",
    "display_clock_setting": "display-clocks",
}
_REASON_BLOCKS = ("clocks_throttle_reasons", "clocks_event_reasons")


def add_facts(card: Card) -> None:
    """Fills `card.facts` from `card.fields`."""
    fields = card.fields
    for fact, read, places in _FACTS:
        value = next((told for told in (read(fields[place]) for place in places if place in fields) if told is not None), None)
        if value is not None:
            card.facts.setdefault(fact, value)
    for fact, told in (
        ("retired_pages", _retired(fields)),
        ("retirement_pending", _pending(fields)),
        ("ecc_errors", _ecc_errors(fields)),
        ("throttle_reasons", _throttle_reasons(fields)),
    ):
        if told is not None:
            card.facts.setdefault(fact, told)
    if any(values.says_lost(value) for value in fields.values()):
        card.facts["state"] = "lost"
    elif "memory_bytes" in card.facts or values.present(fields.get("performance_state", "")):
        card.facts.setdefault("state", "ok")


def _retired(fields: dict[str, str]) -> int | None:
    pages, rows = (_sum(fields, places) for places in (_RETIRED_PAGES, _REMAPPED_ROWS))
    return rows if pages is None else pages


def _sum(fields: dict[str, str], places: tuple[str, ...]) -> int | None:
    told = [found for found in (values.count(fields[place]) for place in places if place in fields) if found is not None]
    return sum(told) if told else None


def _pending(fields: dict[str, str]) -> bool | None:
    told = [found for found in (values.truth(fields[place]) for place in _RETIREMENT_PENDING if place in fields) if found is not None]
    return any(told) if told else None


def _ecc_errors(fields: dict[str, str]) -> int | None:
    """Uncorrected ones since the driver was loaded: by memory on newer branches, one total before."""
    total = fields.get("ecc_errors/volatile/double_bit/total")
    if total is not None:
        return values.count(total)
    return _sum(fields, tuple(path for path in fields if path.startswith("ecc_errors/volatile/") and "uncorrectable" in path))


def _throttle_reasons(fields: dict[str, str]) -> list[str] | None:
    """Those that are active; a block without a readable answer says nothing."""
    active, answered = [], False
    for path, value in fields.items():
        block, _, rest = path.partition("/")
        if block not in _REASON_BLOCKS:
            continue
        said = value.strip().lower()
        name = rest.rpartition("/")[2]
        for prefix in ("clocks_throttle_reason_", "clocks_event_reason_"):
            name = name[len(prefix) :] if name.startswith(prefix) else name
        answered = answered or (name in _REASONS and said in ("active", "not active"))
        if said == "active" and name in _REASONS:
            active.append(_REASONS[name])
    return active if answered else None


# Blocks of which a part says something else than the whole.
_SUMMED = ("clocks_throttle_reasons", "clocks_event_reasons", "ecc_errors", "retired_pages", "remapped_rows")


class CardFields:
    """Gathers one card's fields as they are read, with its processes and MIG devices; of two values on a path the first stands."""

    def __init__(self, line: int) -> None:
        self.card = Card(line)
        self._processes: list[dict[str, str]] = []
        self._devices: list[dict[str, str]] = []
        self.processes_told = False
        self.over = False
        self._block = ""

    def take(self, path: str, value: str) -> None:
        """One field. A second name is that of another card whose beginning is missing: nothing more is taken."""
        if path == "product_name" and path in self.card.fields:
            self.over = True
        if self.over:
            return
        block, _, rest = path.partition("/")
        self._block = block
        if block == "processes":
            self._take_process(rest, value)
        elif block == "mig_devices":
            self._take_device(rest, value)
        elif len(self.card.fields) < 2000:
            self.card.fields.setdefault(path, value)

    def _take_process(self, path: str, value: str) -> None:
        self.processes_told = True
        name = path.rpartition("/")[2]
        if name in ("pid", "process_id"):
            self._processes.append({"pid": value})
        elif self._processes and name in ("process_name", "name", "used_memory", "used_gpu_memory"):
            self._processes[-1].setdefault("memory" if name.startswith("used") else "name", value)

    def _take_device(self, path: str, value: str) -> None:
        if path in ("mig_device/index", "index"):
            self._devices.append({"index": value})
        elif self._devices and path.endswith("fb_memory_usage/total"):
            self._devices[-1].setdefault("memory", value)

    def finish(self, *, whole: bool) -> Card:
        """The card with its facts; of one that was cut, an absent process is no absence, and the last one may be half there."""
        card = self.card
        for entries in () if whole else (self._processes, self._devices):
            if entries and "memory" not in entries[-1]:
                entries.pop()
        if not whole and self._block.startswith(_SUMMED):
            card.fields = {path: value for path, value in card.fields.items() if not path.startswith(self._block + "/")}
        if self._processes or (self.processes_told and whole):
            card.facts["processes"] = [entry for entry in map(process, self._processes) if entry]
        if self._devices:
            sizes = [values.size(device.get("memory", "")) for device in self._devices]
            card.facts["mig_devices"] = [{} if total is None else {"memory_bytes": total} for total in sizes]
        add_facts(card)
        return card


_LONGEST_NAME = 300


def process(told: dict[str, str]) -> dict[str, object]:
    """A process as a fact, of its printed `pid`, `name` and `memory`; empty: it has no number."""
    pid = values.count(told["pid"])
    if pid is None:
        return {}
    entry: dict[str, object] = {"pid": pid}
    name, memory = values.present(told.get("name", "")), values.size(told.get("memory", ""))
    if name is not None:
        entry["name"] = name[:_LONGEST_NAME]
    if memory is not None:
        entry["memory_bytes"] = memory
    return entry
