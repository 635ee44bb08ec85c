"""What may be sent for the look of a card."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import RangeInput

from vcardapp import colours
from vcardapp.design.design import DOWN, MOST_SECTIONS, PICTURES, Design
from vcardapp.design.themes import PAPER, THEMES

LONGEST_COLOUR = 40  # characters that are shown again of what is no colour
COLOURS = ("accent", "background", "gradient", "text")
OWN = _l("As the theme has it")
HEADERS = {"": OWN, "centred": _l("Centred"), "banner": _l("Banner"), "split": _l("Side by side"), "minimal": _l("Plain")}
STRAIGHT, SOFT = _l("Straight corners"), _l("Soft corners")
PHOTOS = {"": OWN, "square": STRAIGHT, "rounded": SOFT, "circle": _l("Circle"), "arch": _l("Arch")}
BUTTONS = {"": OWN, "square": STRAIGHT, "rounded": SOFT, "pill": _l("Pill"), "outline": _l("Outline")}
TYPES = {"": OWN, "sans": _l("Sans"), "serif": _l("Serif"), "rounded": _l("Round letters"), "mono": _l("Typewriter")}


def _radio(label: Any, choices: Mapping[str, Any]) -> RadioField:
    def known(value: str | None) -> str:
        return value if value and value in choices else ""

    options = [SelectChoice(value, words) for value, words in choices.items()]
    return RadioField(label, choices=options, default="", validate_choice=False, filters=[known])


def _is_colour(_form: Form, field: Any) -> None:
    if field.data and not colours.read(field.data):
        raise ValidationError(_l("This is no colour we can read. Six digits from 0 to f say one, for example #1a7f5a."))


def _colour(label: Any) -> StringField:
    return StringField(label, [_is_colour], filters=[_typed_colour])


def _typed_colour(text: str | None) -> str:
    typed = "".join(filter(str.isprintable, text or "")).strip()
    return colours.read(typed) or typed[:LONGEST_COLOUR]


def _degrees(text: str | int | None) -> str:
    found = str(text)
    return found if found.isascii() and found.isdecimal() and len(found) <= 3 and int(found) < 360 else str(DOWN)


class DesignForm(Form):
    """The look of a card; its fields have the names of Design's, "" leaves it to the theme."""

    theme = _radio(_l("Theme"), {key: _l(theme.name) for key, theme in THEMES.items()})
    accent = _colour(_l("Accent"))
    background = _colour(_l("Background"))
    gradient = _colour(_l("Second background"))
    angle = StringField(_l("Direction"), filters=[_degrees], widget=RangeInput(), default=str(DOWN))
    text = _colour(_l("Text"))
    header = _radio(_l("Top of the card"), HEADERS)
    photo = _radio(_l("Photo"), PHOTOS)
    button = _radio(_l("Buttons"), BUTTONS)
    type = _radio(_l("Letters"), TYPES)
    order = FieldList(HiddenField(), max_entries=MOST_SECTIONS)

    def process(self, *sent: Any, **data: Any) -> None:
        super().process(*sent, **data)
        wished = tuple(dict.fromkeys(entry.data or "" for entry in self.order)) or tuple(self.order.object_data)
        while self.order.entries:
            self.order.pop_entry()
        for key in Design(order=wished).sections():
            self.order.append_entry(key)

    def design(self, base: Design) -> Design:
        """Return what was chosen; pictures, and colours that are none, stay those of `base`."""
        texts = {name: self[name].data for name in ("angle", "header", "photo", "button", "type")}
        chosen = {name: self[name].data for name in COLOURS}
        right = {name: colours.read(text) for name, text in chosen.items() if not text or colours.read(text)}
        theme = self.theme.data if self.theme.data not in ("", _key(base.theme)) else base.theme
        order = tuple(entry.data for entry in self.order)
        if order == base.sections():
            order = base.order
        return Design.from_dict({**dataclasses.asdict(base), **texts, **right, "theme": theme, "order": order})


def fields_of(design: Design) -> dict[str, Any]:
    """Return what the form's fields say of a design."""
    says = {name: value for name, value in dataclasses.asdict(design).items() if name not in PICTURES}
    return {**says, "theme": _key(design.theme), "order": list(design.sections())}


def _key(theme: str) -> str:
    return theme if theme in THEMES else PAPER
