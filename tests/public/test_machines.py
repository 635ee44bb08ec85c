"""What machines get of a card: other files of its contact, schema.org and h-card in its page, read by readers of others."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import mf2py
import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.cards.test_schema_org import promised
from tests.interop.json_ld import read_json_ld
from tests.public.test_files import drawn_picture
from vcardapp.accounts.models import User
from vcardapp.cards import pictures, service
from vcardapp.cards.contact import Contact
from vcardapp.cards.content import Email, Hours, Link, Phone
from vcardapp.cards.models import Card
from vcardapp.cards.vcard_reader import read_vcards

FILES = ("/ada.vcf?v=4", "/ada.jcard")
HIDDEN = {
    "phones": (Phone("+44 20 7946 0018"), Phone("+44 7700 900123", hidden=True)),
    "emails": (Email("secret@example.org", hidden=True),),
    "links": (Link("instagram", "secrethandle", hidden=True),),
    "birthday": "1815-12-10",
    "hours": Hours((factories.WORKDAY,) * 7),
    "company": "SecretCo",
    "hidden": ("birthday", "hours", "company"),
}


def h_card(client: FlaskClient) -> dict[str, Any]:
    (item,) = mf2py.parse(doc=client.get("/ada").text, url="http://localhost/ada")["items"]
    assert item["type"] == ["h-card"]
    properties: dict[str, Any] = item["properties"]
    return properties


def contact_of(card: Card) -> Contact:
    return service.contact_for(card, "http://localhost")


@pytest.mark.parametrize("path", FILES)
def test_other_files_come_like_the_contact(client: FlaskClient, ada: Card, path: str) -> None:
    answer = client.get(path)
    kind = "application/vcard+json" if "jcard" in path else "text/vcard; charset=utf-8"
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    for name in ("Cache-Control", "Access-Control-Allow-Origin", "X-Robots-Tag", "X-Content-Type-Options", "Last-Modified"):
        assert answer.headers[name] == client.get("/ada.vcf").headers[name]
    assert "Set-Cookie" not in answer.headers
    assert len({client.get(other).headers["ETag"] for other in (*FILES, "/ada.vcf")}) == 3


@pytest.mark.parametrize("path", FILES)
def test_who_has_a_file_already_gets_it_not_again(client: FlaskClient, ada: Card, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(first.data))


def test_both_files_hold_the_same_card(client: FlaskClient, alice: User) -> None:
    card = factories.published_card(alice, **tricky())
    (read,) = read_vcards(client.get("/ada.vcf?v=4").data).cards
    (read_3,) = read_vcards(client.get("/ada.vcf").data).cards
    assert read.content == read_3.content
    assert read.uid == card.uid
    rows = json.loads(client.get("/ada.jcard").data)[1]
    assert ["uid", {}, "uri", f"urn:uuid:{card.uid}"] in rows
    assert ["fn", {}, "text", contact_of(card).display_name] in rows


def tricky() -> dict[str, Any]:
    content = factories.tricky_content()
    return {field.name: getattr(content, field.name) for field in dataclasses.fields(content)}


@pytest.mark.parametrize("over", [{}, tricky(), {"is_company": True}, HIDDEN])
def test_the_page_says_in_schema_org_what_the_contact_says(
    client: FlaskClient, alice: User, over: dict[str, Any]
) -> None:
    contact = contact_of(factories.published_card(alice, **over))
    (thing,) = read_json_ld(client.get("/ada").text)
    expected = promised(contact)
    del expected["image"]
    hours = {"contactPoint", "openingHoursSpecification", "specialOpeningHoursSpecification"}
    assert {name: value for name, value in thing.items() if name not in hours | {"@type", "description"}} == expected
    assert bool(hours & set(thing)) == ("hours" in over and "hours" not in over.get("hidden", ()))


def test_pictures_have_whole_addresses(client: FlaskClient, ada: Card) -> None:
    photo = pictures.store_picture(ada, "photo", drawn_picture())
    ada.draft = dataclasses.replace(ada.draft, photo=photo.id)
    service.publish_card(ada, frozenset())
    (thing,) = read_json_ld(client.get("/ada").text)
    assert thing["image"] == [f"http://localhost/media/{photo.id}/l.webp"]
    assert h_card(client)["photo"] == [
        {"value": f"http://localhost/media/{photo.id}/m.jpg", "alt": "Portrait of Ada Lovelace"}
    ]


def test_a_page_is_an_h_card_of_what_it_shows(client: FlaskClient, alice: User) -> None:
    more = {"role": "Conservator", "nickname": "Countess", "pronouns": "she/her", "birthday": "1815-12-10", "note": "Hello"}
    phones = (Phone("020 7946 0018 ext. 5", "work"), Phone("+44 20 7946 0000", "fax"))
    links = (Link("linkedin", "in/ada-example"), Link("xmpp", "ada@example.org"))
    factories.published_card(alice, **more, phones=phones, links=links)
    assert h_card(client) == {
        "uid": ["http://localhost/ada"],
        "url": ["http://localhost/ada", "https://engines.example.org/", "https://www.linkedin.com/in/ada-example/"],
        "name": ["Ada Lovelace"],
        "pronouns": ["she/her"],
        "nickname": ["Countess"],
        "job-title": ["Analyst"],
        "role": ["Conservator"],
        "org": ["Engines Ltd"],
        "tel": ["+44 20 7946 0018"],
        "email": ["mailto:ada@example.org"],
        "adr": [
            {
                "type": ["h-adr"],
                "properties": {
                    "street-address": ["12 St James's Square"],
                    "postal-code": ["SW1Y 4JH"],
                    "locality": ["London"],
                    "country-name": ["United Kingdom"],
                },
                "value": "12 St James's Square\nSW1Y 4JH London\nUnited Kingdom",
                "lang": "en",
            }
        ],
        "impp": ["xmpp:ada@example.org"],
        "bday": ["1815-12-10"],
        "note": ["Hello"],
    }


def test_a_company_is_an_organisation(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, is_company=True, display_name="Engines", company="", hours=Hours((factories.WORKDAY,) * 7))
    assert h_card(client)["name"] == h_card(client)["org"] == ["Engines"]
    (thing,) = read_json_ld(client.get("/ada").text)
    assert thing["@type"] == ["LocalBusiness"]
    assert len(thing["openingHoursSpecification"][0]["dayOfWeek"]) == 7


def test_what_is_hidden_is_hidden_from_machines_too(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, **HIDDEN)
    for path in ("/ada", *FILES):
        text = client.get(path).text
        secrets = "900123|secret[a-z]*|1815|SecretCo|09:00"
        assert not re.search(rf"\b({secrets})\b", text), path  # as a word: names of files are long numbers
