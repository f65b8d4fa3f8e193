"""The words that spare a text most readers and most of its lines never spare it one that would have found something."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from envcheck.messages.parse import find_messages, patterns_in
from envcheck.messages.vocabulary import Vocabulary
from envcheck.parsers.cpu.lscpu import OWN
from envcheck.parsers.cpu.lscpu_labels import TRANSLATED
from envcheck.parsers.expression import folded
from envcheck.parsers.text.collect_env import OWN_LABELS
from envcheck.readers import read
from envcheck.readers.interface import Text
from envcheck.readers.read import read_text
from envcheck.readers.register import LAST, READERS, Listed

TESTS = Path(__file__).parents[1]
SHARED = Path(__file__).parents[3] / "shared"
LONGEST = 100_000


def _written_in_tests() -> Iterator[str]:
    """What the tests of readers, parsers and messages call output of programs."""
    for folder in ("readers", "parsers", "messages"):
        for path in sorted((TESTS / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 12:
                    yield node.value


def _files() -> Iterator[str]:
    folders = (TESTS / "texts", SHARED / "cases" / "dev", SHARED / "recordings")
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"):
        yield path.read_bytes()[:LONGEST].decode("utf-8", "replace")


def _mixed(texts: list[str]) -> Iterator[str]:
    """Pieces of several, as people paste them one below the other, some in another case."""
    chance = random.Random(4)
    for _ in range(200):
        pieces = []
        for text in chance.choices(texts, k=3):
            lines = text.splitlines()
            first = chance.randrange(len(lines) or 1)
            piece = "\n".join(lines[first : first + 40])
            pieces.append(chance.choice((piece, piece, piece.upper(), piece.lower())))
        yield "\n".join(pieces)


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    texts = list(dict.fromkeys((*_written_in_tests(), *_files())))
    return [*texts, *_mixed(texts)]


def test_every_text_is_read_alike_with_and_without_the_words(corpus: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(corpus) > 500
    quick = [msgspec.json.encode(read_text(text)) for text in corpus]
    monkeypatch.setattr(read, "readers_for", lambda text, listed: (one.load() for one in listed))
    monkeypatch.setattr(read, "CONTAINER_WORDS", ("",))
    monkeypatch.setattr(Text, "with_words", lambda self, *words: range(len(self.lines)))
    monkeypatch.setattr(Vocabulary, "may_have", lambda self, literal: True)
    for text, expected in zip(corpus, quick, strict=True):
        assert msgspec.json.encode(read_text(text)) == expected, f"words are missing in register.py or in a reader: {text[:2000]}"


@pytest.mark.parametrize("listed", [*READERS, *LAST], ids=lambda listed: f"{listed.module}.{listed.reader}")
def test_every_reader_of_the_register_is_there_and_its_words_are_in_lower_case(listed: Listed) -> None:
    reader = listed.load()
    assert reader.name
    assert callable(reader.recognises)
    assert callable(reader.read)
    assert all(word and word == word.lower() for word in listed.words)


def test_words_are_found_in_whatever_case_and_in_their_lines_only() -> None:
    text = Text(["Nothing", "CUDA Driver", "nothing", "cuda", "", "nvİdia \u212aernel"])
    assert text.with_words("cuda") == [1, 3]
    assert text.with_words("driver", "cuda", "nothing") == [0, 1, 2, 3]
    assert text.with_words("rocm") == []
    assert text.with_words("nvidia kernel") == [5]
    assert (text.has("rocm", "driver"), text.has("rocm"), Text([""]).has("rocm")) == (True, False, False)


@pytest.mark.parametrize("literal", ["Ab1", "error 99: ", "\t x\ty", "ß ", " ", "\u00a0cuda"])
def test_a_vocabulary_never_denies_what_a_text_has(literal: str) -> None:
    for text in (literal, f"before {literal} after", f"before{literal}after", f"\ud800{literal}"):
        assert Vocabulary(text).may_have(literal)


def test_a_vocabulary_denies_what_a_text_does_not_have() -> None:
    vocabulary = Vocabulary("step 17 of 100: loss 0.5\n" * 1000)
    assert not vocabulary.may_have("CUDA error")
    assert vocabulary.may_have("Step 3")


def test_messages_are_the_same_with_a_vocabulary(corpus: list[str]) -> None:
    for text in corpus[::7]:
        assert find_messages(text, among=patterns_in(text, Vocabulary(text))) == find_messages(text)


def test_every_label_of_collect_env_has_one_of_its_words() -> None:
    words = next(listed.words for listed in READERS if listed.reader == "CollectEnvReader")
    assert [label for label in OWN_LABELS if not any(word in label.lower() for word in words)] == []


def test_every_label_that_tells_lscpu_from_others_has_one_of_its_words_in_every_language() -> None:
    words = next(listed.words for listed in READERS if listed.reader == "CpuReader")
    telling = OWN - {"CPU(s)"}  # of two there is always another
    assert telling < TRANSLATED.keys()
    labels = [label for english in telling for label in (english, *TRANSLATED[english])]
    assert [label for label in labels if not any(word in folded(label) for word in words)] == []
