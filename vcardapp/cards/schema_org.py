"""A contact in the words of schema.org, as JSON-LD: what search engines and assistants read in a card's page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from vcardapp.cards.contact import Contact, KeptAddress
from vcardapp.cards.content import Hours
from vcardapp.cards.hours import Times, day_of, has_hours, times_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def schema_org(contact: Contact, hours: Hours, *, picture: str = "", description: str = "") -> dict[str, Any]:
    """Return a Person, an Organization, or with opening hours a LocalBusiness; `picture` is an absolute address."""
    said = {"@context": "https://schema.org", **(_company if contact.is_company else _person)(contact, hours)}
    telephones = [phone.number for phone in contact.phones if "FAX" not in phone.types]
    said |= {
        "name": contact.display_name,
        "alternateName": contact.nickname,
        "description": description,
        "url": contact.url,
        "image": picture,
        "telephone": _listed(telephones),
        "faxNumber": _listed(phone.number for phone in contact.phones if "FAX" in phone.types),
        "email": _listed(email.address for email in contact.emails),
        "address": _listed(_address(address) for address in contact.addresses),
        "sameAs": _listed(url.url for url in contact.urls if url.url.startswith(("https:", "http:"))),
    }
    return {name: value for name, value in said.items() if value}


def write_json_ld(said: dict[str, Any]) -> str:
    """Return JSON that can stand inside a script element: nothing in it ends or begins one (JSON-LD 1.1 §7.2)."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).translate(_SAFE)


def _person(contact: Contact, hours: Hours) -> dict[str, Any]:
    open_hours = [*_week(hours), *_exceptions(hours)]
    return {
        "@type": "Person",
        "givenName": contact.given,
        "additionalName": contact.additional,
        "familyName": contact.family,
        "honorificPrefix": contact.prefix,
        "honorificSuffix": contact.suffix,
        "jobTitle": _listed(text for text in (contact.title, contact.role) if text),
        "worksFor": _organisation(contact.company, contact.department),
        "birthDate": "" if contact.birthday.startswith("--") else contact.birthday,
        "contactPoint": {"@type": "ContactPoint", "hoursAvailable": open_hours} if open_hours else None,
    }


def _company(contact: Contact, hours: Hours) -> dict[str, Any]:
    return {
        "@type": "LocalBusiness" if has_hours(hours) else "Organization",
        "legalName": contact.company if contact.company != contact.display_name else "",
        "department": _organisation(contact.department, ""),
        "openingHoursSpecification": _week(hours),
        "specialOpeningHoursSpecification": _exceptions(hours),
    }


def _organisation(name: str, department: str) -> dict[str, Any]:
    """Return a company; empty without a name and a department."""
    parts = {"name": name, "department": _organisation(department, "") if department else ""}
    said = {key: value for key, value in parts.items() if value}
    return {"@type": "Organization", **said} if said else {}


def _address(address: KeptAddress) -> dict[str, str]:
    parts = {
        "streetAddress": address.street.replace("\n", ", "),
        "addressLocality": address.city,
        "addressRegion": address.region,
        "postalCode": address.code,
        "addressCountry": address.country,
    }
    return {"@type": "PostalAddress", **{name: text for name, text in parts.items() if text}}


def _week(hours: Hours) -> list[dict[str, Any]]:
    """Return each time of opening with the days on which it holds."""
    days: dict[Times, list[str]] = {}
    for name, spans in zip(_DAYS, hours.week, strict=False):
        for times in times_of(spans):
            days.setdefault(times, []).append(name)
    return [_opening(times, dayOfWeek=_listed(names)) for times, names in days.items()]


def _exceptions(hours: Hours) -> list[dict[str, Any]]:
    """Return the dates that differ; a closed one opens and closes at midnight."""
    found = []
    for special in hours.exceptions:
        if day := day_of(special):
            date = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
            closed = {"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00"}
            found += [{**_opening(times), **date} for times in times_of(special.spans)] or [{**closed, **date}]
    return found


def _opening(times: Times, **more: Any) -> dict[str, Any]:
    """A day and a night without a break end at 23:59: from midnight to midnight would mean closed."""
    closes = "23:59" if times.start == times.end else f"{times.end:%H:%M}"
    return {"@type": "OpeningHoursSpecification", **more, "opens": f"{times.start:%H:%M}", "closes": closes}


def _listed(values: Iterable[Any]) -> Any:
    """Return one value as it is, several as a list."""
    found = list(values)
    return found[0] if len(found) == 1 else found
