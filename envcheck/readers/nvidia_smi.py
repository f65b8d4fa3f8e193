"""Facts out of everything that nvidia-smi prints: its table, `-q`, `-q -x`, `-L`, `--query-gpu`, `--query-compute-apps`, `--version`."""

from envcheck.facts.claims import Evidence, Trust
from envcheck.facts.snapshot import Unknown, UnknownReason
from envcheck.parsers.nvidia.nvidia_smi_csv import AppsLog
from envcheck.parsers.nvidia.nvidia_smi_log import Card, Log, card_key, with_maker
from envcheck.parsers.nvidia.nvidia_smi_text import parse_nvidia_smi_text
from envcheck.readers.interface import Text
from envcheck.readers.nvidia_machine import NvidiaMachine

_MARKS = (
    "NVIDIA",
    "device handle",
    "GPU ",
    "|",
    "<gpu",
    "nvidia_smi_log",
    "MiB",
    "GPU-",
    "--query-",
    "Tesla",
    "Quadro",
    "GeForce",
    "_version",
    "memory.",
    ".gpu",
    "(nvgpu)",
    "ersion ",
)


class NvidiaSmiReader:
    """Reads every form of every driver branch, whole or cut, several of them as one machine."""

    name = "nvidia-smi"

    def recognises(self, text: Text) -> bool:
        """By a word that one of the forms has; whether it is one is seen on reading."""
        return any(mark in line for line in text.lines for mark in _MARKS)

    def read(self, text: Text) -> Evidence:
        """Driver, the newest CUDA that it supports, and the cards."""
        evidence = Evidence()
        machines: dict[str, NvidiaMachine] = {}
        logs = parse_nvidia_smi_text(text.lines)
        most = max((sum(card_key(card) is not None for card in log.cards) for log in logs), default=0)
        for log in logs:
            text.taken.update(log.lines)
            machine = machines.setdefault(text.places.get(log.start, ""), NvidiaMachine())
            _add_driver(evidence, log, text)
            _add_cards(evidence, machine.take_apps(log) if isinstance(log, AppsLog) else machine.take(log), text)
            _add_unknown(evidence, log, text, most)
        for machine in machines.values():
            for card, lists in machine.listed():
                key = card_key(card)
                for fact, entries in lists.items():
                    if key is not None:
                        evidence.claims.append(text.claim(f"{key}.{fact}", entries, card.line))
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _add_driver(evidence: Evidence, log: Log, text: Text) -> None:
    line = log.header if log.header >= 0 else log.start
    if log.driver_version:
        evidence.claims.append(text.claim("nvidia.driver_version", log.driver_version, line))
    if log.cuda_version:
        evidence.claims.append(text.claim("nvidia.cuda_version", log.cuda_version, line))


def _add_cards(evidence: Evidence, cards: list[tuple[Card, dict[str, object]]], text: Text) -> None:
    """A name that was cut is believed less, so that any source with the whole name wins."""
    for card, told in cards:
        key = card_key(card)
        if key is None:
            continue
        facts = with_maker(told)
        name = facts.pop("name", None)
        evidence.claims.append(text.claim(key, facts, card.line))
        if name is not None:
            evidence.claims.append(text.claim(f"{key}.name", name, card.line, Trust.MENTIONED if card.name_cut else Trust.PRINTED))


def _add_unknown(evidence: Evidence, log: Log, text: Text, most: int) -> None:
    """What was there to be read and could not be; `most` is the number of cards in the output that has the most of them."""
    problem = log.problem if not most else None
    if log.problem is None and log.attached is not None and log.form in ("xml", "q") and most < log.attached:
        problem = f"it counts {log.attached} GPUs and describes {len(log.cards)}"
    elif problem is None and log.cut and not most and log.form in ("xml", "q"):
        problem = "it ends before it has described a GPU"
    if problem is not None:
        detail = f"the output of nvidia-smi at {text.at(log.start)} cannot be used: {problem}"
        evidence.unknown.append(Unknown(fact="accelerators", reason=UnknownReason.UNPARSABLE, detail=detail))
