"""Which lines of a text were printed on a host and which in a container of it, and which of the two is judged.

Prompts, labels and the commands that start or enter a container tell. Only where a text shows a container are its lines told apart.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.parsers.expression import regex
from envcheck.parsers.text.shell_prompts import (
    CONTAINER,
    HOST,
    compose_service_of,
    compose_services,
    engine_of_prompt,
    is_host_prompt,
    label_of_place,
)

if TYPE_CHECKING:
    from envcheck.parsers.containers.container_commands import ContainerCommand

# What engines say of a container that did not come to be; it is the host that speaks.
_REFUSED = regex(
    r"Error response from daemon|OCI runtime (?:create|exec) failed|nvidia-container-cli: |failed to create (?:shim )?task"
    r"|unresolvable CDI devices|unknown flag: --gpus|Could not find any (?:nv|rocm) files on this host",
    words=(
        "error response from daemon",
        "oci runtime ",
        "nvidia-container-cli",
        "failed to create ",
        "unresolvable cdi",
        "unknown flag: ",
        "could not find any",
    ),
)
# The container came to be, and has no such program; a hook of the engine's own is another matter: exec: "nvidia-smi": executable file …
_WITHOUT_PROGRAM = regex(
    r"exec: \\?\"(?!\S{0,80}nvidia-(?:container|ctk))[\w./-]{1,80}\\?\": executable file not found", words=("executable file not found",)
)
# One of these stands in every text that shows a container: in a command, a prompt, a label, or what Compose prints before a line.
CONTAINER_WORDS = ("container", "pod", "@", " | ", "docker", "nerdctl", "apptainer", "singularity", "kubectl", "oc ", "_run ...", "_run_")
_SOON = 15  # lines within which an engine refuses what it was asked
_LINES_OF_REFUSAL = 4  # over which its one long line may be broken
_PROMPT = regex(r"^\s*\$ \S")
_LEFT = regex(r"^\s*(?:[\w.@:~/\[\] -]{0,80}[#$] )?(?:exit|logout)\s*$")
_NO_SIGNS = (None, None, False)  # of a line that says nothing of its place
# What holds on both sides of a container's wall, as far as it was given GPUs: there is one kernel and one driver.
_SHARED = ("nvidia.driver_version", "nvidia.cuda_version", "nvidia.kernel_module_version", "accelerators", "modules", "amd.driver_version")


def find_places(lines: Sequence[str], commands: "Mapping[int, tuple[ContainerCommand, int]]") -> dict[int, str]:
    """The place of each line that has one; none at all in a text that shows no container. `commands` as the lines' parser found them."""
    walk = _Walk(services=compose_services(lines), is_refused=_REFUSED.search("\n".join(lines)) is not None)
    index = 0
    while index < len(lines):
        if index in commands:
            command, count = commands[index]
            walk.places.update(dict.fromkeys(range(index, index + count), HOST))
            refused = is_refused(lines, index + count)
            walk.here, walk.typed_inside = (HOST, False) if refused else (CONTAINER, command.interactive)
            index += count
        else:
            walk.step(index, lines[index])
            index += 1
    return walk.places if CONTAINER in walk.places.values() else {}


class _Walk(msgspec.Struct):
    """Where the walk through the lines is, and what it has found."""

    places: dict[int, str] = msgspec.field(default_factory=dict)
    here: str = ""
    typed_inside: bool = False  # a shell was opened in the container
    services: frozenset[str] = frozenset()  # whose log Compose prints
    is_refused: bool = False  # an engine says so, somewhere
    known: dict[str, tuple[tuple[str, bool] | None, str | None, bool]] = msgspec.field(default_factory=dict)  # of lines that came already

    def signs_of(self, line: str) -> tuple[tuple[str, bool] | None, str | None, bool]:
        """What a line says of its place by itself: a label, a container's prompt, or whether it is a host that speaks."""
        if line not in self.known:
            prompt = "@" in line or ">" in line
            self.known[line] = (
                label_of_place(line),
                engine_of_prompt(line) if prompt else None,
                (prompt and is_host_prompt(line)) or (self.is_refused and _REFUSED.search(line) is not None),
            )
        return self.known[line]

    def step(self, index: int, line: str) -> None:
        """One line that starts no container."""
        if not line:
            return
        if self.services and compose_service_of(line) in self.services:
            self.places[index] = CONTAINER
            return
        signs = self.known.get(line) or self.signs_of(line)
        if signs == _NO_SIGNS and not self.here:
            return
        label, engine, host = signs
        if label is not None:
            place, lasts = label
            self.places[index] = place
            if lasts:
                self.here, self.typed_inside = place, place == CONTAINER
            return
        if engine:
            self.here, self.typed_inside = CONTAINER, True
        elif host or (self.here == CONTAINER and not self.typed_inside and _PROMPT.match(line)):
            self.here, self.typed_inside = HOST, False
        if self.here:
            self.places[index] = self.here
        if self.here == CONTAINER and _LEFT.match(line):
            self.here, self.typed_inside = HOST, False


def is_refused(lines: Sequence[str], start: int) -> bool:
    """Whether the engine says, in the lines that follow a command, that it could not start the container."""
    for number, line in enumerate(lines[start : start + _SOON], start):
        if _REFUSED.search(line):
            return _WITHOUT_PROGRAM.search(" ".join(lines[number : number + _LINES_OF_REFUSAL])) is None
        if engine_of_prompt(line) or is_host_prompt(line):
            return False
    return False


def scope_of(symptom: Symptom, place: str) -> str:
    """Where a thing was said: by its own words, else by the line it stands in."""
    if symptom.kind is SymptomKind.DEVICE_REQUEST_REFUSED:
        return HOST
    return symptom.details.get("side", "") or place


def settle(evidence: Evidence) -> str:
    """The place that is judged; what was said of the other and holds here too is believed less, and kept."""
    evidence.symptoms = [msgspec.structs.replace(symptom, scope=scope_of(symptom, symptom.scope)) for symptom in evidence.symptoms]
    contained = any(claim.scope == CONTAINER for claim in evidence.claims) or any(entry.scope == CONTAINER for entry in evidence.symptoms)
    if not contained:
        return HOST
    said = {symptom.scope for symptom in evidence.symptoms} - {""}
    if said == {HOST}:
        return HOST
    given = {claim.fact: claim.value for claim in evidence.claims}.get("system.container_gpus", "")
    if given is not None:
        evidence.claims = [_shared(claim) for claim in evidence.claims]
    return CONTAINER


def _shared(claim: Claim) -> Claim:
    if claim.scope == HOST and claim.fact.startswith(_SHARED):
        return replace(claim, scope="", trust=Trust.MENTIONED)
    return claim
