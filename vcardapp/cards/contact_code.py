"""A contact as the text of a QR code, for places without a network: a minimal vCard 3.0, and what it leaves out."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from vcardapp.cards.contact import Contact, KeptPhone
from vcardapp.cards.folds import escaped
from vcardapp.i18n import N_

ABOUT = 200  # bytes that a code of a readable size holds
MOST = 250
LEFT_OUT = {  # in the order they are said in
    "title": N_("title"),
    "company": N_("company"),
    "department": N_("department"),
    "role": N_("role"),
    "nickname": N_("nickname"),
    "phonetic": N_("how the name sounds"),
    "phones": N_("further phone numbers"),
    "emails": N_("further e-mail addresses"),
    "addresses": N_("postal addresses"),
    "urls": N_("web sites and networks"),
    "birthday": N_("birthday"),
    "note": N_("note"),
    "photo": N_("photo"),
}


class ContactTooLong(Exception):
    """Name, number, e-mail and address alone are more than a code can hold that still reads well."""


class ContactText(NamedTuple):
    text: str
    left_out: tuple[str, ...]  # keys of LEFT_OUT


def contact_text(contact: Contact, url: str) -> ContactText:
    """Return what the code holds: name, company, title, a number, an e-mail, and the card at `url`, its short address.

    Title and company go if it would be more than ABOUT bytes, FN at the last; raise ContactTooLong beyond MOST.
    """
    fitted = contact
    for field in ("title", "company"):
        if _size(_written(fitted, url)) > ABOUT:
            fitted = dataclasses.replace(fitted, **{field: ""})  # type: ignore[arg-type]
    text = _written(fitted, url)
    if _size(text) > MOST and not contact.is_company:
        text = _written(fitted, url, with_fn=False)
    if _size(text) > MOST:
        raise ContactTooLong
    return ContactText(text, tuple(name for name in LEFT_OUT if _is_left_out(name, contact, fitted)))


def _written(contact: Contact, url: str, *, with_fn: bool = True) -> str:
    names = [contact.family, contact.given, contact.additional, contact.prefix, contact.suffix]
    lines = ["BEGIN:VCARD", "VERSION:3.0", "N:" + ";".join(map(escaped, names))]
    if with_fn:
        lines.append(f"FN:{escaped(contact.display_name)}")
    if contact.company and not (contact.is_company and contact.company == contact.display_name):
        lines.append(f"ORG:{escaped(contact.company)}")
    if contact.title:
        lines.append(f"TITLE:{escaped(contact.title)}")
    if phone := _best(contact.phones):
        lines.append(f"TEL;TYPE={phone.types[0]}:{phone.number}")
    lines += [f"EMAIL:{email.address}" for email in contact.emails[:1]]
    return "\n".join([*lines, f"URL:{url}", "END:VCARD", ""])


def _best(phones: tuple[KeptPhone, ...]) -> KeptPhone | None:
    """Return the first mobile number, else the first that is no fax."""
    voices = [phone for phone in phones if "FAX" not in phone.types]
    return next((phone for phone in voices if "CELL" in phone.types), voices[0] if voices else None)


def _is_left_out(name: str, contact: Contact, fitted: Contact) -> bool:
    match name:
        case "title" | "company":
            return bool(getattr(contact, name) != getattr(fitted, name))
        case "phones":
            return len(contact.phones) > (_best(contact.phones) is not None)
        case "emails":
            return len(contact.emails) > 1
        case "phonetic":
            return bool(contact.phonetic_given or contact.phonetic_family)
    return bool(getattr(contact, name))


def _size(text: str) -> int:
    return len(text.encode())
