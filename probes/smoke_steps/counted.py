"""A pattern of bytes that is copied to a device and back, and the comparison of what arrives."""

# A prime number: no block that lies a power of two from its place looks right.
_PERIOD = 65521
# What is copied from one device to another, at most.
BETWEEN_BYTES = 4 * 2**20


def counted_bytes(size):
    """So many bytes: words that are counted up to a prime number, again and again."""
    from array import array

    period = array("H", range(_PERIOD)).tobytes()
    return (period * (size // len(period) + 1))[:size]


def expect_bytes(trial, what, got, sent):
    """As trial.expect, of many bytes at once: the first wrong one is named by its place."""
    place = 0 if got == sent else _first_wrong(got, sent)
    trial.expect(what, _told(got, place), _told(sent, place))


def _first_wrong(got, sent):
    wrong = (place for place, (have, want) in enumerate(zip(got, sent)) if have != want)
    return next(wrong, min(len(got), len(sent)))


def _told(data, place):
    return "{} bytes, {} at {}".format(len(data), data[place] if place < len(data) else "none", place)
