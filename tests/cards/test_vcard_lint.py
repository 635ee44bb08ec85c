from binascii import b2a_base64

from tests.cards.contact_cards import CAST, PHOTO, kept
from tests.cards.vcard_lint import problems
from tests.cases import each
from vcardapp.cards.vcard import write_vcard

GOOD = write_vcard(kept(CAST["zoe"], PHOTO))


def with_photo(jpeg: bytes) -> bytes:
    return GOOD[: GOOD.index(b"PHOTO")] + b"PHOTO;ENCODING=B;TYPE=JPEG:" + folded(jpeg) + b"END:VCARD\r\n"


def folded(jpeg: bytes) -> bytes:
    text = b2a_base64(jpeg, newline=False)
    return b"\r\n ".join([text[:48], *(text[at : at + 74] for at in range(48, len(text), 74))]) + b"\r\n"


def changed(old: bytes, new: bytes) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def with_line(line: str) -> bytes:
    return changed(b"BDAY:1984-02-29\r\n", line.encode() + b"\r\n")


SIZE = PHOTO.index(b"\xff\xc0") + 5
WIDE = PHOTO[:SIZE] + b"\x00\x08\x00\x09" + PHOTO[SIZE + 4 :]
LARGE = PHOTO[:SIZE] + b"\x01\x91\x01\x91" + PHOTO[SIZE + 4 :]
GREY = PHOTO[: SIZE + 4] + b"\x01" + PHOTO[SIZE + 5 :]

BROKEN = {
    "1: begins with a BOM": b"\xef\xbb\xbf" + GOOD,
    "1: not UTF-8": changed(b"Zo\xc3\xab;", b"Zo\xeb;"),
    "1: control character": changed(b"Conservator", b"Conser\x07vator"),
    "1: line end is not CRLF": changed(b"London;;E1 0ZZ", b"London;\n ;E1 0ZZ"),
    "1: does not end with END:VCARD CRLF": GOOD.removesuffix(b"\r\n"),
    "1: empty line": changed(b"\r\nROLE", b"\r\n\r\nROLE"),
    "2: does not begin with BEGIN:VCARD, VERSION:3.0": changed(b"VERSION:3.0", b"VERSION: 3.0"),
    "2: BEGIN:VCARD or END:VCARD inside a value": changed(b"Conservator", b"end:vcard"),
    "3: line over 75 octets": with_line("X-LONG:" + "x" * 69),
    "3: line is not UTF-8 by itself": changed(b"Zo\xc3\xab;", b"Zo\xc3\r\n \xab;"),
    "4: fold beside a space": changed(b"Head of", b"Head\r\n  of"),
    "4: empty continuation": changed(b"Conservator", b"Conser\r\n \r\n vator"),
    "5: fold inside an escape": changed(b"Row\\nFloor", b"Row\\\r\n nFloor"),
    "6: name in small letters: Note": changed(b"NOTE;", b"Note;"),
    "6: parameter LANGUAGE": changed(b"TITLE:", b"TITLE;LANGUAGE=de:"),
    "6: TYPE is no plain list": changed(b"TYPE=Portfolio", b'TYPE="Portfolio"'),
    "6: a parameter twice": changed(b"TYPE=CELL,VOICE", b"TYPE=CELL;TYPE=VOICE"),
    "7: not one FN and one N": changed(b"ROLE:", b"FN:"),
    "7: more than one NICKNAME": changed(b"ROLE:", b"NICKNAME:"),
    "7: N has 4 parts": changed(b";;Dr.;\r\n", b";;Dr.\r\n"),
    "7: ADR has 8 parts": changed(b"London;;", b"London;;;"),
    "7: ROLE is empty": changed(b"Conservator", b""),
    "8: the property after N is not one line": changed(b"UID:urn", b"UID:\r\n urn"),
    "8: the property after ORG is not one line": changed(b"REV:2026", b"REV:\r\n 2026"),
    "9: TEL is no number": changed(b"+447700900123", b"+44 7700 900123"),
    "10: TEL without TYPE": changed(b"TEL;TYPE=WORK,VOICE", b"TEL"),
    "10: URL in a group": changed(b"URL;", b"item1.URL;"),
    "10: EMAIL neither WORK nor HOME": changed(b"INTERNET,WORK", b"INTERNET"),
    "11: semicolon in TITLE": changed(b"Head of", b"Head\\; of"),
    "11: FN begins with =": changed(b"FN;CHARSET=UTF-8:", b"FN;CHARSET=UTF-8:="),
    "12: URL is not encoded": changed(b"chairs%2Ctables", b"chairs,tables"),
    "12: two equal URLs": changed(b"https://www.linkedin.com/in/zoe-example", b"https://card.example.com/zoe"),
    "13: part ends in a backslash": changed(b";London;", b";London\\\\;"),
    "13: unknown escape in ROLE": changed(b"Conservator", b"Conser\\vator"),
    "14: CHARSET on ROLE": changed(b"ROLE:", b"ROLE;CHARSET=UTF-8:"),
    "14: no CHARSET on FN": changed(b"FN;CHARSET=UTF-8", b"FN"),
    "15: LOGO is not written": with_line("LOGO;ENCODING=B;TYPE=JPEG:/9j/"),
    "15: KIND is not written": with_line("KIND:individual"),
    "15: BDAY is not written": with_line("BDAY;VALUE=DATE:1984-02-29"),
    "16: more than one PHOTO": with_line("PHOTO;ENCODING=B;TYPE=JPEG:/9j/"),
    "16: PHOTO is not last": changed(b"END:VCARD", b"CLASS:PUBLIC\r\nEND:VCARD"),
    "16: head of PHOTO": changed(b"ENCODING=B;", b"ENCODING=b;"),
    "16: PHOTO is not base64": changed(b"/9j/4AAQ", b"/9j-4AAQ"),
    "16: PHOTO over 40 KB": with_photo(PHOTO + bytes(40 * 1024)),
    "16: PHOTO is no JPEG": with_photo(b"\x89PNG" + bytes(20)),
    "16: PHOTO with EXIF, ICC or a comment": with_photo(PHOTO[:2] + b"\xff\xfe\x00\x04hi" + PHOTO[2:]),
    "16: PHOTO is not baseline": with_photo(PHOTO.replace(b"\xff\xc0", b"\xff\xc2", 1)),
    "16: PHOTO is not a square of at most 400 pixels": with_photo(WIDE),
    "16: PHOTO is not in colour": with_photo(GREY),
    "16: the file has 60 KB or more": with_line("NOTE:" + "\r\n ".join(["x" * 70] * 900)),
    "17: UID is not urn:uuid:": changed(b"urn:uuid:", b"uuid:"),
    "17: not one UID": changed(b"ROLE:", b"UID:urn:uuid:"),
}  # fmt: skip


def test_a_good_file_has_no_problems():
    assert problems(GOOD) == []


@each("rule", BROKEN)
def test_each_rule_fires_on_a_file_that_breaks_it(rule):
    assert rule in problems(BROKEN[rule])


def test_a_photo_may_be_square_and_too_large():
    assert "16: PHOTO is not a square of at most 400 pixels" in problems(with_photo(LARGE))


def test_the_strict_form_has_no_charset():
    assert "14: CHARSET on FN" in problems(GOOD, strict=True)
