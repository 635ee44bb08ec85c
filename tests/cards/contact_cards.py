"""Cards for the tests of contact files: some that look like people's, and random ones that try to break them."""

from __future__ import annotations

import dataclasses
from base64 import b64decode
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st

from tests.cases import FULL
from tests.factories import tricky_content
from vcardapp.cards.contact import Contact, contact_of
from vcardapp.cards.content import Address, Content, Email, Hours, Link, Phone, Span, SpecialDay, Website
from vcardapp.cards.file_text import full_name_of
from vcardapp.demo.cards import demo_cards

URL = "https://card.example.com/zoe"
UID = UUID("7c1d0c4e-6a55-4d0e-9f0b-2f4d1f3a8e21")
CHANGED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
rounds = settings(max_examples=500 if FULL else 60, deadline=None, database=None)

PHOTO = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8"
    "ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAAR"
    "CAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAA"
    "BAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCAAlF//9k="
)

ZOE = Content(
    display_name="Dr. Zoë Brandt-Okafor",
    prefix="Dr.",
    given="Zoë",
    family="Brandt-Okafor",
    nickname="Zo",
    company="Lantern Workshop Ltd",
    department="Furniture, Restoration",
    title="Head of Workshop",
    role="Conservator",
    country="GB",
    addresses=(Address("12 Lantern Row\nFloor 2, Door 7", "London", "", "E1 0ZZ", "United Kingdom"),),
    phones=(Phone("07700 900123"), Phone("+44 20 7946 0958", "work")),
    emails=(Email("zoe@example.com"),),
    websites=(
        Website("https://www.linkedin.com/in/zoe-example", label="LinkedIn"),
        Website("https://example.org/?q=chairs,tables;oak", label="Portfolio"),
    ),
    birthday="1984-02-29",
    note='Repairs & gilding; by appointment.\nWork line: ext. 55. "Çok güzel", say our clients in every second letter.',
)

HOURS = Hours(
    week=((Span("09:00", "12:30"), Span("13:30", "17:00")),) * 5 + ((Span("10:00", "02:00"),), ()),
    exceptions=(SpecialDay("2026-12-24"), SpecialDay("2026-12-31", (Span("09:00", "12:00"),), "New Year's Eve (half)")),
)

CAST = {
    "zoe": ZOE,
    "one name": Content(display_name="Sukarno"),
    "never split": Content(display_name="محمد بن خالد العتيبي", phones=(Phone("+966501234567"),)),
    "japanese": Content(
        display_name="山田太郎", family="山田", given="太郎", phonetic_given="たろう", phonetic_family="やまだ"
    ),
    "company": Content(is_company=True, display_name="Lantern Workshop Ltd", hours=HOURS),
    "company with another name": Content(is_company=True, display_name="The Lantern", company="Lantern Workshop Ltd"),
    "department alone": Content(display_name="Ada", department="Engines"),
    "everything beside the fields": Content(
        display_name="Ada Lovelace",
        given="Ada",
        family="Lovelace",
        pronouns="she/her",
        phones=(Phone("+44 20 7946 0958 ext. 55", "work"), Phone("*100#", "other"), Phone("+442079460000", "fax")),
        links=(Link("wechat", "ada_w"), Link("instagram", "ada"), Link("viber", "+447700900123")),
        hours=HOURS,
        note="Mon 09:00-10:00 is best.",
        birthday="--05-02",
    ),
    "a note that looks like ours": Content(
        display_name="Ada",
        phones=(Phone("(030) 123456", "work"),),
        note="Ext. 55\nPronouns: he\nMon 09:00-10:00\nMet: x",
    ),
    "many addresses": Content(
        display_name="Ada",
        addresses=tuple(Address(f"{n} Lantern Row", "London", kind="home") for n in range(1, 5)),
        phones=(Phone("+442079460958", "home"),),
    ),
    "addresses without a phone": Content(
        display_name="Ada",
        addresses=(Address("A street with so long a name that it has to be folded in the file", "London"),) * 2,
    ),
}

TRICKY = tricky_content()
ALONE = {
    f"{field.name} alone": Content(**{"display_name": "Ada", field.name: getattr(TRICKY, field.name)})
    for field in dataclasses.fields(Content)
}
DEMO = {card.content.display_name: card.content for card in demo_cards(date(2026, 11, 22)) if card.content.display_name}
EVERY = CAST | ALONE | DEMO

