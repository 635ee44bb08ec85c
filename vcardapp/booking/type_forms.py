"""What an owner may type about an appointment type: short where it begins, all the rest folded."""

from __future__ import annotations

import secrets
from typing import Any

from babel.numbers import get_territory_currencies
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from vcardapp.booking import spans
from vcardapp.booking.models import AppointmentType, Host
from vcardapp.booking.opening_rules import content_of
from vcardapp.booking.owner_fields import DayField, picks
from vcardapp.cards.models import Card
from vcardapp.i18n import N_
from vcardapp.store import catalogue, money
from vcardapp.store import service as store
from vcardapp.store.owner_fields import NumberField, PriceField, clean, long_text_field, text_field

COLOURS = (
    ("", N_("None")), ("#cb3408", N_("Orange")), ("#b3261e", N_("Red")), ("#8a5a00", N_("Amber")), ("#1d663a", N_("Green")),
    ("#0f6b78", N_("Teal")), ("#2456a6", N_("Blue")), ("#6a3fa0", N_("Violet")), ("#575047", N_("Grey")),
)  # fmt: skip
PLACES = (
    ("", _l("No place")), ("address", _l("At an address")), ("phone", _l("By phone")), ("video", _l("By video")),
    ("visitor", _l("At the visitor’s")),
)  # fmt: skip
SORTS = (("text", _l("A text")), ("choice", _l("One of several")), ("tick", _l("A tick")))
LONGEST = 24 * 60  # minutes of an appointment
NEVER_ENDS, DAYS, DATES = "always", "days", "dates"


class ManyField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class QuestionForm(Form):
    key = StringField(filters=[clean])
    label = text_field(_l("Question"), 200)
    sort = SelectField(_l("Answered with"), choices=picks(SORTS), default="text")
    choices = long_text_field(_l("Choices, one a line"), 2000)
    required = BooleanField(_l("Has to be answered"))

    def validate_label(self, field: Any) -> None:
        if not field.data and (self.choices.data or self.required.data):
            raise ValidationError(gettext("Please type the question."))

    def validate_choices(self, field: Any) -> None:
        if self.sort.data == "choice" and self.label.data and len(self.lines) < 2:
            raise ValidationError(gettext("Please type at least two choices, each on a line of its own."))
        if len(self.lines) > 30 or any(len(line) > 100 for line in self.lines):
            raise ValidationError(gettext("At most 30 choices, each with at most 100 characters."))

    @property
    def lines(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in (self.choices.data or "").split("\n") if line.strip()))

    def stored(self) -> dict[str, Any]:
        key = self.key.data if self.key.data and self.key.data.isalnum() and len(self.key.data) <= 16 else secrets.token_hex(4)
        choices = self.lines if self.sort.data == "choice" else []
        return {"key": key, "sort": self.sort.data, "label": self.label.data, "required": self.required.data, "choices": choices}


