"""Fields of the owner's forms of booking: times of day, dates, ranges of hours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from vcardapp.store.owner_fields import clean

DAY = 24 * 60
MOST_RANGES = 6
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?", re.A)


def plain_digits(text: str) -> str:
    """Return a text with the digits of any script as those of ASCII."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


class TimeField(StringField):
    """A time of day; `minutes` is 0..1440, None where nothing can be read."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, filters=[clean], **options)

    @property
    def minutes(self) -> int | None:
        found = _TIME.fullmatch(plain_digits(self.data or ""))
        minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else DAY + 1
        return minutes if minutes <= DAY else None

    def pre_validate(self, form: BaseForm) -> None:
        if self.data and self.minutes is None:
            raise ValidationError(gettext("Please type a time such as 09:30."))


class DayField(StringField):
    """A date; `day` is None where nothing can be read."""

    def __init__(self, label: Any, *, needed: bool = False, **options: Any) -> None:
        super().__init__(label, filters=[clean], **options)
        self.needed = needed

    @property
    def day(self) -> date | None:
        try:
            day = date.fromisoformat(plain_digits(self.data or ""))
        except ValueError:
            return None
        return day if 1990 <= day.year <= 2200 else None

    def pre_validate(self, form: BaseForm) -> None:
        if (self.data or self.needed) and self.day is None:
            raise ValidationError(gettext("Please type a date such as 2027-03-31."))


class RangeForm(Form):
    start = TimeField(_l("From"))
    end = TimeField(_l("to"))

    def validate_start(self, field: TimeField) -> None:
        if self.end.data and not field.data:
            raise ValidationError(gettext("When does it begin?"))

    def validate_end(self, field: TimeField) -> None:
        if self.start.data and not field.data:
            raise ValidationError(gettext("When does it end?"))
        if field.data and field.minutes and field.minutes == self.start.minutes:
            raise ValidationError(gettext("It ends when it begins. For a whole day type 00:00 twice."))


class RangesForm(Form):
    spans = FieldList(FormField(RangeForm), max_entries=MOST_RANGES)

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Return the ranges in minutes, empty rows left out; a midnight as an end is 24:00."""
        pairs = [(one.form.start.minutes, one.form.end.minutes) for one in self.spans]
        return [(start % DAY, end or DAY) for start, end in pairs if start is not None and end is not None]


def picks(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return choices of a field from values and their words."""
    return [SelectChoice(value, words) for value, words in pairs]


def time_text(minutes: int) -> str:
    """Return minutes as a time field holds them: browsers know no 24:00."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
