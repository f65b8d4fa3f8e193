"""Machines that people name in a few words: `4x A100`, `GB200, aarch64`, `an M2 MacBook with macOS 13.4`, `Jetson Orin`, `RX 7900 XTX`.

Believed least of all, and only where a line enumerates what is there or says whose it is. What is compared, wished or elsewhere is passed
over.
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text
from envcheck.readers.systems import said_by_distribution

_LONGEST = 200
# One of these stands in every line that names something here.
_WORDS = (
    *("rtx", "gtx", "tesla", "quadro", "titan", "jetson", "dgx", "grace", "v100", "p100", "k80", "a100", "h100", "h200", "b200", "gb10"),
    *(
        "gh200",
        "b300",
        "radeon",
        "rx ",
        "rx4",
        "rx5",
        "rx6",
        "rx7",
        "rx9",
        "mi2",
        "mi3",
        "mi1",
        "arc ",
        "macbook",
        "mac mini",
        "mac studio",
    ),
    *(
        "imac",
        "apple m",
        "apple silicon",
        "mbp",
        "mac air",
        "system: mac",
        "os: mac",
        "macos",
        "mac os",
        " mac",
        "mba",
        "centos",
        "debian",
        "fedora",
        "rocky",
        "almalinux",
        "rhel",
    ),
    *("glibc", "mac pro", "colab", "jetpack", "jet pack"),
)
# The same for names that stand in the middle of other words as well: ext4, a hash, manylinux_2_17_x86_64.
_SHORT_WORDS = ("a10", "a16", "a30", "a40", "l4", "t4", "aarch64", "x86_64", "ppc64le")
_SHORT = regex(r"(?<![\w-])(?:a10|a16|a30|a40|l4|t4)|(?<![\w./\\-])(?:aarch64|x86_64|ppc64le)(?![\w./\\-])", re.IGNORECASE)
_NVIDIA = (
    r"(?:(?:nvidia )?(?:geforce )?(?:rtx|gtx) ?\d{3,4}(?: ?ti)?(?: ?super)?(?: ?d)?|(?:nvidia )?(?:quadro )?rtx (?:pro )?a?\d{4}(?: ada)?"
    r"|(?:nvidia )?(?:tesla )?(?:[vp]100|k80|t4|l4|l40s?|a(?:10g?|16|30|40|100|6000)|h[12]00|g?b[23]00|gh200|gb10)"
    r"|(?:nvidia )?titan (?:rtx|xp|v|x)|(?:nvidia )?jetson (?:agx |tx2|xavier |orin )?"
    r"(?:orin|xavier|nano|nx|tx2)(?: nano| nx| agx)?|(?:nvidia )?dgx spark)"
)
_AMD = (
    r"(?:(?:amd )?(?:radeon )?rx ?\d{3,4}(?: ?(?:xtx|xt|gre))?|(?:amd )?radeon (?:vii|pro w?\d{4}\w?)"
    r"|(?:amd )?(?:instinct )?mi\d{2,3}[ax]?)"
)
_COUNTED = r"(?:\d{1,3} ?x ?|\d{1,3} (?=\S{1,12}s?\b))?"
_MEMORY = r"(?: ?\(?\d{1,3} ?g(?:i?b)?\)?)?(?: (?:hbm\d?e?|pcie|sxm\d?|nvl))?"
_KIND = (
    r"(?:s|es)?(?: (?:laptop|mobile|desktop|gpus?|card|machine|server|node|box|superchip|system|workstation|instance|vm|runtime|dev ?kit))*"
)
# What stands between commas, slashes or brackets, and is a card and no more.
_PIECE = regex(
    rf"(?:(?:i have|i am on|i'm on|i'm using|i use|my|with|on|running on|using|gpus?:?|and|a|an|one|single|dual|the"
    rf"|setup:|env(?:ironment)?:|google|colab) )*{_COUNTED}"
    rf"(?:(?P<nvidia>{_NVIDIA})|(?P<amd>{_AMD})){_MEMORY}{_KIND}(?: ?x ?\d{{1,3}})?",
    re.IGNORECASE,
)
# Somebody's own: "I have a GTX 1080 Ti and …", "my RTX 4070 laptop", "running on a DGX Spark".
_OWN = regex(
    rf"\b(?:i have|i've got|i own|i'm (?:on|using|running)(?: on)?|i am (?:on|using|running)(?: on)?|i use"
    rf"|my (?:gpu|card|machine|pc|system|setup|laptop|server|box) (?:is|has|:)"
    rf"|my|running on|run on|tested on|using)(?: an?| the| my| one| single| dual)? {_COUNTED}"
    rf"(?:(?P<nvidia>{_NVIDIA})|(?P<amd>{_AMD}))(?![\w-])",
    re.IGNORECASE,
)
_ANY = regex(
    rf"(?<![\w-])(?:{_NVIDIA}|{_AMD})(?![\w-])",
    re.IGNORECASE,
    words=(
        *("rtx", "gtx", "titan", "jetson", "dgx", "radeon", "rx", "v100", "p100", "k80", "t4", "l4", "a10", "a16", "a30", "a40", "a6000"),
        *("h100", "h200", "b200", "b300", "gb10", *(f"mi{digit}" for digit in range(10))),
    ),
)
_SPLIT = regex(r"[,;|/()\[\]+]| with | and | on | running | - |(?<=\w): | (?=rocm)| (?=driver)| (?=torch)", re.IGNORECASE)
# Another part of an enumeration: without one a card may be a headline, or somebody else's.
_BESIDE = regex(
    r"\b(?:driver|cuda|cudnn|rocm|torch|pytorch|tensorflow|tf|jax|vllm|python|py|ubuntu|windows|win|debian|fedora|centos|arch|linux|wsl2?|aarch64"
    r"|x86_64|arm64|jetpack|docker|ram|conda|gpus?|graphics|card|gfx\d\w{2,3}|ryzen|i[3579])\b",
    re.IGNORECASE,
)
# All that may stand beside a card in an enumeration without commas: "Windows 11 RTX 4070 laptop".
_ANOTHER = regex(
    rf"(?:{_BESIDE.pattern}|x64|home|pro|laptop|desktop|server|mobile|and|with|on|gb|lts|bit|nvidia|v?[\d.]+\w*)", re.IGNORECASE
)
_PLAIN = regex(r"[\w.]+")
# Other machines, comparisons, wishes, tools' words and questions.
_NOT_HERE = regex(
    r"\b(?:works?|worked|working|fine|but|not|no longer|unlike|instead|other|another|previous\w*|before|old|than|supports?|supported|should"
    r"|will|would|could|plan\w*|buy\w*|if|when|friend\w*|colleague\w*|require\w*|recommend\w*|e\.g|such as|like|only|minimum|least"
    r"|compar\w*|vs|mib|error|failed|warning|upgrade\w*|replac\w*|until|benchmark\w*|cards such|same|either|or)\b"
    r"|\bgpu \d{1,2}:|gpu-[0-9a-f]{8}|https?://|[?]|\w::\w|=>|\bv?s\.",
    re.IGNORECASE,
)
_SENTENCE_END = regex(r"(?<=[a-z0-9)]{2}[.!])\s+(?=[A-Za-z])")
_GRACE = regex(r"g(?:b|h)[123]00|gb10|dgx spark", re.IGNORECASE, words=("gb", "gh", "dgx"))
_MACHINE = regex(r"(?<![\w./\\-])(?P<machine>aarch64|x86_64|ppc64le)(?![\w./\\-])", words=("aarch64", "x86_64", "ppc64le"))
_MAC = regex(
    r"\b(?:apple (?P<chip>m[1-9](?: (?:pro|max|ultra))?)|(?P<before>m[1-9](?: (?:pro|max|ultra))?) (?:mac\w*|imac|mbp|mba)"
    r"|(?:macbook(?: pro| air)?|mac mini|mac studio|mac air|mac pro|imac|mac|mbp|mba)"
    r"(?: \(| \(?with (?:an? |the )?(?:apple )?| )(?P<behind>m[1-9](?: (?:pro|max|ultra))?)(?: (?:chip|processor|cpu))?)(?![\w.])",
    re.IGNORECASE,
    words=("apple", "mac", "mbp", "mba"),
)
# Apple's own processors without a number: "on Apple silicon", "Apple M chip", "Apple M-series"
_SOME_MAC = regex(r"\b(?:apple silicon|apple m(?:[ -]series)?(?: chip| processor| cpu)?)(?![\w.])", re.IGNORECASE, words=("apple",))
_MACOS = regex(
    r"\bmac ?os(?: x)?(?: (?:catalina|big sur|monterey|ventura|sonoma|sequoia|tahoe))?"
    r"[ :]{1,3}v?(?P<version>\d{2}(?:\.\d{1,2}){0,2})(?![\w.]*\w)",
    re.IGNORECASE,
    words=("mac",),
)
# - OS: macOS    Operating System: Mac
_MACOS_LABEL = regex(
    r"(?:os|operating system|platform|system)\**\s?[:=]\s?(?:apple )?mac(?: ?os(?: x)?)?\W*$", re.IGNORECASE, words=("mac",)
)
_LINUX = regex(
    r"\b(?P<name>CentOS(?: Linux| Stream)?|Debian(?: GNU/Linux)?|Fedora(?: Linux)?|Rocky(?: Linux)?|AlmaLinux|RHEL)"
    r" ?(?P<version>\d{1,2}(?:\.\d{1,2})?)(?![\w.]*\w)",
    re.IGNORECASE,
    words=("centos", "debian", "fedora", "rocky", "almalinux", "rhel"),
)
_CANONICAL = {
    "centos": "CentOS Linux",
    "debian": "Debian",
    "fedora": "Fedora Linux",
    "rocky": "Rocky Linux",
    "almalinux": "AlmaLinux",
    "rhel": "Red Hat",
}
_GLIBC = regex(r"(?:^|[\s,;(])glibc(?: version)?[ :=-]{1,3}(?P<version>2\.\d{1,2})(?![\w.]*\w)", re.IGNORECASE, words=("glibc",))
# Jetpack 5.1.2, Ubuntu 20.04: only Jetsons have it
_JETPACK = regex(r"\bjet ?pack(?: sdk)?(?: version)?[ :=v-]{1,3}\d(?:\.\d){0,3}(?![\w.]*\w)", re.IGNORECASE, words=("jetpack", "jet pack"))
_ROCM = regex(r"\brocm[ :=v]{1,3}(?P<version>\d\.\d{1,2}(?:\.\d{1,2})?)(?![\w.]*\w)", re.IGNORECASE, words=("rocm",))


class MachineMentionReader:
    """Reads cards, chips and systems in people's own words."""

    name = "machines in prose"

    def recognises(self, text: Text) -> bool:
        """There may be some where one of the words stands."""
        return text.has(*_WORDS, *_SHORT_WORDS)

    def read(self, text: Text) -> Evidence:
        """At most one card: of a text that names several nobody knows which is meant."""
        evidence = Evidence()
        cards: dict[str, Claim] = {}
        beside: list[Claim] = []
        boards: list[Claim] = []
        seen: set[tuple[str, str]] = set()
        for index in _named(text):
            line = (text.lines[index], text.places.get(index, ""))
            if index in text.taken or line in seen:
                continue
            seen.add(line)
            for sentence in _sentences(index, text):
                evidence.claims += _system(sentence, index, text)
                for claim in _cards(sentence, index, text):
                    cards.setdefault(re.sub(r"\W|nvidia|geforce|tesla|amd|radeon|instinct", "", str(claim.value["name"]).lower()), claim)
                    beside += _beside(sentence, claim, index, text)
                boards += _jetpack(sentence, index, text)
        if len(cards) == 1:
            evidence.claims += [*cards.values(), *beside]
            evidence.observed["accelerators"] = "partial"
        evidence.claims += boards  # behind a board's own name
        return evidence


