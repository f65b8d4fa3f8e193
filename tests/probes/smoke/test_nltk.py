import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# Of words and whole numbers: one of them is made another.
PLANTED = {
    "stems": """
stem = module.stem.PorterStemmer.stem
module.stem.PorterStemmer.stem = lambda self, word: stem(self, word) + ("e" if word == "relational" else "")
""",
    "edit distances": """
distance = module.edit_distance
module.edit_distance = lambda first, second: distance(first, second) + (first == "Saturday")
""",
    "n-grams": """
ngrams = module.ngrams
module.ngrams = lambda letters, count: list(ngrams(letters, count))[:-1] + [("c", "d", "d")]
""",
    "frequencies": """
class FreqDist(module.FreqDist):
    def items(self):
        return [(letter, count + (letter == "r")) for letter, count in super().items()]
module.FreqDist = FreqDist
""",
    "tokens": """
tokenize = module.tokenize.TreebankWordTokenizer.tokenize
module.tokenize.TreebankWordTokenizer.tokenize = lambda self, text: tokenize(self, text.replace("3.88", "3.89"))
""",
    "parses of a sentence": """
parse = module.ChartParser.parse
module.ChartParser.parse = lambda self, words: list(parse(self, words))[:1]
""",
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "nltk"), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    assert_catches(run_smoke(computing_python, "nltk", planted=PLANTED[what]), what)


def test_what_it_raises_is_told_with_its_layer(computing_python: str) -> None:
    planted = """
def refuse(self, words):
    raise LookupError("Resource punkt_tab not found.")
module.ChartParser.parse = refuse
"""
    answer = run_smoke(computing_python, "nltk", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
