"""ML.NET: the .NET SDK that builds its programs is found, and tells its version."""

import os
import re
import subprocess

TEST = {
    "title": "ML.NET",
    "import": "",
    "names": ("ml.net", "dotnet"),
    "service": True,
    "devices": ("cpu",),
    # An estimate: `dotnet --list-sdks` reads a folder.
    "import_s": 0.0,
    "test_s": 0.3,
    "peak_bytes": 100_000_000,
}
MANUAL = {
    "found": "There is no .NET on this machine, or not on PATH: https://dotnet.microsoft.com/download has it.",
    "computed": "dotnet is there and does not start: its native libraries (libicu, libssl) or its files are missing.",
    "compared": "dotnet starts, and only a runtime is installed: to build a program with ML.NET the SDK is needed.",
}
_SDK = re.compile(r"(?m)^(\d+\.\d+\.\d+\S*) \[")
_LONGEST_S = 15


def check(trial):
    trial.layer("found")
    program = _program()
    trial.note("dotnet", program)
    trial.layer("computed")
    trial.doing("asking dotnet for its SDKs")
    question = [program, "--list-sdks"]
    told = subprocess.run(  # noqa: S603 - the program that is tested
        question, env=_quiet(), stdin=subprocess.DEVNULL, capture_output=True, timeout=_LONGEST_S, check=False
    )
    if told.returncode != 0:
        words = (told.stderr or told.stdout).decode("utf-8", "replace").strip()[-500:]
        raise RuntimeError("dotnet --list-sdks ended with status {}: {}".format(told.returncode, words))
    trial.layer("compared")
    versions = _SDK.findall(told.stdout.decode("utf-8", "replace"))
    if not versions:
        raise RuntimeError("dotnet is there, and no SDK: it can run programs, and build none")
    trial.note("sdk", versions[-1])


def _program():
    from envcheck_probes.programs.search import find_program
    from envcheck_probes.smoke_steps.trial import NotThere

    folders = [folder for folder in (os.environ.get("DOTNET_ROOT"), *os.environ.get("PATH", "").split(os.pathsep)) if folder]
    program = find_program("dotnet", folders)
    if program is None:
        raise NotThere("there is no program dotnet in DOTNET_ROOT or on PATH")
    return program


def _quiet():
    """Without its telemetry, and without what it does when it is started for the first time."""
    return dict(os.environ, DOTNET_CLI_TELEMETRY_OPTOUT="1", DOTNET_NOLOGO="1", DOTNET_SKIP_FIRST_TIME_EXPERIENCE="1")
