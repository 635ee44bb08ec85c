import contextlib
import dataclasses
import time
import tracemalloc
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cards.contact_cards import CAST, PHOTO, UID, contents, kept, rounds
from tests.cases import FULL, each
from vcardapp.cards.content import Address, Content, Email, Link, Phone, Website
from vcardapp.cards.vcard import PRODID, write_vcard
from vcardapp.cards.vcard_fields import PICTURE_ELSEWHERE
from vcardapp.cards.vcard_reader import ReadCard, Unreadable, read_vcards


def card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", "")).encode()


def read(*lines: str, version: str = "3.0", country: str = "") -> ReadCard:
    (only,) = read_vcards(card(*lines, version=version), country).cards
    return only


def content(*lines: str, version: str = "3.0", country: str = "") -> Content:
    return read(*lines, version=version, country=country).content


def comes_back(typed: Content) -> None:
    contact = kept(typed, PHOTO)
    first = write_vcard(contact)
    (back,) = read_vcards(first).cards
    assert kept(back.content, back.photo) == contact
    assert write_vcard(kept(back.content, back.photo)) == first
    assert back.uid == UID
    assert (back.left_out, back.doubts) == ((), ())


@each("name", CAST)
def test_our_own_file_comes_back_the_same(name):
    comes_back(CAST[name])


@rounds
@given(contents)
def test_every_random_card_comes_back_the_same(typed):
    comes_back(typed)


def test_what_a_note_tells_goes_back_to_its_fields():
    typed = CAST["everything beside the fields"]
    (back,) = read_vcards(write_vcard(kept(typed, where_met="Expo 26"))).cards
    assert back.content.hours == typed.hours
    assert back.content.pronouns == "she/her"
    assert back.content.note == "Met: Expo 26\nMon 09:00-10:00 is best."
    assert [phone.number for phone in back.content.phones] == ["+44 20 7946 0958 ext. 55", "*100#", "+44 20 7946 0000"]
    assert Link("wechat", "ada_w") in back.content.links
    assert Link("viber", "+447700900123") in back.content.links
    assert back.left_out == ()


def test_an_identity_is_kept_only_from_our_own_files():
    assert read("FN:A", f"UID:urn:uuid:{UID}", f"PRODID:{PRODID}").uid == UID
    assert read("FN:A", f"UID:urn:uuid:{UID}", "PRODID:-//Apple Inc.//iOS 17//EN").uid is None
    assert read("FN:A", "UID:nonsense", f"PRODID:{PRODID}").uid is None


def test_an_iphone_card_is_understood():
    back = read(
        "N:Appleseed;John;;;",
        "FN:John Appleseed",
        "ORG:Orchard;Trees",
        "item1.EMAIL;type=INTERNET;type=pref:john@example.com",
        "item1.X-ABLabel:_$!<Work>!$_",
        "TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:(408) 555-1234",
        "item2.ADR;type=HOME;type=pref:;;1 Infinite Loop\\nFloor 2;Cupertino;CA;95014;USA",
        "item2.X-ABADR:us",
        "item3.URL;type=pref:https\\://example.com/a\\,b",
        "item3.X-ABLabel:_$!<HomePage>!$_",
        "item4.URL:https://example.org",
        "item4.X-ABLabel:Orchard shop",
        "BDAY;X-APPLE-OMIT-YEAR=1604;value=date:1604-05-02",
        "X-SOCIALPROFILE;type=twitter;x-user=appleseed:http://twitter.com/appleseed",
        "X-SOCIALPROFILE;type=instagram:x-apple:apple.seed",
        "IMPP;X-SERVICE-TYPE=Jabber;type=HOME:xmpp:john@example.com",
        "PHOTO;ENCODING=b;TYPE=JPEG:" + b64encode(PHOTO).decode(),
        country="US",
    )
    assert back.content == Content(
        display_name="John Appleseed",
        given="John",
        family="Appleseed",
        company="Orchard",
        department="Trees",
        emails=(Email("john@example.com", "work"),),
        phones=(Phone("+1 408-555-1234", "mobile"),),
        addresses=(Address("1 Infinite Loop\nFloor 2", "Cupertino", "CA", "95014", "USA", "home"),),
        websites=(Website("https://example.com/a,b"), Website("https://example.org", label="Orchard shop")),
        links=(Link("x", "appleseed"), Link("instagram", "apple.seed"), Link("xmpp", "john@example.com")),
        birthday="--05-02",
    )
    assert back.photo == PHOTO
    assert back.left_out == ()


