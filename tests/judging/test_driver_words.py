"""Numbers of what was said of NVIDIA's driver, and cards that were asked in vain."""

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.driver_words import cuda_code, nvml_code, unread_cards, xid


@pytest.mark.parametrize(
    ("symptom", "codes"),
    [
        (Symptom(kind=SymptomKind.CUDA_ERROR, text="…", code=802), (802, None, None)),
        (Symptom(kind=SymptomKind.NVML_ERROR, text="…", details={"code": "9"}), (None, 9, None)),
        (Symptom(kind=SymptomKind.GPU_XID, text="…", code=79), (None, None, 79)),
        (Symptom(kind=SymptomKind.CUDA_ERROR, text="…", details={"code": "9" * 12}), (None, None, None)),
    ],
)
def test_a_number_belongs_to_the_kind_that_said_it(symptom: Symptom, codes: tuple[int | None, ...]) -> None:
    assert (cuda_code(symptom), nvml_code(symptom), xid(symptom)) == codes


def asked(reason: str, fact: str, **card: object) -> Snapshot:
    cards = [{"index": 0, "vendor": "nvidia", **card}, {"index": 1, "vendor": "nvidia", "ecc_errors": 0}]
    return msgspec.convert({"accelerators": cards, "unknown": [{"fact": fact, "reason": reason}]}, Snapshot)


@pytest.mark.parametrize(
    ("snapshot", "numbers", "why"),
    [
        (asked("timed_out", "accelerators[0].ecc_errors"), [0], "timed out"),
        (asked("denied", "accelerators[0]"), [0], "denied"),
        (asked("denied", "accelerators"), [0], "denied"),
        (asked("unsupported", "accelerators[0].ecc_errors"), [], ""),
        (asked("denied", "accelerators[0].power_w"), [], ""),
        (asked("denied", "accelerators[0].ecc_errors", ecc_errors=3), [], ""),
    ],
)
def test_a_card_that_has_no_such_fact_was_not_asked_in_vain(snapshot: Snapshot, numbers: list[int], why: str) -> None:
    cards, reason = unread_cards(snapshot, "ecc_errors")
    assert ([card.index for card in cards], reason) == (numbers, why)
