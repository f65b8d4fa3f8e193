"""scikit-learn: a linear fit, trees, neighbours, clusters and principal components whose results are known beforehand."""

import math

TEST = {
    "title": "scikit-learn",
    "import": "sklearn",
    "names": ("scikit-learn", "scikit_learn"),
    "default": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: scikit-learn 1.9.1.
    "import_s": 1.2,
    "test_s": 0.04,
    "peak_bytes": 170_500_000,
}
MANUAL = {
    "imported": "A compiled part cannot be loaded: it does not fit the NumPy or SciPy beside it, or the OpenMP library is missing.",
    "tensor": "An array of NumPy cannot be made: NumPy itself is damaged.",
    "computed": "A fit raised or crashed: files of two versions are mixed, or two OpenMP libraries in one process do not get along.",
    "compared": "A fit gives wrong numbers: a faulty BLAS or LAPACK beneath NumPy and SciPy, or faulty memory.",
}
_ROWS = 120


def check(trial):
    trial.imports("numpy", "sklearn.linear_model", "sklearn.tree", "sklearn.neighbors", "sklearn.cluster", "sklearn.decomposition")
    import numpy as np
    from sklearn import cluster, decomposition, linear_model, neighbors, tree

    rows = [[(3 * row) % 17, (5 * row) % 13, row % 4] for row in range(_ROWS)]
    heights = [2.0 + 3 * first - second + 0.5 * third for first, second, third in rows]
    steps = [third + (50.0 if first > 8 else 20.0) for first, _, third in rows]
    corners = [[10.0 * (row % 2) + row % 3, 20.0 * (row % 2) - row % 5] for row in range(_ROWS)]
    trial.layer("tensor")
    features, spread = np.array(rows, dtype=np.float64), np.array(rows, dtype=np.float64) * 7
    cross = np.array([[3.0, 4.0], [-3.0, -4.0], [8.0, -6.0], [-8.0, 6.0]])
    trial.layer("computed")
    line = linear_model.LinearRegression().fit(features, heights)
    fitted = line.predict(features)
    leaves = tree.DecisionTreeRegressor(max_depth=1).fit(features[:, :1], steps).predict(features[:, :1])
    distances, nearest = neighbors.NearestNeighbors(n_neighbors=1, algorithm="kd_tree").fit(spread).kneighbors(spread + 1)
    clusters = cluster.KMeans(n_clusters=2, init=np.array([[0.0, 0.0], [10.0, 20.0]]), n_init=1).fit(corners)
    components = decomposition.PCA(n_components=2, svd_solver="full").fit(cross)
    trial.layer("compared")
    trial.expect("coefficients float64", [float(line.intercept_)] + line.coef_.tolist(), [2.0, 3.0, -1.0, 0.5], rtol=1e-11)
    trial.expect("fitted values float64", fitted.tolist(), heights, rtol=1e-11, atol=1e-11)
    trial.expect("leaf means float64", leaves.tolist(), _means(steps, [first > 8 for first, _, _ in rows]), rtol=1e-12)
    trial.expect("nearest neighbours", [place for (place,) in nearest.tolist()], list(range(_ROWS)))
    trial.expect("distances float64", [distance for (distance,) in distances.tolist()], [math.sqrt(3)] * _ROWS, rtol=1e-12)
    trial.expect("cluster labels", clusters.labels_.tolist(), [row % 2 for row in range(_ROWS)])
    trial.expect("cluster centres float64", clusters.cluster_centers_.tolist(), [[1.0, -2.0], [11.0, 18.0]], rtol=1e-12)
    trial.expect("variances float64", components.explained_variance_.tolist(), [200.0 / 3, 50.0 / 3], rtol=1e-12)
    # The direction of a component is free, and so is its sign.
    directions = [[member * (1 if first > 0 else -1) for member in (first, second)] for first, second in components.components_.tolist()]
    trial.expect("components float64", directions, [[0.8, -0.6], [0.6, 0.8]], rtol=1e-11)


def _means(values, sides):
    """Of each value the mean of its side, in plain Python."""
    mean = {}
    for side in (False, True):
        members = [value for value, of in zip(values, sides) if of is side]
        mean[side] = sum(members) / len(members)
    return [mean[side] for side in sides]
