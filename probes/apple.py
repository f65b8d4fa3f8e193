"""What macOS says of the Mac's chip and GPUs: one run of system_profiler, which takes a second or two.

Argument: "deadline=SECONDS"; 8 s where it is not given. Only programs of the system itself are run, by their full path; none of those
that may be a placeholder which opens a dialog.
"""

import json
import os
import sys

from envcheck.parsers.macs.mac_facts import said_by_card, said_by_mac
from envcheck.parsers.macs.system_profiler import parse_system_profiler_json

_PROGRAM = "/usr/sbin/system_profiler"
_MOST_BYTES = 2**20
_ASKED = ("SPHardwareDataType", "SPDisplaysDataType")
# What the quick probe measures itself, and better.
_KNOWN_ELSEWHERE = ("system.", "cpu.", "memory.")


def main(channel, arguments):
    deadline = [float(argument.partition("=")[2]) for argument in arguments if argument.startswith("deadline=")]
    if sys.platform == "darwin":
        channel.stage("system_profiler")
        channel.section("apple", report_mac, *(deadline or [8.0]))


def report_mac(channel, deadline_s, program=_PROGRAM):
    from envcheck_probes.programs.tool_questions import Question

    question = Question((program, *_ASKED, "-json", "-timeout", str(max(1, int(deadline_s) - 1))), deadline_s, _MOST_BYTES, apart=True)
    question.thread.join(deadline_s + 2)
    if question.fault:
        channel.unknown("apple", "crashed", program + ": " + question.fault)
    elif question.status is None:
        channel.unknown("apple", "timed_out", "{} did not answer within {:g} s".format(program, deadline_s))
    else:
        tell(channel, bytes(question.words).decode("utf-8", "backslashreplace"), program)


def tell(channel, text, program):
    """The facts of its answer; what it adds to them beside the JSON is passed over."""
    try:
        mac = parse_system_profiler_json(json.loads(text[text.index("{") :]))
    except (ValueError, RecursionError):
        mac = None
    if mac is None:
        first = (text.strip().splitlines() or ["it printed nothing"])[0]
        channel.unknown("apple", "unparsable", program + ": " + first[:200])
        return
    source = os.path.basename(program)
    for fact, value in said_by_mac(mac).items():
        if not fact.startswith(_KNOWN_ELSEWHERE):
            channel.fact(fact, value, source)
    numbers = {}
    for card in mac.cards:
        number = numbers.get(card.vendor, 0)
        numbers[card.vendor] = number + 1
        key = card.vendor + ":" + str(number) if card.vendor else str(number)
        channel.fact("accelerators[" + key + "]", said_by_card(card), source)
    if mac.displays_listed:
        channel.observed("accelerators", "complete")
