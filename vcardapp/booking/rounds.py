"""What booking does by itself, each minute and each hour."""

from __future__ import annotations

import logging

from vcardapp.booking import busy, reminders, service, set_up, waiting
from vcardapp.db import db

logger = logging.getLogger(__name__)


def each_minute() -> None:
    """Let lapse what was not answered, remind of what is near, fetch imported calendars; one does not stop the others."""
    for work in (service.lapse_due, reminders.send_reminders, busy.refresh_due):
        try:
            work()
        except Exception:
            logger.exception("Booking's round was broken off: %s", work.__name__)
            db.session.rollback()


def sweep() -> None:
    """Offer free places to those who wait, and forget what belongs to erased cards."""
    waiting.sweep()
    set_up.sweep()
