import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, run_smoke

# By what is compared: the function, and what is done with the arguments before it (`options`) or the axes after it (`found`).
PLANTED = {
    "means float64": ("barplot", "", "found.patches[1].set_height(found.patches[1].get_height() * (1 + 1e-9))"),
    "counts": ("histplot", "", "found.patches[2].set_height(found.patches[2].get_height() + 1)"),
    "pixels of bars": ("barplot", "", "found.patches[2].set_facecolor('#0133cc')"),
    "pixels of a heat map": ("heatmap", "arguments = ([[0, 1], [1, 1]],)", ""),
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "seaborn"), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    function, before, after = PLANTED[what]
    planted = f"""
import functools
right = module.{function}
@functools.wraps(right)
def wrong(*arguments, **options):
    {before or "pass"}
    found = right(*arguments, **options)
    {after or "pass"}
    return found
module.{function} = wrong
"""
    assert_catches(run_smoke(computing_python, "seaborn", planted=planted), what)
