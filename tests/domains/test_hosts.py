"""Hosts are known in every process within moments, and ready pages of one host are never those of another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import Client

from tests import factories
from tests.dns_server import NameServer
from tests.domains.cast import NAME, answering, verified
from tests.public.test_ready import Counted, Visitor, publish, ready
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.domains import service as domains
from vcardapp.domains.models import Domain
from vcardapp.public.hosts import Hosts


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(ready_megabytes=4)
    with app.app_context():
        yield app


@pytest.fixture
def person(site: Flask) -> User:
    return factories.alice()


@pytest.fixture
def card(person: User) -> Card:
    return factories.published_card(person)


def hosts(app: Flask) -> Hosts:
    found: Hosts = app.extensions["hosts"]
    return found


def look(app: Flask) -> None:
    """Have another process look for changes, as it does four times a second."""
    hosts(app).look_soon()
    ready(app).look_soon()


def get(app: Flask, path: str, host: str = NAME) -> tuple[int, str]:
    client: Client = Visitor(app, use_cookies=False)
    answer = client.get(path, base_url=f"https://{host}")
    return answer.status_code, answer.get_data(as_text=True)


def canonical(html: str) -> str:
    found = re.search(r'rel="canonical" href="([^"]+)"', html)
    return found[1] if found else ""


def test_what_happens_to_a_domain_is_known_in_another_process(
    site: Flask, person: User, card: Card, name_server: NameServer, make_app: Callable[..., Flask]
) -> None:
    other = make_app(ready_megabytes=4)
    for app in (site, other):
        assert "<h1" in get(app, "/")[1]
        assert get(app, "/login")[0] == 200
    domain = verified(name_server, person, card=card)
    look(other)
    for app in (site, other):
        assert "Ada Lovelace" in get(app, "/")[1]
        assert get(app, "/login")[0] == 404
        assert canonical(get(app, "/ada")[1]) == "http://localhost/ada"
    domains.note_answer(domain, domains.proof_of(domain.id, domain.token))
    look(other)
    for app in (site, other):
        for host in (NAME, "localhost"):
            assert canonical(get(app, "/ada", host)[1]) == f"https://{NAME}/ada"
            assert f"https://{NAME}/ada" in get(app, "/ada.vcf", host)[1]
    domains.remove_domain(domain)
    look(other)
    for app in (site, other):
        assert get(app, "/login")[0] == 200
        assert canonical(get(app, "/ada", "localhost")[1]) == "http://localhost/ada"


def test_an_accounts_domain_changes_the_pages_of_all_its_cards_and_no_others(
    site: Flask, person: User, card: Card, name_server: NameServer
) -> None:
    factories.published_card(person, "shop")
    factories.published_card(factories.bob(), "bob")
    app = Counted(site)
    pages = ("/ada", "/shop", "/bob")
    for path in pages * 2:
        get(site, path, "localhost")
    assert app.asked == 3
    answering(name_server, person)
    shown = [canonical(get(site, path, "localhost")[1]) for path in pages]
    assert shown == [f"https://{NAME}/ada", f"https://{NAME}/shop", "http://localhost/bob"]
    assert app.asked == 5


def test_ready_pages_of_hosts_are_apart_and_unknown_hosts_share_one(
    site: Flask, person: User, card: Card, name_server: NameServer
) -> None:
    factories.published_card(factories.bob(), "bob")
    verified(name_server, person, card=card)
    app = Counted(site)
    for _ in range(2):
        assert [get(site, "/bob", host)[0] for host in ("localhost", "a.example", "b.example")] == [200] * 3
        assert get(site, "/bob")[0] == 404
    assert app.asked == 3  # once the page, twice what is not there
    for _ in range(3):
        for path in ("/", "/ada", "/ada.vcf", "/ada/qr.svg", f"/u/{card.code}"):
            assert get(site, path)[0] == 200
    assert app.asked == 3 + 5
    assert "Ada Lovelace" not in get(site, "/", "localhost")[1]
    assert 'href="http://localhost/"' in get(site, "/ada")[1]
    assert 'href="http://localhost/"' not in get(site, "/ada", "localhost")[1]


def test_a_change_of_the_card_shows_at_its_domain_too(
    site: Flask, person: User, card: Card, name_server: NameServer
) -> None:
    verified(name_server, person, card=card)
    for path in ("/", "/ada"):
        assert "Ada Lovelace" in get(site, path)[1]
    publish(card, "Augusta Ada King")
    for path in ("/", "/ada"):
        assert "Augusta Ada King" in get(site, path)[1]
    service.pause_card(card)
    for path in ("/", "/ada"):
        assert get(site, path)[0] == 404


def test_a_domain_that_goes_to_another_person_shows_nothing_of_the_first(
    site: Flask, person: User, card: Card, name_server: NameServer, make_app: Callable[..., Flask]
) -> None:
    other = make_app(ready_megabytes=4)
    bob = factories.bob()
    mine = verified(name_server, person, card=card)
    for app in (site, other):
        assert "Ada Lovelace" in get(app, "/")[1]
        assert get(app, "/ada")[0] == 200
    theirs = domains.add_domain(factories.owner(bob), NAME, factories.published_card(bob, "bob", display_name="Bob"))
    name_server.texts[mine.record] = [theirs.token]
    assert domains.check_domain(theirs)
    look(other)
    for app in (site, other):
        assert "Bob" in get(app, "/")[1]
        assert get(app, "/ada")[0] == 404
        assert get(app, "/bob")[0] == 200


def test_the_host_of_the_server_itself_is_never_looked_up(site: Flask, card: Card) -> None:
    for path in ("/ada", "/", "/login"):
        assert get(site, path, "localhost")[0] == 200
    assert hosts(site).reader is None


def test_strangers_who_name_hosts_fill_no_memory_and_ask_no_database(
    site: Flask, person: User, card: Card, name_server: NameServer
) -> None:
    verified(name_server, person)
    get(site, "/ada", "localhost")
    get(site, "/ada", "first.example")
    hosts(site).next_look = ready(site).next_look = float("inf")
    asked: list[str] = []
    with site.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for number in range(200):
        assert get(site, "/ada", f"{number}.example")[0] == 200
    assert asked == []
    assert len(hosts(site).sites) == 1
    assert len(ready(site).pages) == 1


def test_known_domains_go_on_when_the_database_is_away(
    site: Flask, person: User, card: Card, name_server: NameServer, caplog: pytest.LogCaptureFixture
) -> None:
    verified(name_server, person, card=card)
    assert "Ada Lovelace" in get(site, "/")[1]
    reader = hosts(site).reader
    assert reader
    reader.floor = object()  # type: ignore[assignment]  # what is asked cannot be answered
    hosts(site).look_soon()
    assert "Ada Lovelace" in get(site, "/")[1]
    assert "Domains cannot be read" in caplog.text


def test_many_changes_at_once_are_read_too(site: Flask, person: User, name_server: NameServer) -> None:
    assert get(site, "/")[0] == 200
    gone = verified(name_server, person, "gone.example.com")
    assert hosts(site).find("gone.example.com")
    for number in range(401):
        db.session.add(Card(owner_id=person.id, draft=factories.content(display_name=str(number))))
    db.session.flush()
    db.session.delete(gone)
    db.session.commit()
    cards = list(db.session.scalars(sa.select(Card)))
    for each in cards:
        each.draft_slug = "changed"
    db.session.add(Domain(name=NAME, owner_id=person.id, verified_at=cards[0].changed_at))
    db.session.commit()
    look(site)
    assert hosts(site).find(NAME)
    assert hosts(site).find("gone.example.com") is None
