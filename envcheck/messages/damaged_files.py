"""What Linux's loader says of a library that is cut or broken: the words of `open_verify` and `_dl_map_object_from_fd` in glibc."""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

_FILE = r"(?P<library>[^\s:'\"`(){}\[\],;=]+\.(?:so|pyd)[\w.]*)"

PATTERNS = (
    # ImportError: /…/torch/lib/libtorch_python.so: file too short
    Pattern(SymptomKind.FILE_DAMAGED, ": file too short", rf"{_FILE}: file too short"),
    # OSError: /…/libtorch_cpu.so: ELF load command past end of file
    Pattern(SymptomKind.FILE_DAMAGED, ": ELF load command past end", rf"{_FILE}: ELF load command past end of file"),
    # ImportError: /…/_multiarray_umath.cpython-311-x86_64-linux-gnu.so: cannot read file data: Input/output error
    Pattern(SymptomKind.FILE_DAMAGED, ": cannot read file data", rf"{_FILE}: cannot read file data"),
    # ImportError: /…/libxgboost.so: object file has no loadable segments
    Pattern(SymptomKind.FILE_DAMAGED, ": object file has no loadable", rf"{_FILE}: object file has no loadable segments"),
)
