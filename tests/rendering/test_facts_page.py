"""The facts for a person to read."""

from envcheck.facts.snapshot import (
    Accelerator,
    Contradiction,
    Disk,
    GpuProcess,
    Memory,
    MigDevice,
    Package,
    PackageState,
    Snapshot,
    System,
    Tool,
    Unknown,
    UnknownReason,
)
from envcheck.rendering.facts_page import facts_text
from envcheck.rendering.interface import RenderOptions

FACTS = Snapshot(
    taken="2026-11-21T09:00:00Z",
    system=System(os="Linux", container=None, login_node=False),
    memory=Memory(total_bytes=16_800_000_000),
    disks=(Disk(purpose="temp", path="/tmp", free_bytes=10**10),),
    packages=(Package(name="torch", version="2.8.0", state=PackageState.OK),),
    tools=(Tool(name="nvcc", version=None, path="/opt/\x1b[31mnvcc"),),
    unknown=(Unknown(fact="cpu.model", reason=UnknownReason.TIMED_OUT, detail="the host probe did not answer"),),
    contradictions=(Contradiction(fact="nvidia.cuda_version", value="12.1", source="line 3"),),
)


def lines(width: int = 100) -> list[str]:
    return facts_text(FACTS, RenderOptions(width=width)).splitlines()


def test_every_group_has_its_facts_in_words() -> None:
    text = lines()
    assert "  total_bytes             16.8 GB" in text
    assert "  container               none" in text
    assert "  login_node              no" in text
    assert "  temp                    path /tmp, free 10 GB" in text
    assert "  torch                   state ok, version 2.8.0" in text


def test_what_is_not_known_has_its_reason() -> None:
    assert "  cpu.model               timed out, the host probe did not answer" in lines()


def test_what_lost_is_told() -> None:
    assert "  nvidia.cuda_version     value 12.1, from line 3" in lines()


def test_empty_groups_are_left_out() -> None:
    assert not {"accelerators", "nvidia", "smoke"} & set(lines())


def test_nothing_that_a_terminal_obeys_comes_through() -> None:
    assert "\x1b" not in "\n".join(lines())


def test_a_narrow_page_stays_narrow() -> None:
    assert max(map(len, lines(48))) <= 48


def page_of(*cards: Accelerator, unknown: tuple[Unknown, ...] = (), packages: tuple[Package, ...] = ()) -> list[str]:
    facts = Snapshot(accelerators=cards, unknown=unknown, packages=packages)
    return facts_text(facts, RenderOptions(width=100)).splitlines()


def card(index: int, **more: object) -> Accelerator:
    return Accelerator(index=index, name="H100", memory_bytes=85_520_809_984, ecc="enabled", **{"state": "ok", **more})


def test_cards_of_one_kind_tell_once_what_is_the_same_of_all() -> None:
    text = page_of(*(card(number, uuid=f"GPU-{number}") for number in range(8)))
    assert text[1:5] == [
        "  8 x H100",
        "    each                  state ok",
        "      memory              79.6 GiB",
        "      health              ecc enabled",
    ]
    assert text[5:13] == [f"    {number}                     uuid GPU-{number}" for number in range(8)]


def test_a_card_in_another_state_stands_apart() -> None:
    text = page_of(card(0), card(1, state="lost"), card(2))
    assert [line for line in text if "H100" in line] == ["  2 x H100", "  H100"]
    assert "    1                     state lost" in text


def test_processes_and_parts_of_a_card_have_lines_of_their_own() -> None:
    process = GpuProcess(pid=4711, name="/usr/bin/python3", memory_bytes=2**30)
    part = MigDevice(profile="3g.40gb", memory_bytes=42_412_802_048)
    text = page_of(card(0, processes=(process,), mig_devices=(part,)))
    assert "      process             4711 /usr/bin/python3, memory 1 GiB" in text
    assert "      MIG part            profile 3g.40gb, memory 39.5 GiB" in text


def test_nothing_of_a_card_is_cut() -> None:
    many = tuple(GpuProcess(pid=number, name="/opt/training/bin/python3", memory_bytes=2**30) for number in range(40))
    text = "\n".join(page_of(card(0, processes=many)))
    assert "more characters" not in text
    assert text.count("/opt/training/bin/python3") == 40


def test_what_a_card_cannot_tell_for_one_reason_is_one_line() -> None:
    unknown = [Unknown(fact=f"accelerators[0].{name}", reason=UnknownReason.UNSUPPORTED) for name in ("ecc", "mig", "fabric")]
    text = page_of(card(0), unknown=(*unknown, Unknown(fact="accelerators[0].name", reason=UnknownReason.DENIED)))
    assert text[text.index("unknown") + 1 :] == [
        "  accelerators[0]         ecc, mig, fabric: unsupported",
        "  accelerators[0].name    denied",
    ]


def test_cards_that_cannot_tell_the_same_share_a_line() -> None:
    unknown = [Unknown(fact=f"accelerators[{number}].ecc", reason=UnknownReason.UNSUPPORTED) for number in range(2)]
    assert "  accelerators[0], accelerators[1] ecc: unsupported" in page_of(card(0), unknown=tuple(unknown))


def test_what_is_the_same_of_many_members_is_told_once() -> None:
    packages = tuple(Package(name=name, version="1.0", state=PackageState.OK, location="/env") for name in ("a", "b", "c"))
    text = page_of(packages=packages)
    assert text[1:5] == ["  each                    state ok, version 1.0, location /env", "  a", "  b", "  c"]