def _sentences(index: int, text: Text) -> Iterator[str]:
    """Those of a line that may speak of the machine at hand: what one says of an error or of another machine holds for no other."""
    line = text.lines[index].strip(" \t*`-•>")
    if 2 < len(line) <= _LONGEST:
        yield from (sentence for sentence in _SENTENCE_END.split(line) if not _NOT_HERE.search(sentence))


def _named(text: Text) -> list[int]:
    """The lines that may name something."""
    short = (index for index in text.with_words(*_SHORT_WORDS) if _SHORT.search(text.lines[index][: 2 * _LONGEST]))
    return sorted({*text.with_words(*_WORDS), *short})


def _cards(line: str, index: int, text: Text) -> Iterator[Claim]:
    """The card of a line that names exactly one."""
    named = list(_ANY.finditer(line))
    if len({found[0].lower().removeprefix("nvidia ").replace("dgx spark", "gb10") for found in named}) != 1:
        return
    pieces = [piece.strip(" .*`") for piece in _SPLIT.split(line)]
    listed = next((found for piece in pieces if (found := _PIECE.fullmatch(piece))), None)
    found = listed if listed and (_BESIDE.search(line) or len([piece for piece in pieces if piece]) == 1) else _OWN.search(line)
    others = _PLAIN.findall(f"{line[: named[0].start()]} {line[named[0].end() :]}")
    if found is None and _BESIDE.search(line) and all(map(_ANOTHER.fullmatch, others)):
        found = _PIECE.fullmatch(named[0][0])
    if found is None:
        return
    if found["nvidia"]:
        name = "NVIDIA " + _spelled(re.sub(r"^nvidia ", "", found["nvidia"], flags=re.IGNORECASE))
        yield text.claim("accelerators[0]", {"vendor": "nvidia", "backend": "cuda", "name": name}, index, Trust.MENTIONED)
    else:
        yield text.claim(
            "accelerators[amd:0]", {"vendor": "amd", "backend": "rocm", "name": _spelled(found["amd"])}, index, Trust.MENTIONED
        )


