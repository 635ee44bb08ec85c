"""What banking apps read from a code: EPC069-12 (SEPA), UPI, PIX and PromptPay (EMV), with amount and order number. Pure.

Written from the standards: no package that is kept up makes all four.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

SEPA = (  # countries of the SEPA schemes (EPC409-09) with the length of their IBANs (ISO 13616 registry)
    "AD24 AL28 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20"
    " LU20 LV21 MC27 MD24 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SE24 SI19 SK24 SM27 VA22"
)
IBAN_LENGTHS = {part[:2]: int(part[2:]) for part in SEPA.split()}
CURRENCY_OF = {"epc": "EUR", "upi": "INR", "pix": "BRL", "promptpay": "THB"}
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_VPA = re.compile(r"[A-Za-z0-9._-]{2,255}@[A-Za-z][A-Za-z0-9]{1,63}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class BadAccount(ValueError):
    """This is no account of its kind; `field` says which part is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read_iban(typed: str) -> str:
    """Return an IBAN of the SEPA area without spaces; raise BadAccount unless length and check digits (ISO 7064) fit."""
    iban = re.sub(r"[\s-]", "", typed).upper()
    fits = iban.isascii() and iban.isalnum() and IBAN_LENGTHS.get(iban[:2]) == len(iban) and iban[2:4].isdecimal()
    if not fits or int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 != 1:
        raise BadAccount("iban")
    return iban


def epc(name: str, iban: str, amount: str, reference: str, bic: str = "") -> str:
    """Return the code of a SEPA credit transfer (EPC069-12 version 002, UTF-8): `amount` is "12.50" euros, 0.01 to 999999999.99.

    It has to be drawn with error correction level M, at most version 13.
    """
    payee = _fitting(name, 70)
    if not payee:
        raise BadAccount("name")
    if bic and not _BIC.fullmatch(bic.upper()):
        raise BadAccount("bic")
    lines = ("BCD", "002", "1", "SCT", bic.upper(), payee, read_iban(iban), f"EUR{amount}", "", "", _fitting(reference, 140))
    return "\n".join(lines)


def upi(address: str, name: str, amount: str, reference: str) -> str:
    """Return a UPI payment address (NPCI, UPI Linking Specification 1.6): `amount` is "12.50" rupees."""
    if not _VPA.fullmatch(address.strip()):
        raise BadAccount("vpa")
    if not name.strip():
        raise BadAccount("name")
    said = {"pn": _fitting(name, 99), "am": amount, "cu": "INR", "tn": reference, "tr": _plain(reference)}
    return f"upi://pay?pa={address.strip()}" + "".join(f"&{key}={quote(value, safe='')}" for key, value in said.items())


def pix(key: str, name: str, city: str, amount: str, reference: str) -> str:
    """Return a static PIX code (Banco Central do Brasil, Manual de Padrões para Iniciação do Pix; EMV QRCPS-MPM 1.1).

    Names are reduced to ASCII: 25 characters of the payee, 15 of the city; the reference to letters and digits (txid).
    """
    payee, place = _ascii(name, 25), _ascii(city, 15)
    if not payee:
        raise BadAccount("name")
    if not place:
        raise BadAccount("city")
    account = _field("00", "br.gov.bcb.pix") + _field("01", read_pix_key(key))
    return _emv(
        ("00", "01"), ("26", account), ("52", "0000"), ("53", "986"), ("54", amount), ("58", "BR"), ("59", payee), ("60", place),
        ("62", _field("05", _plain(reference)[:25])),
    )  # fmt: skip


def promptpay(target: str, amount: str, reference: str) -> str:
    """Return a PromptPay credit transfer code (Bank of Thailand, Thai QR Payment standard; EMV QRCPS-MPM 1.1)."""
    kind, number = _promptpay_target(target)
    account = _field("00", "A000000677010111") + _field(kind, number)
    return _emv(
        ("00", "01"), ("01", "12"), ("29", account), ("53", "764"), ("54", amount), ("58", "TH"),
        ("62", _field("05", _plain(reference)[:25])),
    )  # fmt: skip


def read_pix_key(typed: str) -> str:
    """Return a PIX key as it stands in codes: CPF, CNPJ, +55 phone, e-mail or random key; raise BadAccount."""
    key = typed.strip()
    if _UUID.fullmatch(key.lower()):
        return key.lower()
    if "@" in key:
        if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", key, re.A) and key.isascii() and len(key) <= 77:
            return key.lower()
        raise BadAccount("key")
    if key.startswith("+"):
        phone = "+" + re.sub(r"\D", "", key)
        if re.fullmatch(r"\+55\d{10,11}", phone, re.A):
            return phone
        raise BadAccount("key")
    number = re.sub(r"[.\s/-]", "", key).upper()
    if not is_cpf(number) and not is_cnpj(number):
        raise BadAccount("key")
    return number


def is_cpf(number: str) -> bool:
    """True for eleven digits whose last two are right (Receita Federal, module 11)."""
    if not re.fullmatch(r"\d{11}", number, re.A) or len(set(number)) == 1:
        return False
    values = [int(char) for char in number]
    return values[9] == _module_11(values[:9], range(10, 1, -1)) and values[10] == _module_11(values[:10], range(11, 1, -1))


def is_cnpj(number: str) -> bool:
    """True for fourteen characters, letters since July 2026, whose last two digits are right (Receita Federal, module 11)."""
    if not re.fullmatch(r"[0-9A-Z]{12}\d\d", number, re.A) or len(set(number)) == 1:
        return False
    values = [ord(char) - 48 for char in number]
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return values[12] == _module_11(values[:12], weights[1:]) and values[13] == _module_11(values[:13], weights)


def is_thai_id(number: str) -> bool:
    """True for thirteen digits whose last is right (module 11)."""
    if not re.fullmatch(r"\d{13}", number, re.A):
        return False
    total = sum(int(char) * weight for char, weight in zip(number, range(13, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(number[-1])


def crc16(data: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE that closes EMV codes (ISO/IEC 13239: polynomial 0x1021, from 0xFFFF)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _promptpay_target(typed: str) -> tuple[str, str]:
    digits = re.sub(r"[\s()+-]", "", typed)
    if re.fullmatch(r"0[689]\d{8}", digits, re.A):
        return "01", f"0066{digits[1:]}"
    if re.fullmatch(r"(?:00)?66[689]\d{8}", digits, re.A):
        return "01", f"0066{digits.removeprefix('00')[2:]}"
    if is_thai_id(digits):
        return "02", digits
    if re.fullmatch(r"\d{15}", digits, re.A):
        return "03", digits
    raise BadAccount("target")


def _module_11(values: list[int], weights: range | tuple[int, ...]) -> int:
    rest = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    return 0 if rest < 2 else 11 - rest


def _emv(*fields: tuple[str, str]) -> str:
    text = "".join(_field(tag, value) for tag, value in fields) + "6304"
    return f"{text}{crc16(text.encode()):04X}"


def _field(tag: str, value: str) -> str:
    if not 1 <= len(value) <= 99:
        raise BadAccount(tag)
    return f"{tag}{len(value):02}{value}"


def _fitting(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].strip()


def _ascii(text: str, longest: int) -> str:
    """Return a text in Latin letters without marks, as EMV codes take it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _fitting(re.sub(r"[^A-Za-z0-9 .&'-]", " ", plain), longest)


def _plain(reference: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", reference)
