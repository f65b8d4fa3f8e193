"""What the values in frameworks' own reports mean, as facts: versions, platforms, answers, cards, sizes.

What was not collected, not installed or never filled in says nothing: "N/A", "not installed (NA)", "Could not collect", "<fill in>".
"""

import re
from collections.abc import Callable, Iterator

from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size
from envcheck.readers.builds import said_by_version
from envcheck.readers.systems import said_by_distribution, said_by_platform

Fact = tuple[str, object]
Reading = Callable[[str], Iterator[Fact]]

_VERSION = regex(r"v?(?P<version>\d{1,4}(?:\.\d{1,8}){1,4}(?:[-.]?[a-z]\w{0,20})?(?:\.[a-z]\w{0,20})?(?:\+[\w.]{1,40})?)(?![\w-])")
_PYTHON = regex(r"(?P<version>[23]\.\d{1,2}(?:\.\d{1,2})?(?:(?:a|b|rc)\d{1,2})?\+?)(?![\d])")
_REACHED = regex(r"\((?P<answer>True|False|CUDA|NA)\)\s*$")
_TRUTHS = {"true": True, "yes": True, "available": True, "false": False, "no": False, "not available": False}
_NONE = frozenset(("none", "n/a", "na", "null", "no", "-"))
_GLIBC = regex(r"-with-glibc(?P<version>\d\.\d{1,3})$")
_DRIVER = regex(r"\d{3,4}\.\d{1,4}(?:\.\d{1,3})?(?![\d.])")
# The most exact of what its line says.
_COMPILER = tuple(
    map(regex, (r"\bV(\d{1,2}\.\d\.\d{1,4})", r"release (\d{1,2}\.\d)", r"cuda_(\d{1,2}\.\d)", r"^(\d{1,2}\.\d{1,3}(?:\.\d{1,4})?)$"))
)
# NVIDIA RTX A6000, 48670MiB            NVIDIA GeForce RTX 3080 Ti (arch=8.6)            cuda:0 NVIDIA L4 : cudaMallocAsync
_CARD = regex(
    r"^(?:(?:cuda|xpu|rocm):(?P<number>\d{1,3}) )?(?P<name>[A-Z][\w .()/@-]{1,70}?)(?: ?\(arch=(?P<arch>\d{1,2}\.\d)\))?"
    r"(?:, ?(?P<size>\d{1,7}(?:\.\d{1,2})? ?[MG]i?B))?(?: : \w{1,30})?(?: \(.{1,60}\))?$"
)
_MAKERS = (
    (regex(r"\bAMD\b|\bRadeon\b|\bInstinct\b", re.IGNORECASE), "amd", "rocm"),
    (regex(r"^Intel\b|\bArc\b|\bData Center GPU (?:Max|Flex)\b"), "intel", "xpu"),
    (regex(r"^Apple M\d"), "apple", "metal"),
    (
        regex(
            r"\b(?:NVIDIA|GeForce|Tesla|Quadro|TITAN|GRID|RTX|GTX|NVS|Graphics Device|Jetson|Orin|Xavier)\b"
            r"|^(?:[AHVPTLB]\d{1,3}0?|GH200|GB\d{3}|T4|L40S?|K80|M40|GT \d{3}M?)\b",
            re.IGNORECASE,
        ),
        "nvidia",
        "cuda",
    ),
)


def version_in(value: str) -> str | None:
    """The version that a value begins with: `1.8.1+cu111 @/opt/env/torch`, `0.9.2, unknown, unknown`, `2.15.1+`."""
    found = _VERSION.match(value)
    return found["version"] if found else None


def package(name: str) -> Reading:
    """The distribution of that name, and what its version says of its build."""

    def read(value: str) -> Iterator[Fact]:
        version = version_in(value)
        if version is not None:
            yield f"packages[{name}].version", version
            for fact, said in said_by_version(name, version).items():
                yield f"builds[{name}].{fact}", said

    return read


def torch(value: str) -> Iterator[Fact]:
    """`2.0.1+cu117 (True)`, `2.7.0 (NA)`: the second word is what torch answered when it was asked for a device."""
    version = version_in(value)
    if version is None:
        return
    yield "builds[torch].version", version
    yield from package("torch")(value)
    reached = _REACHED.search(value)
    if reached:
        yield "builds[torch].cuda_available", reached["answer"] in ("True", "CUDA")


