"""What Intel's own tool tells of its GPUs: `xpu-smi discovery`, all of them and then each, within one deadline.

Argument: "deadline=SECONDS" for all questions together; 8 s where it is not given. Started in a full run only, and only where a card of
Intel's was seen. Without the tool nothing is told and nothing is unknown: the files tell the rest.
"""

import json
import os
import sys
import time

from envcheck.parsers.oneapi.xpu_smi import parse_xpu_smi_json
from envcheck.parsers.python.search_path import file_names, parse_search_path

_TOOLS = ("xpu-smi", "xpumcli")
_MOST_CARDS = 16
_MOST_BYTES = 2**20


def main(channel, arguments):
    deadline = [float(argument.partition("=")[2]) for argument in arguments if argument.startswith("deadline=")]
    channel.section("intel", report_discovery, *(deadline or [8.0]))


def report_discovery(channel, deadline_s):
    tool = find_tool(os.environ.get("PATH", ""))
    if tool is None:
        return
    ends = time.monotonic() + deadline_s
    channel.stage("xpu-smi discovery")
    devices = ask(channel, (tool, "discovery", "-j"), ends)
    for device in devices[:_MOST_CARDS]:
        channel.stage("xpu-smi discovery -d " + str(device.index))
        more = ask(channel, (tool, "discovery", "-d", str(device.index), "-j"), ends)
        tell(channel, next((other for other in more if other.index == device.index), None) or device, tool)


def find_tool(search_path):
    """The program's full path; nothing is run from the current folder or from a relative entry of PATH."""
    for name in _TOOLS:
        for folder in parse_search_path(search_path):
            for file in file_names(name, sys.platform):
                path = os.path.join(folder, file)
                if os.path.isfile(path) and os.access(path, os.X_OK):
                    return path
    return None


def ask(channel, command, ends):
    """The devices in the answer; none where it did not come in time or says something else."""
    from envcheck_probes.programs.tool_questions import Question

    left = ends - time.monotonic()
    if left <= 0:
        channel.unknown("intel.driver_version", "timed_out", "no time was left for " + " ".join(command[1:]))
        return []
    question = Question(command, left, _MOST_BYTES, apart=True)
    question.thread.join(left + 2)
    text = bytes(question.words).decode("utf-8", "backslashreplace")
    shown = " ".join((os.path.basename(command[0]), *command[1:]))
    if question.fault or question.status is None:
        reason = ("crashed", question.fault) if question.fault else ("timed_out", shown + " did not answer in time")
        channel.unknown("intel.driver_version", *reason)
        return []
    try:
        devices = parse_xpu_smi_json(json.loads(text[text.index("{") :]))
    except (ValueError, RecursionError):
        devices = []
    if not devices:
        channel.unknown("intel.driver_version", "unparsable", shown + ": " + (text.strip().splitlines() or ["it printed nothing"])[0][:200])
        channel.said("xpu-smi", (text + "\n" + bytes(question.complaints).decode("utf-8", "backslashreplace"))[:4000], {"source": shown})
    return devices


def tell(channel, device, tool):
    told = {
        "name": device.name,
        "memory_bytes": device.memory_bytes,
        "pci_address": device.pci_address,
        "pci_id": device.pci_id,
        "uuid": device.uuid,
    }
    card = {"vendor": "intel", "backend": "xpu"}
    card.update((fact, value) for fact, value in told.items() if value is not None)
    source = os.path.basename(tool) + " discovery"
    channel.fact("accelerators[intel:" + str(device.index) + "]", card, source)
