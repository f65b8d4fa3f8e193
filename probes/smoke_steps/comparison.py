"""Compares what a framework computed with the truth, one element after the other, by tolerances that are always written down.

Own comparison, because the libraries' own have defaults of their own (`allclose` keeps rtol=1e-5 when only atol is given) and would be
judges in their own case. Values are Python numbers, words, or lists of them: a test takes them out of the framework itself.
"""

_LONGEST = 60
_INFINITE = float("inf")


class WrongResult(Exception):
    """A framework computed something else than the truth; `details` are words for the report."""

    def __init__(self, what, message, **details):
        super().__init__(what + ": " + message)
        self.details = dict(details, what=what)


def compare(what, got, expected, rtol=0.0, atol=0.0):
    """Raises `WrongResult` unless every element of `got` is within atol + rtol * |expected|; without tolerances it must be equal.

    NaN is never right, and neither is a result of another shape.
    """
    got_shape, expected_shape = _shape(got), _shape(expected)
    if got_shape != expected_shape:
        message = "has the shape {}, not {}".format(_as_words(got_shape), _as_words(expected_shape))
        raise WrongResult(what, message, got=_as_words(got_shape), expected=_as_words(expected_shape))
    for place, (have, want) in enumerate(zip(_elements(got), _elements(expected))):
        if not _is_right(have, want, rtol, atol):
            raise _wrong(what, place, have, want)


def _is_right(have, want, rtol, atol):
    if have == want or (rtol == 0.0 and atol == 0.0):
        return have == want
    try:
        error = abs(have - want)
        return error < _INFINITE and error <= atol + rtol * abs(want)  # False for NaN; of two infinities only the same one is right
    except (TypeError, OverflowError):  # not a number at all, or an integer beyond every float
        return False


def _wrong(what, place, have, want):
    details = {"element": str(place), "got": _shown(have), "expected": _shown(want)}
    message = "element {} is {}, not {}".format(place, details["got"], details["expected"])
    error = _relative_error(have, want)
    if error is not None:
        details["relative_error"] = "{:.1e}".format(error)
        message += " (off by {:.1e} of it)".format(error)
    return WrongResult(what, message, **details)


def _relative_error(have, want):
    try:
        error = abs(have - want) / abs(want)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return error if error == error else None  # noqa: PLR0124 - NaN is not equal to itself


def _shown(value):
    return repr(value)[:_LONGEST]


def _shape(value):
    """The lengths along each axis; of a ragged list its length, and the shapes of its members."""
    if not isinstance(value, (list, tuple)):
        return ()
    members = [_shape(member) for member in value]
    if all(member == members[0] for member in members):
        return (len(value),) + (members[0] if members else ())
    return (len(value), tuple(members))


def _as_words(shape):
    """`3x4`, or of a ragged list `2x(3, 4)`."""
    words = [str(length) if isinstance(length, int) else "(" + ", ".join(map(_as_words, length)) + ")" for length in shape]
    return "x".join(words)[:_LONGEST] or "a single value"


def _elements(value):
    if isinstance(value, (list, tuple)):
        for member in value:
            for element in _elements(member):
                yield element
    else:
        yield value
