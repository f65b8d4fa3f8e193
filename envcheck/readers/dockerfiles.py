"""What the image that a Dockerfile begins with has in it, by its name and tag: `nvidia/cuda:12.1.1-cudnn8-devel-ubuntu22.04`.

Believed like a mention: the lines below may have changed it.
"""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.containers.container_commands import without_registry
from envcheck.parsers.expression import regex
from envcheck.readers.builds import said_by_version
from envcheck.readers.interface import Text

_FROM = regex(
    r"^\s*(?:\d{1,3} )?FROM (?:--platform=(?P<platform>\S{1,60}) )?"
    r"(?P<image>[a-z0-9][\w./:@-]{1,200})(?: [Aa][Ss] (?P<alias>[\w.-]{1,60}))?\s*$"
)
# What stands below it in such a file; SQL's FROM is followed by none of these.
_INSTRUCTION = regex(r"^\s*(?:RUN|ENV|COPY|ADD|WORKDIR|CMD|ENTRYPOINT|ARG|USER|SHELL|LABEL|EXPOSE|VOLUME|FROM) \S")
_CUDA = regex(r"(?:^|/)cuda:(?P<cuda>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?P<rest>[\w.-]*)$")
_TORCH = regex(r"(?:^|/)pytorch/pytorch:(?P<torch>\d\.\d{1,2}\.\d{1,2})-cuda(?P<cuda>\d{1,2}\.\d{1,2})-cudnn(?P<cudnn>\d{1,2})")
_TENSORFLOW = regex(r"(?:^|/)tensorflow/tensorflow:(?P<tensorflow>\d\.\d{1,2}\.\d{1,2})(?:rc\d{1,2})?(?:-|$)")
_PYTHON = regex(r"(?:^|/)python:(?P<python>3\.\d{1,2}(?:\.\d{1,2})?)(?=[-.]|$)")
_UBUNTU = regex(r"(?:^|/|-)ubuntu:?(?P<version>\d\d\.\d\d)(?=-|$)")
_ALPINE = regex(r"(?:^|/)alpine(?::|$)|[:-]alpine(?:\d[\d.]{0,6})?$")
_MACHINES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64", "linux/arm64/v8": "aarch64"}
_REACH, _LONGEST = 30, 400


class DockerfileReader:
    """Reads the image of the last stage."""

    name = "Dockerfiles"

    def recognises(self, text: Text) -> bool:
        """By `FROM` with an instruction below it."""
        return any(True for _ in _stages(text))

    def read(self, text: Text) -> Evidence:
        """Python, CUDA, the frameworks and the distribution of the image."""
        images: dict[str, tuple[str, str, int]] = {}
        last = None
        for image, alias, platform, index in _stages(text):
            text.taken.add(index)
            last = images.get(image, (image, platform, index))
            images[alias] = last
        return Evidence(claims=list(_claims(*last, text))) if last else Evidence()


def _stages(text: Text) -> Iterator[tuple[str, str, str, int]]:
    for index in text.with_words("from "):
        line = text.lines[index]
        found = _FROM.match(line) if len(line) <= _LONGEST else None
        if found is None:
            continue
        below = text.lines[index + 1 : index + 1 + _REACH]
        if any(_INSTRUCTION.match(other[:_LONGEST]) for other in below):
            yield found["image"], found["alias"] or "", found["platform"] or "", index


def _claims(image: str, platform: str, index: int, text: Text) -> Iterator[Claim]:
    name = without_registry(image)
    yield text.claim("system.os", "Linux", index, Trust.MENTIONED)
    yield text.claim("system.container_image", name, index, Trust.MENTIONED)
    if platform in _MACHINES:
        yield text.claim("system.machine", _MACHINES[platform], index, Trust.MENTIONED)
    cuda, torch, tensorflow, python = (each.search(name) for each in (_CUDA, _TORCH, _TENSORFLOW, _PYTHON))
    if cuda:
        yield text.claim(f"toolkits[cuda@{name}]", {"version": cuda["cuda"]}, index, Trust.MENTIONED)
    elif torch:
        yield from _framework("torch", f"{torch['torch']}+cu{torch['cuda'].replace('.', '')}", index, text)
    elif tensorflow:
        yield from _framework("tensorflow", tensorflow["tensorflow"], index, text)
    elif python:
        yield text.claim("python.version", python["python"], index, Trust.MENTIONED)
    ubuntu = _UBUNTU.search(name)
    if ubuntu:
        yield text.claim("system.distribution_id", "ubuntu", index, Trust.MENTIONED)
        yield text.claim("system.distribution_version", ubuntu["version"], index, Trust.MENTIONED)
    elif _ALPINE.search(name):
        yield text.claim("system.distribution_id", "alpine", index, Trust.MENTIONED)
        yield text.claim("system.libc", "musl", index, Trust.MENTIONED)


def _framework(name: str, version: str, index: int, text: Text) -> Iterator[Claim]:
    yield text.claim(f"packages[{name}].version", version, index, Trust.MENTIONED)
    for fact, value in said_by_version(name, version).items():
        yield text.claim(f"builds[{name}].{fact}", value, index, Trust.MENTIONED)
