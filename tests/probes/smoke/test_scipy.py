import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, run_smoke

# One element of one result, wrong by 1e-9 of it (double) or 1e-4 of it (single): by what is compared, the module, its function, and what is
# done with what that found.
PLANTED = {
    "inverse float64": ("scipy.linalg", "inv", "if found.dtype == 'float64': found[5, 7] *= 1 + 1e-9"),
    "inverse float32": ("scipy.linalg", "inv", "if found.dtype == 'float32': found[5, 7] *= 1 + 1e-4"),
    "eigenvalues float64": ("scipy.linalg", "eigvalsh", "found[3] *= 1 + 1e-9"),
    "expm float64": ("scipy.linalg", "expm", "found[0, 1] *= 1 + 1e-9"),
    "sparse solution float64": ("scipy.sparse.linalg", "spsolve", "found[9] *= 1 + 1e-9"),
    "integral float64": ("scipy.integrate", "quad", "found = (found[0] * (1 + 1e-9), *found[1:])"),
    "root float64": ("scipy.optimize", "brentq", "found *= 1 + 1e-9"),
    "gamma float64": ("scipy.special", "gamma", "found[4] *= 1 + 1e-9"),
    "fft real": ("scipy.fft", "fft", "found[4] *= 1 + 1e-9"),
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "scipy"), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    module, function, change = PLANTED[what]
    planted = f"""
right = module.{function}
def wrong(*arguments, **options):
    found = right(*arguments, **options)
    {change}
    return found
module.{function} = wrong
"""
    assert_catches(run_smoke(computing_python, "scipy", planted=planted, module=module), what)
