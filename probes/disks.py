"""The volumes that matter: how much is free on each and whether this user may write there, without writing anything.

Arguments are `purpose=path`. Every path is asked on a thread of its own, since a dead network mount hangs whoever asks: that costs
this one path and nothing else.
"""

import os
import threading
import time

from envcheck_probes.kernel_files import find_text

from envcheck.parsers.linux.mounts import mount_of, parse_mountinfo

LIMIT_S = 3.0
# What some network and FUSE file systems answer for "any amount".
_NO_SIZE = 2**62


class Unanswered(Exception):
    """A path that could not be asked, with the reason as envcheck names it."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason


class Asker(threading.Thread):
    """One path's thread; `disk` is the answer once it has ended, `trouble` why there is none."""

    def __init__(self, purpose, path):
        super().__init__(daemon=True)
        self.purpose, self.path = purpose, path
        self.disk = self.trouble = None

    def run(self):
        try:
            self.disk = read_disk(self.path)
        except Unanswered as error:
            self.trouble = error
        except PermissionError as error:
            self.trouble = Unanswered("denied", str(error))
        except ValueError as error:  # a NUL byte
            self.trouble = Unanswered("unparsable", str(error))
        except Exception as error:  # noqa: BLE001 - stale handles, dead FUSE programs, whatever a file system answers
            self.trouble = Unanswered("crashed", "{}: {}".format(self.path, error))


def main(channel, arguments):
    askers = [Asker(purpose, path) for purpose, _, path in (argument.partition("=") for argument in arguments)]
    channel.stage("asking {} paths".format(len(askers)))
    for asker in askers:
        asker.start()
    end = time.monotonic() + LIMIT_S
    for asker in askers:
        asker.join(max(0.0, end - time.monotonic()))
        tell(channel, asker)
    channel.observed("disks", "complete" if all(asker.disk for asker in askers) else "partial")


def tell(channel, asker):
    fact = "disks[" + asker.purpose + "]"
    disk, trouble = asker.disk, asker.trouble
    if disk is not None:
        channel.fact(fact, {name: value for name, value in disk.items() if value is not None}, "statvfs")
        if disk["total_bytes"] is None:
            for name in ("total_bytes", "free_bytes"):
                channel.unknown(fact + "." + name, "unsupported", "the file system does not say its size")
    elif trouble is not None:
        channel.unknown(fact, trouble.reason, str(trouble))
    else:
        channel.unknown(fact, "timed_out", asker.path)


def read_disk(path):
    """The facts of the volume that a path lies on, or would lie on. Raises Unanswered and OSError."""
    if not path:
        raise Unanswered("unparsable", "the path is empty")
    place = find_place(os.path.abspath(path))
    total, free, read_only = read_volume(place)
    mount = None if os.name == "nt" else read_mount(place)
    mask = os.W_OK | (os.X_OK if os.path.isdir(place) else 0)
    return {
        "path": os.path.abspath(path),
        "filesystem": read_windows_filesystem(place) if os.name == "nt" else mount,
        "total_bytes": total,
        "free_bytes": free,
        "writable": not read_only and os.access(place, mask),
    }


def find_place(path):
    """The path without links if it is there, else its nearest parent that is: it is where a folder of that name would be made."""
    place = os.path.realpath(path)
    while not is_there(place):
        parent = os.path.dirname(place)
        if parent == place:
            raise Unanswered("unsupported", place + " is not there")
        place = parent
    return place


def is_there(path):
    """Whether a path exists; one that may not be looked at raises PermissionError, since its parent may lie on another volume."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def read_volume(place):
    """Size, what this user may still write, and whether it is mounted read-only; no sizes where the file system has none to tell."""
    if os.name == "nt":
        import shutil

        usage = shutil.disk_usage(place)
        return usage.total, usage.free, False
    status = os.statvfs(place)
    total, free = status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize
    sized = 0 < total < _NO_SIZE
    return (total if sized else None), (free if sized else None), bool(status.f_flag & os.ST_RDONLY)


def read_mount(place):
    """The file system's kind, such as ext4 or nfs4. Read after the path was asked, which is what makes automatic mounts happen."""
    text = find_text("/", "/proc/self/mountinfo", 8 * 2**20)
    if text is None:
        return read_psutil_filesystem(place)
    mount = mount_of(place, parse_mountinfo(text))
    return mount.filesystem if mount else None


def read_psutil_filesystem(place):
    """macOS: psutil has the table of mounts; without it the kind is not known."""
    try:
        import psutil
    except ImportError:
        return None
    found = None
    for part in psutil.disk_partitions(all=True):
        below = part.mountpoint.rstrip("/") + "/"
        if (place + "/").startswith(below) and (found is None or len(part.mountpoint) >= len(found.mountpoint)):
            found = part
    return found.fstype if found else None


def read_windows_filesystem(place):
    """NTFS, ReFS, exFAT …"""
    import ctypes

    root, kind = ctypes.create_unicode_buffer(1024), ctypes.create_unicode_buffer(64)
    kernel = ctypes.windll.kernel32
    if not kernel.GetVolumePathNameW(place, root, len(root)):
        return None
    if not kernel.GetVolumeInformationW(root.value, None, 0, None, None, None, kind, len(kind)):
        return None
    return kind.value
