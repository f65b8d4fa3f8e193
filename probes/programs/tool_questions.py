"""Asks tools for their versions, all at once."""

from envcheck_probes.programs.question import Question, as_text, first_line
from envcheck_probes.reading import shown

from envcheck.parsers.text.tool_versions import parse_tool_version


def ask_all(channel, commands, deadline_s):
    """Reports each tool's version, or why it did not say one. `commands` are argument lists by the tool's name."""
    channel.stage("asking tools for their versions")
    questions = {name: Question(command, deadline_s) for name, command in commands.items()}
    for name, question in questions.items():
        _report(channel, name, commands[name], question.wait())


def _report(channel, name, command, question):
    fact = "tools[" + name + "].version"
    trouble = question.trouble()
    if trouble is not None:
        channel.unknown(fact, *trouble)
        return
    text = as_text(question.words)
    version = parse_tool_version(name, text)
    if version is not None:
        channel.fact(fact, version, " ".join((shown(command[0]), *command[1:])))
    elif question.status != 0:
        channel.unknown(fact, "crashed", "{} ended with status {}".format(shown(command[0]), question.status))
    else:
        channel.unknown(fact, "unparsable", first_line(text) or "it printed nothing")
