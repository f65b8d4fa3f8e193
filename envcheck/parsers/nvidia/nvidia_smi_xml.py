"""`nvidia-smi -q -x`, of every branch, whole or cut.

    <nvidia_smi_log>
        <driver_version>535.54.03</driver_version>
        <gpu id="00000000:01:00.0">
            <product_name>NVIDIA A100-SXM4-80GB</product_name>
            <fb_memory_usage>
                <total>81920 MiB</total>

It is walked tag by tag: no entity is ever expanded (a text that declares one is refused), a tag that is missing spoils its own block
only, and nothing is kept but the fields of a card. The cards have no numbers here; `minor_number` is that of the device node.
"""

from __future__ import annotations

from envcheck.parsers.nvidia import nvidia_smi_values as values
from envcheck.parsers.nvidia.nvidia_smi_fields import CardFields
from envcheck.parsers.nvidia.nvidia_smi_log import MAX_CARDS, Log, read_address

_ROOT = "nvidia_smi_log"
_MAX_DEPTH = 32
_MAX_TAGS = 2_000_000
_MAX_VALUE = 4096
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
# Blocks whose name in front of their members says nothing more.
_PLAIN = {"processes/process_info": "processes", "mig_devices/mig_device": "mig_devices"}


def parse_nvidia_smi_xml(text: str) -> Log:
    """What the text tells. `problem` is set where it is refused or is no such output; `cut` where its end is missing.

    Indices of lines are counted from the beginning of `text`.
    """
    log = Log("xml")
    if "<!ENTITY" in text or "<!entity" in text.lower():
        log.problem = "it declares entities, which no nvidia-smi does"
        return log
    walk = _Walk(log)
    walk.over(text)
    if not log.cards and log.driver_version is None and log.attached is None and f"<{_ROOT}" not in text:
        log.problem = "it is no output of nvidia-smi -q -x"
    return log


class _Walk:
    """The open elements, and the card that is being read."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._open: list[str] = []
        self._card: CardFields | None = None
        self._line = 0

    def over(self, text: str) -> None:
        """Follows the tags; `<` that begins none is left alone."""
        position, counted, ended = 0, 0, False
        for _ in range(_MAX_TAGS):
            start = text.find("<", position)
            end = text.find(">", start) if start >= 0 else -1
            if end < 0:
                break
            inner = text.rfind("<", start, end)
            self._line += text.count("\n", counted, inner)
            counted = inner
            value = text[position:inner] if inner - position <= _MAX_VALUE else ""
            self._tag(text[inner + 1 : end], value)
            position = end + 1
            ended = ended or text.startswith(f"</{_ROOT}", inner)
        else:
            self._log.problem = "it has more elements than any nvidia-smi prints"
        self._log.cut = not ended
        self._close_card(whole=False)

    def _tag(self, tag: str, value: str) -> None:
        if tag[:1] in ("?", "!", ""):
            return
        name, _, attributes = tag.strip("/ \t\r\n").partition(" ")
        if tag[0] == "/":
            self._end(name, value)
        elif name == "gpu" and "id=" in attributes:
            self._begin_card(attributes)
        elif tag[-1] == "/":
            self._empty(name)
        elif len(self._open) < _MAX_DEPTH:
            self._open.append(name)
            self._told_processes(name)

    def _begin_card(self, attributes: str) -> None:
        self._close_card(whole=False)
        self._open = ["gpu"]
        if len(self._log.cards) < MAX_CARDS:
            self._card = CardFields(self._line)
            address = read_address(attributes.partition("id=")[2].strip().strip("\"'"))
            if address:
                self._card.take("pci/pci_bus_id", address)

    def _close_card(self, *, whole: bool) -> None:
        if self._card is not None:
            self._log.cards.append(self._card.finish(whole=whole))
        self._card = None

    def _empty(self, name: str) -> None:
        self._told_processes(name)

    def _told_processes(self, name: str) -> None:
        if self._card is not None and name == "processes" and self._open[:1] == ["gpu"]:
            self._card.processes_told = True

    def _end(self, name: str, value: str) -> None:
        if name not in self._open:
            return
        whole = self._open[-1] == name
        while self._open[-1] != name:
            self._open.pop()
        path = list(self._open)
        self._open.pop()
        if name == "gpu":
            self._close_card(whole=True)
        elif whole and value.strip():
            self._leaf(path, _unescaped(value.strip()))

    def _leaf(self, path: list[str], value: str) -> None:
        if self._card is not None and path[0] == "gpu":
            joined = "/".join(path[1:])
            for long, short in _PLAIN.items():
                joined = short + joined[len(long) :] if joined.startswith(long + "/") else joined
            self._card.take(joined, value)
        elif len(path) <= 2:
            self._header(path[-1], value)

    def _header(self, name: str, value: str) -> None:
        log = self._log
        if name in ("driver_version", "kmd_version") and log.driver_version is None:
            log.driver_version = values.version(value)
            log.header = self._line
        elif name in ("cuda_version", "cuda_umd_version") and log.cuda_version is None:
            log.cuda_version = values.version(value, values.CUDA)
        elif name == "attached_gpus" and log.attached is None:
            log.attached = values.count(value)


def _unescaped(value: str) -> str:
    for written, meant in _ENTITIES:
        value = value.replace(written, meant)
    return value
