from envcheck.messages.spacing import closed_up
from envcheck.readers.read import read_text

ROWS = [
    "Package    Version",
    "---------- -------",
    "numpy      1.26.4",
    "pip        24.0",
    "setuptools 69.0.3",
    "torch      2.4.1",
    "wheel      0.42",
]


def spaced(lines: list[str]) -> list[str]:
    return "\n\n".join(lines).split("\n")


def test_a_text_that_is_spaced_as_a_whole_is_closed_up() -> None:
    lines, stood_at = closed_up(spaced(["$ nvidia-smi -L", "GPU 0: NVIDIA L4", "", "$ uname -s", "Linux"]))
    assert lines == ["$ nvidia-smi -L", "GPU 0: NVIDIA L4", "", "$ uname -s", "Linux"]
    assert stood_at == [0, 2, 3, 6, 8]


def test_a_block_is_closed_up_and_the_lines_around_it_stay() -> None:
    lines, stood_at = closed_up(["That is what I have,", "and it fails:", "", *spaced(ROWS), "", "", "Thanks", "in advance"])
    assert lines == ["That is what I have,", *["and it fails:", *ROWS], "", "", "Thanks", "in advance"]
    assert [stood_at[lines.index(word)] for word in ("Package    Version", "wheel      0.42", "Thanks")] == [3, 15, 18]


def test_paragraphs_of_one_line_stay_in_a_text_that_has_others() -> None:
    text = ["It worked.", "", "Then I updated:", "", "$ pip install -U torch", "Successfully installed torch-2.4.1", "", "Now it fails."]
    assert closed_up(text) == (text, list(range(len(text))))


def test_nothing_is_as_it_was() -> None:
    assert closed_up([""]) == ([""], [0])
    assert closed_up(["Killed"]) == (["Killed"], [0])


def test_the_lines_of_a_list_are_those_of_the_text_as_it_was_given() -> None:
    snapshot = read_text("\n\n".join(["$ pip list", *ROWS]))
    assert [entry.name for entry in snapshot.packages] == ["numpy", "pip", "setuptools", "torch", "wheel"]
    assert snapshot.source_of("packages[torch].version") == "report line 13"
