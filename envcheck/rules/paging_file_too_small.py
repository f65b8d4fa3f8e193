"""paging-file-too-small: Windows has no room left to promise a program the memory that its libraries ask for."""

from collections.abc import Iterator

from envcheck.facts.snapshot import known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Step

MANUAL = Manual(
    checks="Whether Windows refused to load a library or to start a process with its error 1455.",
    why="Windows promises memory only as far as main memory and the paging file reach together. CUDA's libraries ask for gigabytes in each "
    "process, and every worker of a DataLoader is a process: the promise runs out long before the memory does.",
    example='OSError: [WinError 1455] The paging file is too small for this operation to complete. Error loading "…\\torch\\lib\\'
    'cudnn_adv64_9.dll" or one of its dependencies.',
    fix="Let Windows manage the paging file's size, or set a larger one; start fewer worker processes.",
    ignore_when="Never: the library is not loaded.",
    sources=(
        "https://learn.microsoft.com/en-us/troubleshoot/windows-client/performance/introduction-to-the-page-file",
        "https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--1300-1699-",
    ),
)

_NUMBER = 1455


def check(case: Case) -> Iterator[Outcome]:
    """The number is Windows' own, whatever the language of the words."""
    said = tuple(symptom for symptom in case.said(SymptomKind.OUT_OF_MEMORY) if symptom.code == _NUMBER)
    if known(case.facts.system.os, "Windows") != "Windows":
        yield NotApplicable("this is not Windows")
    elif said:
        yield _found(said)
    elif any(entry.status == "imported" for entry in case.facts.imports):
        yield Passed("paging file", "every import was given its memory")
    else:
        yield NotApplicable("Windows refused no memory")


def _found(said: tuple[Symptom, ...]) -> Found:
    library = next((symptom.details["library"] for symptom in said if symptom.details.get("library")), "")
    what = f" to load {library.replace('/', chr(92)).rpartition(chr(92))[2]}" if library else ""
    return Found(
        "paging file",
        f"Windows had no memory left to promise{what}: its paging file is too small.",
        evidence=tuple(map(spoken, said)),
        remedies=(
            by_hand(
                "enlarge the paging file",
                "open the settings of the performance, tab Advanced, Virtual memory:",
                Step(run=("SystemPropertiesPerformance.exe",)),
                "let Windows manage the size on a drive with room, or set 32 GB and more; restart Windows",
            ),
            by_hand(
                "start fewer processes", "use num_workers=0 or 1 in the DataLoader, and guard the start with if __name__ == '__main__'"
            ),
        ),
        symptoms=said,
    )


RULE = Rule(
    name="paging-file-too-small",
    title="The paging file of Windows is too small",
    area=Area.MEMORY,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=frozenset({"dll-load-failed", "framework-import-fails", "import-failed", "windows-dll-missing"}),
)
