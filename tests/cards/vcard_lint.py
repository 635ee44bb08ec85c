"""What is wrong with a .vcf file that we wrote: one rule for each failure seen in a phone or address book."""

from __future__ import annotations

import re
import struct
import unicodedata
from binascii import Error, a2b_base64
from collections.abc import Iterator
from typing import NamedTuple

TEXTS = {"N", "FN", "NICKNAME", "ORG", "TITLE", "ROLE", "ADR", "NOTE"}
FORBIDDEN = {"LOGO", "LABEL", "AGENT", "KEY", "SOURCE"}
ONLY_IN_4 = {"KIND", "MEMBER", "XML", "RELATED", "GENDER", "ANNIVERSARY", "LANG", "CLIENTPIDMAP"}
ONLY_IN_4 |= {"CALURI", "CALADRURI", "FBURL"}
PHOTO_HEAD = "PHOTO;ENCODING=B;TYPE=JPEG"
FLAG_LETTER = "[\U0001f1e6-\U0001f1ff]"


class Line(NamedTuple):
    head: str
    name: str
    params: list[tuple[str, str]]
    value: str
    physical: int  # how many lines it takes


def problems(vcf: bytes, *, strict: bool = False) -> list[str]:
    """Return every broken rule as "number: what"; `strict` is the form without CHARSET."""
    try:
        text = vcf.decode()
    except UnicodeDecodeError:
        return ["1: not UTF-8", *_folds(vcf)]
    found = [*_bytes(vcf, text), *_folds(vcf)]
    lines = list(_lines(text))
    found += [
        *_frame(lines),
        *_heads(lines, strict),
        *_counts(lines),
        *_neighbours(lines),
        *_values(lines),
        *_photo(lines),
    ]
    if len(vcf) >= 60 * 1024:
        found.append("16: the file has 60 KB or more")
    return found


def _lines(text: str) -> Iterator[Line]:
    for raw in re.split(r"\r?\n(?![ \t])", text.removesuffix("\r\n")):
        whole = re.sub(r"\r?\n[ \t]", "", raw)
        head, _, value = whole.partition(":")
        name, *params = head.split(";")
        pairs = [(key, value) for key, _, value in (param.partition("=") for param in params)]
        yield Line(head, name, pairs, value, raw.count("\n") + 1)


def _bytes(vcf: bytes, text: str) -> Iterator[str]:
    if vcf.startswith(b"\xef\xbb\xbf"):
        yield "1: begins with a BOM"
    if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n" for sign in text):
        yield "1: control character"
    if re.search(rb"\r(?!\n)|(?<!\r)\n", vcf):
        yield "1: line end is not CRLF"
    if not vcf.endswith(b"END:VCARD\r\n"):
        yield "1: does not end with END:VCARD CRLF"
    if b"\r\n\r\n" in vcf:
        yield "1: empty line"


def _folds(vcf: bytes) -> Iterator[str]:
    lines = vcf.split(b"\r\n")
    for line, after in zip(lines, [*lines[1:], b""], strict=True):
        if len(line) > 75:
            yield "3: line over 75 octets"
        try:
            text = line.decode()
        except UnicodeDecodeError:
            yield "3: line is not UTF-8 by itself"
            continue
        if after.startswith((b" ", b"\t")):
            is_beside = line.endswith((b" ", b"\t")) or after[1:2] in (b" ", b"\t")
            if is_beside and _has_free_place(text[1:] if text[:1] == " " else text.partition(":")[2]):
                yield "4: fold beside a space"
            if len(after) == 1:
                yield "4: empty continuation"
            if (len(line) - len(line.rstrip(b"\\"))) % 2:
                yield "5: fold inside an escape"


def _has_free_place(text: str) -> bool:
    """Say whether two signs, neither a space, stand side by side; a sign with its marks or an escape is one."""
    text = re.sub(r"\\.|" + FLAG_LETTER + "{2}", "x", text)
    text = re.sub("\u200d\\S?|[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]", "", text)
    text = "".join(sign for sign in text if not unicodedata.category(sign).startswith("M"))
    return bool(re.search(r"\S\S", text))


def _frame(lines: list[Line]) -> Iterator[str]:
    if [(line.head, line.value) for line in lines[:2]] != [("BEGIN", "VCARD"), ("VERSION", "3.0")]:
        yield "2: does not begin with BEGIN:VCARD, VERSION:3.0"
    if any(re.search("(BEGIN|END):VCARD", line.value, re.I) for line in lines):
        yield "2: BEGIN:VCARD or END:VCARD inside a value"