def test_an_old_outlook_card_is_understood():
    data = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
        b"N;LANGUAGE=de;CHARSET=Windows-1252:M\xfcller;J\xf6rg\r\n"
        b"FN;CHARSET=Windows-1252:J\xf6rg M\xfcller\r\n"
        b"TEL;WORK;VOICE:030 123456\r\nTEL;FAX;WORK:030 123457\r\nTEL;CELL;PREF:0170 1234567\r\n"
        b"ADR;WORK;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:;;Stra=C3=9Fe 1=0D=0A=\r\nHof;Berlin;;10115;Deutschland\r\n"
        b"LABEL;WORK;QUOTED-PRINTABLE:Other=0D=0AAddress\r\n"
        b"NOTE;QUOTED-PRINTABLE:gr\xfc=DFe; an=20alle=\r\n=0D=0A#2\r\n"
        b"EMAIL;PREF;INTERNET:joerg@example.com\r\n"
        b"PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n "
        + b64encode(PHOTO)[:60]
        + b"\r\n "
        + b64encode(PHOTO)[60:]
        + b"\r\n\r\nX-MS-OL-DEFAULT-POSTAL-ADDRESS:2\r\nREV:20260101T000000Z\r\nEND:VCARD\r\n"
    )
    reading = read_vcards(data, "DE")
    (back,) = reading.cards
    assert (back.content.family, back.content.given) == ("Müller", "Jörg")
    assert [(phone.number, phone.kind) for phone in back.content.phones] == [
        ("+49 170 1234567", "mobile"),
        ("+49 30 123456", "work"),
        ("+49 30 123457", "fax"),
    ]
    assert back.content.addresses == (Address("Straße 1\nHof", "Berlin", "", "10115", "Deutschland"),)
    assert back.content.note == "grüße; an alle\n#2"
    assert back.photo == PHOTO
    assert back.left_out == ()
    assert not reading.has_guessed


def test_a_card_of_version_4_is_understood():
    photo = "data:image/jpeg;base64," + b64encode(PHOTO).decode()
    back = read(
        "KIND:org",
        "FN;ALTID=1;LANGUAGE=en:Lantern Workshop",
        "FN;ALTID=1;LANGUAGE=fr:Atelier Lanterne",
        "ORG:Lantern Workshop",
        'TEL;TYPE="cell,voice";PREF=1;VALUE=uri:tel:+1-418-656-9254;ext=102',
        "BDAY:19840229",
        "GENDER:F",
        f"PHOTO:{photo}",
        version="4.0",
    )
    assert back.content.is_company
    assert back.content.display_name == "Lantern Workshop"
    assert back.content.company == ""
    assert back.content.phones == (Phone("+1 418-656-9254 ext. 102", "mobile"),)
    assert back.content.birthday == "1984-02-29"
    assert back.photo == PHOTO
    assert [(row.name, row.value) for row in back.left_out] == [("FN", "Atelier Lanterne"), ("GENDER", "F")]


