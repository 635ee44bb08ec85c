"""Reading .vcf files of any origin: the only door to vobject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from vobject.base import ParseError, textLineToContentLine

from vcardapp.cards.vcard_draft import SHOWN, LeftOut, ReadCard
from vcardapp.cards.vcard_fields import NOT_TAKEN, NOT_UNDERSTOOD, read_card
from vcardapp.cards.vcard_lines import NO_CARD, CardLines, Line, TextReader, Unreadable, cards_in
from vcardapp.cards.vcard_links import LINK_NAMES
from vcardapp.cards.vcard_values import Property, apple_label, caret_unescaped
from vcardapp.i18n import N_

__all__ = ["LeftOut", "ReadCard", "Reading", "Unreadable", "read_vcards"]

LONGEST_HEAD = 1_000
MOST_LINKS = 10_000  # each is compared with every network

TOO_MANY_LINKS = N_("The file holds more than 10,000 links.")

# vobject's own expression takes time that doubles with each parameter of a line without a colon: only what fits this
# one, which is linear, is given to it.
_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_HEAD = re.compile(rf"(?:[A-Za-z0-9_-]+\.)?[A-Za-z0-9_-]+(?:;[A-Za-z0-9_-]+(?:={_VALUE}(?:,{_VALUE})*)?)*")
_UNNAMED = re.compile(r";(?![A-Za-z0-9_-]+(?:[=;]|$))([^;]*)")  # own words of Samsung and Sony: TEL;X-CUSTOM(CHARSET=…)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. `problems` are the cards that were not read: place in the file from 1, and the reason."""

    cards: tuple[ReadCard, ...]
    problems: tuple[tuple[int, str], ...] = ()
    has_guessed: bool = False  # no character set was named and it is not UTF-8: offer others


def read_vcards(data: bytes, country: str = "", charset: str = "") -> Reading:
    """Read vCard 2.1, 3.0 and 4.0; Unreadable if nothing can be read.

    National numbers are read by `country` (alpha-2), lines of no known character set by `charset`.
    """
    found = cards_in(data)
    if sum(_is_link(head) for card in found for head, _ in card.raw) > MOST_LINKS:
        raise Unreadable(TOO_MANY_LINKS)
    texts = TextReader(found, charset)
    cards = [_read(card, texts, country) for card in found if card.raw and not card.problem]
    problems = tuple((card.number, card.problem) for card in found if card.problem)
    if not cards:
        raise Unreadable(problems[0][1] if problems else NO_CARD)
    return Reading(tuple(cards), problems, texts.has_guessed)


def _is_link(head: bytes) -> bool:
    name = head[:LONGEST_HEAD].partition(b";")[0].rpartition(b".")[2]
    return name.strip().upper().decode("ascii", "ignore") in LINK_NAMES


def _read(card: CardLines, texts: TextReader, country: str) -> ReadCard:
    properties: list[Property] = []
    left_out = []
    for line in (texts.read(head, value) for head, value in card.raw):
        name = re.split("[;:]", line.head[:SHOWN], maxsplit=1)[0]
        if property := _property(line):
            properties.append(property)
        elif len(line.head) <= LONGEST_HEAD and (
            property := _property(replace(line, head=_UNNAMED.sub("", line.head)))
        ):
            properties.append(property)
            left_out += [LeftOut(name, word[:SHOWN], NOT_TAKEN) for word in _UNNAMED.findall(line.head)]
        else:
            left_out.append(LeftOut(name, f"{line.head[:SHOWN]}:{line.value[:SHOWN]}"[:SHOWN], NOT_UNDERSTOOD))
    return read_card(list(_labelled(properties)), country, left_out)


def _property(line: Line) -> Property | None:
    if len(line.head) > LONGEST_HEAD or not _HEAD.fullmatch(line.head):
        return None
    try:
        parsed = textLineToContentLine(f"{line.head}:")
    except ParseError:
        return None
    params = {
        name: tuple(word for value in values for word in value.split(",")) for name, values in parsed.params.items()
    }
    params["TYPE"] = (*params.get("TYPE", ()), *parsed.singletonparams)
    return Property(parsed.name, parsed.group or "", params, line.value)


def _labelled(properties: list[Property]) -> Iterator[Property]:
    """Give each property the X-ABLabel of its group, and undo what 4.0 escapes in parameters."""
    labels = {property.group: apple_label(property.value) for property in properties if property.name == "X-ABLABEL"}
    is_4 = any(property.name == "VERSION" and property.value.strip() == "4.0" for property in properties)
    for property in properties:
        params = property.params
        if is_4:
            params = {name: tuple(map(caret_unescaped, values)) for name, values in params.items()}
        yield replace(property, params=params, label=labels.get(property.group, "") if property.group else "")
