"""Money: exact, with the decimals of ISO 4217, as people type and read it."""

from __future__ import annotations

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from tests.store.examples import some
from vcardapp.store import money
from vcardapp.store.money import NotAnAmount, read_amount


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [("KWD", 3), ("BHD", 3), ("OMR", 3), ("JOD", 3), ("TND", 3), ("IQD", 3), ("JPY", 0), ("KRW", 0), ("VND", 0), ("CLP", 0),
     ("ISK", 0), ("UGX", 0), ("CLF", 4), ("UYW", 4), ("LBP", 2), ("IRR", 2), ("RSD", 2), ("MGA", 2), ("EUR", 2), ("USD", 2)],
)  # fmt: skip
def test_decimals_are_those_of_iso_4217(currency: str, exponent: int) -> None:
    assert currency in money.CURRENCIES
    assert money.exponent_of(currency) == exponent


def test_where_cldr_says_other_decimals_than_the_standard_is_known() -> None:
    other = {code for code in money.CURRENCIES if get_currency_precision(code) != money.exponent_of(code)}
    assert {"IQD", "LBP", "IRR", "RSD", "MGA"} <= other
    assert all(money.exponent_of(code) in (2, 3) and get_currency_precision(code) == 0 for code in other)


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12", "EUR", 1200),
        ("12.5", "EUR", 1250),
        ("12,50", "EUR", 1250),
        ("1.234,56", "EUR", 123456),
        ("1,234.56", "EUR", 123456),
        ("1 234,56", "EUR", 123456),
        ("1\u202f234,56", "EUR", 123456),
        ("1'234.50", "CHF", 123450),
        ("1,234", "EUR", 123400),
        ("1,234", "KWD", 1234),
        ("1.234", "JPY", 1234),
        ("1,00,000.00", "INR", 10000000),
        ("١٢٫٥٠", "EGP", 1250),
        ("۱۲۳۴", "IRR", 123400),
        ("１２００", "JPY", 1200),
        ("0", "EUR", 0),
        ("0.0001", "CLF", 1),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, currency: str, amount: int) -> None:
    assert read_amount(typed, currency) == amount


@pytest.mark.parametrize(
    "typed", ["", "-1", "abc", "1,2,3", "1.23.4", "1,234.56.7", "1.2.", ".5", "1e3", "12.50 EUR", "1,23,4", "9" * 20, "½", "²"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        read_amount(typed, "EUR")


@some
@given(st.integers(0, money.MOST), st.sampled_from(money.CURRENCIES))
def test_what_is_written_plainly_is_read_back(amount: int, currency: str) -> None:
    assert read_amount(money.plain(amount, money.exponent_of(currency)), currency) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        (123456, "EUR", "de", "1.234,56 €"),
        (123456, "EUR", "en", "€1,234.56"),
        (1234, "JPY", "en", "¥1,234"),
        (1235, "JPY", "ja", "￥1,235"),
        (1234567, "KWD", "en", "KWD 1,234.567"),
        (1234567, "IQD", "en", "IQD 1,234.567"),
        (123456789, "EUR", "fr", "1 234 567,89 €"),
        (1250, "BRL", "pt", "R$ 12,50"),
        (9950, "ILS", "he", "99.50 ₪"),
        (10000000, "INR", "hi", "₹1,00,000.00"),
        (5, "EUR", "xx-unknown", "€0.05"),
    ],
)
def test_amounts_are_shown_whole(amount: int, currency: str, language: str, text: str) -> None:
    assert money.for_message(money.shown(amount, currency, language)) == text


def test_decimals_are_left_out_only_where_they_say_nothing() -> None:
    assert money.number(1200, "EUR", "en", decimals=False) == "12"
    assert money.number(1250, "EUR", "en", decimals=False) == "12.50"
    assert money.number(1200, "EUR", "en") == "12.00"


def test_an_order_keeps_the_exponent_it_was_placed_with() -> None:
    assert money.number(1234, "EUR", "en", exponent=3) == "1.234"


@pytest.mark.parametrize(
    ("amount", "more", "same_figure"), [(1250, 1, 12500), (1250, -2, 13), (1249, -2, 12), (-1250, -2, -13), (7, 0, 7)]
)
def test_figures_stay_in_another_currency(amount: int, more: int, same_figure: int) -> None:
    assert money.scaled(amount, more) == same_figure
