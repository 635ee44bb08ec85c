"""Three filled cards to start from: a person, a shop, a practice. Texts are translated when a card begins."""

from __future__ import annotations

import dataclasses

from flask_babel import gettext as _

from vcardapp.cards.content import Address, Content, Email, Hours, Link, Phone, Span, Website

_WORK = (Span("09:00", "17:00"),)
_SHOP = (Span("08:00", "18:30"),)
_PRACTICE = (Span("08:30", "12:30"), Span("14:00", "18:00"))


def example(name: str, base: Content) -> Content | None:
    """Return "person", "shop" or "practice" with the country, zone and language of `base`; "empty" is `base`."""
    makers = {"empty": Content, "person": _person, "shop": _shop, "practice": _practice}
    if name not in makers:
        return None
    return dataclasses.replace(
        makers[name](), country=base.country, time_zone=base.time_zone, language=base.language
    )


def _person() -> Content:
    return Content(
        display_name=_("Your name"),
        title=_("Product designer"),
        company=_("Example Studio"),
        headline=_("I make complicated things feel simple."),
        phones=(Phone("+44 20 7946 0123", "work"),),
        emails=(Email("you@example.com", "work"),),
        websites=(Website("https://example.com", "work"),),
        links=(Link("linkedin", "in/your-name"), Link("instagram", "your.name")),
        about=_("A few sentences about what you do, **for whom**, and how to start working with you."),
        hours=Hours(week=(_WORK,) * 5 + ((), ())),
    )


def _shop() -> Content:
    return Content(
        is_company=True,
        display_name=_("Corner Bakery"),
        company=_("Corner Bakery"),
        headline=_("Sourdough from our own oven, every morning."),
        phones=(Phone("+44 20 7946 0456", "work"),),
        emails=(Email("hello@example.com", "work"),),
        addresses=(Address(street=_("12 Market Street"), city=_("Your town"), kind="work"),),
        links=(Link("whatsapp", "+442079460456"), Link("instagram", "corner.bakery"), Link("facebook", "corner.bakery")),
        about=_("Order by WhatsApp until noon and collect **the same day**."),
        hours=Hours(week=(_SHOP,) * 6 + ((),)),
    )


def _practice() -> Content:
    return Content(
        display_name=_("Dr. Your Name"),
        prefix=_("Dr."),
        title=_("General practitioner"),
        company=_("Practice at the Park"),
        headline=_("Appointments on the same day for urgent cases."),
        phones=(Phone("+44 20 7946 0958", "work"), Phone("+44 20 7946 0959", "fax")),
        emails=(Email("practice@example.com", "work"),),
        addresses=(Address(street=_("3 Park Lane, second floor"), city=_("Your town"), kind="work"),),
        websites=(Website("https://example.com", "work"),),
        about=_("Please bring your insurance card. The entrance has **no steps**."),
        hours=Hours(week=(_PRACTICE, _PRACTICE, (Span("08:30", "12:30"),), _PRACTICE, _PRACTICE, (), ())),
    )
