"""What booking does by itself, each minute and each hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vcardapp.booking import busy, reminders, service, set_up, waiting


def each_minute() -> Sequence[Callable[[], object]]:
    """Return what lets lapse what was not answered, reminds of what is near, and fetches imported calendars."""
    return service.lapse_due, reminders.send_reminders, busy.refresh_due


def sweep() -> None:
    """Offer free places to those who wait, and forget what belongs to erased cards."""
    try:
        waiting.sweep()
    finally:
        set_up.sweep()
