"""An order as a message in lines, and the wa.me address that opens WhatsApp with it. Pure.

No limit for `?text=` is documented; the whole address stays within BUDGET bytes. Too long a message gives up the prices of
its lines, then their details, then lines; number, total, delivery and link are always in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from vcardapp.store.graphemes import graphemes
from vcardapp.store.message_words import Words

BUDGET = 2000  # bytes of the whole address
_MARKS = re.compile("[*_~`]")  # bold, italic, strike, monospace
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]")  # 6 to 9 bytes each, and they turn lines around
_EMPTY = "\u2800\u3164\uffa0"  # drawn as nothing, though no spaces: with many of them a line looks like two


@dataclass(frozen=True, slots=True)
class MessageLine:
    quantity: int
    name: str
    details: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Message:
    """What an order says. Sums are texts already; what people typed is made harmless here."""

    words: Words
    number: str
    shop: str
    lines: tuple[MessageLine, ...]
    total: str
    link: str
    subtotal: str = ""  # only where delivery costs something
    delivery: str = ""  # "Delivery, town centre"
    fee: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""
    wanted_for: str = ""
    header: str = ""
    footer: str = ""

    @property
    def text(self) -> str:
        """The whole message, for the clipboard."""
        return _text(self, _lines(self))


def wa_address(digits: str, message: Message) -> str:
    """Return the https://wa.me/… address with as much of the message as fits; without digits WhatsApp asks for whom."""
    return _with(f"https://wa.me/{digits}?text=", message)


def api_address(digits: str, message: Message) -> str:
    """Return the second way in, for phones on which wa.me does nothing; it leads to the same page of WhatsApp."""
    return _with(f"https://api.whatsapp.com/send?phone={digits}&text=", message)


def web_address(digits: str, message: Message) -> str:
    """Return the way in for desktop browsers."""
    return _with(f"https://web.whatsapp.com/send?phone={digits}&text=", message)


def quoted(text: str) -> str:
    """Percent-encode everything but letters, digits and -._~; a space is %20, never +, which iPhones show."""
    return quote(text, safe="")


def said(text: str) -> str:
    """Return what somebody typed on one line, without WhatsApp's marks, controls, and halves of characters."""
    kept = _HIDDEN.sub("", _MARKS.sub("", text))
    return " ".join("".join(" " if _is_blank(char) else char for char in kept if not _is_half(char)).split())


def _is_blank(char: str) -> bool:
    return char.isspace() or char in _EMPTY or unicodedata.category(char) in ("Cc", "Zl", "Zp")


def _is_half(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"


def _with(start: str, message: Message) -> str:
    return start + quoted(fitting(message, BUDGET - len(start)))


def fitting(message: Message, room: int) -> str:
    """Return the message in at most so many bytes once it is percent-encoded, shortened in stages."""

    def fits(text: str) -> bool:
        return len(quoted(text)) <= room

    for prices, details in ((True, True), (False, True), (False, False)):
        text = _text(message, _lines(message, prices=prices, details=details))
        if fits(text):
            return text
    names = _lines(message, prices=False, details=False)
    shown = _most(len(names) - 1, lambda number: fits(_text(message, _first(message, names, number))))
    if shown is not None:
        return _text(message, _first(message, names, shown))
    return _bare(message, _first(message, names, 0), fits)


def _bare(message: Message, lines: list[str], fits: Callable[[str], bool]) -> str:
    """Give up, one after the other, the ends of what people typed at length."""
    for name in ("note", "footer", "header", "email", "address", "shop", "wanted_for", "name", "phone"):
        value = graphemes(said(getattr(message, name)))
        emptied = _replaced(message, name, "")
        if not value or not fits(_text(emptied, lines)):
            message = emptied
            continue
        whole = message

        def cut(kept: int, name: str = name, value: list[str] = value, whole: Message = whole) -> Message:
            return _replaced(whole, name, "".join(value[:kept]).rstrip() + "…" if kept else "")

        kept = _most(len(value) - 1, lambda kept: fits(_text(cut(kept), lines)))
        return _text(cut(kept or 0), lines)
    return _text(message, lines)


def _replaced(message: Message, name: str, text: str) -> Message:
    value: dict[str, Any] = {name: text}
    return replace(message, **value)


def _most(last: int, holds: Callable[[int], bool]) -> int | None:
    """Return the largest number from 0 to `last` for which something holds that holds for all below, None for none."""
    low, high = -1, last
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low if low >= 0 else None


def _first(message: Message, lines: list[str], number: int) -> list[str]:
    left = len(lines) - number
    return lines[:number] + ([message.words.more.format(n=left)] if left else [])


def _lines(message: Message, *, prices: bool = True, details: bool = True) -> list[str]:
    return [_line(message.words, line, prices, details) for line in message.lines]


def _line(words: Words, line: MessageLine, prices: bool, details: bool) -> str:
    parts = [said(line.name), *(map(said, line.details) if details else ())]
    text = words.line.replace("{n}", str(line.quantity)).replace("{name}", words.comma.join(filter(None, parts)))
    return f"{text}: {line.total}" if prices else text


def _text(message: Message, lines: list[str]) -> str:
    blocks = (_head(message), lines, list(_sums(message)), list(_facts(message)), [said(message.footer)], [message.link])
    written = ("\n".join(filter(None, block)) for block in blocks)
    return "\n\n".join(filter(None, written))


def _head(message: Message) -> list[str]:
    order, number = message.words.order, message.number
    first = order.format(number=f"*{number}*") if message.words.is_rtl else f"*{order.format(number=number)}*"
    return [first, said(message.shop), said(message.header)]


def _sums(message: Message) -> Iterator[str]:
    words = message.words
    if message.subtotal:
        yield f"{words.subtotal}: {message.subtotal}"
    if message.delivery:
        yield f"{said(message.delivery)}: {message.fee}" if message.fee else said(message.delivery)
    yield f"{words.total}: *{message.total}*" if words.is_rtl else f"*{words.total}: {message.total}*"


def _facts(message: Message) -> Iterator[str]:
    for name in ("wanted_for", "name", "phone", "email", "address", "note"):
        value = said(getattr(message, name))
        if value:
            yield f"{getattr(message.words, name)}: {value}"
