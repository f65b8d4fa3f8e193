"""libstdcxx-too-old: an older libstdc++ is loaded than a module needs."""

import posixpath
from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import imported_without
from envcheck.judging.rule import Found, Layer, Manual, NotEvaluated, Outcome, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Remedy, Safety, Step

MANUAL = Manual(
    checks="Whether the libstdc++ that was loaded has every version of symbols (GLIBCXX, CXXABI) that a compiled module needs.",
    why="A process has one libstdc++: the first that is found. If that is the system's old one, modules built with a newer compiler "
    "cannot load.",
    example="/usr/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.30' not found, required by a module of scipy.",
    fix="Put the environment's newer libstdc++ first on the loader's path, or install a newer one into it.",
    ignore_when="Never: the module cannot be loaded.",
    sources=("https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html",),
)

_VERSIONS = ("GLIBCXX", "CXXABI")


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each libstdc++ that was loaded."""
    missing = list(case.said(SymptomKind.SYMBOL_VERSION_MISSING))
    mine = [symptom for symptom in missing if symptom.details.get("version", "").startswith(_VERSIONS)]
    if not mine:
        unnamed = any("libstdc++" in symptom.details.get("library", "") and not symptom.details.get("version") for symptom in missing)
        yield (
            NotEvaluated("libstdc++", "which version of symbols was missing is not known", ("give the whole line of the error",))
            if unnamed
            else imported_without(case.facts, "libstdc++", "no import missed a version of it", "no program missed a version of libstdc++")
        )
        return
    by_file: dict[str, list[Symptom]] = {}
    for symptom in mine:
        by_file.setdefault(symptom.details.get("library", ""), []).append(symptom)
    for file, symptoms in by_file.items():
        yield _found(case, file, tuple(symptoms))


def _found(case: Case, file: str, symptoms: tuple[Symptom, ...]) -> Found:
    first = symptoms[0]
    loaded = file or "libstdc++"
    needed_by = first.details.get("needed_by", "")
    return Found(
        "libstdc++",
        f"The libstdc++ that is loaded ({loaded}) lacks {first.details['version']}{f', which {needed_by} needs' if needed_by else ''}.",
        evidence=tuple(spoken(symptom) for symptom in symptoms),
        remedies=_remedies(case.facts, file, needed_by),
        symptoms=symptoms,
        about=tuple(dict.fromkeys(filter(None, map(speaker_of, symptoms)))),
    )


def _remedies(facts: Snapshot, file: str, needed_by: str) -> tuple[Remedy, ...]:
    in_conda = known(facts.python.environment, "") == "conda" or "conda" in file or "conda" in needed_by
    prefix = known(facts.python.prefix, "$CONDA_PREFIX")
    if not in_conda:
        return (
            by_hand(
                "let a newer libstdc++ be loaded",
                (
                    "if the environment brings one of its own, put its folder first on LD_LIBRARY_PATH; a folder there that holds "
                    "an old one has to go"
                ),
                "else use a newer distribution or container image, or an older build of the module",
            ),
        )
    root, inside, _ = needed_by.partition("/lib/python")
    loaded_from = posixpath.normpath(file.rpartition("/lib/")[0]) if "/lib/" in file else ""
    if inside and file and not _is_of_system(file) and root.startswith("/") and not file.startswith((f"{root}/", prefix)):
        folder = file.rpartition("/")[0]
        return (
            by_hand(
                "let the environment's libstdc++ be loaded before another one",
                f"take {folder} off LD_LIBRARY_PATH (unload the module that put it there), or put {root}/lib before it",
                _update(known(facts.python.prefix, "")),
            ),
        )
    if not _is_of_system(file):
        # What was built outside of the environment, too, loads the environment's own: that one has to be newer.
        update = _update(known(facts.python.prefix, "") or (loaded_from if "conda" in loaded_from or "mamba" in loaded_from else ""))
        return (Remedy(summary="update the environment's libstdc++", manager="conda", safety=Safety.UNSAFE, steps=(update,)),)
    update = _update(known(facts.python.prefix, ""))
    first = f"start the program with LD_LIBRARY_PATH={prefix}/lib:$LD_LIBRARY_PATH, so that the environment's libstdc++ is loaded first"
    return (by_hand("let the environment's libstdc++ be loaded before the system's", update, first),)


def _update(prefix: str) -> Step:
    where = ("--prefix", prefix) if prefix.startswith("/") else ()
    return Step(run=("conda", "install", "--yes", *where, "--channel", "conda-forge", "libstdcxx-ng"))


def _is_of_system(file: str) -> bool:
    return file.startswith(("/usr/lib", "/lib", "/lib64", "/usr/lib64"))


RULE = Rule(
    name="libstdcxx-too-old",
    title="The libstdc++ that is loaded is too old",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed"}),
)
