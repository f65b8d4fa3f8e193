"""Whole reports, compared with those in terminal/*.txt; ENVCHECK_REWRITE=1 writes them anew, to be read before they are committed."""

import os
import re
from pathlib import Path

import msgspec
import pytest

from envcheck.facts.snapshot import Import, NearbyEnvironment, Snapshot
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.terminal import RENDERER
from envcheck.report import Area, Gap, Ignored, Origin, Pass, Remedy, Report, Safety, Status, Step

EXPECTED = Path(__file__).parent / "terminal"
WIDTHS = (60, 80, 120)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def check(text: str, name: str) -> None:
    path = EXPECTED / f"{name}.txt"
    if os.environ.get("ENVCHECK_REWRITE"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def render(report: Report, width: int = 80, *, color: bool = False, encoding: str = "utf-8") -> str:
    return RENDERER.render(report, RenderOptions(width=width, color=color, encoding=encoding))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["healthy", "driver_too_old", "broken_package", "profile_not_met", "nothing_known", "pasted", "windows"])
def test_whole_reports(reports: dict[str, Report], name: str, width: int) -> None:
    check(render(reports[name], width), f"{name}-{width}")


def test_a_whole_report_in_ascii(reports: dict[str, Report]) -> None:
    text = render(reports["broken_package"], encoding="ascii")
    assert text.isascii()
    check(text, "broken_package-ascii")


def test_colour_changes_no_word(made_up: Report) -> None:
    coloured = render(made_up, color=True)
    assert ANSI.search(coloured)
    assert ANSI.sub("", coloured) == render(made_up)


