"""intel-gpu-not-usable: a program wants an Intel GPU that is there, or that it does not find, and cannot compute on it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Build, Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.intel_gpus import intel_gpus, spoken_of_xpu, wants_xpu
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether a program that is made for Intel's GPUs, such as torch's XPU build, can reach one.",
    why="torch reaches an Intel GPU through Level Zero. That takes the kernel's driver (i915 or xe), the right to open its render node "
    "/dev/dri/renderD…, and Level Zero's driver for GPUs, libze_intel_gpu.so.1, which no Python package brings along.",
    example="UserWarning: XPU device count is zero! on a machine with an Arc A770 and without libze-intel-gpu1.",
    fix="Install Intel's compute runtime, and join the group that owns the render node; give a container --device=/dev/dri.",
    ignore_when="The program is meant to compute on the CPU.",
    sources=(
        "https://dgpu-docs.intel.com/driver/client/overview.html",
        "https://docs.pytorch.org/docs/stable/notes/get_start_xpu.html",
        "https://github.com/intel/compute-runtime",
    ),
)

_SUBJECT = "Intel GPU"
_NEEDS = ("sycl-ls", "ls -l /dev/dri")
_REASONS = {
    "driver-not-loaded": "no kernel driver (i915 or xe) has taken it",
    "denied": "this user may not open its render node in /dev/dri",
    "no-level-zero": "Level Zero's driver for GPUs is not installed",
}
# From Intel's and the distributions' own lists of packages.
_PACKAGES = {
    "apt-get": ("libze-intel-gpu1", "libze1", "intel-opencl-icd"),
    "dnf": ("intel-compute-runtime", "oneapi-level-zero"),
    "pacman": ("intel-compute-runtime", "level-zero-loader"),
}


def check(case: Case) -> Iterator[Outcome]:
    """What the files and the driver tell; else what the programs said."""
    facts = case.facts
    said, wanted, state = spoken_of_xpu(facts), wants_xpu(facts) or _required(case), _state(facts)
    missing = tuple(symptom for symptom in said if symptom.kind is SymptomKind.DEVICE_NOT_FOUND or _is_uninitialized(symptom))
    if not wanted and not said:
        yield NotApplicable("nothing here is known to want an Intel GPU")
    elif state in _REASONS and (intel_gpus(facts) or said):
        yield _found(facts, state, said, wanted, Certainty.CERTAIN)
    elif missing and _has_none(facts):
        yield _without_card(facts, missing, wanted)
    elif missing or (facts.builds.get("torch", Build()).xpu_available is False and wanted and intel_gpus(facts) and not facts.live):
        yield _found(facts, "", missing, wanted, Certainty.LIKELY)
    elif state == "ok" or facts.builds.get("torch", Build()).xpu_available is True:
        yield Passed(_SUBJECT, "Level Zero reaches it")
    elif not intel_gpus(facts):
        yield NotApplicable("no Intel GPU is known to be in this machine")
    else:
        yield NotEvaluated(_SUBJECT, "whether Level Zero reaches it is not known", _NEEDS)


def _required(case: Case) -> str:
    """A profile that asks for Intel's GPUs wants one, whatever is installed."""
    return "A program" if any(entry.asked == "xpu" for entry in case.required("accelerators.backend")) else ""


def _state(facts: Snapshot) -> str:
    """The driver's state, or what the cards' own tell."""
    state = known(facts.intel.state, "")
    if state:
        return state
    states = {known(card.state, "") for card in intel_gpus(facts)}
    if states and states <= {"denied"}:
        return "denied"
    return "driver-not-loaded" if states and states <= {"no-driver"} else ""


def _is_uninitialized(symptom: Symptom) -> bool:
    return symptom.details.get("name", "").endswith(("ERROR_UNINITIALIZED", "DEPENDENCY_UNAVAILABLE"))


def _has_none(facts: Snapshot) -> bool:
    complete = facts.observed.accelerators is Completeness.COMPLETE
    return complete and not intel_gpus(facts) and not isinstance(facts.system.wsl, int)


def _without_card(facts: Snapshot, said: tuple[Symptom, ...], wanted: str) -> Found:
    return Found(
        _SUBJECT,
        "A program asks for an Intel GPU, and there is none in this machine.",
        evidence=tuple(map(spoken, said)),
        remedies=(
            by_hand("compute on what is there", "ask for cpu, or for the GPU of this machine, in place of xpu", *_in_container(facts)),
        ),
        symptoms=said,
        about=("torch",) if wanted.startswith("torch") else (),
    )


