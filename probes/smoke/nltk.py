"""NLTK: what it does without any data: stems, tokens, n-grams, edit distances and the parses of a sentence."""

TEST = {
    "title": "NLTK",
    "import": "nltk",
    "names": ("nltk",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py:
    # nltk 3.10.4 beside scikit-learn, which it imports.
    "import_s": 1.5,
    "test_s": 0.01,
    "peak_bytes": 181_000_000,
}
MANUAL = {
    "imported": "It imports scikit-learn, SciPy and NumPy where they are installed: the package whose file raised is the one at fault.",
    "computed": "A part of it raised without any data being needed: its files are incomplete, or of two versions.",
    "compared": "A stemmer, a distance or a parser gives something else than its definition: its files are of two versions, or were "
    "changed.",
}

# From the paper (M. F. Porter, An algorithm for suffix stripping, Program 14, 1980).
_STEMS = {
    "caresses": "caress",
    "ponies": "poni",
    "plastered": "plaster",
    "hopping": "hop",
    "relational": "relat",
    "formalize": "formal",
    "electrical": "electr",
    "adjustment": "adjust",
    "probate": "probat",
    "controlling": "control",
}
# Levenshtein's distances of textbooks' pairs.
_DISTANCES = [("kitten", "sitting", 3), ("intention", "execution", 5), ("Saturday", "Sunday", 3), ("", "abc", 3), ("same", "same", 0)]
_GRAMMAR = """
S -> NP VP
NP -> D N | NP PP
VP -> V NP | VP PP
PP -> P NP
D -> 'the' | 'a'
N -> 'dog' | 'man' | 'park'
V -> 'saw'
P -> 'in'
"""
_SENTENCE = "the dog saw a man in the park"
# Who is in the park: the man, or the seeing.
_PARSES = [
    "(S (NP (D the) (N dog)) (VP (V saw) (NP (NP (D a) (N man)) (PP (P in) (NP (D the) (N park))))))",
    "(S (NP (D the) (N dog)) (VP (VP (V saw) (NP (D a) (N man))) (PP (P in) (NP (D the) (N park)))))",
]


def check(trial):
    nltk = trial.framework
    trial.layer("computed")
    stemmer = nltk.stem.PorterStemmer()
    stems = [stemmer.stem(word) for word in _STEMS]
    distances = [nltk.edit_distance(first, second) for first, second, _distance in _DISTANCES]
    threes = [list(three) for three in nltk.ngrams("abcde", 3)]
    counted = sorted(nltk.FreqDist("abracadabra").items())
    tokens = nltk.tokenize.TreebankWordTokenizer().tokenize("They'll save $3.88, can't they?")
    parser = nltk.ChartParser(nltk.CFG.fromstring(_GRAMMAR))
    parses = sorted(" ".join(str(tree).split()) for tree in parser.parse(_SENTENCE.split()))
    trial.layer("compared")
    trial.expect("stems", stems, list(_STEMS.values()))
    trial.expect("edit distances", distances, [distance for _first, _second, distance in _DISTANCES])
    trial.expect("n-grams", threes, [["a", "b", "c"], ["b", "c", "d"], ["c", "d", "e"]])
    trial.expect("frequencies", counted, [("a", 5), ("b", 2), ("c", 1), ("d", 1), ("r", 2)])
    trial.expect("tokens", tokens, ["They", "'ll", "save", "$", "3.88", ",", "ca", "n't", "they", "?"])
    trial.expect("parses of a sentence", parses, _PARSES)
