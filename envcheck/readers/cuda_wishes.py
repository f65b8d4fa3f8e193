"""That CUDA was asked for when something was installed: `cudatoolkit=10.2` in a conda command or its plan, PyTorch's index for a CUDA.

What came of it is another matter; a rule asks for this only where the build that is there has no CUDA.
"""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_WORDS = ("cudatoolkit", "pytorch-cuda", "pytorch.org/whl/", "+cu")
_LONGEST = 400
#     - cudatoolkit=10.1    (of a plan's specs, or of an environment.yml)
_SPEC = regex(r"^\s*- (?P<what>(?:cudatoolkit|pytorch-cuda)(?: ?[=<>~]{1,2} ?[\d.*]{1,10})?)\s*$", words=("cudatoolkit", "pytorch-cuda"))
# conda install pytorch==1.12.1 cudatoolkit=10.2 -c pytorch    pip install torch --index-url https://download.pytorch.org/whl/cu121
_COMMAND = regex(
    r"\b(?:conda|mamba|pip3?|uv)\b.{0,80}? (?:install|create|add)\b.{0,300}?"
    r"(?P<what>(?:cudatoolkit|pytorch-cuda) ?=\S{1,12}|\btorch==\S{1,20}\+cu\d{2,3}"
    r"|download\.pytorch\.org/whl/(?:nightly/|test/)?cu\d{2,3})",
    words=("cudatoolkit", "pytorch-cuda", "torch==", "download.pytorch.org"),
)


class CudaWishReader:
    """Reads commands and the specs of plans."""

    name = "installations that ask for CUDA"

    def recognises(self, text: Text) -> bool:
        """By one of them."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """One claim, of the first: believed least, since nobody knows whether it was carried out."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    for index in text.with_words(*_WORDS):
        line = text.lines[index]
        found = (_SPEC.match(line) or _COMMAND.search(line)) if len(line) <= _LONGEST else None
        if found:
            yield text.claim("nvidia.cuda_sign", f"{found['what']} was asked for", index, Trust.MENTIONED)
            return