def tensorflow(value: str) -> Iterator[Fact]:
    """`2.4.0 (False)`."""
    yield from package("tensorflow")(value)
    reached = _REACHED.search(value)
    if reached and version_in(value):
        yield "builds[tensorflow].cuda_available", reached["answer"] == "True"


def python(value: str) -> Iterator[Fact]:
    """`3.9.7.final.0`, `3.8.16 (default, Mar  2 2023, 03:21:46) [GCC 11.2.0]`."""
    found = _PYTHON.match(value)
    if found:
        yield "python.version", found["version"]
    if "[MSC v." in value:
        yield "system.os", "Windows"
        yield "python.bits", 32 if "32 bit" in value else 64


def platform(value: str) -> Iterator[Fact]:
    """What platform.platform() gives."""
    for fact, said in said_by_platform(value).items():
        yield f"system.{fact}", said


def libc_of(platform_said: str, python_said: str) -> str | None:
    """The C library in a platform's name; before Python 3.9 the number there is the one that Python was linked against."""
    glibc, version = _GLIBC.search(platform_said), re.match(r"3\.(\d{1,2})", python_said)
    return f"glibc {glibc['version']}" if glibc and version and int(version[1]) >= 9 else None


def os_name(value: str) -> Iterator[Fact]:
    """What sys.platform, os.name and platform.system() say; `posix` is no system."""
    word = value.split(" ", maxsplit=1)[0].lower()
    systems = {"linux": "Linux", "win32": "Windows", "windows": "Windows", "nt": "Windows", "darwin": "Darwin", "macos": "Darwin"}
    if word in systems:
        yield "system.os", systems[word]


def machine(value: str) -> Iterator[Fact]:
    """A machine's architecture."""
    if re.fullmatch(r"x86_64|AMD64|aarch64|arm64|ARM64|ppc64le|s390x|riscv64|i[3-6]86", value):
        yield "system.machine", value


def executable(value: str) -> Iterator[Fact]:
    """The path of an interpreter."""
    path = value.strip("'\"")
    if re.fullmatch(r"(?:/|[A-Za-z]:\\|~/)[^\n'\"]{1,400}", path) and "python" in path.lower():
        yield "python.executable", path


def truth(fact: str) -> Reading:
    """An answer of yes or no."""

    def read(value: str) -> Iterator[Fact]:
        said = _TRUTHS.get(value.lower().rstrip("."))
        if said is not None:
            yield fact, said

    return read


def torch_cuda(value: str) -> Iterator[Fact]:
    """torch.version.cuda, which is None in a build without CUDA."""
    yield from _version_or_none("builds[torch].cuda", value)


def torch_hip(value: str) -> Iterator[Fact]:
    """torch.version.hip."""
    yield from _version_or_none("builds[torch].rocm", value)


def _version_or_none(fact: str, value: str) -> Iterator[Fact]:
    version = re.match(r"\d{1,2}\.\d[\w.+-]{0,40}", value)
    if version:
        yield fact, version[0]
    elif value.lower() in _NONE:
        yield fact, None


def driver(value: str) -> Iterator[Fact]:
    """NVIDIA's driver."""
    found = _DRIVER.match(value)
    if found:
        yield "nvidia.driver_version", found[0]


def compiler(value: str) -> Iterator[Fact]:
    """Nvcc's version: `Cuda compilation tools, release 12.1, V12.1.66`, `Build cuda_11.3.r11.3/compiler.29745058_0`, `12.1`."""
    version = next((found[1] for found in (expression.search(value) for expression in _COMPILER) if found), None)
    if version:
        yield "toolkits[cuda].version", version
        yield "tools[nvcc].version", version


def size(fact: str) -> Reading:
    """A size of memory."""

    def read(value: str) -> Iterator[Fact]:
        found = re.match(r"\d{1,7}(?:[.,]\d{1,3})? ?[KMGT]i?B", value)
        amount = parse_size(found[0]) if found else None
        if amount:
            yield fact, amount

    return read


