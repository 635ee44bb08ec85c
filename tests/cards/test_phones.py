"""Phone numbers as people type them, and as wa.me wants them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.cards.phones import read_phone


@each(
    ("typed", "country", "digits", "is_doubtful"),
    [
        ("+44 (0)7911 123456", "GB", "447911123456", False),
        ("07911 123456", "GB", "447911123456", False),
        ("0044 7911 123456", "GB", "447911123456", False),
        ("+44 (0)7700 900123", "", "447700900123", True),
        ("020 7946 0000 ext 12", "GB", "442079460000", False),
        ("+33 6 12 34 56 78 ext 4", "", "33612345678", False),
        ("06 698 12345", "IT", "390669812345", False),
        ("+39 06 1234 5678", "IT", "390612345678", False),
        ("312 345 6789", "IT", "393123456789", False),
        ("011 15-2345-6789", "AR", "5491123456789", False),
        ("+54 11 15 2345 6789", "AR", "5491123456789", False),
        ("+54 11 2345-6789", "", "541123456789", False),
        ("15 2345 6789", "AR", "541523456789", True),  # an area code is missing
        ("+52 55 1234 5678", "", "525512345678", False),
        ("+52 1 55 1234 5678", "", "5215512345678", True),
        ("044 55 1234 5678", "MX", "525512345678", False),
        ("045 55 1234 5678", "MX", "525512345678", False),
        ("+55 11 91234-5678", "BR", "5511912345678", False),
        ("(0xx11) 91234-5678", "BR", "5511912345678", False),
        ("(11) 96123-4567", "BR", "5511961234567", False),
        ("+55 31 8123-4567", "", "553181234567", True),
        ("8 912 345-67-89", "RU", "79123456789", False),
        ("098765 43210", "IN", "919876543210", False),
        ("٠١٢٣٤٥٦٧٨٩", "EG", "20123456789", True),
        ("۰۹۱۲۳۴۵۶۷۸۹", "IR", "989123456789", False),
        ("+999 1234567", "", "9991234567", True),  # no such country, yet
    ],
)
def test_a_number_becomes_full_international_digits(
    typed: str, country: str, digits: str, is_doubtful: bool
) -> None:
    phone = read_phone(typed, country)
    assert phone is not None
    assert (phone.digits, phone.is_doubtful) == (digits, is_doubtful)


@each(
    "typed",
    [
        "wa.me/33612345678",
        "https://wa.me/33612345678",
        "https://wa.me/33612345678?text=Hello%2044",
        "http://www.wa.me/+33612345678/",
        "https://api.whatsapp.com/send?phone=33612345678&text=x",
        "https://api.whatsapp.com/send/?text=x&phone=%2B33612345678",
        "https://web.whatsapp.com/send?phone=33612345678",
        "whatsapp://send?phone=33612345678",
    ],
)
@each("country", ["", "GB", "US"])
def test_the_digits_of_a_whatsapp_address_are_never_read_as_national(typed: str, country: str) -> None:
    phone = read_phone(typed, country)
    assert phone is not None
    assert phone.digits == "33612345678"


@each("typed", ["", "+", "+12345", "+1234567890123456", "+9991", "ada", "07911 123456", "+999 x"])
def test_what_is_no_full_number_is_refused(typed: str) -> None:
    assert read_phone(typed, "") is None


@each("typed", ["+442079460000p12", "+44 20 7946 0000 P 12#", "+442079460000w12", "+442079460000;12"])
def test_what_a_phone_dials_after_a_pause_is_no_part_of_the_number(typed: str) -> None:
    phone = read_phone(typed, "")
    assert phone
    assert (phone.e164, phone.extension) == ("+442079460000", "12")


def test_letters_of_a_number_are_its_digits() -> None:
    phone = read_phone("1-800-GO-WARPS", "US")
    assert phone
    assert (phone.e164, phone.extension) == ("+18004692777", "")


def test_an_extension_is_dialled_after_a_pause() -> None:
    phone = read_phone("020 7946 0000 ext 12", "GB")
    assert phone is not None
    assert (phone.uri, phone.extension, phone.shown) == ("tel:+442079460000,12", "12", "+44 20 7946 0000")


@given(st.text(alphabet="+0123456789 ()-", max_size=20), st.sampled_from(["", "GB", "IT", "AR", "MX", "US"]))
def test_a_number_that_was_read_is_read_again_the_same_in_any_country(typed: str, country: str) -> None:
    phone = read_phone(typed, country)
    for other in ("", "GB", "MX", "AR") if phone else ():
        again = read_phone(phone.e164, other)
        assert again is not None
        assert again.e164 == phone.e164
