"""Requirements compared with facts."""

import pytest

from envcheck.facts.snapshot import (
    Accelerator,
    Completeness,
    Cpu,
    Disk,
    Memory,
    Nvidia,
    Observed,
    Package,
    PackageState,
    Python,
    Snapshot,
    System,
    Tool,
    Toolkit,
    Unknown,
    UnknownReason,
)
from envcheck.judging.comparison import Met
from envcheck.judging.requirements import compare
from envcheck.profiles.model import Level, Operator, Requirement, Today

GIB = 2**30
ALL = Observed(packages=Completeness.COMPLETE, accelerators=Completeness.COMPLETE, tools=Completeness.COMPLETE, disks=Completeness.COMPLETE)


def need(fact: str, operator: str, bound: str = "", today: Today | None = None) -> Requirement:
    return Requirement(fact=fact, operator=Operator(operator), level=Level.MUST, bound=bound, today=today, profile="lab")


def nvidia(index: int = 0, **facts: object) -> Accelerator:
    return Accelerator(index=index, vendor="nvidia", backend="cuda", name="NVIDIA Test Card", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("total", "limit", "bound", "met", "have"),
    [
        (round(7.6 * GIB), None, "8 GB", Met.YES, "8.1 GB"),
        (7_760_000_000, None, "8 GB", Met.YES, "7.7 GB"),
        (7_759_999_999, None, "8 GB", Met.NO, "7.7 GB"),
        (7_760_000_000, None, "8 GiB", Met.NO, "7.2 GiB"),
        (16 * GIB, None, "16 GiB", Met.YES, "16 GiB"),
        (33_500_000_000, 4_200_000_000, "8 GB", Met.NO, "4.2 GB (limit of the container or job; the machine has 33.5 GB)"),
        (33_500_000_000, 9_223_372_036_854_771_712, "8 GB", Met.YES, "33.5 GB"),
    ],
)
def test_memory_is_the_machines_or_the_tighter_limit(total: int, limit: int | None, bound: str, met: Met, have: str) -> None:
    comparison = compare(need("memory.total_bytes", ">=", bound), Snapshot(memory=Memory(total_bytes=total, limit_bytes=limit)))
    assert (comparison.met, comparison.have) == (met, have)


def test_a_limit_alone_decides_only_where_it_is_too_tight() -> None:
    assert compare(need("memory.total_bytes", ">=", "8 GB"), Snapshot(memory=Memory(limit_bytes=10**9))).met is Met.NO
    assert compare(need("memory.total_bytes", ">=", "8 GB"), Snapshot(memory=Memory(limit_bytes=10**11))).met is Met.UNKNOWN


def test_what_is_not_known_says_why_and_what_would_tell_it() -> None:
    unknown = Unknown(fact="memory", reason=UnknownReason.TIMED_OUT, detail="no answer in 5 s")
    asked = compare(need("memory.total_bytes", ">=", "8 GB"), Snapshot(unknown=(unknown,)))
    given = compare(need("memory.total_bytes", ">=", "8 GB"), Snapshot())
    assert asked.reason == "the size of the memory could not be found out (timed out): no answer in 5 s"
    assert given.reason == "the size of the memory was not found in what was given"
    assert given.needs


@pytest.mark.parametrize(
    ("free", "met", "have"),
    [(10_000_000_000, Met.YES, "10 GB"), (9_999_999_999, Met.NO, "9.9 GB"), (0, Met.NO, "0 B")],
)
def test_disks_have_no_tolerance(free: int, met: Met, have: str) -> None:
    disk = Disk(purpose="environment", path="/home/ann", free_bytes=free)
    comparison = compare(need("disks[environment].free_bytes", ">=", "10 GB"), Snapshot(disks=(disk,)))
    assert (comparison.met, comparison.have) == (met, f"{have} free on /home/ann (the environment)")


def test_a_cache_that_is_switched_off_needs_no_room() -> None:
    requirement = need("disks[pip-cache].free_bytes", ">=", "5 GB")
    assert compare(requirement, Snapshot(observed=ALL)).met is Met.MOOT
    assert compare(requirement, Snapshot()).met is Met.UNKNOWN
    assert compare(need("disks[environment].free_bytes", ">=", "5 GB"), Snapshot(observed=ALL)).met is Met.UNKNOWN


