"""What `nvidia-smi -q -x` tells, where NVML could not be asked: the same facts, or the words in which it says what is wrong.

It is looked for in the absolute folders of PATH, then where drivers put it outside of PATH; never in the current folder.
"""

import os
import sys

from envcheck.parsers.nvidia.nvidia_smi_log import card_facts, card_key
from envcheck.parsers.nvidia.nvidia_smi_xml import parse_nvidia_smi_xml
from envcheck.parsers.pci.pci_address import same_form
from envcheck.parsers.python.search_path import parse_search_path

DEADLINE_S = 8.0  # within the ten seconds of this child
MOST_BYTES = 16 * 2**20
_SOURCE = "nvidia-smi -q -x"
_WORDS = 4000
_ANSWERS = ("nvidia.driver_version", "nvidia.cuda_version")


def main(channel, arguments):
    deadline = [float(argument.partition("=")[2]) for argument in arguments if argument.startswith("deadline=")]
    channel.stage("looking for nvidia-smi")
    program = find_program(os.environ, sys.platform)
    if program is None:
        _unknown(channel, "unsupported", "there is no nvidia-smi on PATH, nor where drivers put it")
        return
    channel.stage("running nvidia-smi")
    channel.section("nvidia.driver_version", report, program, *deadline)


def find_program(environment, platform):
    """Its path; None where there is none."""
    name = "nvidia-smi.exe" if platform == "win32" else "nvidia-smi"
    for folder in parse_search_path(environment.get("PATH", "")) + places(environment, platform):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def places(environment, platform):
    """Where it lies outside of PATH: WSL's folder of Windows' driver; on Windows the system's folder, before DCH drivers NVSMI."""
    if platform != "win32":
        return ["/usr/lib/wsl/lib"]
    system = os.path.join(environment.get("SYSTEMROOT", "C:\\Windows"), "System32")
    return [system, os.path.join(environment.get("PROGRAMFILES", "C:\\Program Files"), "NVIDIA Corporation", "NVSMI")]


def report(channel, program, deadline_s=DEADLINE_S):
    from envcheck_probes.programs.tool_questions import Question

    question = Question((program, "-q", "-x"), deadline_s, most_bytes=MOST_BYTES, apart=True)
    question.thread.join(deadline_s + 1)
    text, complaints = (bytes(words).decode("utf-8", "backslashreplace") for words in (question.words, question.complaints))
    if question.status is None:
        reason = "crashed" if question.fault and question.fault != "it could not be ended" else "timed_out"
        _unknown(channel, reason, question.fault or "{} did not answer within {:g} s".format(program, deadline_s))
        _say(channel, text, complaints)
        return
    log = parse_nvidia_smi_xml(text)
    told = log.problem is None and (log.driver_version is not None or log.cards)
    if told:
        _report_log(channel, log)
    else:
        words = _first_line(complaints) or _first_line(text) or "it printed nothing"
        why = log.problem if "<nvidia_smi_log" in text else "{} ended with status {}: {}".format(program, question.status, words)
        _unknown(channel, "unparsable" if question.status == 0 else "crashed", why)
    _say(channel, text.partition("<?xml")[0] if told else text, complaints)


def _report_log(channel, log):
    for fact, value in (("nvidia.driver_version", log.driver_version), ("nvidia.cuda_version", log.cuda_version)):
        if value is not None:
            channel.fact(fact, value, _SOURCE)
        else:
            channel.unknown(fact, "unparsable", "{} does not tell it".format(_SOURCE))
    for card in log.cards:
        key = card_key(card)
        if key is None:
            continue
        facts = dict(card_facts(card))
        address = same_form(str(facts.get("pci_address", "")))
        if address is not None:
            facts["pci_address"] = address  # as the kernel writes it
        channel.fact(key, facts, _SOURCE)
    if log.cards:
        lost = any(card.facts.get("state") == "lost" for card in log.cards)
        channel.fact("nvidia.state", "gpu-lost" if lost else "ok", _SOURCE)
        channel.observed("accelerators", "partial")
    if log.cut:
        channel.unknown("accelerators", "unparsable", "the output of {} ends before its end".format(_SOURCE))


def _say(channel, *texts):
    for text in texts:
        if text.strip():
            channel.said("nvidia-smi", text[:_WORDS], {"source": _SOURCE})


def _unknown(channel, reason, detail):
    for fact in _ANSWERS:
        channel.unknown(fact, reason, detail)


def _first_line(text):
    return next((line.strip()[:200] for line in text.splitlines() if line.strip()), "")
