"""What torch says of MPS, Apple's Metal backend, where it has none.

"The MPS backend is supported on MacOS 12.3+" stands with the other conflicts of versions; "MPS backend out of memory" is no word on whether
there is one.
"""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

PATTERNS = (
    # RuntimeError: PyTorch is not linked with support for mps devices
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "not linked with support for mps devices",
        r"PyTorch is not linked with support for mps devices",
        {"feature": "mps", "package": "torch"},
        subject="torch",
    ),
    # RuntimeError: PyTorch code is not compiled with MPS enabled
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "not compiled with MPS enabled",
        r"(?:PyTorch code is|Torch) not compiled with MPS enabled",
        {"feature": "mps", "package": "torch"},
        subject="torch",
    ),
    # RuntimeError: Expected one of cpu, cuda, … device type at start of device string: mps, of torch before 1.12
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "device type at start of device string: mps",
        r"Expected one of [\w, ]{3,400} device type at start of device string: mps\b",
        {"feature": "mps", "package": "torch"},
        subject="torch",
    ),
    # AttributeError: module 'torch.backends' has no attribute 'mps'
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "has no attribute 'mps'",
        r"module 'torch(?:\.backends)?' has no attribute 'mps'",
        {"feature": "mps", "package": "torch"},
        subject="torch",
    ),
    # RuntimeError: MPS backend out of memory (MPS allocated: 17.00 GB, other allocations: …)
    Pattern(SymptomKind.OUT_OF_MEMORY, "MPS backend out of memory", r"MPS backend out of memory \(", {"device": "mps"}, subject="torch"),
)
