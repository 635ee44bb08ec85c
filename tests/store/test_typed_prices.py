"""Prices as people type them, and as they stand in the field when the page comes back."""

from __future__ import annotations

import pytest

from vcardapp.store.money import NotAnAmount
from vcardapp.store.typed_prices import difference_text, price_text, read_difference, read_price


@pytest.mark.parametrize(
    ("typed", "currency", "language", "amount"),
    [
        ("12,50", "EUR", "de", 1250),
        ("12.5", "EUR", "en", 1250),
        ("1.200", "EUR", "de", 120000),
        ("1 234,50 €", "EUR", "fr", 123450),
        ("€12", "EUR", "en", 1200),
        ("EUR 12,00", "EUR", "de", 1200),
        ("12,-", "EUR", "de", 1200),
        ("12.–", "CHF", "de-CH", 1200),
        ("R$ 7,90", "BRL", "pt", 790),
        ("٣٫٥", "EUR", "ar", 350),
        ("۱۲٫۵", "EUR", "fa", 1250),
        ("د.أ. 1.250", "JOD", "ar", 1250),
        ("1,250", "JOD", "en", 1250),
        ("¥1,200", "JPY", "ja", 1200),
        ("₹1,00,000.50", "INR", "hi", 10000050),
        ("0", "EUR", "en", 0),
    ],
)
def test_a_price_is_read_as_it_is_written(typed: str, currency: str, language: str, amount: int) -> None:
    assert read_price(typed, currency, language) == amount


@pytest.mark.parametrize("typed", ["", "-5", "free", "12 or 13", "1..2", "12.3456", "1,2,3", "£", "9" * 20])
def test_what_is_no_price_is_not_guessed(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        read_price(typed, "EUR")


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "CLF", "INR"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "de-CH", "ar", "fa", "hi", "es", "pt"])
def test_a_price_in_a_field_is_read_back_the_same(currency: str, language: str) -> None:
    for amount in (0, 1, 50, 1000, 1234, 123456, 12345678, 10**12):
        assert read_price(price_text(amount, currency, language), currency, language) == amount
        for sign in (1, -1):
            assert read_difference(difference_text(sign * amount, currency, language), currency, language) == sign * amount


@pytest.mark.parametrize(("typed", "amount"), [("", 0), ("+1,50", 150), ("-2", -200), ("−0.80", -80), ("3", 300), ("+ 1 €", 100)])
def test_a_difference_may_have_a_sign(typed: str, amount: int) -> None:
    assert read_difference(typed, "EUR", "de") == amount
