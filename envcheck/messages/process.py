"""How processes ended and what the operating system refused them: signals, full disks, permissions, shared memory.

Shells print signals in the user's language; the English words, numbers and names are known here.
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_SIGNALS = {
    "segmentation fault": "SIGSEGV",
    "illegal instruction": "SIGILL",
    "illegal hardware instruction": "SIGILL",
    "bus error": "SIGBUS",
    "aborted": "SIGABRT",
    "abort": "SIGABRT",
    "killed": "SIGKILL",
    "floating point exception": "SIGFPE",
}
_NUMBERS = {"4": "SIGILL", "6": "SIGABRT", "7": "SIGBUS", "8": "SIGFPE", "9": "SIGKILL", "11": "SIGSEGV"}
# Windows' exception codes, as unsigned hexadecimal.
_WINDOWS = {"C0000005": "SIGSEGV", "C000001D": "SIGILL", "C0000374": "SIGABRT", "C0000409": "SIGABRT"}
_WORDS = (
    r"(?P<words>[Ss]egmentation fault|[Ii]llegal (?:hardware )?instruction|[Bb]us error|Aborted|abort|[Kk]illed"
    r"|[Ff]loating point exception)"
)


def _spoken(_match: re.Match[str], details: Details) -> Details | None:
    words = re.sub(r"\s+", " ", details.pop("words").lower())
    return {**details, "signal": _SIGNALS[words]} if words in _SIGNALS else None


def _numbered(_match: re.Match[str], details: Details) -> Details | None:
    number = details.pop("number")
    return {**details, "signal": _NUMBERS[number]} if number in _NUMBERS else None


def _exited(_match: re.Match[str], details: Details) -> Details | None:
    """`-1073741819 (0xC0000005)`, or a shell's 128 + signal."""
    status = int(details.pop("status"))
    name = _WINDOWS.get(f"{status & 0xFFFFFFFF:X}") or _NUMBERS.get(str(status - 128))
    return {"signal": name} if name else None


def _worker(_match: re.Match[str], details: Details) -> Details | None:
    """A worker of PyTorch's DataLoader that was killed for another reason than shared memory."""
    words = details.pop("words").strip().lower()
    return {**details, "signal": _SIGNALS[words]} if words in _SIGNALS and words != "bus error" else None


def _quoted_path(_match: re.Match[str], details: Details) -> Details | None:
    if "path" in details:
        details["path"] = details["path"].strip("'\"")
    if "installer" in details:
        del details["installer"]
        details["subject"] = "pip"
    return details


def _shell_line(anchor: str) -> Pattern:
    """Whole lines only: `Segmentation fault (core dumped)`, `zsh: illegal hardware instruction  python`, `[1]    4242 killed     "
    "python x.py`.
    """
    return Pattern(
        SymptomKind.SIGNAL,
        anchor,
        rf"^\s*(?:(?:(?:bash|sh|zsh|fish|-bash): (?:line \d+: )?|\S{{1,80}}: line \d+: ))?(?:\[\d+\] [+-]? ?)?(?:\d+ "
        rf")?{_WORDS}(?:: \d{{1,2}})?(?:\s*\(?core "
        rf"dumped\)?)?(?:[\x20\t]{{2,}}[^\n]{{0,200}})?\s*$",
        refine=_spoken,
    )