def _spelled(name: str) -> str:
    """`rtx3090` → RTX 3090, as the makers write it."""
    spaced = re.sub(r"(?i)^((?:geforce )?(?:rtx|gtx)|(?:amd )?(?:radeon )?rx) ?(?=\d)", lambda found: f"{found[1]} ", name)
    words = (
        word.capitalize()
        if word.lower() in ("jetson", "orin", "xavier", "nano", "tesla", "quadro", "radeon", "spark", "titan", "instinct")
        else word
        for word in spaced.split()
    )
    fixed = " ".join(
        "GeForce" if word.lower() == "geforce" else "Ti" if word.lower() == "ti" else word if word.istitle() else word.upper()
        for word in words
    )
    return re.sub(r"(\d)TI\b", r"\1 Ti", fixed)


def _jetpack(line: str, index: int, text: Text) -> Iterator[Claim]:
    """A board whose name is not told."""
    if _JETPACK.search(line):
        yield text.claim("nvidia.jetson", "Jetson", index, Trust.MENTIONED)
        yield text.claim("system.machine", "aarch64", index, Trust.MENTIONED)
        yield text.claim("system.os", "Linux", index, Trust.MENTIONED)


def _beside(line: str, claim: Claim, index: int, text: Text) -> Iterator[Claim]:
    """What goes with a card: Grace's and Jetson's processors are of ARM, and ROCm is spoken of beside AMD's."""
    name = str(claim.value["name"])
    jetson = "Jetson" in name
    if jetson:
        yield text.claim("nvidia.jetson", name, index, Trust.MENTIONED)
    if jetson or _GRACE.search(name):
        yield text.claim("system.machine", "aarch64", index, Trust.MENTIONED)
        yield text.claim("system.os", "Linux", index, Trust.MENTIONED)
    rocm = _ROCM.search(line) if claim.value["vendor"] == "amd" else None
    if rocm:
        yield text.claim("amd.rocm_version", rocm["version"], index, Trust.MENTIONED)


