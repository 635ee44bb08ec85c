"""What may be sent for a card: one form, read into a Content whatever its faults, and checked for publishing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length

from vcardapp.cards import checks
from vcardapp.cards.content import (
    MOST_ITEMS,
    MOST_SPANS,
    Address,
    Content,
    Email,
    Hours,
    Link,
    Phone,
    Span,
    SpecialDay,
    Website,
)
from vcardapp.design.forms import DesignForm, fields_of

LISTS = {"phones": Phone, "emails": Email, "addresses": Address, "websites": Website, "links": Link}
KINDS = {
    "mobile": _l("Mobile"),
    "work": _l("Work"),
    "home": _l("Home"),
    "fax": _l("Fax"),
    "other": _l("Other"),
}
PLACES = {key: KINDS[key] for key in ("work", "home", "other")}
HIDEABLE = ("company", "about", "birthday", "hours", "note", "pronouns", "photo", "logo", "cover")
_FIELD_NAME = re.compile(r"([a-z_]+|\d{1,4})(-([a-z_]+|\d{1,4}))*", re.A)


def _clean(value: str | None) -> str:
    """Drop what no database and no phone takes; line ends become one kind."""
    text = (value or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "ignore").decode().strip()


def _text(label: Any, most: int = 200, *more: Any, **options: Any) -> StringField:
    longest = Length(max=most, message=_l("This is too long: at most %(max)d characters."))
    return StringField(label, [longest, *more], filters=[_clean], **options)


def _long_text(label: Any, most: int) -> TextAreaField:
    longest = Length(max=most, message=_l("This is too long: at most %(max)d characters."))
    return TextAreaField(label, [longest], filters=[_clean])


def _choice(label: Any, choices: Any, known: Any) -> SelectField:
    return SelectField(label, choices=choices, default="", validate_choice=False, filters=[known])


def _kind(choices: dict[str, Any], default: str) -> SelectField:
    def known(value: str | None) -> str:
        return value if value in choices else default

    options = [SelectChoice(value, label) for value, label in choices.items()]
    return SelectField(_l("Kind"), choices=options, default=default, validate_choice=False, filters=[known])


class ItemForm(Form):
    """A row of a list. Its empty rows are left out, its hidden ones kept."""

    hidden = BooleanField(_l("Hide"))


class PhoneForm(ItemForm):
    number = _text(_l("Number"), 60, checks.phone)
    kind = _kind(KINDS, "mobile")
    country = StringField(_l("Country of the number"), filters=[checks.known_country])


class EmailForm(ItemForm):
    address = _text(_l("E-mail"), checks.LONGEST_EMAIL, checks.email)
    kind = _kind(PLACES, "work")


class AddressForm(ItemForm):
    street = _long_text(_l("Street"), 300)
    city = _text(_l("City"))
    region = _text(_l("Region"))
    code = _text(_l("Postal code"), 20)
    country = _text(_l("Country"), 100)
    kind = _kind(PLACES, "work")


class WebsiteForm(ItemForm):
    url = _text(_l("Address"), 2000, checks.website)
    label = _text(_l("Title"), 100)
    kind = _kind(PLACES, "work")


class LinkForm(ItemForm):
    network = SelectField(_l("Network"), choices=checks.networks, validate_choice=False, filters=[checks.known_network])
    handle = _text(_l("Name, number or address"), 2000, checks.handle)
    label = _text(_l("Title"), 100)


class SpanForm(Form):
    start = StringField(_l("From"), [checks.time], filters=[checks.minutes])
    end = StringField(_l("to"), [checks.time], filters=[checks.minutes])


class DayForm(Form):
    spans = FieldList(FormField(SpanForm), min_entries=1, max_entries=MOST_SPANS)


class SpecialDayForm(Form):
    date = StringField(_l("Date"), [checks.date], filters=[_clean])
    spans = FieldList(FormField(SpanForm), min_entries=1, max_entries=MOST_SPANS)
    note = _text(_l("Note"), 100)


class WeekField(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """Seven days in their places: one without hours sends nothing, and a plain list would give its place to the next."""

    def __init__(self, day: type[Form], **more: Any) -> None:
        super().__init__(FormField(day), min_entries=7, max_entries=7, **more)

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        yield from range(7)


class CardForm(Form):
    """The whole card; its fields have the names of Content's, `week` and `exceptions` are its hours."""

    class Meta:
        country = ""  # by which national numbers are read: the card's
        reserved: frozenset[str] = frozenset()  # addresses of the site itself

    meta: Any

    is_company = BooleanField(_l("This is a company or shop, not a person"))
    display_name = _text(_l("Display name"), 200, checks.needed)
    given = _text(_l("Given name"))
    additional = _text(_l("Middle name"))
    family = _text(_l("Family name"))
    prefix = _text(_l("Prefix"), 60)
    suffix = _text(_l("Suffix"), 60)
    nickname = _text(_l("Nickname"))
    phonetic_given = _text(_l("Given name as it sounds"))
    phonetic_family = _text(_l("Family name as it sounds"))
    pronouns = _text(_l("Pronouns"), 60)
    headline = _text(_l("One line about you"), 200)
    title = _text(_l("Job title"))
    company = _text(_l("Company"))
    department = _text(_l("Department"))
    role = _text(_l("Role"))
    about = _long_text(_l("Text"), 5000)
    country = _choice(_l("Country"), checks.countries, checks.known_country)
    time_zone = _choice(_l("Time zone"), checks.time_zones, checks.known_time_zone)
    language = _choice(_l("Language of the card"), checks.languages, checks.known_language)
    phones = FieldList(FormField(PhoneForm), max_entries=MOST_ITEMS)
    emails = FieldList(FormField(EmailForm), max_entries=MOST_ITEMS)
    addresses = FieldList(FormField(AddressForm), max_entries=MOST_ITEMS)
    websites = FieldList(FormField(WebsiteForm), max_entries=MOST_ITEMS)
    links = FieldList(FormField(LinkForm), max_entries=MOST_ITEMS)
    birthday = _text(_l("Birthday"), 10, checks.birthday)
    week = WeekField(DayForm)
    exceptions = FieldList(FormField(SpecialDayForm), max_entries=MOST_ITEMS)
    note = _long_text(_l("Note"), 2000)
    photo_alt = _text(_l("What the photo shows"), 200)
    unlisted = BooleanField(_l("Keep this card out of search engines"))
    slug = _text(_l("Address of the card"), 240, checks.slug)
    hide = FieldList(StringField(filters=[_clean]), max_entries=20)
    design = FormField(DesignForm)

    def content(self, base: Content) -> Content:
        """Return what was typed as a Content; pictures are those of `base`, they come by another way."""
        data = self.data
        texts = {f.name: data[f.name] for f in dataclasses.fields(Content) if f.name in data and f.name not in (*LISTS, "design")}
        items: dict[str, Any] = {
            name: tuple(item for row in data[name] if _says_something(item := kind(**row)))
            for name, kind in LISTS.items()
        }
        items["links"] = tuple(checks.reduced(link, self.meta.country) for link in items["links"])
        hours = Hours(
            week=tuple(_spans(day["spans"]) for day in data["week"]),
            exceptions=tuple(
                SpecialDay(date=day["date"], spans=_spans(day["spans"]), note=day["note"])
                for day in data["exceptions"]
                if day["date"] or day["note"]
            ),
        )
        hidden = tuple(name for name in HIDEABLE if name in data["hide"])
        design = self.design.form.design(base.design)
        return dataclasses.replace(base, **texts, **items, hours=hours, hidden=hidden, design=design)


