"""numpy-abi-mismatch: a compiled package and numpy have different sizes of the same structure."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import imported_without
from envcheck.judging.numpy_words import expects_more, is_about_numpy_2, is_about_sizes, numpy_mismatches
from envcheck.judging.rule import Found, Layer, Manual, NotEvaluated, Outcome, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.knowledge.numpy import find_interface
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.prescribing.shared import in_words, install_beside, install_numpy_1, refuses_numpy_1
from envcheck.report import Area, Remedy, Severity

MANUAL = Manual(
    checks="Whether a compiled package was built against a numpy whose structures have the size of the installed one's.",
    why="A module has numpy's structures compiled into it. Built against a newer numpy than the one installed, it would read past their "
    "end.",
    example="numpy.ndarray size changed, may indicate binary incompatibility. Expected 88 from C header, got 80 from PyObject.",
    fix="Upgrade numpy where the module expects more than it gets; else reinstall the package, so that it is built for this numpy.",
    ignore_when="It was only a warning, and the module expects less than it gets.",
    sources=("https://numpy.org/doc/stable/user/troubleshooting-importerror.html",),
)

_DISTRIBUTIONS = {"skimage": "scikit-image", "sklearn": "scikit-learn", "cv2": "opencv-python"}


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each compiled package, as far as they are named."""
    said = numpy_mismatches(case)
    mine = [symptom for symptom in said if is_about_sizes(symptom)]
    if not mine:
        older = [symptom for symptom in said if not is_about_numpy_2(symptom)]
        yield (
            NotEvaluated("numpy", "a module does not fit it, but not how", ("give the whole line of the error",))
            if older
            else imported_without(
                case.facts, "numpy", "every import got on with it", "no module said that numpy's structures have another size"
            )
        )
        return
    by_module: dict[str, list[Symptom]] = {}
    for symptom in mine:
        by_module.setdefault(_module(symptom), []).append(symptom)
    for module, symptoms in by_module.items():
        yield _found(case, module, tuple(symptoms))


def _module(symptom: Symptom) -> str:
    """The compiled package, as far as it is named; numpy itself only raised the error."""
    named = symptom.details.get("module", "") or speaker_of(symptom)
    package = named.partition(".")[0]
    return "" if package.startswith("numpy") else package


def _found(case: Case, module: str, symptoms: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    details = symptoms[0].details
    numpy = facts.package("numpy")
    named = module or "A package"
    sizes = f" (it expects {details['need']}, numpy has {details['have']})" if details.get("need") and details.get("have") else ""
    evidence = [spoken(symptom) for symptom in symptoms]
    if numpy is not None:
        evidence.append(case.proof("packages[numpy].version", known(numpy.version, "unknown")))
    harmless = not expects_more(symptoms[0]) and not _crosses_numpy_2(symptoms[0]) and "Warning: " in symptoms[0].text
    return Found(
        module or "numpy",
        f"{named} was compiled for {'an older' if harmless else 'another'} numpy than the installed one{sizes}"
        + (", which is harmless as a rule." if harmless else "."),
        severity=Severity.WARNING if harmless else Severity.ERROR,
        evidence=tuple(evidence),
        remedies=_remedies(facts, module, symptoms[0]),
        symptoms=symptoms,
        about=tuple(filter(None, (module, "numpy"))),
    )


def _remedies(facts: Snapshot, module: str, symptom: Symptom) -> tuple[Remedy, ...]:
    manager = manager_for(facts, "numpy")
    again = _again(facts, module)
    if _crosses_numpy_2(symptom) and expects_more(symptom):
        back = install_numpy_1(facts, "install the NumPy 1 that the module was compiled for")
        return (back, *again) if back is not None else _newer(facts, module)
    if not expects_more(symptom) and not _crosses_numpy_2(symptom):
        return again or (_of_its_time(),)
    bound = _first_with(symptom)
    if manager == "conda":
        return (install(facts, "numpy", summary="install a newer numpy", manager=manager), *again)
    return (install_beside(facts, "numpy", f">={bound}", "install a newer numpy"), *again)


def _newer(facts: Snapshot, module: str) -> tuple[Remedy, ...]:
    """Where NumPy 1 is no way back, because something else that is installed asks for NumPy 2."""
    reason = in_words(refuses_numpy_1(facts), "numpy")
    distribution = _DISTRIBUTIONS.get(module, module)
    if not module or manager_for(facts, distribution) == "conda":
        what = distribution or "the package that was compiled for NumPy 1, which the traceback names,"
        return (by_hand(f"upgrade {what} to a release for NumPy 2", f"NumPy 1 is no way back: {reason}"),)
    return (install(facts, "--upgrade", distribution, summary=f"upgrade {distribution} to a release for NumPy 2 ({reason})"),)


def _of_its_time() -> Remedy:
    """The module is older than numpy and not named."""
    return by_hand(
        "upgrade the package that was compiled for the older numpy",
        "the traceback, or the line that the warning comes from, names it; python -W error raises the warning as an error with a traceback",
        "or leave it: numpy only ever grew here, and a module that expects less reads no more than it knows",
    )


def _again(facts: Snapshot, module: str) -> tuple[Remedy, ...]:
    if not module:
        return ()
    distribution = _DISTRIBUTIONS.get(module, module)
    manager = manager_for(facts, distribution)
    return (install(facts, distribution, summary=f"reinstall {distribution} for this numpy", manager=manager, reinstall=True),)


def _crosses_numpy_2(symptom: Symptom) -> bool:
    """A dtype has 96 bytes in NumPy 1 and 88 in NumPy 2: a bigger structure is that of the older one here.

    Modules of an old Cython are older than NumPy 2; they mean the 88 bytes of some NumPy 1.
    """
    details = symptom.details
    return "cython" not in details and details.get("object") == "numpy.dtype" and {details.get("need"), details.get("have")} == {"96", "88"}


def _first_with(symptom: Symptom) -> str:
    """The numpy that brought what the module expects; 1.20 is the last that changed what most modules look at."""
    details = symptom.details
    if _crosses_numpy_2(symptom):
        return "2"
    row = find_interface(details.get("object", "") if details.get("what") == "size" else "api", details.get("need", ""))
    return row.numpy if row is not None else "1.20"


RULE = Rule(
    name="numpy-abi-mismatch",
    title="A compiled package does not fit the installed numpy",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed"}),
)
