"""oneapi-device-selector: an environment variable hides every Intel GPU, or cannot be read."""

from collections.abc import Callable, Iterator

from envcheck.facts.snapshot import Completeness, Snapshot
from envcheck.facts.symptoms import Symptom
from envcheck.judging.case import Case, spoken
from envcheck.judging.intel_gpus import counted_intel_gpus, intel_gpus, spoken_of_xpu, wants_xpu
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.parsers.oneapi.device_selector import Selection, parse_affinity_mask, parse_filter, parse_selector
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether ONEAPI_DEVICE_SELECTOR, ZE_AFFINITY_MASK or SYCL_DEVICE_FILTER leave an Intel GPU for the programs that want one.",
    why="SYCL programs, torch's XPU build among them, see only the devices that these variables admit, numbered anew. torch needs the "
    "backend level_zero: opencl:gpu hides the GPU from it. A value that cannot be read ends every such program.",
    example='ONEAPI_DEVICE_SELECTOR=level_zero:gpu:0 ends with: Error parsing selector string "level_zero:gpu:0" Too many colons (:)',
    fix="Unset the variable, or let it name a GPU that is there: ONEAPI_DEVICE_SELECTOR=level_zero:0",
    ignore_when="The programs are meant to compute on the CPU.",
    sources=(
        "https://github.com/intel/llvm/blob/sycl/sycl/doc/EnvironmentVariables.md",
        "https://oneapi-src.github.io/level-zero-spec/level-zero/latest/core/PROG.html#environment-variables",
        "https://docs.pytorch.org/docs/stable/notes/get_start_xpu.html",
    ),
)

_READINGS: dict[str, Callable[[str], Selection]] = {
    "ONEAPI_DEVICE_SELECTOR": parse_selector,
    "ZE_AFFINITY_MASK": parse_affinity_mask,
    "SYCL_DEVICE_FILTER": parse_filter,
}


def check(case: Case) -> Iterator[Outcome]:
    """The value against the grammar and the number of GPUs, where a program wants one."""
    facts = case.facts
    said = spoken_of_xpu(facts)
    refused = tuple(symptom for symptom in said if symptom.details.get("name") == "INVALID_SELECTOR")
    values = {name: facts.variables[name] for name in _READINGS if facts.variables.get(name, "").strip()}
    wanted = wants_xpu(facts)
    found = [_judge(facts, name, value, said) for name, value in values.items()]
    if refused and not any(isinstance(outcome, Found) for outcome in found):
        yield _malformed_by_words(refused)
    elif not values:
        yield _without(facts, wanted, said)
    elif not wanted and not said:
        yield NotApplicable("nothing here is known to want an Intel GPU")
    else:
        yield from found


def _without(facts: Snapshot, wanted: str, said: tuple[Symptom, ...]) -> Outcome:
    if facts.observed.variables is Completeness.COMPLETE:
        return Passed("Intel GPUs", "no variable hides one") if intel_gpus(facts) else NotApplicable("no such variable is set")
    if wanted or said:
        return NotEvaluated("Intel GPUs", "the environment variables are not known", ("env | grep -E 'ONEAPI|SYCL|ZE_'",))
    return NotApplicable("nothing here is known to want an Intel GPU")


def _judge(facts: Snapshot, name: str, value: str, said: tuple[Symptom, ...]) -> Outcome:
    selection = _READINGS[name](value)
    if selection.fault:
        return _found(facts, name, value, f'{name} is "{value}", which cannot be read: {selection.fault}.', said, Certainty.CERTAIN)
    count = counted_intel_gpus(facts)
    admits = selection.admits(count)
    if admits is None:
        return Passed(name, "it names a GPU by its number") if not said else _by_words(facts, name, value, said)
    if admits:
        return Passed(name, "it leaves a GPU")
    if not selection.numbers and not selection.every:
        return _found(
            facts,
            name,
            value,
            f'{name} is "{value}", which hides every Intel GPU from programs that use Level Zero.',
            said,
            Certainty.CERTAIN,
        )
    # One card can be several devices: its tiles.
    certainty = Certainty.CERTAIN if count == 0 else Certainty.LIKELY
    many = f"there {'is' if count == 1 else 'are'} {count} Intel GPU{'' if count == 1 else 's'}, counted from 0"
    return _found(facts, name, value, f'{name} is "{value}", which names no GPU that is there: {many}.', said, certainty)


def _by_words(facts: Snapshot, name: str, value: str, said: tuple[Symptom, ...]) -> Outcome:
    """A program finds no GPU, and the variable names one whose number nobody can check."""
    if not any(symptom.details.get("backend") == "xpu" for symptom in said):
        return Passed(name, "it names a GPU by its number")
    return _found(
        facts,
        name,
        value,
        f'A program finds no Intel GPU, and {name}, which is "{value}", may name one that is not there.',
        said,
        Certainty.LIKELY,
    )


def _malformed_by_words(refused: tuple[Symptom, ...]) -> Found:
    value, reason = refused[0].details.get("value", ""), refused[0].details.get("reason", "").strip()
    return Found(
        "ONEAPI_DEVICE_SELECTOR",
        f'ONEAPI_DEVICE_SELECTOR cannot be read at "{value}"{": " + reason.rstrip(".") if reason else ""}.',
        evidence=tuple(map(spoken, refused)),
        remedies=(_remedy("ONEAPI_DEVICE_SELECTOR", windows=False),),
        symptoms=refused,
    )


def _found(facts: Snapshot, name: str, value: str, message: str, said: tuple[Symptom, ...], certainty: Certainty) -> Found:
    fact = f"variables[{name}]"
    wanted = wants_xpu(facts)
    return Found(
        name,
        message,
        severity=Severity.ERROR if said or not facts.live else Severity.WARNING,
        certainty=certainty,
        evidence=(Proof(fact=fact, value=value, source=facts.source_of(fact)), *map(spoken, said)),
        would_confirm=() if certainty is Certainty.CERTAIN else (f"sycl-ls lists a level_zero:gpu once {name} is unset",),
        remedies=(_remedy(name, windows=facts.system.os == "Windows"),),
        symptoms=said,
        about=("torch",) if wanted.startswith("torch") else (),
    )


def _remedy(name: str, *, windows: bool) -> Remedy:
    unset = Step(run=("Remove-Item", f"Env:{name}")) if windows else Step(run=("unset", name))
    return by_hand(
        "let the programs see the GPU",
        unset,
        "take it out of the file that sets it, too: a shell's start-up file, a job script, or the container's environment",
        "to choose one GPU of several, name it by its number: ONEAPI_DEVICE_SELECTOR=level_zero:0",
    )


RULE = Rule(
    name="oneapi-device-selector",
    title="A variable hides the Intel GPU",
    area=Area.GPU,
    layer=Layer.DEVICE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"device-not-found", "gpu-missing", "intel-gpu-not-usable", "xpu-error"}),
)