PIECES = (
    *"\\,;:'\"=%&<>#@~^${}[]()|/!?+*.-_ \t\n\r",
    *"áçñøÿßĐőΩλЖщمحשלוםあ漢字한글ไทยहिन्दी",
    *("\\n", "\\;", "=41", "=41=42", "BEGIN:VCARD", "END:VCARD", "TEL:", "item1.", "^n", "&amp;", "begin:vcard\r\n"),
    *("\u200f", "\u00a0", "\u202e", "\u2066", "\u2028", "\ufeff", "\x00", "\x07", "\x85", "\u3000", "\ud800"),
    *("e\u0301", "a\u0300\u0301\u0302", "👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "🇬🇧🇫🇷", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    *(
        "Zoë Brandt",
        "well-known ",
        "https://a.example/?q=1;2",
        "Ext. 55",
        "Pronouns: he",
        "\nMet: x",
        "\nMon 09:00-10:00",
    ),
)
words = st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), min_size=1, max_size=60).map("".join)
texts = st.just("") | words.map(lambda text: text[:300]) | st.text("abc ,;", min_size=1, max_size=300)
kinds = st.sampled_from(["work", "home", "mobile", "fax", "other"])
numbers = st.sampled_from(
    [
        "+44 20 7946 0958",
        "+442079460958 ext. 7",
        "(030) 123456",
        "+4900301234567",
        "112",
        "*100#",
        "1-800-FLOWERS",
        "x",
        "",
    ]
)
addresses = st.sampled_from(["zoe@example.com", "ada+b@example.org", "救命@brown.example", "a;b@x.example", "no"])
pages = st.sampled_from(
    ["https://example.org/", "example.org/?", "http://bücher.example/#", "javascript:", "mailto:a@b.c"]
)
links = st.sampled_from(
    [
        Link("instagram", "ada"),
        Link("linkedin", "in/zoe-example"),
        Link("github", "ada", "Code; all of it"),
        Link("pixelfed", "https://pixel.example/@ada", "Pictures"),
        Link("wechat", "ada_w"),
        Link("viber", "+447700900123"),
        Link("xmpp", "ada@example.org"),
        Link("instagram", "ada", "work"),
        Link("telegram", "ada_lovelace", "電報"),
        Link("none", "x"),
    ]
)
spans = st.sampled_from([Span("09:00", "17:00"), Span("22:00", "02:00"), Span("9", "x"), Span("00:00", "24:00")])
weeks = st.lists(st.lists(spans, max_size=2).map(tuple), min_size=7, max_size=7).map(tuple)
days = st.builds(SpecialDay, st.sampled_from(["2026-12-24", "x"]), st.lists(spans, max_size=2).map(tuple), texts)
contents = st.builds(
    Content,
    is_company=st.booleans(),
    display_name=words.filter(full_name_of),
    **dict.fromkeys(["given", "additional", "family", "prefix", "suffix", "nickname", "title", "role"], texts),
    **dict.fromkeys(["phonetic_given", "phonetic_family", "pronouns", "company", "department", "note"], texts),
    country=st.sampled_from(["", "DE", "US"]),
    phones=st.lists(st.builds(Phone, numbers, kinds, hidden=st.booleans()), max_size=4).map(tuple),
    emails=st.lists(st.builds(Email, addresses, kinds), max_size=3).map(tuple),
    addresses=st.lists(st.builds(Address, texts, texts, texts, texts, texts, kinds), max_size=3).map(tuple),
    websites=st.lists(st.builds(Website, st.tuples(pages, texts).map("".join), kinds, texts), max_size=3).map(tuple),
    links=st.lists(links, max_size=5).map(tuple),
    birthday=st.sampled_from(["", "1984-02-29", "1985-02-29", "--02-29", "soon"]),
    hours=st.builds(Hours, weeks, st.lists(days, max_size=2).map(tuple)),
)


def kept(content: Content, photo: bytes | None = None, **more: str) -> Contact:
    """Return the contact of a card at the same address, of the same day."""
    return contact_of(content, url=URL, uid=UID, changed=CHANGED, photo=photo, **more)
