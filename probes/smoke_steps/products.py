"""Products of matrices in each type of data that a device has: of exact integers, and of real numbers held against plain Python's sums."""

from envcheck_probes.smoke_steps import exact
from envcheck_probes.smoke_steps.busy import is_not_supported
from envcheck_probes.smoke_steps.trial import NotEvaluated

# The rounding of a result (rtol) and of the terms of its sum (a part of √512, the size of a typical result). TF32 and float16 have 11 bits
# (some kernels cut TF32 off, instead of rounding it), bfloat16 has 8: what they make of real numbers is not known to 1e-4. The products of
# integers are, and have no tolerance at all.
_REAL = (
    # type, rtol, part of √512
    ("float32", 0.0, 5e-6),
    ("TF32", 0.0, 4e-3),
    ("float16", 5e-4, 2e-3),
    ("bfloat16", 4e-3, 1.5e-2),
)
_TYPICAL = exact.INNER**0.5
# Single precision is off by less of a typical result, TF32 by more.
_TF32_FROM = 1e-5
# What half precision is off by where its sums are kept in it, too: CUDA's are made in single precision, those of others may not be.
_SUMMED_IN_HALF = 4e-2
# More than one tile of a GPU's kernels, in multiples of 16, which float8 needs; fewer for the CPU, which is tested at every run.
_EXTENT, _CPU_EXTENT = (160, 144), (48, 40)


class Products:
    """`multiply(name, left, right)` is the framework's product on the device, lists of numbers into lists of numbers.

    `name` is a type, or "TF32" for single precision that may be made in it; NotEvaluated where the device lacks the type. Of the CPU there
    are no products of real numbers: those of integers find the same faults, and it has no TF32.
    """

    def __init__(self, trial, multiply, names):
        self._trial = trial
        self._multiply = multiply
        self._names = names
        self._rows, self._columns = _CPU_EXTENT if trial.device == "cpu" else _EXTENT
        self._exact, self._real = {}, {}

    def compute(self):
        left, right = exact.left(self._rows), exact.right(self._columns)
        for name in self._names:
            self._make(self._exact, name, left, right)
        if self._trial.device == "cpu":
            return
        for name, _, _ in _REAL:
            if name in self._exact:
                self._make(self._real, name, exact.normal_left(), exact.normal_right())

    def _make(self, made, name, left, right):
        self._trial.doing("matmul " + name)
        try:
            made[name] = self._multiply(name, left, right)
        except NotEvaluated as reason:
            self._trial.note(name, "not tested: {}".format(reason))
        except Exception as error:
            if name in ("float64", "float32") or not is_not_supported(error):
                raise
            self._trial.note(name, "not tested: " + str(error).strip().split("\n")[0][:200])

    def compare(self):
        truth = exact.product(self._rows, self._columns)
        for name, got in self._exact.items():
            self._trial.expect("matmul " + name, got, truth)
        for name, rtol, part in _REAL:
            if name in self._real:
                atol = _TYPICAL * (_SUMMED_IN_HALF if name == "float16" and self._trial.device[:4] != "cuda" else part)
                self._trial.expect("matmul of reals " + name, self._real[name], exact.normal_product(), rtol=rtol, atol=atol)
        if "TF32" in self._real:
            self._note_tf32(self._real["TF32"])

    def _note_tf32(self, got):
        rows = zip(got, exact.normal_product())
        error = max(abs(have - want) for row, truth in rows for have, want in zip(row, truth))
        self._trial.note("TF32", "used where allowed" if error > _TF32_FROM * _TYPICAL else "not used by this device")
