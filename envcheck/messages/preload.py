"""What the loader of Linux and the allocators say of libraries that LD_PRELOAD puts before all others."""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

PATTERNS = (
    # ERROR: ld.so: object '/usr/lib/libtcmalloc.so.4' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.
    Pattern(
        SymptomKind.PRELOAD_IGNORED,
        " from LD_PRELOAD cannot be preloaded",
        r"ERROR: ld\.so: object '(?P<library>[^\s']{1,300})' from LD_PRELOAD cannot be preloaded"
        r"(?: \(cannot open shared object file\))?: ignored",
        subject="ld.so",
    ),
    # src/tcmalloc.cc:333] Attempt to free invalid pointer 0x5577f0a3c0f0
    Pattern(
        SymptomKind.ALLOCATORS_MIXED,
        "Attempt to free invalid pointer ",
        r"\btcmalloc\.cc:\d{1,5}\] Attempt to free invalid pointer 0x[0-9a-f]{1,16}",
        {"allocator": "tcmalloc"},
    ),
)
