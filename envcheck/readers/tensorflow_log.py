"""What TensorFlow prints of GPUs: the cards in its log, its answers when it is asked for them, and what it says of its own build."""

import ast
import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.python.build_info import parse_tensorflow_build_info
from envcheck.parsers.text.sizes import parse_size
from envcheck.readers.interface import Text

# pciBusID: 0000:02:00.0 name: GeForce GTX 960M computeCapability: 5.0    (2.1 to 2.4; older ones print the name in a line before)
_FOUND = regex(
    r"\bpciBusID: (?P<address>[\da-fA-F:.]{7,16}) name: (?P<name>[^\n:]{2,80}?) computeCapability: (?P<capability>\d{1,2}\.\d)\b",
    words=("pcibusid",),
)
# Created device /job:localhost/replica:0/task:0/device:GPU:0 with 3015 MB memory:  -> device: 0, name: Tesla T4, pci bus id: 0000:00:04.0,
# compute capability: 7.5        (before 2.6: Created TensorFlow device (… -> physical GPU (device: 0, name: …)
_CREATED = regex(
    r"Created (?:TensorFlow )?device .{0,120}?GPU:\d{1,3}\b.{0,60}?-> (?:physical GPU )?\(?device: (?P<index>\d{1,3}),"
    r" name: (?P<name>[^,\n]{2,80}), pci bus id: (?P<address>[\da-fA-F:.]{7,16}), compute capability: (?P<capability>\d{1,2}\.\d)\b",
    words=("created ",),
)
# Creating TensorFlow device (/device:GPU:0) -> (device: 0, name: …, compute capability: 6.1)        (1.0 to 1.4, at first without the last)
_CREATING = regex(
    r"Creating TensorFlow device \(/(?:device:GPU|gpu):\d{1,3}\) -> \(device: (?P<index>\d{1,3}), name: (?P<name>[^,\n]{2,80}),"
    r" pci bus id: (?P<address>[\da-fA-F:.]{7,16})(?:, compute capability: (?P<capability>\d{1,2}\.\d))?\)",
    words=("creating ",),
)
# The lines below "Found device 0 with properties:" of 1.x, and the size that all versions print in one of the next.
_NAMED = regex(r"^\s*name: (?P<name>[^\n:]{2,80}?)(?: major: (?P<major>\d{1,2}) minor: (?P<minor>\d)\b.{0,60})?\s*$")
_NUMBERS = regex(r"^\s*major: (?P<major>\d{1,2}) minor: (?P<minor>\d)\b")
_ADDRESS = regex(r"\bpciBusID:? (?P<address>[\da-fA-F:.]{7,16})")
_SIZE = regex(r"(?:totalMemory|Total memory|deviceMemorySize): (?P<size>\d{1,4}\.\d{1,2}[MG]iB)")
_BELOW = 6  # lines that the properties of one device have at most
_QUESTION = regex(
    r"\b(?:list_(?:physical|logical|local)_devices\((?:[^()\n]{0,30})\)|tf\.test\.(?:is_gpu_available|gpu_device_name)\([^()\n]{0,60}\)"
    r"|is_built_with_cuda\(\))",
    words=("_devices(", "tf.test.", "is_built_with_cuda"),
)
_OF_CPU = regex(r"list_(?:physical|logical)_devices\((?:device_type ?= ?)?['\"](?:CPU|TPU)['\"]\)")
# Num GPUs Available:  0        (of TensorFlow's own guide)        GPU available: []
_COUNTED = regex(
    r"^\s*(?:Num(?:ber of)? GPUs? Available|GPUs? (?:is )?available|Is GPU available|GPUs? devices?|GPUs?|Physical GPUs?)\??\s?[:=]?\s{1,4}"
    r"(?P<answer>\d{1,3}|\[\]|\[PhysicalDevice\(.*)\s*$",
    re.IGNORECASE,
    words=("gpu",),
)
# The list, alone or behind the version that was asked for with it.
_DEVICES = regex(r"^(?:Out ?\[\d*\]: ?|\d\.\d[\w.]{1,20} )?\[(?:\]\s*$|(?:PhysicalDevice|LogicalDevice)\(name=)")
_GPU_DEVICE = regex(r"name='/(?:physical_)?device:GPU:\d")
_TRUTH = regex(r"^(?:Out ?\[\d*\]: ?)?(?P<answer>True|False)\s*$")
# The answer beside the question: `list_physical_devices('GPU')) # []`, `… returns False`, `… -> []`.
_BESIDE = regex(
    r"^[)\s]{0,4}(?:#|->|=>|→|:|=(?!=)|returns?|gives|prints|is)[#\s>:-]{0,4}(?P<answer>\[\]|True|False|\[PhysicalDevice\(.*\])",
    re.IGNORECASE,
)
_LOG = regex(
    r"^(?:\d{4}-\d\d-\d\d |[IWEF]\d{4} |WARNING|INFO|To enable the following|Skipping registering|coreClock|\s*$|>>> |In ?\[|\.\.\. )"
)
# [name: "/device:CPU:0"    (of device_lib.list_local_devices(): a block for each device; up to 1.3 "/cpu:0")
_LOCAL = regex(r"^(?:Out ?\[\d*\]: ?|>>> )?\[name: \"/(?:device:)?[Cc][Pp][Uu]:0\"\s*$", words=("name: ",))
_LOCAL_GPU = regex(r"^\s*device_type: \"GPU\"")
_LOCAL_END = regex(r"^(?:\}\s*)?\]\s*$|^[\w ]{1,40}: .{0,200}\]\s*$")
_DEVICE_LINES, _MOST_LISTS = 400, 50
_BUILD_INFO = regex(r"(?:OrderedDict\(|^\{|^Out ?\[\d*\]: ?).{0,4000}['\"]is_cuda_build['\"]", words=("is_cuda_build",))
_FURTHEST = 40
_LONGEST = 6000


