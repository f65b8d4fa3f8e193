"""A whole text or file becomes one snapshot; what cannot be read says why."""
# ruff: noqa: E501 - what programs print stands as they print it

import contextlib
import json
import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from envcheck.facts.snapshot import Nvidia, Package, PackageState, Python, Snapshot
from envcheck.facts.symptoms import SymptomKind
from envcheck.readers.read import MAX_BYTES, Unreadable, read_saved, read_text

CASES = Path(__file__).parents[3] / "shared" / "cases" / "dev"
SAVED = Snapshot(
    taken="2026-11-21T09:00:00Z",
    live=True,
    nvidia=Nvidia(driver_version=None),
    python=Python(version="3.11.7"),
    packages=(Package(name="torch", state=PackageState.OK, version="2.8.0+cu128"),),
)


def test_a_text_that_says_nothing_gives_an_empty_snapshot() -> None:
    for text in ("", "hello", "\n\n\n"):
        facts = read_text(text)
        assert (facts.packages, facts.symptoms, facts.builds, facts.live, facts.taken) == ((), (), {}, False, "")


def test_a_saved_snapshot_is_found_between_other_lines() -> None:
    document = json.dumps(msgspec.to_builtins(SAVED), indent=2)
    assert read_saved(f"This is mine:\n```json\n{document}\n```\nthanks\n".encode(), "issue.md") == SAVED


def test_a_snapshot_between_other_lines_that_is_cut_is_read_as_text() -> None:
    document = json.dumps(msgspec.to_builtins(SAVED), indent=2)
    assert not read_saved(f"This is mine:\n{document[: len(document) // 2]}\n".encode(), "issue.md").live


def test_a_saved_snapshot_comes_back_as_it_was() -> None:
    assert read_saved(msgspec.json.encode(SAVED), "facts.json") == SAVED
    assert read_saved(b"\xef\xbb\xbf  " + msgspec.json.encode(SAVED), "facts.json") == SAVED


def test_a_report_gives_its_facts() -> None:
    report = {"schema": "envcheck/report/1", "status": "healthy", "facts": msgspec.to_builtins(SAVED)}
    assert read_saved(json.dumps(report).encode(), "report.json") == SAVED


def test_a_snapshot_that_powershell_wrote_is_read() -> None:
    assert read_saved(msgspec.json.encode(SAVED).decode().encode("utf-16"), "facts.json") == SAVED
    assert read_saved("Failed to initialize NVML: Unknown Error".encode("utf-16"), "a.txt").symptoms[0].code == 999


