"""The properties of one read card -> the content of a card, and what of them was changed or left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from typing import Any
from uuid import UUID

from vcardapp.cards.content import MOST_ITEMS, MOST_SPANS, Address, Content, Email, Hours, Link, Phone, Website
from vcardapp.cards.file_text import email_of, full_name_of, joined_name, one_line, part_of
from vcardapp.cards.kept import Change
from vcardapp.cards.note_lines import read_lines
from vcardapp.cards.phones import read_phone
from vcardapp.cards.vcard import GAP, PRODID
from vcardapp.cards.vcard_draft import SECOND, SHOWN, Draft, LeftOut, ReadCard
from vcardapp.cards.vcard_links import LINK_NAMES, link_of, own_links
from vcardapp.cards.vcard_values import LONGEST_TEXT, Property, date_text, phone_text, picture, unescaped
from vcardapp.i18n import N_

NOT_TAKEN = N_("There is no field for this.")
NOT_UNDERSTOOD = N_("This line is not written as a contact file should be.")
TOO_LONG = N_("This is too long.")
TOO_MANY = N_("A card holds at most 100 of these.")
NO_PICTURE = N_("There is no picture in it.")
PICTURE_ELSEWHERE = N_("This picture is elsewhere on the internet; it is not fetched from there.")
NO_DATE = N_("This is not a date.")
NOT_A_NUMBER = N_("We cannot read this number; it stays as it is. Please check it.")
NOT_AN_EMAIL = N_("This does not look like an e-mail address. Please check it.")

LONGEST_PHONE = 200

_TEXTS = {
    "FN": "display_name",
    "NICKNAME": "nickname",
    "TITLE": "title",
    "ROLE": "role",
    "X-PHONETIC-FIRST-NAME": "phonetic_given",
    "X-PHONETIC-LAST-NAME": "phonetic_family",
    "PRONOUNS": "pronouns",
}
_LISTS = {"phones": "TEL", "emails": "EMAIL", "addresses": "ADR", "websites": "URL", "links": "X-SOCIALPROFILE"}
_SILENT = {"VERSION", "PRODID", "REV", "UID", "KIND", "X-ABSHOWAS", "X-ABLABEL", "X-ABADR", "CLASS", GAP}


def read_card(properties: Sequence[Property], country: str, left_out: Sequence[LeftOut] = ()) -> ReadCard:
    """Make a card's content of its properties; national numbers are read by `country` (alpha-2)."""
    values = {property.name: property.value.strip() for property in reversed(properties)}
    is_ours = values.get("PRODID") == PRODID
    draft = Draft("" if is_ours else country, is_ours, left_out=list(left_out))
    seen = set()
    for property in properties if is_ours else sorted(properties, key=lambda property: property.rank):
        twin = (property.name, property.params.get("ALTID"))
        if twin in seen and twin[1]:
            draft.leave(property, SECOND)
        else:
            _take(draft, property)
        seen.add(twin)
    is_company = values.get("KIND", "").lower() == "org" or values.get("X-ABSHOWAS", "").upper() == "COMPANY"
    content = _bounded(_content(draft, is_company), draft)
    uid = _uid(values.get("UID", "")) if is_ours else None
    return ReadCard(content, draft.photo, uid, tuple(draft.changed), tuple(draft.doubts), tuple(draft.left_out))


def _take(draft: Draft, property: Property) -> None:
    name = property.name
    if name in _SILENT or name.startswith("X-MS-OL-") or not property.value.strip(" ;"):
        return
    if name in ("PHOTO", "X-MS-CARDPICTURE"):
        _photo(draft, property)
    elif len(property.value) > LONGEST_TEXT:
        draft.leave(property, TOO_LONG)
    elif name in _TEXTS:
        draft.keep(_TEXTS[name], property.line, property)
    elif name in LINK_NAMES:
        _link(draft, property)
    else:
        _TAKERS.get(name, _nothing)(draft, property)


def _say_label(draft: Draft, property: Property) -> None:
    if property.has_own_label:
        draft.left_out.append(LeftOut("X-ABLABEL", property.label[:SHOWN], NOT_TAKEN))


def _nothing(draft: Draft, property: Property) -> None:
    draft.leave(property, NOT_TAKEN)


def _name(draft: Draft, property: Property) -> None:
    if "family" in draft.texts:
        return draft.leave(property, SECOND)
    names = ("family", "given", "additional", "prefix", "suffix")
    draft.texts |= dict(zip(names, map(one_line, property.parts(5)), strict=False))


def _organisation(draft: Draft, property: Property) -> None:
    if "company" in draft.texts:
        return draft.leave(property, SECOND)
    company, *departments = map(one_line, property.parts(1))
    draft.texts |= {"company": company, "department": ", ".join(filter(None, departments))}


