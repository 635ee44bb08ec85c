"""Prices as people type them: with the sign or the name of the currency, "12,-", a plus or minus before a difference."""

from __future__ import annotations

import re
import unicodedata

from babel.numbers import get_currency_symbol

from vcardapp.store import money

_NO_CENTS = re.compile(r"[.,][-–—]+$")
_SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1}
_MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")


def read_price(typed: str, currency: str, language: str = "en") -> int:
    """Read "12,50 €", "EUR 12", "1.200,-" into minor units; raise money.NotAnAmount."""
    text = _MARKS.sub("", typed).strip()
    for name in _names(currency, language):
        if text.casefold().startswith(name.casefold()):
            text = text[len(name) :]
        elif text.casefold().endswith(name.casefold()):
            text = text[: -len(name)]
    text = "".join(char for char in text if unicodedata.category(char) != "Sc").strip()
    return money.read_amount(_NO_CENTS.sub("", text), currency)


def read_difference(typed: str, currency: str, language: str = "en") -> int:
    """Read "+1,50", "-2" or "3" into minor units, below 0 too; nothing is 0; raise money.NotAnAmount."""
    text = _MARKS.sub("", typed).strip()
    if not text:
        return 0
    sign = _SIGNS.get(text[0])
    return (sign or 1) * read_price(text[1:] if sign else text, currency, language)


def price_text(amount: int | None, currency: str, language: str) -> str:
    """Return an amount as it stands in a form field, "12,50": always with its decimals, so that it is read back the same."""
    return "" if amount is None else money.for_message(money.number(amount, currency, language))


def difference_text(amount: int, currency: str, language: str) -> str:
    """Return a difference as it stands in a form field: "+1,50", "-2,00", nothing for 0."""
    if not amount:
        return ""
    return ("+" if amount > 0 else "-") + price_text(abs(amount), currency, language)


def _names(currency: str, language: str) -> tuple[str, ...]:
    symbol = str(get_currency_symbol(currency, locale=money.locale_of(language)))
    return tuple(dict.fromkeys((symbol, _MARKS.sub("", symbol), currency)))
