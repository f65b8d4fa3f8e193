"""What a Linux process runs in: a container, a virtual machine, a job of a cluster's batch system."""

import os

from envcheck_probes.kernel_files import exists, find_link, find_names, find_text, find_word, place, read_text

from envcheck.parsers.containers import batch_job, container
from envcheck.parsers.linux.virtual_machine import (
    hypervisor_of_clock,
    hypervisor_of_cloud,
    hypervisor_of_device_tree,
    hypervisor_of_firmware,
    hypervisor_of_power,
)

_DMI = "/sys/class/dmi/id/"
_DEVICE_TREE = "/proc/device-tree/"
# Containers of clusters, which bring their own programs and hide those of the machine.
_CLUSTER_CONTAINERS = ("apptainer", "enroot", "charliecloud", "shifter")
_MANAGED_BY_KUBERNETES = ("docker", "podman", "containerd", "other")


def tell_container(channel, seen):
    kind, source = read_container(seen)
    if kind is None and source is None:
        channel.unknown("system.container", "denied", "process 1 is another user's, and nothing else tells what the process is in")
    else:
        channel.fact("system.container", kind, source)


def read_container(seen):
    """The kind and where that is from; (None, words) is known to be in none, (None, None) cannot tell."""
    signs = [sign for sign in _signs(seen) if sign[0]]
    if signs:
        first = signs[0]
        pod = next((sign for sign in signs if sign[0] == "kubernetes"), None)
        return pod if pod and first[0] in _MANAGED_BY_KUBERNETES else first
    own = container.is_own_system(read_namespaces(seen.root))
    if own or seen.wsl:
        return None, "namespaces"
    if container.is_layered(seen.mounts):
        return "other", "/proc/self/mountinfo"
    if own is False and is_denied(seen.root, "/proc/1/environ"):
        return None, None
    return None, "no sign of a container"


def _signs(seen):
    """Each sign's kind (None: not that one) and source, the surest first."""
    root = seen.root
    yield container.container_of_variables(seen.variables), "environment"
    yield container.container_of_groups(seen.cgroup), "/proc/self/cgroup"
    yield container.container_of_mounts(seen.mounts), "/proc/self/mountinfo"
    if exists(root, "/var/run/secrets/kubernetes.io/serviceaccount"):
        yield "kubernetes", "/var/run/secrets/kubernetes.io/serviceaccount"
    if exists(root, "/run/.containerenv"):
        yield "podman", "/run/.containerenv"
    if exists(root, "/.dockerenv") and not _is_left_over(seen):
        yield "docker", "/.dockerenv"
    yield container.container_of_manager(find_word(root, "/run/systemd/container")), "/run/systemd/container"
    yield container.parse_first_process(find_text(root, "/proc/1/environ") or ""), "/proc/1/environ"
    if exists(root, "/.singularity.d"):
        yield "apptainer", "/.singularity.d"
    if exists(root, "/.flatpak-info"):
        yield "flatpak", "/.flatpak-info"


def _is_left_over(seen):
    """Whether the machine was started from a container's image: it has the mark of a container, and shares nothing with any."""
    return bool(container.is_own_system(read_namespaces(seen.root))) and not container.is_layered(seen.mounts)


def read_namespaces(root):
    """The names of this process's namespaces, such as `pid:[4026531836]`; those that cannot be read are left out."""
    links = {name: find_link(root, "/proc/self/ns/" + name) for name in ("pid", "uts", "ipc")}
    return {name: link for name, link in links.items() if link is not None}


def is_denied(root, path):
    try:
        read_text(root, path)
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def tell_virtual_machine(channel, seen):
    known, name, source = read_virtual_machine(seen)
    if known:
        channel.fact("system.virtual_machine", name, source)
    else:
        channel.unknown("system.virtual_machine", "unsupported", source)


def read_virtual_machine(seen):
    """Whether it is known, the hypervisor (None: the machine itself), and where that is from."""
    root = seen.root
    if seen.wsl == 2:
        return True, "hyper-v", "/proc/version"
    if seen.wsl == 1:
        return False, None, "WSL 1 does not show whether Windows itself runs in a virtual machine"
    if "control_d" in find_word(root, "/proc/xen/capabilities"):
        return True, None, "/proc/xen/capabilities"  # the domain that controls the others
    maker, product = find_word(root, _DMI + "sys_vendor"), find_word(root, _DMI + "product_name")
    named = hypervisor_of_firmware(maker, product)
    if named:
        return True, named, _DMI
    if seen.cpu.features and ("lm" in seen.cpu.features or "sse2" in seen.cpu.features):
        return True, _hypervisor_of_x86(seen, maker, product), "/proc/cpuinfo"
    return _hypervisor_of_others(seen, maker, product)


