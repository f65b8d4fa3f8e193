"""Containers, virtual machines and batch jobs, in small trees."""

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux shows")
INITIAL = {"pid": "pid:[4026531836]", "uts": "uts:[4026531838]", "ipc": "ipc:[4026531839]"}
OTHERS = {"pid": "pid:[4026532501]", "uts": "uts:[4026532502]", "ipc": "ipc:[4026532503]"}
ID = "1c8fa019" * 8
OVERLAY = "1 0 0:1 / / rw - overlay overlay rw\n"
DISK = "1 0 254:0 / / rw - ext4 /dev/vda rw\n"
BARE = "processor\t: 0\nflags\t: lm sse2\n"
GUEST = "processor\t: 0\nflags\t: lm sse2 hypervisor\n"
DMI = "sys/class/dmi/id/"


@pytest.fixture
def seen(tmp_path: Path, probe: Callable[[str], types.ModuleType]) -> Callable[..., Any]:
    """A machine with these files, namespaces and variables."""

    def machine(files: dict[str, str], namespaces: dict[str, str] | None = None, variables: dict[str, str] | None = None) -> Any:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        for name, link in (namespaces or {}).items():
            (tmp_path / "proc/self/ns").mkdir(parents=True, exist_ok=True)
            (tmp_path / "proc/self/ns" / name).symlink_to(link)
        return probe("machine.host_linux").Machine(str(tmp_path), variables or {}, "x86_64")

    return machine


@pytest.fixture
def surroundings(probe: Callable[[str], types.ModuleType]) -> types.ModuleType:
    return probe("machine.host_surroundings")


@pytest.mark.parametrize(
    ("files", "namespaces", "variables", "kind"),
    [
        ({".dockerenv": "", "proc/self/mountinfo": OVERLAY}, OTHERS, {}, "docker"),
        ({".dockerenv": "", "proc/self/mountinfo": DISK}, INITIAL, {}, None),  # a virtual machine made from a container's image
        ({".dockerenv": "", "proc/self/mountinfo": OVERLAY}, INITIAL, {}, "docker"),  # docker run --pid=host --ipc=host --uts=host
        ({".dockerenv": ""}, {}, {}, "docker"),
        ({"run/.containerenv": 'engine="podman-5.0"\n'}, OTHERS, {}, "podman"),
        ({"run/.containerenv": "", "var/run/secrets/kubernetes.io/serviceaccount/token": "x"}, OTHERS, {}, "kubernetes"),
        ({"proc/self/cgroup": f"4:memory:/docker/{ID}\n"}, OTHERS, {}, "docker"),
        (
            {"proc/self/mountinfo": "1 0 0:1 /var/lib/kubelet/pods/7a96c459-d529/etc-hosts /etc/hosts rw - ext4 x rw\n"},
            OTHERS,
            {},
            "kubernetes",
        ),
        ({"run/systemd/container": "lxc\n"}, OTHERS, {}, "lxc"),
        ({"proc/1/environ": "container=systemd-nspawn\0"}, OTHERS, {}, "systemd-nspawn"),
        ({"proc/self/mountinfo": DISK}, INITIAL, {"APPTAINER_NAME": "a.sif"}, "apptainer"),  # it shares the machine's namespaces
        ({".singularity.d/actions/run": ""}, INITIAL, {}, "apptainer"),
        ({"proc/self/mountinfo": OVERLAY}, OTHERS, {}, "other"),
        ({"proc/self/mountinfo": DISK}, INITIAL, {}, None),
        ({"proc/self/mountinfo": OVERLAY}, INITIAL, {}, None),  # a live system
        ({"proc/self/mountinfo": DISK, "proc/version": "Linux version 5.15.1-microsoft-standard-WSL2 (x)"}, OTHERS, {}, None),
        ({}, {}, {"container": "whatever"}, None),
    ],
)
def test_the_container_is_named_and_its_absence_known(
    seen: Callable[..., Any], surroundings: types.ModuleType, files: Any, namespaces: Any, variables: Any, kind: str | None
) -> None:
    found, source = surroundings.read_container(seen(files, namespaces, variables))
    assert found == kind
    assert source


