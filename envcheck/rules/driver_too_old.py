"""driver-too-old: the NVIDIA driver supports a lower CUDA version than a framework's build needs."""

from collections.abc import Iterator

from envcheck.choosing import build as choosing
from envcheck.facts.snapshot import Build, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import driver_cuda, has_no_nvidia_card, has_windows_driver, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import torch_build
from envcheck.judging.wording import titled
from envcheck.knowledge.drivers import find_minimum
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.torch import COMPANIONS
from envcheck.knowledge.versions import is_below, major, release
from envcheck.prescribing.conda_solver import is_of_solver, solve_for_another_machine
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy

MANUAL = Manual(
    checks="Whether the NVIDIA driver runs the CUDA version that each installed framework was built for.",
    why="The driver brings its own part of CUDA and runs every build up to its major version: 580 runs CUDA 13, 525.60.13 every CUDA 12, "
    "450.80.02 every CUDA 11 (Windows: 528.33 and 452.39). Before CUDA 11 each release needs its own driver. A toolkit on the disk, and "
    "so what nvcc prints, changes nothing about it.",
    example="torch 2.11.0 (CUDA 13.0), driver 570.86.10 (CUDA 12.8): The NVIDIA driver on your system is too old (found version 12080).",
    fix="Update the driver of the host, or install a build for a CUDA major version that the driver runs. Another toolkit does not help.",
    ignore_when="The framework is only used on the CPU.",
    sources=(
        "https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html",
        "https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html",
    ),
)

# The CUDA runtime's own codes: insufficientDriver, and PTX from a toolkit that is newer than the driver.
_INSUFFICIENT, _NEWER_PTX = 35, 222
_ANY_MINOR = 11  # from this major version of CUDA on a driver runs every minor one
_NAMES = {"cudaErrorInsufficientDriver": _INSUFFICIENT, "cudaErrorUnsupportedPtxVersion": _NEWER_PTX}
_NEEDS = ("run nvidia-smi and give its whole output",)


def check(case: Case) -> Iterator[Outcome]:
    """What a program said of the driver goes before what the versions say; one outcome for each CUDA build."""
    said = (*case.said(SymptomKind.DRIVER_TOO_OLD), *(symptom for symptom in case.said(SymptomKind.CUDA_ERROR) if _code(symptom)))
    said += tuple(symptom for symptom in case.said(SymptomKind.DRIVER_NOT_FOUND) if _is_too_old_for_solver(case.facts, symptom))
    if said and (not _driver_is_absent(case.facts) or any(symptom.details.get("found") for symptom in said)):
        yield _spoken_of(case, said)
        return
    builds = {name: build for name, build in case.facts.builds.items() if isinstance(build.cuda, str)}
    if "torch" in builds:  # its companions compute by it, and are replaced with it
        builds = {name: build for name, build in builds.items() if name not in COMPANIONS}
    if not builds:
        yield NotApplicable("no framework with a known CUDA build")
    for name, build in builds.items():
        yield _judge(case, name, build)


def _is_too_old_for_solver(facts: Snapshot, symptom: Symptom) -> bool:
    """Conda's solver says that no driver is new enough, and one is known that is not."""
    supported, needed = driver_cuda(facts), symptom.details.get("need", "").partition(">=")[2].partition(",")[0]
    return is_of_solver(symptom) and supported is not None and bool(release(needed)) and is_below(supported, needed)