@pytest.mark.parametrize(
    ("cpu", "met", "limited", "have"),
    [
        (Cpu(physical_cores=4, usable_cores=4), Met.YES, False, "4 physical cores"),
        (Cpu(physical_cores=1), Met.NO, False, "1 physical core"),
        (Cpu(physical_cores=64, usable_cores=2.5), Met.NO, True, "2.5 of 64 physical cores may be used here"),
        (Cpu(physical_cores=2, usable_cores=1), Met.NO, False, "2 physical cores"),
        (Cpu(logical_cores=2), Met.NO, False, "2 logical cores"),
        (Cpu(logical_cores=8), Met.UNKNOWN, False, ""),
        (Cpu(), Met.UNKNOWN, False, ""),
    ],
)
def test_cores_are_counted_and_not_threads(cpu: Cpu, met: Met, limited: bool, have: str) -> None:
    comparison = compare(need("cpu.physical_cores", ">=", "4"), Snapshot(cpu=cpu))
    assert (comparison.met, comparison.limited, comparison.have) == (met, limited, have)


@pytest.mark.parametrize(
    ("machine", "features", "met"),
    [
        ("x86_64", ("sse4_2", "AVX2"), Met.YES),
        ("AMD64", ("sse4_2", "avx"), Met.NO),
        ("arm64", ("asimd",), Met.MOOT),
        ("aarch64", None, Met.MOOT),
        ("x86_64", None, Met.UNKNOWN),
    ],
)
def test_instruction_sets_of_x86_are_asked_of_x86_only(machine: str, features: tuple[str, ...] | None, met: Met) -> None:
    cpu = Cpu() if features is None else Cpu(features=features)
    assert compare(need("cpu.features", "includes", "avx2"), Snapshot(system=System(machine=machine), cpu=cpu)).met is met


@pytest.mark.parametrize(
    ("version", "operator", "bound", "met"),
    [
        ("3.9.18", ">=", "3.10", Met.NO),
        ("3.10.0", ">=", "3.10", Met.YES),
        ("3.15.0rc1", ">=", "3.15", Met.YES),
        ("3.13.5", "<=", "3.13", Met.YES),
        ("3.14.0", "<=", "3.13", Met.NO),
        ("unheard of", ">=", "3.10", Met.UNKNOWN),
    ],
)
def test_the_version_of_python(version: str, operator: str, bound: str, met: Met) -> None:
    assert compare(need("python.version", operator, bound), Snapshot(python=Python(version=version))).met is met


@pytest.mark.parametrize(
    ("version", "bound", "met"),
    [
        ("2.8.0+cu126", "2.8", Met.YES),
        ("2.8.0a0+5228986c39.nv25.06", "2.8", Met.YES),
        ("2.10.0", "2.9", Met.YES),
        ("2.7.1+cpu", "2.8", Met.NO),
        ("unknown", "2.8", Met.UNKNOWN),
    ],
)
def test_local_tags_and_prereleases_do_not_make_a_package_older(version: str, bound: str, met: Met) -> None:
    package = Package(name="torch", state=PackageState.OK, version=version)
    assert compare(need("packages[torch].version", ">=", bound), Snapshot(packages=(package,))).met is met


def test_a_distribution_with_the_same_import_package_will_do() -> None:
    package = Package(name="tensorflow-cpu", state=PackageState.OK, version="2.21.0")
    snapshot = Snapshot(packages=(package,), observed=ALL)
    assert compare(need("packages[tensorflow].version", ">=", "2.20"), snapshot).met is Met.YES
    assert compare(need("packages[keras|tensorflow]", "installed"), snapshot).have == "tensorflow-cpu 2.21.0"


@pytest.mark.parametrize(("completeness", "met"), [(Completeness.COMPLETE, Met.NO), (Completeness.PARTIAL, Met.UNKNOWN)])
def test_a_package_is_absent_only_where_all_were_looked_at(completeness: Completeness, met: Met) -> None:
    comparison = compare(need("packages[torch]", "installed"), Snapshot(observed=Observed(packages=completeness)))
    assert (comparison.met, comparison.subject) == (met, "torch")


