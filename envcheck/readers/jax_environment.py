"""Facts out of `jax.print_environment_info()`, and out of what `jax.devices()` and `jax.default_backend()` answer in a session."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.text.jax_environment import parse_card, parse_devices, parse_platform, parse_version_row
from envcheck.readers.builds import said_by_version
from envcheck.readers.interface import Text

_REACHED = "builds[jax].cuda_available"
_BACKEND = regex(r"jax\.default_backend\(\)|get_backend\(\)\.platform")
_BACKEND_WORDS = ("jax.default_backend()", "get_backend().platform")
_ANSWER = regex(r"^\s*(?:Out ?\[\d*\]: ?)?['\"]?(?P<backend>cpu|gpu|cuda|rocm)['\"]?\s*$")
_OF_JAX = ("Device(", "TFRT_CPU_", "[cuda:", "[gpu:", "[rocm:", "device info: ")
_MARKS = (*_OF_JAX, "jaxlib:", "default_backend()", "get_backend().platform")
# Lines between a question and its answer.
_FURTHEST = 3
_MAX_CARDS = 16
# Who asks for the CPU's devices is shown them wherever he is.
_CPU_WORDS = ("devices(", "jax_platform")
_ASKS_FOR_CPU = regex(r"devices\(\s*['\"]cpu|JAX_PLATFORMS?(?:_NAME)?['\"\]]*\s*=\s*['\"]?cpu")


class JaxEnvironmentReader:
    """Reads the versions, devices and system that JAX prints."""

    name = "JAX environment"

    def recognises(self, text: Text) -> bool:
        """By a list of JAX's devices, a question for its backend, or the version of jaxlib."""
        return any(any(mark in line for mark in _MARKS) for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Versions and system of the block around `jax.devices`; a GPU that was reached anywhere counts before a CPU."""
        evidence = Evidence(claims=[*_devices(text), *_block(text)])
        if any(claim.fact.startswith("packages") for claim in evidence.claims):
            evidence.observed["packages"] = "partial"
        return evidence


def _devices(text: Text) -> Iterator[Claim]:
    reached: dict[bool, int] = {}
    asked = -_FURTHEST - 1
    asking, refusing = (set(text.with_words(*words)) for words in (_BACKEND_WORDS, _CPU_WORDS))
    answers = {index + further for index in asking for further in range(1, _FURTHEST + 1) if index + further < len(text.lines)}
    for index in sorted({*asking, *refusing, *answers, *text.with_words(*map(str.lower, _OF_JAX))}):
        line = text.lines[index]
        if index in asking and _BACKEND.search(line):
            asked = index
        if index in refusing and _ASKS_FOR_CPU.search(line):
            return
        answer = _ANSWER.match(line) if index - asked <= _FURTHEST else None
        found = answer["backend"] != "cpu" if answer else parse_devices(line) if any(mark in line for mark in _OF_JAX) else None
        if found is not None:
            reached.setdefault(found, index)
    for value in (True, False):
        if value in reached:
            yield text.claim(_REACHED, value, reached[value])
            return


def _block(text: Text) -> Iterator[Claim]:
    """The lines from `jax:` to `platform:`, of which some are left out where somebody has cut."""
    versions: dict[str, tuple[str, int]] = {}
    for index in text.with_words("jax:", "jaxlib:", "numpy:", "python:", "device info: ", "platform: uname_result("):
        line = text.lines[index]
        row = parse_version_row(line)
        if row is not None:
            versions.setdefault(row[0], (row[1], index))
        elif line.lstrip().startswith("device info: "):
            yield from _cards(text, line, index)
        elif line.lstrip().startswith("platform: uname_result("):
            yield from _platform(text, line, index)
    if "jaxlib" not in versions:
        return
    for name, (version, index) in versions.items():
        if name == "python":
            yield text.claim("python.version", version, index)
            continue
        text.taken.add(index)
        yield text.claim(f"packages[{name}].version", version, index)
        for fact, value in said_by_version(name, version).items():
            yield text.claim(f"builds[{name}].{fact}", value, index)


def _cards(text: Text, line: str, index: int) -> Iterator[Claim]:
    card = parse_card(line)
    for number in range(min(card[1], _MAX_CARDS) if card else 0):
        said = {"vendor": "nvidia", "backend": "cuda", "name": card[0] if card else ""}
        yield text.claim(f"accelerators[nvidia:{number}]", said, index)


def _platform(text: Text, line: str, index: int) -> Iterator[Claim]:
    said = parse_platform(line)
    for name, fact in (("os", "system.os"), ("release", "system.kernel"), ("machine", "system.machine")):
        if name in said:
            yield text.claim(fact, said[name], index)
