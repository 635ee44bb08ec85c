"""What is wrong with a field of the card form, said to its owner with the fix; and the choices of its lists."""

from __future__ import annotations

import dataclasses
import re
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from vcardapp.cards import links
from vcardapp.cards.content import Link
from vcardapp.cards.file_text import birthday_of, full_name_of
from vcardapp.cards.networks import NETWORKS
from vcardapp.cards.phones import read_phone
from vcardapp.cards.slugs import BadSlug, read_slug

LONGEST_EMAIL = 254  # RFC 5321 §4.5.3.1.3


def needed(form: Form, field: Field) -> None:
    if not field.data:
        raise ValidationError(_l("Please type the name that the card shows."))
    is_seen = any(letter.isprintable() and not letter.isspace() for letter in field.data)
    if not is_seen or not full_name_of(field.data):
        raise ValidationError(_l("This name has nothing that can be seen."))


def phone(form: Form, field: Field) -> None:
    if field.data and read_phone(field.data, form["country"].data or country_of(form)) is None:
        raise ValidationError(
            _l("This is not a phone number we can read. Add the country code, for example +33 6 12 34 56 78.")
        )


def email(form: Form, field: Field) -> None:
    if field.data and len(field.data) <= LONGEST_EMAIL:
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError as error:
            raise ValidationError(_l("This is not an e-mail address. It looks like name@example.com.")) from error


def website(form: Form, field: Field) -> None:
    if field.data and links.safe_url(field.data) is None:
        raise ValidationError(_l("This is not a web address we can link to. It looks like https://example.com."))


def handle(form: Form, field: Field) -> None:
    if not field.data:
        return
    try:
        links.read_handle(form["network"].data, field.data, country_of(form))
    except links.BadHandle as error:
        if not form["network"].data:
            raise ValidationError(_l("Choose the network, or paste the whole address.")) from error
        raise ValidationError(gettext(error.expects)) from error


def time(form: Form, field: Field) -> None:
    other = form["end" if field.short_name == "start" else "start"]
    if field.data and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:\d\d)?", field.data):
        raise ValidationError(_l("A time looks like 09:30."))
    if not field.data and other.data:
        raise ValidationError(_l("Please say both times, from and to."))


def date(form: Form, field: Field) -> None:
    text = field.data or ""
    if text.startswith("--") or birthday_of(text) != text or not text:
        raise ValidationError(_l("Please choose a date. It looks like 2026-12-24."))


def birthday(form: Form, field: Field) -> None:
    if field.data and not birthday_of(field.data):
        raise ValidationError(_l("A birthday looks like 1984-02-29, or --02-29 without the year."))


def slug(form: Form, field: Field) -> None:
    if field.data:
        try:
            read_slug(field.data, form.meta.reserved)
        except BadSlug as error:
            raise ValidationError(gettext(error.reason)) from error


def country_of(form: Form) -> str:
    """Return the country by which national numbers are read: the card's."""
    return str(getattr(form.meta, "country", "") or "")


def reduced(link: Link, country: str) -> Link:
    """Return a link with its handle as it is stored, or as typed while it is wrong."""
    try:
        return dataclasses.replace(link, handle=links.read_handle(link.network, link.handle, country).value)
    except links.BadHandle:
        return link


def minutes(value: str | None) -> str:
    """Cut seconds, which some browsers send, off a time."""
    text = (value or "").strip()
    return text[:5] if re.fullmatch(r"\d\d:\d\d:\d\d(\.\d+)?", text) else text[:20]


def known_country(value: str | None) -> str:
    code = (value or "").strip().upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) and code not in _NOT_COUNTRIES else ""


def known_language(value: str | None) -> str:
    return value if value and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", value) else ""


def known_time_zone(value: str | None) -> str:
    return value if value in _zones() else ""


def known_network(value: str | None) -> str:
    return value if value in NETWORKS else ""


def networks() -> list[SelectChoice]:
    """Return the networks with their names."""
    return [NONE, *(SelectChoice(key, gettext(network.name)) for key, network in NETWORKS.items())]


def countries() -> list[SelectChoice]:
    """Return alpha-2 codes and names in the visitor's language, sorted by name, after "none"."""
    return _countries(str(get_locale() or "en"))


def languages() -> list[SelectChoice]:
    """Return language tags with their names in the visitor's language."""
    return _languages(str(get_locale() or "en"))


def time_zones() -> list[SelectChoice]:
    """Return the IANA zones of places, sorted."""
    zones = ["UTC", *sorted(_zones() - {"UTC"})]
    return [NONE, *(SelectChoice(zone, zone.replace("_", " ")) for zone in zones)]


@lru_cache(maxsize=8)
def _countries(language: str) -> list[SelectChoice]:
    names = Locale.parse(language).territories
    real = [SelectChoice(code, name) for code, name in names.items() if known_country(code)]
    return [NONE, *sorted(real, key=lambda choice: str(choice.label))]


@lru_cache(maxsize=8)
def _languages(language: str) -> list[SelectChoice]:
    names = Locale.parse(language).languages
    real = [SelectChoice(code, name) for code, name in names.items() if len(code) == len("en")]
    return [NONE, *sorted(real, key=lambda choice: str(choice.label).casefold())]


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Return the zones named after places, and UTC."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return frozenset(zone for zone in available_timezones() if zone.startswith(areas) or zone == "UTC")


NONE = SelectChoice("", "–")
_NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
