"""Whether two names are of one product: the driver's, that of the list of PCI devices, and either of them where it was cut.

>>> mean_the_same("GeForce RTX 3090", "NVIDIA GeForce RTX 3090")
True
>>> mean_the_same("NVIDIA GeForce RTX 5070 ...", "NVIDIA GeForce RTX 5070 Ti")
True
>>> mean_the_same("GeForce RTX 3080 Mobile / Max-Q 8GB/16GB", "NVIDIA GeForce RTX 3080 Laptop GPU")
True
>>> mean_the_same("GeForce RTX 3080", "GeForce RTX 3080 Ti")
False
"""

from envcheck.parsers.expression import regex

_WORD = regex(r"[a-z0-9]+")
# The maker, and how a card is built: one list has these words, the other has not.
_SAYS_NOTHING = regex(
    r"nvidia|amd|intel|corporation|r|tm|gpu|mobile|laptop|max|q|lite|hash|rate|pcie|sxm\d?|hbm\d?e?|generation|\d{1,3}gb|lp"
)
_CUT = "..."


def mean_the_same(one: str, other: str) -> bool:
    """Whether both are names of one product; of a name that was cut, what is there counts."""
    if one.endswith(_CUT) or other.endswith(_CUT):
        ours, theirs = _plain(one), _plain(other)
        shorter = min(len(ours), len(theirs))
        return ours[:shorter] == theirs[:shorter]
    return bool(_words(one)) and _words(one) == _words(other)


def _plain(name: str) -> str:
    return name.lower().removeprefix("nvidia ").removesuffix(_CUT).rstrip()


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(name.lower()) if not _SAYS_NOTHING.fullmatch(word))
