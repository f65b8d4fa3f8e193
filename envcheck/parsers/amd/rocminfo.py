"""What rocminfo prints: whether the kernel's side answers, and one block per agent, of which processors are some.

ROCk module is loaded
*******
Agent 3
*******
  Name:                    gfx942
  Marketing Name:          AMD Instinct MI300X
  Device Type:             GPU
  Compute Unit:            304
  Pool Info:
    Pool 1
      Segment:                 GLOBAL; FLAGS: COARSE GRAINED
      Size:                    201310208(0xbffc000) KB
  ISA Info:
    ISA 1
      Name:                    amdgcn-amd-amdhsa--gfx942:sramecc+:xnack-
"""

from __future__ import annotations

import re

from envcheck.parsers.amd.amd_cards_printed import known_only, name_in, pci_id_in, uuid_in
from envcheck.parsers.amd.gfx_target import gfx_in
from envcheck.parsers.expression import regex

_AGENT = regex(r"^\s*Agent (\d{1,3})\s*$")
_ENTRY = regex(r"^\s+([A-Z][\w .()/-]{1,50}?):{1,2}\s*(\S.*?)?\s*$")
_NUMBER = regex(r"(\d{1,15})(?:\(0x[0-9a-fA-F]+\))?(?:\s*(KB))?\s*$")
_STARS = regex(r"^\s*\*{3,}\s*$")
_DONE = regex(r"^\s*\*\*\* Done \*\*\*\s*$")
_MODULE = regex(r"^\s*ROCk module (?:version (?P<version>[\w.+-]+) )?is (?P<absent>NOT )?loaded\b", re.IGNORECASE)
_WSL = regex(r"^\s*WSL environment detected\.?\s*$")
_TARGET_LINE = regex(r"amdgcn-amd-amdhsa--(?!.*gfx\d+-generic)")


class Agent:
    """One agent; `is_gpu` None: the text was cut before it said of which type it is."""

    __slots__ = ("fields", "is_gpu", "line")

    def __init__(self, line: int) -> None:
        self.line = line
        self.is_gpu: bool | None = None
        self.fields: dict[str, object] = {}


class Rocminfo:
    """One output: its agents in their order, whether the module is loaded as it says, and the lines that it is made of."""

    __slots__ = ("agents", "lines", "module_line", "module_loaded", "module_version", "wsl_line")

    def __init__(self) -> None:
        self.agents: list[Agent] = []
        self.module_loaded: bool | None = None
        self.module_version: str | None = None
        self.module_line = -1
        self.wsl_line = -1
        self.lines: list[int] = []

    @property
    def gpus(self) -> list[Agent]:
        """The agents that are GPUs."""
        return [agent for agent in self.agents if agent.is_gpu]


def parse_rocminfo(text: list[str]) -> Rocminfo:
    """Every agent of a text, whole or cut; a line that is no entry of an agent's ends it."""
    info = Rocminfo()
    agent: _Reading | None = None
    for index, line in enumerate(text):
        begun = _AGENT.match(line) if "Agent " in line else None
        module = _MODULE.match(line) if "module" in line else None
        if begun is not None:
            agent = _Reading(index)
            info.agents.append(agent.agent)
            info.lines.append(index)
        elif module is not None:
            info.module_loaded, info.module_version, info.module_line = module["absent"] is None, module["version"], index
            info.lines.append(index)
        elif "WSL" in line and _WSL.match(line):
            info.wsl_line = index
            info.lines.append(index)
        elif _STARS.match(line) or _DONE.match(line):
            if agent is not None:
                info.lines.append(index)
            agent = None if _DONE.match(line) else agent
        elif agent is not None and line.strip():
            if not agent.take(line):
                agent = None
            else:
                info.lines.append(index)
    info.agents = [found for found in info.agents if found.fields]
    for found in info.agents:  # of a cut one the target tells: processors have none
        found.is_gpu = "architecture" in found.fields if found.is_gpu is None else found.is_gpu
    _keep_what_tells_apart(info.gpus)
    return info


def _keep_what_tells_apart(gpus: list[Agent]) -> None:
    """The number of the bus says nothing of the domain: where two cards have the same, or it is 0, it is no address."""
    for name in ("pci_address", "uuid"):
        values = [gpu.fields.get(name) for gpu in gpus]
        if len(set(values)) < len(values):
            for gpu in gpus:
                gpu.fields.pop(name, None)


class _Reading:
    """An agent that is being read, line by line."""

    def __init__(self, line: int) -> None:
        self.agent = Agent(line)
        self._coarse = False
        self._in_targets = False

    def take(self, line: str) -> bool:
        """Whether the line belongs to the agent."""
        if not line[:1].isspace():
            return False
        entry = _ENTRY.match(line) if len(line) < 400 else None
        if entry is None:
            return len(line) < 400
        self._note(entry[1].strip(), entry[2] or "")
        return True

    def _note(self, key: str, value: str) -> None:
        fields = self.agent.fields
        if key == "Device Type":
            self.agent.is_gpu = value == "GPU"
        elif key == "ISA Info":
            self._in_targets = True
        elif key == "Name":
            target = gfx_in(value) if not self._in_targets or _TARGET_LINE.search(value) else None
            fields.update(known_only({"architecture": target if "architecture" not in fields else None}))
            fields.setdefault("name", value)
        elif key == "Segment":
            self._coarse = "COARSE GRAINED" in value
        elif key == "Size" and self._coarse and "memory_bytes" not in fields:
            size = _NUMBER.match(value)
            if size is not None and size[2]:
                fields["memory_bytes"] = int(size[1]) * 1024
        else:
            self._note_once(key, value)

    def _note_once(self, key: str, value: str) -> None:
        fields, number = self.agent.fields, _NUMBER.match(value)
        if key == "Marketing Name":
            fields.update(known_only({"name": name_in(value)}))
        elif key == "Uuid":
            fields.update(known_only({"uuid": uuid_in(value)}))
        elif number is None:
            return
        elif key == "Compute Unit":
            fields.setdefault("compute_units", int(number[1]))
        elif key == "Chip ID":
            fields.update(known_only({"pci_id": pci_id_in(f"{int(number[1]):04x}") if int(number[1]) else None}))
        elif key == "BDFID" and int(number[1]):
            fields["pci_address"] = address_of(0, int(number[1]))


def address_of(domain: int, location: int) -> str:
    """A place on the PCI bus out of the number that HSA and the kernel have for it: 9728 → "0000:26:00.0"."""
    return f"{domain:04x}:{location >> 8 & 0xFF:02x}:{location >> 3 & 0x1F:02x}.{location & 7}"