def _judge(case: Case, name: str, build: Build) -> Outcome:
    facts, cuda = case.facts, known(build.cuda, "")
    subject = titled(name, build.version)
    supported, driver = facts.nvidia.cuda_version, facts.nvidia.driver_version
    if build.cuda_available is True:
        return Passed(subject, "it reaches the card")
    if _driver_is_absent(facts) or (has_no_nvidia_card(facts) and not isinstance(driver, str)):
        return NotApplicable("there is no NVIDIA driver")
    if isinstance(supported, str) and major(supported) != major(cuda):
        if major(supported) > major(cuda):
            return Passed(subject, f"CUDA {cuda}, the driver runs up to {supported}")
        return _computed(case, name, build, case.proof("nvidia.cuda_version", supported), f"the driver runs CUDA up to {supported}", None)
    if not isinstance(driver, str):
        return _without_driver_version(subject, cuda, supported if isinstance(supported, str) else None)
    minimum = find_minimum(cuda)
    if minimum is None:
        return NotEvaluated(subject, f"which driver CUDA {cuda} needs is in no table")
    needed = minimum.version(windows=has_windows_driver(facts))
    if not is_below(driver, needed):
        return Passed(subject, f"driver {driver}, {needed} needed for CUDA {cuda}")
    return _computed(
        case, name, build, case.proof("nvidia.driver_version", driver), f"the driver is {driver}", (needed, minimum.confidence)
    )


def _without_driver_version(subject: str, cuda: str, supported: str | None) -> Outcome:
    if supported is not None and (major(cuda) > 11 or not is_below(supported, cuda)):
        return Passed(subject, f"CUDA {cuda}, the driver runs up to {supported}")
    return NotEvaluated(subject, "the version of the NVIDIA driver is not known", _NEEDS)


def _computed(case: Case, name: str, build: Build, proof: Proof, have: str, bound: tuple[str, Confidence] | None) -> Found:
    subject, cuda = titled(name, build.version), known(build.cuda, "")
    need = f"driver {bound[0]} or newer" if bound else f"a driver for CUDA {major(cuda)}"
    sure = bound is None or bound[1] is Confidence.HIGH
    return Found(
        subject,
        f"{subject} is built for CUDA {cuda} and needs {need}, but {have}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(proof, case.proof(f"builds[{name}].cuda", cuda)),
        would_confirm=() if sure else ("the framework's own words when it is asked for the device",),
        remedies=_remedies(case.facts, name, cuda),
        about=(name,),
    )