def test_the_surroundings_change_nothing(made_up: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    before = render(made_up, 60), render(made_up, 60, color=True)
    for name, value in {"COLUMNS": "33", "TERM": "dumb", "NO_COLOR": "1", "FORCE_COLOR": "1", "JPY_PARENT_PID": "1"}.items():
        monkeypatch.setenv(name, value)
    assert (render(made_up, 60), render(made_up, 60, color=True)) == before


@pytest.mark.parametrize("width", WIDTHS)
def test_only_commands_are_wider_than_the_page(made_up: Report, width: int) -> None:
    commands = {line for line in render(made_up, 10**4).splitlines() if "pip install" in line or "envcheck explain" in line}
    assert [line for line in render(made_up, width).splitlines() if len(line) > width and line not in commands] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_command_stands_whole_and_bare_on_its_line(reports: dict[str, Report], width: int) -> None:
    command = (
        "PIP_NO_CACHE_DIR=1 /home/alice/project/.venv/bin/python -m pip install --force-reinstall"
        " --index-url https://download.pytorch.org/whl/cu118 'torch<2.8'"
    )
    assert command in [line.strip() for line in render(reports["driver_too_old"], width).splitlines()]


def test_extras_in_brackets_are_no_markup(reports: dict[str, Report]) -> None:
    text = render(reports["windows"])
    assert "'tensorflow[and-cuda]'" in text
    assert "[bold]x[/bold] :smile:" in render(told(reports, "[bold]x[/bold] :smile:"))


HOSTILE = {
    "colours": ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
    "a title": ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
    "a cleared screen": ("\x9b2J", r"\x9b2J"),
    "bidirectional text": ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
    "lines": ("one\r\n\n  two\u2028three\tfour", "one two three four"),
    "a lone surrogate": ("caf\udce9", r"caf\udce9"),
    "a null byte": ("a\x00b\x08c\x7f", r"a\x00b\x08c\x7f"),
    "hidden letters": ("a\u200bb\U000e0041", r"a\u200bb\U000e0041"),
}


def told(reports: dict[str, Report], text: str) -> Report:
    finding = msgspec.structs.replace(reports["profile_not_met"].findings[0], message=text)
    return msgspec.structs.replace(reports["profile_not_met"], findings=(finding,))


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_text_is_shown_harmless(reports: dict[str, Report], name: str) -> None:
    text, shown = HOSTILE[name]
    assert shown in render(told(reports, text), 120)


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.parametrize("color", [False, True])
def test_hostile_text_in_every_field_reaches_no_terminal(made_up: Report, name: str, *, color: bool) -> None:
    text = render(poisoned(made_up, HOSTILE[name][0]), color=color)
    bare = ANSI.sub("", text) if color else text
    assert all(character.isprintable() or character == "\n" for character in bare)
    text.encode("utf-8")


def test_colour_codes_in_the_text_do_not_become_colours(made_up: Report) -> None:
    text = render(poisoned(made_up, "\x1b[31m"), color=True)
    assert "\x1b[31m" not in text.replace("\x1b[1;31m", "")


def test_text_without_end_is_cut_with_its_count(made_up: Report) -> None:
    text = render(poisoned(made_up, "long" * 2500), 120)
    assert "more characters)" in text
    assert len(text) < 60_000


def test_marks_upon_marks_are_cut(reports: dict[str, Report]) -> None:
    text = render(told(reports, "e" + "\u0301" * 300))
    assert "\u0301" * 4 in text
    assert "\u0301" * 5 not in text


def poisoned(value: Report, text: str) -> Report:
    """The report with the text behind every string."""
    import enum

    def change(part: object) -> object:
        if isinstance(part, enum.Enum):
            return part
        if isinstance(part, str):
            return part + text
        if isinstance(part, msgspec.Struct):
            return msgspec.structs.replace(part, **{name: change(getattr(part, name)) for name in part.__struct_fields__})
        if isinstance(part, tuple):
            return tuple(change(item) for item in part)
        if isinstance(part, dict):
            return {key + text: change(item) for key, item in part.items()}
        return part

    changed = change(value)
    assert isinstance(changed, Report)
    return changed


def test_a_command_that_cannot_be_shown_is_not_offered_for_copying(reports: dict[str, Report]) -> None:
    report = with_step(reports, Step(run=("pip", "install", "torch\n; rm -rf ~")))
    text = render(report)
    assert "Not for copying" in text
    assert "rm -rf ~\n" not in text.replace("'rm", "")


def test_a_command_that_the_encoding_cannot_carry_is_not_offered_for_copying(reports: dict[str, Report]) -> None:
    report = with_step(reports, Step(run=("/home/zoë/bin/python", "-V")))
    assert "Not for copying" in render(report, encoding="ascii")
    assert "\n    /home/zoë/bin/python -V\n" in render(report).replace("'", "")


def test_a_root_command_has_sudo_outside_of_containers(reports: dict[str, Report]) -> None:
    step = Step(run=("apt-get", "install", "gcc"), env={"A": "b c"}, root=True)
    report = with_step(reports, step)
    assert "\n    sudo 'A=b c' apt-get install gcc\n" in render(report)
    system = msgspec.structs.replace(report.facts.system, container="docker")
    inside = msgspec.structs.replace(report, facts=msgspec.structs.replace(report.facts, system=system))
    assert "\n    as root:\n    A='b c' apt-get install gcc\n" in render(inside)


def test_a_sudo_that_is_part_of_the_command_is_left_out_in_containers(reports: dict[str, Report]) -> None:
    report = with_step(reports, Step(run=("sudo", "apt-get", "install", "gcc"), root=True))
    assert "\n    sudo apt-get install gcc\n" in render(report)
    system = msgspec.structs.replace(report.facts.system, container="docker")
    inside = msgspec.structs.replace(report, facts=msgspec.structs.replace(report.facts, system=system))
    assert "\n    as root:\n    apt-get install gcc\n" in render(inside)


def with_step(reports: dict[str, Report], step: Step) -> Report:
    finding = reports["profile_not_met"].findings[0]
    remedy = msgspec.structs.replace(finding.remedies[0], steps=(step,))
    return msgspec.structs.replace(reports["profile_not_met"], findings=(msgspec.structs.replace(finding, remedies=(remedy,)),))


def test_of_many_problems_the_first_are_told_in_full_and_none_is_left_out(reports: dict[str, Report]) -> None:
    finding = reports["profile_not_met"].findings[0]
    many = tuple(msgspec.structs.replace(finding, id=f"p{n}", message=f"Problem {n}.") for n in range(8))
    text = render(msgspec.structs.replace(reports["profile_not_met"], findings=many))
    assert text.count("How it is known") == 5
    assert all(f"Problem {n}." in text for n in range(8))
    assert "8 problems, first: Problem 0." in text


def test_a_consequence_of_a_consequence_stands_under_the_root(reports: dict[str, Report]) -> None:
    text = render(reports["driver_too_old"])
    assert "What follows from it:\n    torch.cuda.is_available() is False.\n    The smoke test on cuda could not begin.\n" in text


def test_gaps_for_one_reason_stand_together_and_required_ones_first(reports: dict[str, Report]) -> None:
    base = reports["healthy"]
    same = [
        Gap(rule=f"r{n}", subject="", area=base.passed[0].area, reason="nothing was imported", needs=("a run without --quick",))
        for n in range(7)
    ]
    needed = Gap(rule="needed", subject="memory", area=base.passed[0].area, reason="it could not be read", required=True)
    text = render(msgspec.structs.replace(base, not_evaluated=(*same, needed)), 120)
    assert text.index("required: memory: it could not be read  needed") < text.index("nothing was imported  r0, r1, r2, r3, r4, and 2 more")
    assert text.count("a run without --quick") == 1


def test_of_a_text_only_what_was_required_is_listed_as_unchecked(reports: dict[str, Report]) -> None:
    needed = Gap(rule="torch-too-old", subject="torch", area=Area.FRAMEWORKS, reason="its version is not known", required=True)
    others = tuple(Gap(rule=f"check-{number}", subject="", area=Area.PYTHON, reason=f"reason {number}") for number in range(3))
    text = render(msgspec.structs.replace(reports["pasted"], not_evaluated=(*others, needed)))
    assert "its version is not known" in text
    assert "reason 1" not in text
    assert "3 checks would need facts that the text does not give." in text
    assert "  envcheck doctor\n" in text


def test_commands_of_its_own_are_those_that_start_it_here(reports: dict[str, Report]) -> None:
    again = Remedy(
        summary="try again", manager="manual", safety=Safety.MANUAL, steps=(Step(run=("envcheck", "doctor", "--timeout", "300")),)
    )
    (finding,) = reports["profile_not_met"].findings
    report = msgspec.structs.replace(reports["profile_not_met"], findings=(msgspec.structs.replace(finding, remedies=(again,)),))
    text = RENDERER.render(report, RenderOptions(command=("/my cache/bin/envcheck",)))
    lines = [line.strip() for line in text.splitlines()]
    assert "'/my cache/bin/envcheck' doctor --timeout 300" in lines
    assert "'/my cache/bin/envcheck' explain too-little-memory" in lines
    assert "by hand" not in text


def test_imports_stand_in_an_order_of_their_own_with_failures_first(reports: dict[str, Report]) -> None:
    names = ("sklearn", "jax", "torch")
    tried = [Import(name=name, status="failed" if name == "jax" else "imported") for name in names]
    facts = reports["healthy"].facts
    texts = {
        render(msgspec.structs.replace(reports["healthy"], facts=msgspec.structs.replace(facts, imports=order, packages=())))
        for order in (tuple(tried), tuple(reversed(tried)))
    }
    assert len(texts) == 1
    assert "jax (import failed), torch (imported), scikit-learn (imported)" in texts.pop()


def test_a_neighbour_is_named_for_frameworks_and_not_for_their_companions(reports: dict[str, Report]) -> None:
    facts = reports["healthy"].facts
    neighbour = NearbyEnvironment(path="/opt/other", environment="venv", frameworks={"numpy": "2.0.0"})
    facts = msgspec.structs.replace(facts, packages=(), python=msgspec.structs.replace(facts.python, nearby=(neighbour,)))
    assert "/opt/other" not in render(msgspec.structs.replace(reports["healthy"], facts=facts))


def test_a_container_has_a_line_where_there_is_one(reports: dict[str, Report]) -> None:
    base = msgspec.structs.replace(reports["healthy"], passed=(Pass(rule="shm-too-small", subject="shared memory", area=Area.CONTAINER),))
    assert "Container" not in render(base)
    facts = base.facts
    inside = msgspec.structs.replace(
        facts,
        system=msgspec.structs.replace(facts.system, container="docker"),
        memory=msgspec.structs.replace(facts.memory, shm_bytes=67_108_864),
    )
    assert "Container   ✓ docker, 67.1 MB of shared memory (/dev/shm)" in render(msgspec.structs.replace(base, facts=inside))


def test_a_recommendation_is_not_called_a_requirement(reports: dict[str, Report]) -> None:
    (finding,) = reports["profile_not_met"].findings
    origin = Origin(profile="deep-learning", level="should")
    report = msgspec.structs.replace(reports["profile_not_met"], findings=(msgspec.structs.replace(finding, requirement=origin),))
    assert "Recommended by the profile deep-learning." in render(report)


def test_a_report_about_nothing_is_a_report(reports: dict[str, Report]) -> None:
    empty = msgspec.structs.replace(reports["pasted"], facts=Snapshot(), status=Status.UNKNOWN)
    assert "Nothing in the text that was given was recognised" in render(empty)


def test_what_is_ignored_is_told_with_its_reason_and_who_requires_it(reports: dict[str, Report]) -> None:
    asked = Origin(profile="deep-learning", level="must")
    ignored = (
        Ignored(rule="package-missing", subject="torch", reason="it comes later", requirement=asked),
        *(Ignored(rule="disk-too-full", subject=f"disk {number}", reason="a small node") for number in range(6)),
    )
    text = render(msgspec.structs.replace(reports["healthy"], ignored=ignored), 120)
    lines = text[text.index("\nIgnored\n") :].splitlines()
    assert lines[2] == "· torch: required by the profile deep-learning; it comes later  package-missing"
    assert lines[3] == "· disk 0: a small node  disk-too-full"
    assert lines[7] == "  and 2 more"
    assert "\nIgnored\n" not in render(reports["healthy"])
