"""The limits that control groups set for this process: the tightest one of its own group and of all those above it."""

from envcheck_probes.kernel_files import exists, find_text

from envcheck.parsers.cpu.cpu_list import parse_cpu_list
from envcheck.parsers.linux.cgroup import (
    group_folders,
    is_outside,
    mount_of_group,
    parse_cgroup,
    parse_cpu_max,
    parse_hierarchical_limit,
    parse_limit,
)
from envcheck.parsers.linux.mounts import Mount

_V1, _V2_BESIDE_V1 = "/sys/fs/cgroup", "/sys/fs/cgroup/unified"


class Limits:
    """What was found: None is no limit. `hidden` and `garbled` name what could not be looked at or made sense of."""

    def __init__(self):
        self.memory_bytes = None
        self.memory_source = ""
        self.cpus = None
        self.cpus_source = ""
        self.cpuset = None
        self.hidden = []
        self.garbled = []

    def memory(self, value, source):
        if value is not None and (self.memory_bytes is None or value < self.memory_bytes):
            self.memory_bytes, self.memory_source = value, source

    def cpu(self, value, source):
        if value is not None and (self.cpus is None or value < self.cpus):
            self.cpus, self.cpus_source = value, source

    def take(self, parse, text, source):
        """What the parser makes of a file's text, None where there is no such file or its text is no limit."""
        try:
            return None if text is None else parse(text)
        except ValueError:
            self.garbled.append(source)
            return None


def read_limits(root, cgroup, mounts):
    """The limits for a process whose /proc/self/cgroup says `cgroup`; without any mounts the usual places are tried."""
    limits = Limits()
    for group in parse_cgroup(cgroup):
        if group.controllers and not {"memory", "cpu", "cpuset"} & set(group.controllers):
            continue
        mount = mount_of_group(group, mounts) if mounts else _usual_place(root, group)
        folders = group_folders(group, mount) if mount else []
        if not folders or (is_outside(group) and not exists(root, folders[0])):
            limits.hidden.append(",".join(group.controllers) or "unified")
            continue
        for number, folder in enumerate(folders):
            _read_folder(root, folder, group.controllers, limits, own=number == 0)
    return limits


def _usual_place(root, group):
    names = [",".join(group.controllers), *group.controllers]
    points = [_V1 + "/" + name for name in names] if group.controllers else [_V2_BESIDE_V1, _V1]
    return next((Mount("/", point, [], "", "", []) for point in points if exists(root, point)), None)


def _read_folder(root, folder, controllers, limits, own):
    def text(name):
        return find_text(root, folder + "/" + name)

    def source(name):
        return folder + "/" + name

    if not controllers:
        limits.memory(limits.take(parse_limit, text("memory.max"), source("memory.max")), source("memory.max"))
        limits.cpu(limits.take(parse_cpu_max, text("cpu.max"), source("cpu.max")), source("cpu.max"))
        _read_cpuset(limits, text("cpuset.cpus.effective"), source("cpuset.cpus.effective"))
    if "memory" in controllers:
        name = "memory.limit_in_bytes"
        limits.memory(limits.take(parse_limit, text(name), source(name)), source(name))
        if own:  # it also knows the groups above that a container does not see
            limits.memory(limits.take(parse_hierarchical_limit, text("memory.stat"), source("memory.stat")), source("memory.stat"))
    if "cpu" in controllers:
        quota, period = text("cpu.cfs_quota_us"), text("cpu.cfs_period_us")
        pair = None if quota is None or period is None else quota + " " + period
        limits.cpu(limits.take(parse_cpu_max, pair, source("cpu.cfs_quota_us")), source("cpu.cfs_quota_us"))
    if "cpuset" in controllers:
        _read_cpuset(limits, text("cpuset.effective_cpus") or text("cpuset.cpus"), source("cpuset.cpus"))


def _read_cpuset(limits, text, source):
    """An empty list says that the group above decides."""
    cpus = limits.take(parse_cpu_list, text, source)
    if cpus:
        limits.cpuset = cpus if limits.cpuset is None else limits.cpuset & cpus
