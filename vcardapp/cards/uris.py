"""Which addresses may stand in an href: web addresses made harmless, mail, places."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import quote, urlsplit

import idna

LONGEST = 2000  # characters of a web address

# Invisible, and not in Unicode's category of format characters.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_ASCII_BLANKS = "".join(map(chr, range(33))) + "\x7f"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_AND_PORT = re.compile(r"[^/?#:@]+\.[^/?#:@]+:\d+(?=[/?#]|$)")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_TOP_LABEL = re.compile(r"xn--[a-z0-9-]+|[a-z]{2,63}")
_SAFE = "/:@!$&()*+,;=~%[]"


def clean(typed: str) -> str:
    """Return the text composed (NFC) and trimmed, without zero-width and bidirectional control characters."""
    if typed.isascii():
        return typed.strip(_ASCII_BLANKS)
    kept = "".join(char for char in typed if unicodedata.category(char) not in ("Cf", "Cs"))
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", kept))
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_blank(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cc"


def scheme_of(typed: str) -> str:
    """Return the scheme in small letters as a browser reads it, without control characters; "" if there is none.

    A bare host with a port ("example.com:8080") has none.
    """
    text = re.sub(r"[\t\r\n]", "", clean(typed))
    if _HOST_AND_PORT.match(text) or not _SCHEME.match(text):
        return ""
    return text.partition(":")[0].lower()


def host_of(host: str) -> str | None:
    """Return a host name in its ASCII form (IDNA), or an IPv4 address; None if it is neither with a dot."""
    name = host.rstrip(".").lower()
    try:
        if not name.isascii():
            name = idna.encode(name, uts46=True).decode("ascii")
        labels = name.split(".")
        if labels[-1].isdecimal():
            return str(ipaddress.IPv4Address(name))
    except ValueError:  # idna's errors are ValueErrors too
        return None
    fits = len(labels) > 1 and len(name) <= 253 and _TOP_LABEL.fullmatch(labels[-1])
    return name if fits and all(_LABEL.fullmatch(label) for label in labels) else None


def safe_url(typed: str) -> str | None:
    """Return a web address for an href, everything unusual percent-encoded; None if it may not be one.

    A bare domain gets https://. Refused: other schemes, user names, hosts without a dot, control characters.
    """
    text = clean(typed)
    scheme = scheme_of(text)
    if not text or any(_is_blank(char) and char != " " for char in text):
        return None
    if not scheme and (text[0] in "/\\.?#" or re.search(r"[@\s]", re.split("[/?#]", text)[0])):
        return None
    try:
        parts = urlsplit(text if scheme else f"https://{text}")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or "\\" in parts.netloc:
        return None
    host = host_of(parts.hostname or "")
    if host is None:
        return None
    url = f"{parts.scheme}://{host}" + (f":{port}" if port else "") + _quoted(parts.path)
    url += f"?{_quoted(parts.query, '?')}" if parts.query else ""
    url += f"#{_quoted(parts.fragment, '?')}" if parts.fragment else ""
    return url if len(url) <= LONGEST else None


def _quoted(part: str, more: str = "") -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part), safe=_SAFE + more)


def mail_uri(address: str) -> str:
    """Return mailto: with the address percent-encoded, a plus too (RFC 6068)."""
    one_line = "".join(char for char in clean(address) if not _is_blank(char))
    return f"mailto:{quote(one_line, safe='@')}"


def directions(
    address: str, latitude: float | None = None, longitude: float | None = None
) -> tuple[tuple[str, str], ...]:
    """Return names and addresses of the three maps that lead to a place: Google, Apple, OpenStreetMap."""
    is_exact = latitude is not None and longitude is not None
    point = f"{latitude:.6f},{longitude:.6f}" if is_exact else ""
    there = quote(point or " ".join(clean(address).split()), safe=",")
    street_map = f"https://www.openstreetmap.org/search?query={there}"
    if is_exact:
        lat, lng = point.split(",")
        street_map = f"https://www.openstreetmap.org/?mlat={lat}&mlon={lng}#map=17/{lat}/{lng}"
    return (
        ("Google Maps", f"https://www.google.com/maps/dir/?api=1&destination={there}"),
        ("Apple Maps", f"https://maps.apple.com/?daddr={there}"),
        ("OpenStreetMap", street_map),
    )
