"""Tells an import that gets on from one that hangs: modules are added to `sys.modules` as long as it gets on.

A thread without any module of Python's own, since one that is imported here would hide from a framework that another stands before it.
"""

import sys
import time
from _thread import allocate_lock, start_new_thread

_LOOK_S = 1.0


class alive_while_importing:  # noqa: N801 - read as a word of the with statement
    """Within it the deadline of `seconds` begins anew whenever further modules have come; a thread that C code holds up says nothing."""

    def __init__(self, channel, seconds):
        self._channel = channel
        self._seconds = seconds
        self._over = allocate_lock()
        self._ended = allocate_lock()

    def __enter__(self):
        self._channel.deadline(self._seconds)
        self._over.acquire()
        self._ended.acquire()
        start_new_thread(self._watch, ())

    def __exit__(self, *_error):
        self._over.release()
        self._ended.acquire(timeout=_LOOK_S)  # or it might set the import's deadline once more, when the test has its own

    def _watch(self):
        try:
            self._look()
        finally:
            self._ended.release()

    def _look(self):
        known, told = len(sys.modules), time.perf_counter()
        while not self._over.acquire(timeout=_LOOK_S):
            now = len(sys.modules)
            # A tenth of the deadline is often enough, and a long import writes no megabytes.
            if now != known and time.perf_counter() - told > self._seconds / 10:
                known, told = now, time.perf_counter()
                self._channel.deadline(self._seconds)
