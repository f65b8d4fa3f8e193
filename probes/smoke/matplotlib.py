"""Matplotlib: a figure drawn by Agg into memory, whose every pixel is known beforehand; a PNG of it; and letters that leave ink."""

import io
import os

TEST = {
    "title": "Matplotlib",
    "import": "matplotlib",
    "names": ("matplotlib",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: matplotlib 3.11.2.
    "import_s": 0.8,
    "test_s": 0.03,
    "peak_bytes": 72_100_000,
    "variables": {"MPLBACKEND": "agg"},
}
MANUAL = {
    "imported": "A compiled part (FreeType, Agg) or a package that it needs (Pillow, contourpy, kiwisolver) cannot be loaded, or its list "
    "of fonts cannot be made.",
    "tensor": "A figure cannot be made: files of two versions are mixed, or a matplotlibrc of the user's has wrong lines.",
    "computed": "Drawing raised or crashed: Agg does not fit the NumPy beside it, or no font can be read.",
    "compared": "Pixels have wrong colours: mixed files of two versions, or a Pillow that writes or reads PNG wrongly.",
}
_SIZE = 32
_WHITE, _ORANGE, _BLUE, _GREEN, _BLACK = "#ffffff", "#ff8000", "#0033cc", "#009900", "#000000"


def check(trial):
    matplotlib = trial.framework
    if trial.folder:  # where it keeps its list of fonts
        os.environ.setdefault("MPLCONFIGDIR", trial.folder)
    trial.imports("matplotlib.figure", "matplotlib.image", "matplotlib.backends.backend_agg")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # no style of the user's changes what is compared
        _check(trial, matplotlib)


def _check(trial, matplotlib):
    trial.layer("tensor")
    shapes, letter, written = _figure(matplotlib), _figure(matplotlib), io.BytesIO()
    _fill(matplotlib, shapes)
    letter.text(0.25, 0.25, "M", color=_BLACK, fontsize=36, family="DejaVu Sans")
    trial.layer("computed")
    pixels = _drawn(shapes)
    trial.doing("drawing a letter")
    ink = _drawn(letter)
    trial.doing("writing a PNG")
    shapes.savefig(written, format="png", dpi=_SIZE)
    written.seek(0)
    read = matplotlib.image.imread(written).tolist()
    trial.layer("compared")
    truth = [[_colour(column, _SIZE - 1 - row) for column in range(_SIZE)] for row in range(_SIZE)]
    trial.expect("pixels", pixels, truth)
    trial.expect("pixels of a PNG", [[_named(round(part * 255) for part in pixel) for pixel in row] for row in read], truth)
    inked = [(row, column) for row in range(_SIZE) for column in range(_SIZE) if ink[row][column] != _WHITE]
    inside = [8 <= column < 28 and 8 <= row < 24 for row, column in inked]
    # How many pixels a letter darkens depends on the version of FreeType.
    trial.expect("ink of a letter", [40 < len(inked) < 200, all(inside)], [True, True])


def _figure(matplotlib):
    """32 by 32 pixels of white."""
    figure = matplotlib.figure.Figure(figsize=(1, 1), dpi=_SIZE, facecolor=_WHITE)
    matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
    return figure


def _fill(matplotlib, figure):
    """An orange block, a black line of two pixels, and an image of four blocks: all their edges lie between pixels. See `_colour`."""
    axes = figure.add_axes([0, 0, 1, 1])
    axes.set_axis_off()
    colours = matplotlib.colors.ListedColormap([_BLUE, _GREEN])
    axes.imshow([[0, 1], [1, 0]], cmap=colours, vmin=0, vmax=1, extent=(20, 30, 20, 30), interpolation="nearest", aspect="auto")
    axes.fill([0, 16, 16, 0], [0, 0, 8, 8], facecolor=_ORANGE, edgecolor="none", linewidth=0)
    axes.plot([2, 26], [10, 10], color=_BLACK, linewidth=2 * 72 / _SIZE, solid_capstyle="butt", antialiased=False)
    axes.set_xlim(0, _SIZE)
    axes.set_ylim(0, _SIZE)


def _colour(x, y):
    """The truth of one pixel of that figure, counted from the lower left corner."""
    if x < 16 and y < 8:
        return _ORANGE
    if 2 <= x < 26 and 9 <= y < 11:
        return _BLACK
    if 20 <= x < 30 and 20 <= y < 30:
        return _BLUE if (x < 25) == (y >= 25) else _GREEN
    return _WHITE


def _drawn(figure):
    """The colour of every pixel, row by row from above."""
    figure.canvas.draw()
    data = bytes(figure.canvas.buffer_rgba())
    pixels = [_named(data[place : place + 4]) for place in range(0, len(data), 4)]
    return [pixels[row : row + _SIZE] for row in range(0, len(pixels), _SIZE)]


def _named(parts):
    """`#ff8000` of a pixel that hides what is behind it, else `#ff800080`."""
    red, green, blue, opacity = parts
    return "#{:02x}{:02x}{:02x}".format(red, green, blue) + ("" if opacity == 255 else "{:02x}".format(opacity))
