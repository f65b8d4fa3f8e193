"""Cards that several sources speak of."""

from typing import Any

from envcheck.facts.claims import Claim, Evidence, resolve
from envcheck.facts.snapshot import Snapshot, Unknown, UnknownReason


def resolved(*claims: tuple[str, Any]) -> Snapshot:
    return resolve(
        Evidence(claims=[Claim(f"accelerators{fact}", value, f"source {n}") for n, (fact, value) in enumerate(claims)]),
        taken="",
        live=False,
    )


def named(snapshot: Snapshot) -> dict[int, Any]:
    return {card.index: card.name for card in snapshot.accelerators}


def test_an_address_in_two_spellings_is_one_card_and_no_contradiction() -> None:
    facts = resolved(
        ("[0000:3b:00.0]", {"vendor": "nvidia", "pci_address": "0000:3b:00.0"}),
        ("[nvidia:0]", {"vendor": "nvidia", "pci_address": "00000000:3B:00.0", "name": "Tesla T4"}),
    )
    (card,) = facts.accelerators
    assert (card.index, card.name, card.pci_address) == (0, "Tesla T4", "0000:3b:00.0")
    assert facts.contradictions == ()
    assert facts.sources["accelerators[0]"]


def test_a_numbered_list_and_a_bus_are_the_same_cards_in_order() -> None:
    facts = resolved(
        ("[0]", {"vendor": "nvidia", "name": "NVIDIA A"}),
        ("[1]", {"vendor": "nvidia", "name": "NVIDIA B"}),
        ("[81:00.0]", {"vendor": "nvidia", "pci_address": "81:00.0"}),
        ("[41:00.0]", {"vendor": "nvidia", "pci_address": "41:00.0"}),
        ("[0b:00.0]", {"vendor": "amd", "name": "Raphael", "pci_address": "0b:00.0"}),
    )
    assert [(card.index, card.name, card.pci_address) for card in facts.accelerators] == [
        (0, "NVIDIA A", "41:00.0"),
        (1, "NVIDIA B", "81:00.0"),
        (2, "Raphael", "0b:00.0"),
    ]


def test_nvidias_cards_keep_their_numbers_when_one_is_missing() -> None:
    facts = resolved(
        ("[0000:01:00.0]", {"vendor": "amd", "name": "iGPU"}),
        ("[nvidia:0]", {"name": "A"}),
        ("[nvidia:2]", {"name": "C"}),
    )
    assert named(facts) == {0: "A", 2: "C", 1: "iGPU"}


def test_a_uuid_joins_what_has_no_other_name_in_common() -> None:
    facts = resolved(
        ("[nvidia:1]", {"uuid": "GPU-aa", "name": "A"}),
        ("[GPU-aa]", {"memory_bytes": 1}),
        ("[nvidia:1].compute_capability", "8.0"),
    )
    (card,) = facts.accelerators
    assert (card.index, card.memory_bytes, card.compute_capability) == (1, 1, "8.0")


def test_two_machines_with_the_same_number_are_two_cards() -> None:
    facts = resolved(
        ("[nvidia:0]", {"pci_address": "01:00.0", "name": "A"}),
        ("[0]", {"vendor": "nvidia", "pci_address": "02:00.0", "name": "B"}),
    )
    assert named(facts) == {0: "A", 1: "B"}


def test_what_is_unknown_of_a_card_follows_its_number() -> None:
    evidence = Evidence(
        claims=[Claim("accelerators[0000:01:00.0]", {"vendor": "amd"}, "bus")],
        unknown=[Unknown(fact="accelerators[0000:01:00.0].memory_bytes", reason=UnknownReason.DENIED)],
    )
    facts = resolve(evidence, taken="", live=True)
    assert facts.unknown[0].fact == "accelerators[0].memory_bytes"
    assert evidence.claims[0].fact == "accelerators[0000:01:00.0]"


def test_a_numbered_card_and_one_that_has_only_a_uuid_are_one_where_there_is_no_place() -> None:
    facts = resolved(
        ("[nvidia:0]", {"vendor": "nvidia", "driver": "nvgpu", "integrated": True}),
        ("[GPU-5c4b]", {"vendor": "nvidia", "name": "Orin", "uuid": "GPU-5c4b"}),
    )
    (card,) = facts.accelerators
    assert (card.index, card.name, card.driver) == (0, "Orin", "nvgpu")
