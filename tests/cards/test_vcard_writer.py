import dataclasses

import pytest
import vobject
from hypothesis import given

from tests.cards.contact_cards import CAST, EVERY, PHOTO, ZOE, contents, kept, rounds
from tests.cards.vcard_lint import problems
from tests.cases import each
from vcardapp.cards.contact import Contact
from vcardapp.cards.content import Address, Content, Phone, Website
from vcardapp.cards.vcard import content_disposition, file_names, write_vcard

EXAMPLE = """\
BEGIN:VCARD
VERSION:3.0
PRODID:-//vcardapp//vcardapp//EN
N;CHARSET=UTF-8:Brandt-Okafor;Zoë;;Dr.;
UID:urn:uuid:7c1d0c4e-6a55-4d0e-9f0b-2f4d1f3a8e21
FN;CHARSET=UTF-8:Dr. Zoë Brandt-Okafor
NICKNAME:Zo
ORG:Lantern Workshop Ltd;Furniture\\, Restoration
REV:20260301T090000Z
TITLE:Head of Workshop
ROLE:Conservator
ADR;TYPE=WORK:;;12 Lantern Row\\nFloor 2\\, Door 7;London;;E1 0ZZ;United King
 dom
TEL;TYPE=CELL,VOICE,PREF:+447700900123
TEL;TYPE=WORK,VOICE:+442079460958
EMAIL;TYPE=INTERNET,WORK,PREF:zoe@example.com
URL;TYPE=WORK:https://card.example.com/zoe
URL;TYPE=LinkedIn:https://www.linkedin.com/in/zoe-example
URL;TYPE=Portfolio:https://example.org/?q=chairs%2Ctables%3Boak
BDAY:1984-02-29
CATEGORIES:Fair 2026
NOTE;CHARSET=UTF-8:Repairs & gilding\\, by appointment.\\nWork line: ext. 55
 . "Çok güzel"\\, say our clients in every second letter.
PHOTO;ENCODING=B;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhce
 HBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2w
 BDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk
 pKSkpKSkpKSkpKT/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xA
 AUEQEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAA
 AAAAAAAAAAAA/9oADAMBAAIRAxEAPwCAAlF//9k=
END:VCARD
"""


def lines_of(content: Content, **more: str) -> list[str]:
    return write_vcard(kept(content, **more)).decode().split("\r\n")


def test_the_example_of_the_reference_is_written_byte_for_byte():
    contact = dataclasses.replace(kept(ZOE, PHOTO), categories=("Fair 2026",))
    assert write_vcard(contact) == EXAMPLE.replace("\n", "\r\n").encode()


@each("name", EVERY)
def test_every_kind_of_card_breaks_no_rule(name):
    contact = kept(EVERY[name], PHOTO)
    assert problems(write_vcard(contact)) == []
    assert problems(write_vcard(contact, strict=True), strict=True) == []


@rounds
@given(contents)
def test_random_cards_break_no_rule(content):
    contact = kept(content, PHOTO)
    assert problems(write_vcard(contact)) == []
    assert problems(write_vcard(contact, strict=True), strict=True) == []


@rounds
@given(contents)
def test_vobject_reads_every_field_as_the_preview_shows_it(content):
    contact = kept(content, PHOTO)
    assert as_read(write_vcard(contact)) == as_promised(contact)


@each("name", EVERY)
def test_vobject_reads_every_kind_of_card(name):
    contact = kept(EVERY[name])
    assert as_read(write_vcard(contact)) == as_promised(contact)


def as_read(vcf: bytes) -> dict[str, object]:
    card = vobject.readOne(vcf.decode())
    name = card.n.value
    single = {key: one(card, key) for key in ("fn", "nickname", "title", "role", "note", "bday", "uid", "x-abshowas")}
    return {
        **single,
        "n": [name.family, name.given, name.additional, name.prefix, name.suffix],
        "phonetic": [one(card, "x-phonetic-first-name"), one(card, "x-phonetic-last-name")],
        "org": card.org.value if "org" in card.contents else [],
        "adr": [
            [a.value.street, a.value.city, a.value.region, a.value.code, a.value.country, *a.params["TYPE"]]
            for a in card.contents.get("adr", [])
        ],
        "tel": [[tel.value, *tel.params["TYPE"]] for tel in card.contents.get("tel", [])],
        "email": [[mail.value, *mail.params["TYPE"]] for mail in card.contents.get("email", [])],
        "url": [[url.value, *url.params["TYPE"]] for url in card.contents["url"]],
        "photo": one(card, "photo"),
    }


def one(card: vobject.base.Component, key: str) -> object:
    return card.contents[key][0].value if key in card.contents else ""


def as_promised(contact: Contact) -> dict[str, object]:
    organisation = [contact.company, contact.department] if contact.department else [contact.company]
    return {
        "fn": contact.display_name,
        "nickname": contact.nickname,
        "title": contact.title,
        "role": contact.role,
        "note": contact.note,
        "bday": contact.birthday,
        "uid": f"urn:uuid:{contact.uid}",
        "x-abshowas": "COMPANY" if contact.is_company else "",
        "n": [contact.family, contact.given, contact.additional, contact.prefix, contact.suffix],
        "phonetic": [contact.phonetic_given, contact.phonetic_family],
        "org": organisation if any(organisation) else [],
        "adr": [[a.street, a.city, a.region, a.code, a.country, a.type] for a in contact.addresses],
        "tel": [[tel.number, *tel.types, *["PREF"][n:]] for n, tel in enumerate(contact.phones)],
        "email": [[mail.address, "INTERNET", mail.type, *["PREF"][n:]] for n, mail in enumerate(contact.emails)],
        "url": [[contact.url, "WORK"], *([url.url, url.label] for url in contact.urls)],
        "photo": contact.photo or "",
    }


