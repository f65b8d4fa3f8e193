"""torch.__config__.show() among other lines."""

from envcheck.readers.read import read_text


def test_settings_of_the_build_are_no_environment_variables() -> None:
    snapshot = read_text(
        "PyTorch built with:\n  - GCC 9.3\n  - CUDA Runtime 11.8\n  - Build settings: CUDA_VERSION=11.8, TORCH_VERSION=2.0.1, USE_CUDA=ON\n"
    )
    assert snapshot.builds["torch"].cuda == "11.8"
    assert not snapshot.variables
