"""Facts about the container that a text shows: the engine, what it was started with, its image and shared memory.

Taken from command lines, compose files, pods, prompts, the banner of NVIDIA's images, and, believed least, from people's words.
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.containers.container import container_of_groups
from envcheck.parsers.containers.container_commands import ContainerCommand
from envcheck.parsers.containers.container_files import find_container_files
from envcheck.parsers.expression import regex
from envcheck.parsers.text.shell_prompts import (
    CONTAINER,
    compose_service_of,
    compose_services,
    engine_of_prompt,
    engine_of_uname,
    is_run_by_compose,
    label_of_place,
)
from envcheck.readers.interface import Text
from envcheck.readers.scopes import is_refused

_MARKED = regex(r"(?:^|\s|/)\.dockerenv(?:\s|$)")
_BANNER = regex(
    r"^(?:NVIDIA Release \d\d\.\d\d|Container image Copyright \(c\) \d{4}.{0,40}NVIDIA|.{0,40}NVIDIA Deep Learning Container License)"
)
_DEFAULT_SHM = regex(r"SHMEM allocation limit is set to the default of 64MB")
# One of a few words in a line that lists what somebody has: "docker, RTX3090, driver 525".
_LISTED = regex(
    r"(?:(?:running |run )?(?:in|inside|on|using|via|with) )?(?:an? |the |my )?"
    r"(?P<engine>docker|podman|kubernetes|k8s|singularity|apptainer|lxc|lxd)(?: container| image| pod)?",
    re.IGNORECASE,
)
_INSIDE = regex(
    r"\b(?:inside|within|in) (?:the |a |an |my |this )?(?:existing |running |old |new )?"
    r"(?P<engine>docker |podman |singularity |apptainer |lxc )?container\b",
    re.IGNORECASE,
)
# docker container on an Ubuntu host    I run it inside docker    (running in Docker)
_ENGINE_NAMED = regex(
    r"^\W{0,6}(?P<engine>docker|podman|singularity|apptainer|lxc) container\b"
    r"|\b(?:running|run|ran|runs|inside|within) (?:\w{1,10} )?(?:in |inside |within |under )?(?:a |the |my )?"
    r"(?P<within>docker|podman|kubernetes|k8s|singularity|apptainer)\b(?! ?(?:desktop|hub|compose|engine|run|build|image|-))",
    re.IGNORECASE,
)
_NOT_INSIDE = regex(r"\b(?:not|outside|without|instead|unlike|works?|fine)\b", re.IGNORECASE)
_IMAGE = regex(
    r"^\s*(?:[-*] )?\**(?:docker |container )?image\**\s*[:=]\s*`?(?P<image>[\w./-]{2,120}(?::[\w.-]{1,80})?)`?\s*$", re.IGNORECASE
)
_ENGINES = {"k8s": "kubernetes", "singularity": "apptainer", "lxd": "lxc", "": "other"}
# One of these stands in every line that says something here, in whatever case.
_MARKS = (
    *("docker", "podman", "nerdctl", "apptainer", "singularity", "kubectl", "k8s", "kubernetes", "kubepods", "lxc", "lxd", "container"),
    *("image", "services:", "shmem", "nvidia release", "@", "linux ", "_run ...", "_run_"),
)
_LONGEST = 600


class ContainerReader:
    """Reads signs of containers, each line by itself, and files that describe one."""

    name = "containers"

    def recognises(self, text: Text) -> bool:
        """By a line that speaks of one."""
        return bool(text.container_commands) or any(True for _ in _worth_a_look(text)) or bool(compose_services(text.lines))

    def read(self, text: Text) -> Evidence:
        """Engine, options and image; what a refused command asked for describes no container."""
        return Evidence(claims=[*_files(text), *_commands(text), *_signs(text), *_words(text)])


def _worth_a_look(text: Text) -> Iterator[tuple[int, str]]:
    return ((index, text.lines[index]) for index in text.with_words(*_MARKS) if len(text.lines[index]) <= _LONGEST)


def _claim(text: Text, fact: str, value: object, index: int, trust: Trust = Trust.PRINTED) -> Claim:
    """Whatever line tells of it, it is the container that it holds of."""
    return Claim(fact, value, text.at(index), trust, CONTAINER)


def _commands(text: Text) -> Iterator[Claim]:
    for index, (command, count) in text.container_commands.items():
        text.taken.update(range(index, index + count))
        if not is_refused(text.lines, index + count):
            yield from _of_command(command, index, text)


def _of_command(command: ContainerCommand, index: int, text: Text) -> Iterator[Claim]:
    yield _claim(text, "system.container", command.engine, index)
    if command.gpus != "":
        yield _claim(text, "system.container_gpus", command.gpus, index)
    if command.image:
        yield _claim(text, "system.container_image", command.image, index)
    if command.shm_bytes:
        yield _claim(text, "memory.shm_bytes", command.shm_bytes, index)
    elif command.starts and command.engine in ("docker", "podman") and not command.shares_host_memory:
        yield _claim(text, "memory.shm_bytes", 64 * 2**20, index, Trust.MENTIONED)  # the default of both


def _files(text: Text) -> Iterator[Claim]:
    for file in find_container_files(text.lines if isinstance(text.lines, list) else list(text.lines)):
        yield _claim(text, "system.container", file.engine, file.first)
        yield _claim(text, "system.container_gpus", file.gpus, file.first)
        if file.image:
            yield _claim(text, "system.container_image", file.image, file.first)
        if file.shm_bytes:
            yield _claim(text, "memory.shm_bytes", file.shm_bytes, file.first)


def _signs(text: Text) -> Iterator[Claim]:
    """What is printed inside a container only."""
    services = compose_services(text.lines)
    for index, line in enumerate(text.lines if services else ()):
        if compose_service_of(line) in services:
            yield _claim(text, "system.container", "docker", index)
            break
    for index, line in _worth_a_look(text):
        engine = engine_of_prompt(line) or engine_of_uname(line) or container_of_groups(line)
        if engine is None and (is_run_by_compose(line) or _MARKED.search(line) or _BANNER.match(line.strip())):
            engine = "docker"
        if engine:
            yield _claim(text, "system.container", engine, index)
        if _DEFAULT_SHM.search(line):
            yield _claim(text, "memory.shm_bytes", 64 * 2**20, index)


def _words(text: Text) -> Iterator[Claim]:
    for index, line in _worth_a_look(text):
        if index in text.taken or not 3 < len(line) <= 160:
            continue
        image = _IMAGE.match(line)
        if image:
            yield _claim(text, "system.container", "docker", index, Trust.MENTIONED)
            yield _claim(text, "system.container_image", image["image"], index, Trust.MENTIONED)
            continue
        pieces = re.split(r"[,;|]", line)
        listed = next((found for piece in pieces if (found := _LISTED.fullmatch(piece.strip(" .*-")))), None) if len(pieces) > 1 else None
        inside = None if _NOT_INSIDE.search(line) else _INSIDE.search(line) or _ENGINE_NAMED.search(line)
        found = listed or inside
        label = None if found else label_of_place(line)
        if label is not None and label[0] == CONTAINER:
            engine = next((name for name in ("docker", "podman", "lxc", "singularity", "apptainer") if name in line.lower()), "")
            yield _claim(text, "system.container", _ENGINES.get(engine, engine), index, Trust.MENTIONED)
        if found:
            word = next(filter(None, found.groups()), "").strip().lower()
            yield _claim(text, "system.container", _ENGINES.get(word, word), index, Trust.MENTIONED)