def _system(line: str, index: int, text: Text) -> Iterator[Claim]:
    mac, macos, linux, glibc, machine = (each.search(line) for each in (_MAC, _MACOS, _LINUX, _GLIBC, _MACHINE))
    some_mac, labelled = _SOME_MAC.search(line), _MACOS_LABEL.match(line)
    if linux and (mac or macos):
        return
    if mac or macos or some_mac or labelled:
        yield text.claim("system.os", "Darwin", index, Trust.MENTIONED)
    if some_mac and not mac:
        yield text.claim("cpu.vendor", "Apple", index, Trust.MENTIONED)
    if mac:
        chip = next(word for word in (mac["chip"], mac["before"], mac["behind"]) if word)
        yield text.claim("apple.chip", f"Apple {chip.title()}", index, Trust.MENTIONED)
        yield text.claim("cpu.vendor", "Apple", index, Trust.MENTIONED)
    if macos:
        yield text.claim("system.distribution", f"macOS {macos['version']}", index, Trust.MENTIONED)
        yield text.claim("system.distribution_version", macos["version"], index, Trust.MENTIONED)
    if linux and "windows" not in line.lower():
        name = _CANONICAL[re.split(r"\W", linux["name"].lower())[0]]
        for fact, value in said_by_distribution(f"{name} {linux['version']}").items():
            yield text.claim(f"system.{fact}", value, index, Trust.MENTIONED)
    if glibc:
        yield text.claim("system.libc", f"glibc {glibc['version']}", index, Trust.MENTIONED)
    if machine and len(line.split()) <= 16:
        yield text.claim("system.machine", machine["machine"], index, Trust.MENTIONED)
