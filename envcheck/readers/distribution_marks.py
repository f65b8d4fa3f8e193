"""Which system a text is from where nobody says so: marks of distributions in versions of kernels and packages, Windows's paths, a Jetson.

Believed least of all, and only where all marks of a place are of one system: an image's packages may stand beside the host's kernel.
"""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_MARKS = {
    # 535.171.04-0ubuntu0.22.04.1    #107-Ubuntu SMP
    "ubuntu": regex(r"\d-\d{1,2}ubuntu\d|#\d{1,4}(?:~[\d.]{1,9})?-Ubuntu ", words=("ubuntu",)),
    # 6.1.90-1+deb12u1    (Debian 12.2.0-14)
    "debian": regex(r"\d\+deb\d{1,2}u\d|#\d{1,3} SMP PREEMPT_DYNAMIC Debian |\(Debian \d", words=("deb",)),
    # 6.17.10-300.fc43.x86_64
    "fedora": regex(r"\d\.fc\d{2}\b", words=(".fc",)),
    # 3.10.0-1160.el7.x86_64
    "rhel": regex(r"\d\.el(?:7|8|9|10)(?:_\d{1,2})?\b", words=(".el",)),
    # 6.9.3-arch1-1    linux 6.9.3.arch1-1
    "arch": regex(r"\d[.-]arch\d{1,2}-\d", words=("arch",)),
}
_NAMES = {
    "fedora": regex(r"\bFedora(?: Linux)?(?: release)? \d\d\b", words=("fedora",)),
    "rhel": regex(
        r"\b(?:Rocky Linux|AlmaLinux|CentOS(?: Linux| Stream)?|Red Hat Enterprise Linux|RHEL)(?: release)? \d",
        words=("rocky", "alma", "centos", "red hat", "rhel"),
    ),
    "arch": regex(r"\bArch Linux\b", words=("arch linux",)),
    "debian": regex(r"\bDebian(?: GNU/Linux)? \d\d\b", words=("debian",)),
}
# PS C:\Users\me> pip list    (venv) D:\ComfyUI>python main.py    File "C:\Users\me\x.py", line 3
# Processing c:\users\me\appdata\local\pip\cache\…    Requirement already satisfied: numpy in d:\venv\lib\site-packages (1.26.4)
_WINDOWS = regex(
    r"^\s*(?:(?:\([\w .-]{1,40}\)\s?)?(?:PS )?[A-Za-z]:\\[^>\n\"|]{0,200}>|File \"[A-Za-z]:\\"
    r"|(?:Processing|Location:|Stored in directory:|Using cached|Created temporary directory:|Found existing installation:[^\n]{0,80} at"
    r"|Requirement already (?:satisfied|up-to-date):[^\n]{1,120} in) [A-Za-z]:\\)"
)
_NOT_WINDOWS = regex(
    r"\bwsl|WSL|/mnt/[a-z]/|\bdocker\b|microsoft-standard|\bssh ", words=("wsl", "/mnt/", "docker", "microsoft-standard", "ssh ")
)
# JetPack 6.0 (L4T 36.3.0)    [L4T 36.3.0]
_JETSON = regex(r"\bL4T[ :]{1,3}R?(?P<release>\d{2}\.\d(?:\.\d{1,2})?)\b")
_LONGEST = 400
# One of these stands in every line that says something here: the middle of a mark, the end of a name, a drive, what is not Windows.
_WORDS = (
    *("ubuntu", "+deb", "debian", ".fc", "fedora", ".el", "linux", "centos", "red hat", "rhel", "-arch", ".arch", ":\\", "wsl", "/mnt/"),
    *("docker", "microsoft-standard", "ssh ", "l4t"),
)


class DistributionMarkReader:
    """Reads marks of distributions and of Windows."""

    name = "marks of distributions"

    def recognises(self, text: Text) -> bool:
        """By one of them."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """The distribution's id, or that the system is Windows."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    found: dict[str, dict[str, int]] = {}
    windows, elsewhere = -1, False
    seen: set[tuple[str, str]] = set()
    for index in text.with_words(*_WORDS):
        line, place = text.lines[index], text.places.get(index, "")
        if len(line) > _LONGEST or (line, place) in seen:
            continue
        seen.add((line, place))
        elsewhere = elsewhere or _NOT_WINDOWS.search(line) is not None
        if windows < 0 and ":\\" in line and _WINDOWS.match(line):
            windows = index
        jetson = _JETSON.search(line) if "L4T" in line else None
        if jetson:
            yield text.claim("nvidia.l4t_version", jetson["release"], index, Trust.MENTIONED)
        for distribution in _marks(line):
            found.setdefault(place, {}).setdefault(distribution, index)
    for marks in found.values():
        if len(marks) == 1:
            ((distribution, index),) = marks.items()
            yield text.claim("system.os", "Linux", index, Trust.MENTIONED)
            yield text.claim("system.distribution_id", distribution, index, Trust.MENTIONED)
    if windows >= 0 and not elsewhere and not found:
        yield text.claim("system.os", "Windows", windows)  # a prompt, or a traceback's path: a program has printed it


def _marks(line: str) -> Iterator[str]:
    for expressions in (_MARKS, _NAMES):
        yield from (distribution for distribution, expression in expressions.items() if expression.search(line))
