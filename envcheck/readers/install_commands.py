"""Installations that somebody says to have typed: which version came is not known, but where it came from is.

A plain `pip install torch` takes PyPI's. Only a line of its own counts, without a version, an index or a file: what names those says what
was wanted, and advice stands in sentences. `-f …/jax_cuda_releases.html` says that JAX was to have CUDA.
"""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_TYPED = regex(
    r"^\s*(?:\d{1,2}[.)] )?(?:[^|\n]{0,80}[$#%>] ?|! ?|- )?`?(?:sudo )?(?:python[\d.]{0,5} -m )?(?:uv )?pip[\d.]{0,5} install"
    r"(?P<options>(?: -(?:U|q|-upgrade|-quiet|-user"
    r"|-no-cache-dir|-force-reinstall))*)(?P<names>(?: (?:torch|torchvision|torchaudio|numpy|transformers)){1,5})`?\s*$"
)
_ADVISED = regex(r"\b(?:fix\w*|solution|workaround|bypass\w*|instead|try|please|should|installation|getting started|readme|usage)\b", 2)
_ANOTHER_INDEX = ("--index-url", "--extra-index", "download.pytorch.org", "pip install -i ")
_JAX_FOR_CUDA = regex(r"\bpip[\d.]{0,5} install .*storage\.googleapis\.com/jax-releases/(?P<channel>jax_cuda\w*_releases)\.html")
_LONGEST = 200
_LONGEST_WITH_ADDRESS = 400


class InstallCommandReader:
    """Reads that torch came from PyPI."""

    name = "plain installations"

    def recognises(self, text: Text) -> bool:
        """By such a line."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """Believed least; nothing is said where another index is named anywhere in the text."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    for index in text.with_words("jax-releases/jax_cuda"):
        wanted = _JAX_FOR_CUDA.search(text.lines[index][:_LONGEST_WITH_ADDRESS])
        if wanted:
            yield text.claim("packages[jax].channel", wanted["channel"], index, Trust.MENTIONED)
            break
    yield from _from_pypi(text)


def _from_pypi(text: Text) -> Iterator[Claim]:
    if any(mark in text.whole for mark in _ANOTHER_INDEX):
        return
    for index in text.with_words("pip install ", "pip3 install "):
        line = text.lines[index]
        found = _TYPED.match(line) if len(line) <= _LONGEST else None
        before = text.lines[index - 1][:_LONGEST] if index else ""
        if found and "torch" in found["names"].split() and not _ADVISED.search(before):
            yield text.claim("packages[torch].channel", "pypi", index, Trust.MENTIONED)
            return
