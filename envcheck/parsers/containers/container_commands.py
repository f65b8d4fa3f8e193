"""Command lines that start a container or enter one: which engine, which image, and what gives it GPUs and shared memory.

sudo docker run --rm -it --gpus all --shm-size=8g -v $PWD:/w nvcr.io/nvidia/pytorch:24.01-py3 bash
apptainer exec --nv image.sif python train.py
docker exec -it trainer bash
docker compose -f gpu.yml run --rm trainer nvidia-smi

What stands behind the image belongs to the program inside: a `--gpus` there gives no GPU.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size

_ENGINES = {
    "docker": "docker",
    "docker.exe": "docker",
    "nvidia-docker": "docker",
    "nvidia-docker2": "docker",
    "podman": "podman",
    "nerdctl": "containerd",
    "apptainer": "apptainer",
    "singularity": "apptainer",
    "kubectl": "kubernetes",
    "oc": "kubernetes",
}
_STARTS = {"run", "create"}
_ENTERS = {"exec", "attach", "start"}
# Flags of `docker run` and `podman run` that have no value; every other option has one.
_SWITCHES = frozenset(
    (
        *("--detach", "--disable-content-trust", "--help", "--init", "--interactive", "--no-healthcheck", "--no-hosts", "--no-hostname"),
        *("--oom-kill-disable", "--privileged", "--publish-all", "--quiet", "--read-only", "--replace", "--rm", "--rmi", "--rootfs"),
        *("--sig-proxy", "--tls-verify", "--tty", "--passwd", "--systemd", "--env-host", "--http-proxy", "--read-only-tmpfs"),
    )
)
_SHORT_SWITCHES = regex(r"-[itdPq]+$")
# Apptainer's own: those with a value.
_APPTAINER_VALUES = frozenset(
    (
        *("-B", "--bind", "-S", "--scratch", "-H", "--home", "-W", "--workdir", "--pwd", "--env", "--env-file", "-o", "--overlay", "--app"),
        *("--add-caps", "--drop-caps", "--apply-cgroups", "--mount", "--network", "--security", "--nvccli-caps", "--cwd", "--hostname"),
        *("--cpus", "--memory", "--pem-path", "--fusemount", "--dns", "--shm-size", "--device"),
    )
)
_GPU_DEVICE = regex(r"(?:/dev/(?:nvidia|kfd|dri|dxg)|(?:runtime\.)?nvidia\.com/gpu|amd\.com/gpu|intel\.com/)")
# What begins a command: a prompt, a label, a number in a list, or nothing.
_COMMAND = regex(
    r"(?P<before>^|.{0,200}?[\s`>$#%:(\"'])(?:(?P<word>sudo|time|exec|srun|nohup)(?:\s+-[\w=-]{1,30}){0,6}\s+)?(?P<assigned>(?:[A-Z_]{2,40}=\S{0,80}\s+){0,6})"
    r"(?P<engine>nvidia-docker2?|docker(?:\.exe)?|podman|nerdctl|apptainer|singularity|kubectl|oc)"
    r"(?P<compose>(?:-|\s{1,4})compose(?:\s{1,4}-[\w=./-]{1,60}(?:\s{1,4}(?!(?:run|exec)\s)[\w./-]{1,80})?){0,4})?\s+"
    r"(?P<verb>(?:container\s+)?(?:run|create|exec|shell|attach|start))(?=\s|$)(?P<rest>.*)$"
)
_ADVICE = regex(
    r"\b(?:try|should|would|could|without|need|needs|please|must|suggest|recommend|instead|if|when|like|e\.g|example|adding|use)\b",
    re.IGNORECASE,
)
_LONGEST = 4000
_MOST, _MOST_LINES = 200, 60
_WORDS = ("docker", "podman", "nerdctl", "apptainer", "singularity", "kubectl", "oc ")
_BEGINS = regex(r"\b(?:run|create|exec|shell|attach|start)\b")
_SHELLS = frozenset(("bash", "sh", "zsh", "fish", "/bin/bash", "/bin/sh", "/usr/bin/bash", "/bin/zsh", "tmux"))


class ContainerCommand(NamedTuple):
    """One such command. `gpus` is the option that gives GPUs, None where none does; "" where the command does not tell, as `exec`."""

    engine: str
    gpus: str | None = ""
    image: str = ""
    shm_bytes: int | None = None
    shares_host_memory: bool = False  # --ipc=host
    variables: tuple[tuple[str, str], ...] = ()
    starts: bool = True  # a new container; else one is entered
    interactive: bool = False  # what follows in the text is typed inside


def parse_container_command(line: str) -> ContainerCommand | None:
    """The command in a line whose continuations have been joined; prose about commands gives none."""
    if len(line) > _LONGEST or not any(engine in line for engine in _WORDS):
        return None
    found = _COMMAND.match(line)
    if found is None or _ADVICE.search(found["before"]):
        return None
    engine, verb = _ENGINES[found["engine"]], found["verb"].split()[-1]
    rest = found["rest"]
    if "`" in found["before"] and "`" in rest:
        rest = rest.partition("`")[0]
    words = _words(rest)
    if engine == "apptainer":
        return _apptainer(words, verb) if verb in ("run", "exec", "shell") else None
    if found["compose"]:  # the service's own lines in a file tell of GPUs and memory
        return ContainerCommand(engine, starts=False, interactive=_is_entered(words)) if words and verb in ("run", "exec") else None
    if engine == "kubernetes":
        return ContainerCommand(engine, starts=False, interactive=True) if verb == "exec" else None
    if verb in _ENTERS:
        return ContainerCommand(engine, starts=False, interactive=_is_entered(words)) if words else None
    return _started(engine, words, by_wrapper=found["engine"].startswith("nvidia-docker")) if verb in _STARTS else None


def find_container_commands(lines: Sequence[str], among: Iterable[int] | None = None) -> dict[int, tuple[ContainerCommand, int]]:
    """The commands of a text by the line that they begin in, and how many lines each has; of very many only the first.

    `among` are the lines that name an engine, in rising order, where somebody knows them.
    """
    found: dict[int, tuple[ContainerCommand, int]] = {}
    end = 0
    for index in range(len(lines)) if among is None else among:
        if index < end or len(found) >= _MOST:
            continue
        end = index + 1
        if any(engine in lines[index] for engine in _WORDS) and _BEGINS.search(lines[index]):
            whole, count = _joined(lines, index)
            command = parse_container_command(whole)
            end = index + count
            if command is not None:
                found[index] = command, count
    return found


def _joined(lines: Sequence[str], index: int) -> tuple[str, int]:
    r"""The command that begins in a line, with what continues it behind `\`, a backtick or `^`, and how many lines that are."""
    parts: list[str] = []
    for line in lines[index : index + _MOST_LINES]:
        bare = line.rstrip()
        parts.append(bare.strip() if parts else bare)
        if not bare.endswith(("\\", " `", " ^")):
            break
        parts[-1] = parts[-1][:-1]
    return " ".join(parts), len(parts)


