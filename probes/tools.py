"""The programs of PATH that profiles and rules know by name, and their versions.

Arguments: "quick" (no process is started: versions are read from the files beside the programs, where there are such files) or "full"
(what no file says, the program is asked), and with it "deadline=SECONDS", which each program has; 5 s where it is not given.

Nothing is run from the current folder or from a relative entry of PATH, and no placeholder of an operating system is run.
"""

import os
import sys

from envcheck_probes.programs.deadline import deadline_in
from envcheck_probes.programs.search import find_programs
from envcheck_probes.programs.tool_files import installed_java, version_from_files
from envcheck_probes.reading import read_if_there, shown

from envcheck.parsers.python.launchers import parse_script_program
from envcheck.parsers.python.search_path import is_macos_shim, is_store_alias, parse_search_path

# How each is asked for its version.
QUESTIONS = {
    "java": ("-version",),  # "--version" is not known to Java 8
    "dotnet": ("--version",),
    "node": ("--version",),
    "git": ("--version",),
    "cmake": ("--version",),
    "ninja": ("--version",),
    "gcc": ("--version",),
    "g++": ("--version",),
    "clang": ("--version",),
    "cc": ("--version",),
    "nvcc": ("--version",),
    "hipcc": ("--version",),
    "docker": ("--version",),  # the client alone; "docker version" asks the daemon
    "podman": ("--version",),
    "apptainer": ("--version",),
    "singularity": ("--version",),
    "kubectl": ("version", "--client"),
    "conda": ("--version",),
    "mamba": ("--version",),
    "micromamba": ("--version",),
    "pixi": ("--version",),
    "uv": ("--version",),
    "mpirun": ("--version",),
    "protoc": ("--version",),
    "ffmpeg": ("-version",),
    "hadoop": ("version",),
    "Rscript": ("--version",),
}
_SCRIPT_HEAD = 4096


def main(channel, arguments):
    channel.stage("looking for tools")
    channel.section("tools", report_tools, "full" in arguments, deadline_in(arguments, 5.0))


def report_tools(channel, full, deadline_s=5.0):
    folders = parse_search_path(os.environ.get("PATH", ""))
    asked = {}
    for name in QUESTIONS:
        path = _find(name, folders)
        if path is None:
            continue
        version, source = _from_files(name, path)
        tool = {"path": shown(path)}
        if version is not None:
            tool["version"] = version
        elif full and _may_run(path):
            asked[name] = path
        channel.fact("tools[" + name + "]", tool, shown(source or path))
    channel.observed("tools", "partial" if any(_is_closed(folder) for folder in folders) else "complete")
    if asked:
        from envcheck_probes.programs.tool_questions import ask_all

        ask_all(channel, {name: (path, *QUESTIONS[name]) for name, path in asked.items()}, deadline_s)


def _is_closed(folder):
    """Whether there may be programs that we cannot see."""
    try:
        os.stat(os.path.join(folder, "."))
    except PermissionError:
        return True
    except OSError:  # it is not there, or no folder: nobody can start anything from it
        return False
    return False


def _find(name, folders):
    """Where a tool is; Java's own variable comes before PATH, as it does for Spark and H2O."""
    home = os.environ.get("JAVA_HOME", "")
    if name == "java" and os.path.isabs(home):
        folders = [os.path.join(home, "bin"), *folders]
    for path in find_programs(name, folders):
        if not is_store_alias(path, sys.platform):
            program = _behind_macos_shim(name, path) if is_macos_shim(path, sys.platform) else path
            if program is not None:
                return program
    return None


def _behind_macos_shim(name, shim):
    """What a shim under /usr/bin stands for, or None where it would open a dialog."""
    if name == "java":
        return installed_java()
    developer = _developer_folder()
    for folder in ("usr/bin", "Toolchains/XcodeDefault.xctoolchain/usr/bin"):
        path = os.path.join(developer, folder, os.path.basename(shim))
        if os.path.isfile(path):
            return path
    return None


def _developer_folder():
    try:
        return os.readlink("/var/db/xcode_select_link")
    except OSError:  # nobody chose another place
        return "/Library/Developer/CommandLineTools"


def _from_files(name, path):
    """The version and the file that says it, or twice None; a script that only starts another program is followed."""
    program = os.path.realpath(path)
    version, source = version_from_files(name, program)
    if version is None:
        head = read_if_there(program, _SCRIPT_HEAD)
        started = parse_script_program(head.decode("utf-8", "replace")) if head.startswith(b"#!") else None
        if started is not None and os.path.isabs(started) and os.path.basename(started) == name:
            version, source = version_from_files(name, os.path.realpath(started))
    return version, source


def _may_run(path):
    """Whether it is a program: a script of Windows' shell would need that shell."""
    return not path.lower().endswith((".bat", ".cmd"))
