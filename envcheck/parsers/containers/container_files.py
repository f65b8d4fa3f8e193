"""Compose files and pods of Kubernetes in a text: whether what they describe is given GPUs.

services:                                  kind: Pod
  trainer:                                 spec:
    image: nvcr.io/nvidia/pytorch:24.01      containers:
    shm_size: 8gb                            - image: nvcr.io/nvidia/pytorch:24.01
    deploy: …                                  resources: {limits: {nvidia.com/gpu: 1}}

Lines are read as they stand, by their keys: a part of a file has its meaning too.
"""

from __future__ import annotations

import re

from envcheck.parsers.containers.container_commands import without_registry
from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size

_SERVICES = regex(r"^services:\s*(?:#.*)?$")
_POD = regex(r"^\s{0,4}kind:\s*(?:Pod|Deployment|Job|CronJob|StatefulSet|DaemonSet|ReplicaSet|PyTorchJob)\s*$")
_CONTAINERS = regex(r"^\s*(?:- )?containers:\s*$")
_IMAGE = regex(r"^\s+(?:- )?image:\s*[\"']?(?P<image>[\w./:@${}-]{2,200})[\"']?\s*(?:#.*)?$")
_SHM = regex(r"^\s+shm_size:\s*[\"']?(?P<size>[\w.]{1,20})[\"']?\s*(?:#.*)?$")
_COMPOSE_GPU = regex(
    r"^\s+(?:- )?(?:runtime:\s*[\"']?(?P<runtime>nvidia)|gpus:\s*(?P<gpus>\S{1,40})"
    r"|capabilities:\s*\[[^\]\n]{0,60}?\b(?P<capability>gpu)\b|-\s*[\"']?(?P<item>gpu)[\"']?\s*$|driver:\s*[\"']?(?P<driver>nvidia)"
    r"|[\"']?(?P<device>/dev/(?:kfd|dri|nvidia)|nvidia\.com/gpu))"
)
_POD_GPU = regex(r"[\"']?(?P<resource>(?:nvidia|amd|gpu\.intel)\.com/[\w.-]{1,40})[\"']?\s*:\s*[\"']?(?P<count>\d{1,4})")
# A YAML key, a list's item, a comment, or nothing: whatever else begins at the margin ends the file.
_YAML = regex(r"^(?:\s+\S.*|-\s.*|[\w.-]{1,60}:(?:\s.*)?|\s*#.*|\s*|---)$")


class ContainerFile:
    """One file of an engine (docker, kubernetes), and the lines it stands in."""

    __slots__ = ("end", "engine", "first", "gpus", "image", "shm_bytes")

    def __init__(self, engine: str, first: int, end: int, gpus: str | None, image: str, shm_bytes: int | None = None) -> None:
        self.engine = engine
        self.first = first
        self.end = end
        self.gpus = gpus
        self.image = image
        self.shm_bytes = shm_bytes


def find_container_files(lines: list[str] | tuple[str, ...]) -> list[ContainerFile]:
    """Every compose file and pod of a text."""
    found: list[ContainerFile] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith("services:") and _SERVICES.match(line):
            end = _end(lines, index)
            file = _compose(lines, index, end)
        elif "kind:" in line and _POD.match(line):
            end = _end(lines, index)
            file = _pod(lines, index, end)
        else:
            index += 1
            continue
        if file is not None:
            found.append(file)
        index = max(end, index + 1)
    return found


def _end(lines: list[str] | tuple[str, ...], start: int) -> int:
    end = start + 1
    while end < len(lines) and end - start < 2000 and len(lines[end]) < 500 and _YAML.match(lines[end]):
        end += 1
    return end


def _compose(lines: list[str] | tuple[str, ...], start: int, end: int) -> ContainerFile | None:
    gpus, image, shm = None, "", None
    built = False
    for line in lines[start + 1 : end]:
        bare = line.partition(" #")[0]
        gpu, named, size = _COMPOSE_GPU.match(bare), _IMAGE.match(line), _SHM.match(line)
        if gpu and not bare.lstrip().startswith("#"):
            gpus = gpus or bare.strip().lstrip("- ")
        image = image or (without_registry(named["image"]) if named else "")
        built = built or re.match(r"\s+build:", line) is not None
        shm = parse_size(size["size"].strip("'\""), "B") if size else shm
    return ContainerFile("docker", start, end, gpus, image, shm) if image or built else None


def _pod(lines: list[str] | tuple[str, ...], start: int, end: int) -> ContainerFile | None:
    gpus, image, whole = None, "", False
    for line in lines[start + 1 : end]:
        bare = line.partition(" #")[0]
        gpu, named = _POD_GPU.search(bare), _IMAGE.match(line)
        if gpu and int(gpu["count"]) and not bare.lstrip().startswith("#"):
            gpus = gpus or f"{gpu['resource']}: {gpu['count']}"
        image = image or (without_registry(named["image"]) if named else "")
        whole = whole or _CONTAINERS.match(line) is not None
    return ContainerFile("kubernetes", start, end, gpus, image) if whole and image else None
