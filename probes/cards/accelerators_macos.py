"""Apple's own GPU, which is a part of every Apple chip; its name and cores are another probe's to ask for."""

import os


def collect(channel):
    channel.stage("Apple's GPU")
    channel.section("accelerators", tell_gpu, os.uname())


def tell_gpu(channel, uname):
    """The kernel names its own architecture even to an Intel program that Rosetta runs: `…/RELEASE_ARM64_T6000`."""
    if uname.machine == "arm64" or "RELEASE_ARM64" in uname.version:
        card = {"vendor": "apple", "backend": "metal", "integrated": True, "unified_memory": True}
        channel.fact("accelerators[apple:0]", card, "uname")
        channel.observed("accelerators", "complete")
    else:
        # The GPUs of Intel's Macs are told by a program alone, which the apple probe asks.
        channel.observed("accelerators", "none")
