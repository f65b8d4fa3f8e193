"""spaCy: a blank English pipeline splits a text into tokens and sentences; no model of a language is needed, and none downloaded."""

TEST = {
    "title": "spaCy",
    "import": "spacy",
    "names": ("spacy",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py:
    # spacy 3.8.18 beside torch, which it imports.
    "import_s": 2.6,
    "test_s": 0.2,
    "peak_bytes": 306_000_000,
}
MANUAL = {
    "imported": "A compiled part of it or of thinc, blis, cymem or preshed cannot be loaded: they were built for another NumPy, or for "
    "other versions of each other; or pydantic is of a release that it does not know.",
    "computed": "The English language, the tokenizer or the sentencizer could not be made: its files are incomplete, or packages that "
    "add to it (spacy-legacy, spacy-transformers) do not fit it.",
    "compared": "The tokenizer or the string store gives something else than its rules say: its files and its compiled parts are of two "
    "versions.",
}

_TEXT = "Let's give Apple's shop $1,000 in the U.K. by 5pm. We can't wait (e.g. for him)! Why?"
# Each sentence by its tokens, as the rules for English have been since 2.0.
_SENTENCES = [
    ["Let", "'s", "give", "Apple", "'s", "shop", "$", "1,000", "in", "the", "U.K.", "by", "5", "pm", "."],
    ["We", "ca", "n't", "wait", "(", "e.g.", "for", "him", ")", "!"],
    ["Why", "?"],
]
# MurmurHash of a word, from the documentation (https://spacy.io/usage/spacy-101#vocab).
_WORD, _HASH = "coffee", 3197928453018144401


def check(trial):
    spacy = trial.framework
    trial.layer("computed")
    pipeline = spacy.blank("en")
    if hasattr(pipeline, "has_factory"):
        pipeline.add_pipe("sentencizer")
    else:  # before 3.0
        pipeline.add_pipe(pipeline.create_pipe("sentencizer"))
    document = pipeline(_TEXT)
    again = spacy.tokens.Doc(pipeline.vocab).from_bytes(document.to_bytes())
    number = pipeline.vocab.strings.add(_WORD)
    trial.layer("compared")
    words = [word for sentence in _SENTENCES for word in sentence]
    trial.expect("tokens", [token.text for token in document], words)
    trial.expect("places of the tokens", [token.idx for token in document], _places(words))
    trial.expect("sentences", [[token.text for token in sentence] for sentence in document.sents], _SENTENCES)
    trial.expect("numbers", [token.text for token in document if token.like_num], ["1,000", "5"])
    trial.expect("tokens read again", [token.text for token in again], words)
    trial.expect("hash of a word", number, _HASH)
    trial.expect("word of a hash", pipeline.vocab.strings[_HASH], _WORD)


def _places(words):
    """Where each token begins in the text."""
    places, end = [], 0
    for word in words:
        places.append(_TEXT.index(word, end))
        end = places[-1] + len(word)
    return places
