"""Lines of a contact file as they stand in it: escaped and folded (RFC 6350 §3.2 and §3.4, RFC 2426 §2.6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LINE_BYTES = 75

_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JOINED = {"\u200d", *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0xE0020, 0xE0080))}  # joiner, skin, tags


def written(lines: Iterable[str]) -> str:
    """Return the text of lines, each folded where it is long and ended by CRLF."""
    return "".join([f"{line}\r\n" if len(line) <= LINE_BYTES and line.isascii() else folded(line) for line in lines])


def escaped(text: str) -> str:
    r"""Return a text, or a part of one, with ``\ , ;`` and line breaks escaped."""
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def folded(line: str) -> str:
    """Divide a line behind its head into physical lines, the fold's space counted."""
    pieces = []
    start, least, room = 0, line.index(":") + 1, LINE_BYTES
    while len(rest := line[start : start + room].encode()) > room or start + room < len(line):
        longest = start + len(rest[:room].decode("utf-8", "ignore"))
        places = range(longest, least, -1)
        end = next((place for place in places if _is_free(line, place)), 0)
        end = end or next((place for place in places if not _is_inside(line, place)), longest)
        pieces.append(line[start:end])
        start, least, room = end, end, LINE_BYTES - 1
    return "\r\n ".join([*pieces, line[start:]]) + "\r\n"


def _is_free(text: str, place: int) -> bool:
    """Say whether a line may be folded here: not inside a sign, nor beside a space that a trimming reader would eat."""
    return not (text[place - 1].isspace() or text[place].isspace() or _is_inside(text, place))


def _is_inside(text: str, place: int) -> bool:
    """Say whether an escape, a flag, or a sign with its marks, skin tone or joiner would be divided."""
    before, after = text[place - 1], text[place]
    if before == "\\":
        return _run(text, place, "\\") % 2 == 1
    if after.isascii():
        return False
    if "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff":
        return _run(text, place, _FLAG_LETTERS) % 2 == 1
    return before == "\u200d" or after in _JOINED or unicodedata.category(after).startswith("M")


def _run(text: str, place: int, signs: str) -> int:
    """Count how many of these signs stand directly before a place."""
    before = text[max(0, place - LINE_BYTES) : place]
    return len(before) - len(before.rstrip(signs))
