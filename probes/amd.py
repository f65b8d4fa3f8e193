"""AMD's own tools, asked for what no file tells: amd-smi first, rocm-smi where that is not there or fails.

Argument: "deadline=SECONDS" for each question; 4 s where it is not given. Programs are taken from absolute entries of PATH and from
/opt/rocm/bin. A tool that hangs is the last that is asked, since the next one would ask the same driver.
"""

import os
import sys

from envcheck_probes.programs.deadline import deadline_in
from envcheck_probes.programs.question import Question, as_text
from envcheck_probes.programs.search import find_program
from envcheck_probes.reading import shown

from envcheck.parsers.amd.amd_smi import parse_amd_smi_json
from envcheck.parsers.amd.rocm_smi import parse_rocm_smi_json
from envcheck.parsers.python.search_path import parse_search_path
from envcheck.parsers.text.json_in_text import find_json

DEADLINE_S = 4.0
_MOST_BYTES = 2 * 2**20
_MOST_SAID = 4000
_FOLDERS = ("/opt/rocm/bin",)
_BUS = "/sys/bus/pci/devices/"
_QUESTIONS = (
    ("amd-smi", ("static", "--asic", "--bus", "--vram", "--driver", "--json"), parse_amd_smi_json),
    ("amd-smi", ("metric", "--mem-usage", "--power", "--temperature", "--json"), parse_amd_smi_json),
    (
        "rocm-smi",
        ("--showid", "--showproductname", "--showbus", "--showmeminfo", "vram", "gtt", "--showuniqueid", "--showdriverversion", "--json"),
        parse_rocm_smi_json,
    ),
)


def main(channel, arguments):
    if sys.platform != "win32":  # its tools there are others
        channel.section(
            "amd", report_tools, [*parse_search_path(os.environ.get("PATH", "")), *_FOLDERS], deadline_in(arguments, DEADLINE_S)
        )


def report_tools(channel, folders, deadline_s=DEADLINE_S):
    answered = set()
    for name, arguments, parse in _QUESTIONS:
        path = find_program(name, folders)
        if path is None or (answered and name not in answered):
            continue
        channel.stage("asking " + name)
        question = Question((path, *arguments), deadline_s, _MOST_BYTES).wait()
        source = " ".join((shown(path), *arguments))
        text, trouble = as_text(question.words), question.trouble()
        listing = _first_listing(text, parse)
        if listing is not None:
            answered.add(name)
            _report(channel, listing, source)
        elif trouble is not None:
            channel.unknown("amd", *trouble)
            if trouble[0] == "timed_out":
                return
        else:
            channel.said(name, text[:_MOST_SAID], {"source": source})
            channel.unknown("amd", *question.bad_end(text))


def _first_listing(text, parse):
    listings = (parse(document.value) for document in find_json(text))
    return next((listing for listing in listings if listing is not None), None)


def _report(channel, listing, source):
    for number, fields in listing.cards.items():
        known = {name: value for name, value in fields.items() if not _is_in_files(name, fields.get("pci_address"))}
        channel.fact("accelerators[amd:{}]".format(number), dict(known, vendor="amd", backend="rocm"), source)
    if listing.driver_version:
        channel.fact("amd.driver_version", listing.driver_version, source)
    if listing.rocm_version:
        channel.fact("amd.rocm_version", listing.rocm_version, source)


def _is_in_files(name, address):
    """What changes by the moment is not told twice: the kernel's own files have told it."""
    moving = ("memory_used_bytes", "memory_free_bytes", "shared_memory_bytes")
    return name in moving and address is not None and os.path.exists(_BUS + address + "/mem_info_vram_used")
