import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# One element of one result made wrong: by what is compared, the module, the method, and what is done with what it found.
PLANTED = {
    "coefficients float64": ("sklearn.linear_model", "LinearRegression.fit", "found.coef_[1] *= 1 + 1e-9"),
    "fitted values float64": ("sklearn.linear_model", "LinearRegression.predict", "found[70] *= 1 + 1e-9"),
    "leaf means float64": ("sklearn.tree", "DecisionTreeRegressor.predict", "found[70] *= 1 + 1e-9"),
    "nearest neighbours": ("sklearn.neighbors", "NearestNeighbors.kneighbors", "found[1][70] = 71"),
    "distances float64": ("sklearn.neighbors", "NearestNeighbors.kneighbors", "found[0][70] *= 1 + 1e-9"),
    "cluster labels": ("sklearn.cluster", "KMeans.fit", "found.labels_[70] ^= 1"),
    "cluster centres float64": ("sklearn.cluster", "KMeans.fit", "found.cluster_centers_[1, 1] *= 1 + 1e-9"),
    "variances float64": ("sklearn.decomposition", "PCA.fit", "found.explained_variance_[1] *= 1 + 1e-9"),
    "components float64": ("sklearn.decomposition", "PCA.fit", "found.components_[1, 0] *= 1 + 1e-9"),
}


def planted(method: str, change: str) -> str:
    return f"""
right = module.{method}
def wrong(*arguments, **options):
    found = right(*arguments, **options)
    {change}
    return found
module.{method} = wrong
"""


def test_it_computes(computing_python: str) -> None:
    answer = run_smoke(computing_python, "sklearn")
    assert_passes(answer, list(PLANTED))
    assert result(answer)["import_seconds"] > result(answer)["layers"][0]["seconds"] > 0, "its own modules are a part of its import"


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    module, method, change = PLANTED[what]
    assert_catches(run_smoke(computing_python, "sklearn", planted=planted(method, change), module=module), what)


@pytest.mark.parametrize("change", ["found = found[:-1]", "found[70] = float('nan')"], ids=["another shape", "no number"])
def test_what_is_no_number_or_of_another_shape_is_caught(computing_python: str, change: str) -> None:
    answer = run_smoke(computing_python, "sklearn", planted=planted("DecisionTreeRegressor.predict", change), module="sklearn.tree")
    assert_catches(answer, "leaf means float64")


def test_a_fit_that_raises_is_told_with_its_layer(computing_python: str) -> None:
    broken = "def fit(*arguments): raise RuntimeError('two OpenMP libraries')\nmodule.KMeans.fit = fit"
    answer = run_smoke(computing_python, "sklearn", planted=broken, module="sklearn.cluster")
    assert result(answer)["layer"] == "computed"
    assert answer.said[-1].text == "RuntimeError: two OpenMP libraries"


def test_a_part_that_cannot_be_loaded_is_told_as_an_import(computing_python: str) -> None:
    broken = "raise ImportError('libgomp.so.1: cannot open shared object file: No such file or directory')"
    answer = run_smoke(computing_python, "sklearn", planted=broken, module="sklearn.neighbors")
    assert result(answer)["layer"] == "imported"
    assert answer.said[-1].text.startswith("ImportError: libgomp.so.1")
