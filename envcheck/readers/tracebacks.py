"""Symptoms out of Python's tracebacks: who is at fault is the deepest package or file that they name, and paths tell of the environment."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial

import msgspec

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.messages.parse import Said, find_messages
from envcheck.parsers.expression import regex
from envcheck.parsers.python.prefixes import packages_folder
from envcheck.parsers.text.traceback import Frame, Traceback, import_package_of, parse_tracebacks, python_of
from envcheck.readers.interface import Text
from envcheck.readers.shadowing_files import shadowing_files

_MAX_SYMPTOMS = 200
_MOST_FRAMES = 200
# Folders that pip makes to build in, and what is packed into one file.
_PASSING = regex(r"[/\\](?:pip-build-env|pip-ephem|build-env|_MEI)|\.zip[/\\]|[/\\]uv[/\\](?:cache|builds)")
# /opt/conda/envs/dl/lib/python3.10/importlib/__init__.py: the standard library lies below the prefix of the Python itself.
_STANDARD = regex(r"^(?P<prefix>/[^\n]{1,300}?)/lib(?:64)?/python3\.\d{1,2}/(?!site-packages|dist-packages)\w+(?:/\w+){0,3}\.py$")
_WINDOWS = regex(r"^[A-Za-z]:\\")
_MAC = regex(r"^(?:/Users/|/opt/homebrew/|/Library/|/Applications/)")
# Folders that Colab and Kaggle alone have: /content/Fooocus/launch.py    /kaggle/working/train.py
_SERVICES = (("/content/", "colab"), ("/kaggle/", "kaggle"))
_LINUX = regex(r"^(?:/home/|/usr/lib/|/usr/lib64/|/lib64/|/mnt/|/data/|/root/|/workspace/)")


class TracebackReader:
    """Reads every traceback and the loader's errors in it."""

    name = "Python traceback"

    def recognises(self, text: Text) -> bool:
        """By a frame."""
        return bool(text.parsed(parse_tracebacks))

    def read(self, text: Text) -> Evidence:
        """The exception's symptoms, each with its subject; takes the exception's lines."""
        evidence = Evidence()
        known: set[tuple[object, ...]] = set()
        messages = cache(partial(find_messages, among=text.patterns))
        for traceback in text.parsed(parse_tracebacks):
            evidence.claims += _claims(traceback, text)
            for symptom in _symptoms(traceback, text, messages):
                said = (symptom.kind, symptom.subject, *sorted(symptom.details.items()))
                if said not in known and len(known) < _MAX_SYMPTOMS:
                    known.add(said)
                    evidence.symptoms.append(symptom)
        evidence.claims += _imported_from(text)
        evidence.claims += _service(text)
        return evidence


def _service(text: Text) -> Iterator[Claim]:
    """The service whose machine it is, by where its notebooks lie."""
    for traceback in text.parsed(parse_tracebacks):
        for frame in traceback.frames[:_MOST_FRAMES]:
            service = next((name for folder, name in _SERVICES if frame.path.startswith(folder)), None)
            if service is not None:
                yield text.claim("python.service", service, traceback.first, Trust.MENTIONED)
                return


def _symptoms(traceback: Traceback, text: Text, messages: Callable[[str], list[Said]]) -> Iterator[Symptom]:
    words = traceback.words if traceback.exception else traceback.first
    lines = text.lines[words : traceback.end] if traceback.exception else ()
    culprit = at_fault(traceback.frames)
    for said in messages("\n".join(lines)):
        if words + said.line in text.taken:
            continue
        symptom = said.symptom
        named = symptom.details.get("needed_by") or symptom.details.get("library") or ""
        subject = symptom.subject or import_package_of(named) or culprit
        text.taken.update(range(words + said.line, words + said.end))
        yield msgspec.structs.replace(symptom, subject=subject, source=text.at(words + said.line))


def at_fault(frames: Sequence[Frame]) -> str:
    """The deepest named package; without one the deepest file's name, or nothing."""
    for frame in reversed(frames):
        package = import_package_of(frame.path)
        if package and not _loads_for_another(frame):
            return package
    names = [re.split(r"[/\\]", frame.path)[-1] for frame in frames if not frame.path.startswith("<")]
    return names[-1].removesuffix(".py") if names else ""


def _loads_for_another(frame: Frame) -> bool:
    """`torch.ops.load_library` loads what others ask it to load, torchaudio and torchvision among them."""
    return frame.function == "load_library" and re.search(r"[/\\]torch[/\\]_ops\.py$", frame.path) is not None


def _claims(traceback: Traceback, text: Text) -> Iterator[Claim]:
    """The Python version and the system that paths name, and files that stand in a module's place."""
    hiding = list(shadowing_files(traceback, text.lines[traceback.words : traceback.end]))
    if hiding:
        yield text.claim("python.shadowing", hiding, traceback.first)
    for frame in traceback.frames:
        version = python_of(frame.path)
        if version:
            yield text.claim("python.version", version, traceback.first)
            break
    for frame in traceback.frames:
        system = system_of(frame.path)
        if system:
            yield text.claim("system.os", system, traceback.first)
            break


def _imported_from(text: Text) -> Iterator[Claim]:
    """The folders that packages came from in one traceback: that which goes through most of them, of equals the last."""
    best: dict[str, str] = {}
    first = 0
    for traceback in text.parsed(parse_tracebacks):
        found: dict[str, str] = {}
        for frame in traceback.frames[:_MOST_FRAMES]:
            package, folder = import_package_of(frame.path), packages_folder(frame.path)
            if package and package not in found and folder and not _PASSING.search(folder):
                found[package] = folder
        if found and len(set(found.values())) >= len(set(best.values())):
            best, first = found, traceback.first
    if best:
        yield text.claim("python.imported_from", best, first)
    for traceback in text.parsed(parse_tracebacks):
        base = next(filter(None, (_base_of(frame.path) for frame in traceback.frames)), None)
        if base is not None:
            yield text.claim("python.base_prefix", base, traceback.first)
            return


@lru_cache(maxsize=1000)
def _base_of(path: str) -> str | None:
    """The prefix of the Python whose standard library a file is of."""
    found = _STANDARD.match(path)
    return found["prefix"] if found else None


@lru_cache(maxsize=1000)
def system_of(path: str) -> str | None:
    """Windows, Darwin or Linux, where a path can only be from there."""
    for expression, name in ((_WINDOWS, "Windows"), (_MAC, "Darwin"), (_LINUX, "Linux")):
        if expression.match(path):
            return name
    return None


def subject_of_import(lines: Sequence[str], line: int) -> str:
    """What was being imported when a program died: the last `import x` of the few lines above."""
    for index in range(line, max(-1, line - 6), -1):
        imported = re.search(r"(?:^|>>> |[\"';] ?|-c ?[\"'])(?:import|from) ([A-Za-z_]\w*)", lines[index])
        if imported:
            return imported[1]
    return ""


def needs_subject(symptom: Symptom) -> bool:
    """A crash says nothing of who crashed, and a failed import nothing of who was imported where its traceback was left out."""
    if symptom.subject:
        return False
    if symptom.kind in (SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.DLL_LOAD_FAILED):
        return "needed_by" not in symptom.details and "ImportError: " in symptom.text
    return symptom.kind in (SymptomKind.SIGNAL, SymptomKind.ARCH_NOT_SUPPORTED, SymptomKind.CUDA_ERROR)