def _hypervisor_of_x86(seen, maker, product):
    """The processor shows a flag to every guest but those of old Xen; which hypervisor it is, firmware and clocks may tell."""
    flagged = "hypervisor" in seen.cpu.features
    xen = find_word(seen.root, "/sys/hypervisor/type") == "xen"
    if not flagged:
        return "xen" if xen else None
    clocks = find_word(seen.root, "/sys/devices/system/clocksource/clocksource0/available_clocksource")
    return hypervisor_of_cloud(maker, product) or ("xen" if xen else hypervisor_of_clock(clocks)) or "other"


def _hypervisor_of_others(seen, maker, product):
    known, name = hypervisor_of_power(seen.cpu.of_machine("machine"), seen.cpu.of_machine("platform"))
    if known:
        return True, name, "/proc/cpuinfo"
    name = hypervisor_of_device_tree(find_word(seen.root, _DEVICE_TREE + "hypervisor/compatible"))
    if name:
        return True, name, _DEVICE_TREE
    if maker or product:
        cloud = None if "metal" in product else hypervisor_of_cloud(maker, product)
        return True, cloud, _DMI
    if exists(seen.root, _DEVICE_TREE + "compatible"):
        return True, None, _DEVICE_TREE
    return False, None, "neither firmware nor device tree is to be seen"


def tell_scheduler(channel, seen):
    job, source = read_job(seen)
    if job is not None:
        system, number = job
        channel.fact("system.scheduler", system, source)
        if number is None:
            channel.unknown("system.job", "unsupported", system + " does not tell its number")
        else:
            channel.fact("system.job", number, source)
        _tell_login_node(channel, _is_login_node_in_job(seen, system, source))
        return
    kind, _ = read_container(seen)
    if kind in _CLUSTER_CONTAINERS:
        for fact in ("system.scheduler", "system.login_node"):
            channel.unknown(fact, "unsupported", "a container hides the programs of the cluster")
        return
    system = "kubernetes" if kind == "kubernetes" else batch_job.system_of_clients(read_clients(seen))
    channel.fact("system.scheduler", system, "container" if kind == "kubernetes" else "PATH")
    channel.fact("system.job", None, "environment")
    _tell_login_node(channel, False if system in (None, "kubernetes") else _is_login_node(seen))


def read_job(seen):
    """The batch system and the job's number, and where they are from; (None, "") outside of a job."""
    job = batch_job.job_of_variables(seen.variables)
    if job == ("htcondor", None):
        ad = find_text("/", seen.variables.get("_CONDOR_JOB_AD", "")) if seen.live else None
        return ("htcondor", batch_job.parse_job_ad(ad or "")), "environment"
    if job is not None:
        return job, "environment"
    job = batch_job.job_of_groups(seen.cgroup + "\n" + (find_text(seen.root, "/proc/self/cpuset") or ""))
    return job, "/proc/self/cgroup" if job else ""


def _tell_login_node(channel, answer):
    if answer is None:
        channel.unknown("system.login_node", "denied", "other users' processes are hidden, so a batch system's daemon may run unseen")
    else:
        channel.fact("system.login_node", answer, "PATH and processes")


def _is_login_node_in_job(seen, system, source):
    """`salloc` opens a shell that has the job's number and stays where it was started; what runs in the job has its node's name too."""
    if system != "slurm" or source != "environment" or seen.variables.get("SLURMD_NODENAME") or batch_job.job_of_groups(seen.cgroup):
        return False
    return _is_login_node(seen) if read_clients(seen) else False


def _is_login_node(seen):
    """Jobs can be handed in here and nothing runs them here; None where processes are hidden."""
    numbers = [name for name in find_names(seen.root, "/proc") if name.isdigit()]
    if find_text(seen.root, "/proc/1/comm") is None:
        return None
    return not any(find_word(seen.root, "/proc/" + number + "/comm") in batch_job.DAEMONS for number in numbers)


def read_clients(seen):
    """Which of the batch systems' programs PATH has. Under WSL the folders of Windows are passed over: they are slow, and not for this."""
    found = set()
    for folder in seen.variables.get("PATH", "").split(":"):
        if not folder.startswith("/") or (seen.wsl and folder.startswith("/mnt/")):
            continue
        found.update(name for name in batch_job.CLIENTS if os.access(place(seen.root, folder + "/" + name), os.X_OK))
    return found