def test_what_may_stand_for_each_other_is_named_together() -> None:
    comparison = compare(need("packages[tensorflow|torch|jax]", "installed"), Snapshot(observed=ALL))
    assert comparison.subject == "tensorflow, torch or jax"


def test_a_broken_package_is_left_to_the_rules_about_packages() -> None:
    broken = Package(name="torch", state=PackageState.BROKEN, detail="METADATA is empty")
    comparison = compare(need("packages[torch].version", ">=", "2.8"), Snapshot(packages=(broken,), observed=ALL))
    assert comparison.met is Met.UNKNOWN
    assert comparison.reason == "torch is installed but broken: METADATA is empty"


def test_absence_is_met_by_absence() -> None:
    mxnet = Package(name="mxnet", state=PackageState.OK, version="1.9.1")
    assert compare(need("packages[mxnet]", "absent"), Snapshot(packages=(mxnet,))).met is Met.NO
    assert compare(need("packages[mxnet]", "absent"), Snapshot(observed=ALL)).met is Met.YES
    assert compare(need("packages[mxnet]", "absent"), Snapshot()).met is Met.UNKNOWN


@pytest.mark.parametrize(
    ("name", "version", "bound", "met"),
    [
        ("java", "17.0.15+6-LTS", "17", Met.YES),
        ("java", "1.8.0_292", "17", Met.NO),
        ("java", "1.8.0_292", "8", Met.YES),
        ("node", "v20.11.1", "18", Met.YES),
        ("docker", "27.3.1, build ce12230", "28", Met.NO),
        ("git", None, "2", Met.UNKNOWN),
    ],
)
def test_programs_print_their_versions_as_they_like(name: str, version: str | None, bound: str, met: Met) -> None:
    assert compare(need(f"tools[{name}].version", ">=", bound), Snapshot(tools=(Tool(name=name, version=version),))).met is met


def test_a_program_whose_question_failed_is_not_absent() -> None:
    unknown = Unknown(fact="tools[java]", reason=UnknownReason.TIMED_OUT)
    assert compare(need("tools[java]", "installed"), Snapshot(observed=ALL, unknown=(unknown,))).met is Met.UNKNOWN
    assert compare(need("tools[java]", "installed"), Snapshot(observed=ALL)).met is Met.NO


@pytest.mark.parametrize("fact", ["tools[java]", "toolkits[cuda]"])
def test_presence_and_absence_of_what_is_there(fact: str) -> None:
    snapshot = Snapshot(tools=(Tool(name="java", version="17.0.15"),), toolkits=(Toolkit(name="cuda", version="12.8"),), observed=ALL)
    present, absent = compare(need(fact, "installed"), snapshot), compare(need(fact, "absent"), snapshot)
    assert (present.met, absent.met) == (Met.YES, Met.NO)
    assert present.have == absent.have == ("17.0.15" if fact == "tools[java]" else "12.8")
    assert compare(need("tools[git]", "absent"), snapshot).met is Met.YES


def test_the_evidence_is_the_fact_that_decided() -> None:
    physical, logical = (
        compare(need("cpu.physical_cores", ">=", "4"), Snapshot(cpu=cpu))
        for cpu in (Cpu(physical_cores=2, logical_cores=4), Cpu(logical_cores=2))
    )
    assert [proof.fact for proof in (*physical.evidence, *logical.evidence)] == ["cpu.physical_cores", "cpu.logical_cores"]


def test_no_toolkit_seen_is_not_no_toolkit() -> None:
    requirement = need("toolkits[cuda].version", ">=", "12.6")
    assert compare(requirement, Snapshot(observed=ALL)).met is Met.UNKNOWN
    two = (Toolkit(name="cuda", version="11.2"), Toolkit(name="cuda", version="12.8"))
    assert compare(requirement, Snapshot(toolkits=two[:1])).met is Met.NO
    assert compare(requirement, Snapshot(toolkits=two)).met is Met.YES


