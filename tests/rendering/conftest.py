"""Made-up reports that every renderer's tests render: each a situation that people are in."""

from collections.abc import Callable

import msgspec
import pytest

from envcheck.facts.snapshot import (
    Accelerator,
    Completeness,
    Cpu,
    Disk,
    Import,
    Memory,
    NearbyEnvironment,
    Nvidia,
    Observed,
    Package,
    PackageState,
    Python,
    Snapshot,
    System,
    Unknown,
    UnknownReason,
)
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.report import (
    Area,
    Certainty,
    Finding,
    Gap,
    Ignored,
    Origin,
    Pass,
    Proof,
    Remedy,
    Report,
    Role,
    Safety,
    Severity,
    Status,
    Step,
    Target,
)

PYTHON = "/home/alice/project/.venv/bin/python"
SEEN = Observed(packages=Completeness.COMPLETE, accelerators=Completeness.COMPLETE, imports=Completeness.COMPLETE)


def machine(**changes: object) -> Snapshot:
    """A Linux server without a GPU and with the usual packages."""
    base = Snapshot(
        taken="2026-11-21T09:00:00Z",
        live=True,
        system=System(
            os="Linux", distribution="Debian GNU/Linux 12 (bookworm)", kernel="6.1.0-28-amd64", machine="x86_64", libc="glibc 2.36"
        ),
        cpu=Cpu(model="AMD EPYC 7B13", logical_cores=8, usable_cores=2.0, level="x86-64-v3", features=("avx", "avx2")),
        memory=Memory(total_bytes=25_215_000_000, available_bytes=23_100_000_000, limit_bytes=8_589_934_592),
        disks=(
            Disk(purpose="environment", path="/home/alice/project/.venv", total_bytes=10**11, free_bytes=85 * 10**9, writable=True),
            Disk(purpose="pip-cache", path="/home/alice/.cache/pip", total_bytes=10**11, free_bytes=85 * 10**9, writable=True),
            Disk(purpose="temp", path="/tmp", total_bytes=10**10, free_bytes=9 * 10**9, writable=True),
        ),
        python=Python(
            executable=PYTHON,
            version="3.11.7",
            implementation="CPython",
            environment="venv",
            created_by="uv",
            chosen_because="VIRTUAL_ENV is set",
        ),
        packages=(
            Package(name="numpy", version="2.4.6", state=PackageState.OK),
            Package(name="scikit-learn", version="1.9.1", state=PackageState.OK),
            Package(name="torch", version="2.13.0+cpu", state=PackageState.OK),
        ),
        imports=(
            Import(name="torch", status="imported", version="2.13.0+cpu", seconds=2.13),
            Import(name="sklearn", status="imported", version="1.9.1", seconds=1.4),
        ),
        observed=SEEN,
        sources={"memory.total_bytes": "/proc/meminfo", "packages": "dist-info"},
    )
    return msgspec.structs.replace(base, **changes)


def report(facts: Snapshot, status: Status = Status.HEALTHY, **parts: object) -> Report:
    python = facts.python
    words = {name: getattr(python, name) for name in ("executable", "version", "environment", "chosen_because")}
    words = {name: value if isinstance(value, str) else "" for name, value in words.items()}
    base = Report(
        schema="envcheck/report/1",
        envcheck="0.1.0",
        tables="2026-11-21",
        status=status,
        target=Target(python=words.pop("executable"), **words),
        profiles=(),
        findings=(),
        not_evaluated=(),
        passed=(
            Pass(rule="too-little-memory", subject="memory", area=Area.MEMORY, message="25.2 GB, 8 GB needed"),
            Pass(rule="too-little-disk", subject="environment", area=Area.DISK),
            Pass(rule="broken-package", subject="packages", area=Area.PACKAGES),
            Pass(rule="import-fails", subject="torch", area=Area.FRAMEWORKS),
        ),
        ignored=(),
        facts=facts,
    )
    return msgspec.structs.replace(base, **parts)


def healthy() -> Report:
    """CPU-only and nothing wrong, with one hint."""
    return report(machine(), findings=(_hint("more-cores-recommended", "2 usable cores; the documents recommend 4."),))


