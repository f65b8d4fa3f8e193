"""Facts out of `python -m torch.utils.collect_env`; what its words mean differs by torch's age and is settled here.

Its lists are never complete: `[pip3]` and `[conda]` show a selection of names. "Could not collect" for the build's CUDA is a build without
CUDA on a machine that has a driver or a toolkit; "N/A" there is a torch that could not be imported.
"""

import re
from collections.abc import Callable, Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.snapshot import Unknown, UnknownReason
from envcheck.parsers.expression import regex
from envcheck.parsers.text.collect_env import CollectEnv, Field, Library, parse_collect_env
from envcheck.parsers.text.sizes import parse_size
from envcheck.readers.builds import said_by_version, said_of_package
from envcheck.readers.interface import Text
from envcheck.readers.other_reports import ELSEWHERE
from envcheck.readers.systems import said_by_distribution, said_by_platform

_NOTHING = frozenset(("", "N/A", "None", "Could not collect", "No CUDA", "Disabled"))
_NO_ANSWER = frozenset(("Could not collect", "No CUDA"))
_VERSION = regex(r"\d+(?:\.\d+)+")
_DRIVER = regex(r"\d{3,4}\.\d+(?:\.\d+)?")
_CARD = regex(r"^(?:GPU (?P<index>\d{1,3}): )?(?P<name>[A-Z][^:\n]{2,80}?)\s*(?:\((?P<gfx>gfx\w+)[^)]*\))?\s*(?:\(UUID: [^)]*\))?$")
_XPU = regex(
    r"^\* (?:\[\d{1,3}\] _XpuDeviceProperties\(name='(?P<name>[^'\n]{2,80})'(?:.{0,300}?total_memory=(?P<size>\d{3,8})MB)?"
    r"|(?P<bare>Intel[^\n:]{2,80}$))"
)
_CUDNN_FILE = regex(
    r"(?P<path>(?:/|[A-Z]:\\)\S.*(?:libcudnn[\w.]*\.so\.(?P<linux>\d[\d.]*)|cudnn[\w]*64_(?P<windows>\d+)\.dll|libcudnn[\w.]*\.dylib))"
)


class CollectEnvReader:
    """Reads the report, whole or in pieces."""

    name = "torch.utils.collect_env"

    def recognises(self, text: Text) -> bool:
        """By the labels that only this report has."""
        return text.parsed(parse_collect_env) is not None

    def read(self, text: Text) -> Evidence:
        """All that its fields and lists say."""
        report = text.parsed(parse_collect_env)
        evidence = Evidence()
        if report is None:
            return evidence
        text.taken |= report.lines
        for field in report.fields:
            reading = _READINGS.get(field.label)
            if reading is not None:
                evidence.claims += reading(field, text)
            elif field.label == "GPU models and configuration":
                evidence.claims += _cards(field, text, on_rocm=_is_rocm(report))
        judged = report.without({line for line, place in text.places.items() if place == ELSEWHERE})
        evidence.claims += _build(judged, text)
        evidence.claims += _no_driver(judged, text)
        evidence.unknown += _unknown(judged)
        for library in _of_this_python(report):
            evidence.claims += _package(library, text)
        if report.libraries:
            evidence.observed["packages"] = "partial"
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _os(field: Field, text: Text) -> Iterator[Claim]:
    for fact, value in said_by_distribution(field.value).items():
        yield text.claim(f"system.{fact}", value, field.line)


def _python(field: Field, text: Text) -> Iterator[Claim]:
    """`3.8.16 (default, Jun 12 2023, 18:09:05)  [GCC 11.2.0] (64-bit runtime)`."""
    version = re.match(r"\d+\.\d+[\w.+]*", field.value)
    if version:
        yield text.claim("python.version", version[0], field.line)
    bits = re.search(r"\((32|64)-bit runtime\)", field.value)
    if bits:
        yield text.claim("python.bits", int(bits[1]), field.line)


def _platform(field: Field, text: Text) -> Iterator[Claim]:
    for fact, value in said_by_platform(field.value).items():
        yield text.claim(f"system.{fact}", value, field.line)


def _toolkit(field: Field, text: Text) -> Iterator[Claim]:
    """The version of nvcc; the toolkit on disk, not what torch uses."""
    version = _VERSION.search(field.value)
    if version:
        yield text.claim("toolkits[cuda]", {"version": version[0]}, field.line)


def _driver(field: Field, text: Text) -> Iterator[Claim]:
    """Behind the label, or alone in the line below it."""
    version = _DRIVER.match(field.value or "".join(field.more[:1]))
    if version:
        yield text.claim("nvidia.driver_version", version[0], field.line)


