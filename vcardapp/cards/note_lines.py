"""Lines of a contact's note for what no address book has a field for, written and read back.

No client shows a property for pronouns, opening hours or an extension; every client shows the note. The lines stand
at its end in a fixed order, so that our own file can be taken apart again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vcardapp.cards.content import Hours, Span, SpecialDay
from vcardapp.cards.file_text import line_of, number_of
from vcardapp.cards.hours import day_of
from vcardapp.cards.networks import NETWORKS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_TIME = r"(?:[01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00)"
_SPANS = rf"{_TIME}-{_TIME}(?:, {_TIME}-{_TIME})*"
_DATE = r"\d{4}-\d\d-\d\d"
_WEEK_LINE = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? ({_SPANS})", re.A)
_DATE_LINE = re.compile(rf"({_DATE}) (closed|{_SPANS})(?: \((.+)\))?", re.A)
_EXTENSION_LINE = re.compile(r"Ext\. (\d{1,20})(?: \(([+\d*#]+)\))?", re.A)
_PRONOUNS = "Pronouns: "
WITHOUT_ADDRESS = {net.name: net.key for net in NETWORKS.values() if any(not form.address for form in net.forms)}


@dataclass(frozen=True, slots=True)
class NoteLines:
    """What the last lines of a note say. `extensions` has one entry for each phone, empty where it has none."""

    extensions: tuple[str, ...] = ()
    pronouns: str = ""
    names: tuple[tuple[str, str], ...] = ()  # network and handle where no address exists: WeChat
    hours: Hours = Hours()


def write_lines(said: NoteLines, numbers: Sequence[str]) -> list[str]:
    """Return the lines; `numbers` are the phones as written, named only where there are several."""
    lines = []
    for number, extension in zip(numbers, said.extensions, strict=True):
        if extension:
            lines.append(f"Ext. {extension}" + (f" ({number})" if len(numbers) > 1 else ""))
    if pronouns := line_of(said.pronouns):
        lines.append(_PRONOUNS + pronouns)
    for network, handle in said.names:
        if network in WITHOUT_ADDRESS.values() and line_of(handle):
            lines.append(f"{NETWORKS[network].name}: {line_of(handle)}")
    lines += _week_lines(said.hours.week)
    lines += [line for day in said.hours.exceptions if (line := date_line(day))]
    return lines


def read_lines(note: str, numbers: Sequence[str]) -> tuple[str, NoteLines]:
    """Take off again what write_lines put at the end of a note: the note before it, and what the lines say."""
    lines = note.split("\n")
    rest = list(lines)
    exceptions = _take_dates(rest)
    week = _take_week(rest)
    names = _take_names(rest)
    pronouns = rest.pop().removeprefix(_PRONOUNS) if rest and rest[-1].startswith(_PRONOUNS) else ""
    extensions = _take_extensions(rest, numbers)
    said = NoteLines(extensions, pronouns, names, Hours(week, exceptions))
    if write_lines(said, numbers) != lines[len(rest) :]:
        return note, NoteLines(("",) * len(numbers))
    return "\n".join(rest), said


def spans_text(spans: Sequence[Span]) -> str:
    """Return times as they stand in a line; those that cannot be read are left out."""
    texts = [f"{span.start}-{span.end}" for span in spans]
    return ", ".join(text for text in texts if re.fullmatch(_SPANS, text, re.A))


def _week_lines(week: Sequence[Sequence[Span]]) -> list[str]:
    times = [spans_text(spans) for spans in week]
    lines: list[str] = []
    first = 0
    for day in range(len(times)):
        if day + 1 < len(times) and times[day + 1] == times[first]:
            continue
        if times[first]:
            name = DAYS[first] if first == day else f"{DAYS[first]}-{DAYS[day]}"
            lines.append(f"{name} {times[first]}")
        first = day + 1
    return lines


def date_line(day: SpecialDay) -> str:
    """Return the line of a special day, empty where nothing of it can be read."""
    spans = spans_text(day.spans)
    if not day_of(day) or (day.spans and not spans):
        return ""
    note = line_of(day.note)
    return f"{day.date} {spans or 'closed'}" + (f" ({note})" if note else "")


def _spans_of(text: str) -> tuple[Span, ...]:
    return tuple(Span(*span.split("-")) for span in text.split(", ")) if text != "closed" else ()


def _take_names(rest: list[str]) -> tuple[tuple[str, str], ...]:
    names = []
    while rest and rest[-1].partition(": ")[0] in WITHOUT_ADDRESS:
        name, _, handle = rest.pop().partition(": ")
        names.append((WITHOUT_ADDRESS[name], handle))
    return tuple(reversed(names))


def _take_dates(rest: list[str]) -> tuple[SpecialDay, ...]:
    days = []
    while rest and (found := _DATE_LINE.fullmatch(rest[-1])):
        days.append(SpecialDay(found.group(1), _spans_of(found.group(2)), found.group(3) or ""))
        rest.pop()
    return tuple(reversed(days))


def _take_week(rest: list[str]) -> tuple[tuple[Span, ...], ...]:
    week: list[tuple[Span, ...]] = [()] * 7
    above = 7
    while rest and (found := _WEEK_LINE.fullmatch(rest[-1])):
        first = DAYS.index(found.group(1))
        last = DAYS.index(found.group(2) or found.group(1))
        if not first <= last < above:
            break
        week[first : last + 1] = [_spans_of(found.group(3))] * (last + 1 - first)
        above = first
        rest.pop()
    return tuple(week)


def _take_extensions(rest: list[str], numbers: Sequence[str]) -> tuple[str, ...]:
    extensions = [""] * len(numbers)
    phone = len(numbers)
    while rest and phone and (found := _EXTENSION_LINE.fullmatch(rest[-1])):
        if (found.group(2) is None) != (len(numbers) == 1):
            break
        number = found.group(2) or numbers[0]
        phone = next((place for place in reversed(range(phone)) if numbers[place] == number), -1)
        if phone < 0 or number_of(f"{number} ext. {found.group(1)}", "") != (number, found.group(1)):
            break
        extensions[phone] = found.group(1)
        rest.pop()
    return tuple(extensions)