def test_what_is_preferred_comes_first_and_one_of_two_twins_is_taken():
    back = read(
        "VERSION:4.0",
        "FN;PREF=2:Second",
        "FN;PREF=1:First",
        "TEL;TYPE=work:+442079460018",
        'TEL;TYPE="cell,pref":+447700900123',
        "EMAIL:b@example.com",
        "EMAIL;PREF=x:c@example.com",
        "EMAIL;PREF=1:a@example.com",
        "ADR;ALTID=1;LANGUAGE=en:;;1 Long St;Warsaw",
        "ADR;ALTID=1;LANGUAGE=pl:;;Długa 1;Warszawa",
        "ADR;TYPE=home:;;2 Long St;Warsaw",
    )
    assert back.content.display_name == "First"
    assert [phone.kind for phone in back.content.phones] == ["mobile", "work"]
    assert [mail.address[0] for mail in back.content.emails] == ["a", "b", "c"]
    assert [place.street for place in back.content.addresses] == ["1 Long St", "2 Long St"]
    assert [(row.name, row.value) for row in back.left_out] == [("FN", "Second"), ("ADR", ";;Długa 1;Warszawa")]


def test_a_number_with_a_word_of_its_maker_is_not_lost():
    back = read(
        "FN:A",
        "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=E5=86=85=E7=B7=9A):+442079460018",
        "TEL;WORK;X-Front Desk;VOICE:+442079460019",
        "TEL;X-內線:+442079460020",
        "item1.TEL:+442079460021",
        "item1.X-ABLabel:Front desk",
        "item2.TEL:+442079460022",
        "item2.X-ABLabel:_$!<HomeFAX>!$_",
    )
    assert [(phone.number[-2:], phone.kind) for phone in back.content.phones] == [
        ("18", "other"),
        ("19", "work"),
        ("20", "other"),
        ("21", "other"),
        ("22", "fax"),
    ]
    assert [(row.name, row.value) for row in back.left_out] == [
        ("TEL", "X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-P"),
        ("TEL", "X-Front Desk"),
        ("TEL", "X-內線"),
        ("X-ABLABEL", "Front desk"),
    ]


def test_a_picture_at_an_address_is_listed_and_never_fetched():
    back = read("FN:A", "PHOTO;VALUE=uri:https://tracker.example/a.jpg", "PHOTO;ENCODING=b:")
    assert back.photo is None
    assert [(row.name, row.value) for row in back.left_out] == [("PHOTO", "https://tracker.example/a.jpg")]
    escaped = read("FN:A", "PHOTO:https\\://lh3.example/a.jpg")  # as Google writes addresses
    assert escaped.photo is None
    assert escaped.left_out[0].reason == PICTURE_ELSEWHERE


def test_the_first_picture_with_data_counts():
    data = b64encode(PHOTO).decode()
    back = read("FN:A", "PHOTO:https://a.example/b.jpg", f"PHOTO;ENCODING=b:{data}", "PHOTO;ENCODING=b:AAAA")
    assert back.photo == PHOTO
    assert len(back.left_out) == 2


@each(
    ("lines", "name", "is_company"),
    [
        (["N:Brandt;Zoë;M.;Dr.;Jr."], "Dr. Zoë M. Brandt Jr.", False),
        (["N:山田;太郎"], "山田太郎", False),
        (["NICKNAME:Zo", "ORG:Engines"], "Zo", False),
        (["ORG:Engines", "EMAIL:a@example.com"], "Engines", True),
        (["EMAIL:a@example.com"], "a@example.com", False),
        (["FN:Engines", "N:;;;;", "ORG:Engines;"], "Engines", True),
        (["FN:Ada", "N:;;;;", "ORG:Engines", "X-ABShowAs:COMPANY"], "Ada", True),
        (["FN:Cher", "N:;Cher;;;"], "Cher", False),
    ],
)
def test_every_card_gets_a_name(lines, name, is_company):
    back = content(*lines)
    assert (back.display_name, back.is_company) == (name, is_company)
    assert back.given != "Cher"


@each(
    ("value", "text"),
    [
        (r"a, b\, c\; d\\e\nf\Ng", "a, b, c; d\\e\nf\ng"),
        (r"C:\Users\x \"q\"", 'C:Usersx "q"'),
        ("ends in \\", "ends in \\"),
        ("tab\there\u2028\u202eand", "tab here and"),
    ],
)
def test_texts_are_unescaped_and_never_divided(value, text):
    assert content("FN:A", f"NOTE:{value}").note == text


