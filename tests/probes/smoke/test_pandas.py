import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, run_smoke

# One element of one result made wrong: by what is compared, the owner of the method, its name, and what is done with what it found.
PLANTED = {
    "csv words": ("module", "read_csv", "found.loc[7, 'fruit'] = 'pear'"),
    "csv float64": ("module", "read_csv", "found.loc[7, 'weight'] *= 1 + 1e-9"),
    "group names": ("grouped", "sum", "found = found.rename(index={'cherry': 'chery'})"),
    "group sums int64": ("grouped", "sum", "found.iloc[1] += 1"),
    "group means float64": ("grouped", "mean", "found.iloc[1] *= 1 + 1e-9"),
    "join int64": ("module.DataFrame", "merge", "found.loc[31, 'price'] += 1"),
    "pivot float64": ("module.DataFrame", "pivot_table", "found.iloc[2, 1] *= 1 + 1e-9"),
    "rolling float64": ("windows", "sum", "found.iloc[20] *= 1 + 1e-9"),
    "sorting": ("module.DataFrame", "sort_values", "found = found.iloc[[1, 0, *range(2, len(found))]]"),
    "dates": ("module", "date_range", "found = found.delete(2).insert(2, found[1])"),
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "pandas"), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    owner, function, change = PLANTED[what]
    planted = f"""
grouped = type(module.Series([1.0]).groupby([0]))
windows = type(module.Series([1.0]).rolling(1))
right = {owner}.{function}
def wrong(*arguments, **options):
    found = right(*arguments, **options)
    {change}
    return found
{owner}.{function} = wrong
"""
    assert_catches(run_smoke(computing_python, "pandas", planted=planted), what)


def test_a_table_that_cannot_be_made_is_told_with_its_layer(computing_python: str) -> None:
    planted = """
def broken(*arguments, **options):
    raise ValueError("numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject")
module.DataFrame = broken
"""
    answer = run_smoke(computing_python, "pandas", planted=planted)
    assert answer.said[-1].text.startswith("ValueError: numpy.dtype size changed")
    assert answer.said[-1].details["layer"] == "tensor"
