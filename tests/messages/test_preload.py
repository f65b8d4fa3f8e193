import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages import parse_message

K = SymptomKind


@pytest.mark.parametrize(
    ("text", "kind", "details"),
    [
        (
            "ERROR: ld.so: object '/usr/lib/libjemalloc.so' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.",
            K.PRELOAD_IGNORED,
            {"library": "/usr/lib/libjemalloc.so"},
        ),
        (
            "ERROR: ld.so: object 'libjemalloc.so' from LD_PRELOAD cannot be preloaded: ignored.",
            K.PRELOAD_IGNORED,
            {"library": "libjemalloc.so"},
        ),
        ("src/tcmalloc.cc:284] Attempt to free invalid pointer 0x5555e0508040", K.ALLOCATORS_MIXED, {"allocator": "tcmalloc"}),
    ],
)
def test_what_was_preloaded_in_vain(text: str, kind: SymptomKind, details: dict[str, str]) -> None:
    assert [(symptom.kind, symptom.details) for symptom in parse_message(text)] == [(kind, details)]


def test_a_library_for_the_other_word_size_is_passed_over_on_purpose() -> None:
    wrong = "ERROR: ld.so: object '/a/ubuntu12_32/overlay.so' from LD_PRELOAD cannot be preloaded (wrong ELF class: ELFCLASS32): ignored."
    assert parse_message(wrong) == []
