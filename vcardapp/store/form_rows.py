"""Forms with lists of rows: what was sent is read safely, and rows are added, moved and removed without script."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField

F = TypeVar("F", bound=Form)
_FIELD_NAME = re.compile(r"([a-z_]+|\d{1,3})(-([a-z_]+|\d{1,3}))*", re.A)


def named(sent: MultiDict[str, str]) -> MultiDict[str, str] | None:
    """Return what was sent under names of ours, None for nothing: WTForms gives int() what stands where a row's number should."""
    return MultiDict([(name, text) for name, text in sent.items(multi=True) if _FIELD_NAME.fullmatch(name)]) if sent else None


def pressed(form: F, action: str) -> F | None:
    """Carry out "add:options", "up:options-0-choices:1", "down:…" or "remove:…" and return the form anew; None if it is none."""
    verb, _, rest = action.partition(":")
    name, _, number = rest.partition(":")
    rows = _find(form, name)
    if rows is None or verb not in ("add", "up", "down", "remove"):
        return None
    if verb == "add":
        if not rows.max_entries or len(rows.entries) < rows.max_entries:
            rows.append_entry()
    else:
        index = int(number) if re.fullmatch(r"\d{1,3}", number, re.A) else -1
        if not 0 <= index < len(rows.entries):
            return None
        other = index + {"up": -1, "down": 1}.get(verb, 0)
        if verb == "remove":
            del rows.entries[index]
        elif 0 <= other < len(rows.entries):
            rows.entries[index], rows.entries[other] = rows.entries[other], rows.entries[index]
    return type(form)(values_of(form))


def values_of(form: Form) -> MultiDict[str, str]:
    """Return a form's values under the names that its fields would have now, after rows have moved."""
    values: MultiDict[str, str] = MultiDict()
    _collect(form.data, "", values)
    return values


def _find(form: Form, name: str) -> FieldList[Any] | None:
    found: Any = form
    for part in name.split("-"):
        if isinstance(found, Form) and part in found:
            found = found[part]
        elif isinstance(found, FieldList) and re.fullmatch(r"\d{1,3}", part, re.A) and int(part) < len(found.entries):
            found = found.entries[int(part)]
            found = found.form if isinstance(found, FormField) else found
        else:
            return None
    return found if isinstance(found, FieldList) else None


def _collect(data: Any, prefix: str, values: MultiDict[str, str]) -> None:
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        name = f"{prefix}-{key}" if prefix else str(key)
        if isinstance(value, dict | list):
            _collect(value, name, values)
        elif value is True:
            values.add(name, "y")
        elif value not in (False, None):
            values.add(name, str(value))
