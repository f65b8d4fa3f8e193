"""SciPy: its own LAPACK, sparse solver, quadrature, root finder, special functions and FFT, each against a closed form."""

import math

TEST = {
    "title": "SciPy",
    "import": "scipy",
    "names": ("scipy",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: scipy 1.17.1.
    "import_s": 0.8,
    "test_s": 0.05,
    "peak_bytes": 86_100_000,
}
MANUAL = {
    "imported": "A compiled part cannot be loaded: it does not fit the NumPy beside it, or its libraries (libgfortran) are missing.",
    "tensor": "A sparse matrix cannot be made: SciPy was built for a NumPy of another version.",
    "computed": "A call into LAPACK, SuperLU or QUADPACK raised or crashed: a damaged library, or one built for another processor.",
    "compared": "A numerical library gives wrong numbers: a faulty BLAS or LAPACK (often one of the system's), or faulty memory.",
}
_SIZE = 24


def check(trial):
    trial.imports(
        "numpy", "scipy.linalg", "scipy.special", "scipy.sparse", "scipy.sparse.linalg", "scipy.integrate", "scipy.optimize", "scipy.fft"
    )
    import numpy as np
    from scipy import fft, integrate, linalg, optimize, sparse, special

    trial.layer("tensor")
    # The second difference of 24 points (2 on the diagonal, -1 beside it): its inverse, eigenvalues and solutions are closed forms.
    dense = [[{0: 2.0, 1: -1.0}.get(abs(row - column), 0.0) for column in range(_SIZE)] for row in range(_SIZE)]
    banded = getattr(sparse, "csc_matrix", None) or sparse.csc_array
    thin = banded(dense)
    trial.layer("computed")
    inverse = linalg.inv(dense)
    single = linalg.inv(np.array(dense, dtype=np.float32))
    eigenvalues = linalg.eigvalsh(dense)
    turned = linalg.expm([[0.0, -1.0], [1.0, 0.0]])
    solution = sparse.linalg.spsolve(thin, np.array([1.0] * _SIZE))
    area = integrate.quad(lambda x: math.exp(-x * x), -math.inf, math.inf, epsabs=0.0, epsrel=1e-11)[0]
    root = optimize.brentq(math.cos, 1.0, 2.0, xtol=1e-13, rtol=1e-13)
    factorials = special.gamma([float(number) for number in range(1, 13)])
    spectrum = fft.fft([1.0, 0.0, -1.0, 0.0] * 4)
    trial.layer("compared")
    truth = [[(min(row, column) + 1) * (_SIZE - max(row, column)) / (_SIZE + 1) for column in range(_SIZE)] for row in range(_SIZE)]
    trial.expect("inverse float64", inverse.tolist(), truth, rtol=1e-11)
    trial.expect("inverse float32", single.tolist(), truth, rtol=5e-5)
    angles = [number * math.pi / (_SIZE + 1) for number in range(1, _SIZE + 1)]
    trial.expect("eigenvalues float64", eigenvalues.tolist(), [2.0 - 2.0 * math.cos(angle) for angle in angles], rtol=1e-11)
    trial.expect("expm float64", turned.tolist(), [[math.cos(1), -math.sin(1)], [math.sin(1), math.cos(1)]], rtol=1e-12)
    trial.expect("sparse solution float64", solution.tolist(), [(row + 1) * (_SIZE - row) / 2 for row in range(_SIZE)], rtol=1e-11)
    trial.expect("integral float64", area, math.sqrt(math.pi), rtol=1e-10)
    trial.expect("root float64", root, math.pi / 2, rtol=1e-12)
    trial.expect("gamma float64", factorials.tolist(), [math.factorial(number) for number in range(12)], rtol=1e-13)
    trial.expect("fft real", spectrum.real.tolist(), [8.0 if place in (4, 12) else 0.0 for place in range(16)], rtol=1e-12, atol=1e-12)
