"""What booking does by itself, each minute and each hour."""

from __future__ import annotations

from vcardapp.booking import busy, reminders, service, set_up, waiting


def each_minute() -> None:
    """Let lapse what was not answered, remind of what is near, fetch imported calendars."""
    service.lapse_due()
    reminders.send_reminders()
    busy.refresh_due()


def sweep() -> None:
    """Offer free places to those who wait, and forget what belongs to erased cards."""
    waiting.sweep()
    set_up.sweep()
