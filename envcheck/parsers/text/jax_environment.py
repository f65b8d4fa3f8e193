"""What `jax.print_environment_info()` prints, and the lists of devices that JAX shows.

jax:    0.4.32
jaxlib: 0.4.32
numpy:  2.1.2
python: 3.12.7 | packaged by conda-forge | (main, Oct  4 2024, 16:05:46) [GCC 13.3.0]
device info: NVIDIA H100 80GB HBM3-8, 8 local devices
jax.devices (1 total, 1 local): [CpuDevice(id=0)]
process_count: 1
platform: uname_result(system='Linux', node='host', release='6.11.0-8-generic', version='…', machine='x86_64')
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

_ROW = regex(r"^\s*(?P<name>jax|jaxlib|numpy|python):\s{1,12}(?P<version>\d[\w.]{0,30}(?:\+[\w.]{1,30})?)")
_DEVICES = regex(
    r"\[(?P<kind>CpuDevice|CudaDevice|GpuDevice|RocmDevice|StreamExecutorGpuDevice|TFRT_CPU_|cuda:|gpu:|rocm:)[\w(=]{0,12}[^\n]{0,400}?\]"
)
_OF_CPU = ("CpuDevice", "TFRT_CPU_")
_CARD = regex(r"^\s*device info: (?P<name>(?:NVIDIA|Tesla|GeForce|Quadro)[\w .-]{2,60})-(?P<count>\d{1,3}), \d")
# The kind of the devices and how many there are in all processes; a TPU is no matter of CUDA.
_INFO = regex(r"^\s*device info: (?P<kind>cpu|(?:NVIDIA|Tesla|GeForce|Quadro|AMD|Radeon)[\w .()/-]{2,60})-\d{1,5}, \d{1,5} local devices")
_SYSTEM = regex(r"^\s*platform: uname_result\(system='(?P<os>\w{1,20})',")
_FIELD = regex(r"\b(?P<name>release|machine)='(?P<value>[^'\n]{1,100})'")
_LONGEST = 1000


def parse_version_row(line: str) -> tuple[str, str] | None:
    """`jaxlib: 0.4.32` → ("jaxlib", "0.4.32")."""
    found = _ROW.match(line[:_LONGEST])
    return (found["name"], found["version"]) if found else None


def parse_devices(line: str) -> bool | None:
    """Whether the devices that a line lists are GPUs: `[CpuDevice(id=0)]` → False; None where it lists none of JAX's."""
    found = _DEVICES.search(line[:_LONGEST])
    if found:
        return found["kind"] not in _OF_CPU
    info = _INFO.match(line[:_LONGEST])
    return info["kind"] != "cpu" if info else None


def parse_card(line: str) -> tuple[str, int] | None:
    """The name and number of the cards in `device info`."""
    found = _CARD.match(line[:_LONGEST])
    return (found["name"], int(found["count"])) if found else None


def parse_platform(line: str) -> dict[str, str]:
    """`os`, `release` and `machine` of the line `platform`; empty where it is none."""
    found = _SYSTEM.match(line[:_LONGEST])
    if found is None:
        return {}
    return {"os": found["os"], **{field["name"]: field["value"] for field in _FIELD.finditer(line[:_LONGEST])}}
