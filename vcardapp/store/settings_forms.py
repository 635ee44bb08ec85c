"""What a seller may send about the shop: name and number, deliveries, hours, checkout, message, accounts to be paid at."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from vcardapp.cards import checks
from vcardapp.cards.content import MOST_ITEMS, MOST_SPANS, Hours, Span, SpecialDay
from vcardapp.cards.file_text import birthday_of
from vcardapp.cards.forms import WeekField
from vcardapp.store import money, payments
from vcardapp.store.catalogue_checks import new_id
from vcardapp.store.delivery import KINDS, MOST_AREAS, MOST_WAYS, Area, Delivery
from vcardapp.store.message_words import WORDS
from vcardapp.store.models import ASKS, Shop
from vcardapp.store.numbers import read_shop_number
from vcardapp.store.owner_fields import NumberField, PriceField, clean, long_text_field, named_in, text_field
from vcardapp.store.typed_prices import price_text

ASKED = {"off": _l("Not asked"), "optional": _l("May be left empty"), "required": _l("Has to be filled in")}
ASK_LABELS = {"name": _l("Name"), "phone": _l("Phone"), "email": _l("E-mail"), "note": _l("Note")}
DELIVERY_KINDS = {"pick-up": _l("Pick-up"), "delivery": _l("Delivery"), "table": _l("At the table")}
PAY_LABELS = {
    "epc": {"name": _l("Name of the account’s holder"), "iban": _l("IBAN"), "bic": _l("BIC (only where your bank wants it)")},
    "upi": {"vpa": _l("UPI address"), "name": _l("Name of the payee")},
    "pix": {"key": _l("Pix key"), "name": _l("Name of the payee"), "city": _l("City")},
    "promptpay": {"target": _l("Phone number, national ID or e-wallet")},
}
PAY_FAULTS = {
    "name": _l("Please type the name of the payee."),
    "iban": _l("This is no IBAN: please compare it with your bank card, digit by digit."),
    "bic": _l("This is no BIC. It looks like DEUTDEFF."),
    "vpa": _l("This is no UPI address. It looks like name@bank."),
    "key": _l("This is no Pix key: a CPF, CNPJ, phone number, e-mail address or random key."),
    "city": _l("Please type the city."),
    "target": _l("This is no PromptPay number."),
}


class BasicsForm(Form):
    is_open = BooleanField(_l("Take orders"))
    title = text_field(_l("Name of the shop"), 120)
    whatsapp = text_field(_l("WhatsApp number"), 80)
    currency = SelectField(_l("Currency"), validate_choice=False)
    shows_decimals = BooleanField(_l("Show the decimals of whole prices"))
    country = ""

    def offer(self, country: str) -> BasicsForm:
        """List the currencies; read national numbers by a country."""
        self.country = country
        language = str(get_locale() or "en")
        found = [(code, money.currency_name(code, language)) for code in money.CURRENCIES]
        found.sort(key=lambda one: one[1].casefold())
        self.currency.choices = [SelectChoice(code, f"{name} ({code})") for code, name in found]
        return self

    def validate_currency(self, field: Field) -> None:
        if field.data not in money.CURRENCIES:
            raise ValidationError(gettext("Please choose one of these."))

    def validate_whatsapp(self, field: Field) -> None:
        if field.data and read_shop_number(field.data, self.country) is None:
            words = gettext("This is not a phone number we can read. Add the country code, for example +33 6 12 34 56 78.")
            raise ValidationError(words)


class AreaForm(Form):
    id = HiddenField(filters=[clean])
    name = text_field(_l("Area"), 40, named_in)
    fee = PriceField(_l("Fee"))
    free_from = PriceField(_l("Free from"))
    minimum = PriceField(_l("Minimum"))

    def area(self) -> Area:
        known = self.id.data or new_id()
        return Area(known, self.name.data or "", self.fee.amount or 0, self.free_from.amount, self.minimum.amount)


class WayForm(Form):
    id = HiddenField(filters=[clean])
    kind = SelectField(
        _l("Kind"), choices=[SelectChoice(*one) for one in DELIVERY_KINDS.items()], default="pick-up",
        validate_choice=False, filters=[lambda value: value if value in KINDS else "pick-up"],
    )  # fmt: skip
    hidden = BooleanField(_l("Hide"))
    name = text_field(_l("Name"), 40)
    fee = PriceField(_l("Fee"))
    free_from = PriceField(_l("Free from"))
    minimum = PriceField(_l("Minimum order"))
    needs_address = BooleanField(_l("The buyer has to type an address"))
    areas = FieldList(FormField(AreaForm), max_entries=MOST_AREAS)

    def way(self) -> Delivery:
        return Delivery(
            id=self.id.data or new_id(),
            kind=self.kind.data,
            name=self.name.data or "",
            fee=self.fee.amount or 0,
            free_from=self.free_from.amount,
            minimum=self.minimum.amount or 0,
            areas=tuple(one.form.area() for one in self.areas if one.form.name.data),
            needs_address=self.needs_address.data,
            is_off=self.hidden.data,
        )


class DeliveriesForm(Form):
    ways = FieldList(FormField(WayForm), max_entries=MOST_WAYS)

    def deliveries(self) -> tuple[Delivery, ...]:
        """Return the ways that were typed, each with an id of its own."""
        found: dict[str, Delivery] = {}
        for row in self.ways:
            way = row.form.way()
            found.setdefault(way.id if len(way.id) <= 16 else new_id(), way)
        return tuple(found.values())

    @classmethod
    def of(cls, shop: Shop) -> DeliveriesForm:
        """Return the form filled with a shop's ways of delivery."""

        def shown(amount: int | None) -> str:
            return price_text(amount, shop.currency, str(get_locale() or "en"))

        rows = [
            {
                "id": way.id, "kind": way.kind, "name": way.name, "fee": shown(way.fee or None),
                "free_from": shown(way.free_from), "minimum": shown(way.minimum or None),
                "needs_address": way.needs_address, "hidden": way.is_off,
                "areas": [
                    {"id": area.id, "name": area.name, "fee": shown(area.fee), "free_from": shown(area.free_from),
                     "minimum": shown(area.minimum)}
                    for area in way.areas
                ],
            }
            for way in shop.deliveries
        ]  # fmt: skip
        return cls(data={"ways": rows})


