"""What reading a foreign card gives: its content, and what was changed, doubtful, or left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from vcardapp.cards.contact import Change
from vcardapp.cards.content import Address, Content, Email, Link, Phone, Website
from vcardapp.cards.links import NETWORKS, shown
from vcardapp.cards.note_lines import hours_lines
from vcardapp.cards.vcard_values import Property
from vcardapp.i18n import N_

SECOND = N_("A card has only one of these; the first was taken.")
SHOWN = 40  # characters of what was left out

# The labels of the card form.
_LABELS = {
    "display_name": N_("Display name"),
    "prefix": N_("Prefix"),
    "given": N_("Given name"),
    "additional": N_("Middle name"),
    "family": N_("Family name"),
    "suffix": N_("Suffix"),
    "nickname": N_("Nickname"),
    "phonetic_given": N_("Given name as it sounds"),
    "phonetic_family": N_("Family name as it sounds"),
    "pronouns": N_("Pronouns"),
    "title": N_("Job title"),
    "role": N_("Role"),
    "company": N_("Company"),
    "department": N_("Department"),
    "birthday": N_("Birthday"),
    "note": N_("Note"),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    name: str
    value: str  # its first characters
    reason: str


@dataclass(frozen=True, slots=True)
class ReadCard:
    content: Content
    photo: bytes | None = None  # as in the file, not checked
    uid: UUID | None = None  # only of a file that we wrote
    changed: tuple[Change, ...] = ()
    doubts: tuple[LeftOut, ...] = ()  # taken as they are, but worth a look
    left_out: tuple[LeftOut, ...] = ()

    @property
    def understood(self) -> list[tuple[str, str]]:
        """Every filled field: a label for the catalogue, and its value."""
        card = self.content
        rows = [(label, getattr(card, name)) for name, label in _LABELS.items()]
        rows += [(N_("Phone"), phone.number) for phone in card.phones]
        rows += [(N_("E-mail"), email.address) for email in card.emails]
        for place in card.addresses:
            parts = (place.street, place.city, place.region, place.code, place.country)
            rows.append((N_("Address"), "\n".join(filter(None, parts))))
        rows += [(N_("Website"), site.url) for site in card.websites]
        rows += [(NETWORKS[link.network].name, shown(link.network, link.handle)) for link in card.links]
        rows.append((N_("Opening hours"), "\n".join(hours_lines(card.hours))))
        return [(label, value) for label, value in rows if value]


@dataclass(slots=True)
class Draft:
    """What has been read of a card so far."""

    country: str
    is_ours: bool
    texts: dict[str, Any] = field(default_factory=dict)
    phones: list[Phone] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)  # of the phones, as in the file
    emails: list[Email] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    labels: list[Address] = field(default_factory=list)
    websites: list[Website] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    own: list[Property] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    photo: bytes | None = None
    changed: list[Change] = field(default_factory=list)
    doubts: list[LeftOut] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave(self, property: Property, reason: str) -> None:
        self.left_out.append(LeftOut(property.name, property.value[:SHOWN], reason))

    def keep(self, name: str, value: str, property: Property) -> None:
        if value and self.texts.setdefault(name, value) is not value:
            self.leave(property, SECOND)
