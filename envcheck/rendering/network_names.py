"""Web addresses and network addresses inside a text, with what they give away replaced."""

import re

from envcheck.rendering.shareable import is_public_host

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20})://(?P<rest>[^\s<>]+)")
_CLOSING = "'\")]},.;:"
_REPLACED = "***"


def hide_urls(text: str) -> str:
    """`https://me:secret@pypi.example.net/simple?t=1` → `https://***@<host>/***`; of a public host the path stays, the query never."""
    return _URL.sub(_hidden_url, text) if "://" in text else text


def _hidden_url(match: re.Match[str]) -> str:
    rest = match["rest"].rstrip(_CLOSING)
    closing = match["rest"][len(rest) :]
    before, rest = _credentials(rest)
    place = re.match(r"(\[[0-9A-Fa-f:.]*\]|[^/?#:]*)(:\d*)?", rest)
    assert place is not None  # noqa: S101 - it may match nothing, but it matches
    host, port, tail = place[1], place[2] or "", rest[place.end() :]
    if host in ("", "~"):  # file:///…, a home that is shortened already, or a host that is hidden
        return f"{match['scheme']}://{before}{_without_query(rest)}{closing}"
    if is_public_host(host):
        return f"{match['scheme']}://{before}{host}{port}{_without_query(tail)}{closing}"
    return f"{match['scheme']}://{before}<host>{port}{f'/{_REPLACED}' if tail else ''}{closing}"


def _credentials(rest: str) -> tuple[str, str]:
    """What stands for the part before the host, and the rest. A password may hold `/`: then what looks like a port is no number."""
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    end = authority.rfind("@")
    if end < 0 and re.search(r":(?!\d*$)", authority):
        end = rest.rfind("@")
    return (f"{_REPLACED}@", rest[end + 1 :]) if end >= 0 else ("", rest)


def _without_query(tail: str) -> str:
    """The path; a fragment stays where it only names a place or a package."""
    path, sign, fragment = tail.partition("#")
    path, query, _ = path.partition("?")
    kept = f"#{fragment}" if sign and re.fullmatch(r"[\w.-]*|egg=[\w.-]+", fragment) else ""
    return f"{path}{f'?{_REPLACED}' if query else ''}{kept}"


_IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:%\w+)?(?![\w:])")
_NOBODYS = re.compile(r"127\.|0\.0\.0\.0|255\.")
_PRIVATE = re.compile(r"192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.")
# `nvidia-curand-cu12 10.3.2.106`, `cuDNN 8.9.2.26`, `version 1.2.3.4` and `==10.3.2.106` are versions.
_OF_A_VERSION = re.compile(
    r"(?:[<>=!~]=?\s*|\b(?:version|release|build)[\s:=]*|\bv|\b(?:nvidia|opencv|intel|lib|cu|tensorrt|nccl|driver)[\w.-]*\s+\(?v?)$",
    re.IGNORECASE,
)


def hide_addresses(text: str, versions: frozenset[str]) -> str:
    """`10.1.2.3:29500` → `<ip>:29500`; four numbers that are a version stay, and so do loopback addresses."""
    if text.count(".") >= 3:
        text = _IPV4.sub(lambda match: match[0] if _is_version(match, versions) else "<ip>", text)
    if text.count(":") >= 2:
        text = _IPV6.sub(lambda match: "<ip>" if _is_ipv6(match[0]) else match[0], text)
    return text


def _is_version(match: re.Match[str], versions: frozenset[str]) -> bool:
    number = match[0]
    if number in versions or _NOBODYS.match(number) or any(int(part) > 255 for part in number.split(".")):
        return True
    return not _PRIVATE.match(number) and bool(_OF_A_VERSION.search(match.string[max(0, match.start() - 60) : match.start()]))


def _is_ipv6(text: str) -> bool:
    """`c10::cuda` and `12:34:56` are none; an address has three groups at least, or begins as real ones do."""
    import ipaddress

    try:
        address = ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        return False
    groups = sum(bool(group) for group in text.split(":"))
    return groups >= 3 or (groups == 2 and text.lower().startswith(("fe80", "2", "fd")) and not address.is_loopback)
