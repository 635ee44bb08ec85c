"""What the mails about appointments say: subject and text of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

Letter = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the letters tell of, in the language and by the clock of whoever reads them."""

    what: str  # the type's name
    name: str  # the visitor's
    host: str
    when: str
    short_when: str
    elsewhere: str = ""  # the same by the other's clock, where that shows another time
    place: str = ""
    before: str = ""  # where it was moved from
    reason: str = ""
    until: str = ""  # how long an offer or a request stands
    link: str = ""
    contact: tuple[str, ...] = ()  # the visitor's e-mail and phone, for the host only
    answers: tuple[tuple[str, str], ...] = ()


def booked(facts: Facts) -> Letter:
    return _("Booked: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts, _("your appointment is booked."), _("To cancel or move it, open this link:")
    )


def requested(facts: Facts) -> Letter:
    return _("Asked for: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts,
        _("your request has arrived. The time is kept for you; you get another mail as soon as it is confirmed."),
        _("To take it back, open this link:"),
    )


def moved(facts: Facts) -> Letter:
    return _("Moved: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts, _("your appointment has a new time."), _("To cancel or move it, open this link:")
    )


def cancelled(facts: Facts) -> Letter:
    return _("Cancelled: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts, _("this appointment is cancelled."), _("To find another time, open this link:")
    )


def declined(facts: Facts) -> Letter:
    return _("Not confirmed: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts, _("unfortunately your request could not be confirmed."), _("To find another time, open this link:")
    )


def lapsed(facts: Facts) -> Letter:
    return _("Not answered: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts,
        _("your request was not answered in time, so the time is not kept for you any longer."),
        _("To find another time, open this link:"),
    )


def reminder(facts: Facts) -> Letter:
    return _("Reminder: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts, _("this is a reminder of your appointment."), _("To cancel or move it, open this link:")
    )


def offered(facts: Facts) -> Letter:
    return _("A place is free: %(what)s, %(when)s", what=facts.what, when=facts.short_when), _body(
        facts, _("a place has become free, and it is kept for you."), _("To take it or leave it, open this link:")
    )


def waiting(facts: Facts) -> Letter:
    return _("On the waiting list: %(what)s", what=facts.what), _body(
        facts,
        _("you are on the waiting list. As soon as a place is free you get a mail, and it is kept for you for a while."),
        _("To leave the waiting list, open this link:"),
    )


def host_booked(facts: Facts) -> Letter:
    return _("New: %(what)s, %(name)s, %(when)s", what=facts.what, name=facts.name, when=facts.short_when), _news(
        facts, _("%(name)s has booked an appointment.", name=facts.name)
    )


def host_requested(facts: Facts) -> Letter:
    return _("Please confirm: %(what)s, %(name)s, %(when)s", what=facts.what, name=facts.name, when=facts.short_when), _news(
        facts, _("%(name)s asks for an appointment. Please confirm or decline it:", name=facts.name)
    )


def host_moved(facts: Facts) -> Letter:
    return _("Moved: %(what)s, %(name)s, %(when)s", what=facts.what, name=facts.name, when=facts.short_when), _news(
        facts, _("%(name)s has moved an appointment.", name=facts.name)
    )


def host_cancelled(facts: Facts) -> Letter:
    return _("Cancelled: %(what)s, %(name)s, %(when)s", what=facts.what, name=facts.name, when=facts.short_when), _news(
        facts, _("%(name)s has cancelled an appointment.", name=facts.name)
    )


def host_lapsed(facts: Facts) -> Letter:
    return _("Lapsed: %(what)s, %(name)s, %(when)s", what=facts.what, name=facts.name, when=facts.short_when), _news(
        facts, _("The request of %(name)s was not answered in time and has lapsed.", name=facts.name)
    )


def _body(facts: Facts, opening: str, before_link: str) -> str:
    rows = [*_rows(facts), *([_("Answer by: %(until)s", until=facts.until)] if facts.until else [])]
    return _letter(_("Hello %(name)s,", name=facts.name), opening, rows, before_link, facts.link)


def _news(facts: Facts, opening: str) -> str:
    rows = [*_rows(facts), *facts.contact, *(f"{question}\n{answer}" for question, answer in facts.answers)]
    return _letter(_("Hello,"), opening, rows, _("All appointments:"), facts.link)


def _letter(greeting: str, opening: str, rows: Iterable[str], before_link: str, link: str) -> str:
    return "\n\n".join([greeting, opening, "\n".join(rows), f"{before_link}\n{link}"]) + "\n"


def _rows(facts: Facts) -> list[str]:
    rows = [
        _("What: %(what)s", what=facts.what),
        _("When: %(when)s", when=facts.when) if facts.when else "",
        _("On the other's clock: %(when)s", when=facts.elsewhere) if facts.elsewhere else "",
        _("Before: %(when)s", when=facts.before) if facts.before else "",
        _("With: %(host)s", host=facts.host) if facts.host else "",
        _("Where: %(place)s", place=facts.place) if facts.place else "",
        _("Reason: %(reason)s", reason=facts.reason) if facts.reason else "",
    ]
    return [row for row in rows if row]