def test_lines_are_joined_as_they_were_broken():
    data = b"BEGIN:VCARD\nVERSION:3.0\nFN:A\nNOTE:one\n  two\n\tthree\nfour without a colon\n# comment\n\nEND:VCARD"
    assert read_vcards(data).cards[0].content.note == "one twothree\nfour without a colon"
    assert read_vcards(data.replace(b"\n", b"\r")).cards[0].content.note == "one twothree\nfour without a colon"
    folded_head = b"BEGIN:VCARD\r\nFN:A\r\nTEL;TYPE=WORK;X-A=1\r\n ;TYPE=FAX:+442079460958\r\nEND:VCARD\r\n"
    assert read_vcards(folded_head).cards[0].content.phones == (Phone("+44 20 7946 0958", "fax"),)


def test_heads_are_repaired():
    back = read("FN :A", "TEL;;HOME;:+442079460958", "TITLE;7BIT:B", 'ROLE;ENCODING="8BIT":C', 'NOTE;X="a:b;c":D', " E")
    assert back.content.display_name == "A"
    assert back.content.phones == (Phone("+44 20 7946 0958", "home"),)
    assert (back.content.title, back.content.role, back.content.note) == ("B", "C", "DE")


def test_lines_that_are_none_are_listed():
    back = read("FN:A", 'TEL;TYPE="WORK"x:1', "a b:c", "X-FOO:" + "x" * 100)
    assert [(row.name, row.value) for row in back.left_out] == [
        ("TEL", 'TEL;TYPE="WORK"x:1'),
        ("a b", "a b:c"),
        ("X-FOO", "x" * 40),
    ]


