"""libcuda-not-on-loader-path: the driver's libcuda.so is on the machine, and the loader does not find it by its name."""

from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_accelerators
from envcheck.judging.case import Case, spoken
from envcheck.judging.gpu_wishes import gpu_wish, severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the loader finds the driver's library by the names that are asked for: libcuda.so.1, and by some libcuda.so.",
    why="Under WSL 2 the library lies in /usr/lib/wsl/lib, on NixOS under /run/opengl-driver/lib: places that a loader does not search "
    "by itself. Drivers often install libcuda.so.1 alone, while some libraries open libcuda.so.",
    example="Could not load library libcudnn_cnn_infer.so.8. Error: libcuda.so: cannot open shared object file: No such file or directory",
    fix="Put the driver's folder on the loader's path, or link libcuda.so to libcuda.so.1 there.",
    ignore_when="Nothing on the machine computes on the GPU.",
    sources=(
        "https://docs.nvidia.com/cuda/wsl-user-guide/index.html",
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
    ),
)

_SUBJECT = "libcuda.so"
_BARE, _NUMBERED = "libcuda.so", "libcuda.so.1"
_WSL = "/usr/lib/wsl/lib"


def check(case: Case) -> Iterator[Outcome]:
    """The loader's own words on libcuda.so; on libcuda.so.1 only where the driver is known to be there."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if _misses(symptom, _BARE))
    numbered = tuple(symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if _misses(symptom, _NUMBERED))
    path, loadable = facts.nvidia.libcuda_path, facts.nvidia.libcuda_loadable
    if said:  # whatever else the text speaks of, it was a loader of Linux that said so
        yield _found(case, said, Severity.ERROR, Certainty.CERTAIN)
    elif known(facts.system.os, "") in ("Windows", "Darwin"):
        yield NotApplicable("the loader of this system has other names")
    elif isinstance(path, str) and loadable is False:
        severity = Severity.ERROR if gpu_wish(facts) else Severity.WARNING
        yield _found(case, numbered, severity, Certainty.CERTAIN)
    elif numbered and _driver_answers(facts) and not isinstance(facts.system.container, str):
        yield _found(case, numbered, severity_of_trouble(case), Certainty.LIKELY)
    elif _misses_what_may_be_there(facts, numbered):
        yield NotEvaluated(_SUBJECT, "whether the driver's library is on this machine is not known", ("ldconfig -p | grep libcuda",))
    elif loadable is True:
        yield Passed(_SUBJECT, path if isinstance(path, str) else "the loader finds it")
    else:
        yield NotApplicable("nobody missed libcuda.so, and where it lies is not known")


def _misses_what_may_be_there(facts: Snapshot, numbered: tuple[Symptom, ...]) -> bool:
    """TensorFlow says at every start on a machine without a card that it missed the library; that alone asks nothing."""
    wanted = bool(nvidia_accelerators(facts)) or any(symptom.subject != "tensorflow" for symptom in numbered)
    unknown = facts.nvidia.libcuda_path is UNSET and facts.nvidia.libcuda_loadable is UNSET and facts.nvidia.driver_version is UNSET
    return bool(numbered) and wanted and unknown and not isinstance(facts.system.container, str)


def _driver_answers(facts: Snapshot) -> bool:
    return isinstance(facts.nvidia.driver_version, str) or facts.nvidia.state == "ok"


def _misses(symptom: Symptom, name: str) -> bool:
    details = symptom.details
    return details.get("library", "").rpartition("/")[2] == name and details.get("reason") not in ("linker", "Permission denied")


def _found(case: Case, said: tuple[Symptom, ...], severity: Severity, certainty: Certainty) -> Found:
    facts = case.facts
    evidence: list[Proof] = [*map(spoken, said)]
    if isinstance(facts.nvidia.libcuda_path, str):
        evidence.append(case.proof("nvidia.libcuda_path", facts.nvidia.libcuda_path))
    if facts.nvidia.libcuda_loadable is False:
        evidence.append(case.proof("nvidia.libcuda_loadable", "False"))
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    if isinstance(facts.system.wsl, int):
        evidence.append(case.proof("system.wsl", facts.system.wsl))
    name = said[0].details["library"].rpartition("/")[2] if said else _NUMBERED
    lies = f"; it lies at {facts.nvidia.libcuda_path}" if isinstance(facts.nvidia.libcuda_path, str) and name == _NUMBERED else ""
    return Found(
        _SUBJECT,
        f"The loader does not find the driver's library under the name {name}{lies}.",
        severity=severity,
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else ("ldconfig -p | grep libcuda shows no libcuda.so.1", "nvidia-smi works"),
        remedies=(_remedy(facts, name),),
        symptoms=said,
    )


def _remedy(facts: Snapshot, name: str) -> Remedy:
    from envcheck.prescribing.system import as_root, family

    folder = facts.nvidia.libcuda_path.rpartition("/")[0] if isinstance(facts.nvidia.libcuda_path, str) else ""
    if facts.system.wsl == 2 or "/wsl/" in folder:
        return by_hand(
            f"put {_WSL} on the loader's path",
            _with_folder(facts, _WSL),
            f"for good, write {_WSL} into /etc/ld.so.conf.d/ld.wsl.conf, and run:",
            as_root("ldconfig"),
        )
    if family(facts) == "nixos":
        return by_hand("put the driver's folder on the loader's path", _with_folder(facts, "/run/opengl-driver/lib"))
    where = folder or "the folder that ldconfig -p names for libcuda.so.1"
    if name == _BARE:
        link = (
            as_root("ln", "-s", f"{folder}/libcuda.so.1", f"{folder}/libcuda.so")
            if folder
            else f"link libcuda.so to libcuda.so.1 in {where}"
        )
        return by_hand(
            "give the library the name that is asked for",
            "see where it lies (under WSL 2 it is /usr/lib/wsl/lib):",
            Step(run=("ldconfig", "-p")),
            link,
            as_root("ldconfig"),
            "or, under WSL 2, put its folder first:",
            _with_folder(facts, _WSL),
        )
    if folder:
        return by_hand(
            "put the driver's folder on the loader's path",
            _with_folder(facts, folder),
            f"for good, write {folder} into a file of /etc/ld.so.conf.d, and run:",
            as_root("ldconfig"),
        )
    return by_hand(
        "let the loader find the driver's library",
        "install the driver's compute libraries (" + _package(facts) + ")",
        as_root("ldconfig"),
    )


def _with_folder(facts: Snapshot, folder: str) -> Step:
    """Written out: a command that is printed for copying is quoted, so that no shell would put in what the variable was."""
    before = facts.variables.get("LD_LIBRARY_PATH", "")
    return Step(run=("export", f"LD_LIBRARY_PATH={folder}{':' if before else ''}{before}"))


def _package(facts: Snapshot) -> str:
    """The package that has libcuda.so.1."""
    from envcheck.prescribing.system import family

    match family(facts):
        case "ubuntu" | "pop":
            return "libnvidia-compute of the driver's branch"
        case "debian":
            return "libcuda1"
        case "fedora" | "rhel" | "amzn":
            return "nvidia-driver-cuda-libs or xorg-x11-drv-nvidia-cuda-libs, as the driver's repository names it"
        case "arch":
            return "nvidia-utils"
        case _:
            return "libcuda1, libnvidia-compute or nvidia-utils, as the distribution names it"


RULE = Rule(
    name="libcuda-not-on-loader-path",
    title="The loader does not find libcuda.so",
    area=Area.GPU,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"driver-below-requirement", "gpu-missing"}),
)
