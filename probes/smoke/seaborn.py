"""seaborn: the heights of bars, the counts of a histogram and the colours of a heat map, drawn by Matplotlib's Agg into memory."""

import inspect
import os

TEST = {
    "title": "seaborn",
    "import": "seaborn",
    "names": ("seaborn",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: seaborn 0.13.2.
    "import_s": 1.5,
    "test_s": 0.2,
    "peak_bytes": 175_300_000,
    "variables": {"MPLBACKEND": "agg"},
}
MANUAL = {
    "imported": "Matplotlib, pandas, SciPy or NumPy beneath it cannot be imported or is of a version that this seaborn does not know.",
    "tensor": "A table or a figure cannot be made: pandas or Matplotlib beneath it fails; their own tests say more.",
    "computed": "Drawing raised: this seaborn calls Matplotlib or pandas in a way that the installed version no longer has.",
    "compared": "A statistic or a colour is wrong: files of two versions are mixed, or pandas or Matplotlib beneath it computes wrongly.",
}
_SIZE = 24
_BLUE, _ORANGE, _WHITE = "0033cc", "ff8000", "ffffff"
_HEIGHTS = {"a": (1.0, 2.0, 6.0), "b": (4.0, 5.0, 9.0), "c": (0.5, 1.25, 4.25)}


def check(trial):
    if trial.folder:  # where Matplotlib keeps its list of fonts
        os.environ.setdefault("MPLCONFIGDIR", trial.folder)
    seaborn = trial.framework
    trial.imports("pandas", "matplotlib.figure", "matplotlib.colors", "matplotlib.backends.backend_agg")
    import matplotlib as mpl
    import pandas as pd

    trial.layer("tensor")
    pairs = [(name, height) for name, heights in _HEIGHTS.items() for height in heights]
    table = pd.DataFrame({"name": [name for name, _ in pairs], "height": [height for _, height in pairs]})
    bars, counts, heat = _axes(mpl), _axes(mpl), _axes(mpl)
    trial.layer("computed")
    seaborn.barplot(
        data=table, x="name", y="height", order=list(_HEIGHTS), color="#" + _BLUE, saturation=1, ax=bars, **_no_error_bars(seaborn)
    )
    bars.set(xlim=(-0.5, 2.5), ylim=(0, 8))
    if hasattr(seaborn, "histplot"):  # from 0.11 on
        seaborn.histplot(data=table, x="height", binwidth=2, binrange=(0, 10), ax=counts)
    colours = mpl.colors.ListedColormap(["#" + _BLUE, "#" + _ORANGE])
    seaborn.heatmap([[0, 1], [1, 0]], cmap=colours, vmin=0, vmax=1, cbar=False, ax=heat)
    trial.doing("drawing bars and a heat map")
    drawn_bars, drawn_heat = _drawn(bars), _drawn(heat)
    trial.layer("compared")
    means = [sum(heights) / 3 for heights in _HEIGHTS.values()]
    trial.expect("means float64", [float(bar.get_height()) for bar in bars.patches], means, rtol=1e-12)
    if counts.patches:
        trial.expect("counts", [int(bar.get_height()) for bar in counts.patches], [3, 1, 3, 1, 1])
    truth = [[_BLUE if _SIZE - 1 - row < mean * _SIZE / 8 else _WHITE for row in range(_SIZE)] for mean in means]
    trial.expect("pixels of bars", [[row[middle] for row in drawn_bars] for middle in (4, 12, 20)], truth)
    half = _SIZE // 2
    fields = [[_BLUE if (row < half) == (column < half) else _ORANGE for column in range(_SIZE)] for row in range(_SIZE)]
    trial.expect("pixels of a heat map", drawn_heat, fields)


def _no_error_bars(seaborn):
    """Up to 0.11 they were switched off by another word."""
    return {"errorbar" if "errorbar" in inspect.signature(seaborn.barplot).parameters else "ci": None}


def _axes(matplotlib):
    """All of a white figure of 24 by 24 pixels."""
    figure = matplotlib.figure.Figure(figsize=(1, 1), dpi=_SIZE, facecolor="#" + _WHITE)
    matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
    return figure.add_axes([0, 0, 1, 1])


def _drawn(axes):
    """The colour of every pixel, row by row from above."""
    axes.set_axis_off()
    axes.figure.canvas.draw()
    data = bytes(axes.figure.canvas.buffer_rgba())
    pixels = ["{:02x}{:02x}{:02x}".format(*data[place : place + 3]) for place in range(0, len(data), 4)]
    return [pixels[row : row + _SIZE] for row in range(0, len(pixels), _SIZE)]