@pytest.mark.parametrize(
    ("cards", "met"),
    [
        ((nvidia(memory_bytes=6_442_450_944),), Met.YES),
        ((nvidia(memory_bytes=5_820_000_000),), Met.YES),
        ((nvidia(memory_bytes=5_819_999_999),), Met.NO),
        ((nvidia(memory_bytes=4 * GIB), nvidia(1, memory_bytes=8 * GIB)), Met.YES),
        ((nvidia(memory_bytes=4 * GIB), nvidia(1)), Met.UNKNOWN),
        ((nvidia(memory_bytes=8 * GIB, visible=False),), Met.NO),
        ((), Met.NO),
    ],
)
def test_the_largest_visible_gpu_decides(cards: tuple[Accelerator, ...], met: Met) -> None:
    assert compare(need("accelerators.memory_bytes", ">=", "6 GB"), Snapshot(accelerators=cards, observed=ALL)).met is met


@pytest.mark.parametrize(
    ("cards", "met"),
    [
        ((nvidia(compute_capability="7.5"),), Met.YES),
        ((nvidia(compute_capability="12.0"),), Met.YES),
        ((nvidia(compute_capability="6.1"),), Met.NO),
        ((nvidia(compute_capability="6.1"), nvidia(1, compute_capability="8.6")), Met.YES),
        ((nvidia(),), Met.UNKNOWN),
        ((Accelerator(index=0, vendor="amd", backend="rocm"),), Met.MOOT),
    ],
)
def test_compute_capability_is_a_matter_of_nvidia(cards: tuple[Accelerator, ...], met: Met) -> None:
    assert compare(need("accelerators.compute_capability", ">=", "7.5"), Snapshot(accelerators=cards, observed=ALL)).met is met


def test_the_maker_of_a_gpu() -> None:
    amd = Accelerator(index=0, vendor="amd", backend="rocm", name="AMD Radeon")
    requirement = need("accelerators.backend", "includes", "cuda")
    assert compare(requirement, Snapshot(accelerators=(amd, nvidia(1)), observed=ALL)).met is Met.YES
    assert compare(requirement, Snapshot(accelerators=(amd,), observed=ALL)).have == "AMD Radeon"
    assert compare(requirement, Snapshot(accelerators=(amd,))).met is Met.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "met"),
    [
        (Nvidia(cuda_version="12.4"), Met.YES),
        (Nvidia(driver_version="470.82.01", cuda_version="11.4"), Met.NO),
        (Nvidia(driver_version="570.86.10"), Met.YES),
        (Nvidia(driver_version=None, cuda_version=None), Met.NO),
        (Nvidia(), Met.UNKNOWN),
    ],
)
def test_the_driver_is_asked_for_its_cuda(facts: Nvidia, met: Met) -> None:
    assert compare(need("nvidia.cuda_version", ">=", "12.0"), Snapshot(nvidia=facts)).met is met


def test_without_a_card_of_nvidias_nobody_waits_for_its_driver() -> None:
    comparison = compare(need("nvidia.cuda_version", ">=", "12.0"), Snapshot(observed=ALL))
    assert (comparison.met, comparison.have) == (Met.NO, "there is no NVIDIA GPU")


def test_the_system() -> None:
    assert compare(need("system.os", "==", "Linux"), Snapshot(system=System(os="Windows"))).met is Met.NO
    assert compare(need("system.machine", "==", "arm64"), Snapshot(system=System(machine="ARM64"))).met is Met.YES
    assert compare(need("system.os", "==", "Linux"), Snapshot()).met is Met.UNKNOWN


def test_what_holds_today_replaces_the_documents_bound() -> None:
    requirement = need("python.version", ">=", "3.9", Today("3.9 has ended", "calendar", "3.10"))
    assert compare(requirement, Snapshot(python=Python(version="3.9.18"))).met is Met.NO


def test_what_is_no_requirement_any_more_is_moot() -> None:
    requirement = need("toolkits[cuda].version", ">=", "11.8", Today("wheels bring it", "docs", required=False))
    comparison = compare(requirement, Snapshot())
    assert comparison.met is Met.MOOT
    assert comparison.reason == "it is no requirement any more: wheels bring it"


def test_a_fact_that_no_profile_may_speak_of_is_a_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        compare(need("memory.swap_bytes", ">=", "8 GB"), Snapshot())
