"""fabricmanager-not-running: a machine whose GPUs are joined by NVSwitch lacks a running, matching fabric manager."""

from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Accelerator, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_accelerators
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, card_proofs, cuda_code, found_no_device
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.knowledge.versions import is_same, major
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import as_root, install_packages, package_manager
from envcheck.report import Area, Certainty, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether the fabric manager runs, in the driver's own version, where NVSwitch joins the GPUs.",
    why="On these machines (HGX and DGX with A100, H100, H200 or B200) every GPU waits until the fabric manager has set up the switches; "
    "until then each CUDA program ends with error 802, although nvidia-smi shows all GPUs. It refuses a driver of another version.",
    example="Error 802: system not yet initialized, on eight NVIDIA H100 80GB HBM3; nvidia-fabricmanager is not installed.",
    fix="Install nvidia-fabricmanager in exactly the driver's version, enable and start it; then hold both against upgrades.",
    ignore_when="The machine is a virtual one whose host looks after the switches, and CUDA programs run.",
    sources=(
        "https://docs.nvidia.com/datacenter/tesla/fabric-manager-user-guide/index.html",
        "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/",
    ),
)

_NOT_READY = 802  # cudaErrorSystemNotReady
_UNFINISHED = ("not-started", "in-progress")
# The modules that sit on NVSwitch boards; as PCIe cards (A100-PCIE, H100 PCIe, H100 NVL) they need no fabric manager.
_SWITCHED = regex(r"A100-SXM|A800-SXM|H[128]00 80GB HBM3|H100 SXM|\bH200\b(?! NVL)|\bH20\b|\bH800\b|\bG?B[23]00\b|\bHGX\b|\bDGX\b")
_SERVICE = "nvidia-fabricmanager"
_SUBJECT = "NVSwitch fabric"


def check(case: Case) -> Iterator[Outcome]:
    """By CUDA's error 802, by what the GPUs say of their fabric, or by switches without the service that runs them."""
    facts = case.facts
    cards = nvidia_accelerators(facts)
    failed = tuple(case.said(SymptomKind.FABRIC_MANAGER_FAILED))
    said = tuple(symptom for symptom in facts.symptoms if cuda_code(symptom) == _NOT_READY)
    waiting = tuple(card for card in cards if card.fabric in _UNFINISHED)
    ready = any(card.fabric == "completed" for card in cards)
    switches = known(facts.nvidia.nvswitches, 0) > 0
    if said:
        sure = (
            switches
            or facts.nvidia.fabric_manager == "stopped"
            or bool(waiting)
            or bool(failed)
            or any(_SWITCHED.search(known(card.name, "")) for card in cards)
        )
        yield _found(case, (*said, *failed), waiting, Certainty.CERTAIN if sure else Certainty.LIKELY)
    elif framework_reaches_gpu(facts):
        yield Passed(_SUBJECT, "a framework reaches the GPUs") if switches or ready else NotApplicable("nothing waits for a fabric manager")
    elif waiting or (failed and not ready):
        yield _found(case, failed, waiting, Certainty.CERTAIN)
    elif ready:
        yield Passed(_SUBJECT, "set up")
    elif switches and not isinstance(facts.system.container, str) and _is_down(facts):
        yield _found(case, (), (), Certainty.CERTAIN)
    elif facts.nvidia.fabric_manager == "stopped" and not isinstance(facts.system.container, str) and _misses_its_fabric(case):
        yield _found(case, found_no_device(case), (), Certainty.LIKELY)
    elif switches and facts.nvidia.fabric_manager == "running":
        yield Passed(_SUBJECT, "the fabric manager runs")
    elif facts.nvidia.fabric_manager is UNSET and not isinstance(facts.system.container, str) and (switches or _misses_its_fabric(case)):
        reason = "the GPUs sit on a board with NVSwitches; whether the fabric manager runs is not known"
        yield NotEvaluated(_SUBJECT, reason, (f"systemctl status {_SERVICE}",))
    else:
        yield NotApplicable("no NVSwitch is known here")


def _misses_its_fabric(case: Case) -> bool:
    """A program got no device, and a card by its name is of the kind that sits on such a board."""
    cards = nvidia_accelerators(case.facts)
    return bool(found_no_device(case)) and any(_SWITCHED.search(known(card.name, "")) for card in cards)


def _is_down(facts: Snapshot) -> bool:
    return facts.nvidia.fabric_manager in (None, "stopped") or _is_of_another_version(facts)


def _is_of_another_version(facts: Snapshot) -> bool:
    have, driver = facts.nvidia.fabric_manager_version, _driver(facts)
    return isinstance(have, str) and bool(driver) and not is_same(have, driver)