def _found(facts: Snapshot, state: str, said: tuple[Symptom, ...], wanted: str, certainty: Certainty) -> Found:
    cards = intel_gpus(facts)
    name = next((known(card.name, "") for card in cards if known(card.name, "")), "")
    evidence = [spoken(symptom) for symptom in said]
    if state:
        evidence.append(Proof(fact="intel.state", value=state, source=facts.source_of("intel.state")))
    if name:
        fact = f"accelerators[{cards[0].index}].name"
        evidence.append(Proof(fact=fact, value=name, source=facts.source_of(fact)))
    who = wanted or "A program"
    reason = f": {_REASONS[state]}" if state else ""
    thing = f"the Intel GPU{f' ({name})' if name else ''}"
    return Found(
        _SUBJECT,
        f"{who} cannot use {thing}{reason}." if state else f"{who} finds no Intel GPU through Level Zero.",
        severity=Severity.ERROR if said or not facts.live else Severity.WARNING,
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=()
        if certainty is Certainty.CERTAIN
        else ("sycl-ls lists no level_zero:gpu", "ls -l /dev/dri shows a render node that this user may not open, or none"),
        remedies=(_remedy(facts, state),),
        symptoms=said,
        about=("torch",) if wanted.startswith("torch") or any(symptom.subject == "torch" for symptom in said) else (),
    )


def _remedy(facts: Snapshot, state: str) -> Remedy:
    from envcheck.prescribing.system import as_root

    if facts.system.os == "Windows":
        return by_hand(
            "install Intel's graphics driver", "get it from https://www.intel.com/content/www/us/en/download-center/home.html and reboot"
        )
    if isinstance(facts.system.container, str):
        return by_hand("give the container the GPU", *_in_container(facts), *_install(facts))
    if state == "denied":
        return _join_group(facts)
    if state == "driver-not-loaded":
        return by_hand(
            "load the kernel's driver",
            as_root("modprobe", "xe"),
            as_root("modprobe", "i915"),
            "a kernel that is older than the card knows it by neither: install a newer one, and the package linux-firmware, then reboot",
        )
    return by_hand(
        "install Level Zero's driver for Intel's GPUs",
        *_install(facts),
        *(() if state else ("if it is there, join the group of the render node:", *_group_steps(facts))),
    )


def _install(facts: Snapshot) -> tuple[str | Step, ...]:
    from envcheck.prescribing.system import family, install_packages

    command = install_packages(facts, _PACKAGES)
    if isinstance(facts.system.wsl, int):
        first: tuple[str | Step, ...] = ("install Intel's newest graphics driver in Windows, and in WSL Intel's compute runtime:",)
    else:
        first = ()
    if command is None:
        return (*first, "install Intel's compute runtime with Level Zero, as https://dgpu-docs.intel.com/ says for this system")
    steps = (*first, command)
    if family(facts) == "ubuntu":
        return (
            *steps,
            "where apt-get finds no such package, add Intel's archive first: sudo add-apt-repository ppa:kobuk-team/intel-graphics",
        )
    return steps


def _join_group(facts: Snapshot) -> Remedy:
    return by_hand("let this user open the render node", *_group_steps(facts))


def _group_steps(facts: Snapshot) -> tuple[str | Step, ...]:
    """The group is the node's, as a rule render."""
    from envcheck.prescribing.system import join_groups

    nodes = (device for device in facts.devices if device.path.startswith("/dev/dri/renderD"))
    group = next((known(node.group, "") for node in nodes if known(node.group, "") not in ("", "root")), "render")
    return join_groups([group])


def _in_container(facts: Snapshot) -> tuple[str, ...]:
    if not isinstance(facts.system.container, str):
        return ()
    if facts.system.container == "kubernetes":
        return ("ask for the GPU in the pod's limits (gpu.intel.com/xe or gpu.intel.com/i915), with Intel's device plugin on the node",)
    return ("start the container with: --device=/dev/dri --group-add=$(stat -c %g /dev/dri/renderD128)",)


RULE = Rule(
    name="intel-gpu-not-usable",
    title="The Intel GPU cannot be used",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=frozenset({"device-not-found", "gpu-missing", "xpu-error"}),
)
