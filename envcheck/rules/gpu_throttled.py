"""gpu-throttled: a GPU slows itself down because it is too hot, or because its power supply tells it to."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator
from envcheck.judging.case import Case
from envcheck.judging.driver_words import card_proofs, names_of, unread_cards
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the hardware of a GPU was slowing it down when it was asked: by heat, or by the brake of its power supply.",
    why="Either halves the clock or worse, so that training takes a multiple of the time without any error. Idling, and the limit of "
    "power under full load, are normal and not meant.",
    example="HW Thermal Slowdown: Active, at 91 °C.",
    fix="See to the cooling and the power supply of the GPU; until then set a lower limit of power.",
    ignore_when="The machine is known to be short of cooling, and the speed is enough.",
    sources=("https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html",),
)

_HEAT, _POWER = "hw-thermal", "hw-power-brake"
_SUBJECT = "GPU clock"


def check(case: Case) -> Iterator[Outcome]:
    """Only what the hardware does to protect itself."""
    cards = [card for card in case.facts.accelerators if isinstance(card.throttle_reasons, tuple)]
    if not cards:
        unread, why = unread_cards(case.facts, "throttle_reasons")
        yield (
            NotEvaluated(_SUBJECT, f"{names_of(unread)} did not tell what slows it down: {why}", ("nvidia-smi -q",))
            if unread
            else NotApplicable("no GPU tells why it would be slowed down")
        )
        return
    hot, braked = (tuple(card for card in cards if reason in (card.throttle_reasons or ())) for reason in (_HEAT, _POWER))
    if hot:
        yield _found(case, hot, f"{names_of(hot)} {_is(hot)} slowed down by heat{_temperature(hot)}.", _cool())
    if braked:
        yield _found(case, braked, f"{names_of(braked)} {_is(braked)} slowed down by the power supply.", _supply())
    if not hot and not braked:
        yield Passed(_SUBJECT, "nothing that protects the hardware slows it down")


def _is(cards: tuple[Accelerator, ...]) -> str:
    return "is" if len(cards) == 1 else "are"


def _temperature(cards: tuple[Accelerator, ...]) -> str:
    degrees = [card.temperature_c for card in cards if isinstance(card.temperature_c, (int, float))]
    return f" ({max(degrees):.0f} °C)" if degrees else ""


def _found(case: Case, cards: tuple[Accelerator, ...], message: str, remedy: Remedy) -> Found:
    evidence = tuple(card_proofs(case.facts, cards, "throttle_reasons"))
    return Found(_SUBJECT, message, severity=Severity.WARNING, evidence=evidence, remedies=(remedy,))


def _cool() -> Remedy:
    return by_hand(
        "cool the GPU",
        "look at fans, dust and the flow of air; a card without a fan of its own needs the fans of a server",
        Step(run=("nvidia-smi", "-q", "-d", "TEMPERATURE,PERFORMANCE")),
    )


def _supply() -> Remedy:
    return by_hand(
        "look at the power supply of the GPU",
        "all plugs of the card are to be connected, each to a cable of its own; in a server, all power supplies are to be on",
        Step(run=("nvidia-smi", "-q", "-d", "POWER,PERFORMANCE")),
    )


RULE = Rule(
    name="gpu-throttled",
    title="A GPU slows itself down to protect itself",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