class TensorflowLogReader:
    """Reads the lines of its log and the answers of a session."""

    name = "TensorFlow's log"

    def recognises(self, text: Text) -> bool:
        """By a word that only it prints, or that asks it."""
        words = (
            '[name: "/',
            "pciBusID",
            "with properties",
            "pci bus id: ",
            "_devices(",
            "GPU",
            "is_cuda_build",
            "tf.test.",
            "is_built_with_cuda(",
        )
        return any(word in line for line in text.lines for word in words)

    def read(self, text: Text) -> Evidence:
        """Claims only; the lines are left to the messages."""
        evidence = Evidence(claims=[*_cards(text), *_answers(text), *_local_devices(text), *_builds(text)])
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _cards(text: Text) -> Iterator[Claim]:
    """A card that the log names was reached through the driver, whether it was used or not."""
    seen: dict[str, int] = {}
    for index in text.with_words("with properties", "pcibusid: ", "pci bus id: "):
        line = text.lines[index]
        if len(line) > _LONGEST:
            continue
        if "with properties" in line:
            told = _properties(index, text)
        else:
            found = (_FOUND.search(line) if "pciBusID" in line else None) or _CREATED.search(line) or _CREATING.search(line)
            told = found.groupdict() if found else {}
        if not told.get("address") or not told.get("name"):
            continue
        number = seen.setdefault(told["address"].lower(), len(seen))
        entry = {"vendor": "nvidia", "backend": "cuda", "name": told["name"].strip(), "pci_address": told["address"], "state": "ok"}
        more = {"compute_capability": told.get("capability"), "memory_bytes": parse_size(told.get("size") or "")}
        yield text.claim(f"accelerators[{number}]", {**entry, **{fact: value for fact, value in more.items() if value}}, index)
        if "index" in told:
            yield text.claim("builds[tensorflow].cuda_available", value=True, index=index)


def _properties(heading: int, text: Text) -> dict[str, str]:
    """`Found device 0 with properties:`, with a line each for name, numbers, address and memory below it, in the order of its version."""
    told: dict[str, str] = {}
    for line in text.lines[heading + 1 : heading + 1 + _BELOW]:
        if "with properties" in line:
            break
        for expression in (_FOUND, _NAMED, _NUMBERS, _ADDRESS, _SIZE):
            found = expression.search(line)
            told |= {key: value for key, value in found.groupdict().items() if value and key not in told} if found else {}
    if "major" in told and "capability" not in told:
        told["capability"] = f"{told['major']}.{told['minor']}"
    return told


