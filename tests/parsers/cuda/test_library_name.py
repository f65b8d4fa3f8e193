import pytest

from envcheck.parsers.cuda.library_name import parse_library_name


@pytest.mark.parametrize(
    ("file", "name", "version", "interface", "soname"),
    [
        ("libcudnn.so.8.9.7", "cudnn", "8.9.7", "8", "libcudnn.so.8"),
        ("libcudnn.so.9", "cudnn", None, "9", "libcudnn.so.9"),
        ("libcudart.so.12.4.127", "cudart", "12.4.127", "12", "libcudart.so.12"),
        ("libcudart.so.10.2.89", "cudart", "10.2.89", "10.2", "libcudart.so.10.2"),
        ("libcudart-d0da41ae.so.11.0", "cudart", None, "11", "libcudart-d0da41ae.so.11"),
        ("libcublas.so.12.4.5.8", "cublas", "12.4.5.8", "12", "libcublas.so.12"),
        ("libnvJitLink.so.12", "nvjitlink", None, "12", "libnvJitLink.so.12"),
        ("libnvinfer.so.10.3.0", "tensorrt", "10.3.0", "10", "libnvinfer.so.10"),
        ("cudart64_110.dll", "cudart", None, "110", "cudart64_110.dll"),
        ("cublas64_12.dll", "cublas", None, "12", "cublas64_12.dll"),
    ],
)
def test_names(file: str, name: str, version: str | None, interface: str, soname: str) -> None:
    library = parse_library_name(file)
    assert library is not None
    assert (library.name, library.version, library.interface, library.soname) == (name, version, interface, soname)


@pytest.mark.parametrize(
    "file", ["libcudnn.so", "libcudnn_ops_infer.so.8", "libcublasLt.so.12", "libcuda.so.1", "libc.so.6", "libcudnn.so.x", ""]
)
def test_others(file: str) -> None:
    assert parse_library_name(file) is None
