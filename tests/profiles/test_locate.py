"""The line of a key in a profile."""

from envcheck.profiles.locate import Entry, line_of

TEXT = '''name = "x"
description = """
fact = "this is prose"
[[requirement]]
"""
"title" = "X"

[[requirement]]
fact = "memory.total_bytes"
document = { file = "a", line = 3, says = "b" }

# fact = "a comment"
[[ requirement ]]
level = "must"
fact = "python.version"
document.line = 7
[requirement.today]
says = "c"
source = "d"
'''


def test_keys_of_the_head() -> None:
    assert line_of(TEXT, "name") == 1
    assert line_of(TEXT, "title") == 6


def test_prose_in_a_string_of_several_lines_is_no_key_and_no_table() -> None:
    assert line_of(TEXT, "fact", entry=Entry("requirement", 0)) == 9


def test_keys_of_the_second_table() -> None:
    assert line_of(TEXT, "fact", entry=Entry("requirement", 1)) == 15
    assert line_of(TEXT, "level", entry=Entry("requirement", 1)) == 14


def test_keys_inside_inline_dotted_and_sub_tables() -> None:
    assert line_of(TEXT, "document", "line", entry=Entry("requirement", 0)) == 10
    assert line_of(TEXT, "document", "line", entry=Entry("requirement", 1)) == 16
    assert line_of(TEXT, "today", "source", entry=Entry("requirement", 1)) == 19
    assert line_of(TEXT, "today", entry=Entry("requirement", 1)) == 17


def test_what_is_missing_is_placed_at_the_nearest_thing_above() -> None:
    assert line_of(TEXT, "bound", entry=Entry("requirement", 1)) == 13
    assert line_of(TEXT, "today", "bound", entry=Entry("requirement", 1)) == 17
    assert line_of(TEXT, "extends") == 1


def test_requirements_written_as_an_array_of_inline_tables() -> None:
    assert line_of('name = "x"\nrequirement = [{ fact = "a" }]\n', "fact", entry=Entry("requirement", 0)) == 2


def test_checks_and_requirements_are_counted_apart_and_end_where_the_other_begins() -> None:
    text = '[[check]]\nname = "a"\n[[requirement]]\nfact = "b"\n[[check]]\nname = "c"\ncommand = ["d"]\n[[requirement]]\nfact = "e"\n'
    assert line_of(text, "name", entry=Entry("check", 1)) == 6
    assert line_of(text, "fact", entry=Entry("requirement", 1)) == 9
    assert line_of(text, "name", entry=Entry("requirement", 0)) == 3
    assert line_of(text, "command", entry=Entry("check", 0)) == 1