def test_what_another_version_added_is_passed_over() -> None:
    document = {**msgspec.to_builtins(SAVED), "later": {"a": 1}}
    assert read_saved(json.dumps(document).encode(), "facts.json") == SAVED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"schema": "envcheck/snapshot/9"}', "schema envcheck/snapshot/9"),
        (b'{"schema": "envcheck/plan/1"}', "schema envcheck/plan/1"),
        (b'{"schema": "envcheck/report/1"}', "without its facts"),
        (b'{"schema": "envcheck/report/1", "facts": {"schema": "envcheck/snapshot/9"}}', "snapshot/9"),
        (msgspec.json.encode(SAVED)[:-20], "no whole JSON"),
        (b'{"schema": "envcheck/snapshot/1", "memory": {"total_bytes": "much"}}', "memory.total_bytes"),
        (b'{"schema": "envcheck/snapshot/1", "memory": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_a_document_of_envchecks_that_cannot_be_used_says_why_and_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_saved(content, "facts.json")
    assert words in caught.value.title
    assert caught.value.title.startswith("facts.json ")
    assert caught.value.hint


def test_a_file_of_more_than_the_limit_is_refused() -> None:
    with pytest.raises(Unreadable, match="larger than 100 MiB"):
        read_saved(b" " * (MAX_BYTES + 1), "big")


def test_somebody_elses_json_is_read_as_text() -> None:
    assert read_saved(b'{"error": "Failed to initialize NVML: Unknown Error"}', "log.json").symptoms[0].code == 999
    assert read_saved(b"{ not json at all", "x").symptoms == ()


def test_bytes_that_are_no_utf8_do_not_matter() -> None:
    facts = read_saved(b"\xff\xe4\x00 \nKilled\n", "log")
    assert [symptom.kind for symptom in facts.symptoms] == [SymptomKind.SIGNAL]


def test_what_a_message_states_becomes_a_fact() -> None:
    facts = read_text(
        "NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.\n"
        "The current PyTorch install supports CUDA capabilities sm_50 sm_90.\nPyTorch >= 2.1 is required but found 1.13.1\n"
        "A module that was compiled using NumPy 1.x cannot be run in NumPy 2.1.3 as it may crash.\n"
    )
    assert facts.builds["torch"].arch_list == ("sm_50", "sm_90")
    assert [(card.name, card.compute_capability) for card in facts.accelerators] == [("NVIDIA GeForce RTX 5090", "12.0")]
    assert {package.name: package.version for package in facts.packages} == {"torch": "1.13.1", "numpy": "2.1.3"}


def test_the_capability_goes_to_the_card_of_that_name() -> None:
    facts = read_text(
        "GPU 0: NVIDIA GeForce RTX 3090\nGPU 1: NVIDIA GeForce RTX 5090\n"
        "NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.\n"
    )
    assert [(card.name, card.compute_capability) for card in facts.accelerators] == [
        ("NVIDIA GeForce RTX 3090", UNSET),
        ("NVIDIA GeForce RTX 5090", "12.0"),
    ]


def test_a_message_is_said_once_though_it_stands_in_a_traceback_and_below() -> None:
    error = "ImportError: libcudnn.so.9: cannot open shared object file: No such file or directory"
    facts = read_text(
        f'Traceback (most recent call last):\n  File "/e/site-packages/torch/__init__.py", line 2, in <module>\n{error}\n\nIn short:\n{error}\n'
    )
    assert [symptom.subject for symptom in facts.symptoms] == ["torch"]


@pytest.mark.skipif(not CASES.is_dir(), reason="the recorded cases are not beside this checkout")
def test_every_recorded_case_is_read() -> None:
    reports = sorted(CASES.glob("*/report.txt"))
    assert reports
    for report in reports:
        facts = read_saved(report.read_bytes(), report.parent.name)
        assert facts == msgspec.convert(msgspec.to_builtins(facts), Snapshot)


FRAGMENTS = [
    "PyTorch version: ", "CUDA used to build PyTorch: ", "None", "12.1", "[pip3] torch==2.0", "[conda] pytorch 1.8 py3.8_cpu_0 pytorch", "GPU 0: Tesla T4",
    "| NVIDIA-SMI 550.1 Driver Version: 550.1 CUDA Version: 12.4 |", "|   0  Tesla T4  On  | 00000000:00:04.0 Off | 0 |", "Model name: x", "Flags: a b c d e f",
    'File "/a/site-packages/torch/x.py", line 3, in y', "ImportError: libx.so.1: cannot open shared object file", "torch 2.0.1", "Windows 10", "\n", "\n", "\n", ": ",
    "cuDNN version: ", "/usr/lib/libcudnn.so.8.9.0", "C:\\x[1]\\cudnn64_8.dll", "{", "}", '{"schema": "envcheck/snapshot/1"', "]", "[", "CPU(s): 99999999999999999999",
    "OS: ", "Ubuntu 22.04 (x86_64)", "Is CUDA available: True", "Nvidia driver version: 535.1", "> ", "with CUDA capability sm_120 is not compatible with the current PyTorch installation",
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=10), st.text(string.printable, max_size=10)), max_size=40))
def test_no_text_breaks_the_readers(pieces: list[str]) -> None:
    text = "".join(pieces)
    facts = read_text(text)
    assert msgspec.convert(msgspec.to_builtins(facts), Snapshot) == facts
    with contextlib.suppress(Unreadable):
        read_saved(text.encode("utf-8", "surrogatepass"), "x")


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(data: bytes) -> None:
    read_saved(data, "x")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "line",
    [
        "| a | b |\n",
        '  File "a.py", line 1, in f\n',
        "[pip3] torch==2.0.1\n",
        "torch 2.0.1\n",
        "GPU 0: Tesla T4\n",
        "PyTorch version: 1.0\n",
    ],
)
def test_a_line_that_repeats_for_a_long_time_is_read(line: str) -> None:
    assert len(read_text(line * (300_000 // len(line))).contradictions) < 10


def test_a_conflict_names_both_versions_and_cuda_versions_are_none_of_them() -> None:
    facts = read_text("torchvision 0.15.2 requires torch==2.0.1, but you have torch 2.1.0 which is incompatible.")
    assert {package.name: package.version for package in facts.packages} == {"torch": "2.1.0", "torchvision": "0.15.2"}
    facts = read_text(
        "RuntimeError: Detected that PyTorch and torchvision were compiled with different CUDA major versions. "
        "PyTorch has CUDA Version=12.1 and torchvision has CUDA Version=11.8."
    )
    assert facts.packages == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"schema": "envcheck/snapshot/1", "cpu": {"usable_cores": NaN}}', "no whole JSON"),
        (b'{"schema": "envcheck/snapshot/1", "cpu": {"usable_cores": 1e400}}', "out of range"),
        (b'{"schema": "envcheck/snapshot/1", "memory": {"total_bytes": 1' + b"0" * 2000 + b"}}", "thousand digits"),
        (b'{"schema": "envcheck/snapshot/1", "python": {"version": "' + b"9" * 5000 + b'"}}', "thousand digits"),
        (b'{"schema": "envcheck/snapshot/1", "taken": "\\ud800"}', "no whole JSON"),
        (b'{"schema": "envcheck/report/1", "facts": [1]}', "without its facts"),
        (b'{"schema": "envcheck/report/1", "facts": {"schema": {"a": 1}}}', "schema"),
        (b'{"schema": "envcheck/snapshot/1", "x": "' + b"x" * 17 * 2**20 + b'"}', "larger than any snapshot"),
    ],
    ids=["not a number", "too large", "digits", "digits in a text", "half a letter", "facts of another type", "schema", "size"],
)
def test_numbers_and_texts_that_no_snapshot_holds_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_saved(data, "facts.json")


