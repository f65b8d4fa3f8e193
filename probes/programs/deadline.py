"""How long the programs that a probe starts may take."""


def deadline_in(arguments, otherwise_s):
    """The seconds of "deadline=SECONDS" among a probe's arguments."""
    said = dict(argument.partition("=")[::2] for argument in arguments)
    return float(said.get("deadline", otherwise_s))
