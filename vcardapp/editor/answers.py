"""What the editor says back about a form: what is wrong, and how it was understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext
from wtforms import StringField

from vcardapp.cards import links
from vcardapp.cards.content import Address, Content
from vcardapp.cards.forms import KINDS, CardForm, card_form
from vcardapp.cards.phones import read_phone
from vcardapp.editor.sections import hours_in_words, one_line


def errors_of(form: CardForm) -> dict[str, str]:
    """Return the first error of each field by the field's name in the page."""
    return {field.name: str(field.errors[0]) for field in _leaves(form) if field.errors}


def notes_of(form: CardForm) -> dict[str, dict[str, Any]]:
    """Return how numbers and handles were read: text, address to try, and whether they are doubtful."""
    notes: dict[str, dict[str, Any]] = {}
    for row in form.phones:
        number = read_phone(row["number"].data or "", row["country"].data or form.meta.country)
        if number:
            text = gettext("Check this number: it looks unusual.") if number.is_doubtful else ""
            notes[row["number"].name] = {
                "text": text, "shown": number.shown, "href": number.uri, "doubtful": number.is_doubtful
            }
    for link in form.links:
        note = _note_of_link(link["network"].data, link["handle"].data, form.meta.country)
        if note:
            notes[link["handle"].name] = note
    for site in form.websites:
        url = links.safe_url(site["url"].data or "")
        if url:
            notes[site["url"].name] = {"text": "", "shown": "", "href": url, "doubtful": False}
    return notes


def understood(content: Content) -> list[tuple[str, list[str]]]:
    """Return what a content holds, field by field, with the labels of the form."""
    form = card_form(content, "")
    texts = [(field.label.text, [field.data]) for field in form if isinstance(field, StringField) and field.data]
    lists = [
        (gettext("Phones"), [f"{phone.number} ({KINDS[phone.kind]})" for phone in content.phones]),
        (gettext("E-mail"), [email.address for email in content.emails]),
        (gettext("Addresses"), [one_line(*_texts(address)) for address in content.addresses]),
        (gettext("Web sites"), [site.url for site in content.websites]),
        (gettext("Links"), [f"{_name_of(link.network)}: {links.shown(link.network, link.handle)}" for link in content.links]),
        (gettext("Opening hours"), [hours_in_words(content.hours)]),
    ]
    return texts + [(label, values) for label, values in lists if any(values)]


def _name_of(network: str) -> str:
    return gettext(links.NETWORKS[network].name) if network in links.NETWORKS else network


def _texts(address: Address) -> list[str]:
    return [address.street, f"{address.code} {address.city}".strip(), address.region, address.country]


def _note_of_link(network: str, handle: str, country: str) -> dict[str, Any] | None:
    if not handle:
        return None
    try:
        read = links.read_handle(network, handle, country)
    except links.BadHandle:
        return None
    text = gettext("Check this: it looks unusual for this network.") if read.is_doubtful else ""
    address = links.address_of(network, read.value) or ""
    return {"text": text, "shown": links.shown(network, read.value), "href": address, "doubtful": read.is_doubtful}


def _leaves(field: Any) -> Iterator[Any]:
    inner = getattr(field, "form", field)
    try:
        parts = list(inner)
    except TypeError:
        parts = []
    if parts and not hasattr(field, "choices"):
        for part in parts:
            yield from _leaves(part)
    else:
        yield field
