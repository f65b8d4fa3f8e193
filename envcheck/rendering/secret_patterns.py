"""What gives somebody away inside a text, by its form: credentials, people, homes, machines and addresses."""

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from envcheck.rendering.network_names import hide_addresses, hide_urls
from envcheck.rendering.shareable import COMMON_ACCOUNTS, is_shared_variable, is_switch

HIDDEN = "<hidden>"
# A replacement may uncover another match; more rounds than this were never seen.
_ROUNDS = 5


class Person(msgspec.Struct, frozen=True):
    """Whose machine it is; `public` holds the names and versions of packages and tools, which are no secrets wherever they appear."""

    home: str = ""
    user: str = ""
    host: str = ""
    public: frozenset[str] = frozenset()


def without_secrets(text: str, person: Person, *, named: bool = False) -> str:
    """The text with placeholders for what is secret; in a field of public names (`named`) words are no users, four numbers no address."""
    if _is_short_and_plain(text, person):
        return text
    for _ in range(_ROUNDS):
        cleaned = _round(text, person, named=named)
        if cleaned == text:
            break
        text = cleaned
    return text


# Too short for a credential, and without any of the characters that paths, addresses and settings have.
_SHORT_AND_PLAIN = re.compile(r"[A-Za-z0-9 .,+_()%-]{0,12}")


def _is_short_and_plain(text: str, person: Person) -> bool:
    if len(text) > 12 or not _SHORT_AND_PLAIN.fullmatch(text) or text.count(".") >= 3:
        return False
    lower = text.lower()
    return not any(name and name.lower() in lower for name in (person.user, person.host))


def _round(text: str, person: Person, *, named: bool) -> str:
    text = _PRIVATE_KEY.sub(HIDDEN, text)
    text = hide_urls(text)
    text = _hide_variables(text)
    for pattern, replacement in _CREDENTIALS:
        text = pattern.sub(replacement, text)
    for pattern, replacement in _homes(person.home):
        text = pattern.sub(replacement, text)
    for pattern, replacement in _PEOPLE_AND_MACHINES:
        text = pattern.sub(replacement, text)
    if not named:
        text = hide_addresses(text, person.public)
        for pattern, replacement in _names(person):
            text = pattern.sub(replacement, text)
    return text


# Every pattern begins where a run of its characters begins, or is bounded: a text of a million letters must not take a minute.
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)

# A value in quotes goes to its closing quote, one without to the next blank; a quote that is never closed takes the line.
_VALUE = r"""(?:"[^"\n]*(?:"|$)|'[^'\n]*(?:'|$)|[^\s"'])+"""
_MEMBER = r"""b?(?:"[^"\n]*(?:"|$)|'[^'\n]*(?:'|$)|[^\s,}"']+)"""
_ASSIGNED = (
    # A line of `env` or `set`: the value goes to the end of the line.
    re.compile(r"(?P<before>^[ \t]*(?:export |set |setenv |declare -x )?)(?P<name>[A-Z_][A-Z0-9_]+)=(?!=)(?P<value>[^\n]+)", re.MULTILINE),
    re.compile(r"(?P<before>\b(?:export |set |setenv |declare -x ))(?P<name>\w+)=(?!=)(?P<value>" + _VALUE + ")", re.MULTILINE),
    re.compile(r"(?P<before>(?<![\w=<>!~]))(?P<name>[A-Z_][A-Z0-9_]+)=(?!=)(?P<value>" + _VALUE + ")", re.MULTILINE),
    re.compile(r"(?P<before>\$env:)(?P<name>\w+)\s*=\s*(?P<value>" + _VALUE + ")", re.MULTILINE | re.IGNORECASE),
    re.compile(r"""(?P<before>["'])(?P<name>[A-Z_][A-Z0-9_]+)["']\s*:\s*(?P<value>""" + _MEMBER + ")", re.MULTILINE),
)


def _hide_variables(text: str) -> str:
    """`AWS_PROFILE=work` → `AWS_PROFILE=<hidden>`; a variable of the allow-list keeps its value, which the other patterns still look at."""
    if "=" not in text and ":" not in text:
        return text
    for pattern in _ASSIGNED:
        text = pattern.sub(_hide_value, text)
    return text


def _hide_value(match: re.Match[str]) -> str:
    if is_shared_variable(match["name"]) or is_switch(match["value"]):
        return match[0]
    return match[0][: match.start("value") - match.start()] + HIDDEN


