import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.parse import parse_message


@pytest.mark.parametrize(
    "text",
    [
        "after resuming from suspend, Ubuntu 22.04:",
        "This happens after suspend/resume.",
        "It worked until yesterday. After waking my laptop from sleep:",
        "CUDA breaks every time when the machine comes out of hibernation",
        "since the computer was suspended nothing works",
        "nvidia-smi works, but after resume, torch does not",
        "once I wake up the PC",
        "after standby",
        "over a suspend/resume cycle",
        "works, then suspended and woke it up again",
    ],
)
def test_words_of_sleep_are_heard(text: str) -> None:
    assert {symptom.kind for symptom in parse_message(text)} == {SymptomKind.RESUMED}


@pytest.mark.parametrize(
    "text",
    [
        "after time.sleep(5) the worker is gone",
        "from time import sleep",
        "after resuming training from the checkpoint",
        "Resuming from step 1000 after resume_from_checkpoint was given",
        "suspend: no",
        "sleep 10",
        "the awakening of the process",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert parse_message(text) == []
