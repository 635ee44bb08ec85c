"""Codes to pay with: drawn as QR, read back by a decoder, and right by the check digits of their standards."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from segno import helpers

from tests.store.examples import some
from vcardapp.cards import qr
from vcardapp.store import paycodes
from vcardapp.store.paycodes import BadAccount

IBANS = {  # examples of the ISO 13616 registry
    "DE89 3704 0044 0532 0130 00": "DE89370400440532013000",
    "gb29 nwbk 6016 1331 9268 19": "GB29NWBK60161331926819",
    "FR14 2004 1010 0505 0001 3M02 606": "FR1420041010050500013M02606",
    "NL91-ABNA-0417-1643-00": "NL91ABNA0417164300",
}
PHONE, TAX = "0812345678", "1101700230708"


def fields_of(text: str) -> dict[str, str]:
    """The fields of an EMV code, one after the other: two digits of tag, two of length."""
    found = {}
    while text:
        tag, size = text[:2], int(text[2:4])
        assert len(text) >= 4 + size
        found[tag], text = text[4 : 4 + size], text[4 + size :]
    return found


def slow_crc(text: str) -> int:
    """CRC-16/CCITT-FALSE as a division of polynomials, bit by bit over the whole text."""
    bits = [int(bit) for byte in text.encode() for bit in f"{byte:08b}"] + [0] * 16
    for place in range(16):  # 0xFFFF to begin with
        bits[place] ^= 1
    divisor = [int(bit) for bit in f"{0x11021:b}"]
    for place in range(len(bits) - 16):
        if bits[place]:
            for offset, bit in enumerate(divisor):
                bits[place + offset] ^= bit
    return int("".join(map(str, bits[-16:])), 2)


def read_back(text: str) -> str:
    png = numpy.frombuffer(qr.png(text, 600), numpy.uint8)
    found = zxingcpp.read_barcodes(cv2.imdecode(png, cv2.IMREAD_GRAYSCALE))
    assert len(found) == 1
    return found[0].text


@pytest.mark.parametrize(("typed", "iban"), IBANS.items())
def test_ibans_are_read_by_length_and_check_digits(typed: str, iban: str) -> None:
    assert paycodes.read_iban(typed) == iban
    for place in range(2, len(iban)):
        other = "0" if iban[place] != "0" else "7"
        with pytest.raises(BadAccount):
            paycodes.read_iban(iban[:place] + other + iban[place + 1 :])


@pytest.mark.parametrize(
    "typed", ["", "DE89", "US64SVBKUS6S3300958879", "DE8937040044053201300", "٣٣" * 11, "DE893704004405320130 0O"]
)
def test_what_is_no_iban_of_the_sepa_area_is_refused(typed: str) -> None:
    with pytest.raises(BadAccount):
        paycodes.read_iban(typed)


def test_an_epc_code_is_that_of_another_implementation() -> None:
    ours = paycodes.epc("Bäckerei Lindenhof", "DE89370400440532013000", "54.25", "M7K-2Q4", "COBADEFFXXX")
    theirs = io.BytesIO()
    helpers.make_epc_qr("Bäckerei Lindenhof", "DE89370400440532013000", "54.25", text="M7K-2Q4", bic="COBADEFFXXX",
                        encoding="utf-8").save(theirs, kind="png", scale=8)  # fmt: skip
    picture = cv2.imdecode(numpy.frombuffer(theirs.getvalue(), numpy.uint8), cv2.IMREAD_GRAYSCALE)
    assert zxingcpp.read_barcodes(picture)[0].text.split("\n")[2:] == ours.split("\n")[2:]
    assert ours.split("\n")[:4] == ["BCD", "002", "1", "SCT"]
    assert read_back(ours) == ours
    assert len(ours.encode()) <= 331


def test_a_upi_code_is_an_address_with_amount_and_order() -> None:
    code = paycodes.upi("ada.lovelace@okbank", "Ada & Söhne", "54.00", "M7K-2Q4")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(code).query, strict_parsing=True).items()}
    assert code.startswith("upi://pay?pa=ada.lovelace@okbank&")
    assert asked == {
        "pa": "ada.lovelace@okbank", "pn": "Ada & Söhne", "am": "54.00", "cu": "INR", "tn": "M7K-2Q4", "tr": "M7K2Q4"
    }  # fmt: skip
    assert "+" not in code
    assert read_back(code) == code


def test_a_pix_code_holds_key_amount_and_order_and_its_check_is_right() -> None:
    code = paycodes.pix("123e4567-e12b-12d1-a456-426655440000", "Fulano de Tal", "BRASÍLIA", "54.00", "M7K-2Q4")
    fields = fields_of(code)
    assert fields_of(fields["26"]) == {"00": "br.gov.bcb.pix", "01": "123e4567-e12b-12d1-a456-426655440000"}
    assert (fields["00"], fields["52"], fields["53"], fields["54"], fields["58"]) == ("01", "0000", "986", "54.00", "BR")
    assert (fields["59"], fields["60"], fields_of(fields["62"])) == ("Fulano de Tal", "BRASILIA", {"05": "M7K2Q4"})
    assert fields["63"] == f"{slow_crc(code[:-4]):04X}"
    assert read_back(code) == code


def test_the_example_of_the_central_bank_of_brazil_comes_out_to_the_letter() -> None:
    """Manual de Padrões para Iniciação do Pix, the static code without amount: ours has an amount and a reference more."""
    example = (
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal"
        "6008BRASILIA62070503***63041D3D"
    )
    assert f"{paycodes.crc16(example[:-4].encode()):04X}" == "1D3D"
    ours = fields_of(paycodes.pix("123e4567-e12b-12d1-a456-426655440000", "Fulano de Tal", "BRASILIA", "1.00", "A"))
    theirs = fields_of(example)
    for tag in ("00", "26", "52", "53", "58", "59", "60"):
        assert ours[tag] == theirs[tag]


@pytest.mark.parametrize(
    ("target", "tag", "number"),
    [(PHONE, "01", "0066812345678"), ("+66 81 234 5678", "01", "0066812345678"), ("1-1017-00230-70-8", "02", TAX),
     ("004999000288505", "03", "004999000288505")],
)  # fmt: skip
def test_a_promptpay_code_holds_target_and_amount_and_its_check_is_right(target: str, tag: str, number: str) -> None:
    code = paycodes.promptpay(target, "54.00", "M7K-2Q4")
    fields = fields_of(code)
    assert fields_of(fields["29"]) == {"00": "A000000677010111", tag: number}
    assert (fields["01"], fields["53"], fields["54"], fields["58"]) == ("12", "764", "54.00", "TH")
    assert fields_of(fields["62"]) == {"05": "M7K2Q4"}
    assert fields["63"] == f"{slow_crc(code[:-4]):04X}"
    assert read_back(code) == code


@pytest.mark.parametrize("target", ["", "12345", "0212345678", "1101700230709", "66812345", "abc", "٠٨١٢٣٤٥٦٧٨"])
def test_what_is_no_promptpay_target_is_refused(target: str) -> None:
    with pytest.raises(BadAccount):
        paycodes.promptpay(target, "1.00", "A")


@pytest.mark.parametrize(
    ("typed", "key"),
    [("529.982.247-25", "52998224725"), ("11.222.333/0001-81", "11222333000181"), ("12.ABC.345/01DE-35", "12ABC34501DE35"),
     ("Ada@Example.com", "ada@example.com"), ("+55 (11) 91234-5678", "+5511912345678"),
     ("123E4567-E12B-12D1-A456-426655440000", "123e4567-e12b-12d1-a456-426655440000")],
)  # fmt: skip
def test_pix_keys_are_read_as_they_stand_in_codes(typed: str, key: str) -> None:
    assert paycodes.read_pix_key(typed) == key


@pytest.mark.parametrize(
    "typed", ["", "529.982.247-26", "11111111111", "11.222.333/0001-82", "a@b", "+5511", "+4915112345678", "x" * 90]
)
def test_what_is_no_pix_key_is_refused(typed: str) -> None:
    with pytest.raises(BadAccount):
        paycodes.read_pix_key(typed)


def test_the_check_value_of_the_catalogue_of_crcs_comes_out() -> None:
    assert paycodes.crc16(b"123456789") == 0x29B1


@some
@given(st.text(max_size=80))
def test_the_quick_check_is_the_slow_one(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    assert paycodes.crc16(clean.encode()) == slow_crc(clean)


letters = st.characters(min_codepoint=65, max_codepoint=90)
names = st.builds("{}{}".format, letters, st.text(max_size=60))


@some
@given(name=names, city=names)
def test_any_name_with_a_latin_letter_makes_a_code_that_can_be_taken_apart(name: str, city: str) -> None:
    code = paycodes.pix("ada@example.com", name, city, "1.00", "M7K-2Q4")
    fields = fields_of(code)
    assert code.isascii()
    assert 1 <= len(fields["59"]) <= 25
    assert 1 <= len(fields["60"]) <= 15


@pytest.mark.parametrize(("name", "city"), [("", "Rio"), ("Ada", ""), ("中村", "Rio"), ("Ada", "東京")])
def test_a_pix_code_needs_names_in_latin_letters(name: str, city: str) -> None:
    with pytest.raises(BadAccount):
        paycodes.pix("ada@example.com", name, city, "1.00", "A")
