"""Answers "I installed it, and it says that there is no such module": what `pip` and Jupyter belong to, and who else has the frameworks.

Arguments: "executable=PATH" of the examined interpreter, "prefix=PATH" of its environment, "cwd=PATH", "home=PATH".
Other environments' folders are listed and their launchers read; nothing of them is run.
"""

import os

from envcheck_probes.nearby.interpreters import Surroundings, find_command, identity, interpreter_behind
from envcheck_probes.nearby.jupyter_kernels import report_kernels
from envcheck_probes.nearby.nearby_environments import report_nearby
from envcheck_probes.reading import shown


def main(channel, arguments):
    asked = dict(argument.partition("=")[::2] for argument in arguments)
    around = Surroundings(asked.get("executable", ""), asked.get("prefix", ""), asked.get("cwd", ""), asked.get("home", ""), os.environ)
    channel.stage("looking for pip")
    channel.section("python.pip", _report_pip, around)
    channel.stage("looking for Jupyter's kernels")
    channel.section("python.kernels", report_kernels, around)
    channel.stage("looking for other environments")
    channel.section("python.nearby", report_nearby, around)


def _report_pip(channel, around):
    """What `pip install` typed into this shell would install into."""
    executable = find_command(around, "pip") or find_command(around, "pip3")
    if executable is None:
        channel.fact("python.pip", None, "PATH")
        return
    python = interpreter_behind(around, executable)
    pip = {"executable": shown(executable), "python": None if python is None else shown(python)}
    if python is not None and around.identity is not None:
        pip["same_environment"] = identity(python) == around.identity
    channel.fact("python.pip", pip, shown(executable))