def _spoken_of(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    name, subject, cuda = _speaker(facts, said[0])
    found = next((cuda_of(symptom.details["found"]) for symptom in said if symptom.details.get("found")), None)
    if found is None and isinstance(facts.nvidia.cuda_version, str):
        found = facts.nvidia.cuda_version
    have = f"The NVIDIA driver runs CUDA up to {found}, but" if found else "The NVIDIA driver is too old:"
    need = f"{subject} is built for CUDA {cuda}" if cuda else f"{subject} is built for a newer CUDA"
    ptx = all(_code(symptom) == _NEWER_PTX for symptom in said)
    if ptx:
        need = f"{subject} carries PTX of a newer CUDA toolkit, which has to match the driver's CUDA version exactly or be older"
    evidence = [spoken(symptom) for symptom in said]
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    # CUDA's runtime says the same of a driver that is too old and of none, and it may be any program's.
    sure = ptx or found is not None or bool(evidence[len(said) :]) or any(symptom.kind is SymptomKind.DRIVER_TOO_OLD for symptom in said)
    return Found(
        subject,
        f"{have} {need}{'' if sure else ', or there is no driver'}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        would_confirm=() if sure else _NEEDS,
        evidence=tuple(evidence),
        remedies=(*_spoken_remedies(facts, name, cuda or "", ptx=ptx), *map(solve_for_another_machine, filter(is_of_solver, said[:1]))),
        symptoms=said,
        about=(name,) if name else (),
    )


def _spoken_remedies(facts: Snapshot, name: str, cuda: str, *, ptx: bool) -> tuple[Remedy, ...]:
    remedies = _remedies(facts, name, cuda)
    return (remedies[0], _older_ptx(facts)) if ptx and not name else remedies


def _speaker(facts: Snapshot, symptom: Symptom) -> tuple[str, str, str | None]:
    """Who spoke: its name, how it is named in the message, and the CUDA of its build."""
    name = symptom.subject if symptom.subject in facts.builds else ""
    wanted = symptom.details.get("need", "").partition(">=")[2].partition(",")[0].strip() or None
    if symptom.subject == "nvidia-container-cli":
        return "", "the container image", wanted
    if is_of_solver(symptom):
        return "", symptom.details.get("by") or "the package that conda was to install", wanted
    if not name and symptom.kind is SymptomKind.DRIVER_TOO_OLD:
        name = "torch"  # only torch says it in these words
    build = facts.builds.get(name)
    installed = torch_build(facts) if name == "torch" else None
    if installed is not None:
        return name, installed.subject, installed.cuda
    if build is not None:
        return name, titled(name, build.version), build.cuda if isinstance(build.cuda, str) else None
    return name, name or "the program's CUDA runtime", None


def cuda_of(number: str) -> str:
    """The CUDA version that a driver states as a number: `11040` → "11.4", `9010` → "9.1"."""
    if not number.isdecimal() or int(number) < 1000:
        return number
    return f"{int(number) // 1000}.{int(number) % 1000 // 10}"


def _code(symptom: Symptom) -> int | None:
    number = symptom.code if symptom.code is not None else _NAMES.get(symptom.details.get("name", ""))
    return number if number in (_INSUFFICIENT, _NEWER_PTX) else None


def _driver_is_absent(facts: Snapshot) -> bool:
    return facts.nvidia.driver_version is None


def _remedies(facts: Snapshot, name: str, cuda: str) -> tuple[Remedy, ...]:
    from envcheck.prescribing.torch_index import fitting_torch, reinstall_torch

    minimum = find_minimum(cuda) if cuda else None
    wanted = ""
    if minimum is not None:
        wanted = f" to {minimum.version(windows=has_windows_driver(facts))} or newer"
    where = "on Windows itself; inside WSL no driver is installed" if isinstance(facts.system.wsl, int) else "on the host"
    if known(facts.system.container, ""):
        where = "on the host of the container"
    update = by_hand(f"update the NVIDIA driver{wanted}", f"update the NVIDIA driver{wanted} {where}, then reboot")
    if name == "torch" and nvidia_cards(facts):
        older = torch_build(facts)
        chosen = fitting_torch(facts, older.version if older is not None else None)
        if chosen is not None and (not cuda or _cuda_major(chosen) <= major(cuda)):
            return (reinstall_torch(facts, "install a build that this driver runs", older.version if older is not None else None), update)
    return (update, _older_build(facts, name, cuda))


def _older_ptx(facts: Snapshot) -> Remedy:
    """PTX has no minor-version compatibility: the driver's own CUDA version is the newest that may have made it."""
    supported = driver_cuda(facts)
    which = f"CUDA {supported} or older" if supported is not None else "a CUDA no newer than the driver's"
    return by_hand("have the program compiled by an older CUDA", f"build it with the toolkit of {which}, or for this card's own sm_XX")


def _older_build(facts: Snapshot, name: str, cuda: str) -> Remedy:
    """The other way, where it is not known which card the build has to have code for."""
    from envcheck.prescribing.torch_index import variant_for_driver

    installed = torch_build(facts) if name == "torch" else None
    chosen = variant_for_driver(facts, installed.version) if installed is not None else None
    if chosen is not None and (not cuda or _cuda_major(chosen) < major(cuda)):
        return by_hand(
            "install a build that this driver runs",
            (
                f"if the card is of its arch list, install torch {chosen.version} from {chosen.index}, with the torchvision and "
                "torchaudio that belong to it"
            ),
        )
    supported = driver_cuda(facts)
    which = "an older CUDA"
    if supported is not None:  # any minor version of a major serves from 11 on
        which = f"CUDA {major(supported)}" if major(supported) >= _ANY_MINOR else f"CUDA {supported} or older"
    return by_hand("install a build that this driver runs", f"install a build of {name or 'the program'} for {which}")


def _cuda_major(chosen: choosing.Build) -> int:
    return major(chosen.variant.removeprefix("cu")[:-1])


RULE = Rule(
    name="driver-too-old",
    title="The NVIDIA driver is too old for a framework's build",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "no-nvidia-driver"}),
)