def _heads(lines: list[Line], strict: bool) -> Iterator[str]:
    for line in lines:
        bare = line.name.rpartition(".")[2]
        if bare != bare.upper() and bare != "X-ABShowAs":
            yield f"6: name in small letters: {bare}"
        for key, value in line.params:
            if key not in ("TYPE", "ENCODING", "CHARSET"):
                yield f"6: parameter {key}"
            elif key == "TYPE" and not re.fullmatch("[A-Za-z0-9-]+(,[A-Za-z0-9-]+)*", value):
                yield "6: TYPE is no plain list"
        keys = [key for key, _ in line.params]
        if len(keys) > len(set(keys)):
            yield "6: a parameter twice"
        yield from _typed(line, bare, dict(line.params))
        charset = dict(line.params).get("CHARSET")
        if charset and (strict or charset != "UTF-8" or bare not in TEXTS or line.value.isascii()):
            yield f"14: CHARSET on {bare}"
        if not charset and not strict and bare in TEXTS and not line.value.isascii():
            yield f"14: no CHARSET on {bare}"
        if bare in FORBIDDEN | ONLY_IN_4 or "VALUE" in keys or line.value.startswith("data:"):
            yield f"15: {bare} is not written"


def _typed(line: Line, bare: str, params: dict[str, str]) -> Iterator[str]:
    if bare not in ("TEL", "EMAIL", "URL", "ADR"):
        return
    types = params.get("TYPE", "").split(",")
    if "TYPE" not in params:
        yield f"10: {bare} without TYPE"
    if bare != line.name:
        yield f"10: {bare} in a group"
    if bare == "EMAIL" and not {"WORK", "HOME"} & set(types):
        yield "10: EMAIL neither WORK nor HOME"


def _counts(lines: list[Line]) -> Iterator[str]:
    names = [line.name for line in lines]
    if names.count("FN") != 1 or names.count("N") != 1:
        yield "7: not one FN and one N"
    if names.count("NICKNAME") > 1:
        yield "7: more than one NICKNAME"
    if names.count("UID") != 1:
        yield "17: not one UID"
    is_company = "X-ABShowAs" in names
    for line in lines:
        parts = re.split(r"(?<!\\)(?:\\\\)*;", line.value)
        if len(parts) != {"N": 5, "ADR": 7}.get(line.name, len(parts)):
            yield f"7: {line.name} has {len(parts)} parts"
        if not line.value.strip("; ") and not (line.name == "N" and is_company):
            yield f"7: {line.name} is empty"
        if line.name == "UID" and not line.value.startswith("urn:uuid:"):
            yield "17: UID is not urn:uuid:"


def _neighbours(lines: list[Line]) -> Iterator[str]:
    for line, after in zip(lines, lines[1:], strict=False):
        if line.name in ("N", "ADR", "ORG") and (after.physical > 1 or not after.value):
            yield f"8: the property after {line.name} is not one line"


def _values(lines: list[Line]) -> Iterator[str]:
    urls = [line.value for line in lines if line.name == "URL"]
    if len(urls) > len(set(urls)):
        yield "12: two equal URLs"
    for line in lines:
        if line.name == "TEL" and not re.fullmatch(r"\+?[\d*#]+", line.value, re.A):
            yield "9: TEL is no number"
        if line.name in ("FN", "TITLE", "ROLE", "NOTE", "NICKNAME") and ";" in line.value:
            yield f"11: semicolon in {line.name}"
        if line.name == "FN" and line.value.startswith("="):
            yield "11: FN begins with ="
        if line.name == "URL" and not re.fullmatch(r"[!-+\--:<-\[\]-~]+", line.value):
            yield "12: URL is not encoded"
        if line.name in ("N", "ADR", "ORG") and re.search(r"\\\\(;|$)", line.value):
            yield "13: part ends in a backslash"
        if re.search(r"\\(?![n,;\\])", re.sub(r"\\\\", "", line.value)):
            yield f"13: unknown escape in {line.name}"


def _photo(lines: list[Line]) -> Iterator[str]:
    photos = [line for line in lines if line.name == "PHOTO"]
    if len(photos) > 1:
        yield "16: more than one PHOTO"
    for line in photos:
        if line is not lines[-2]:
            yield "16: PHOTO is not last"
        if line.head != PHOTO_HEAD:
            yield "16: head of PHOTO"
        try:
            jpeg = a2b_base64(line.value, strict_mode=True)
        except Error:
            yield "16: PHOTO is not base64"
            continue
        if len(jpeg) > 40 * 1024:
            yield "16: PHOTO over 40 KB"
        yield from _jpeg(jpeg)


def _jpeg(jpeg: bytes) -> Iterator[str]:
    """Walk the segments of a JPEG (ITU T.81 annex B) up to its scan."""
    if jpeg[:2] != b"\xff\xd8":
        yield "16: PHOTO is no JPEG"
        return
    at = 2
    while at + 9 < len(jpeg) and jpeg[at + 1] != 0xDA:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if marker in (0xE1, 0xE2, 0xFE):
            yield "16: PHOTO with EXIF, ICC or a comment"
        if marker in (0xC1, 0xC2, 0xC3):
            yield "16: PHOTO is not baseline"
        if marker in (0xC0, 0xC1, 0xC2):
            height, width, colours = struct.unpack(">HHB", jpeg[at + 5 : at + 10])
            if height != width or width > 400:
                yield "16: PHOTO is not a square of at most 400 pixels"
            if colours != 3:
                yield "16: PHOTO is not in colour"
        at += 2 + length
