"""What `nvidia-smi -q -x` tells, where NVML could not be asked: the same facts, or the words in which it says what is wrong.

It is looked for in the absolute folders of PATH, then where drivers put it outside of PATH; never in the current folder.
"""

import os
import sys

from envcheck_probes.programs import search
from envcheck_probes.programs.deadline import deadline_in

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
    channel.stage("looking for nvidia-smi")
    program = find_program(os.environ, sys.platform)
    if program is None:
        _unknown(channel, "unsupported", "there is no nvidia-smi on PATH, nor where drivers put it")
        return
    channel.stage("running nvidia-smi")
    channel.section("nvidia.driver_version", report, program, deadline_in(arguments, DEADLINE_S))


def find_program(environment, platform):
    """Its path; None where there is none."""
    return search.find_program("nvidia-smi", parse_search_path(environment.get("PATH", "")) + places(environment, platform), platform)


def places(environment, platform):
    """Where it lies outside of PATH: WSL's folder of Windows' driver; on Windows the system's folder, before DCH drivers NVSMI."""
    if platform != "win32":
        return ["/usr/lib/wsl/lib"]
    system = os.path.join(environment.get("SYSTEMROOT", "C:\\Windows"), "System32")
    return [system, os.path.join(environment.get("PROGRAMFILES", "C:\\Program Files"), "NVIDIA Corporation", "NVSMI")]


def report(channel, program, deadline_s=DEADLINE_S):
    from envcheck_probes.programs.question import Question, as_text

    question = Question((program, "-q", "-x"), deadline_s, most_bytes=MOST_BYTES, apart=True).wait()
    text, complaints = as_text(question.words), as_text(question.complaints)
    trouble = question.trouble()
    if trouble is not None:
        _unknown(channel, *trouble)
        _say(channel, text, complaints)
        return
    log = parse_nvidia_smi_xml(text)
    told = log.problem is None and (log.driver_version is not None or log.cards)
    if told:
        _report_log(channel, log)
    else:
        reason, why = question.bad_end(complaints + "\n" + text)
        _unknown(channel, reason, log.problem if "<nvidia_smi_log" in text else why)
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
