"""How many cards CUDA shows to this process, for frameworks that list what they were built for and not what is there."""

import ctypes

from envcheck_probes.cuda_driver import library_name


def count_cards():
    """By the driver's own library, CUDA_VISIBLE_DEVICES and all; 0 where there is no driver, or it fails. No context is created."""
    count = ctypes.c_int(0)
    try:
        library = ctypes.CDLL(library_name())
        answered = library.cuInit(0) == 0 and library.cuDeviceGetCount(ctypes.byref(count)) == 0
    except (OSError, AttributeError):
        return 0
    return count.value if answered else 0
