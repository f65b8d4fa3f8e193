import pytest
from msgspec import UNSET

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("text", "cuda"),
    [
        ("{'USE_CUDA': False, 'USE_NCCL': False, 'libxgboost': '/x/libxgboost.so'}", None),
        ("{'CUDA_VERSION': [12, 8], 'USE_CUDA': True, 'USE_NCCL': True}", "12.8"),
        ('{\n  "CUDA_VERSION": [\n    11,\n    8\n  ],\n  "USE_CUDA": true,\n  "USE_NCCL": true\n}', "11.8"),
    ],
)
def test_the_flags_tell_the_build(text: str, cuda: str | None):
    assert read_text(f"{text}\n").builds["xgboost"].cuda == cuda


@pytest.mark.parametrize("text", ["{'USE_CUDA': False}", "cmake -DUSE_CUDA=ON", "'USE_CUDA': maybe, build_info"])
def test_flags_of_others_are_nobodys(text: str):
    build = read_text(f"{text}\n").builds.get("xgboost")
    assert build is None or build.cuda is UNSET
