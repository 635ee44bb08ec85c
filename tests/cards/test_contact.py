import dataclasses
from datetime import datetime, timedelta, timezone

from tests.cards.contact_cards import CHANGED, HOURS, UID, URL, ZOE, kept
from tests.cases import each
from vcardapp.cards.contact import KeptAddress, KeptEmail, KeptPhone, KeptUrl, contact_of
from vcardapp.cards.content import Address, Content, Email, Hours, Link, Phone, Span, SpecialDay, Website

ADA = Content(display_name="Ada Lovelace")


def ada(**fields: object) -> Content:
    return dataclasses.replace(ADA, **fields)


@each(
    ("typed", "after"),
    [
        ("Architect; Partner\\Founder", "Architect, Partner/Founder"),
        ("two\r\nlines\rand\nmore", "two lines and more"),
        ("a\x00b\tc\x7fd\x85e\u2028f\u2029g\ufeffh", "a b c d e f g h"),
        ("\u202eabc\u202c \u2066isolated\u2069", "abc \u2066isolated\u2069"),
        ("BEGIN:VCARD end:vcard END\u202e:VCARD", "BEGIN VCARD end vcard END VCARD"),
        ("  e\u0301 stays, A\u030a too  ", "e\u0301 stays, A\u030a too"),
        ("lone \ud800 half", "lone  half"),
        ("\u3000;\u3000", ","),
        ("\n \n", ""),
    ],
)
def test_texts_are_kept_as_every_reader_reads_them(typed, after):
    assert kept(ada(title=typed)).title == after
    assert kept(ada(role=typed)).role == after


def test_a_name_that_begins_like_quoted_printable_loses_its_sign():
    assert kept(Content(display_name="=41=42")).display_name == "41=42"


def test_parts_of_names_and_addresses_do_not_end_in_commas():
    contact = kept(
        ada(family="Lovelace ,; ", company="Engines, Ltd,", addresses=(Address("1 Row,\n\n Floor 2;", "London,"),))
    )
    assert contact.family == "Lovelace"
    assert contact.company == "Engines, Ltd"
    assert contact.addresses == (KeptAddress("1 Row\nFloor 2", "London", "", "", "", "WORK"),)


def test_only_the_first_nickname_is_kept():
    assert kept(ada(nickname="Zo; Zoey, Z")).nickname == "Zo"


def test_a_web_address_in_a_note_still_works():
    note = kept(ada(note="See https://a.example/?q=1;2\nand; more")).note
    assert note == "See https://a.example/?q=1%3B2\nand, more"


def test_without_parts_the_whole_name_is_the_given_name():
    contact = kept(Content(display_name="Dr. Ada Lovelace", prefix="Dr."))
    assert (contact.given, contact.family, contact.prefix) == ("Dr. Ada Lovelace", "", "")


def test_a_missing_display_name_is_put_together_from_its_parts():
    assert kept(Content(prefix="Dr.", given="Ada", family="Lovelace")).display_name == "Dr. Ada Lovelace"
    assert kept(Content(given="太郎", family="山田")).display_name == "山田太郎"
    assert kept(Content(company="Engines")).display_name == "Engines"
    assert kept(Content(display_name=" ;, ")).display_name == ""


def test_numbers_are_international_and_extensions_move_to_the_note():
    one = kept(ada(country="GB", phones=(Phone("020 7946 0958 ext. 55", "work"),), note="Hello"))
    assert one.phones == (KeptPhone("+442079460958", ("WORK", "VOICE")),)
    assert one.note == "Hello\nExt. 55"
    two = kept(ada(phones=(Phone("+442079460958 ext. 55", "work"), Phone("030 123456", "home", "DE"))))
    assert [phone.number for phone in two.phones] == ["+442079460958", "+4930123456"]
    assert two.note == "Ext. 55 (+442079460958)"


@each(
    ("typed", "number"),
    [
        ("(030) 12-34", "0301234"),
        ("*100#", "*100#"),
        ("112", "112"),
        ("ask Jenny", ""),
        ("call 12 now", ""),
        ("+", ""),
        ("1" * 41, ""),
        ("*31#+49301234", ""),
    ],
)
def test_a_number_of_no_country_keeps_its_digits_and_is_never_a_wrong_one(typed, number):
    assert [phone.number for phone in kept(ada(phones=(Phone(typed),))).phones] == [number][: len(number)]