def driver_too_old() -> Report:
    """One cause with a symptom, two consequences, two remedies, and a neighbour."""
    gpus = tuple(Accelerator(index=n, vendor="nvidia", name="Tesla T4", memory_bytes=15_843_721_216, visible=True) for n in range(2))
    facts = machine(
        accelerators=gpus,
        nvidia=Nvidia(driver_version="470.82.01", cuda_version="11.4"),
        packages=(Package(name="torch", version="2.8.0+cu128", state=PackageState.OK),),
        imports=(Import(name="torch", status="imported", version="2.8.0+cu128", seconds=3.02),),
        python=msgspec.structs.replace(
            machine().python,
            nearby=(
                NearbyEnvironment(path="/opt/conda/envs/tf", environment="conda", frameworks={"tensorflow": "2.21.0", "torch": "2.6.0"}),
            ),
        ),
    )
    cause = Finding(
        id="driver-too-old:torch-2.8.0+cu128",
        rule="driver-too-old",
        area=Area.GPU,
        severity=Severity.ERROR,
        certainty=Certainty.CERTAIN,
        role=Role.PRIMARY,
        subject="torch 2.8.0+cu128",
        message="PyTorch cannot use the GPU: NVIDIA driver 470.82.01 is too old for CUDA 12.8, which needs 525.60.13 or newer.",
        evidence=(
            Proof(fact="nvidia.driver_version", value="470.82.01", source="NVML"),
            Proof(fact="builds[torch].cuda", value="12.8", source="torch/version.py"),
            Proof(
                fact="symptoms[driver-too-old]",
                value="The NVIDIA driver on your system is too old (found version 11040).",
                source="import torch",
            ),
        ),
        remedies=(
            Remedy(
                summary="Update the NVIDIA driver and restart",
                manager="system",
                safety=Safety.MANUAL,
                steps=(Step(run=("apt-get", "install", "nvidia-driver-570"), root=True), Step(do="Restart the machine.")),
            ),
            Remedy(
                summary="Install the build for the driver that is there",
                manager="pip",
                safety=Safety.UNSAFE,
                steps=(
                    Step(
                        run=(
                            PYTHON,
                            "-m",
                            "pip",
                            "install",
                            "--force-reinstall",
                            "--index-url",
                            "https://download.pytorch.org/whl/cu118",
                            "torch<2.8",
                        ),
                        env={"PIP_NO_CACHE_DIR": "1"},
                    ),
                ),
            ),
        ),
    )
    follow = [
        _finding(
            "torch-has-no-device", "torch.cuda.is_available() is False.", Area.FRAMEWORKS, role=Role.CONSEQUENCE, because_of=(cause.id,)
        ),
        _finding(
            "smoke-test-failed",
            "The smoke test on cuda could not begin.",
            Area.SMOKE,
            role=Role.CONSEQUENCE,
            because_of=("torch-has-no-device:it",),
        ),
    ]
    gap = Gap(
        rule="bad-gpu-memory",
        subject="Tesla T4",
        area=Area.GPU,
        reason="no framework can reach the GPU",
        needs=("a driver that is new enough",),
    )
    return report(facts, Status.PROBLEMS, findings=(cause, *follow), not_evaluated=(gap,))


def broken_package() -> Report:
    """A torn package, a likely finding, a warning, and more gaps, hints and names than are shown."""
    facts = machine(
        packages=(
            Package(name="numpy", version="1.26.4", state=PackageState.TORN, detail="two dist-infos"),
            Package(name="tensorflow", version="2.20.0", state=PackageState.OK),
        ),
        imports=(Import(name="tensorflow", status="crashed", version="2.20.0"),),
        symptoms=(Symptom(kind=SymptomKind.SIGNAL, text="Fatal Python error: Segmentation fault", subject="tensorflow"),),
    )
    torn = _finding(
        "torn-package",
        "numpy is installed twice, as 1.26.4 and as 2.4.6: an installation stopped half-way.",
        Area.PACKAGES,
        evidence=tuple(
            Proof(fact="packages[numpy].others", value=f"1.2{n}.4 at /home/alice/project", source="dist-info") for n in range(7)
        ),
        remedies=(
            Remedy(
                summary="Install numpy again",
                manager="pip",
                safety=Safety.SAFE,
                steps=(Step(run=(PYTHON, "-m", "pip", "install", "--force-reinstall", "numpy>=1.26,<2; python_version < '3.13'")),),
            ),
        ),
    )
    likely = _finding(
        "import-crashes",
        "tensorflow crashed while it was imported.",
        Area.FRAMEWORKS,
        certainty=Certainty.LIKELY,
        would_confirm=("the output of python -X faulthandler -c 'import tensorflow'",),
    )
    warning = _finding(
        "small-shared-memory", "/dev/shm has 64 MB; data loaders with workers need more.", Area.MEMORY, severity=Severity.WARNING
    )
    hints = tuple(_hint(f"hint-{n}", f"Hint number {n}.") for n in range(7))
    gaps = tuple(
        Gap(rule=f"check-{n}", subject=f"thing {n}", area=Area.GPU, reason="it was not looked at", required=n == 6) for n in range(7)
    )
    ignored = (Ignored(rule="old-pip", subject="pip", reason="the image is frozen"),)
    return report(facts, Status.PROBLEMS, findings=(torn, likely, warning, *hints), not_evaluated=gaps, ignored=ignored)