@each("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_files_of_every_kind_are_read(encoding):
    data = card("FN:Zoë 山田").decode().encode(encoding)
    reading = read_vcards(data)
    assert reading.cards[0].content.display_name == "Zoë 山田"
    assert not reading.has_guessed


def test_a_character_set_is_guessed_and_can_be_chosen():
    hebrew = card("FN:X").replace(b"X", "שלום".encode("cp1255"))
    reading = read_vcards(hebrew)
    assert reading.has_guessed
    assert reading.cards[0].content.display_name == "שלום".encode("cp1255").decode("cp1252")
    chosen = read_vcards(hebrew, charset="cp1255")
    assert chosen.cards[0].content.display_name == "שלום"
    assert not chosen.has_guessed


def test_another_character_set_of_the_file_is_tried_first():
    data = b"BEGIN:VCARD\nFN:\x8e\x52\x93\x63\nTITLE;CHARSET=SHIFT_JIS:\x8e\x52\nEND:VCARD\n"
    assert read_vcards(data).cards[0].content.display_name == "山田"


@each("name", ["murks", "zlib", "unicode_escape", "utf-7", "punycode", "../x"])
def test_unknown_and_dangerous_character_sets_are_skipped(name):
    assert content(f"FN;CHARSET={name}:+AGE- \\u0041").display_name == "+AGE- u0041"


def test_cards_inside_cards_are_skipped_and_missing_ends_accepted():
    nested = b"BEGIN:VCARD\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:B\nTEL:1234567\nEND:VCARD\nTITLE:T\nEND:VCARD\n"
    (only,) = read_vcards(nested).cards
    assert (only.content.display_name, only.content.title, only.content.phones) == ("A", "T", ())
    open_ended = b"begin:vcard\nFN:A\nBEGIN:VCARD\nFN:B\nend:vcard\nBEGIN:VCARD\nFN:C\n"
    assert [back.content.display_name for back in read_vcards(open_ended).cards] == ["A", "B", "C"]


def test_doubtful_numbers_and_addresses_are_kept_and_pointed_at():
    back = read("FN:A", "TEL:ask Jenny", "EMAIL:nowhere", 'EMAIL:"Ada" <ada@example.com>')
    assert back.content.phones == (Phone("ask Jenny", "other"),)
    assert [mail.address for mail in back.content.emails] == ["nowhere", "ada@example.com"]
    assert [row.value for row in back.doubts] == ["ask Jenny", "nowhere"]
    assert [change.after for change in back.changed] == ["ada@example.com"]


def test_links_are_recognised_and_harmful_ones_refused():
    back = read(
        "FN:A",
        "URL;TYPE=LinkedIn:https://www.linkedin.com/in/ada",
        "URL:javascript:alert(1)",
        "X-SKYPE-USERNAME:ada",
        "X-ICQ:12345",
        "X-JABBER:ada@example.org",
        "URL:mailto:ada@example.com",
        "URL;TYPE=HOME:example.org",
    )
    assert back.content.links == (Link("linkedin", "in/ada"), Link("xmpp", "ada@example.org"))
    assert back.content.websites == (Website("https://example.org", "home"),)
    assert [mail.address for mail in back.content.emails] == ["ada@example.com"]
    assert [row.name for row in back.left_out] == ["URL", "X-SKYPE-USERNAME", "X-ICQ"]


def test_a_label_counts_only_where_there_is_no_address():
    assert content("FN:A", "LABEL;TYPE=HOME:1 Row\\nLondon").addresses == (Address("1 Row\nLondon", kind="home"),)
    assert content("FN:A", "LABEL:Other", "ADR:Box 1;Flat 2;1 Row;London").addresses == (
        Address("Box 1\nFlat 2\n1 Row", "London", kind="other"),
    )


@each(
    ("value", "birthday"),
    [
        ("1984-02-29T00:00:00Z", "1984-02-29"),
        ("19840229", "1984-02-29"),
        ("--0229", "--02-29"),
        ("--02-29", "--02-29"),
        ("1604-05-02", "--05-02"),
        ("circa 1800", ""),
    ],
)
def test_birthdays_are_read_in_every_form(value, birthday):
    assert content("FN:A", f"BDAY:{value}").birthday == birthday


MEGABYTE = 1024 * 1024
BEGIN, END = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\n", b"END:VCARD\r\n"

MANY = 1_000 if FULL else 200  # cards
HOSTILE = {
    "nothing": b"",
    "no card": b"hello: world\n" * 100,
    "binary": bytes(range(256)) * 10_000,
    "line breaks": b"\n" * 5 * MEGABYTE,
    "one line": b"x" * 5 * MEGABYTE,
    "nested": b"BEGIN:VCARD\r\n" * 20_000,
    "nested and closed": b"BEGIN:VCARD\r\n" * 2_000 + b"END:VCARD\r\n" * 2_000,
    "properties": BEGIN + b"TEL:+442079460958\r\n" * 20_000 + END,
    "cards": (BEGIN + END) * 1_001,
    "endless fold": BEGIN + b"NOTE:" + b"\r\n x" * 140_000 + END,
    "commas without a colon": BEGIN + b"A;B=" + b"a," * 30 + b"a\r\n" + END,
    "commas": BEGIN + b"A;B=" + b"a," * 400 + b"a;:x\r\n" + END,
    "parameters without a colon": BEGIN + b"A" + b";B=c" * 240 + b"\r\n" + END,
    "parameters": BEGIN + b"A" + b";B=c" * 200_000 + b":x\r\n" + END,
    "quotes": BEGIN + b'A;B="' + b'":"' * 300_000 + b"\r\n" + END,
    "photo": BEGIN + b"PHOTO;ENCODING=b:" + b"A" * 4 * MEGABYTE + b"\r\n" + END,
    "equals": BEGIN + b"NOTE;QUOTED-PRINTABLE:" + b"=\r\n" * 140_000 + END,
    "escapes": (BEGIN + b"NOTE:" + b"\\" * 19_000 + b"\r\nADR:" + b"\\;" * 9_000 + b"\r\n" + END) * (MANY // 10),
    "structured": (BEGIN + b"ADR:" + b";" * 19_000 + b"\r\nN:" + b"," * 19_000 + b"\r\n" + END) * (MANY // 10),
    "character sets": BEGIN + b"".join(b"X;CHARSET=cp%d:\xe4\r\n" % n for n in range(480)) + END,
    "many addresses": (BEGIN + b"URL:https://" + b"a." * 900 + b"com/" + b"@" * 90 + b"\r\n" + END) * MANY,
    "many links": (BEGIN + b"URL:https://www.instagram.com/ada\r\n" * 10 + END) * MANY,
    "many profiles": (BEGIN + b"X-SOCIALPROFILE;TYPE=twitter;x-user=a:https://a.example/@b\r\n" * 10 + END) * MANY,
    "numbers": (BEGIN + b"TEL:+4420" + b"1(" * 90 + b"\r\n" + END) * MANY,
    "many numbers": (BEGIN + b"TEL:+442079460958 ext. 55\r\n" * 45 + END) * MANY,
    "hours": b"".join((BEGIN, b"PRODID:" + PRODID.encode() + b"\r\nNOTE:", b"\\nExt. 5" * 2_000, b"\r\n", END)),
}


def try_to_read(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert len(read_vcards(data, "DE").cards) <= 1_000


@each("name", HOSTILE)
def test_hostile_files_end_soon(name):
    started = time.process_time()
    try_to_read(HOSTILE[name])
    assert time.process_time() - started < 10


@each("name", [name for name in HOSTILE if not name.startswith("many")], one_of=2)
def test_hostile_files_stay_small(name):
    tracemalloc.start()
    try_to_read(HOSTILE[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * MEGABYTE


@each(
    ("data", "reason"),
    [
        (b"x" * (5 * MEGABYTE + 1), "The file is larger than 5 MB."),
        (HOSTILE["cards"], "The file holds more than 1,000 contacts."),
        (HOSTILE["line breaks"], "The file has too many lines for a file of contacts."),
        (BEGIN + b"X-A:1\n" * 50_000 + END, "The file has too many lines for a file of contacts."),
        (HOSTILE["photo"], "This contact is larger than 512 KB."),
        (HOSTILE["properties"], "This contact has more than 500 entries."),
        ((BEGIN + b"a.url;TYPE=x:b\n" * 11 + END) * 1_000, "The file holds more than 10,000 links."),
        (b"", "There is no contact in this file."),
        (b"BEGIN:VCARD\nEND:VCARD\n", "There is no contact in this file."),
    ],
)
def test_a_refusal_says_why(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read_vcards(data)


def test_one_bad_card_does_not_spoil_the_others():
    reading = read_vcards(BEGIN + END + HOSTILE["properties"] + BEGIN + END)
    assert len(reading.cards) == 2
    assert [number for number, _ in reading.problems] == [2]


def test_a_file_of_a_thousand_cards_is_read():
    assert len(read_vcards((BEGIN + END) * 1_000).cards) == 1_000


@rounds
@given(st.lists(st.sampled_from([*'\r\n\t :;,=\\"', "BEGIN:VCARD\n", "END:VCARD\n", "N", "ENCODING=B", "é", "\udc80"])))
def test_no_bytes_raise_anything_but_unreadable(pieces):
    try_to_read(b"BEGIN:VCARD\n" + "".join(pieces).encode("utf-8", "surrogatepass"))


def test_a_card_of_another_program_is_written_again_without_problems():
    back = read("N:Brandt;Zoë", "FN:Zoë; Brandt", "TEL:+44 20 7946 0958 x5", "NOTE:a\\;b", "URL:example.org")
    again = read_vcards(write_vcard(kept(back.content))).cards[0]
    assert kept(again.content) == kept(back.content)
    assert dataclasses.replace(again.content, display_name="", note="", websites=()) == dataclasses.replace(
        back.content, display_name="", note="", websites=()
    )
