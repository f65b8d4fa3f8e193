import pytest

from envcheck.messages.cleaning import clean
from envcheck.messages.line_heads import without_heads

SAID = ["Package    Version", "---------- -------", "torch      2.4.1", "", "Killed"]


@pytest.mark.parametrize(
    "head",
    [
        "[rank3]: ",
        "[default0]:",
        "[1,0]<stderr>:",
        "(EngineCore_DP0 pid=811) ",
        "(TorchTrainer pid=811, ip=10.0.0.4) ",
        "(raylet, ip=10.0.0.4) ",
        "(EngineCore_0 pid=123) ERROR 05-01 10:00:00 [core.py:586] ",
        "#12 4.512 ",
        "2024-05-01T10:00:00.123456789Z stderr F ",
        "2024-05-01T10:00:00.1234567Z ##[error]",
        "2024-05-01 10:00:00,123 ERROR ",
        "2024-05-01T10:00:00.123456Z ERROR text_generation_launcher: ",
        "2024-05-01 10:00:00,123 - pkg.train - ERROR - ",
        "[2024-05-01 10:00:00,123][__main__][ERROR] - ",
        "2024-05-01 10:00:00.123 | ERROR    | __main__:main:12 - ",
    ],
)
def test_a_mark_of_a_log_is_taken_from_any_line(head: str) -> None:
    assert without_heads(f"{head}Killed\nelsewhere\n") == "Killed\nelsewhere\n"


@pytest.mark.parametrize(
    "head",
    [
        "ERROR:root:",
        "[ERROR] ",
        "ERROR    ",
        "stderr: ",
        "[10:00:00] ",
        "10:00:00.123 WARNING ",
        "2024/05/01 10:00:00 ",
        "May  1 10:00:00 box ollama[811]: ",
        "0.912 ",
        " > 0.912 ",
        "  | ",
        "3: ",
        "[3]: ",
        "24/05/01 10:00:00 ERROR Executor: ",
        "E0501 10:00:00.123456    1234 file.cc:12] ",
    ],
)
def test_a_mark_that_several_lines_have_is_taken_from_all_of_them(head: str) -> None:
    text = "It fails:\n\n" + "\n".join(head + line if line else "" for line in SAID)
    assert without_heads(text).split("\n")[2:] == SAID
    assert without_heads(f"{head}Killed\nelsewhere") == f"{head}Killed\nelsewhere"


def test_the_numbers_of_an_editors_lines() -> None:
    lines = [f"step {letter}" for letter in "abcdef"]
    assert without_heads("\n".join(f"{number:>4}  {line}" for number, line in enumerate(lines, 41))).split("\n") == lines


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{index}  NVIDIA A100  40 W" for index in range(8)),
        "\n".join(f"GPU {index}: NVIDIA A100" for index in range(8)),
        "00:00.0 Host bridge: Intel\n00:02.0 VGA compatible controller: Cirrus\n00:03.0 Ethernet controller: Amazon",
        "|   0  NVIDIA A100 |   Off |\n|   1  NVIDIA A100 |   Off |\n|   2  NVIDIA A100 |   Off |",
        "[pip3] numpy==1.26.4\n[pip3] torch==2.4.1\n[pip3] triton==3.0.0",
        "ERROR: No matching distribution\nERROR: No matching distribution\nERROR: Failed",
        "INFO:tensorflow:a\nINFO:tensorflow:b\nINFO:tensorflow:c",
        "2024-05-01T10:00:00Z ERROR: Could not find a version",
    ],
)
def test_words_of_the_program_itself_stay(text: str) -> None:
    assert without_heads(text) == text.removeprefix("2024-05-01T10:00:00Z ")


def test_every_line_keeps_its_number() -> None:
    text = "a\n\n[rank0]: b\nERROR    c\n\nERROR    d\nERROR    e\n"
    assert clean(text).split("\n") == ["a", "", "b", "c", "", "d", "e", ""]
