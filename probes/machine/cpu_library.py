"""What py-cpuinfo knows of the processor and nothing quicker has said: it starts processes and measures a loop, which takes a second."""

from envcheck.parsers.cpu.x86_level import x86_level

SOURCE = "py-cpuinfo"
_X86_64 = ("x86_64", "amd64", "AMD64")
# By the fact: what py-cpuinfo calls it.
NAMES = {"cpu.model": "brand_raw", "cpu.vendor": "vendor_id_raw", "cpu.features": "flags"}


def tell_from_library(channel, missing, machine):
    """Tells those of the missing facts that it knows; of the others the reason stays that was told before.

    It is not started where nothing is missing: `/proc/cpuinfo` and sysctl mostly know everything.
    """
    if not missing:
        return
    try:
        import cpuinfo
    except ImportError:
        return
    known = cpuinfo.get_cpu_info()
    for fact in missing:
        value = known.get(NAMES[fact])
        if value:
            channel.fact(fact, linux_names(value) if fact == "cpu.features" else value, SOURCE)
    level = x86_level(linux_names(known.get("flags") or [])) if machine in _X86_64 and "cpu.features" in missing else None
    if level is not None:
        channel.fact("cpu.level", level, SOURCE)


def linux_names(features):
    """py-cpuinfo speaks Linux's language but for these."""
    names = {
        "rdrnd": "rdrand",
        "sha": "sha_ni",
        "avx512vnni": "avx512_vnni",
        "avx512vbmi2": "avx512_vbmi2",
        "avx512bitalg": "avx512_bitalg",
    }
    return list(dict.fromkeys(names.get(name, name) for name in features))
