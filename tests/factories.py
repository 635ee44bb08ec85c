"""Plain functions that make the things tests are about; every default can be overridden."""

from __future__ import annotations

import secrets
from typing import Any

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.cards import service
from vcardapp.cards.content import Address, Content, Email, Hours, Link, Phone, Span, SpecialDay, Website
from vcardapp.cards.models import Card
from vcardapp.db import db, now

WORKDAY = (Span("09:00", "17:00"),)


def user(email: str, **over: Any) -> User:
    values: dict[str, Any] = {
        "email": email,
        "password": None,
        "active": True,
        "fs_uniquifier": secrets.token_hex(16),
        "confirmed_at": now(),
    }
    made = User(**{**values, **over})
    db.session.add(made)
    db.session.commit()
    return made


def alice(**over: Any) -> User:
    return user("alice@example.org", **over)


def bob(**over: Any) -> User:
    return user("bob@example.org", **over)


def owner(person: User) -> Owner:
    return Owner(user_id=person.id)


def content(**over: Any) -> Content:
    values: dict[str, Any] = {
        "display_name": "Ada Lovelace",
        "given": "Ada",
        "family": "Lovelace",
        "title": "Analyst",
        "company": "Engines Ltd",
        "country": "GB",
        "time_zone": "Europe/London",
        "language": "en",
        "phones": (Phone("020 7946 0018", "work"), Phone("+44 7700 900123", "mobile")),
        "emails": (Email("ada@example.org"),),
        "addresses": (Address("12 St James's Square", "London", "", "SW1Y 4JH", "United Kingdom"),),
        "websites": (Website("https://engines.example.org/"),),
        "links": (Link("linkedin", "in/ada-example"),),
    }
    return Content(**{**values, **over})


def tricky_content(**over: Any) -> Content:
    """A card with what breaks formats in every field: emoji, Arabic, separators, quotes, line breaks, markup."""
    mean = 'a;b,c\\d "e" <i>&amp; 👩🏽‍🚀 سلام'
    values: dict[str, Any] = {
        "display_name": f"Zoë; {mean}",
        "given": f"Zoë {mean}",
        "additional": "de; la, Cruz",
        "family": "O'Neill-العربي; Jr",
        "prefix": "Dr;",
        "suffix": "M.D., Ph.D.",
        "nickname": f"Zo {mean}",
        "phonetic_given": "ゾーイ",
        "phonetic_family": "オニール",
        "pronouns": "they/them; ze",
        "headline": f"Headline {mean}",
        "title": f"Title {mean}",
        "company": f"Müller & Söhne; {mean}",
        "department": "R;D, and \\ more",
        "role": f"Role {mean}",
        "about": f"First *line* {mean}\nSecond line\n\n- a; b\n- c, d",
        "country": "EG",
        "time_zone": "Africa/Cairo",
        "language": "ar",
        "phones": (Phone("+20 2 2735 0000", "work"), Phone("0100 123 4567", "mobile")),
        "emails": (Email("zoe+cards@example.org"), Email("O'Neill@example.com", "home")),
        "addresses": (Address("1; Rue, de \\ la Paix\nApt. 5", "القاهرة", "C;airo", "115,11", "مصر"),),
        "websites": (Website("https://example.org/a?b=c;d,e&f=%20", "work", mean),),
        "links": (Link("instagram", "zoe.example"), Link("mastodon", "zoe@social.example.org")),
        "birthday": "--02-29",
        "hours": Hours((WORKDAY,) * 5 + ((), ()), (SpecialDay("2030-12-24", (), f"Closed; {mean}"),)),
        "note": f"One {mean}\r\nTwo\n\n\tThree; END:VCARD",
        "photo_alt": mean,
    }
    return Content(**{**values, **over})


def draft_card(person: User, **over: Any) -> Card:
    return service.create_card(owner(person), content(**over))


def published_card(person: User, slug: str = "ada", **over: Any) -> Card:
    card = service.create_card(owner(person), content(**over), slug)
    return service.publish_card(card, reserved=frozenset())
