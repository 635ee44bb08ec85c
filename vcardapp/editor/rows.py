"""The buttons of a form without script: add, move and remove rows of its lists."""

from __future__ import annotations

from typing import Any

from vcardapp.cards.forms import CardForm


def press(form: CardForm, action: str) -> bool:
    """Carry out "up:phones:1", "down:phones:1" or "remove:phones:1" on the form's entries; False if it is none."""
    verb, name, index = _read(action)
    entries = _entries(form, name)
    if entries is None or not 0 <= index < len(entries):
        return False
    if verb == "remove":
        del entries[index]
    elif verb in ("up", "down"):
        other = index + (1 if verb == "down" else -1)
        if 0 <= other < len(entries):
            entries[index], entries[other] = entries[other], entries[index]
    else:
        return False
    return True


def add_row(form: CardForm, name: str, values: dict[str, Any] | None = None) -> bool:
    """Append an empty or filled row to a list of the form; False if there is no such list."""
    field = _field(form, name)
    if field is None or (field.max_entries and len(field.entries) >= field.max_entries):
        return False
    field.append_entry(values or {})
    return True


def blank_form() -> CardForm:
    """Return a form with one empty row in each list: what script copies when it adds one."""
    form = CardForm()
    for name in ("phones", "emails", "addresses", "websites", "links", "exceptions"):
        add_row(form, name)
    return form


def _read(action: str) -> tuple[str, str, int]:
    verb, _, rest = action.partition(":")
    name, _, number = rest.partition(":")
    return verb, name, _index(number)


def _index(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < len("1000") else -1


def _field(form: CardForm, name: str) -> Any:
    if name.startswith(("week-", "exceptions-")):
        parent, _, number = name.partition("-")
        parents: Any = form[parent]
        entries = parents.entries
        index = _index(number.split("-")[0])
        return entries[index].form.spans if 0 <= index < len(entries) else None
    if name == "design-order":
        return form.design.form.order
    if name in ("phones", "emails", "addresses", "websites", "links", "exceptions"):
        return form[name]
    return None


def _entries(form: CardForm, name: str) -> list[Any] | None:
    field = _field(form, name)
    return field.entries if field is not None else None