def _answers(text: Text) -> Iterator[Claim]:
    """What follows a question, over the lines of the log between them; a count needs no question."""
    asked, asked_at = "", 0
    counting = set(text.with_words("gpu"))
    asking = set(text.with_words("_devices(", "tf.test.", "is_built_with_cuda"))
    for index, line in enumerate(text.lines):
        if len(line) > _LONGEST or not (asked or index in counting or index in asking):
            continue
        counted = _COUNTED.match(line) if index in counting and "gpu" in line[:40].lower() else None
        if counted:
            answer = counted["answer"]
            if "device" in answer or answer == "[]" or line.lower().lstrip().startswith("num"):
                yield text.claim("builds[tensorflow].cuda_available", answer not in ("0", "[]"), index)
            asked = ""
            continue
        question = _QUESTION.search(line) if index in asking else None
        beside = _BESIDE.match(line[question.end() :]) if question and not _OF_CPU.search(line) else None
        if question and beside:
            yield from _claims(question[0], beside["answer"], index, text)
            continue
        if question:
            # A count or a comparison around the question has another answer than the list.
            plain = not _OF_CPU.search(line) and "len(" not in line and "for " not in line and "if " not in line and "assert" not in line
            asked, asked_at = (question[0], index) if plain else ("", index)
        elif asked and index - asked_at <= _FURTHEST:
            claims = list(_claims(asked, line.strip(), index, text))
            yield from claims
            if claims or not (_LOG.match(line) or _is_part_of_log(line)):
                asked = ""


def _is_part_of_log(line: str) -> bool:
    return "tensorflow" in line or ".cc:" in line or line.startswith((" ", "pciBusID"))


def _claims(asked: str, answer: str, index: int, text: Text) -> Iterator[Claim]:
    """What an answer to that question says; nothing where it is none."""
    truth = _answer(asked, answer)
    if truth is not None:
        yield text.claim("builds[tensorflow].cuda_available", truth, index)
    elif "is_built_with_cuda" in asked and _TRUTH.match(answer) and "False" in answer:
        yield text.claim("builds[tensorflow].cuda", None, index)


def _answer(asked: str, line: str) -> bool | None:
    """None: the line is no answer to that."""
    if "_devices(" in asked and "local" not in asked:
        if not _DEVICES.match(line):
            return None
        complete = line.rstrip(" ,").endswith("]")
        return True if _GPU_DEVICE.search(line) else False if complete else None
    if "is_gpu_available" in asked:
        truth = _TRUTH.match(line)
        return truth["answer"] == "True" if truth else None
    if "gpu_device_name" in asked:
        return "/device:GPU:" in line if re.match(r"^(?:Out ?\[\d*\]: ?)?['\"](?:/device:GPU:\d+)?['\"]$", line) else None
    return None


def _local_devices(text: Text) -> Iterator[Claim]:
    """The list of local devices, of which a cut one tells only what it still shows."""
    for index in text.with_words('[name: "/')[:_MOST_LISTS]:
        if not _LOCAL.match(text.lines[index]):
            continue
        block = text.lines[index + 1 : index + 1 + _DEVICE_LINES]
        ends = next((place for place, line in enumerate(block) if _LOCAL_END.match(line)), None)
        if any(map(_LOCAL_GPU.match, block[:ends])):
            yield text.claim("builds[tensorflow].cuda_available", value=True, index=index)
        elif ends is not None:
            yield text.claim("builds[tensorflow].cuda_available", value=False, index=index)


def _builds(text: Text) -> Iterator[Claim]:
    """`OrderedDict([('cpu_compiler', …), ('cuda_version', '11.2'), ('is_cuda_build', True)])`, or the same as a plain dictionary."""
    for index, line in enumerate(text.lines):
        if "is_cuda_build" not in line or len(line) > _LONGEST or not _BUILD_INFO.search(line):
            continue
        for fact, value in parse_tensorflow_build_info(_as_pairs(line)).items():
            yield text.claim(f"builds[tensorflow].{fact}", value, index)


def _as_pairs(line: str) -> str:
    """A dictionary as the pairs of an ordered one; anything else as it stands."""
    start, end = line.find("{"), line.rfind("}")
    if start < 0 or end < start:
        return line
    try:
        said = ast.literal_eval(line[start : end + 1])
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return line
    return " ".join(f"({key!r}, {value!r})" for key, value in said.items()) if isinstance(said, dict) else line