def _driver(facts: Snapshot) -> str:
    return known(facts.nvidia.kernel_module_version, "") or known(facts.nvidia.driver_version, "")


def _found(case: Case, said: tuple[Symptom, ...], waiting: tuple[Accelerator, ...], certainty: Certainty) -> Found:
    facts = case.facts
    nvidia = facts.nvidia
    evidence = [*map(spoken, said), *card_proofs(facts, waiting[:3], "fabric")]
    if nvidia.fabric_manager is None or isinstance(nvidia.fabric_manager, str):
        evidence.append(case.proof("nvidia.fabric_manager", nvidia.fabric_manager or "not installed"))
    if isinstance(nvidia.fabric_manager_version, str):
        evidence.append(case.proof("nvidia.fabric_manager_version", nvidia.fabric_manager_version))
    if isinstance(nvidia.nvswitches, int):
        evidence.append(case.proof("nvidia.nvswitches", nvidia.nvswitches))
    names = [card for card in nvidia_accelerators(facts) if isinstance(card.name, str)]
    evidence += [Proof(fact=f"accelerators[{card.index}].name", value=str(card.name), source="") for card in names[:1]]
    return Found(
        _SUBJECT,
        f"The GPUs wait for their NVSwitch fabric: {_state(facts, said, waiting)}.",
        severity=severity_of_trouble(case),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else (f"systemctl status {_SERVICE} shows that it does not run",),
        remedies=(_remedy(facts),),
        symptoms=said,
    )


def _state(facts: Snapshot, said: tuple[Symptom, ...], waiting: tuple[Accelerator, ...]) -> str:
    manager = facts.nvidia.fabric_manager
    versions = next(((symptom.details["have"], symptom.details["need"]) for symptom in said if "need" in symptom.details), None)
    if versions is not None:
        return f"the fabric manager is {versions[0]}, the driver {versions[1]}"
    if manager is None:
        return "the fabric manager is not installed"
    if _is_of_another_version(facts):
        return f"the fabric manager is {facts.nvidia.fabric_manager_version}, the driver {_driver(facts)}"
    if manager == "stopped":
        return "the fabric manager is installed and does not run"
    if manager == "running":
        return "the fabric manager runs and has not set it up"
    if any(symptom.kind is SymptomKind.FABRIC_MANAGER_FAILED for symptom in said):
        return "the fabric manager failed to start"
    return "setting it up has not come to an end" if waiting else "no fabric manager has set it up"


def _remedy(facts: Snapshot) -> Remedy:
    if isinstance(facts.system.container, str):
        return by_hand(
            "start the fabric manager on the host of the container",
            f"on the host: install {_SERVICE} in the driver's version, then run: systemctl enable --now {_SERVICE}",
        )
    start = as_root("systemctl", "enable", "--now", _SERVICE)
    status = Step(run=("systemctl", "status", _SERVICE))
    if facts.nvidia.fabric_manager in ("stopped", "running") and not _is_of_another_version(facts):
        again = as_root("systemctl", "restart", _SERVICE)
        steps = (start,) if facts.nvidia.fabric_manager == "stopped" else (again,)
        return by_hand(
            "start the fabric manager", *steps, status, "if it stops again, its log names the reason: /var/log/fabricmanager.log"
        )
    version = _driver(facts)
    summary = f"install the fabric manager {version or 'in the version of the driver'}, and start it"
    return by_hand(summary, *_install(facts, version), start, status)


def _install(facts: Snapshot, version: str) -> tuple[Step | str, ...]:
    branch = str(major(version)) if version else ""
    names = {
        "apt-get": f"{_SERVICE}-{branch}={version}*",
        "dnf": f"nvidia-fabric-manager-{version}",
        "zypper": f"{_SERVICE}-{branch}={version}",
    }
    step = install_packages(facts, {manager: (name,) for manager, name in names.items()})
    if step is None or not branch:
        return (f"install the package {_SERVICE}-BRANCH in exactly the version of the driver, which nvidia-smi shows",)
    newer = f"if there is no such package: NVIDIA's repository calls it {_SERVICE} without the branch, in the version {version}"
    return (step, newer) if package_manager(facts) == "apt-get" else (step,)


RULE = Rule(
    name="fabricmanager-not-running",
    title="The fabric manager of an NVSwitch machine does not run",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "driver-state-after-suspend",
        "gpu-in-exclusive-mode",
        "gpu-lost",
        "nvidia-device-denied",
        "nvidia-kernel-module-not-loaded",
        "nvml-driver-library-mismatch",
    },
)
