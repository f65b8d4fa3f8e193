import pytest

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.speakers import is_spoken_by, speaker_of


@pytest.mark.parametrize(
    ("subject", "details", "expected"),
    [
        ("torch", {}, "torch"),
        ("torch", {"needed_by": "/e/lib/python3.8/site-packages/scipy/x.so"}, "scipy"),
        ("", {"needed_by": "C:\\e\\Lib\\site-packages\\torch\\lib\\fbgemm.dll"}, "torch"),
        ("", {"needed_by": "/usr/lib/python3/dist-packages/numpy/core/x.so"}, "numpy"),
        ("", {"needed_by": "flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so"}, "flash_attn_2_cuda"),
        ("", {"needed_by": "/e/lib/python3.7/site-packages/_torch_sox.cpython-37m-x86_64-linux-gnu.so"}, "torchaudio"),
        ("", {"needed_by": "libcudnn_cnn_infer.so.8"}, ""),
        ("", {"module": "pandas._libs.tslibs"}, "pandas"),
        ("", {}, ""),
    ],
)
def test_who_spoke(subject: str, details: dict[str, str], expected: str):
    assert speaker_of(Symptom(kind=SymptomKind.IMPORT_FAILED, text="…", subject=subject, details=details)) == expected


def test_names_are_compared_by_their_beginning():
    symptom = Symptom(kind=SymptomKind.IMPORT_FAILED, text="…", subject="tensorflow-gpu")
    assert is_spoken_by(symptom, "tensorflow", "jax")
    assert not is_spoken_by(symptom, "torch")
