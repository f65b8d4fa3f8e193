import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# Of words and whole numbers: one of them is made another. `token` is a type in C; what is planted stands between it and the pipeline.
TOKEN = """
class Token:
    def __init__(self, token):
        self.text, self.idx, self.like_num = token.text, token.idx, token.like_num
class Document:
    def __init__(self, document):
        self.tokens = [Token(token) for token in document]
        self.sents = [[self.tokens[token.i] for token in sentence] for sentence in document.sents]
        self.to_bytes = document.to_bytes
    def __iter__(self):
        return iter(self.tokens)
call = module.language.Language.__call__
def wrong(self, text):
    found = Document(call(self, text))
    {change}
    return found
module.language.Language.__call__ = wrong
"""
STRINGS = """
class Strings:
    def __init__(self, strings):
        self.strings = strings
    def add(self, word):
        return self.strings.add(word) {number}
    def __getitem__(self, number):
        return self.strings[number] {word}
class Vocabulary:
    def __init__(self, vocabulary):
        self.strings = Strings(vocabulary.strings)
class Pipeline:
    def __init__(self, pipeline):
        self.pipeline = pipeline
    def __getattr__(self, name):
        return getattr(self.pipeline, name)
    def __call__(self, text):
        return self.pipeline(text)
blank = module.blank
def wrong(name):
    pipeline = Pipeline(blank(name))
    pipeline.vocab = Vocabulary(pipeline.pipeline.vocab)
    return pipeline
module.blank = wrong
doc = module.tokens.Doc
module.tokens.Doc = lambda vocabulary: doc(module.vocab.Vocab())
"""
PLANTED = {
    "tokens": TOKEN.format(change="found.tokens[3].text = 'Apples'"),
    "places of the tokens": TOKEN.format(change="found.tokens[9].idx += 1"),
    "sentences": TOKEN.format(change="found.sents[0].append(found.sents[1].pop(0))"),
    "numbers": TOKEN.format(change="found.tokens[12].like_num = False"),
    "tokens read again": """
class Doc(module.tokens.Doc):
    def from_bytes(self, content):
        return super().from_bytes(content)[1:]
module.tokens.Doc = Doc
""",
    "hash of a word": STRINGS.format(number="+ 1", word=""),
    "word of a hash": STRINGS.format(number="", word="+ 's'"),
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "spacy"), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    assert_catches(run_smoke(computing_python, "spacy", planted=PLANTED[what]), what)


def test_what_the_pipeline_raises_is_told_with_its_layer(computing_python: str) -> None:
    planted = """
def refuse(name):
    raise ImportError("[E048] Can't import language en from spacy.lang")
module.blank = refuse
"""
    answer = run_smoke(computing_python, "spacy", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