def card_form(
    content: Content, slug: str, formdata: MultiDict[str, str] | None = None, reserved: frozenset[str] = frozenset()
) -> CardForm:
    """Return the form filled from what was sent, or else from a Content."""
    if formdata is not None:
        named = [(name, text) for name, text in formdata.items(multi=True) if _FIELD_NAME.fullmatch(name)]
        # WTForms gives int() whatever stands where a row's number should
        form = CardForm(MultiDict(named), design=fields_of(content.design))
    else:
        data = {**content.to_dict(), "design": fields_of(content.design)}
        week = [{"spans": spans or [{}]} for spans in data["hours"]["week"]]
        exceptions = [{**day, "spans": day["spans"] or [{}]} for day in data["hours"]["exceptions"]]
        form = CardForm(data={**data, "slug": slug, "week": week, "exceptions": exceptions, "hide": data["hidden"]})
    form.meta.country, form.meta.reserved = form.country.data, reserved
    for row in (*form.phones, *form.links):
        row.form.meta.country = form.country.data
    return form


def _spans(rows: list[dict[str, str]]) -> tuple[Span, ...]:
    return tuple(Span(**row) for row in rows if row["start"] or row["end"])


def _says_something(item: Any) -> bool:
    """True unless a row is as empty as it began."""
    chosen = ("kind", "hidden", "network", "country") if not isinstance(item, Address) else ("kind", "hidden")
    return any(getattr(item, f.name) for f in dataclasses.fields(item) if f.name not in chosen)
