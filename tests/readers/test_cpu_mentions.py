"""Processors in people's own words and in lshw's."""

import pytest

from envcheck.facts.snapshot import known
from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("product: Intel(R) Core(TM) i3 CPU       M 330  @ 2.13GHz", "Intel(R) Core(TM) i3 CPU M 330"),
        ("CPU: AMD Phenom(tm) II X6 1090T Processor", "AMD Phenom(tm) II X6 1090T"),
        ("Ubuntu 22.04, Xeon X5650, 48 GB", "Xeon X5650"),
        ("Intel Q9650 cpu", "Intel Q9650"),
        ("my machine is a Core 2 Duo E8400", "Core 2 Duo E8400"),
        ("- Processor: Intel Celeron N4000", "Intel Celeron N4000"),
        ("Ryzen 7 5800X with 32 GB of RAM", "Ryzen 7 5800X"),
    ],
)
def test_a_model_that_is_named_as_what_is_there(text: str, model: str) -> None:
    assert known(read_text(text).cpu.model, "") == model


@pytest.mark.parametrize(
    "text",
    [
        "it works on my Xeon X5650 machine",
        "requires a CPU like the i7-920 or newer",
        "Does a Celeron N4000 laptop support it?",
        "CPU: Xeon X5650\nlaptop: i7-8750H CPU",
        "import pentium_tools from atom",
        "epoch 12 loss E8400 i7",
    ],
)
def test_other_machines_and_wishes_are_none_of_it(text: str) -> None:
    assert known(read_text(text).cpu.model, "") == ""


def test_what_the_system_prints_comes_first() -> None:
    text = "my Xeon X5650 server\nmodel name\t: Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz\n"
    assert known(read_text(text).cpu.model, "") == "Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz"
