"""jax-jaxlib-mismatch: jax and jaxlib are of releases that do not take each other."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.jax_installation import PLUGINS, JaxInstallation, jax_installation
from envcheck.judging.pairs import Need, conflicts_said, need_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge.jax import find_release
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import is_unfinished, release
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether the installed jaxlib is one that the installed jax takes: not newer than jax, and not older than the one it names.",
    why="jax is the part in Python and jaxlib the compiled one; each jax names the range of jaxlib that it works with and refuses any "
    "other when it is imported. pip replaces one of the two where a package asks for it alone.",
    example="RuntimeError: jaxlib is version 0.4.14, but this version of jax requires version >= 0.4.20.",
    fix="Install both in one version, and the plugin for the GPU with them: by the extra, jax[cuda12]==0.7.2.",
    ignore_when="Never: import jax fails.",
    sources=(
        "https://docs.jax.dev/en/latest/jep/9419-jax-versioning.html",
        "https://docs.jax.dev/en/latest/changelog.html",
        "PyPI metadata of jax==0.4.30 and others",
    ),
)

_PLACES = 3  # jax compares no more: 0.9.0.1 is 0.9.0 to it
_NEEDS = ("the output of pip list",)
# What a jaxlib without CUDA lacks at any version.
_OF_CUDA = "GpuAllocatorConfig"


def check(case: Case) -> Iterator[Outcome]:
    """The words of jax and pip, else the versions compared."""
    jax = jax_installation(case.facts)
    said = (
        *conflicts_said(case.facts, "jax", "jaxlib"),
        *filter(_misses_part, case.said(SymptomKind.UNSUPPORTED_CALL, SymptomKind.IMPORT_FAILED)),
    )
    if said:
        yield _spoken_of(case, jax, said)
    elif jax is None:
        yield NotApplicable("nothing shows JAX")
    elif not release(jax.jax) or not release(jax.jaxlib):
        yield NotEvaluated("jax", "the versions of jax and jaxlib are not both known", _NEEDS)
    else:
        yield _compared(case, jax)


def _misses_part(symptom: Symptom) -> bool:
    """`module 'jaxlib.xla_client' has no attribute 'x'`, `cannot import name 'x' from 'jaxlib'`; of a plugin it is another rule's."""
    details = symptom.details
    if symptom.subject == PLUGINS:
        return False
    if symptom.kind is SymptomKind.UNSUPPORTED_CALL:
        return details.get("name", "").startswith("jaxlib.") and _OF_CUDA not in details["name"]
    return details.get("module", "").partition(".")[0] == "jaxlib" and "cannot import name" in details.get("message", "")


def _need(facts: Snapshot, jax: JaxInstallation) -> Need | None:
    told = need_of(facts.package("jax"), "jaxlib")
    row = find_release(jax.jax) if told is None and release(jax.jax) else None
    if row is None or not row.jaxlib:
        return told
    return Need("jax", "jaxlib", row.jaxlib, row.source, row.confidence is Confidence.HIGH)


def _takes(need: Need, jaxlib: str) -> bool:
    short = ".".join(map(str, release(jaxlib)[:_PLACES]))
    return need.accepts(jaxlib) or need.accepts(short)


def _compared(case: Case, jax: JaxInstallation) -> Outcome:
    if is_unfinished(jax.jax) or is_unfinished(jax.jaxlib):
        return NotEvaluated(jax.subject, "which of two unfinished versions belong together is not known")
    need = _need(case.facts, jax)
    if need is None:
        need = Need("jax", "jaxlib", f"<={jax.jax}", "https://docs.jax.dev/en/latest/jep/9419-jax-versioning.html", sure=False)
        if accepts(need.specifier, jax.jaxlib):
            return NotEvaluated(f"jax {jax.jax}", "which jaxlib it takes is in no table", ("the output of pip check",))
    if _takes(need, jax.jaxlib):
        return Passed(f"jaxlib {jax.jaxlib}", f"jax {jax.jax} takes {need.specifier}")
    return Found(
        f"jaxlib {jax.jaxlib}",
        f"jaxlib {jax.jaxlib} does not belong to jax {jax.jax}, which takes {need.specifier}.",
        certainty=Certainty.CERTAIN if need.sure else Certainty.LIKELY,
        evidence=(case.proof("packages[jax].version", jax.jax), case.proof("packages[jaxlib].version", jax.jaxlib), need.proof),
        would_confirm=() if need.sure else ('python -c "import jax" fails and names both versions',),
        remedies=(_remedy(case.facts, jax, need),),
        about=("jax", "jaxlib"),
    )


def _spoken_of(case: Case, jax: JaxInstallation | None, said: tuple[Symptom, ...]) -> Found:
    details = next((symptom.details for symptom in said if "need" in symptom.details), {})
    need = _need(case.facts, jax) if jax is not None else None
    have = details.get("have", "") or (jax.jaxlib if jax is not None else "")
    beside = f"jax {jax.jax}" if jax is not None and jax.jax else "the installed jax"
    takes = details.get("need", "") or (need.specifier if need is not None else "")
    certain = bool(details) or (need is not None and bool(release(have)) and not _takes(need, have))
    return Found(
        f"jaxlib {have}".strip(),
        f"jaxlib {have} does not belong to {beside}{f', which takes {takes}' if takes else ''}.".replace("  ", " "),
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=(*map(spoken, said), *((need.proof,) if need is not None else ())),
        would_confirm=() if certain else ("pip list shows the versions of jax and jaxlib",),
        remedies=(_remedy(case.facts, jax, need),),
        symptoms=said,
        about=("jax", "jaxlib"),
    )


def _remedy(facts: Snapshot, jax: JaxInstallation | None, need: Need | None) -> Remedy:
    """Jax stays, as programs are written for it; the extra brings jaxlib and the plugin in the fitting version."""
    plugin = next((package.name.removeprefix("jax-").partition("-")[0] for package in jax.plugins), "") if jax is not None else ""
    version = jax.jax if jax is not None else ""
    manager = manager_for(facts, "jaxlib")
    if not version:
        upgrade = Step(run=(known(facts.python.executable, "python"), "-m", "pip", "install", "--upgrade", "jax", "jaxlib"))
        return by_hand("install jax and jaxlib in one version", upgrade, "or pin both to the version that the program was written for")
    if plugin and find_release(version) is not None:
        return install(facts, f"jax[{plugin}]=={version}", summary=f"install the jaxlib and the plugin of jax {version}", manager=manager)
    wanted = f"jaxlib{need.specifier}" if need is not None else f"jaxlib=={version}"
    return install(facts, f"jax=={version}", wanted, summary=f"install the jaxlib of jax {version}", manager=manager)


RULE = Rule(
    name="jax-jaxlib-mismatch",
    title="jax and jaxlib do not belong together",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            *("framework-import-fails", "import-failed", "jax-cpu-only-jaxlib", "jax-plugin-version-mismatch", "provider-fallback"),
            *("requirement-of-package-unmet", "unsupported-call"),
        }
    ),
)
