"""Event links: the same page and contact, and where people met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import time_machine
import vobject
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import events, service
from vcardapp.cards.models import Card
from vcardapp.db import db, now

WORDS = "Met: Expo 26, Berlin, 2026-06-03"


@pytest.fixture
def expo(ada: Card) -> str:
    return events.add_event(ada, "Expo 26", "Berlin", date(2026, 6, 3)).key


def note(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    contact = vobject.readOne(answer.text)
    return str(contact.note.value) if hasattr(contact, "note") else ""


def test_the_page_says_where_people_met_and_saves_it(client: FlaskClient, ada: Card, expo: str) -> None:
    assert expo == "expo-26"
    for path in (f"/ada?e={expo}", f"/u/{ada.code}?e={expo}", f"/ada?e={expo.upper()}"):
        page = client.get(path).text
        assert 'href="/ada.vcf?e=expo-26"' in page
        assert "Where you met:" in page
        assert "June 3, 2026" in page
        assert f"/u/{ada.code}?e=expo-26" in page
        assert '<link rel="canonical" href="http://localhost/ada">' in page
    plain = client.get("/ada").text
    assert "Where you met" not in plain
    assert 'href="/ada.vcf"' in plain


def test_the_contact_says_first_where_people_met(client: FlaskClient, alice: User) -> None:
    card = factories.published_card(alice, note="Ring twice.", pronouns="she/her")
    events.add_event(card, "Expo 26", "Berlin", date(2026, 6, 3))
    assert note(client, "/ada.vcf?e=expo-26").split("\n") == [WORDS, "Ring twice.", "Pronouns: she/her"]
    assert note(client, "/ada.vcf?e=expo-26&strict=1").startswith(WORDS)
    assert note(client, "/ada.vcf") == "Ring twice.\nPronouns: she/her"


@pytest.mark.parametrize("key", ["", "nope", "expo", "a\x00b", "\ud800", "x" * 5000, "'--", "expo-26\n", "ﬀ" * 60, "%ff"])
def test_unknown_keys_are_ignored(client: FlaskClient, ada: Card, expo: str, key: str) -> None:
    sent = quote(key.encode("utf-8", "surrogatepass"))
    for path in ("/ada", f"/u/{ada.code}", "/ada/qr", "/ada/report"):
        answer = client.get(f"{path}?e={sent}")
        assert answer.status_code == 200
        assert "Where you met" not in answer.text
    assert client.get(f"/ada.vcf?e={sent}").data == client.get("/ada.vcf").data


def test_an_old_address_keeps_the_event(client: FlaskClient, ada: Card, expo: str) -> None:
    ada.draft_slug = "countess"
    service.publish_card(ada, frozenset())
    assert client.get("/ada?e=expo-26").location == "/countess?e=expo-26"
    assert client.get("/ada.vcf?e=expo-26").location == "/countess.vcf?e=expo-26"
    assert note(client, "/countess.vcf?e=expo-26") == WORDS


def test_each_event_has_its_own_etag_and_a_saved_contact_is_replaced(client: FlaskClient, ada: Card, expo: str) -> None:
    plain, met = client.get("/ada.vcf"), client.get("/ada.vcf?e=expo-26")
    assert plain.headers["ETag"] != met.headers["ETag"]
    assert met.headers["Content-Disposition"] == plain.headers["Content-Disposition"]
    assert "Last-Modified" not in met.headers
    again = {"If-None-Match": met.headers["ETag"]}
    assert client.get("/ada.vcf?e=expo-26", headers=again).status_code == 304
    assert client.get("/ada.vcf", headers=again).status_code == 200
    head = client.head("/ada.vcf?e=expo-26")
    assert (head.data, head.headers["ETag"]) == (b"", met.headers["ETag"])
    revisions = [vobject.readOne(answer.text).rev.value for answer in (plain, met)]
    assert revisions[1] >= revisions[0]
    with time_machine.travel(now() + timedelta(days=1)):
        later = events.add_event(ada, "Tomorrow").key
    assert vobject.readOne(client.get(f"/ada.vcf?e={later}").text).rev.value > revisions[1]


def test_an_event_that_is_over_leads_to_the_plain_card(client: FlaskClient, ada: Card, expo: str) -> None:
    events.end_event(ada, expo)
    assert client.get("/ada.vcf?e=expo-26").data == client.get("/ada.vcf").data
    events.resume_event(ada, expo)
    assert note(client, "/ada.vcf?e=expo-26") == WORDS
    events.remove_event(ada, expo)
    assert events.events_of(ada) == []
    assert client.get("/ada.vcf?e=expo-26").data == client.get("/ada.vcf").data


def test_the_event_of_one_card_is_none_of_another(client: FlaskClient, ada: Card, expo: str, bob: User) -> None:
    other = factories.published_card(bob, "bob")
    assert note(client, "/bob.vcf?e=expo-26") == ""
    events.remove_event(other, expo)
    assert events.find_event(ada, expo)


def test_hostile_words_of_an_event_stay_one_line_of_the_note(client: FlaskClient, ada: Card) -> None:
    evil = 'x"><script>alert(1)</script>\r\nEND:VCARD\r\nTEL:+1;a\\b'
    key = events.add_event(ada, evil, evil).key
    answer = client.get(f"/ada.vcf?e={quote(key)}")
    assert answer.text.count("END:VCARD") == answer.text.count("BEGIN:VCARD") == 1
    assert "\nTEL:+1" not in answer.text
    assert len(vobject.readOne(answer.text).note.value.split("\n")) == 1
    assert "<script>alert" not in client.get(f"/ada?e={quote(key)}").text


@pytest.mark.parametrize(
    ("title", "key"),
    [("Expo26", "expo26"), ("معرض دبي", "معرض-دبي"), ("展示会 2026", "展示会-2026"), ("🎉", "event"), ("A" * 120, "a" * 30),
     ("One two three four five six seven eight", "one-two-three-four-five-six")],
)  # fmt: skip
def test_keys_are_made_from_titles_of_any_script(client: FlaskClient, ada: Card, title: str, key: str) -> None:
    assert [events.add_event(ada, title).key for _ in range(3)] == [key, f"{key[:26]}-2", f"{key[:26]}-3"]
    assert note(client, f"/ada.vcf?e={quote(key)}") == f"Met: {title}"


def test_events_go_with_their_card(alice: User, ada: Card, expo: str) -> None:
    service.erase_cards_of(alice.id)
    assert events.events_of(ada) == []


def test_a_card_has_a_bounded_number_of_events(ada: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_EVENTS", 2)
    events.add_event(ada, "One")
    events.add_event(ada, "Two")
    with pytest.raises(events.TooManyEvents):
        events.add_event(ada, "Three")
    db.session.rollback()


def test_reading_an_event_writes_no_cookie(client: FlaskClient, ada: Card, expo: str) -> None:
    for path in ("/ada?e=expo-26", "/ada.vcf?e=expo-26", f"/u/{ada.code}?e=expo-26"):
        assert "Set-Cookie" not in client.get(path).headers


def test_event_links_of_hidden_cards_say_nothing(
    client: FlaskClient, ada: Card, expo: str, sign_in: Callable[[User], FlaskClient]
) -> None:
    service.pause_card(ada)
    answer = client.get("/ada?e=expo-26")
    assert answer.status_code == 404
    assert "Expo" not in answer.text
    assert client.get("/ada.vcf?e=expo-26").status_code == 404
