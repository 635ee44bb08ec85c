"""What is on a card, as its owner typed it: one frozen value, stored as JSON.

Drafts, versions and the published card are all a Content. Nothing in it is checked or normalised here:
a draft may hold a number that is none. forms.py says what is wrong, contact.py what phones will keep.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from dataclasses import dataclass, field
from typing import Any, Self

from vcardapp.design.design import PICTURES, Design

KINDS = ("work", "home", "mobile", "fax", "other")
MOST_ITEMS = 100  # of each list
MOST_SPANS = 6  # of a day
MOST_BYTES = 200_000  # of a card's text


@dataclass(frozen=True, slots=True)
class Phone:
    number: str = ""
    kind: str = "mobile"  # one of KINDS
    country: str = ""  # ISO 3166 alpha-2 to read a national number with; empty: the card's
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Email:
    address: str = ""
    kind: str = "work"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    street: str = ""  # may have several lines
    city: str = ""
    region: str = ""
    code: str = ""
    country: str = ""  # a name, as people write it
    kind: str = "work"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Website:
    url: str = ""
    kind: str = "work"
    label: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    network: str = ""  # a key of links.NETWORKS
    handle: str = ""  # what links.py stores: a handle, number, id or address; never a built URL where a pattern exists
    label: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a day, both ends as HH:MM. An end not after its start means the next day."""

    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with hours of its own; no spans means closed."""

    date: str = ""  # YYYY-MM-DD
    spans: tuple[Span, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    week: tuple[tuple[Span, ...], ...] = ((), (), (), (), (), (), ())  # Monday first
    exceptions: tuple[SpecialDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    is_company: bool = False
    display_name: str = ""
    given: str = ""
    additional: str = ""
    family: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    phonetic_given: str = ""
    phonetic_family: str = ""
    pronouns: str = ""
    headline: str = ""
    title: str = ""
    company: str = ""
    department: str = ""
    role: str = ""
    about: str = ""  # Markdown
    country: str = ""  # ISO 3166 alpha-2
    time_zone: str = ""  # IANA name
    language: str = ""  # BCP 47
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    addresses: tuple[Address, ...] = ()
    websites: tuple[Website, ...] = ()
    links: tuple[Link, ...] = ()
    birthday: str = ""  # YYYY-MM-DD or --MM-DD
    hours: Hours = field(default_factory=Hours)
    note: str = ""
    photo: str = ""  # id of a stored picture
    logo: str = ""
    cover: str = ""
    photo_alt: str = ""
    unlisted: bool = False  # search engines are asked to leave it out
    design: Design = field(default_factory=Design)
    hidden: tuple[str, ...] = ()  # names of single fields that are kept but not shown: "birthday", "hours", ...

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts and strings, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read what to_dict wrote; unknown keys of other releases are left out, missing ones take defaults."""
        return typing.cast(Self, _read(cls, data))

    @property
    def pictures(self) -> tuple[str, ...]:
        """The ids of all pictures that the card shows."""
        return tuple(filter(None, (self.photo, self.logo, self.cover, *self.design.pictures)))

    def picture(self, sort: str) -> str:
        """Return the id of the picture of a sort, "" if there is none."""
        return str(getattr(self.design if sort in PICTURES else self, sort))

    def with_picture(self, sort: str, picture_id: str) -> Self:
        """Return the card with another picture of a sort, or with none."""
        shown: dict[str, Any] = {sort: picture_id}
        if sort in PICTURES:
            return dataclasses.replace(self, design=dataclasses.replace(self.design, **shown))
        return dataclasses.replace(self, **shown)

    @property
    def is_too_long(self) -> bool:
        """True if this is more text than a card may hold."""
        return len(json.dumps(self.to_dict(), ensure_ascii=False).encode("utf-8", "replace")) > MOST_BYTES

    def visible(self) -> Self:
        """Return the card without everything its owner has hidden: the only form that leaves the server."""
        shown: dict[str, Any] = {
            name: tuple(item for item in getattr(self, name) if not item.hidden)
            for name in ("phones", "emails", "addresses", "websites", "links")
        }
        defaults = type(self)()
        for name in self.hidden:
            if name not in ("display_name", "design") and hasattr(defaults, name):
                shown[name] = getattr(defaults, name)
        return dataclasses.replace(self, **shown)


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, types.GenericAlias):
        (inner, *_) = typing.get_args(kind)
        return tuple(_read(inner, item) for item in value or ())
    if kind is Design:
        return Design.from_dict(value)
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _read(hints[name], item) for name, item in value.items() if name in hints})  # type: ignore[operator]
    return value


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