class TypeForm(Form):
    name = text_field(_l("What can be booked?"), 120, InputRequired(_l("Please give it a name.")))
    length = RadioField(_l("How long does it take?"), default="30")
    minutes = NumberField(_l("Minutes"), 1, LONGEST)
    text = long_text_field(_l("What visitors read about it"), 4000)
    price = PriceField(_l("Price"))
    currency = SelectField(_l("Currency"), choices=picks((code, code) for code in sorted(money.CURRENCIES)))
    place_sort = RadioField(_l("Where?"), choices=picks(PLACES), default="")
    place = text_field(_l("Address, number or link"), 500)
    colour = RadioField(_l("Colour in your calendar"), default="")
    picture = StringField(filters=[clean])
    hosts = ManyField(_l("With whom"))
    own_hours = RadioField(
        _l("When?"), choices=picks((("", _l("In the usual hours")), ("own", _l("In hours of its own")))), default=""
    )
    before_minutes = SelectField(_l("Free time before every appointment"), coerce=int, default=0)
    after_minutes = SelectField(_l("Free time after every appointment"), coerce=int, default=0)
    notice_minutes = SelectField(_l("Booked at the latest"), coerce=int, default=120)
    interval_minutes = SelectField(_l("A start every"), coerce=int, default=0)
    window = RadioField(
        _l("How far ahead?"),
        choices=picks(((DAYS, _l("So many days")), (DATES, _l("Between two dates")), (NEVER_ENDS, _l("As far as you like")))),
        default=DAYS,
    )
    window_days = NumberField(_l("Days ahead"), 0, 1000, default="60")
    window_from = DayField(_l("First date"))
    window_until = DayField(_l("Last date"))
    per_day = NumberField(_l("At most so many a day"), 1, 1000)
    seats = NumberField(_l("Places in each time"), 1, 1000, default="1")
    needs_approval = RadioField(
        _l("Who decides?"),
        choices=picks((("", _l("Booked at once")), ("y", _l("You confirm each one")))),
        default="",
    )
    approval_minutes = SelectField(_l("A request without an answer lapses after"), coerce=int, default=2 * spans.DAY)
    questions = FieldList(FormField(QuestionForm), max_entries=20)
    cancel_minutes = SelectField(_l("Visitors may cancel until"), coerce=int, default=0)
    move_minutes = SelectField(_l("Visitors may move it until"), coerce=int, default=0)
    most_moves = NumberField(_l("How often may they move it?"), 0, 100)
    reminders = ManyField(_l("Reminders by mail"), coerce=int)
    waiting_list = BooleanField(_l("Let visitors wait for a place when everything is taken"), default=True)
    offer_minutes = SelectField(_l("A freed place is kept for the next in line for"), coerce=int, default=12 * 60)
    service_id = SelectField(_l("A service of your shop that shows a “Book” button"), default="")
    is_shown = BooleanField(_l("Visitors can book it"), default=True)

    def offer(self, card: Card, hosts: list[Host], kind: AppointmentType | None) -> TypeForm:
        """Fill in what can be chosen; what is stored stays among it."""
        self.length.choices = lengths()
        stored = kind.colour if kind else ""
        known = [(value, gettext(name)) for value, name in COLOURS]
        self.colour.choices = picks(known if stored in dict(known) else [*known, (stored, stored)])
        self.hosts.choices = picks((str(host.id), host.name) for host in hosts)
        services = catalogue.services_of(card, hidden=True) if store.find_shop(card) else []
        self.service_id.choices = picks([("", gettext("None")), *((str(one.id), one.name) for one in services)])
        none, start = gettext("None"), gettext("The start")
        for field, wanted, words in (
            (self.before_minutes, spans.BUFFERS, none), (self.after_minutes, spans.BUFFERS, none),
            (self.notice_minutes, spans.NOTICES, gettext("No notice")), (self.cancel_minutes, spans.CUT_OFFS, start),
            (self.move_minutes, spans.CUT_OFFS, start), (self.approval_minutes, spans.ANSWERS, ""),
            (self.offer_minutes, spans.OFFERS, ""), (self.interval_minutes, (0, *spans.STEPS), gettext("As long as it takes")),
        ):  # fmt: skip
            field.choices = picks(spans.choices_of(wanted, getattr(kind, field.name) if kind else None, words))
        self.reminders.choices = picks(spans.choices_of({*spans.REMINDERS, *(kind.reminders if kind else ())}))
        self.price.currency = self.currency.data if self.currency.data in money.CURRENCIES else "EUR"
        return self

    def fill_in(self, card: Card, hosts: list[Host], kind: AppointmentType | None, offering: list[Host]) -> TypeForm:
        """Show what is stored, or how a new one begins."""
        self.currency.data = kind.currency if kind and kind.currency else currency_of(card)
        self.offer(card, hosts, kind)
        self.hosts.data = [str(host.id) for host in offering]
        if kind is None:
            self.reminders.data = [spans.DAY, spans.HOUR]
            return self
        for name in (
            "name", "text", "place_sort", "place", "colour", "picture", "before_minutes", "after_minutes", "notice_minutes",
            "approval_minutes", "cancel_minutes", "move_minutes", "reminders", "waiting_list", "offer_minutes", "is_shown",
        ):  # fmt: skip
            self[name].data = getattr(kind, name)
        for name in ("seats", "per_day", "most_moves", "window_days"):
            self[name].data = "" if getattr(kind, name) is None else str(getattr(kind, name))
        for name in ("window_from", "window_until"):
            self[name].data = getattr(kind, name).isoformat() if getattr(kind, name) else ""
        self.length.data = str(kind.minutes) if kind.minutes in spans.LENGTHS else "other"
        self.minutes.data = str(kind.minutes)
        self.interval_minutes.data = kind.interval_minutes or 0
        self.price.show(kind.price)
        self.own_hours.data, self.needs_approval.data = "own" * kind.own_hours, "y" * kind.needs_approval
        is_between = kind.window_from or kind.window_until
        self.window.data = DATES if is_between else DAYS if kind.window_days is not None else NEVER_ENDS
        self.service_id.data = str(kind.service_id or "")
        for question in kind.questions:
            self.questions.append_entry({**question, "choices": "\n".join(question.get("choices", ()))})
        return self

    def validate_minutes(self, field: NumberField) -> None:
        if self.length.data == "other" and not field.data:
            raise ValidationError(gettext("Please type how many minutes it takes."))

    def validate_place(self, field: Any) -> None:
        if field.data and self.place_sort.data == "video" and not field.data.startswith("https://"):
            raise ValidationError(gettext("A video link begins with https://. Please copy it as a whole."))
        if not field.data and self.place_sort.data in ("phone", "video"):
            raise ValidationError(gettext("Please type the number or the link, so that visitors find you."))

    def validate_window_days(self, field: NumberField) -> None:
        if self.window.data == DAYS and not field.data:
            raise ValidationError(gettext("Please type how many days."))

    def validate_window_until(self, field: DayField) -> None:
        if self.window.data == DATES and not (self.window_from.data or field.data):
            raise ValidationError(gettext("Please type at least one of the two dates."))
        if self.window.data == DATES and field.day and self.window_from.day and field.day < self.window_from.day:
            raise ValidationError(gettext("The last date is before the first one."))

    def validate_hosts(self, field: ManyField) -> None:
        if len(field.choices or ()) > 1 and not field.data:
            raise ValidationError(gettext("Please choose at least one person."))

    def validate_cancel_minutes(self, field: SelectField) -> None:
        if len(self.reminders.data or ()) > 5:
            raise ValidationError(gettext("At most five reminders."))

    def values(self) -> dict[str, Any]:
        """Return the columns of the type; WTForms has checked them."""
        in_days, in_dates = self.window.data == DAYS, self.window.data == DATES
        amount = self.price.amount
        return {
            "name": self.name.data,
            "minutes": self.minutes.number if self.length.data == "other" else int(self.length.data),
            "text": self.text.data or "",
            "price": amount,
            "currency": self.currency.data if amount is not None else "",
            "place_sort": self.place_sort.data,
            "place": self.place.data if self.place_sort.data not in ("", "visitor") else "",
            "colour": self.colour.data,
            "own_hours": bool(self.own_hours.data),
            "interval_minutes": self.interval_minutes.data or None,
            "window_days": self.window_days.number if in_days else None,
            "window_from": self.window_from.day if in_dates else None,
            "window_until": self.window_until.day if in_dates else None,
            "per_day": self.per_day.number,
            "seats": self.seats.number or 1,
            "needs_approval": bool(self.needs_approval.data),
            "questions": [one.form.stored() for one in self.questions if one.form.label.data],
            "most_moves": self.most_moves.number,
            "reminders": sorted(set(self.reminders.data or ()), reverse=True),
            **{name: self[name].data for name in (
                "before_minutes", "after_minutes", "notice_minutes", "approval_minutes", "cancel_minutes", "move_minutes",
                "waiting_list", "offer_minutes", "is_shown",
            )},
        }  # fmt: skip


def lengths() -> list[SelectChoice]:
    """Return the lengths that are chosen most, and another."""
    return picks([*((str(one), spans.words_of(one)) for one in spans.LENGTHS), ("other", gettext("Another"))])


def currency_of(card: Card) -> str:
    """Return the currency of the card's shop, else of its country."""
    if shop := store.find_shop(card):
        return str(shop.currency)
    country = content_of(card).country
    found = get_territory_currencies(country) if country else []
    return next((one for one in found if one in money.CURRENCIES), "EUR")
