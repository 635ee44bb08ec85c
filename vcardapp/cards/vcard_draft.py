"""What reading a foreign card gives: its content, and what was changed, doubtful, or left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from vcardapp.cards.content import Address, Content, Email, Link, Phone, Website
from vcardapp.cards.kept import Change
from vcardapp.cards.vcard_values import Property
from vcardapp.i18n import N_

SECOND = N_("A card has only one of these; the first was taken.")
SHOWN = 40  # characters of what was left out


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