def test_a_number_reads_as_itself_when_it_comes_back():
    (phone,) = kept(ada(phones=(Phone("+4900301234567"),))).phones
    assert kept(ada(phones=(Phone(phone.number),))).phones == (phone,)


def test_emails_that_no_client_reads_unescaped_are_left_out():
    emails = (
        Email("ada@example.com", "home"),
        Email("a;b@example.com"),
        Email("救命@brown.example", "other"),
        Email("x"),
    )
    assert kept(ada(emails=emails)).emails == (
        KeptEmail("ada@example.com", "HOME"),
        KeptEmail("救命@brown.example", "WORK"),
    )


def test_addresses_on_the_web_are_encoded_once_and_labelled():
    contact = kept(
        ada(
            websites=(
                Website("bücher.example/a,b;c\\d e?100%&x=%2C", label="My büchér site!"),
                Website("https://plain.example", "home"),
                Website("https://work.example", "home", "Work"),
                Website("javascript:alert(1)"),
                Website("https://plain.example"),
                Website("https://a.example/?BEGIN:VCARD", label="書"),
            ),
            links=(
                Link("linkedin", "in/ada"),
                Link("github", "ada", "電報"),
                Link("instagram", "ada", "Pictures of me"),
            ),
        )
    )
    assert contact.urls[1:] == (
        KeptUrl("https://plain.example", "HOME"),
        KeptUrl("https://work.example", "WORK"),
        KeptUrl("https://a.example/?BEGIN%3AVCARD", "WORK"),
        KeptUrl("https://www.linkedin.com/in/ada/", "LinkedIn"),
        KeptUrl("https://github.com/ada", "GitHub"),
        KeptUrl("https://www.instagram.com/ada/", "Picturesofme"),
    )
    first = contact.urls[0]
    assert first.label == "Mybuchersite"
    assert first.url.startswith("https://xn--bcher-kva.example/a%2Cb%3Bc")
    assert first.url.endswith("?100%25&x=%2C")


def test_what_has_no_field_stands_at_the_end_of_the_note():
    content = ada(
        note="First line",
        pronouns="she/her",
        hours=HOURS,
        links=(Link("wechat", "ada_w"),),
        phones=(Phone("+442079460958 x7"),),
    )
    assert kept(content, where_met="Expo 26; Berlin").note.split("\n") == [
        "Met: Expo 26, Berlin",
        "First line",
        "Ext. 7",
        "Pronouns: she/her",
        "WeChat: ada_w",
        "Mon-Fri 09:00-12:30, 13:30-17:00",
        "Sat 10:00-02:00",
        "2026-12-24 closed",
        "2026-12-31 09:00-12:00 (New Year's Eve (half))",
    ]


def test_times_that_are_none_are_not_told():
    hours = Hours(week=((Span("9", "late"),), (Span("09:00", "25:00"), Span("10:00", "11:00")), (), (), (), (), ()))
    hours = dataclasses.replace(hours, exceptions=(SpecialDay("2026-02-30"), SpecialDay("soon")))
    assert kept(ada(hours=hours)).note == "Tue 10:00-11:00"


@each(
    ("typed", "birthday"),
    [("1984-02-29", "1984-02-29"), ("1985-02-29", ""), ("--02-29", "--02-29"), ("--13-01", ""), ("soon", "")],
)
def test_only_days_that_exist_are_birthdays(typed, birthday):
    assert kept(ada(birthday=typed)).birthday == birthday


def test_what_is_hidden_never_leaves():
    content = dataclasses.replace(
        ZOE,
        phones=(Phone("+442079460958", hidden=True),),
        pronouns="she/her",
        hours=HOURS,
        hidden=("birthday", "note", "pronouns", "hours", "company"),
    )
    contact = kept(content)
    assert contact.phones == ()
    assert (contact.birthday, contact.note, contact.company) == ("", "", "")


def test_headline_text_and_pictures_are_not_in_the_contact():
    content = ada(headline="Says hello", about="**Markdown**", photo="p1", logo="l1", cover="c1", photo_alt="A face")
    assert kept(content) == kept(ADA)


def test_the_last_change_is_told_in_universal_time():
    paris = datetime(2026, 3, 1, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    assert contact_of(ADA, url=URL, uid=UID, changed=paris).changed == CHANGED