def _is_rocm(report: CollectEnv) -> bool:
    fields = [report.field(label) for label in ("ROCM used to build PyTorch", "HIP runtime version")]
    return any(field is not None and _VERSION.match(field.value) for field in fields)


def _cards(field: Field, text: Text, *, on_rocm: bool) -> Iterator[Claim]:
    """`GPU 0: GeForce RTX 2080 Ti` behind the label or in the lines below it; on ROCm one name, with its gfx target since 2.0."""
    for offset, words in enumerate([field.value, *field.more]):
        card = _CARD.match(words)
        if words in _NOTHING or card is None or (offset and card["index"] is None):
            continue
        amd = on_rocm or bool(card["gfx"]) or card["name"].startswith(("AMD", "Radeon"))
        entry = {"vendor": "amd", "backend": "rocm"} if amd else {"vendor": "nvidia", "backend": "cuda"}
        if card["gfx"]:
            entry["architecture"] = card["gfx"]
        index = int(card["index"] or 0)
        yield text.claim(f"accelerators[{index}]", {**entry, "name": card["name"]}, field.line + offset)


def _cudnn(field: Field, text: Text) -> Iterator[Claim]:
    for offset, words in enumerate([field.value, *field.more]):
        file = _CUDNN_FILE.search(words)
        version = file and (file["linux"] or file["windows"])
        if file and version and not re.search(r"cudnn_\w+", file["path"].rpartition("/")[2]):
            path = re.sub(r"[\[\]]", "", file["path"])
            yield text.claim(f"toolkits[cudnn@{path}]", {"version": version, "path": file["path"]}, field.line + offset)


def _intel_cards(field: Field, text: Text) -> Iterator[Claim]:
    """`* Intel(R) Arc(TM) A770 Graphics`, and of those that torch detected `* [0] _XpuDeviceProperties(name='…', total_memory=…MB)`."""
    number = 0
    for offset, words in enumerate(field.more, 1):
        said = _XPU.match(words)
        if said is not None:
            size = parse_size(f"{said['size']} MiB") if said["size"] else None
            entry: dict[str, object] = {"vendor": "intel", "backend": "xpu", "name": said["name"] or said["bare"]}
            more = {"memory_bytes": size, "state": "ok" if said["name"] else None}
            entry.update({key: value for key, value in more.items() if value})
            yield text.claim(f"accelerators[intel:{number}]", entry, field.line + offset)
            number += 1


def _intel_driver(field: Field, text: Text) -> Iterator[Claim]:
    """The packages below the label: `* level_zero:   1.17.44.0-1022~22.04`, in newer reports `* libze1:	1.21.9.0-1136~22.04`."""
    for offset, words in enumerate(field.more, 1):
        package = re.match(r"\* (?:level_zero|libze1):\s{1,8}(\d+(?:\.\d+){1,3})", words)
        if package:
            yield text.claim("intel.level_zero_version", package[1], field.line + offset)


def _vllm(field: Field, text: Text) -> Iterator[Claim]:
    version = re.match(r"\d+\.\d[\w.+]*", field.value)
    if version:
        yield text.claim("packages[vllm].version", version[0], field.line)


_READINGS: dict[str, Callable[[Field, Text], Iterator[Claim]]] = {
    "OS": _os,
    "Python version": _python,
    "Python platform": _platform,
    "CUDA runtime version": _toolkit,
    "Nvidia driver version": _driver,
    "Intel GPU models detected": _intel_cards,
    "Intel GPU models onboard": _intel_cards,
    "Intel GPU driver version": _intel_driver,
    "vLLM Version": _vllm,
    "cuDNN version": _cudnn,
}


def _build(report: CollectEnv, text: Text) -> Iterator[Claim]:
    """What torch said of its own build and of the device."""
    version, cuda, rocm = (report.field(label) for label in ("PyTorch version", "CUDA used to build PyTorch", "ROCM used to build PyTorch"))
    if version is not None and _VERSION.match(version.value):
        yield text.claim("builds[torch].version", version.value, version.line)
        yield text.claim("packages[torch].version", version.value, version.line)
        for fact, value in said_by_version("torch", version.value).items():
            yield text.claim(f"builds[torch].{fact}", value, version.line)
    hip = rocm is not None and _VERSION.match(rocm.value) is not None
    if rocm is not None and hip:
        yield text.claim("builds[torch].rocm", rocm.value, rocm.line)
    elif rocm is not None and cuda is not None and cuda.value not in ("", "N/A"):
        yield text.claim("builds[torch].rocm", None, rocm.line)
    if cuda is not None and _VERSION.match(cuda.value):
        yield text.claim("builds[torch].cuda", cuda.value, cuda.line)
    elif cuda is not None and (cuda.value in ("None", "Could not collect") or hip):
        yield text.claim("builds[torch].cuda", None, cuda.line)
    if cuda is not None and not hip and _found_some_cuda(report):
        yield text.claim("nvidia.cuda_sign", "a driver, a card or a CUDA toolkit was found", cuda.line)
    available = report.field("Is CUDA available")
    if available is not None and available.value in ("True", "False", "Yes", "No"):
        yield text.claim("builds[torch].cuda_available", available.value in ("True", "Yes"), available.line)
    yield from _xpu_build(report, text)
    libc = _libc(report)
    if libc is not None:
        yield text.claim("system.libc", "glibc " + libc.value.removeprefix("glibc-"), libc.line)


