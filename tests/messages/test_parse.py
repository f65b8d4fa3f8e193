"""How messages are looked for: where they may stand, what is not one, how often, and how much may be thrown at the parser."""
# ruff: noqa: E501 - what programs print stands as they print it

import string
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages import parse_message
from envcheck.messages.cleaning import MAX_LINE, clean

MISMATCH = "Failed to initialize NVML: Driver/library version mismatch"


@pytest.mark.parametrize(
    "prose",
    [
        "I get a segmentation fault when I import torch, and later it was Killed by the OS",
        "My container has no devices. No devices were found in my drawer.",
        "Does anybody know what no kernel image is available for execution on the device means?",
        "the error message says cannot open shared object file but I do not know which",
        "nvidia-smi says it couldn't communicate with the NVIDIA driver",
        "I think the NVIDIA driver on your system is too old",
        "it is not compatible with the current PyTorch installation I guess",
        "undefined symbol: problems are hard",
        'You can get "no CUDA-capable device is detected" when CUDA_VISIBLE_DEVICES is wrong',
        "it requires numpy, but you have to install it",
        "pip says there is no matching distribution",
        "CUDA out of memory is annoying, a CUDA unknown error too",
        "we had a bus error last week",
        "an import error: DLL load failed somehow",
        "Process finished with exit code 0",
        "Process finished with exit code 1",
    ],
)
def test_prose_about_messages_is_no_message(prose: str) -> None:
    assert parse_message(prose) == []


@pytest.mark.parametrize(
    "wrapping",
    [
        "> {}",
        "> > {}",
        "2024-05-01T10:00:00.123Z {}",
        "\x1b[31;1m{}\x1b[0m",
        "\ufeff{}\r\n",
        "$ nvidia-smi\n{}\n$ ",
        "   {}   ",
        "| 12:00 | {}",
    ],
)
def test_what_terminals_and_mails_put_around_a_message_does_not_hide_it(wrapping: str) -> None:
    assert [symptom.code for symptom in parse_message(wrapping.format(MISMATCH))] == [18]


def test_a_message_that_wraps_is_still_found() -> None:
    assert parse_message(MISMATCH.replace("version mismatch", "version\nmismatch"))[0].code == 18
    assert parse_message("> Failed to initialize NVML: Driver/library\n> version mismatch")[0].code == 18


def test_whoever_asks_says_who_spoke_and_where() -> None:
    (found,) = parse_message(
        "ImportError: libx.so.1: cannot open shared object file", subject="torch", source="an import", scope="container"
    )
    assert (found.subject, found.source, found.scope) == ("torch", "an import", "container")


def test_several_messages_come_in_the_order_of_the_text() -> None:
    text = f"Killed\n{MISMATCH}\nModuleNotFoundError: No module named 'torch'"
    assert [symptom.kind for symptom in parse_message(text)] == [SymptomKind.SIGNAL, SymptomKind.NVML_ERROR, SymptomKind.MODULE_NOT_FOUND]


def test_what_is_repeated_is_said_once_and_counted() -> None:
    (found,) = parse_message(f"{MISMATCH}\n" * 40)
    assert found.details["count"] == "40"


def test_a_message_that_says_less_is_not_said_beside_the_one_that_says_more() -> None:
    text = f"{MISMATCH}\n\n\n{MISMATCH}\nNVML library version: 580.173"
    assert [symptom.details.get("library_version") for symptom in parse_message(text)] == ["580.173"]


def test_a_finer_kind_takes_the_place_of_the_general_one() -> None:
    text = "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory"
    assert [symptom.kind for symptom in parse_message(text)] == [SymptomKind.LIBRARY_NOT_FOUND]


def test_the_symptoms_of_a_flood_are_bounded() -> None:
    flood = "".join(f"ImportError: /a/b{number}.so: undefined symbol: _Z{number}\n" for number in range(50_000))
    assert 0 < len(parse_message(flood)) <= 200


def test_shown_words_are_short() -> None:
    text = "ImportError: " + "x" * 50_000
    assert len(parse_message(text)[0].text) < 1000


HOSTILE = [
    "a" * 9000 + ": undefined symbol: x\n",
    ":" * 9000 + ": cannot open shared object file\n",
    " " * 9000 + ": cannot open shared object file\n",
    "a b requires c" + ">=1," * 2000 + " but you have x\n",
    "X with CUDA capability sm_1 is not compatible with the current PyTorch installation " + "sm_1 " * 1500 + "\n",
    "Could not find a version that satisfies the requirement a (from " * 100 + "\n",
    "\x1b[" * 5000,
    "> " * 5000,
    '  File "' * 2000 + "\n",
    "[conda] a " + "1 " * 4000 + "\n",
    "|" * 9000 + "\n",
    "Found GPU0 " + "(" * 8000 + " which is of cuda capability 3.0\n",
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("line", HOSTILE)
def test_lines_that_were_made_to_be_slow_are_not(line: str) -> None:
    assert len(parse_message(line * (1_000_000 // len(line)))) <= 200
    # The same, but no two lines alike.
    assert len(parse_message("".join(f"{number}{line}" for number in range(1_000_000 // len(line))))) <= 200


PIECES = [
    MISMATCH, "ImportError: ", "undefined symbol: ", "cannot open shared object file", "CUDA error: ", "CUDA_ERROR_", "version `", "\n", " ", "'",
    "No module named ", "(required by ", "Traceback (most recent call last):", " exit code ", "-99999999999", "[WinError ", "[Errno 28] No space left on device",
    "size changed, may indicate binary incompatibility", "Expected 9 from C header, got 8", "Unable to load any of {", "}", ",", "Loaded runtime CuDNN library: ",
    "Killed", "Could not load library ", "\x1b[0m", "> ", "\r", "\x00", "٣", "² exit code ²",
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20), st.text(string.printable, max_size=20)), max_size=40))
def test_no_text_breaks_the_parser(pieces: list[str]) -> None:
    found = parse_message("".join(pieces), subject="x", source="y")
    assert all(symptom.source == "y" and isinstance(symptom.text, str) and symptom.subject for symptom in found)
    assert all(isinstance(value, str) for symptom in found for value in symptom.details.values())


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_cleaning_twice_changes_nothing_that_is_seen_and_keeps_line_numbers(text: str) -> None:
    text = text.replace("\r", "")
    assert clean(text).count("\n") == text.count("\n")
    assert max(map(len, clean(text).split("\n"))) <= MAX_LINE


@pytest.mark.parametrize("run", [" " * 5000, " \t" * 3000, "=" * 5000, "ab" * 3000, "\u3000" * 3000])
def test_endless_runs_are_cut_and_what_follows_them_stays(run: str) -> None:
    cleaned = clean(f"before {run} after {'x y ' * 30}")
    assert len(cleaned) < 500
    assert cleaned.startswith("before")
    assert "after x y" in cleaned
    usual = "  ".join(f"{number}: /usr/lib/{number}" for number in range(300))
    assert clean(usual) == usual


def test_pythons_prompt_is_no_quote_mark() -> None:
    assert clean(">>> import torch\n> >>> import torch\n") == ">>> import torch\n>>> import torch\n"


def test_of_a_progress_bar_the_last_state_stays() -> None:
    assert clean("10%\r50%\r100%\ndone\r\n") == "100%\ndone\n"


def test_the_parser_needs_none_of_the_heavy_libraries() -> None:
    code = "import sys, envcheck.messages; print([name for name in ('rich', 'packaging', 'click', 'asyncio') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip() == "[]"
