"""What Intel's own tool tells of its GPUs: `xpu-smi discovery`, all of them and then each, within one deadline.

Argument: "deadline=SECONDS" for all questions together; 8 s where it is not given. Started in a full run only, and only where a card of
Intel's was seen. Without the tool nothing is told and nothing is unknown: the files tell the rest.
"""

import os
import time

from envcheck_probes.programs.deadline import deadline_in
from envcheck_probes.programs.search import find_programs

from envcheck.parsers.oneapi.xpu_smi import parse_xpu_smi_json
from envcheck.parsers.python.search_path import parse_search_path
from envcheck.parsers.text.json_in_text import find_json

_TOOLS = ("xpu-smi", "xpumcli")
_MOST_CARDS = 16
_MOST_BYTES = 2**20
_MOST_SAID = 4000


def main(channel, arguments):
    channel.section("intel", report_discovery, deadline_in(arguments, 8.0))


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
    folders = parse_search_path(search_path)
    return next((path for name in _TOOLS for path in find_programs(name, folders)), None)


def ask(channel, command, ends):
    """The devices in the answer; none where it did not come in time or says something else."""
    from envcheck_probes.programs.question import Question, as_text

    left = ends - time.monotonic()
    if left <= 0:
        channel.unknown("intel.driver_version", "timed_out", "no time was left for " + " ".join(command[1:]))
        return []
    question = Question(command, left, _MOST_BYTES, apart=True).wait()
    trouble = question.trouble()
    if trouble is not None:
        channel.unknown("intel.driver_version", *trouble)
        return []
    text = as_text(question.words)
    devices = next(filter(None, (parse_xpu_smi_json(document.value) for document in find_json(text))), [])
    if not devices:
        words = text + "\n" + as_text(question.complaints)
        channel.unknown("intel.driver_version", *question.bad_end(words))
        channel.said("xpu-smi", words[:_MOST_SAID], {"source": " ".join((os.path.basename(command[0]), *command[1:]))})
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
