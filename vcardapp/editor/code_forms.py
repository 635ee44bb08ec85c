"""What the designer of a code may be sent: its name, its event, and the style, field by field."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length
from wtforms.widgets import ColorInput, RangeInput

from vcardapp.cards.file_text import one_line
from vcardapp.cards.models import Card, CardEvent
from vcardapp.cards.qr_style import PRESETS, Style, WrongStyle
from vcardapp.i18n import N_

LONGEST_NAME = 60
MOST_INITIALS, MOST_WORDS = 8, 40  # characters, as in the schema of styles
LONGEST_PNG = 280_000  # characters of base64
PRESET_NAMES = {
    "plain": _l("Plain"), "ink": _l("Ink"), "soft": _l("Soft"), "dots": _l("Dots"), "bars": _l("Bars"),
    "navy": _l("Navy"), "forest": _l("Forest"), "wine": _l("Wine"), "sunset": _l("Sunset"), "ocean": _l("Ocean"),
    "graphite": _l("Graphite"),
}  # fmt: skip
CORNERS = {"0": _l("Sharp"), "0.25": _l("Eased"), "0.5": _l("Round")}
PUPILS = {"0": _l("Sharp"), "0.5": _l("Eased"), "1": _l("Round")}
PARTS = {  # a field of the style: the part of the form where it is chosen
    "shape": "shape", "eye_frame": "eyes", "eye_ball": "eyes", "dark": "colour", "gradient": "colour",
    "light": "paper", "page": "paper", "zone": "zone", "logo": "logo", "logo_side": "logo", "frame": "frame",
}  # fmt: skip


def _line(text: str | None) -> str:
    return one_line(text or "")


def _radio(label: Any, choices: Sequence[tuple[str, Any]], default: str) -> RadioField:
    return RadioField(label, choices=[SelectChoice(*choice) for choice in choices], default=default)


def _colour(label: Any, default: str) -> StringField:
    return StringField(label, [Length(max=20)], widget=ColorInput(), default=default)


class NameForm(Form):
    """What a code is called, and where people meet who scan it."""

    name = StringField(
        _l("What is this code for?"),
        [
            InputRequired(_l("Please give it a name, for example Badge or Shop window.")),
            Length(1, LONGEST_NAME, message=_l("A name has between 1 and 60 characters.")),
        ],
        filters=[_line],
    )
    event = SelectField(_l("Event"), default="")

    @classmethod
    def offering(cls, found: Sequence[CardEvent], sent: Any = None) -> Self:
        """Return the form, as sent or empty, with the card's events to choose from."""
        form = cls(sent)
        going_on = [SelectChoice(event.key, event.title) for event in found if not event.ended_at]
        form.event.choices = [SelectChoice("", _l("None")), *going_on]
        return form


class MoveForm(Form):
    """Which card a code leads to from now on."""

    card = RadioField(_l("Your published cards"), validators=[InputRequired(_l("Please choose a card."))])

    @classmethod
    def offering(cls, cards: Sequence[Card], sent: Any = None) -> MoveForm:
        """Return the form, as sent or empty, with these cards to choose from."""
        form = cls(sent)
        form.card.choices = [SelectChoice(str(card.id), card.draft.display_name or card.slug) for card in cards]
        return form


