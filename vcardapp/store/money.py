"""Money: whole minor units, the exponents of ISO 4217, amounts as they are typed and as they are read."""

from __future__ import annotations

import copy
import re
import unicodedata
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberPattern, get_currency_name

# ISO 4217:2015 and its amendments up to 2025: all active currencies of states; two decimals unless EXPONENTS says otherwise.
_ACTIVE = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY"
    " COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR"
    " ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK"
    " MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF"
    " SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU"
    " UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_NONE, _THREE, _FOUR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF", "BHD IQD JOD KWD LYD OMR TND", "CLF UYW"
CURRENCIES = tuple(_ACTIVE.split())
EXPONENTS = {
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
    **dict.fromkeys(_FOUR.split(), 4),
}
MOST = 10**12  # minor units of a price: sums of whole baskets stay far below 64 bits
_SEPARATORS = {"٫": ".", "٬": ",", "،": ",", "'": "", "’": "", "_": ""}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.A)
_APART = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")  # CLDR's currencySpacing: letters stand apart from digits
_MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")


class NotAnAmount(ValueError):
    """This is no amount of money of this currency."""


def exponent_of(currency: str) -> int:
    """Return how many decimals a currency has, by ISO 4217 and not by CLDR, which has none for IQD, LBP or RSD."""
    return EXPONENTS.get(currency, 2)


def read_amount(typed: str, currency: str) -> int:
    """Read an amount as people type it, in any digits, into minor units; raise NotAnAmount (also above MOST or below 0).

    The last separator is the decimal one if no more digits follow than the currency has decimals, else it groups thousands.
    """
    exponent = exponent_of(currency)
    text = "".join(_character(char) for char in typed.strip())
    if not _NUMBER.fullmatch(text):
        raise NotAnAmount(typed)
    parts, signs = re.split("[.,]", text), re.findall("[.,]", text)
    is_decimal = bool(signs) and len(parts[-1]) <= exponent and signs.count(signs[-1]) == 1
    fraction = parts.pop() if is_decimal else ""
    groups = signs[: len(parts) - 1]
    between = parts[1:-1]  # 1,00,000 in India
    if len(parts) > 1 and (len(parts[-1]) != 3 or len(parts[0]) > 3 or any(len(part) not in (2, 3) for part in between)):
        raise NotAnAmount(typed)
    if len(set(groups)) > 1 or (is_decimal and signs[-1] in groups):
        raise NotAnAmount(typed)
    amount: int = int("".join(parts)) * 10**exponent + int((fraction or "0").ljust(exponent, "0"))
    if amount > MOST:
        raise NotAnAmount(typed)
    return amount


def scaled(amount: int, more: int) -> int:
    """Return the same figure with `more` decimals in its minor units, fewer where it is below 0, halves rounded away from 0."""
    if more >= 0:
        return amount * int(10**more)
    unit: int = 10**-more
    return (abs(amount) * 2 + unit) // (2 * unit) * (1 if amount >= 0 else -1)


def plain(amount: int, exponent: int) -> str:
    """Return an amount as a plain decimal number, "-12.50", exact: for CSV, form fields and payment codes."""
    sign, digits = "-" * (amount < 0), str(abs(amount)).rjust(exponent + 1, "0")
    return sign + (f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits)


def shown(amount: int, currency: str, language: str, *, decimals: bool = True, exponent: int | None = None) -> str:
    """Return an amount with its currency as readers of a language write it; without `decimals` whole amounts have none."""
    pattern, locale = _pattern("standard", amount, currency, language, decimals, exponent)
    value = _exact(amount, exponent_of(currency) if exponent is None else exponent)
    return _APART.sub("\u00a0", str(pattern.apply(value, locale, currency=currency, currency_digits=False)))


def number(amount: int, currency: str, language: str, *, decimals: bool = True, exponent: int | None = None) -> str:
    """Return an amount without its currency, "1,234.50"."""
    pattern, locale = _pattern("", amount, currency, language, decimals, exponent)
    return str(pattern.apply(_exact(amount, exponent_of(currency) if exponent is None else exponent), locale))


def for_message(text: str) -> str:
    """Return an amount for a chat message: plain spaces, no direction marks, which would cost 6 to 9 bytes of address each."""
    return _MARKS.sub("", re.sub(r"[\u00a0\u202f\u2009]", " ", text)).replace("−", "-").strip()


def currency_name(currency: str, language: str) -> str:
    """Return "Euro", "Indian Rupee" in a language."""
    return str(get_currency_name(currency, locale=locale_of(language)))


def _pattern(
    kind: str, amount: int, currency: str, language: str, decimals: bool, exponent: int | None
) -> tuple[NumberPattern, Locale]:
    locale = locale_of(language)
    known = locale.currency_formats[kind] if kind else locale.decimal_formats[None]
    digits = exponent_of(currency) if exponent is None else exponent
    if not decimals and amount % 10**digits == 0:
        digits = 0
    pattern = copy.copy(known)
    pattern.frac_prec = (digits, digits)
    return pattern, locale


def _exact(amount: int, exponent: int) -> Decimal:
    return Decimal(plain(amount, exponent))


def locale_of(language: str) -> Locale:
    """Return the locale of a language tag, English for one that nobody knows."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _character(char: str) -> str:
    if char.isspace():
        return ""
    digit = unicodedata.decimal(char, None)
    return str(digit) if digit is not None else _SEPARATORS.get(char, char)
