"""pandas: reading CSV, grouping, joining, pivoting, rolling windows, sorting and dates, each against plain Python."""

import io

TEST = {
    "title": "pandas",
    "import": "pandas",
    "names": ("pandas",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: pandas 3.1.1.
    "import_s": 0.55,
    "test_s": 0.02,
    "peak_bytes": 75_800_000,
}
MANUAL = {
    "imported": "Its compiled parts do not fit the NumPy beside it, or a package that it needs (dateutil, pytz, tzdata) is missing.",
    "tensor": "A table cannot be made from Python's own numbers: pandas was built for a NumPy of another version.",
    "computed": "Reading, grouping or joining raised or crashed: its compiled parts, or those of pyarrow, are of another version.",
    "compared": "A grouping, a join or a parser gives wrong values: mixed files of two versions, or faulty memory.",
}
_ROWS = 60
_FRUITS = ("apple", "cherry", "plum")


def check(trial):
    pd = trial.framework
    trial.layer("tensor")
    keys = [_FRUITS[row % 3] for row in range(_ROWS)]
    counts = [(7 * row) % 11 for row in range(_ROWS)]
    weights = [row + 0.5 for row in range(_ROWS)]
    table = pd.DataFrame({"fruit": keys, "count": counts, "weight": weights})
    prices = pd.DataFrame({"fruit": ["plum", "apple", "cherry"], "price": [5, 2, 9]})
    trial.layer("computed")
    text = "".join("{},{},{}\n".format(*row) for row in zip(keys, counts, weights))
    read = pd.read_csv(io.StringIO("fruit,count,weight\n" + text), float_precision="round_trip")
    groups = table.groupby("fruit")
    totals, means = groups["count"].sum(), groups["weight"].mean()
    joined = table.merge(prices, on="fruit", how="left")
    pivot = table.assign(odd=[row % 2 for row in range(_ROWS)]).pivot_table(index="fruit", columns="odd", values="weight", aggfunc="max")
    rolling = table["weight"].rolling(4).sum().iloc[3:]
    ordered = table.sort_values(["count", "weight"], ascending=[True, False])
    days = pd.Series(1, index=pd.date_range("2024-02-27", periods=4, freq="D"))
    trial.layer("compared")
    trial.expect("csv words", read["fruit"].tolist(), keys)
    trial.expect("csv float64", read["weight"].tolist(), weights)
    trial.expect("group names", [str(name) for name in totals.index], list(_FRUITS))
    trial.expect("group sums int64", totals.tolist(), [sum(counts[place::3]) for place in range(3)])
    trial.expect("group means float64", means.tolist(), [sum(weights[place::3]) * 3 / _ROWS for place in range(3)], rtol=1e-12)
    trial.expect("join int64", joined["price"].tolist(), [(2, 9, 5)[row % 3] for row in range(_ROWS)])
    heaviest = [
        [max(weight for row, weight in enumerate(weights) if row % 3 == place and row % 2 == odd) for odd in (0, 1)] for place in range(3)
    ]
    trial.expect("pivot float64", pivot.values.tolist(), heaviest)
    trial.expect("rolling float64", rolling.tolist(), [4 * row + 8.0 for row in range(_ROWS - 3)], rtol=1e-12)
    truth = sorted(range(_ROWS), key=lambda row: (counts[row], -weights[row]))
    trial.expect("sorting", ordered.index.tolist(), truth)
    trial.expect("dates", [str(day)[:10] for day in days.index], ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"])