_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_SENSITIVE = (
    r"token|secret|passw(?:or)?d|passwd|pwd|passphrase|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|credentials?"
    r"|authorization|auth"
)
_CREDENTIALS: tuple[_Rule, ...] = (
    (re.compile(r"\b(bearer|basic)\s+(?!<hidden>)[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(rf"((?<![\w-])--?[\w-]*(?:{_SENSITIVE}))(?:=|\s+)(?!<hidden>){_VALUE}", re.IGNORECASE | re.MULTILINE), rf"\1 {HIDDEN}"),
    (
        re.compile(
            rf"""((?<![\w-])[\w-]*(?:{_SENSITIVE})["']?\s*[:=]\s*(?:(?:bearer|basic)\s+)?)(?!=|\s|<hidden>|(?:bearer|basic)\s){_VALUE}""",
            re.IGNORECASE | re.MULTILINE,
        ),
        rf"\1{HIDDEN}",
    ),
    # The shapes of well-known tokens, by their makers' prefixes.
    (re.compile(r"(?<![A-Za-z0-9])(?:hf|api_org)_[A-Za-z0-9]{8,}"), HIDDEN),
    (
        re.compile(r"(?<![A-Za-z0-9])(?:gh[opusr]_|github_pat_|glpat-|gldt-|npm_|pypi-Ag|dop_v1_|nvapi-|xox[abeoprs]-|xapp-)[\w-]{8,}"),
        HIDDEN,
    ),
    (re.compile(r"(?<![A-Za-z0-9])(?:sk|pk|rk)[-_](?=[\w-]{0,99}\d)[\w-]{12,}"), HIDDEN),
    (re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}"), HIDDEN),
    (re.compile(r"(?<![A-Za-z0-9])AIza[\w-]{20,}"), HIDDEN),
    (re.compile(r"(?<![A-Za-z0-9])ya29\.[\w-]{10,}"), HIDDEN),
    (re.compile(r"(?<![A-Za-z0-9])eyJ[\w-]{8,999}\.[\w-]{4,}(?:\.[\w-]*)?"), HIDDEN),
)

_SYSLOG = r"^([A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d )(?!<host>)\S+(?= )"
_MACHINE_FIELDS = "host|host ?name|node ?name|computer ?name|serial(?: number)?|machine[ -]?id|boot[ -]?id"
_PEOPLE_AND_MACHINES: tuple[_Rule, ...] = (
    (re.compile(r"(?<![\w@.-])[A-Za-z_][\w.-]*@[A-Za-z0-9][\w.-]*(?=:[~/])"), "<user>@<host>"),  # scp, a shell's prompt
    (re.compile(r"\[[A-Za-z_][\w.-]*@[A-Za-z0-9][\w.-]*(?= )"), "[<user>@<host>"),
    (re.compile(r"(?<![\w.+:-])[\w.+-]+:[^\s/@:<>]+@(?=[A-Za-z0-9])"), "***@"),  # credentials of an address without its scheme
    (re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w-])"), "<email>"),
    (re.compile(_SYSLOG, re.MULTILINE), r"\1<host>"),
    (re.compile(r"\b(Linux )(?!<host>)\S+(?= \d+\.\d+\.\d+)"), r"\1<host>"),  # uname -a
    # A field, and not "on the host: sudo reboot".
    (re.compile(rf"(?<!the )\b((?:{_MACHINE_FIELDS})\s*[:=]\s*)(?!<|=|\s|N/A)[^\s,;]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(?<![\w\\:])\\\\[A-Za-z0-9][\w.-]+(?=\\)"), r"\\\\<host>"),  # \\server\share
    (re.compile(r"(?<![\w.-])(?=[\w-]*[\d-])(?:[A-Za-z0-9-]+\.)+(?:local|lan|internal|corp|intranet|localdomain)(?![\w-]|\.\w)"), "<host>"),
    (re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])"), "<id>"),
    (re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32,}(?![0-9A-Za-z])"), "<id>"),
    (re.compile(r"(?<![0-9A-Za-z])i-[0-9a-f]{8,17}(?![0-9A-Za-z])"), "<id>"),
    (re.compile(r"(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])"), "<mac>"),
)

_NAME = r"""[^\s/\\:;,"'<>()\[\]|*?]+"""
_NO_ONES = r"(?!(?:Shared|Public|Default|All Users)(?![\w.-]))"
_SOMEBODYS_HOME: tuple[_Rule, ...] = (
    # A name with blanks is only recognised where its path goes on.
    (
        re.compile(
            rf"(?<![A-Za-z])[A-Za-z]:[\\/]+(?:Users|Documents and Settings)[\\/]+{_NO_ONES}(?:{_NAME}(?: {_NAME}){{0,3}}(?=[\\/])|{_NAME})",
            re.IGNORECASE,
        ),
        "~",
    ),
    (re.compile(rf"(?<![\w~.-])(?:/home|/Users|/export/home|/var/home|/usr/home)/{_NO_ONES}{_NAME}"), "~"),
    (re.compile(rf"(/(?:home|homes|Users|users)/){_NO_ONES}{_NAME}"), r"\1<user>"),
)


@lru_cache(maxsize=16)
def _homes(home: str) -> tuple[_Rule, ...]:
    """The person's own home first, which may lie anywhere; then everybody's, by their form."""
    parts = [part for part in re.split(r"[\\/]+", home) if part]
    if not parts or home in ("~", "/", "\\"):
        return _SOMEBODYS_HOME
    start = "" if re.match(r"[A-Za-z]:", home) else r"[\\/]"
    flags = re.IGNORECASE if not start else re.RegexFlag(0)
    own = re.compile(rf"(?<![\w~.-]){start}" + r"[\\/]+".join(map(re.escape, parts)) + r"(?![\w-]|\.\w)", flags)
    return ((own, "~"), *_SOMEBODYS_HOME)


@lru_cache(maxsize=16)
def _names(person: Person) -> tuple[_Rule, ...]:
    """The names of the user and of the machine as words of their own."""
    rules: list[_Rule] = []
    if person.user and not _is_common(person.user, person.public):
        word = re.escape(person.user)
        if len(person.user) >= 3:
            rules.append((re.compile(rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])", re.IGNORECASE), "<user>"))
        else:
            rules.append((re.compile(rf"(?<=[/\\]){word}(?![\w.-])"), "<user>"))
    hosts = [host for host in (person.host, person.host.partition(".")[0]) if len(host) >= 3 and not _is_common(host, person.public)]
    rules += [(re.compile(rf"(?<![A-Za-z0-9]){re.escape(host)}(?![A-Za-z0-9])", re.IGNORECASE), "<host>") for host in hosts]
    return tuple(rules)


def _is_common(name: str, public: frozenset[str]) -> bool:
    """Whether the name says nothing about anybody, or is that of a package as well."""
    lower = name.lower()
    return lower in COMMON_ACCOUNTS or lower.startswith("localhost") or lower in public