def test_somebody_elses_json_is_read_as_text_however_deep_it_nests() -> None:
    for data in (
        b'{"x": ' + b"[" * 10**6,
        b'{"schema": {"envcheck/": 1}}',
        b'{"schema": 5, "facts": {}}',
        b'{"x": [' + b"{}," * 10**6 + b"{}]}",
    ):
        assert read_saved(data, "other.json") == read_text("")


def test_a_number_of_thousands_of_digits_is_cut_and_the_rest_is_read() -> None:
    digits = "9" * 5000
    text = f"torch=={digits}\nPython version: 3.{digits}\n| NVIDIA-SMI {digits}  Driver Version: {digits}  CUDA Version: {digits}.1 |\n"
    read_text(text + "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory\n")
    read_text("\n".join(text.splitlines()[::-1]))


# Every one has a place in which an expression could share its repeated part out in many ways; no line is like another.
SLOW = [
    *(
        "torch.__version__" + "\t" * 9900,
        "GPU models: Aaa(gfx" + "\t" * 9900,
        "======" * 1600,
        "GPU 0: " + " " * 9900,
        "hw.a:a" + "\t" * 9900,
    ),
    *("Expected one of" + " " * 9900 + "device type at start of device string: mps", 'python -c"printtorch.__version__' + "\t" * 9900),
    *("CUDA_VISIBLE_DEVICES=" + "0, " * 3300, "ABC_DEF GHI_JKL: " * 580, "docker run" + "AA= " * 2400, "Name:a" + " \t" * 4900),
    "cudaError" * 280 + " initialization error",
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("line", SLOW, ids=lambda line: line[:20])
def test_lines_that_were_made_to_be_slow_are_read_like_others(line: str) -> None:
    assert not read_text("\n".join(f"{line}{number}" for number in range(100))).accelerators


@pytest.mark.parametrize("deep", ['<gpu id="0">', '<gpu id="0">\n'])
def test_a_log_that_ends_before_its_first_gpu_says_so(deep: str) -> None:
    facts = read_text("<nvidia_smi_log>\n<driver_version>550.54.15</driver_version>\n" + deep * 1000)
    assert facts.nvidia.driver_version == "550.54.15"
    assert [(unknown.fact, unknown.reason) for unknown in facts.unknown] == [("accelerators", "unparsable")]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "ImportError: /x/mmcv/_ext.cpython-38-x86_64-linux-gnu.so: undefined\n symbol: _ZN2at4_ops10zeros_like4callE",
            ["undefined-symbol"],
        ),
        ("Loaded runtime CuDNN\n library: 8.0.5 but source was compiled with: 8.1.0.", ["loaded-older-than-built"]),
        ("ImportError: cannot import name of it\nall, for a reason", ["import-failed"]),
        ("I read about runtimes of CuDNN and the\nlibrary that they are in.", []),
    ],
)
def test_what_nobody_says_is_looked_for_over_the_ends_of_lines(text: str, kinds: list[str]) -> None:
    assert [symptom.kind.value for symptom in read_text(text).symptoms] == kinds
