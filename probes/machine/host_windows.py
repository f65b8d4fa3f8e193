"""What Windows says of the machine: the registry, psutil, and py-cpuinfo, which takes a second and comes last."""

import os
import sys

from envcheck_probes.machine.cpu_library import linux_names

from envcheck.parsers.cpu.x86_level import x86_level
from envcheck.parsers.linux.virtual_machine import hypervisor_of_cloud, hypervisor_of_firmware

_CPU = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
_BIOS = r"HARDWARE\DESCRIPTION\System\BIOS"
_CURRENT = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_FIRST_BUILD_OF_11 = 22000


def collect(channel, full=False):  # noqa: ARG001 - py-cpuinfo is the only one here that knows the features
    channel.stage("system")
    channel.section("system", tell_system)
    channel.section("system.virtual_machine", tell_virtual_machine)
    channel.stage("processor")
    channel.section("cpu.model", tell_model)
    channel.stage("psutil")
    channel.section("memory", tell_memory)
    channel.section("cpu.physical_cores", tell_cores)
    channel.stage("py-cpuinfo")
    channel.section("cpu.features", tell_features)


def tell_system(channel):
    version = sys.getwindowsversion()
    number = "{}.{}.{}".format(version.major, version.minor, version.build)
    channel.fact("system.os", "Windows", "sys.getwindowsversion")
    channel.fact("system.kernel", number, "sys.getwindowsversion")
    channel.fact("system.machine", read_machine(os.environ), "environment")
    channel.fact("system.distribution", product_name(read_registry(_CURRENT, "ProductName"), version.build), "registry")
    channel.fact("system.distribution_id", "windows", "registry")
    channel.fact("system.distribution_version", number, "sys.getwindowsversion")
    for name, value in (("libc", None), ("wsl", None), ("rosetta", False)):
        channel.fact("system." + name, value, "Windows")
    for name in ("container", "scheduler", "job", "login_node"):
        channel.unknown("system." + name, "unsupported", "envcheck looks for it on Linux only")
    channel.fact("memory.limit_bytes", None, "Windows")
    channel.fact("memory.shm_bytes", None, "Windows")


def read_machine(environment):
    """A 32-bit Python is told its own architecture, and the machine's in a second variable."""
    return environment.get("PROCESSOR_ARCHITEW6432") or environment.get("PROCESSOR_ARCHITECTURE") or ""


def product_name(name, build):
    """The registry of Windows 11 still says "Windows 10 Pro": the build number tells them apart."""
    if name and build >= _FIRST_BUILD_OF_11:
        return name.replace("Windows 10", "Windows 11")
    return name


def read_registry(key, name):
    """A string value below HKEY_LOCAL_MACHINE, or None."""
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as handle:
            value = winreg.QueryValueEx(handle, name)[0]
    except OSError:
        return None
    return value.strip() if isinstance(value, str) else None


def tell_virtual_machine(channel):
    maker, product = read_registry(_BIOS, "SystemManufacturer") or "", read_registry(_BIOS, "SystemProductName") or ""
    if not maker and not product:
        channel.unknown("system.virtual_machine", "unsupported", "the firmware does not name the machine")
    else:
        channel.fact("system.virtual_machine", hypervisor_of_firmware(maker, product) or hypervisor_of_cloud(maker, product), "registry")


def tell_model(channel):
    for fact, name in (("cpu.model", "ProcessorNameString"), ("cpu.vendor", "VendorIdentifier")):
        value = read_registry(_CPU, name)
        if value:
            channel.fact(fact, value, "registry")
        else:
            channel.unknown(fact, "unsupported", "the registry does not say it")


def tell_memory(channel):
    psutil = import_or_tell(channel, "psutil", ("memory.total_bytes", "memory.available_bytes", "memory.swap_bytes"))
    if psutil is None:
        return
    memory = psutil.virtual_memory()
    channel.fact("memory.total_bytes", memory.total, "psutil")
    channel.fact("memory.available_bytes", memory.available, "psutil")
    channel.fact("memory.swap_bytes", psutil.swap_memory().total, "psutil")


def tell_cores(channel):
    psutil = import_or_tell(channel, "psutil", ("cpu.physical_cores", "cpu.usable_cores"))
    logical = os.cpu_count()
    if logical:
        channel.fact("cpu.logical_cores", logical, "os.cpu_count")
    if psutil is None:
        return
    cores = psutil.cpu_count(logical=False)
    if cores:
        channel.fact("cpu.physical_cores", cores, "psutil")
    else:
        channel.unknown("cpu.physical_cores", "unsupported", "psutil does not know it")
    channel.fact("cpu.usable_cores", float(len(psutil.Process().cpu_affinity())), "psutil")


def tell_features(channel):
    cpuinfo = import_or_tell(channel, "cpuinfo", ("cpu.features", "cpu.level"))
    if cpuinfo is None:
        return
    features = cpuinfo.get_cpu_info().get("flags") or []
    if not features:
        for fact in ("cpu.features", "cpu.level"):
            channel.unknown(fact, "unsupported", "py-cpuinfo does not know them")
        return
    features = linux_names(features)
    channel.fact("cpu.features", features, "py-cpuinfo")
    arm = read_machine(os.environ).upper().startswith("ARM")
    level = None if arm else x86_level(features)
    if level is not None or arm:
        channel.fact("cpu.level", level, "py-cpuinfo")
    else:
        channel.unknown("cpu.level", "unsupported", "py-cpuinfo lists too few features")


def import_or_tell(channel, name, facts):
    """The module, or None after saying that the facts cannot be had without it."""
    try:
        return __import__(name)
    except ImportError:
        for fact in facts:
            channel.unknown(fact, "unsupported", "without {} there is no way to ask for it".format(name))
        return None