def profile_not_met() -> Report:
    """A profile's requirement that this machine does not meet."""
    origin = Origin(profile="deep-learning", file="002_37a246b622a23922.txt", line=67)
    finding = _finding(
        "too-little-memory",
        "8.5 GB of memory may be used here; 16 GB are needed.",
        Area.MEMORY,
        requirement=origin,
        evidence=(
            Proof(fact="memory.total_bytes", value="25215000000", source="/proc/meminfo"),
            Proof(fact="memory.limit_bytes", value="8589934592", source="/sys/fs/cgroup/memory.max"),
        ),
        remedies=(
            Remedy(
                summary="Give the container more memory",
                manager="manual",
                safety=Safety.MANUAL,
                steps=(Step(do="Start it with a higher limit:"), Step(run=("docker", "run", "--memory", "16g", "my image"))),
            ),
        ),
    )
    return report(machine(), Status.PROBLEMS, profiles=("deep-learning",), findings=(finding,))


def nothing_known() -> Report:
    """Every probe failed."""
    groups = ("system", "cpu", "memory", "disks", "accelerators", "packages", "imports")
    reasons = list(UnknownReason)
    unknown = tuple(Unknown(fact=group, reason=reasons[number % len(reasons)]) for number, group in enumerate(groups))
    facts = Snapshot(taken="2026-11-21T09:00:00Z", live=True, unknown=unknown, python=Python(executable=PYTHON, chosen_because="--python"))
    gaps = (
        Gap(rule="torn-package", subject="packages", area=Area.PACKAGES, reason="the packages could not be listed"),
        Gap(
            rule="too-little-memory",
            subject="memory",
            area=Area.MEMORY,
            reason="the memory could not be read",
            needs=("run cat /proc/meminfo and give its output",),
            required=True,
        ),
    )
    return report(facts, Status.UNKNOWN, not_evaluated=gaps, passed=())


def pasted() -> Report:
    """A text that somebody pasted, which names no Python."""
    facts = Snapshot(
        taken="2026-11-21T09:00:00Z",
        nvidia=Nvidia(driver_version="550.54.15", cuda_version="12.4"),
        accelerators=(Accelerator(index=0, vendor="nvidia", name="NVIDIA A100-SXM4-40GB", memory_bytes=42_949_672_960),),
        observed=Observed(accelerators=Completeness.PARTIAL),
        sources={"nvidia": "report line 3"},
    )
    return report(facts, Status.UNKNOWN, passed=())


def windows() -> Report:
    """Commands for PowerShell, with blanks in the interpreter's path."""
    python = r"C:\Users\Anna Smith\venv\Scripts\python.exe"
    facts = machine(
        system=System(os="Windows", distribution="Windows 11", machine="AMD64"), python=Python(executable=python, version="3.12.4")
    )
    steps = (
        Step(run=(python, "-m", "pip", "install", "tensorflow[and-cuda]"), env={"TF_CPP_MIN_LOG_LEVEL": "0"}),
        Step(run=("wsl", "--update"), root=True),
    )
    remedy = Remedy(summary="Install the GPU build", manager="pip", safety=Safety.UNSAFE, steps=steps)
    return report(
        facts, Status.PROBLEMS, findings=(_finding("no-gpu-build", "This build has no GPU support.", Area.FRAMEWORKS, remedies=(remedy,)),)
    )


def _finding(
    rule: str, message: str, area: Area, severity: Severity = Severity.ERROR, role: Role = Role.PRIMARY, **parts: object
) -> Finding:
    base = Finding(
        id=f"{rule}:it", rule=rule, area=area, severity=severity, certainty=Certainty.CERTAIN, role=role, subject="it", message=message
    )
    return msgspec.structs.replace(base, **parts)


def _hint(rule: str, message: str) -> Finding:
    return _finding(rule, message, Area.CPU, Severity.INFO)


MADE_UP: dict[str, Callable[[], Report]] = {
    made.__name__: made for made in (healthy, driver_too_old, broken_package, profile_not_met, nothing_known, pasted, windows)
}


@pytest.fixture(params=list(MADE_UP))
def made_up(request: pytest.FixtureRequest) -> Report:
    """Each of the made-up reports."""
    return MADE_UP[request.param]()


@pytest.fixture(scope="session")
def reports() -> dict[str, Report]:
    """All of the made-up reports, by name."""
    return {name: made() for name, made in MADE_UP.items()}
