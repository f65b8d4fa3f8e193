"""What was understood of a text, line by line."""

from envcheck.facts.snapshot import Snapshot
from envcheck.readers.read import read_text
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.understood import understood_text

TEXT = """\
Hello, I have an RTX 3090, driver 510.47
$ pip freeze
torch==2.6.0+cu124
>>> torch.cuda.is_available()
False
$ python train.py
RuntimeError: The NVIDIA driver on your system is too old (found version 11040).
"""


def lines(text: str, width: int = 160) -> list[str]:
    return [line.strip() for line in understood_text(read_text(text), RenderOptions(width=width)).splitlines()]


def told(text: str) -> list[str]:
    """Without the padding between the columns."""
    return [" ".join(line.split()) for line in lines(text)]


def test_every_fact_stands_with_its_line_in_their_order() -> None:
    shown = told(TEXT)
    assert "line 1 nvidia.driver_version = 510.47 (as told)" in shown
    assert "line 3 packages[torch].version = 2.6.0+cu124" in shown
    assert "line 5 builds[torch].cuda_available = no" in shown
    numbers = [int(line.split()[1]) for line in shown if line.startswith("line ")]
    assert numbers == sorted(numbers)


def test_messages_stand_among_the_facts() -> None:
    assert next(line for line in told(TEXT) if "said: driver-too-old" in line).startswith("line 7 said: driver-too-old = RuntimeError: The")


def test_what_another_line_contradicts_is_marked() -> None:
    text = "$ pip freeze\ntorch==2.6.0\n>>> torch.__version__\n'2.4.0'\n"
    assert [line for line in told(text) if line.endswith("(another line is believed more)")]


def test_of_a_text_without_facts_nothing_was_understood() -> None:
    assert "nothing" in told("good morning\n")
    assert "nothing" in understood_text(Snapshot(), RenderOptions(width=60))


def test_hostile_words_are_shown_and_not_obeyed() -> None:
    assert "\x1b" not in understood_text(
        read_text("torch==2.6.0\nRuntimeError: \x1b[31mCUDA error: out of memory\x1b[0m\n"), RenderOptions(width=80)
    )
