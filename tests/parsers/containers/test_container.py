import pytest

from envcheck.parsers.containers.container import (
    container_of_groups,
    container_of_manager,
    container_of_mounts,
    container_of_variables,
    is_layered,
    is_own_system,
    parse_first_process,
)
from envcheck.parsers.linux.mounts import parse_mountinfo

ID = "1c8fa019" * 8


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"4:memory:/docker/{ID}\n", "docker"),
        (f"0::/system.slice/docker-{ID}.scope", "docker"),
        (f"11:memory:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7a.slice/cri-containerd-{ID}.scope", "kubernetes"),
        (f"4:memory:/kubepods/besteffort/pod7a/{ID}\n", "kubernetes"),
        (f"0::/machine.slice/libpod-{ID}.scope/container\n", "podman"),
        ("10:rdma:/\n/lxc/lxc_container/", "lxc"),
        ("0::/lxc.payload.box/user.slice\n", "lxc"),
        ("0::/system.slice/docker.service\n", None),  # the daemon itself, on the host
        ("0::/user.slice/user-1000.slice/session-2.scope\n", None),
        ("0::/system.slice/lxcfs.service\n", None),
        ("0::/home/mykubepods.service\n", None),
        ("", None),
    ],
)
def test_a_control_group_tells_the_container_by_whole_names(text: str, kind: str | None) -> None:
    assert container_of_groups(text) == kind


@pytest.mark.parametrize(
    ("root", "point", "kind"),
    [
        (f"/var/lib/docker/containers/{ID}/resolv.conf", "/etc/resolv.conf", "docker"),
        ("/var/lib/kubelet/pods/7a96c459-d529-44ae/etc-hosts", "/etc/hosts", "kubernetes"),
        (f"/containers/storage/overlay-containers/{ID}/userdata/hosts", "/etc/hosts", "podman"),
        ("/var/lib/buildkit/executor/resolv.conf", "/etc/resolv.conf", "buildkit"),
        (f"/var/lib/docker/containers/{ID}/mounts/shm", "/var/lib/docker/containers/x/mounts/shm", None),  # as the host sees it
        ("/", "/etc", None),
    ],
)
def test_files_in_etc_are_mounted_from_the_manager_s_folder(root: str, point: str, kind: str | None) -> None:
    assert container_of_mounts(parse_mountinfo(f"1 2 0:1 {root} {point} rw - ext4 /dev/sda rw\n")) == kind


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({"APPTAINER_NAME": "a.sif"}, "apptainer"),
        ({"SINGULARITY_CONTAINER": "/a.sif"}, "apptainer"),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}, "kubernetes"),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, None),
        ({"container": "podman"}, "podman"),
        ({"container": "oci"}, "podman"),
        ({"container": "my-own-word"}, None),  # anybody may set it
        ({"APPTAINER_NAME": ""}, None),
        ({}, None),
    ],
)
def test_variables_tell_the_container(variables: dict[str, str], kind: str | None) -> None:
    assert container_of_variables(variables) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [("lxc\n", "lxc"), ("systemd-nspawn", "systemd-nspawn"), ("lxc-libvirt", "lxc"), ("pouch", "other"), ("wsl", None), ("", None)],
)
def test_a_manager_s_word_is_taken_even_if_unheard_of(word: str, kind: str | None) -> None:
    assert container_of_manager(word) == kind


def test_the_first_process_s_environment_names_the_manager() -> None:
    assert parse_first_process("PATH=/bin\0container=lxc\0TERM=linux\0") == "lxc"
    assert parse_first_process("PATH=/bin\0") is None


def test_the_initial_namespaces_are_the_machine_s_own() -> None:
    own = {"pid": "pid:[4026531836]", "uts": "uts:[4026531838]", "ipc": "ipc:[4026531839]"}
    assert is_own_system(own) is True
    assert is_own_system({**own, "pid": "pid:[4026532501]"}) is False
    assert is_own_system({"pid": own["pid"]}) is None


def test_a_root_of_image_layers_is_told_from_a_disk() -> None:
    assert is_layered(parse_mountinfo("1 0 0:1 / / rw - overlay overlay rw\n"))
    assert not is_layered(parse_mountinfo("1 0 0:1 / / rw - ext4 /dev/sda rw\n"))
    assert not is_layered(parse_mountinfo("1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / / rw - ext4 /dev/sda rw\n"))
    assert not is_layered([])
