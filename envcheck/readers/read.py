"""A snapshot out of what somebody saved or pasted: every reader takes what it knows, the rest is searched for messages."""

import re
from collections.abc import Sequence

import msgspec

from envcheck.facts.claims import Claim, Evidence, resolve
from envcheck.facts.snapshot import SCHEMA, Snapshot
from envcheck.facts.symptoms import Symptom
from envcheck.messages.cleaning import clean
from envcheck.messages.parse import find_messages
from envcheck.mistake import Mistake
from envcheck.parsers.text.traceback import import_package_of
from envcheck.readers.amd_mentions import AmdMentionReader
from envcheck.readers.amd_tools import AmdJsonReader, AmdSmiReader, RocminfoReader, RocmSmiReader, RocmVersionReader
from envcheck.readers.batch_jobs import BatchJobReader
from envcheck.readers.bitsandbytes_setup import BitsandbytesSetupReader
from envcheck.readers.clinfo import ClinfoReader
from envcheck.readers.collect_env import CollectEnvReader
from envcheck.readers.conda_plans import CondaPlanReader
from envcheck.readers.containers import ContainerReader
from envcheck.readers.cpu import CpuReader
from envcheck.readers.cuda_on_disk import CudaOnDiskReader
from envcheck.readers.device_nodes import DeviceNodeReader
from envcheck.readers.device_query import DeviceQueryReader
from envcheck.readers.distribution_marks import DistributionMarkReader
from envcheck.readers.driver_packages import DriverPackageReader
from envcheck.readers.driver_states import said_states
from envcheck.readers.interface import Reader, Text
from envcheck.readers.interpreter_banners import InterpreterBannerReader
from envcheck.readers.interpreter_sessions import InterpreterSessionReader
from envcheck.readers.issue_forms import IssueFormReader
from envcheck.readers.java_and_spark import JavaAndSparkReader
from envcheck.readers.jax_environment import JaxEnvironmentReader
from envcheck.readers.kernel_modules import KernelModuleReader
from envcheck.readers.kfd_topology import KfdTopologyReader
from envcheck.readers.labelled_gpus import LabelledGpuReader
from envcheck.readers.linux_files import LinuxFileReader
from envcheck.readers.loaded_libraries import LoadedLibraryReader
from envcheck.readers.lspci import LspciReader
from envcheck.readers.macs import MacReader
from envcheck.readers.mentions import MentionReader
from envcheck.readers.nvidia_gpu_files import NvidiaGpuFileReader
from envcheck.readers.nvidia_smi import NvidiaSmiReader
from envcheck.readers.operating_system import OperatingSystemReader
from envcheck.readers.package_lists import PackageListReader
from envcheck.readers.package_rows import PackageRowReader
from envcheck.readers.said_facts import said_facts
from envcheck.readers.scopes import find_places, settle
from envcheck.readers.sycl_ls import SyclLsReader
from envcheck.readers.system_profiler import SystemProfilerReader
from envcheck.readers.tegrastats import TegrastatsReader
from envcheck.readers.tensorflow_log import TensorflowLogReader
from envcheck.readers.tracebacks import TracebackReader, needs_subject, subject_of_import
from envcheck.readers.variables import VariableReader
from envcheck.readers.wsl import WslReader
from envcheck.readers.xgboost_build import XgboostBuildReader
from envcheck.readers.xpu_smi import XpuSmiReader

MAX_BYTES = 100 * 2**20
# That of a machine with ten thousand distributions has 3 MB.
MAX_SAVED_BYTES = 16 * 2**20
_LONG_NUMBER = re.compile(rb"\d{1000}")
# What reports call themselves: written in a later room, so that its name is repeated here.
REPORT_SCHEMA = "envcheck/report/1"
# Of a text that is longer, the beginning and the end are read.
MAX_CHARACTERS = 16 * 2**20