def _found_some_cuda(report: CollectEnv) -> bool:
    """Of a build without CUDA it says "None" where it also found nothing of NVIDIA's, and "Could not collect" where it found something."""
    version, cuda = report.field("PyTorch version"), report.field("CUDA used to build PyTorch")
    if version is None or cuda is None or cuda.value != "Could not collect" or not _VERSION.match(version.value):
        return False
    rest = [report.field(label) for label in ("CUDA runtime version", "GPU models and configuration", "Nvidia driver version")]
    return not any(field is not None and field.value == "No CUDA" for field in rest)


def _xpu_build(report: CollectEnv, text: Text) -> Iterator[Claim]:
    xpu, reached = report.field("XPU used to build PyTorch"), report.field("Is XPU available")
    if xpu is not None and (xpu.value.isdigit() or xpu.value == "N/A"):
        yield text.claim("builds[torch].xpu", xpu.value if xpu.value.isdigit() else None, xpu.line)
    if reached is not None and reached.value in ("True", "False"):
        yield text.claim("builds[torch].xpu_available", reached.value == "True", reached.line)


def _libc(report: CollectEnv) -> Field | None:
    """The C library; before Python 3.8 the number is the one that Python was linked against, so it says nothing of the system."""
    libc, python = report.field("Libc version"), report.field("Python version")
    if libc is None or not re.fullmatch(r"glibc-\d+\.\d+", libc.value):
        return None
    version = re.match(r"3\.(\d+)", python.value) if python is not None else None
    return libc if version and int(version[1]) >= 8 else None


def _no_driver(report: CollectEnv, text: Text) -> Iterator[Claim]:
    """Where nvidia-smi named neither driver nor card and torch has no device, none answers; any other word on the driver is better."""
    driver, cards, available = (
        report.field(label) for label in ("Nvidia driver version", "GPU models and configuration", "Is CUDA available")
    )
    if driver is None or cards is None or driver.value not in _NO_ANSWER or cards.value not in _NO_ANSWER:
        return
    if available is None or available.value not in ("True", "Yes"):
        yield text.claim("nvidia.driver_version", None, driver.line, Trust.MENTIONED)


def _unknown(report: CollectEnv) -> Iterator[Unknown]:
    """What collect_env asked for and was not told."""
    version, cuda = report.field("PyTorch version"), report.field("CUDA used to build PyTorch")
    if version is not None and version.value == "N/A" and (cuda is None or cuda.value == "N/A"):
        yield Unknown(fact="builds[torch]", reason=UnknownReason.CRASHED, detail="torch.utils.collect_env could not import torch")
    for label, fact in (("Nvidia driver version", "nvidia.driver_version"), ("GPU models and configuration", "accelerators")):
        field = report.field(label)
        if field is not None and field.value in _NO_ANSWER:
            detail = f'torch.utils.collect_env says "{field.value}": nvidia-smi gave it no answer'
            yield Unknown(fact=fact, reason=UnknownReason.UNSUPPORTED, detail=detail)


def _of_this_python(report: CollectEnv) -> list[Library]:
    """The lists without conda's, where that has a torch from PyPI of another release than the one that answered.

    It is asked of the environment that is active, not of the interpreter, and is another environment's then.
    """
    answered = {field.value for field in report.fields if field.label == "PyTorch version"}
    listed = {library.version for library in report.libraries if library.name == "torch" and (library.build or "").startswith("pypi")}
    if not _releases(listed) or not _releases(answered) or _releases(listed) & _releases(answered):
        return report.libraries
    return [library for library in report.libraries if library.lister != "conda"]


def _releases(versions: set[str]) -> set[str]:
    """The first two numbers of each."""
    return {".".join(found[0].split(".")[:2]) for found in map(_VERSION.match, versions) if found}


def _package(library: Library, text: Text) -> Iterator[Claim]:
    """One line of the lists."""
    for fact, value in said_of_package(library.lister, library.name, library.version, library.build, library.channel):
        yield text.claim(fact, value, library.line)