def test_a_process_in_namespaces_of_its_own_that_may_not_look_is_unsure(
    seen: Callable[..., Any], surroundings: types.ModuleType, channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(root: str, path: str, limit: int = 0) -> str:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(surroundings, "read_text", denied)
    surroundings.tell_container(channel, seen({"proc/self/mountinfo": DISK}, OTHERS))
    assert channel.unknowns["system.container"][0] == "denied"
    assert "system.container" not in channel.facts
    wsl = {"proc/version": "Linux version 5.15.1-microsoft-standard-WSL2 (x)"}
    assert surroundings.read_container(seen(wsl)) == (None, "namespaces")  # every distribution has namespaces of its own there


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"proc/cpuinfo": BARE, DMI + "sys_vendor": "Dell Inc.\n", DMI + "product_name": "PowerEdge R630\n"}, None),
        ({"proc/cpuinfo": BARE}, None),
        ({"proc/cpuinfo": GUEST, DMI + "sys_vendor": "QEMU\n"}, "qemu"),
        ({"proc/cpuinfo": GUEST, DMI + "sys_vendor": "Amazon EC2\n", DMI + "product_name": "m5.large\n"}, "amazon"),
        ({"proc/cpuinfo": BARE, DMI + "sys_vendor": "Amazon EC2\n", DMI + "product_name": "m5.metal\n"}, None),
        ({"proc/cpuinfo": GUEST, "sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc kvm-clock\n"}, "kvm"),
        ({"proc/cpuinfo": GUEST}, "other"),
        ({"proc/cpuinfo": BARE, "sys/hypervisor/type": "xen\n"}, "xen"),
        ({"proc/cpuinfo": GUEST, "sys/hypervisor/type": "xen\n", "proc/xen/capabilities": "control_d\n"}, None),
        ({"proc/cpuinfo": BARE, DMI + "sys_vendor": "innotek GmbH\n", DMI + "product_name": "VirtualBox\n"}, "virtualbox"),
        ({"proc/cpuinfo": GUEST, "proc/version": "Linux version 5.15.1-microsoft-standard-WSL2 (x)"}, "hyper-v"),
        ({"proc/cpuinfo": "processor\t: 0\ncpu\t: POWER9\n\nplatform\t: PowerNV\nmachine\t: PowerNV 8335-GTW\n"}, None),
        ({"proc/device-tree/compatible": "raspberrypi,4-model-b\0"}, None),
        ({"proc/device-tree/hypervisor/compatible": "linux,kvm\0", "proc/device-tree/compatible": "linux,dummy-virt\0"}, "kvm"),
        ({DMI + "sys_vendor": "Amazon EC2\n", DMI + "product_name": "c7g.large\n"}, "amazon"),
        ({DMI + "sys_vendor": "Amazon EC2\n", DMI + "product_name": "c7g.metal\n"}, None),
    ],
)
def test_the_hypervisor_is_named_and_its_absence_known(
    seen: Callable[..., Any], surroundings: types.ModuleType, files: dict[str, str], name: str | None
) -> None:
    known, found, _ = surroundings.read_virtual_machine(seen(files))
    assert (known, found) == (True, name)


@pytest.mark.parametrize("files", [{}, {"proc/version": "Linux version 4.4.0-19041-Microsoft (x)", "proc/cpuinfo": BARE}])
def test_where_nothing_tells_a_virtual_machine_it_is_unknown(
    seen: Callable[..., Any], surroundings: types.ModuleType, channel: Any, files: dict[str, str]
) -> None:
    surroundings.tell_virtual_machine(channel, seen(files))
    assert channel.unknowns["system.virtual_machine"][0] == "unsupported"
    assert not channel.facts