# Structured formats first; what people wrote themselves last, since it is read only where nobody else has spoken.
_READERS: tuple[Reader, ...] = (
    CollectEnvReader(),
    NvidiaSmiReader(),
    NvidiaGpuFileReader(),
    TegrastatsReader(),
    DeviceQueryReader(),
    XpuSmiReader(),
    SyclLsReader(),
    ClinfoReader(),
    SystemProfilerReader(),
    MacReader(),
    LinuxFileReader(),
    AmdJsonReader(),
    RocmSmiReader(),
    AmdSmiReader(),
    RocminfoReader(),
    RocmVersionReader(),
    KfdTopologyReader(),
    PackageListReader(),
    InterpreterBannerReader(),
    JavaAndSparkReader(),
    InterpreterSessionReader(),
    JaxEnvironmentReader(),
    XgboostBuildReader(),
    CondaPlanReader(),
    TensorflowLogReader(),
    IssueFormReader(),
    PackageRowReader(),
    LabelledGpuReader(),
    LspciReader(),
    KernelModuleReader(),
    DriverPackageReader(),
    CudaOnDiskReader(),
    LoadedLibraryReader(),
    BitsandbytesSetupReader(),
    OperatingSystemReader(),
    CpuReader(),
    DeviceNodeReader(),
    ContainerReader(),
    VariableReader(),
    BatchJobReader(),
    WslReader(),
    TracebackReader(),
)
_LAST: tuple[Reader, ...] = (MentionReader(), AmdMentionReader(), DistributionMarkReader())


class Unreadable(Mistake):
    """A file that was given to be judged and cannot be."""


def read_text(text: str, *, source: str = "report", taken: str = "") -> Snapshot:
    """The facts and symptoms of a pasted text; any text gives a snapshot, one that says nothing an empty one.

    `taken` is the time that the text speaks of, where it is known. Several reports in one text become one snapshot: of two words on
    one fact the first stands, the other is kept as a contradiction.
    """
    lines = clean(_middle_left_out(text)).split("\n")
    pasted = Text(lines, source)
    pasted.places = find_places(lines, pasted.container_commands)
    evidence = Evidence()
    for reader in _READERS:
        if reader.recognises(pasted):
            evidence.add(reader.read(pasted))
    _add_symptoms(evidence, pasted)
    evidence.claims += said_facts(evidence.symptoms, evidence.claims)
    evidence.claims += said_states(evidence)
    for reader in _LAST:
        evidence.add(reader.read(pasted))
    evidence.claims = _settled(evidence)
    scope = settle(evidence)
    return resolve(evidence, taken=taken, live=False, scope=scope)


def read_saved(data: bytes, name: str) -> Snapshot:
    """A saved snapshot, the facts of a saved report, or else a pasted text. Raises `Unreadable`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{name} is larger than {MAX_BYTES // 2**20} MiB.", "Give the part with the error and the environment's report.")
    text = _decode(data)
    if text.lstrip()[:1] == "{":
        saved = _saved(text, name)
        if saved is not None:
            return saved
    return read_text(text, source="report")


def _decode(data: bytes) -> str:
    """PowerShell's `>` writes UTF-16; everything else is taken for UTF-8, what is none of it kept as escapes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "backslashreplace")


def _saved(text: str, name: str) -> Snapshot | None:
    """The snapshot in a JSON document of envcheck's; None: it is somebody else's JSON, or none at all."""
    own = re.search(r'"schema"\s*:\s*"envcheck/', text[:4096] + text[-4096:]) is not None
    data = text.encode("utf-8", "replace")
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:
        return None  # somebody else's JSON has a schema of another type, or facts
    except (msgspec.DecodeError, RecursionError) as error:
        if own:
            raise _not_whole(name, error) from None
        return None
    if head.schema not in (SCHEMA, REPORT_SCHEMA):
        if not head.schema.startswith("envcheck/"):
            return None
        known = f"{SCHEMA} and {REPORT_SCHEMA}"
        raise Unreadable(f"{name} has the schema {head.schema[:80]}.", f"This version of envcheck reads {known}.")
    facts: bytes | msgspec.Raw = data
    if head.schema == REPORT_SCHEMA:
        if bytes(head.facts)[:1] != b"{":
            raise Unreadable(f"{name} is a report without its facts.", "Save them too: envcheck facts")
        facts = head.facts
    return _decoded(facts, name)


