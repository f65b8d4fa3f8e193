"""Facts out of `xgboost.build_info()`: whether the library was compiled with CUDA, and with which.

{'DEBUG': False, 'GCC_VERSION': [10, 3, 1], 'CUDA_VERSION': [12, 8], 'USE_CUDA': True, 'USE_NCCL': True, 'libxgboost': '/…/libxgboost.so'}
"""

from itertools import islice

from envcheck.facts.claims import Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_USE_CUDA = regex(r"['\"]USE_CUDA['\"]\s{0,4}:\s{0,4}(?P<value>True|False|true|false)\b")
_VERSION = regex(r"['\"]CUDA_VERSION['\"]\s{0,4}:\s{0,4}\[\s{0,20}(?P<major>\d{1,2})\s{0,4},\s{0,20}(?P<minor>\d{1,2})")
# LightGBM has no such function; others print their own flags under the same name.
_OWN = ("build_info", "libxgboost", "USE_FEDERATED", "USE_NCCL", "MM_PREFETCH_PRESENT")
_AROUND = 30
_MAX_FLAGS = 20


class XgboostBuildReader:
    """Reads the flags that XGBoost was compiled with, on one line or printed one to a line."""

    name = "XGBoost build"

    def recognises(self, text: Text) -> bool:
        """By the flag and another word of XGBoost's."""
        return any("USE_CUDA" in line and _USE_CUDA.search(line) for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """The CUDA version, or that there is none."""
        evidence = Evidence()
        flags = ((index, _USE_CUDA.search(line)) for index, line in enumerate(text.lines) if "USE_CUDA" in line)
        for index, flag in islice(flags, _MAX_FLAGS):
            if flag is None:
                continue
            block = "\n".join(text.lines[max(0, index - _AROUND) : index + _AROUND])
            if not any(word in block for word in _OWN):
                continue
            version = _VERSION.search(block)
            if flag["value"].lower() == "false":
                evidence.claims.append(text.claim("builds[xgboost].cuda", None, index))
            elif version is not None:
                evidence.claims.append(text.claim("builds[xgboost].cuda", f"{version['major']}.{version['minor']}", index))
            break
        return evidence