def programs(tmp_path: Path, *names: str) -> None:
    for name in names:
        file = tmp_path / "opt/batch/bin" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)


@pytest.mark.parametrize(
    ("installed", "files", "variables", "expected"),
    [
        ((), {}, {}, (None, None, False)),
        ((), {}, {"SLURM_JOB_ID": "42", "SLURMD_NODENAME": "node1"}, ("slurm", "42", False)),
        (("sbatch",), {"proc/1/comm": "systemd\n"}, {}, ("slurm", None, True)),
        (("sbatch",), {"proc/1/comm": "systemd\n", "proc/77/comm": "slurmd\n"}, {}, ("slurm", None, False)),  # a node for computing
        (("qsub", "qhost"), {"proc/1/comm": "systemd\n"}, {}, ("sge", None, True)),
        (("sbatch",), {"proc/1/comm": "systemd\n"}, {"SLURM_JOB_ID": "42"}, ("slurm", "42", True)),  # a shell of salloc stays here
        ((), {"proc/self/cgroup": "0::/system.slice/slurmstepd.scope/job_7/step_0\n"}, {}, ("slurm", "7", False)),
        ((), {"proc/self/cgroup": f"0::/kubepods/besteffort/pod7a/{ID}\n"}, {}, ("kubernetes", None, False)),
    ],
)
def test_jobs_and_login_nodes_are_told_apart(
    seen: Callable[..., Any],
    surroundings: types.ModuleType,
    channel: Any,
    tmp_path: Path,
    installed: tuple[str, ...],
    files: dict[str, str],
    variables: dict[str, str],
    expected: tuple[str | None, str | None, bool],
) -> None:
    programs(tmp_path, *installed)
    surroundings.tell_scheduler(channel, seen(files, INITIAL, {"PATH": "relative::/absent:/opt/batch/bin", **variables}))
    assert (channel.facts["system.scheduler"], channel.facts["system.job"], channel.facts["system.login_node"]) == expected


def test_where_processes_are_hidden_a_login_node_is_not_claimed(
    seen: Callable[..., Any], surroundings: types.ModuleType, channel: Any, tmp_path: Path
) -> None:
    programs(tmp_path, "sbatch")
    surroundings.tell_scheduler(channel, seen({"proc/4242/comm": "bash\n"}, INITIAL, {"PATH": "/opt/batch/bin"}))
    assert channel.facts["system.scheduler"] == "slurm"
    assert channel.unknowns["system.login_node"][0] == "denied"


def test_a_cluster_s_container_hides_the_scheduler(seen: Callable[..., Any], surroundings: types.ModuleType, channel: Any) -> None:
    surroundings.tell_scheduler(channel, seen({}, INITIAL, {"APPTAINER_NAME": "a.sif", "PATH": "/usr/bin"}))
    assert set(channel.unknowns) == {"system.scheduler", "system.login_node"}


def test_the_number_of_an_htcondor_job_is_unknown_without_its_file(
    seen: Callable[..., Any], surroundings: types.ModuleType, channel: Any
) -> None:
    surroundings.tell_scheduler(channel, seen({}, INITIAL, {"_CONDOR_SCRATCH_DIR": "/var/lib/condor/execute/dir_1"}))
    assert channel.facts["system.scheduler"] == "htcondor"
    assert "system.job" in channel.unknowns


def test_windows_folders_on_path_are_passed_over_under_wsl(
    seen: Callable[..., Any], surroundings: types.ModuleType, tmp_path: Path
) -> None:
    programs(tmp_path, "sbatch")
    (tmp_path / "mnt").mkdir()
    (tmp_path / "mnt/c").symlink_to(tmp_path / "opt")
    variables = {"PATH": "/mnt/c/batch/bin"}
    assert surroundings.read_clients(seen({}, INITIAL, variables)) == {"sbatch"}
    assert surroundings.read_clients(seen({"proc/version": "Linux version 5.15.1-microsoft-standard-WSL2 (x)"}, {}, variables)) == set()
