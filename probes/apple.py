"""What macOS says of the Mac's chip and GPUs: one run of system_profiler, which takes a second or two.

Argument: "deadline=SECONDS"; 8 s where it is not given. Only programs of the system itself are run, by their full path; none of those
that may be a placeholder which opens a dialog.
"""

import os
import sys

from envcheck_probes.programs.deadline import deadline_in

from envcheck.parsers.macs.mac_facts import said_by_card, said_by_mac
from envcheck.parsers.macs.system_profiler import parse_system_profiler_json
from envcheck.parsers.text.json_in_text import find_json

_PROGRAM = "/usr/sbin/system_profiler"
_MOST_BYTES = 2**20
_ASKED = ("SPHardwareDataType", "SPDisplaysDataType")
# What the quick probe measures itself, and better.
_KNOWN_ELSEWHERE = ("system.", "cpu.", "memory.")


def main(channel, arguments):
    if sys.platform == "darwin":
        channel.stage("system_profiler")
        channel.section("apple", report_mac, deadline_in(arguments, 8.0))


def report_mac(channel, deadline_s, program=_PROGRAM):
    from envcheck_probes.programs.question import Question, as_text

    command = (program, *_ASKED, "-json", "-timeout", str(max(1, int(deadline_s) - 1)))
    question = Question(command, deadline_s, _MOST_BYTES, apart=True).wait()
    trouble = question.trouble()
    text = as_text(question.words)
    # What it adds beside the JSON is passed over.
    mac = next(filter(None, (parse_system_profiler_json(document.value) for document in find_json(text))), None)
    if trouble is not None:
        channel.unknown("apple", *trouble)
    elif mac is None:
        channel.unknown("apple", *question.bad_end(text + "\n" + as_text(question.complaints)))
    else:
        tell(channel, mac, os.path.basename(program))


def tell(channel, mac, source):
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
