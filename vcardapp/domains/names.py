"""Domain names as people type them, and as the DNS knows them."""

from __future__ import annotations

import re

import idna

RECORD = "_vcardapp"  # the label below which the proof stands
LONGEST = 253 - len(RECORD) - 1  # RFC 1035 §2.3.4, with room for the record's own name
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")  # two labels or more; a number at the end would be an IPv4 address
_AROUND = re.compile(r"^[a-z]+://|[/?#].*$|:\d*$", re.IGNORECASE | re.DOTALL)


class NotADomain(Exception):
    """This is no name that could stand in the DNS."""


def read_domain(text: str) -> str:
    """Return a typed domain, or the one in a pasted address, as the DNS knows it (RFC 5891); raise NotADomain."""
    bare = text.strip()
    for _ in range(3):  # scheme, path, port
        bare = _AROUND.sub("", bare, count=1)
    bare = bare.rstrip(".")
    if len(bare) > LONGEST:
        raise NotADomain
    try:
        name = idna.encode(bare, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise NotADomain from None
    if len(name) > LONGEST or not _NAME.fullmatch(name):
        raise NotADomain
    return name


def shown_domain(name: str) -> str:
    """Return a name as people read it: xn--… in its own script."""
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def bare_host(host: str) -> str:
    """Return the name in a Host header, without its port, in small letters."""
    name = host.lower()
    if name[-1:].isdigit() and ":" in name:
        name = name[: name.rindex(":")]
    return name.rstrip(".")