def _phone(draft: Draft, property: Property) -> None:
    typed = phone_text(property.value)
    if len(typed) > LONGEST_PHONE:
        return draft.leave(property, TOO_LONG)
    number, kind = typed, property.phone_kind
    if read := read_phone(typed, draft.country):
        number = read.e164 if read.is_doubtful else read.shown  # grouped as for another country, it may not come back
        number += f" ext. {read.extension}" if read.extension else ""
        if _digits(number) != _digits(typed):
            draft.changed.append(Change("phones", typed, number))
    elif not draft.is_ours:
        draft.doubts.append(LeftOut("TEL", typed[:SHOWN], NOT_A_NUMBER))
    draft.phones.append(Phone(number, kind))
    draft.numbers.append(property.value)
    _say_label(draft, property)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _email(draft: Draft, property: Property) -> None:
    typed = property.line
    address = typed[7:] if typed[:7].lower() == "mailto:" else typed
    if address.endswith(">"):
        address = address.rpartition("<")[2][:-1]
    if address != typed:
        draft.changed.append(Change("emails", typed, address))
    if not email_of(address):
        draft.doubts.append(LeftOut("EMAIL", address[:SHOWN], NOT_AN_EMAIL))
    draft.emails.append(Email(address, property.kind))
    _say_label(draft, property)


def _address(draft: Draft, property: Property) -> None:
    box, extended, street, *places = property.parts(7)
    city, region, code, country = map(one_line, places[:4])
    lines = "\n".join(filter(None, (box, extended, street)))
    draft.addresses.append(Address(lines, city, region, code, country, property.kind))
    _say_label(draft, property)


def _label(draft: Draft, property: Property) -> None:
    draft.labels.append(Address(property.text, kind=property.kind))


def _birthday(draft: Draft, property: Property) -> None:
    date = date_text(unescaped(property.value))
    if not date:
        return draft.leave(property, NO_DATE)
    draft.keep("birthday", date, property)


def _note(draft: Draft, property: Property) -> None:
    draft.notes.append(property.text)


def _photo(draft: Draft, property: Property) -> None:
    data = picture(property)
    if data is None:
        return draft.leave(property, PICTURE_ELSEWHERE if "://" in unescaped(property.value[:SHOWN]) else NO_PICTURE)
    if draft.photo:
        return draft.leave(property, SECOND)
    draft.photo = data


def _link(draft: Draft, property: Property) -> None:
    if draft.is_ours:
        draft.own.append(property)
        return
    found = link_of(property, draft.country)
    if isinstance(found, Link):
        draft.links.append(found)
    elif isinstance(found, Website):
        draft.websites.append(found)
    elif found.sort == "email":
        draft.emails.append(Email(found.value, property.kind))
    elif found.sort == "phone":
        draft.phones.append(Phone(found.value, property.phone_kind))
    else:
        draft.leave(property, found.reason)


def _content(draft: Draft, is_company: bool) -> Content:
    texts = draft.texts
    names = {name: texts.get(name, "") for name in ("prefix", "given", "additional", "family", "suffix")}
    company = texts.get("company", "")
    email = draft.emails[0].address if draft.emails else ""
    display = texts.get("display_name") or joined_name(**names) or texts.get("nickname") or company or email
    is_same = bool(company) and part_of(full_name_of(display)) == part_of(company)
    is_company = is_company or (is_same and not any(names.values()))
    if is_company and is_same:
        texts["company"] = ""
    if not any(value for name, value in names.items() if name != "given") and part_of(display) == names["given"]:
        texts["given"] = ""  # a name of one part
    content = Content(
        **texts | {"display_name": display, "is_company": is_company},
        phones=tuple(draft.phones),
        emails=tuple(draft.emails),
        addresses=tuple(draft.addresses or draft.labels),
        websites=tuple(draft.websites),
        links=tuple(draft.links),
        note="\n".join(draft.notes),
    )
    return _own(draft, content) if draft.is_ours else content


def _bounded(content: Content, draft: Draft) -> Content:
    """Leave out what the form of a card has no room for."""
    lists: dict[str, Any] = {}
    for name, tag in _LISTS.items():
        items = getattr(content, name)
        lists[name] = items[:MOST_ITEMS]
        draft.left_out += [LeftOut(tag, astuple(item)[0][:SHOWN], TOO_MANY) for item in items[MOST_ITEMS:]]
    week = tuple(spans[:MOST_SPANS] for spans in content.hours.week)
    days = tuple(replace(day, spans=day.spans[:MOST_SPANS]) for day in content.hours.exceptions[:MOST_ITEMS])
    return replace(content, **lists, hours=Hours(week, days))


def _own(draft: Draft, content: Content) -> Content:
    """Put back where it came from what our writer had no property for."""
    note, said = read_lines(content.note, draft.numbers)
    phones = zip(content.phones, said.extensions, strict=True)
    websites, links = own_links(draft.own[1:])  # the first is the card's own address
    return replace(
        content,
        note=note,
        pronouns=said.pronouns,
        hours=said.hours,
        phones=tuple(replace(phone, number=f"{phone.number} ext. {ext}") if ext else phone for phone, ext in phones),
        websites=tuple(websites),
        links=(*links, *(Link(network, handle) for network, handle in said.names)),
    )


def _uid(value: str) -> UUID | None:
    try:
        return UUID(value.removeprefix("urn:uuid:"))
    except ValueError:
        return None


_TAKERS: dict[str, Callable[[Draft, Property], None]] = {
    "N": _name,
    "ORG": _organisation,
    "TEL": _phone,
    "EMAIL": _email,
    "ADR": _address,
    "LABEL": _label,
    "BDAY": _birthday,
    "NOTE": _note,
}