PATTERNS = (
    *(
        _shell_line(word)
        for word in (
            "egmentation fault",
            "llegal instruction",
            "llegal hardware instruction",
            "us error",
            "Aborted",
            "illed",
            "loating point ex",
        )
    ),
    # python x.py  [1] 12345 abort      python x.py  (zsh)
    Pattern(SymptomKind.SIGNAL, "abort ", r"^\s*(?:zsh: |\[\d+\] [+-]? ?\d+ )(?P<words>abort)\s", refine=_spoken),
    # Illegal instruction (core dumped), after the words of somebody's prompt
    Pattern(SymptomKind.SIGNAL, " (core dumped)", rf"{_WORDS} \(core dumped\)", refine=_spoken, generic=True),
    # Fatal Python error: Segmentation fault
    Pattern(SymptomKind.SIGNAL, "Fatal Python error: ", rf"Fatal Python error: {_WORDS}", refine=_spoken),
    # Windows fatal exception: access violation
    Pattern(SymptomKind.SIGNAL, "Windows fatal exception: ", r"Windows fatal exception: access violation", {"signal": "SIGSEGV"}),
    Pattern(SymptomKind.SIGNAL, "Windows fatal exception: ", r"Windows fatal exception: code 0xc000001d", {"signal": "SIGILL"}),
    # terminated by signal SIGILL (Illegal instruction)    interrupted by signal 11: SIGSEGV    received signal SIGSEGV, Segmentation fault.
    Pattern(
        SymptomKind.SIGNAL,
        " signal ",
        r"(?:terminated by|interrupted by|[Rr]eceived|died with|crashed with|caught) signal (?:\d+: "
        r")?(?P<signal>SIG(?:ILL|SEGV|BUS|ABRT|KILL|FPE))\b",
    ),
    # subprocess.CalledProcessError: Command '[…]' died with <Signals.SIGKILL: 9>.
    Pattern(SymptomKind.SIGNAL, "died with <Signals.", r"died with <Signals\.(?P<signal>SIG[A-Z]+): \d+>"),
    # Process finished with exit code 139    Process finished with exit code -1073741819 (0xC0000005)    exited with code 132
    Pattern(
        SymptomKind.SIGNAL,
        " exit code ",
        r"(?:Process finished|terminated|exited|failed|finished) with exit code:? (?P<status>-?\d{1,11})\b",
        refine=_exited,
        generic=True,
    ),
    # worker-1 exited with code 132
    Pattern(
        SymptomKind.SIGNAL,
        " exited with code ",
        r" exited with code (?P<status>13[24567]|139)\b",
        refine=_exited,
        generic=True,
    ),
    # msg="CPU does not have AVX or AVX2, disabling GPU support."    Your CPU does not support AVX instructions
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        "AVX",
        r"\bCPU does(?: not|n't) (?:have|support) (?P<capability>AVX(?:2|512\w{0,4})?)\b",
        {"device": "cpu"},
        refine=lambda _match, details: {**details, "capability": details["capability"].lower()},
    ),
    # traps: python[4242] trap invalid opcode ip:7f…
    Pattern(
        SymptomKind.SIGNAL,
        " trap invalid opcode ",
        r"traps: (?P<process>[\w.+-]{1,40})\[\d+\] trap invalid opcode ip:",
        {"signal": "SIGILL"},
    ),
    # The TensorFlow library was compiled to use AVX instructions, but these aren't available on your machine.
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        " library was compiled to use ",
        r"The TensorFlow library was compiled to use (?P<capability>[A-Z0-9.]+) instructions, but these aren't available on your machine",
        {"device": "cpu"},
        refine=lambda _match, details: {**details, "capability": details["capability"].lower()},
        subject="tensorflow",
    ),
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        "of jaxlib was built using AVX instructions",
        r"This version of jaxlib was built using AVX instructions, which your CPU and/or operating system do not support",
        {"device": "cpu", "capability": "avx"},
        subject="jaxlib",
    ),
    # RuntimeError: DataLoader worker (pid 47) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared
    # memory.
    Pattern(
        SymptomKind.SHARED_MEMORY_EXHAUSTED,
        "is killed by signal: Bus error",
        r"DataLoader worker \(pid(?:\(s\))? [\d,\s]{1,80}\) is killed by signal: Bus error",
        {"signal": "SIGBUS"},
        subject="torch",
    ),
    Pattern(
        SymptomKind.SIGNAL,
        "is killed by signal: ",
        r"DataLoader worker \(pid(?:\(s\))? [\d,\s]{1,80}\) is killed by signal: (?P<words>\w+(?: [a-z]+)*)",
        {"process": "DataLoader worker"},
        refine=_worker,
        subject="torch",
    ),
    # RuntimeError: unable to open shared memory object </torch_29919_1> in read-write mode: No space left on device (28)
    Pattern(
        SymptomKind.SHARED_MEMORY_EXHAUSTED,
        "unable to ",
        r"unable to (?:open shared memory object|write to file|resize file) <(?P<path>/?torch_[^>\n]{1,80})>(?:[^\n]{0,80}?: No space left "
        r"on device|(?= at /|$))",
        subject="torch",
    ),
    # RuntimeError: unable to allocate shared memory(shm) for file </torch_41_2093857264_8>: No space left on device (28)
    Pattern(
        SymptomKind.SHARED_MEMORY_EXHAUSTED,
        "unable to allocate shared memory(shm)",
        r"unable to allocate shared memory\(shm\) for file <(?P<path>/?torch_[^>\n]{1,80})>",
        subject="torch",
    ),
    # ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).
    Pattern(
        SymptomKind.SHARED_MEMORY_EXHAUSTED,
        "Unexpected bus error encountered in worker",
        r"Unexpected bus error encountered in worker\. This might be caused by insufficient shared memory",
        {"signal": "SIGBUS"},
        subject="torch",
    ),
    # NCCL WARN Error: failed to extend /dev/shm/nccl-1Tzqpw to 9637892 bytes, error: No space left on device (28)
    Pattern(
        SymptomKind.SHARED_MEMORY_EXHAUSTED,
        "failed to extend /dev/shm/",
        r"failed to extend (?P<path>/dev/shm/\S{1,80}) to \d{1,20} bytes",
        subject="nccl",
    ),
    # Error while creating shared memory segment /dev/shm/nccl-VjkKD2 (size 9637888)
    Pattern(
        SymptomKind.SHARED_MEMORY_EXHAUSTED,
        "Error while creating shared memory segment ",
        r"Error while creating shared memory segment (?P<path>/dev/shm/\S{1,80}|\S*nccl-\S{1,40})",
        subject="nccl",
    ),
    # ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device: '/tmp/…'
    Pattern(
        SymptomKind.NO_SPACE,
        "No space left on device",
        r"(?:(?P<installer>Could not install packages due to an (?:OSError|EnvironmentError): )?\[Errno 28\] |^|NoSpaceLeftError: )"
        r"No space left on device(?:: "
        r"(?P<path>'[^'\n]{1,300}'|\"[^\"\n]{1,300}\"))?",
        refine=_quoted_path,
    ),
    # ApplyLayer exit status 1 stdout:  stderr: write /usr/lib/…/libtorch_cuda.so: no space left on device        (of Docker and its kin)
    Pattern(
        SymptomKind.NO_SPACE,
        ": no space left on device",
        r"\b(?:write|open|mkdir|symlink|link|copying|sync) (?P<path>/[^\s:]{1,300}): no space left on device",
        subject="docker",
    ),
    # OSError: [WinError 112] There is not enough space on the disk        (the words in the user's language)
    Pattern(SymptomKind.NO_SPACE, "[WinError 112]", r"\[WinError 112\]"),
    # RuntimeError: [enforce fail at inline_container.cc:337] … No space left on device (28)    os error 28
    Pattern(SymptomKind.NO_SPACE, "No space left on device (os error 28)", r"No space left on device \(os error 28\)"),
    # PermissionError: [Errno 13] Permission denied: '/…'
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "[Errno 13] Permission denied",
        r"(?P<installer>Could not install packages due to an (?:OSError|EnvironmentError): )?\[Errno 13\] Permission denied: "
        r"(?P<path>'[^'\n]{1,300}'|\"[^\"\n]{1,300}\")",
        refine=_quoted_path,
    ),
    # ImportError: /tmp/…/x.so: failed to map segment from shared object: Operation not permitted (a folder mounted noexec)
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "failed to map segment from shared object",
        r"(?P<path>[^\s:'\"]{1,400}): failed to map segment from shared object(?:: (?:Operation not permitted|Permission denied))?",
    ),
)
