"""transformers-torch-too-old: transformers needs a newer torch than the installed one."""

from collections.abc import Iterator

from envcheck.facts.snapshot import known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import is_spoken_by
from envcheck.judging.torch_build import torch_build
from envcheck.knowledge.names import find_name
from envcheck.knowledge.transformers import find_floor, newest_for
from envcheck.knowledge.versions import is_below, major, release
from envcheck.prescribing.install import install, manager_for
from envcheck.prescribing.torch_index import reinstall_torch
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether the installed torch is new enough for the installed transformers.",
    why="Each transformers needs a certain torch or a newer one. With an older one it says so once and goes on without torch, so that "
    "every model is missing later; or its import ends because the older torch lacks a function. Requirements such as transformers>=4.43 "
    "with a fixed torch end here with time.",
    example="Disabling PyTorch because PyTorch >= 2.4 is required but found 2.3.0; module 'torch.utils._pytree' has no attribute "
    "'register_pytree_node'.",
    fix="Upgrade torch with its companions, or pin transformers to a release for the installed torch.",
    ignore_when="transformers is used for its tokenizers only.",
    sources=(
        "https://huggingface.co/docs/transformers/installation",
        "https://github.com/huggingface/transformers/blob/main/src/transformers/utils/import_utils.py",
        "https://github.com/huggingface/transformers/issues/29763",
    ),
)

# What an older torch lacks that transformers asks for, beside the names of the table; by the documents of torch's API.
_FIRST_WITH = {"torch.compiler": "2.1"}
# The first transformers that asks for it, whatever the torch.
_FIRST_ASKING = {"torch.utils._pytree.register_pytree_node": "4.37"}


def check(case: Case) -> Iterator[Outcome]:
    """What transformers said, else the two versions compared."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if _refuses_torch(symptom) or _misses_in_torch(symptom, _torch(case)))
    transformers = facts.package("transformers")
    if said:
        yield _spoken_of(case, said)
    elif transformers is None:
        yield NotApplicable("nothing shows transformers")
    elif torch_build(facts) is None:
        yield NotApplicable("torch is not known to be installed beside transformers")
    elif not release(_torch(case)) or not release(known(transformers.version, "")):
        yield NotEvaluated("transformers", "the versions of transformers and torch are not both known", ("the output of pip list",))
    else:
        yield _compared(case, known(transformers.version, ""), _torch(case))


def _torch(case: Case) -> str:
    build = torch_build(case.facts)
    return build.version if build is not None else ""


def _refuses_torch(symptom: Symptom) -> bool:
    """Its own words; what pip says of a pair is another's to judge."""
    return symptom.kind is SymptomKind.VERSION_CONFLICT and symptom.subject == "transformers" and symptom.details.get("package") == "torch"


def _misses_in_torch(symptom: Symptom, torch: str) -> bool:
    """An attribute that torch got later, where transformers asks for it and torch is not known to be new enough."""
    if symptom.kind is not SymptomKind.UNSUPPORTED_CALL or not is_spoken_by(symptom, "transformers"):
        return False
    first = _first_with(symptom.details.get("name", ""))
    return bool(first) and (not release(torch) or is_below(torch, first))


def _first_with(name: str) -> str:
    """The first torch that has a name; empty where nobody knows."""
    row = find_name(name)
    return _FIRST_WITH.get(name, "") or (row.added if row is not None and row.distribution == "torch" else "")


def _spoken_of(case: Case, said: tuple[Symptom, ...]) -> Found:
    details = next((symptom.details for symptom in said if "need" in symptom.details), {})
    missing = next((symptom.details["name"] for symptom in said if "name" in symptom.details), "")
    need = details.get("need", "").lstrip(">=") or _first_with(missing)
    torch = details.get("have", "") or _torch(case)
    transformers = case.facts.package("transformers")
    version = known(transformers.version, "") if transformers is not None else ""
    remedies = _remedies(case, need, torch, _FIRST_ASKING.get(missing, "5"))
    evidence = [spoken(symptom) for symptom in said]
    if version:
        evidence.append(case.proof("packages[transformers].version", version))
    if not details and torch:
        evidence.append(case.proof("packages[torch].version", torch))
    return Found(
        f"transformers {version}".strip(),
        f"transformers {version} needs torch {need} or newer{_and_found(torch, missing)}.".replace("  ", " "),
        evidence=tuple(evidence),
        remedies=remedies[:1] if any("what" in symptom.details for symptom in said) else remedies,
        symptoms=said,
        about=("transformers", "torch"),
    )


def _and_found(torch: str, missing: str) -> str:
    if not torch:
        return f": the installed one has no {missing}" if missing else ""
    return f", but torch {torch} is installed" + (f", which has no {missing}" if missing else "")


def _compared(case: Case, transformers: str, torch: str) -> Outcome:
    row = find_floor(transformers)
    if row is None:
        return NotEvaluated(f"transformers {transformers}", "which torch it needs is in no table", ("python -c 'import transformers'",))
    if not is_below(torch, row.torch_min):
        return Passed(f"transformers {transformers}", f"torch {torch}, {row.torch_min} needed")
    return Found(
        f"transformers {transformers}",
        f"transformers {transformers} needs torch {row.torch_min} or newer, but torch {torch} is installed.",
        severity=Severity.WARNING,
        certainty=Certainty.LIKELY,
        evidence=(
            case.proof("packages[transformers].version", transformers),
            Proof(fact=f"oldest torch for transformers {row.version}", value=row.torch_min, source=row.source),
            case.proof("packages[torch].version", torch),
        ),
        would_confirm=('python -c "import transformers" says: Disabling PyTorch',),
        remedies=_remedies(case, row.torch_min, torch),
        about=("transformers", "torch"),
    )


def _remedies(case: Case, need: str, torch: str, first_asking: str = "5") -> tuple[Remedy, ...]:
    facts = case.facts
    upgrade = reinstall_torch(facts, f"upgrade torch to {need} or newer" if need else "upgrade torch")
    older = newest_for(torch) if torch else None
    pin = (
        f"transformers<{first_asking}"
        if older is None or (need and major(need) >= 2 and is_below(need, older.torch_min))
        else f"transformers=={older.version}"
    )
    keep = install(facts, pin, summary="install a transformers for the installed torch", manager=manager_for(facts, "transformers"))
    return (upgrade, keep)


RULE = Rule(
    name="transformers-torch-too-old",
    title="transformers needs a newer torch",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            *("framework-import-fails", "import-failed", "name-of-another-release", "requirement-of-package-unmet", "unsupported-call"),
            "version-conflict",
        }
    ),
)