def cpu_model(value: str) -> Iterator[Fact]:
    """The processor's name."""
    if len(value) < 100 and re.search(r"\b(?:Intel|AMD|Apple|Xeon|Ryzen|EPYC|ARM|Neoverse)\b", value):
        yield "cpu.model", value


def cores(value: str) -> Iterator[Fact]:
    """How many processors there are."""
    if re.fullmatch(r"\d{1,4}", value):
        yield "cpu.logical_cores", int(value)


def service(value: str) -> Iterator[Fact]:
    """Where a notebook or a program runs."""
    word = value.lower()
    if word in ("colab", "kaggle"):
        yield "python.service", word
    elif word == "docker":
        yield "system.container", "docker"


def colab(value: str) -> Iterator[Fact]:
    """Whether it is Colab's machine."""
    if value.lower() == "yes":
        yield "python.service", "colab"


def card_entry(name: str) -> dict[str, object] | None:
    """The maker, backend and name of a card; None where the name is of no maker that is known."""
    maker = next(((vendor, backend) for words, vendor, backend in _MAKERS if words.search(name)), None)
    return {"vendor": maker[0], "backend": maker[1], "name": name} if maker else None


def card(value: str, *numbers: int) -> Iterator[Fact]:
    """A card as reports name it, with its capability or memory where they are told; several of one kind have several numbers."""
    found = _CARD.match(value)
    entry = card_entry(found["name"].strip()) if found else None
    if found is None or entry is None:
        return
    amount = parse_size(found["size"]) if found["size"] else None
    extra = {"compute_capability": found["arch"], "memory_bytes": amount}
    for number in numbers or (int(found["number"] or 0),):
        yield f"accelerators[{number}]", {**entry, **{key: said for key, said in extra.items() if said}}


def variable(name: str) -> Reading:
    """An environment variable that a report shows beside its name."""

    def read(value: str) -> Iterator[Fact]:
        if value and "unset" not in value and "not set" not in value and value.lower() not in _NONE:
            yield f"variables[{name}]", value

    return read


def capability(value: str) -> Iterator[Fact]:
    """The first card's compute capability."""
    if re.fullmatch(r"\d{1,2}\.\d", value):
        yield "accelerators[0].compute_capability", value


def numbered_card(value: str) -> Iterator[Fact]:
    """`GPU 0: Tesla T4`."""
    found = re.match(r"GPU (\d{1,3}): (.+)", value)
    if found:
        yield from card(found[2], int(found[1]))


def amd_target(value: str) -> Iterator[Fact]:
    """`gfx1100`."""
    if re.fullmatch(r"gfx[0-9a-f]{3,5}", value):
        yield "accelerators[0].architecture", value


def plain_bytes(fact: str, value: str) -> Iterator[Fact]:
    """A number of bytes without a unit."""
    if re.fullmatch(r"\d{8,14}", value):
        yield fact, int(value)


def libc(value: str) -> Iterator[Fact]:
    """`glibc-2.35`."""
    if re.fullmatch(r"glibc-\d\.\d{1,3}", value):
        yield "system.libc", value.replace("-", " ")


def distribution(value: str) -> Iterator[Fact]:
    """`Ubuntu 18.04.4 LTS (x86_64)`."""
    for fact, said in said_by_distribution(value).items():
        yield f"system.{fact}", said


def distribution_tuple(value: str) -> Iterator[Fact]:
    """`('Ubuntu', '18.04', 'bionic')`; where Python no longer knows, the words are empty."""
    parts = re.match(r"\(['\"]([^'\"]{1,60})['\"], ?['\"]([\d.]{1,20})['\"]", value)
    if parts:
        yield from distribution(f"{parts[1]} {parts[2]}")


def kernel(value: str) -> Iterator[Fact]:
    """`5.0.0-37-generic`, on Linux."""
    if re.fullmatch(r"\d\.\d{1,2}\.\d{1,4}-[\w.+-]{1,80}", value):
        yield "system.kernel", value


def bits(value: str) -> Iterator[Fact]:
    """How wide the interpreter's addresses are."""
    if value in ("32", "64"):
        yield "python.bits", int(value)


def machine_or_platform(value: str) -> Iterator[Fact]:
    """Pandas gives the one under this label, scikit-learn the other."""
    yield from machine(value)
    yield from platform(value)