def test_a_short_line_stands_after_every_address():
    lines = [line.partition(":")[0] for line in lines_of(CAST["many addresses"])]
    start = lines.index("ADR;TYPE=HOME")
    assert lines[start : start + 8 : 2] == ["ADR;TYPE=HOME"] * 4
    assert lines[start + 1 : start + 8 : 2] == ["TEL;TYPE=HOME,VOICE,PREF", "CLASS", "X-VCARDAPP-ADR", "X-VCARDAPP-ADR"]


def test_the_line_after_an_address_is_never_folded():
    numbers = (Phone("*1" * 20, "work"), Phone("1" * 60, "work"))
    vcf = write_vcard(kept(Content(display_name="Ada", phones=numbers, addresses=(Address("1 Row"),) * 3)))
    assert problems(vcf) == []
    assert b"PREF:" + b"*1" * 20 + b"\r\n" in vcf


def test_one_name_is_the_given_name_and_never_divided():
    assert "N:;Sukarno;;;" in lines_of(CAST["one name"])
    assert "N;CHARSET=UTF-8:;محمد بن خالد العتيبي;;;" in lines_of(CAST["never split"])


def test_japanese_names_get_no_space():
    lines = lines_of(CAST["japanese"])
    assert "N;CHARSET=UTF-8:山田;太郎;;;" in lines
    assert "FN;CHARSET=UTF-8:山田太郎" in lines
    assert lines[6:8] == ["X-PHONETIC-FIRST-NAME:たろう", "X-PHONETIC-LAST-NAME:やまだ"]


def test_a_company_has_an_empty_name_and_says_so():
    lines = lines_of(CAST["company"])
    assert lines[3:9] == [
        "N:;;;;",
        "UID:urn:uuid:7c1d0c4e-6a55-4d0e-9f0b-2f4d1f3a8e21",
        "FN:Lantern Workshop Ltd",
        "ORG:Lantern Workshop Ltd",
        "REV:20260301T090000Z",
        "X-ABShowAs:COMPANY",
    ]
    other = lines_of(CAST["company with another name"])
    assert "FN:The Lantern" in other
    assert "ORG:Lantern Workshop Ltd" in other


def test_without_a_name_or_an_address_there_is_no_file():
    with pytest.raises(ValueError, match="name"):
        write_vcard(kept(Content(display_name=" , ; ")))
    with pytest.raises(ValueError, match="address"):
        write_vcard(dataclasses.replace(kept(ZOE), url=""))


def test_only_the_first_number_is_preferred():
    lines = lines_of(
        Content(display_name="Ada", phones=(Phone("+442079460958", "fax"), Phone("+442079460959", "other")))
    )
    assert [line for line in lines if line.startswith("TEL")] == [
        "TEL;TYPE=WORK,FAX,PREF:+442079460958",
        "TEL;TYPE=VOICE:+442079460959",
    ]


@each(
    "text",
    [
        "👩‍👩‍👧‍👦" * 30,
        "🇩🇪" * 60,
        "e\u0301\u0302" * 60,
        "👍🏽" * 50,
        ", " * 80,
        " " * 5 + "a" + " " * 200 + "b",
        "a b " * 60,
    ])
def test_signs_are_not_divided_by_folds(text):
    vcf = write_vcard(kept(Content(display_name="Ada", title=text, addresses=(Address(text),))))
    assert problems(vcf) == []
    for line in vcf.decode().split("\r\n "):
        assert not line.startswith(("\u200d", "\u0301", "\u0302", "🏽"))


def test_the_largest_photo_and_the_longest_note_fit():
    largest = PHOTO + bytes(40 * 1024 - len(PHOTO))
    content = dataclasses.replace(CAST["everything beside the fields"], note="Ü,\n" * 20_000)
    vcf = write_vcard(kept(content, largest))
    assert 50_000 < len(vcf) < 60 * 1024
    assert b"Sat 10:00-02:00" in vcf
    assert [problem for problem in problems(vcf) if not problem.startswith("16: PHOTO")] == []


def test_two_files_of_one_card_are_equal():
    assert write_vcard(kept(ZOE, PHOTO)) == write_vcard(kept(ZOE, PHOTO))


def test_websites_that_lead_to_the_card_itself_are_not_repeated():
    lines = lines_of(Content(display_name="Ada", websites=(Website("https://card.example.com/zoe"),)))
    assert [line for line in lines if line.startswith("URL")] == ["URL;TYPE=WORK:https://card.example.com/zoe"]


@each(
    ("name", "slug", "plain", "wide"),
    [
        ("Zoë", "zoe", "zoe.vcf", "Zo%C3%AB.vcf"),
        ("李小龍", "李小龍", "contact.vcf", "%E6%9D%8E%E5%B0%8F%E9%BE%8D.vcf"),
        ("Zoë", "زوي", "Zoe.vcf", "Zo%C3%AB.vcf"),
        ('../a\\b:c*"<>|\u202e.exe', "a", "a.vcf", "abc.exe.vcf"),
        ("/", "x" * 80, "x" * 56 + ".vcf", "x" * 56 + ".vcf"),
        ("é" * 80, "é", "e.vcf", "%C3%A9" * 50 + ".vcf"),
        ("\r\nSet-Cookie: a", "b", "b.vcf", "Set-Cookie%20a.vcf"),
    ],
)
def test_a_file_has_a_name_for_old_readers_and_one_for_new(name, slug, plain, wide):
    assert file_names(name, slug) == (plain, wide)
    assert content_disposition(name, slug) == f"inline; filename=\"{plain}\"; filename*=UTF-8''{wide}"
    assert content_disposition(name, slug).isascii()
