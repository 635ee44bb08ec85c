"""Spans of time that an owner chooses from: minutes, and how people call them."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext, ngettext

HOUR, DAY = 60, 24 * 60
WEEK = 7 * DAY
LENGTHS = (15, 20, 30, 45, 60, 90)
BUFFERS = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120)
NOTICES = (0, 15, 30, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, WEEK, 2 * WEEK)
CUT_OFFS = (0, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, WEEK)
STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120)
ANSWERS = (HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, WEEK)
OFFERS = (30, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY)
REMINDERS = (15, 30, HOUR, 2 * HOUR, 4 * HOUR, DAY, 2 * DAY, WEEK)


def words_of(minutes: int) -> str:
    """Return "45 minutes", "2 hours", "1 hour 30 minutes", "3 days" in the reader's language."""
    if minutes and minutes % DAY == 0:
        return str(ngettext("%(num)d day", "%(num)d days", minutes // DAY))
    hours, rest = divmod(minutes, HOUR)
    if hours and rest:
        hour_words = ngettext("%(num)d hour", "%(num)d hours", hours)
        return str(gettext("%(hours)s %(minutes)s", hours=hour_words, minutes=words_of(rest)))
    if hours:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(ngettext("%(num)d minute", "%(num)d minutes", rest))


def choices_of(spans: Iterable[int], stored: int | None = None, none: str = "") -> list[tuple[int, str]]:
    """Return the choices of a field, with the stored one among them; `none` is what 0 is called."""
    wanted = sorted({*spans, *([] if stored is None else [stored])})
    return [(one, none if one == 0 and none else words_of(one)) for one in wanted]