class CodeForm(NameForm):
    """The designer. Its presets are as the code of this address can wear them."""

    presets: Mapping[str, Style] = PRESETS

    preset = RadioField(
        _l("Begin with"),
        choices=[SelectChoice(name, PRESET_NAMES.get(name, name)) for name in PRESETS],
        default="",
        validate_choice=False,  # none is right, too
    )
    was = HiddenField()  # the preset that the page came with: another one is taken as a whole
    shape = _radio(
        _l("Shape of the modules"),
        [("square", _l("Square")), ("soft", _l("Soft")), ("dots", _l("Dots")), ("bars", _l("Bars"))],
        "square",
    )
    eye_frame = _radio(_l("Corners of the eyes"), list(CORNERS.items()), "0")
    eye_ball = _radio(_l("Pupils of the eyes"), list(PUPILS.items()), "0")
    dark = _colour(_l("Colour of the ink"), "#000000")
    gradient = _radio(
        _l("Fading into a second ink"),
        [("", _l("No")), ("linear", _l("Across the code")), ("radial", _l("From the middle"))],
        "",
    )
    to = _colour(_l("Colour of the second ink"), "#1e3a8a")
    angle = StringField(_l("Direction"), [Length(max=5)], widget=RangeInput(), default="45")
    light = _colour(_l("Colour of the paper"), "#ffffff")
    on = _radio(
        _l("What is around it"),
        [("white", _l("White")), ("same", _l("The same colour")), ("other", _l("Another colour"))],
        "white",
    )
    page = _colour(_l("Colour around it"), "#ffffff")
    zone = _radio(_l("Margin"), [("4", _l("Wide")), ("3", _l("Medium")), ("2", _l("Narrow"))], "4")
    logo = _radio(
        _l("In the middle"), [("", _l("Nothing")), ("initials", _l("Initials")), ("picture", _l("Picture"))], ""
    )
    initials = StringField(_l("Initials"), [Length(max=20)], filters=[_line])
    logo_colour = _colour(_l("Colour of the initials"), "#000000")
    logo_png = HiddenField(validators=[Length(max=LONGEST_PNG)])
    logo_side = StringField(_l("Size"), [Length(max=5)], widget=RangeInput(), default="20")
    frame = _radio(_l("Words beside it"), [("", _l("None")), ("below", _l("Below")), ("above", _l("Above"))], "")
    frame_text = StringField(_l("Words"), [Length(max=200)], filters=[_line])
    frame_colour = _colour(_l("Colour of the words"), "#000000")

    def style(self) -> Style:
        """Return the style that the form says; raise WrongStyle. Of a preset just chosen only logo and words are typed."""
        chosen = self.preset.data or ""
        preset = self.presets.get(chosen) if chosen != self.was.data else None
        says: dict[str, Any] = {"logo": self._logo(preset), "frame": self._frame(preset)}
        if says["logo"]:
            says["logo_side"] = _number("logo_side", self.logo_side.data) / 100
        return Style.from_dict((preset.to_dict() if preset else self._typed()) | says)

    def say(self, style: Style) -> None:
        """Let the fields say a style."""
        for name, value in fields_of(style, self.presets).items():
            self[name].data = value

    def take_picture(self, png: bytes) -> None:
        """Put a picture in the middle."""
        self.logo.data, self.logo_png.data = "picture", base64.b64encode(png).decode("ascii")

    def _typed(self) -> dict[str, Any]:
        page = {"white": "#ffffff", "same": self.light.data}.get(self.on.data, self.page.data)
        gradient = {"to": self.to.data, "kind": self.gradient.data, "angle": int(_number("gradient", self.angle.data))}
        return {
            "shape": self.shape.data,
            "eye_frame": _number("eye_frame", self.eye_frame.data),
            "eye_ball": _number("eye_ball", self.eye_ball.data),
            "dark": self.dark.data,
            "gradient": gradient if self.gradient.data else None,
            "light": self.light.data,
            "page": page,
            "zone": int(_number("zone", self.zone.data)),
        }

    def _logo(self, preset: Style | None) -> dict[str, Any] | None:
        if self.logo.data == "picture":
            if not self.logo_png.data:
                raise WrongStyle("logo", N_("Please choose a picture."))
            return {"kind": "picture", "png": self.logo_png.data}
        if self.logo.data == "initials":
            if not self.initials.data or len(self.initials.data) > MOST_INITIALS:
                raise WrongStyle("logo", N_("Please type the initials, up to 8 characters."))
            colour = preset.dark if preset else self.logo_colour.data
            return {"kind": "initials", "text": self.initials.data, "colour": colour}
        return None

    def _frame(self, preset: Style | None) -> dict[str, Any] | None:
        if not self.frame.data:
            return None
        if not self.frame_text.data or len(self.frame_text.data) > MOST_WORDS:
            raise WrongStyle("frame", N_("Please type the words, up to 40 characters."))
        colour = preset.dark if preset else self.frame_colour.data
        return {"text": self.frame_text.data, "place": self.frame.data, "colour": colour}


def fields_of(style: Style, presets: Mapping[str, Style]) -> dict[str, str]:
    """Return what the designer's fields say of a style; of a logo or words that it has not, the colour they would begin with."""
    says = style.to_dict()
    gradient, logo, frame = says["gradient"] or {}, says["logo"] or {}, says["frame"] or {}
    found = _looks(says) | {"logo": logo.get("kind", ""), "frame": frame.get("place", "")}
    same = (name for name, preset in presets.items() if _looks(preset.to_dict()) == _looks(says))
    found["preset"] = found["was"] = next(same, "")
    found |= {"to": gradient["to"], "angle": str(gradient["angle"])} if gradient else {}
    found |= {"logo_colour": says["dark"], "frame_colour": says["dark"]}  # where nobody has chosen one
    found |= {"initials": logo["text"], "logo_colour": logo["colour"]} if logo.get("kind") == "initials" else {}
    found |= {"logo_png": logo["png"]} if logo.get("kind") == "picture" else {}
    found |= {"logo_side": f"{says['logo_side'] * 100:g}"} if logo else {}
    found |= {"frame_text": frame["text"], "frame_colour": frame["colour"]} if frame else {}
    return found


def _looks(says: dict[str, Any]) -> dict[str, str]:
    """Return the fields that a preset decides."""
    on = "white" if says["page"] == "#ffffff" else "same" if says["page"] == says["light"] else "other"
    return {
        "shape": says["shape"],
        "eye_frame": _nearest(says["eye_frame"], CORNERS),
        "eye_ball": _nearest(says["eye_ball"], PUPILS),
        "dark": says["dark"],
        "gradient": says["gradient"]["kind"] if says["gradient"] else "",
        "light": says["light"],
        "on": on,
        "page": says["page"],
        "zone": str(says["zone"]),
    }


def _nearest(radius: float, choices: dict[str, Any]) -> str:
    return min(choices, key=lambda choice: abs(float(choice) - radius))


def _number(field: str, text: str | None) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", text or ""):
        raise WrongStyle(field, N_("This is not a number."))
    return float(text or 0)
