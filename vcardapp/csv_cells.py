"""Cells of CSV files that spreadsheets cannot take for formulas, and files as spreadsheets write them. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

MOST_BYTES = 5_000_000
_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # the wide ones, too: some spreadsheets in Asia read them
_BEGUN = rf"(?='*[{_SIGNS}\t\r\n])"
_WITHIN = rf"(?=['\"]*[{_SIGNS}])"  # where a spreadsheet that expects semicolons begins a cell, for all our quotes
_HARMFUL = re.compile(rf"\A{_BEGUN}|(?<=[;\t\r\n]){_WITHIN}")
_HARMLESS = re.compile(rf"\A'{_BEGUN}|(?<=[;\t\r\n])'{_WITHIN}")


class NotATable(ValueError):
    """This is no CSV file that we can read."""


def escaped(cell: str) -> str:
    """Return a cell with ' in front of whatever a spreadsheet would take for a formula."""
    return _HARMFUL.sub("'", cell)


def unescaped(cell: str) -> str:
    """Return a cell as it was before `escaped`."""
    return _HARMLESS.sub("", cell)


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV, every cell quoted and none a formula, with the mark that tells spreadsheets it is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([escaped(cell.replace("\0", "")) for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()


def read_table(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file in UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon or tab; raise NotATable."""
    if len(data) > MOST_BYTES:
        raise NotATable
    text = _text(data)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = [[unescaped(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error:
        raise NotATable from None
    return [row for row in rows if any(cell.strip() for cell in row)]


def _text(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotATable
