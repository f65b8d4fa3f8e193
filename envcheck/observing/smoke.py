"""Smoke tests in children of their own: what each told layer by layer, and what the end of one that did not come through says.

A child tests one framework on all of its devices, one after the other. After a crash or a hang on one of them a further child tests those
that are left.
"""

import re
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.observing.answer import Answer, Ending, Said
from envcheck.observing.endings import ending_symptom, printed, spoken, status_of
from envcheck.observing.imports import DEADLINE_S as IMPORT_DEADLINE_S
from envcheck.observing.imports import add_import
from envcheck.observing.process import Task

SOURCE = "smoke test"
# One that gets on is slow, and not dead: but not without an end.
_PATIENCE = 5
_AUTO = "auto"
# For a test of the CPU: what is wrong with a card is no matter of it.
CARDS_HIDDEN = {"CUDA_VISIBLE_DEVICES": "-1"}


class SmokeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One smoke test that is to be made.

    `device` is auto, cpu, cuda, mps or xpu, or names of devices such as "cuda:1,cuda:2"; `expected_s` and `expected_bytes` are what it was
    measured to take; `test_deadline_s` is the time within which each layer has to be done. `installed` are groups of distributions: it
    is made where one of each group is installed.
    """

    name: str
    import_name: str
    variant: str = ""
    device: str = _AUTO
    variables: Mapping[str, str | None] = msgspec.field(default_factory=dict)
    expected_s: float = 0.0
    expected_bytes: int = 0
    import_deadline_s: float = IMPORT_DEADLINE_S
    test_deadline_s: float = 20.0
    slow: bool = False
    card_bytes: int | None = None
    asked_for: bool = False
    installed: tuple[tuple[str, ...], ...] = ()

    @property
    def spoken_of(self) -> str:
        """`keras:jax`."""
        return f"{self.name}:{self.variant}" if self.variant else self.name

    @property
    def task_name(self) -> str:
        """The name of its task: unique, and what progress is told under."""
        return f"smoke {self.spoken_of}" + (f" {self.device}" if self.device != _AUTO else "")


def smoke_task(executable: str, request: SmokeRequest, variables: dict[str, str | None], folder: str) -> Task:
    """The child that makes this test; `folder` is where it may write."""
    seconds = (f"import={request.import_deadline_s}", f"test={request.test_deadline_s}")
    options = [f"device={request.device}", *seconds, f"folder={folder}"]
    options += [f"variant={request.variant}"] if request.variant else []
    options += [f"card={request.card_bytes}"] if request.card_bytes else []
    options += ["slow"] if request.slow else []
    return Task(
        name=request.task_name,
        probe="smoke_test",
        python=executable,
        arguments=(request.name, *options),
        deadline_s=request.import_deadline_s,
        most_s=_PATIENCE * (request.import_deadline_s + request.test_deadline_s),
        expected_bytes=request.expected_bytes,
        heavy=True,
        variables={**variables, **request.variables},
    )


def smoke_evidence(request: SmokeRequest, answer: Answer, changed_variables: tuple[str, ...]) -> Evidence:
    """All facts and symptoms of one child."""
    answer.confine(f"imports[{request.import_name}]", "smoke")
    evidence = answer.evidence
    evidence.claims = [each for each in evidence.claims if not each.fact.startswith("smoke") or _is_of(request, each)]
    tested = [words for words in answer.said if "layer" in words.details]
    worked = answer.ending is Ending.ANSWERED and not answer.said
    answer.said = [words for words in answer.said if words not in tested]
    if request.import_name:
        add_import(evidence, request.import_name, answer, changed_variables)
    for words in tested:
        evidence.symptoms += _symptoms(request, words)
    if not _has_imported(request, evidence):
        evidence.claims.append(_not_imported(request, evidence))
    elif answer.ending is not Ending.ANSWERED:
        _add_ending(request, evidence, answer)
    evidence.claims = [_completed(request, claim, changed_variables) for claim in evidence.claims]
    evidence.symptoms += [each for each in printed(request.import_name, answer, SOURCE, worked=worked) if each not in evidence.symptoms]
    return evidence


def left_to_test(request: SmokeRequest, answer: Answer) -> SmokeRequest | None:
    """The same test on the devices that a child did not come to, after it died on one; None where nothing is left.

    After one that died while it listed them the CPU is left, for which no card has to answer.
    """
    if answer.ending is Ending.ANSWERED or answer.ending is Ending.UNKILLABLE:
        return None
    if request.device == _AUTO and _died_listing(request, answer):
        return replace(request, device="cpu", variables={**request.variables, **CARDS_HIDDEN})
    devices = _listed(request, answer)
    stood = _device_at(request, answer)
    rest = devices[devices.index(stood) + 1 :] if stood in devices else []
    return replace(request, device=",".join(rest)) if rest else None


def _died_listing(request: SmokeRequest, answer: Answer) -> bool:
    return answer.stage == f"testing {request.spoken_of}: devices"


def _listed(request: SmokeRequest, answer: Answer) -> list[str]:
    beginning = f"devices of {request.spoken_of}: "
    told = next((stage.removeprefix(beginning) for stage in answer.stages if stage.startswith(beginning)), "")
    return [device for device in told.split(",") if device]


def _is_of(request: SmokeRequest, claim: Claim) -> bool:
    return claim.fact.startswith(f"smoke[{request.spoken_of}@") and isinstance(claim.value, dict)


def _has_imported(request: SmokeRequest, evidence: Evidence) -> bool:
    return not request.import_name or _import_status(request, evidence) == "imported"


def _import_status(request: SmokeRequest, evidence: Evidence) -> str:
    fact = f"imports[{request.import_name}]"
    entry = next((claim.value for claim in evidence.claims if claim.fact == fact), None)
    return str(entry.get("status")) if isinstance(entry, dict) else ""


def _not_imported(request: SmokeRequest, evidence: Evidence) -> Claim:
    """A test that ended at its first layers, on whichever device it would have been."""
    status = _import_status(request, evidence)
    entry = {"status": status or "failed", "layer": "found" if status == "absent" else "imported"}
    device = "cpu" if request.device == _AUTO else request.device
    return Claim(f"smoke[{request.spoken_of}@{device}]", entry, SOURCE, Trust.MEASURED)


def _add_ending(request: SmokeRequest, evidence: Evidence, answer: Answer) -> None:
    """What is known of the device at which the child died; nothing where all of them had been told."""
    device = _device_at(request, answer)
    fact = f"smoke[{request.spoken_of}@{device}]"
    if not device or any(claim.fact == fact for claim in evidence.claims):
        return
    layer = _layer_at(answer)
    entry = {"status": status_of(answer.ending), "layer": layer, "seconds": round(answer.seconds, 3)}
    evidence.claims.append(Claim(fact, entry, SOURCE, Trust.MEASURED))
    what = f"the smoke test of {request.spoken_of} on {device}"
    evidence.symptoms.append(ending_symptom(request.import_name, what, answer, SOURCE, test=f"{request.spoken_of}@{device}", layer=layer))


_STAGE = re.compile(r"testing \S+ on (?P<device>\S+): (?P<layer>\w+)(?:, .*)?")


def _device_at(request: SmokeRequest, answer: Answer) -> str:
    """The device at which the child died: what was asked for if none had been listed, "" if all had been told."""
    found = _STAGE.fullmatch(answer.stage)
    if found:
        return found["device"]
    devices, told = _listed(request, answer), answer.stage.partition(f"tested {request.spoken_of} on ")[2]
    left = devices[devices.index(told) + 1 :] if told in devices else devices
    return next(iter(left), "" if devices or told else request.device)


def _layer_at(answer: Answer) -> str:
    """`testing torch on cuda:0: computed, matmul float16` → "computed"."""
    found = _STAGE.fullmatch(answer.stage)
    return found["layer"] if found else "devices"


def _completed(request: SmokeRequest, claim: Claim, changed_variables: tuple[str, ...]) -> Claim:
    """A test's facts with what only its parent knows of them."""
    if not claim.fact.startswith("smoke["):
        return claim
    entry = dict(claim.value)
    took_long = (entry.get("import_seconds"), request.import_deadline_s), (entry.get("compute_seconds"), request.test_deadline_s)
    slow = any(isinstance(seconds, (int, float)) and seconds > limit for seconds, limit in took_long)
    entry.update(slow=slow, asked_for=request.asked_for, changed_variables=list(changed_variables))
    return replace(claim, value=entry)


def _symptoms(request: SmokeRequest, words: Said) -> list[Symptom]:
    """What failed in a layer: a wrong result, or what an exception says by its finest kind."""
    details = {**words.details, "test": f"{request.spoken_of}@{words.details.get('device', '')}"}
    exception, _, message = words.text.partition(": ")
    if exception == "WrongResult":
        return [Symptom(kind=SymptomKind.WRONG_RESULT, text=message, subject=request.import_name, details=details, source=SOURCE)]
    about = {name: details[name] for name in ("test", "layer")}
    found = [replace(each, details={**each.details, **about}) for each in spoken(request.import_name, words.text, SOURCE)]
    details.update(exception=exception, message=message)
    return found or [
        Symptom(kind=SymptomKind.SMOKE_TEST_FAILED, text=words.text, subject=request.import_name, details=details, source=SOURCE)
    ]
