"""Addresses on the PCI bus, of which every tool has a spelling of its own.

>>> same_form("00000000:3B:00.0"), same_form("3b:00.0"), same_form("PCI:0000:3b:00.0")
('0000:3b:00.0', '0000:3b:00.0', '0000:3b:00.0')
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

_ADDRESS = regex(r"(?:PCI:)?(?:([0-9A-Fa-f]{1,8}):)?([0-9A-Fa-f]{1,2}):([0-9A-Fa-f]{1,2})\.([0-7])$")


def same_form(address: str) -> str | None:
    """The address as the kernel writes it, for comparing: the domain has four digits, or as many as it needs; None: it is no address."""
    found = _ADDRESS.match(address.strip())
    if found is None:
        return None
    domain, bus, device, function = found.groups()
    return f"{int(domain or '0', 16):04x}:{int(bus, 16):02x}:{int(device, 16):02x}.{function}"