def without_registry(image: str) -> str:
    """`registry.example.org:5000/team/trainer:1` → `team/trainer:1`: a private registry's name says nothing about the image."""
    host, slash, rest = image.partition("/")
    public = ("docker.io", "nvcr.io", "ghcr.io", "quay.io", "gcr.io", "public.ecr.aws", "registry.k8s.io")
    return rest if slash and re.search(r"[.:]|^localhost$", host) and host not in public else image


def _words(text: str) -> list[str]:
    import shlex

    try:
        return shlex.split(text, comments=False)
    except ValueError:  # a quote that never ends
        return text.split()


def _is_entered(words: list[str]) -> bool:
    return any(_SHORT_SWITCHES.match(word) and ("t" in word or "i" in word) for word in words) or any(word in _SHELLS for word in words)


class _Options:
    """What the options in front of the image say."""

    def __init__(self, gpus: str | None) -> None:
        self.gpus = gpus
        self.shm_bytes: int | None = None
        self.shares_host_memory = False
        self.interactive = False
        self.variables: list[tuple[str, str]] = []

    def take_switch(self, name: str) -> None:
        self.interactive = self.interactive or name in ("--interactive", "--tty") or (name[:2] != "--" and ("t" in name or "i" in name))
        if name == "--privileged":
            self.gpus = self.gpus or name

    def take(self, name: str, value: str) -> None:
        if _gives_gpus(name, value) and self.gpus in (None, "--privileged"):
            self.gpus = f"{name} {value}".strip()
        elif name == "--shm-size":
            self.shm_bytes = parse_size(value, "B")
        elif name == "--ipc":
            self.shares_host_memory = value == "host"
        elif name in ("-e", "--env") and "=" in value:
            variable, _, content = value.partition("=")
            self.variables.append((variable, content))
            if variable == "NVIDIA_VISIBLE_DEVICES" and content not in ("", "void", "none"):
                self.gpus = self.gpus or f"-e {value}"


def _started(engine: str, words: list[str], *, by_wrapper: bool) -> ContainerCommand | None:
    options = _Options(gpus="nvidia-docker" if by_wrapper else None)
    place = 0
    while place < len(words) and words[place].startswith("-"):
        name, equals, value = words[place].partition("=")
        place += 1
        if _SHORT_SWITCHES.match(name) or (not equals and name in _SWITCHES):
            options.take_switch(name)
            continue
        if not name.startswith("--") and len(name) > 2:  # -v/a:/b and -eNAME=value
            name, value = name[:2], words[place - 1][2:]
        elif not equals:
            value = words[place] if place < len(words) else ""
            place += 1
        options.take(name, value)
    image = words[place] if place < len(words) else ""
    if not place and not re.search(r"[:/]", image):  # "docker run fails"
        return None
    inside = words[place + 1 :]
    return ContainerCommand(
        engine,
        options.gpus,
        without_registry(image),
        options.shm_bytes,
        options.shares_host_memory,
        tuple(options.variables),
        interactive=options.interactive and (not inside or inside[0] in _SHELLS),
    )


def _gives_gpus(name: str, value: str) -> bool:
    if name == "--gpus":
        return value not in ("", "0", '""')
    if name == "--runtime":
        return value.startswith("nvidia")
    return name == "--device" and _GPU_DEVICE.match(value) is not None


def _apptainer(words: list[str], verb: str) -> ContainerCommand | None:
    gpus: str | None = None
    place = 0
    while place < len(words) and words[place].startswith("-"):
        name, equals, value = words[place].partition("=")
        place += 1
        if not equals and name in _APPTAINER_VALUES:
            value = words[place] if place < len(words) else ""
            place += 1
        if name in ("--nv", "--nvccli", "--rocm"):
            gpus = name
        elif name in ("-B", "--bind") and "/dev/kfd" in value:
            gpus = gpus or f"{name} {value}"
    image = words[place] if place < len(words) else ""
    if not image or (not place and not re.search(r"[:/.]", image)):
        return None
    return ContainerCommand("apptainer", gpus, without_registry(image), interactive=verb == "shell")
