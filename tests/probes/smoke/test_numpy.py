import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, run_smoke

# One element of one result, wrong by 1e-9 of it (double) or 1e-4 of it (single): what is planted, and where it is seen.
PLANTED = {
    "inverse float64": """
inv = module.linalg.inv
def wrong(a):
    found = inv(a)
    found[1, 2] *= 1 + 1e-9
    return found
module.linalg.inv = wrong
""",
    "eigenvalues float64": """
right = module.linalg.eigvalsh
module.linalg.eigvalsh = lambda a: right(a) * module.array([1, 1 + 1e-9])
""",
    "fft real": """
right = module.fft.fft
module.fft.fft = lambda a: right(a) + module.array([1e-9 * 8] + [0] * 7)
""",
    "argsort": "module.argsort = lambda a: module.array([1, 0, 2])",
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "numpy"), ["matmul float64", "matmul float32", *PLANTED])


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    assert_catches(run_smoke(computing_python, "numpy", planted=PLANTED[what]), what)


@pytest.mark.parametrize(("dtype", "what", "error"), [("float64", "matmul float64", 1e-9), ("float32", "matmul float32", 1e-4)])
def test_a_wrong_element_of_a_product_is_caught(computing_python: str, dtype: str, what: str, error: float) -> None:
    # The product is made by an operator of a type in C: the arrays that are made of this type become ones whose product is wrong.
    planted = f"""
class Wrong(module.ndarray):
    def __matmul__(self, other):
        found = module.asarray(self) @ module.asarray(other)
        found[2, 3] *= 1 + {error}
        return found
array = module.array
def wrong(*arguments, **options):
    made = array(*arguments, **options)
    return made.view(Wrong) if made.shape[:1] == (16,) else made
module.array = wrong
astype = module.ndarray.astype
Wrong.astype = lambda self, dtype: astype(self, dtype).view(Wrong)
if {dtype!r} == "float32":
    right = Wrong.__matmul__
    Wrong.__matmul__ = lambda self, other: right(self, other) if self.dtype == "float32" else module.asarray(self) @ module.asarray(other)
"""
    assert_catches(run_smoke(computing_python, "numpy", planted=planted), what)
