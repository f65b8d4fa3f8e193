import pytest

from envcheck.knowledge.package_cuda import find_cuda_build


@pytest.mark.parametrize(
    ("package", "version", "cuda"),
    [
        ("xgboost", "3.4.1", "13"),
        ("xgboost", "3.3.0", "12"),
        ("xgboost", "1.7.6", None),
        ("onnxruntime-gpu", "1.26.0", "12.8"),
        ("onnxruntime-gpu", "1.14.1", "11.6"),
        ("scikit-learn", "1.9.1", None),
    ],
)
def test_the_cuda_of_a_release(package: str, version: str, cuda: str | None) -> None:
    row = find_cuda_build(package, version)
    assert (row.cuda if row is not None else None) == cuda
