"""nvidia-smi run by the probe: real scripts on a PATH of the test's own, that print what the real one prints."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Snapshot
from envcheck.messages import parse_message
from envcheck.observing.answer import Answer
from envcheck.observing.process import Task
from envcheck.observing.runner import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of the test are shell scripts")
XML = """<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<driver_version>570.86.16</driver_version>
	<cuda_version>12.8</cuda_version>
	<attached_gpus>1</attached_gpus>
	<gpu id="00000000:0A:00.0">
		<product_name>NVIDIA GeForce RTX 3060</product_name>
		<fb_memory_usage>
			<total>12288 MiB</total>
			<used>10 MiB</used>
			<free>12000 MiB</free>
		</fb_memory_usage>
	</gpu>
</nvidia_smi_log>
"""
Ask = Callable[..., Answer]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Runs the probe with a program that prints `out` and `err`, and ends with `status`."""

    def ask(out: str = "", err: str = "", status: int = 0, code: str = "", deadline_s: float = 8.0) -> Answer:
        (tmp_path / "out").write_text(out)
        (tmp_path / "err").write_text(err)
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\n{code}\n/bin/cat '{tmp_path}/out'\n/bin/cat '{tmp_path}/err' >&2\nexit {status}\n")
        program.chmod(0o755)
        task = Task("nvidia_smi", "nvidia_smi", sys.executable, (f"deadline={deadline_s}",), own=True, variables={"PATH": str(tmp_path)})
        return run([task])["nvidia_smi"]

    return ask


def snapshot(answer: Answer) -> Snapshot:
    return resolve(answer.evidence, taken="", live=True)


def unknown(answer: Answer) -> dict[str, tuple[str, str]]:
    return {entry.fact: (entry.reason.value, entry.detail) for entry in answer.evidence.unknown}


def test_its_facts(ask: Ask) -> None:
    answer = ask(XML)
    facts = snapshot(answer)
    assert (facts.nvidia.driver_version, facts.nvidia.cuda_version, facts.nvidia.state) == ("570.86.16", "12.8", "ok")
    (card,) = facts.accelerators
    assert (card.name, card.pci_address, card.memory_bytes) == ("NVIDIA GeForce RTX 3060", "0000:0a:00.0", 12288 * 2**20)
    assert answer.said == []


@pytest.mark.parametrize("on_standard_error", [False, True])
def test_the_words_it_fails_with_are_said_from_both_streams(ask: Ask, on_standard_error: bool) -> None:
    words = "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.173\n"
    answer = ask(**{"err" if on_standard_error else "out": words}, status=18)
    (symptom,) = [symptom for said in answer.said for symptom in parse_message(said.text)]
    assert (symptom.code, symptom.details["library_version"]) == (18, "580.173")
    reason, detail = unknown(answer)["nvidia.driver_version"]
    assert reason == "crashed"
    assert "ended with status 18: Failed to initialize NVML" in detail


def test_what_it_says_before_its_answer_is_heard(ask: Ask) -> None:
    answer = ask("Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error\n" + XML)
    (symptom,) = parse_message(answer.said[0].text)
    assert symptom.details["device"] == "0000:34:00.0"
    assert snapshot(answer).nvidia.driver_version == "570.86.16"


def test_an_answer_that_was_cut_is_told(ask: Ask) -> None:
    answer = ask(XML[: XML.index("<used>")])
    assert unknown(answer)["accelerators"][0] == "unparsable"
    assert snapshot(answer).accelerators[0].name == "NVIDIA GeForce RTX 3060"


def test_an_answer_with_entities_is_refused(ask: Ask) -> None:
    answer = ask('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><nvidia_smi_log>&b;</nvidia_smi_log>')
    assert unknown(answer)["nvidia.driver_version"][0] == "unparsable"


def test_a_program_that_hangs_is_ended_within_its_deadline(ask: Ask) -> None:
    answer = ask(XML, code="/bin/sleep 600", deadline_s=1.0)
    assert unknown(answer)["nvidia.driver_version"][0] == "timed_out"
    assert answer.seconds < 8


def test_a_program_that_prints_without_end_is_bounded(ask: Ask) -> None:
    answer = ask(
        code="while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", deadline_s=2.0
    )
    assert unknown(answer)["nvidia.driver_version"][0] in ("timed_out", "unparsable", "crashed")


def test_without_it_nothing_is_run(tmp_path: Path) -> None:
    task = Task("nvidia_smi", "nvidia_smi", sys.executable, own=True, variables={"PATH": str(tmp_path)})
    assert unknown(run([task])["nvidia_smi"])["nvidia.driver_version"][0] == "unsupported"


def test_it_is_never_run_from_the_current_folder(probe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    find = probe("nvidia_smi").find_program
    for path in ("", ".", ":", "::", "../" + tmp_path.name):
        assert find({"PATH": path}, "linux") is None
    assert find({"PATH": os.pathsep.join(["", str(tmp_path)])}, "linux") == str(program)


def test_where_it_lies_on_windows(probe) -> None:
    folders = probe("nvidia_smi").places({"SYSTEMROOT": "C:\\Windows", "PROGRAMFILES": "C:\\Program Files"}, "win32")
    assert [folder.replace("/", "\\") for folder in folders] == [
        "C:\\Windows\\System32",
        "C:\\Program Files\\NVIDIA Corporation\\NVSMI",
    ]
