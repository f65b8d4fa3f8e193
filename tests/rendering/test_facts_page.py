"""The facts for a person to read."""

from envcheck.facts.snapshot import Contradiction, Disk, Memory, Package, PackageState, Snapshot, System, Tool, Unknown, UnknownReason
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
