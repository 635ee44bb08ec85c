"""The shop's number: every row of the tables of what people type."""

from __future__ import annotations

import pytest

from vcardapp.store import numbers
from vcardapp.store.numbers import read_shop_number


@pytest.mark.parametrize(
    ("typed", "country", "digits", "doubt", "other"),
    [
        ("+44 (0)7911 123456", "GB", "447911123456", "", ""),
        ("07911 123456", "GB", "447911123456", "", ""),
        ("0044 7911 123456", "GB", "447911123456", "", ""),
        ("+44 (0)7700 900123", "", "447700900123", numbers.UNUSUAL, ""),  # a range for films
        ("020 7946 0000 ext 12", "GB", "442079460000", numbers.EXTENSION, ""),
        ("+33 6 12 34 56 78 ext 4", "", "33612345678", numbers.EXTENSION, ""),
        ("06 698 12345", "IT", "390669812345", "", ""),
        ("+39 06 1234 5678", "", "390612345678", "", ""),
        ("312 345 6789", "IT", "393123456789", "", ""),
        ("011 15-2345-6789", "AR", "5491123456789", "", ""),
        ("+54 11 15 2345 6789", "AR", "5491123456789", "", ""),
        ("+54 11 2345-6789", "", "541123456789", numbers.MOBILE, "+5491123456789"),
        ("15 2345 6789", "AR", "541523456789", numbers.AREA_CODE, ""),
        ("+52 55 1234 5678", "", "525512345678", "", ""),
        ("+52 1 55 1234 5678", "", "5215512345678", numbers.MEXICO, "+525512345678"),
        ("044 55 1234 5678", "MX", "525512345678", "", ""),
        ("045 55 1234 5678", "MX", "525512345678", "", ""),
        ("+55 11 91234-5678", "", "5511912345678", "", ""),
        ("(0xx11) 91234-5678", "BR", "5511912345678", "", ""),
        ("(11) 96123-4567", "BR", "5511961234567", "", ""),
        ("+55 31 8123-4567", "", "553181234567", numbers.BRAZIL, "+5531981234567"),
        ("8 912 345-67-89", "RU", "79123456789", "", ""),
        ("098765 43210", "IN", "919876543210", "", ""),
        ("٠١٢٣٤٥٦٧٨٩", "EG", "20123456789", numbers.UNUSUAL, ""),
        ("۰۹۱۲۳۴۵۶۷۸۹", "IR", "989123456789", "", ""),
        ("wa.me/33612345678", "GB", "33612345678", "", ""),
        ("https://wa.me/33612345678?text=Hello", "GB", "33612345678", "", ""),
        ("https://api.whatsapp.com/send?phone=33612345678", "", "33612345678", "", ""),
    ],
)
def test_a_number_is_taken_and_what_is_doubtful_is_asked(
    typed: str, country: str, digits: str, doubt: str, other: str
) -> None:
    number = read_shop_number(typed, country)
    assert number is not None
    assert (number.digits, number.doubt, number.other) == (digits, doubt, other)
    assert number.try_it == f"https://wa.me/{digits}"


@pytest.mark.parametrize("typed", ["", "+12345", "+1234567890123456", "ada", "07911 123456"])
def test_only_what_has_no_full_number_is_refused(typed: str) -> None:
    assert read_shop_number(typed, "") is None


def test_a_second_form_is_a_number_too() -> None:
    for typed in ("+54 11 2345-6789", "+52 1 55 1234 5678", "+55 31 8123-4567"):
        first = read_shop_number(typed, "")
        assert first
        second = read_shop_number(first.other, "")
        assert second
        assert (f"+{second.digits}", second.doubt) == (first.other, "")