class _Head(msgspec.Struct):
    """What a document says of itself: the rest of it is passed over, and takes no memory."""

    schema: str = ""
    facts: msgspec.Raw = msgspec.Raw()


def _decoded(facts: bytes | msgspec.Raw, name: str) -> Snapshot:
    if len(bytes(facts)) > MAX_SAVED_BYTES:
        raise Unreadable(f"{name} is larger than any snapshot: {MAX_SAVED_BYTES // 2**20} MiB.", "Save the facts again: envcheck facts")
    if _LONG_NUMBER.search(bytes(facts)):
        raise Unreadable(f"{name} holds a number of more than a thousand digits.", "Save the facts again: envcheck facts")
    try:
        snapshot = msgspec.json.decode(facts, type=Snapshot)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Unreadable(f"{name} does not fit the schema {SCHEMA}: {error}.", "Save it again: envcheck facts") from None
    except msgspec.DecodeError as error:
        raise _not_whole(name, error) from None
    if snapshot.schema != SCHEMA:
        raise Unreadable(f"{name} has facts of the schema {snapshot.schema[:80]}.", f"This version of envcheck reads {SCHEMA}.")
    return snapshot


def _not_whole(name: str, error: Exception) -> Unreadable:
    hint = "It may have been cut; save it again: envcheck facts"
    if isinstance(error, RecursionError):
        return Unreadable(f"{name} is nested too deeply to be read.", hint)
    return Unreadable(f"{name} is no whole JSON document: {error}.", hint)


def _middle_left_out(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    half = MAX_CHARACTERS // 2
    return f"{text[:half]}\n{text[-half:]}"


def _add_symptoms(evidence: Evidence, text: Text) -> None:
    """What programs said in lines that no reader has taken."""
    rest = "\n".join("" if index in text.taken else line for index, line in enumerate(text.lines))
    for said in find_messages(rest):
        symptom = msgspec.structs.replace(said.symptom, subject=_subject(said.symptom, text.lines, said.line), source=text.at(said.line))
        symptom = msgspec.structs.replace(symptom, scope=text.places.get(said.line, ""))
        text.taken.update(range(said.line, said.end))
        if not any(_same(symptom, known) for known in evidence.symptoms):
            evidence.symptoms.append(symptom)


def _subject(symptom: Symptom, lines: Sequence[str], line: int) -> str:
    if symptom.subject:
        return symptom.subject
    named = symptom.details.get("needed_by") or symptom.details.get("library") or ""
    return import_package_of(named) or (subject_of_import(lines, line) if needs_subject(symptom) else "")


def _same(symptom: Symptom, known: Symptom) -> bool:
    """Whether it was said already, by the same speaker as far as that is known."""
    speakers = {symptom.subject, known.subject} - {""}
    return symptom.kind is known.kind and len(speakers) < 2 and symptom.details == known.details


def _settled(evidence: Evidence) -> list[Claim]:
    """Each claim once, without those that another one says better: a version that begins a longer one, "no driver" where one is named."""
    known: dict[tuple[str, str], set[str]] = {}
    for claim in evidence.claims:
        if claim.value is not None:
            known.setdefault((claim.fact, claim.scope), set()).add(str(claim.value))
    first: dict[tuple[object, ...], Claim] = {}
    for claim in evidence.claims:
        first.setdefault((claim.fact, repr(claim.value), claim.trust, claim.scope), claim)
    return [claim for claim in first.values() if not _said_better(claim, known.get((claim.fact, claim.scope), set()))]


def _said_better(claim: Claim, others: set[str]) -> bool:
    if claim.fact == "nvidia.driver_version":
        return claim.value is None and bool(others)
    shortened = claim.fact == "python.version" or re.fullmatch(r"builds\[[^]]*\]\.(?:cuda|cudnn|rocm)", claim.fact) is not None
    return shortened and any(other.startswith(f"{claim.value}.") for other in others)
