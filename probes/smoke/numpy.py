"""NumPy: exact integer products, an inverse that is known in closed form, eigenvalues, sorting and an FFT."""

TEST = {
    "title": "NumPy",
    "import": "numpy",
    "names": ("numpy",),
    "default": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: numpy 2.4.6.
    "import_s": 0.1,
    "test_s": 0.01,
    "peak_bytes": 30_000_000,
}
MANUAL = {
    "imported": "Its compiled core cannot be loaded: files of two versions are mixed, or a folder named numpy stands before it.",
    "tensor": "An array cannot be made from Python's own numbers: the compiled core does not fit this Python.",
    "computed": "A call into BLAS or LAPACK raised or crashed: the BLAS library is damaged, or was built for another processor.",
    "compared": "BLAS or LAPACK gives wrong numbers: a faulty library (OpenBLAS on a processor that it does not know), or faulty memory.",
}


def check(trial):
    np = trial.framework
    trial.layer("tensor")
    rows = [[(3 * row + column) % 7 for column in range(24)] for row in range(16)]
    columns = [[(row - 2 * column) % 5 for column in range(12)] for row in range(24)]
    left, right = np.array(rows, dtype=np.float64), np.array(columns, dtype=np.float64)
    hilbert = np.array([[1.0 / (row + column + 1) for column in range(4)] for row in range(4)])
    trial.layer("computed")
    product = left @ right
    single = left.astype(np.float32) @ right.astype(np.float32)
    inverse = np.linalg.inv(hilbert)
    eigenvalues = np.linalg.eigvalsh(np.array([[2.0, 1.0], [1.0, 2.0]]))
    spectrum = np.fft.fft(np.ones(8))
    order = np.argsort(np.array([3, 1, 2]))
    trial.layer("compared")
    truth = [[sum(row[inner] * columns[inner][column] for inner in range(24)) for column in range(12)] for row in rows]
    trial.expect("matmul float64", product.tolist(), truth)
    trial.expect("matmul float32", single.tolist(), truth)
    trial.expect("inverse float64", inverse.tolist(), _INVERSE_OF_HILBERT, rtol=5e-10)
    trial.expect("eigenvalues float64", eigenvalues.tolist(), [1.0, 3.0], rtol=1e-12)
    trial.expect("fft real", spectrum.real.tolist(), [8.0] + [0.0] * 7, rtol=1e-12, atol=1e-12)
    trial.expect("argsort", order.tolist(), [1, 2, 0])


# The inverse of the Hilbert matrix has integers in it, by a closed form (Choi, Amer. Math. Monthly 90, 1983); its condition is 1.6e4.
_INVERSE_OF_HILBERT = [[16, -120, 240, -140], [-120, 1200, -2700, 1680], [240, -2700, 6480, -4200], [-140, 1680, -4200, 2800]]
