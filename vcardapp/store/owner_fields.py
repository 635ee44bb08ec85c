"""Fields of the seller's forms: cleaned texts, prices in the shop's currency, whole numbers in any digits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import Length, ValidationError

from vcardapp.store.models import Shop
from vcardapp.store.money import NotAnAmount
from vcardapp.store.typed_prices import difference_text, price_text, read_difference, read_price

LONGEST_TYPED = 40  # characters of a price or number


def clean(value: str | None) -> str:
    """Drop what no database takes; line ends become one kind."""
    text = (value or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "ignore").decode().strip()


def text_field(label: Any, most: int, *more: Any, **options: Any) -> StringField:
    longest = Length(max=most, message=_l("This is too long: at most %(max)d characters."))
    return StringField(label, [longest, *more], filters=[clean], **options)


def long_text_field(label: Any, most: int, **options: Any) -> TextAreaField:
    longest = Length(max=most, message=_l("This is too long: at most %(max)d characters."))
    return TextAreaField(label, [longest], filters=[clean], **options)


def named_in(form: Form, field: Field) -> None:
    """Want a name as soon as its row says anything."""
    if not field.data and any(one.data for one in form if one is not field and not isinstance(one.data, bool)):
        raise ValidationError(gettext("Please give it a name."))


class PriceField(StringField):
    """A price as it was typed; `amount` is what it says in minor units, None where nothing was typed."""

    currency = "EUR"
    needed = False
    signed = False

    def __init__(self, label: Any, *, needed: bool = False, signed: bool = False, **options: Any) -> None:
        super().__init__(label, filters=[clean], **options)
        self.needed, self.signed = needed, signed

    @property
    def amount(self) -> int | None:
        read = read_difference if self.signed else read_price
        return read(self.data, self.currency, str(get_locale())) if self.data else None

    def pre_validate(self, form: BaseForm) -> None:
        if not self.data and self.needed:
            raise ValidationError(gettext("Please type a price. 0 means that it costs nothing."))
        try:
            if len(self.data or "") > LONGEST_TYPED:
                raise NotAnAmount(self.data)
            self.amount  # noqa: B018 - raises where nothing can be read
        except NotAnAmount as problem:
            example = price_text(1250, self.currency, str(get_locale()))
            words = gettext("This is no price that we can read. It looks like %(example)s.", example=example)
            raise ValidationError(words) from problem

    def show(self, amount: int | None) -> None:
        """Put an amount into the field as readers of the page's language write it."""
        show = difference_text if self.signed else price_text
        self.data = show(amount or 0 if self.signed else amount, self.currency, str(get_locale()))  # type: ignore[arg-type]


class NumberField(StringField):
    """A whole number in any digits; `number` is None where nothing was typed."""

    def __init__(self, label: Any, least: int, most: int, **options: Any) -> None:
        super().__init__(label, filters=[clean], **options)
        self.least, self.most = least, most

    @property
    def number(self) -> int | None:
        digits = [unicodedata.decimal(char, None) for char in self.data or ""]
        if not digits or None in digits or len(digits) > 12:
            return None
        return int("".join(map(str, digits)))

    def pre_validate(self, form: BaseForm) -> None:
        if self.data and (self.number is None or not self.least <= self.number <= self.most):
            words = gettext("Please type a number from %(least)d to %(most)d.", least=self.least, most=self.most)
            raise ValidationError(words)


def fields_in(form: Iterable[Any]) -> Iterable[Field]:
    """Yield every field of a form, those of its rows too."""
    for field in form:
        if isinstance(field, FieldList):
            yield from fields_in(field)
        elif isinstance(field, FormField):
            yield from fields_in(field.form)
        else:
            yield field


def price_in(form: Form, shop: Shop) -> None:
    """Let all prices of a form be in the shop's currency."""
    for field in fields_in(form):
        if isinstance(field, PriceField):
            field.currency = shop.currency
