"""What may be sent besides the card itself: who publishes, how a picture is cut, where people met."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import DecimalRangeField, EmailField, Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from vcardapp.cards import checks
from vcardapp.cards.file_text import one_line
from vcardapp.images import Crop

RATIOS = {"photo": 1.0, "cover": 2.0, "favicon": 1.0}  # width to height; the others keep their own


class PublisherForm(Form):
    """E-mail and password of somebody who publishes a first card, or already has an account."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Please type your e-mail address.")), Length(max=checks.LONGEST_EMAIL), checks.email],
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "username", "maxlength": 254},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Please type a password.")), Length(max=200, message=_l("This password is too long."))],
        render_kw={"autocomplete": "new-password"},
    )


def _number(number: Decimal | None) -> Decimal | None:
    return number if number is not None and number.is_finite() else None


class CropForm(Form):
    """Which part of a picture is shown, as hundredths: the size of the part, and where its middle lies."""

    size = DecimalRangeField(_l("Size"), [NumberRange(5, 100)], filters=[_number], default=Decimal(100))
    x = DecimalRangeField(_l("From side to side"), [NumberRange(0, 100)], filters=[_number], default=Decimal(50))
    y = DecimalRangeField(_l("Up and down"), [NumberRange(0, 100)], filters=[_number], default=Decimal(50))

    def crop(self, width: int, height: int, ratio: float) -> Crop:
        """Return the part of a picture of this size, `ratio` as wide as high, that fits inside it."""
        widest = min(1.0, height * ratio / width)
        part_width = widest * float(self.size.data or 100) / 100
        part_height = min(1.0, part_width * width / ratio / height)
        x = (1 - part_width) * float(self.x.data or 0) / 100
        y = (1 - part_height) * float(self.y.data or 0) / 100
        return Crop(x=x, y=y, width=part_width, height=part_height)


def _line(text: str | None) -> str:
    return one_line(text or "")


class EventForm(Form):
    """Where people meet."""

    title = StringField(
        _l("What is it called?"),
        [
            InputRequired(_l("Please give it a name, for example Expo 26.")),
            Length(1, 120, message=_l("A name has between 1 and 120 characters.")),
        ],
        filters=[_line],
    )
    place = StringField(
        _l("Where is it?"),
        [Length(max=120, message=_l("This is too long: at most %(max)d characters."))],
        filters=[_line],
    )
    held_on = StringField(_l("Which day?"), [Optional(), checks.date], filters=[_line])

    def day(self) -> date | None:
        """Return the day of a form that is right."""
        return date.fromisoformat(self.held_on.data) if self.held_on.data else None
