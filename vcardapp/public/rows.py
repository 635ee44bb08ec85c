"""The rows of a card: each value in full, its kind, the link it opens, and its h-card property (microformats2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext

from vcardapp.cards import links as accounts
from vcardapp.cards.content import Address, Content
from vcardapp.cards.file_text import email_of
from vcardapp.cards.forms import KINDS
from vcardapp.cards.networks import NETWORKS
from vcardapp.cards.phones import read_phone
from vcardapp.public.names import shown

PROFILE = "me noopener"  # an account of the card's owner
FREE = "noopener nofollow ugc"


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    kind: str = ""
    href: str = ""  # empty: shown as text, it leads nowhere
    icon: str = ""
    instead: str = ""  # whose initial is drawn where a network has no icon
    rel: str = ""
    note: str = ""
    is_number: bool = False  # runs from left to right in every script
    mark: str = ""  # property of h-card: u-… is the link, p-… the text
    is_said: bool = False  # the owner's own words, in the card's language


@dataclass(frozen=True, slots=True)
class Place:
    lines: tuple[tuple[tuple[str, str], ...], ...]  # of parts, each with its property of h-adr
    kind: str
    maps: tuple[tuple[str, str], ...]


def phones(content: Content) -> Iterator[Row]:
    """Yield the numbers, grouped as in their countries; what is no number is shown as typed."""
    for phone in content.phones:
        icon = {"mobile": "device-mobile", "fax": "printer"}.get(phone.kind, "phone")
        number = read_phone(phone.number, phone.country or content.country)
        text = number.shown if number else shown(phone.number)
        note = gettext("ext. %(number)s", number=number.extension) if number and number.extension else ""
        if text:
            mark = "" if phone.kind == "fax" else "p-tel"
            uri = number.uri if number else ""
            yield Row(text, _kind(phone.kind), uri, icon, note=note, is_number=bool(number), mark=mark)


def emails(content: Content) -> Iterator[Row]:
    """Yield the e-mail addresses."""
    for email in content.emails:
        address = email_of(email.address)
        if text := address or shown(email.address):
            yield Row(text, _kind(email.kind), accounts.mail_uri(address) if address else "", "mail", mark="u-email")


def places(content: Content) -> Iterator[Place]:
    """Yield the addresses, each with three maps."""
    for address in content.addresses:
        lines = _address_lines(address)
        if lines:
            whole = ", ".join(" ".join(text for text, _ in line) for line in lines)
            yield Place(lines, _kind(address.kind), accounts.directions(whole))


def sites(content: Content) -> Iterator[Row]:
    """Yield the web sites."""
    for site in content.websites:
        url = accounts.safe_url(site.url)
        bare = shown(site.url).removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
        label = shown(site.label)
        if bare or label:
            kind = bare if label else _kind(site.kind)
            yield Row(label or bare, kind, url or "", "world", rel=FREE, is_number=not label, mark="u-url", is_said=bool(label))


def chats(content: Content) -> Iterator[Row]:
    """Yield the WhatsApp numbers, which stand beside the phones."""
    return _accounts(content, is_chat=True)


def links(content: Content) -> Iterator[Row]:
    """Yield all other accounts."""
    return _accounts(content, is_chat=False)


def _accounts(content: Content, *, is_chat: bool) -> Iterator[Row]:
    for link in content.links:
        network = NETWORKS.get(link.network)
        handle = shown(accounts.shown(link.network, link.handle) if network else link.handle)
        label = shown(link.label)
        if (link.network == "whatsapp") != is_chat or not (handle or label):
            continue
        href = accounts.address_of(link.network, link.handle) or ""
        is_free = network is None or "*" in network.sites
        yield Row(
            label or handle,
            gettext(network.name) if network else "",
            href,
            network.icon if network else "link",
            network.name if network else "",
            FREE if is_free else PROFILE,
            handle if label and label != handle else "",
            not label and handle.startswith("+"),
            "u-url" if href.startswith(("https:", "http:")) else "u-impp",
            bool(label),
        )


def _address_lines(address: Address) -> tuple[tuple[tuple[str, str], ...], ...]:
    lines = [
        *([(line, "p-street-address")] for line in address.street.splitlines()),
        [(address.code, "p-postal-code"), (address.city, "p-locality")],
        [(address.region, "p-region")],
        [(address.country, "p-country-name")],
    ]
    parts = (tuple((shown(text), mark) for text, mark in line if shown(text)) for line in lines)
    return tuple(line for line in parts if line)


def _kind(kind: str) -> str:
    return str(KINDS.get(kind, ""))
