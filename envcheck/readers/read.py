"""A snapshot out of what somebody saved or pasted: every reader takes what it knows, the rest is searched for messages."""

import re
from collections.abc import Sequence

import msgspec

from envcheck.facts.claims import Claim, Evidence, resolve
from envcheck.facts.snapshot import SCHEMA, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.messages.cleaning import clean
from envcheck.messages.parse import Said, find_messages
from envcheck.messages.rejoining import mended
from envcheck.messages.spacing import closed_up
from envcheck.mistake import Mistake
from envcheck.parsers.text.traceback import import_package_of
from envcheck.readers.driver_states import said_states
from envcheck.readers.interface import Text
from envcheck.readers.module_versions import LISTS, packages_in, without_modules
from envcheck.readers.other_reports import other_reports
from envcheck.readers.register import LAST, READERS, readers_for
from envcheck.readers.said_facts import said_facts
from envcheck.readers.scopes import CONTAINER_WORDS, find_places, settle
from envcheck.readers.tracebacks import needs_subject, subject_of_import

MAX_BYTES = 100 * 2**20
# That of a machine with ten thousand distributions has 3 MB.
MAX_SAVED_BYTES = 16 * 2**20
_LONG_NUMBER = rb"\d{1000}"
# What reports call themselves: written in a later room, so that its name is repeated here.
REPORT_SCHEMA = "envcheck/report/1"
# Of a text that is longer, the beginning and the end are read.
MAX_CHARACTERS = 16 * 2**20
_FEW_LINES = 20_000  # in characters: what somebody picked out, and no log


class Unreadable(Mistake):
    """A file that was given to be judged and cannot be."""


def read_text(text: str, *, source: str = "report", taken: str = "") -> Snapshot:
    """The facts and symptoms of a pasted text; any text gives a snapshot, one that says nothing an empty one.

    `taken` is the time that the text speaks of, where it is known. Several reports in one text become one snapshot: of two words on
    one fact the first stands, the other is kept as a contradiction.
    """
    lines, stood_at = closed_up(clean(_middle_left_out(text)).split("\n"))
    pasted = Text(lines, source, stood_at=stood_at)
    if pasted.has(*CONTAINER_WORDS):
        pasted.places = find_places(lines, pasted.container_commands)
    pasted.places = {**other_reports(pasted), **pasted.places}
    evidence = Evidence()
    listed: set[str] = set()
    for reader in readers_for(pasted, READERS):
        if reader.recognises(pasted):
            found = reader.read(pasted)
            evidence.add(found)
            if reader.name in LISTS:
                listed |= packages_in(found.claims)
    _add_symptoms(evidence, pasted)
    evidence.claims += said_facts(evidence.symptoms, evidence.claims)
    evidence.claims += said_states(evidence)
    for reader in readers_for(pasted, LAST):
        evidence.add(reader.read(pasted))
    evidence.claims = without_modules(evidence.claims, listed)
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
    elif '"envcheck/' in text:
        saved = _saved(_document_in(text), name)
        if saved is not None:
            return saved
    return read_text(text, source="report")


def _document_in(text: str) -> str:
    """The JSON document of envcheck's that stands between other lines, such as a fence's; "" where there is none to its end."""
    from envcheck.parsers.text.json_in_text import find_json

    for document in find_json(text):
        value = document.value
        if document.whole and isinstance(value, dict) and value.get("schema") in (SCHEMA, REPORT_SCHEMA):
            return text[document.start : document.end]
    return ""


def _decode(data: bytes) -> str:
    """PowerShell's `>` writes UTF-16; everything else is taken for UTF-8, what is none of it kept as escapes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "backslashreplace")


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
    if re.search(_LONG_NUMBER, bytes(facts)):
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
    for said in _found(rest, text, evidence):
        symptom = msgspec.structs.replace(said.symptom, subject=_subject(said.symptom, text.lines, said.line), source=text.at(said.line))
        symptom = msgspec.structs.replace(symptom, scope=text.places.get(said.line, ""))
        text.taken.update(range(said.line, said.end))
        if not any(_same(symptom, known) for known in evidence.symptoms):
            evidence.symptoms.append(symptom)


def _found(rest: str, text: Text, evidence: Evidence) -> list[Said]:
    """The messages as they stand; of a few lines that say nothing, or an error without its reason: those of the lines put together."""
    said = find_messages(rest, among=text.patterns)
    if evidence.symptoms or len(rest) > _FEW_LINES or any(not _is_bare(one.symptom) for one in said):
        return said
    whole = mended(rest)
    over_breaks = find_messages(whole) if whole != rest else []
    return over_breaks if any(not _is_bare(one.symptom) for one in over_breaks) else said


def _is_bare(symptom: Symptom) -> bool:
    return symptom.kind is SymptomKind.IMPORT_FAILED


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
    last: dict[tuple[object, ...], Claim] = {}
    for claim in evidence.claims:
        same = (claim.fact, repr(claim.value), claim.trust, claim.scope)
        first.setdefault(same, claim)
        if len(known.get((claim.fact, claim.scope), ())) > 1 and claim.fact.startswith("packages[") and claim.fact.endswith("].version"):
            last[same] = claim  # a version that was told again below another one is still the one that runs
    claims = [*first.values(), *(claim for same, claim in last.items() if claim is not first[same])]
    return [claim for claim in claims if not _said_better(claim, known.get((claim.fact, claim.scope), set()))]


def _said_better(claim: Claim, others: set[str]) -> bool:
    if claim.fact == "nvidia.driver_version":
        return claim.value is None and bool(others)
    shortened = claim.fact == "python.version" or re.fullmatch(r"builds\[[^]]*\]\.(?:cuda|cudnn|rocm)", claim.fact) is not None
    return shortened and any(other.startswith(f"{claim.value}.") for other in others)
