"""What an owner may type about hours: a week, and dates with hours of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField
from wtforms.validators import ValidationError

from vcardapp.booking.opening_rules import Range
from vcardapp.booking.owner_fields import DayField, RangesForm, picks, time_text
from vcardapp.cards.forms import WeekField
from vcardapp.store.owner_fields import text_field

MOST_DAYS = 366


class WeekForm(Form):
    own = RadioField(_l("Which hours?"), default="own")
    week = WeekField(RangesForm)

    def fill_in(self, week: tuple[tuple[Range, ...], ...]) -> WeekForm:
        """Show what is stored."""
        for day, ranges in zip(self.week, week, strict=True):
            _fill(day.form, ranges)
        return self

    def copy_day(self, source: int, days: Sequence[int]) -> None:
        """Let other days have the hours of one, as they are typed."""
        typed = [one.form.data for one in self.week[source].form.spans]
        for day in days:
            spans = self.week[day].form.spans
            while spans.entries:
                spans.pop_entry()
            for one in typed:
                spans.append_entry(one)

    def ranges(self) -> list[list[Range]]:
        return [day.form.ranges for day in self.week]


class DatesForm(RangesForm):
    first = DayField(_l("Date"), needed=True)
    last = DayField(_l("Until, where it is several days"))
    note = text_field(_l("A word for yourself"), 120)
    closed = RadioField(_l("On that date"), choices=picks((("y", _l("Closed")), ("", _l("These hours")))), default="y")

    def fill_in(self, day: date, ranges: tuple[Range, ...], note: str, is_closed: bool) -> DatesForm:
        """Show what is stored of a date."""
        self.first.data, self.note.data, self.closed.data = day.isoformat(), note, "y" if is_closed else ""
        _fill(self, ranges)
        return self

    def validate_last(self, field: DayField) -> None:
        if field.day and self.first.day and field.day < self.first.day:
            raise ValidationError(gettext("The last date is before the first one."))
        if field.day and self.first.day and (field.day - self.first.day).days >= MOST_DAYS:
            raise ValidationError(gettext("At most a year at once."))

    def validate_closed(self, field: RadioField) -> None:
        if not field.data and not self.ranges:
            raise ValidationError(gettext("Please type the hours, or choose “Closed”."))

    @property
    def days(self) -> list[date]:
        first = self.first.day
        if first is None:
            return []
        count = ((self.last.day or first) - first).days + 1
        return [first + timedelta(days=number) for number in range(max(1, min(count, MOST_DAYS)))]


def _fill(form: RangesForm, ranges: tuple[Range, ...]) -> None:
    for start, end in ranges:
        form.spans.append_entry({"start": time_text(start), "end": time_text(end)})
