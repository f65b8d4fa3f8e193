"""What choosing takes and gives: wishes, and a build with the reasons for it, or the sentence that says why there is none."""

import msgspec

from envcheck.knowledge.table import Confidence


class Wishes(msgspec.Struct, frozen=True):
    """What is asked of a build; what is empty is left to the machine.

    `version` is a release (2.8.0) or a series (2.8), `below` is exclusive, `device` one of cpu, cuda, rocm, metal, xpu, `cuda` a family
    (12.6, or 12 for any of it), `python` another Python than the examined one (3.12, 3.14t).
    """

    version: str = ""
    at_least: str = ""
    below: str = ""
    device: str = ""
    cuda: str = ""
    python: str = ""


class Companion(msgspec.Struct, frozen=True):
    """A distribution that belongs to the build; `version` is a release (0.29.2) or a range (<2)."""

    name: str
    version: str

    @property
    def requirement(self) -> str:
        """`torchvision==0.29.2`, `numpy<2`."""
        return f"{self.name}{self.version}" if self.version.startswith(("<", ">")) else f"{self.name}=={self.version}"


class Reason(msgspec.Struct, frozen=True):
    """Why something was chosen, or could be instead."""

    choice: str
    because: str
    source: str = ""


class Build(msgspec.Struct, frozen=True):
    """A build that fits.

    `variant` is cu126, rocm7.1, xpu, metal or cpu, empty for what comes in one kind only; `index` is None for the default one; `python`
    is empty where neither machine nor wishes tell it. Confidence is that of the weakest fact or row it stands on. `unserved` are the cards
    that it has no code for, beside one that it has.
    """

    framework: str
    distribution: str
    version: str
    variant: str
    index: str | None
    extras: tuple[str, ...]
    python: str
    companions: tuple[Companion, ...]
    why: tuple[Reason, ...]
    confidence: Confidence
    unserved: tuple[str, ...] = ()

    @property
    def requirement(self) -> str:
        """`tensorflow[and-cuda]==2.21.0`."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.distribution}{extras}=={self.version}"


class Impossible(msgspec.Struct, frozen=True):
    """No build fits: why, in one sentence, and what could be done instead, the nearest first."""

    reason: str
    nearest: tuple[Reason, ...] = ()
