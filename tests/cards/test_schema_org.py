"""Contacts in the words of schema.org, read back by an independent reader of JSON-LD."""

from typing import Any

from hypothesis import given

from tests.cards.contact_cards import CAST, EVERY, HOURS, contents, kept, rounds
from tests.cases import each
from tests.interop.json_ld import read_json_ld
from vcardapp.cards.contact import Contact
from vcardapp.cards.content import Content, Hours, Phone, Span, SpecialDay
from vcardapp.cards.schema_org import schema_org, write_json_ld

PICTURE = "https://card.example.com/media/1/l.webp"


def read(contact: Contact, hours: Hours, description: str = "") -> dict[str, Any]:
    text = write_json_ld(schema_org(contact, hours, picture=PICTURE, description=description))
    (thing,) = read_json_ld(f'<!doctype html><p>a</p><script type="application/ld+json">{text}</script><p>b</p>')
    return thing


def said(**values: Any) -> dict[str, list[Any]]:
    """Return what is not empty, each as a list."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    found = {name: [one for one in value if one] for name, value in listed.items()}
    return {name.replace("type_", "@type"): value for name, value in found.items() if value}


def promised(contact: Contact) -> dict[str, list[Any]]:
    """Return every field of the preview that schema.org has a word for."""
    department = said(type_="Organization", name=contact.department) if contact.department else ""
    company = said(type_="Organization", name=contact.company, department=department)
    person: dict[str, Any] = {
        "givenName": contact.given,
        "additionalName": contact.additional,
        "familyName": contact.family,
        "honorificPrefix": contact.prefix,
        "honorificSuffix": contact.suffix,
        "jobTitle": [contact.title, contact.role],
        "worksFor": company if len(company) > 1 else "",
        "birthDate": "" if contact.birthday.startswith("--") else contact.birthday,
    }
    other = contact.company if contact.company != contact.display_name else ""
    return said(
        **({"legalName": other, "department": department} if contact.is_company else person),
        name=contact.display_name,
        alternateName=contact.nickname,
        url=contact.url,
        image=PICTURE,
        telephone=[phone.number for phone in contact.phones if "FAX" not in phone.types],
        faxNumber=[phone.number for phone in contact.phones if "FAX" in phone.types],
        email=[email.address for email in contact.emails],
        sameAs=[url.url for url in contact.urls if url.url.startswith("http")],
        address=[
            said(
                type_="PostalAddress",
                streetAddress=address.street.replace("\n", ", "),
                addressLocality=address.city,
                addressRegion=address.region,
                postalCode=address.code,
                addressCountry=address.country,
            )
            for address in contact.addresses
        ],
    )


@each("name", EVERY)
def test_every_kind_of_card_is_read_whole(name):
    contact = kept(EVERY[name])
    kind = "Organization" if contact.is_company else "Person"
    assert read(contact, Hours()) == promised(contact) | {"@type": [kind]}


@rounds
@given(contents)
def test_random_cards_are_read_whole(content):
    contact = kept(content)
    found = read(contact, content.hours, contact.note)
    for name in ("@type", "contactPoint", "openingHoursSpecification", "specialOpeningHoursSpecification"):
        found.pop(name, None)
    assert found == promised(contact) | said(description=contact.note)


def opening(opens: str, closes: str, **more: Any) -> dict[str, list[Any]]:
    return said(type_="OpeningHoursSpecification", opens=opens, closes=closes, **more)


def test_a_company_with_hours_is_a_local_business():
    found = read(kept(CAST["company"]), HOURS)
    weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert found["@type"] == ["LocalBusiness"]
    assert found["openingHoursSpecification"] == [
        opening("09:00", "12:30", dayOfWeek=weekdays),
        opening("13:30", "17:00", dayOfWeek=weekdays),
        opening("10:00", "02:00", dayOfWeek="Saturday"),
    ]
    assert found["specialOpeningHoursSpecification"] == [
        opening("00:00", "00:00", validFrom="2026-12-24", validThrough="2026-12-24"),
        opening("09:00", "12:00", validFrom="2026-12-31", validThrough="2026-12-31"),
    ]


def test_a_person_can_be_reached_in_hours():
    (point,) = read(kept(Content(display_name="Ada")), HOURS)["contactPoint"]
    assert point["@type"] == ["ContactPoint"]
    assert len(point["hoursAvailable"]) == 5


def test_a_day_and_a_night_are_not_closed():
    hours = Hours(((Span("00:00", "24:00"),), (Span("9", "x"),)), (SpecialDay("2026-02-30"),))
    found = read(kept(CAST["company"]), hours)
    assert found["openingHoursSpecification"] == [opening("00:00", "23:59", dayOfWeek="Monday")]
    assert "specialOpeningHoursSpecification" not in found


def test_nothing_in_a_text_ends_its_script():
    contact = kept(Content(display_name="</script><!--<script> & \u2028", phones=(Phone("112"),)))
    text = write_json_ld(schema_org(contact, Hours(), description="\u2028\u2029"))
    assert not set(text) & set("<>&\u2028\u2029")
    assert read(contact, Hours())["name"] == [contact.display_name]