class SpanForm(Form):
    start = text_field(_l("From"), 20, checks.time)
    end = text_field(_l("to"), 20, checks.time)


class DayForm(Form):
    spans = FieldList(FormField(SpanForm), min_entries=1, max_entries=MOST_SPANS)

    def times(self) -> tuple[Span, ...]:
        rows = [(checks.minutes(one.form.start.data), checks.minutes(one.form.end.data)) for one in self.spans]
        return tuple(Span(start, end) for start, end in rows if start and end)


class SpecialDayForm(DayForm):
    date = text_field(_l("Date"), 10)
    note = text_field(_l("Note"), 100)

    def validate_date(self, field: Field) -> None:
        if field.data and (field.data.startswith("--") or birthday_of(field.data) != field.data):
            raise ValidationError(gettext("Please choose a date. It looks like 2026-12-24."))


class HoursForm(Form):
    whose = RadioField(
        _l("Hours"), default="card", validate_choice=False, filters=[lambda value: value if value == "own" else "card"],
        choices=[SelectChoice("card", _l("The card’s opening hours")), SelectChoice("own", _l("Hours of its own"))],
    )  # fmt: skip
    takes_ahead = BooleanField(_l("Take orders for the next opening while it is closed"))
    week = WeekField(DayForm)
    exceptions = FieldList(FormField(SpecialDayForm), max_entries=MOST_ITEMS)

    def hours(self) -> Hours | None:
        """Return the shop's own hours, None where the card's count."""
        if self.whose.data != "own":
            return None
        days = (SpecialDay(one.form.date.data or "", one.form.times(), one.form.note.data or "") for one in self.exceptions)
        return Hours(tuple(day.form.times() for day in self.week), tuple(day for day in days if day.date))

    @classmethod
    def of(cls, shop: Shop, hours: Hours) -> HoursForm:
        """Return the form filled with the shop's hours, the card's where it has none."""

        def rows(spans: tuple[Span, ...]) -> list[dict[str, str]]:
            return [{"start": span.start, "end": span.end} for span in spans] or [{}]

        known = shop.own_hours or hours
        week = [{"spans": rows(spans)} for spans in known.week]
        special = [{"date": day.date, "note": day.note, "spans": rows(day.spans)} for day in known.exceptions]
        own = "own" if shop.own_hours else "card"
        return cls(data={"whose": own, "takes_ahead": shop.takes_ahead, "week": week, "exceptions": special})


def _asked(name: str) -> SelectField:
    choices = [SelectChoice(*one) for one in ASKED.items()]
    default = ASKS[name]
    known = [lambda value: value if value in ASKED else default]
    return SelectField(ASK_LABELS[name], choices=choices, default=default, validate_choice=False, filters=known)


class CheckoutForm(Form):
    name = _asked("name")
    phone = _asked("phone")
    email = _asked("email")
    note = _asked("note")
    order_email = text_field(_l("Mails about orders go to"), checks.LONGEST_EMAIL, checks.email)
    lapse_hours = NumberField(_l("Hours until an order lapses without an answer"), 0, 24 * 60)


class MessageForm(Form):
    language = SelectField(_l("Language of the message"), validate_choice=False)
    header = long_text_field(_l("Before the order"), 200)
    footer = long_text_field(_l("After the order"), 200)

    def offer(self) -> MessageForm:
        """List the languages that messages speak."""
        shown = str(get_locale() or "en")
        choices = []
        for code in WORDS:
            locale = money.locale_of(code)
            name = locale.get_display_name(code) or code
            here = locale.get_display_name(shown) or code
            choices.append(SelectChoice(code, name if name == here else f"{name} ({here})"))
        self.language.choices = choices
        return self

    def validate_language(self, field: Field) -> None:
        if field.data not in WORDS:
            raise ValidationError(gettext("Please choose one of these."))


def pay_form(currency: str) -> type[Form]:
    """Return the form with the accounts that codes in a currency are made for, and the words about paying."""
    parts: dict[str, Any] = {}
    for kind in payments.kinds_for(currency):
        for field, label in PAY_LABELS[kind].items():
            parts[f"{kind}_{field}"] = text_field(label, 140)
    parts["words"] = long_text_field(_l("How to pay, in your words"), 500)
    return type("PayForm", (Form,), parts)


def accounts_in(form: Form, currency: str) -> dict[str, dict[str, str]]:
    """Return the accounts that were typed; what is wrong with one is put beside its field."""
    found: dict[str, dict[str, str]] = {}
    for kind in payments.kinds_for(currency):
        account = {field: form[f"{kind}_{field}"].data for field in payments.FIELDS[kind]}
        if any(account.values()):
            found[kind] = account
        if wrong := payments.fault_of(kind, account):
            form[f"{kind}_{wrong}"].errors = [str(PAY_FAULTS[wrong])]
    if form["words"].data:
        found["text"] = {"text": form["words"].data}
    return found
