"""Which copy of a CUDA library was loaded, in what ldd, the loader's own trace and TensorFlow's start-up log say of it."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_LONGEST = 1000
_FILE = r"lib(?P<name>cudart|cublas|cublasLt|cudnn|cufft|curand|cusolver|cusparse|cusparseLt|nccl|nvJitLink|nvrtc)\.so(?:\.\d[\d.]{0,20})?"
# 	libnvJitLink.so.12 => /usr/local/cuda-12.1/lib64/libnvJitLink.so.12 (0x000070ddad800000)
_LDD = regex(rf"^\s*{_FILE} => (?P<path>/\S{{1,400}}) \(0x[0-9a-f]{{4,16}}\)\s*$")
#      4709:	calling init: /opt/conda/lib/libnvJitLink.so.12        (LD_DEBUG=libs)
_TRACE = regex(rf"^\s*\d{{1,10}}:\s+calling init: (?P<path>/\S{{0,400}}/{_FILE})\s*$")
# I tensorflow/…/dso_loader.cc:49] Successfully opened dynamic library libcudart.so.11.0
_OPENED = regex(rf"Successfully opened dynamic library (?P<path>{_FILE})")
_AT_THE_END = regex(rf"(?:^|/){_FILE}$")
_VERSION = regex(r"\.so\.(\d+\.\d+\.\d+[\d.]*)$")


def library_of(path: str) -> str:
    """`/usr/local/cuda-12.1/lib64/libcublasLt.so.12` → cublaslt; empty for what is no library of CUDA."""
    found = _AT_THE_END.search(path)
    return found["name"].lower() if found is not None else ""


class LoadedLibraryReader:
    """Reads the lines that name a CUDA library and where it was taken from."""

    name = "loaded libraries"

    def recognises(self, text: Text) -> bool:
        """By a line that only these have."""
        return any(True for _ in _claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Tells nothing of other copies."""
        evidence = Evidence(claims=list(_claims(text, text.taken)))
        if evidence.claims:
            evidence.observed["toolkits"] = "partial"
        return evidence


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    for index, line in enumerate(text.lines):
        if index in taken or len(line) > _LONGEST or ".so" not in line:
            continue
        found = _LDD.match(line) or _TRACE.match(line) or _OPENED.search(line)
        if found is None:
            continue
        taken.add(index)
        path = found["path"]
        key = path.replace("[", "(").replace("]", ")")
        version = _VERSION.search(path)
        entry: dict[str, object] = {"path": path, "loaded": True, **({"version": version[1]} if version else {})}
        yield text.claim(f"toolkits[{found['name'].lower()}@{key}]", entry, index)
