"""The owner's short forms: the first type, and the settings of booking as a whole."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, FormField, RadioField
from wtforms.validators import InputRequired, ValidationError

from vcardapp.booking import spans
from vcardapp.booking.opening_rules import content_of
from vcardapp.booking.owner_fields import RangeForm, picks
from vcardapp.booking.owner_views import weekdays
from vcardapp.booking.type_forms import LONGEST, ManyField, lengths
from vcardapp.cards.hours import has_hours
from vcardapp.cards.models import Card
from vcardapp.store.owner_fields import NumberField, long_text_field, text_field

CARD_HOURS, THESE_HOURS = "card", "these"


class BeginForm(Form):
    """What fits on one screen of a phone: a name, a length, the hours."""

    name = text_field(_l("What can be booked?"), 120, InputRequired(_l("Please give it a name.")))
    length = RadioField(_l("How long does it take?"), default="30")
    minutes = NumberField(_l("Minutes"), 1, LONGEST)
    hours = RadioField(
        _l("When?"),
        choices=picks(((CARD_HOURS, _l("In the opening hours of the card")), (THESE_HOURS, _l("In these hours")))),
        default=CARD_HOURS,
    )
    days = ManyField(_l("Days"), coerce=int, default=[0, 1, 2, 3, 4])
    times = FormField(RangeForm)

    def offer(self, card: Card) -> None:
        """Fill in what can be chosen; a card without opening hours has nothing to go by."""
        self.length.choices = lengths()
        self.days.choices = picks((day, names[1]) for day, names in enumerate(weekdays()))
        times = self.times.form
        times.start.data, times.end.data = times.start.data or "09:00", times.end.data or "17:00"
        if not has_hours(content_of(card).hours):
            self.hours.choices = picks([(THESE_HOURS, gettext("In these hours"))])
            self.hours.data = THESE_HOURS

    def validate_minutes(self, field: NumberField) -> None:
        if self.length.data == "other" and not field.data:
            raise ValidationError(gettext("Please type how many minutes it takes."))

    def validate_days(self, field: ManyField) -> None:
        if self.hours.data == THESE_HOURS and not field.data:
            raise ValidationError(gettext("Please choose at least one day."))

    @property
    def chosen_minutes(self) -> int:
        return (self.minutes.number or 30) if self.length.data == "other" else int(self.length.data)

    @property
    def week(self) -> list[list[tuple[int, int]]]:
        start, end = self.times.form.start.minutes or 0, self.times.form.end.minutes or spans.DAY
        return [[(start % spans.DAY, end)] if day in (self.days.data or ()) else [] for day in range(7)]


class SettingsForm(Form):
    is_open = BooleanField(_l("Visitors can book"))
    intro = long_text_field(_l("A word above what can be booked"), 2000)
    shows_next_times = BooleanField(_l("Show the next free times on the card"))
