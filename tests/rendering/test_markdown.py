"""The answer to paste back: complete, copyable, and deaf to what a pasted text would make of it."""

import re

import msgspec
import pytest
from markdown_it import MarkdownIt

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_text
from envcheck.rendering.interface import RenderOptions, format_of
from envcheck.rendering.markdown import RENDERER
from envcheck.rendering.markdown_text import code, code_block, prose
from envcheck.report import Certainty, Finding, Proof, Report, Step
from envcheck.rules import all_rules

OLD_DRIVER = """\
NVIDIA-SMI 470.82.01    Driver Version: 470.82.01    CUDA Version: 11.4
torch 2.8.0+cu128
"""


def answer(text: str) -> str:
    return RENDERER.render(diagnose(read_text(text), all_rules()), RenderOptions())


def answer_to(report: Report) -> str:
    return RENDERER.render(report, RenderOptions())


def told(text: str) -> Report:
    return diagnose(read_text(text), all_rules())


def with_first(report: Report, **changes: object) -> Report:
    finding: Finding = msgspec.structs.replace(report.findings[0], **changes)
    return msgspec.structs.replace(report, findings=(finding, *report.findings[1:]))


def test_cause_evidence_and_remedy_are_told():
    written = answer(OLD_DRIVER)
    assert written.startswith("### envcheck: 1 problem\n")
    assert "`driver-too-old`" in written
    assert "`11.4` (report line 1)" in written
    assert "What to do: update the NVIDIA driver" in written
    assert "tables of 20" in written


def test_a_command_stands_in_a_block_that_can_be_copied():
    report = told(OLD_DRIVER)
    remedy = report.findings[0].remedies[0]
    steps = (Step(run=("python", "-m", "pip", "install", "tensorflow[and-cuda]<3")), Step(do="reboot"))
    written = answer_to(with_first(report, remedies=(msgspec.structs.replace(remedy, steps=steps),)))
    assert "```sh\npython -m pip install 'tensorflow[and-cuda]<3'\n```\n\nreboot\n" in written


def test_what_is_only_likely_says_what_to_send():
    report = told(OLD_DRIVER)
    confirm = ("nvidia-smi on the host shows an older driver",)
    written = answer_to(with_first(report, certainty=Certainty.LIKELY, would_confirm=confirm))
    assert "likely, not certain" in written
    assert f"To be sure, look at or send:\n\n- {confirm[0]}" in written


def test_an_error_that_is_not_the_environments_is_answered_once():
    written = answer(
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.80 GiB total capacity; "
        "7.20 GiB already allocated; 10.00 MiB free; 7.40 GiB reserved in total by PyTorch)"
    )
    assert written.startswith("### envcheck: what the error is\n")
    assert written.count("This is not a problem of the environment") == 1


def test_a_text_that_says_nothing_is_asked_for_more():
    written = answer("hello\n")
    assert "What else to send:" in written
    assert "pip list" in written
    assert "collect\\_env" in written or "collect_env" in written


def test_a_healthy_machine_is_asked_for_nothing():
    healthy = answer_to(msgspec.structs.replace(told(""), facts=msgspec.structs.replace(told("").facts, live=True)))
    assert "What else to send" not in healthy


def test_what_is_told_does_not_depend_on_the_width():
    report = told(OLD_DRIVER)
    assert RENDERER.render(report, RenderOptions(width=60)) == RENDERER.render(report, RenderOptions(width=120))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[click](https://example.com)",
        "![x](http://example.com/i.png)",
        "@torvalds see #1",
        "a | b\n| - | - |",
        "**bold** _it_ ~~gone~~ $x$",
        "&lt;img src=x&gt;",
        "www.example.com",
    ],
)
def test_nothing_from_outside_is_markup(hostile: str):
    written = answer_to(with_first(told(OLD_DRIVER), message=hostile, subject=hostile))
    parsed = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(written)
    inline = [token for block in parsed for token in block.children or ()]
    assert not {token.type for token in (*parsed, *inline)} & {"link_open", "image", "html_block", "table_open", "s_open", "em_open"}
    assert [token.content for token in inline if token.type == "html_inline"] == ["<sub>", "</sub>"]
    shown = "".join(token.content for token in inline if token.type in ("text", "text_special"))
    assert hostile in shown.replace("\u200b", "") or "\n" in hostile
    assert not re.search(r"[@#]\w", shown)
    assert not re.search(r"(?i)\w://|www\.", written)


@pytest.mark.parametrize("hostile", ["``` rm -rf ~ ```", "`", "a`b``c", "````"])
def test_backticks_do_not_end_code(hostile: str):
    shown = code(hostile)
    fence = re.match("`+", shown)
    assert fence is not None
    assert fence[0] not in shown[len(fence[0]) : -len(fence[0])].replace(fence[0] + "`", "")
    assert shown.endswith(fence[0])
    block = code_block([hostile], "sh")
    assert block[-1] not in block[1]
    assert block[1] == hostile


def test_a_command_with_hidden_characters_is_not_offered_for_copying():
    (_, line, _) = code_block(["pip install \u202egnp.exe"], "sh")
    assert line.startswith("# not for copying")
    assert "\u202e" not in line


@pytest.mark.parametrize(
    ("line", "shown"), [("# title", "\\# title"), ("1. item", "1\\. item"), ("- item", "\\- item"), ("snake_case", "snake_case")]
)
def test_the_beginning_of_a_line_is_no_mark(line: str, shown: str):
    assert prose(line) == shown


def test_long_lists_are_counted():
    proofs = tuple(Proof(fact=f"packages[p{number}].version", value=str(number), source="") for number in range(20))
    assert "- and 12 more" in answer_to(with_first(told(OLD_DRIVER), evidence=proofs))


def test_the_suffix_names_the_format():
    assert format_of("answer.md") == ("markdown", "answer.md")
