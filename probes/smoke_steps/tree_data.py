"""Rows that one cut divides, for the frameworks of trees: their leaves are means that plain Python knows, too."""

_ROWS = 256


def divided():
    """The features, on which side of the cut at 6 each row lies, and what is to be learnt: a height, and a yes or no."""
    rows = [[float(row % 16), float(5 * row % 3)] for row in range(_ROWS)]
    sides = [first < 6 for first, _ in rows]
    heights = [(40.0 if left else 10.0) + row % 7 for row, left in enumerate(sides)]
    answers = [float(row % 8 != 0 if left else row % 5 == 0) for row, left in enumerate(sides)]
    return rows, sides, heights, answers
