"""libcuda-not-on-linker-path: the linker finds no libcuda.so to build against, although the driver is there."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether the linker finds libcuda.so when something is compiled against the driver, as Triton and torch.compile do.",
    why="Programs load libcuda.so.1, which the driver installs. A linker asks for libcuda.so without the number, in its own folders: where "
    "that link is missing, or lies elsewhere as under WSL 2, nothing that is compiled at run time works although CUDA does.",
    example="/usr/bin/ld: cannot find -lcuda: No such file or directory, when Triton compiles its first kernel.",
    fix="Link libcuda.so to libcuda.so.1 in the driver's folder, or name the folder in LIBRARY_PATH or TRITON_LIBCUDA_PATH.",
    ignore_when="Nothing is compiled: torch.compile and Triton kernels are not used.",
    sources=(
        "https://github.com/triton-lang/triton/pull/1981",
        "https://gcc.gnu.org/onlinedocs/gcc/Environment-Variables.html",
        "https://docs.nvidia.com/cuda/wsl-user-guide/index.html",
    ),
)

_SUBJECT = "libcuda.so"
_WSL = "/usr/lib/wsl/lib"
_CONFIRM = ("ldconfig -p | grep libcuda shows libcuda.so.1 and no libcuda.so", "nvidia-smi works")


def check(case: Case) -> Iterator[Outcome]:
    """The linker's own words, or Triton's, which looks for the file before it calls the linker."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if _is_linkers(symptom))
    if known(facts.system.os, "") in ("Windows", "Darwin"):
        yield NotApplicable("the linker of this system looks for other files")
    elif not said:
        yield NotApplicable("no linker missed libcuda.so")
    elif facts.nvidia.driver_version is None or facts.nvidia.libcuda_path is None:
        yield NotEvaluated(
            _SUBJECT, "there is no NVIDIA driver here, so that there is nothing to link against", ("ask on the machine with the GPU",)
        )
    elif facts.live and not _cuda_works(facts):
        yield NotEvaluated(_SUBJECT, "whether the driver works is not known", ("run nvidia-smi",))
    else:
        yield _found(case, said)


def _is_linkers(symptom: Symptom) -> bool:
    return symptom.details.get("reason") == "linker" and symptom.details.get("library") == _SUBJECT


def _cuda_works(facts: Snapshot) -> bool:
    reached = any(build.cuda_available is True for build in facts.builds.values())
    return reached or isinstance(facts.nvidia.driver_version, str) or facts.nvidia.state == "ok"


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    evidence = [*map(spoken, said)]
    path = _place(facts, said)
    if isinstance(facts.nvidia.libcuda_path, str):
        evidence.append(case.proof("nvidia.libcuda_path", facts.nvidia.libcuda_path))
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    sure = _cuda_works(facts) or bool(path)
    who = "Triton" if any(symptom.subject == "triton" for symptom in said) else "The linker"
    lies = f"; the driver's library is {path}" if path else ""
    return Found(
        _SUBJECT,
        f"{who} finds no libcuda.so to build against{lies}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else _CONFIRM,
        remedies=_remedies(facts, path),
        symptoms=said,
    )


def _place(facts: Snapshot, said: tuple[Symptom, ...]) -> str:
    named = next((symptom.details["lies"] for symptom in said if "lies" in symptom.details), "")
    return named or (known(facts.nvidia.libcuda_path, "") or "")


def _remedies(facts: Snapshot, path: str) -> tuple[Remedy, ...]:
    """A link for everybody, and a variable for those who may not write there."""
    from envcheck.prescribing.system import as_root

    folder = path.rpartition("/")[0] or (_WSL if facts.system.wsl == 2 else "")
    if not folder:
        return (
            by_hand(
                "give the linker a libcuda.so",
                "see where the driver's library lies:",
                Step(run=("ldconfig", "-p")),
                "link libcuda.so to the libcuda.so.1 that it names, in the same folder",
                "or, without root, name that folder in TRITON_LIBCUDA_PATH and LIBRARY_PATH",
            ),
        )
    by_name = by_hand(
        "name the folder for this shell",
        Step(run=("export", f"TRITON_LIBCUDA_PATH={folder}")),
        Step(run=("export", f"LIBRARY_PATH={_joined(folder, facts.variables.get('LIBRARY_PATH', ''))}")),
    )
    link = by_hand("link libcuda.so to the driver's library", as_root("ln", "-s", f"{folder}/libcuda.so.1", f"{folder}/libcuda.so"))
    # The folder of WSL 2 has the link already and belongs to Windows.
    return (by_name,) if folder == _WSL else (link, by_name)


def _joined(folder: str, before: str) -> str:
    return f"{folder}:{before}" if before else folder


RULE = Rule(
    name="libcuda-not-on-linker-path",
    title="The linker does not find libcuda.so",
    area=Area.GPU,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"libcuda-not-on-loader-path"}),
)
