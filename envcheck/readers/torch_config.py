"""Facts out of `torch.__config__.show()`: the CUDA, cuDNN or ROCm that torch was built with, and the cards it has code for."""

from envcheck.facts.claims import Evidence
from envcheck.parsers.text.torch_config import HEADING, parse_torch_config
from envcheck.readers.interface import Text

_MAX_BLOCKS = 20


class TorchConfigReader:
    """Reads the block alone or in another report. Its settings look like environment variables, and are none."""

    name = "torch.__config__.show()"

    def recognises(self, text: Text) -> bool:
        """By its first line."""
        return HEADING in text.whole

    def read(self, text: Text) -> Evidence:
        """Facts of the build."""
        evidence = Evidence()
        headings = [index for index in text.with_words(HEADING.lower()) if HEADING in text.lines[index]]
        for heading in headings[:_MAX_BLOCKS]:
            facts, taken = parse_torch_config(list(text.lines), heading)
            text.taken |= taken
            evidence.claims += [text.claim(f"builds[torch].{fact}", value, index) for fact, (value, index) in facts.items()]
        return evidence
