"""A card that was taken down: gone from every public address at once, its owner knows why, answers, and gets it back."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.accounts.cast import mails_to
from tests.admin.things import full
from tests.booking import cast as booking
from tests.dns_server import NameServer
from tests.domains.cast import verified, visit
from tests.factories import owner, published_card
from tests.public.test_ready import visitor
from vcardapp.accounts.models import User
from vcardapp.admin import cards as judging
from vcardapp.booking import waiting
from vcardapp.booking.models import Appointment, Waiting
from vcardapp.cards import service as cards
from vcardapp.cards import takedowns
from vcardapp.cards.models import Card, TakeDown
from vcardapp.db import Base, db, now
from vcardapp.store.models import Order

REASON = "The picture shows somebody else."


def shown_by(rule: Rule) -> bool:
    """True for addresses that name a public card."""
    return rule.endpoint.startswith("public.") and bool(rule.arguments & {"slug", "code", "picture_id", "media_id"})


def rows(model: type[Base]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_no_public_address_shows_it_and_nothing_is_ordered_or_booked(
    app: Flask, alice: User, bob: User, client: FlaskClient, sign_in: Callable[[User], FlaskClient]
) -> None:
    """Every rule of the app that names a card is asked, before and after; a new one is asked from its first day."""
    card, address = full(app, alice)
    asked = [
        (method, address(rule))
        for rule in app.url_map.iter_rules()
        if shown_by(rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]
    seen = {path: client.get(path).status_code for method, path in asked if method == "GET"}
    assert len(seen) > 35
    refused = {path for path, status in seen.items() if status != 200}
    times = {f"/ada/book/consultation/{part}" for part in ("at", "wait")}  # without a time; while there are free ones
    assert refused == {"/ada/send", "/ada/store/checkout", *times}, "there is no mail server, nor anything in the basket"
    judging.take_down(card, REASON)
    before = rows(Order), rows(Appointment), rows(Waiting)
    wrong = []
    for browser in (client, sign_in(bob)):
        for method, path in asked:
            answer = browser.open(path, method=method, data={"action": "place"} if method == "POST" else None)
            hides = answer.status_code == (404 if path.startswith("/media/") else 410)
            if not (hides or (method == "POST" and answer.status_code in (400, 403))) or "Lovelace" in answer.text:
                wrong.append(f"{method} {path}: {answer.status}")
    assert not wrong
    assert (rows(Order), rows(Appointment), rows(Waiting)) == before
    assert "This card was taken down" in client.get("/ada").text
    assert "/ada" not in client.get("/sitemap-0.xml").text
    judging.restore(card)
    assert {path: client.get(path).status_code for path in seen} == seen


def test_it_is_gone_from_its_own_domain_too(app: Flask, name_server: NameServer, alice: User) -> None:
    card = published_card(alice, "ada")
    verified(name_server, alice, card=card)
    assert visit(app, "/").status_code == visit(app, "/ada").status_code == 200
    judging.take_down(card, REASON)
    assert visit(app, "/").status_code == visit(app, "/ada").status_code == 410
    assert "/ada" not in visit(app, "/sitemap.xml").text


def test_a_domain_of_a_person_shows_the_next_of_their_cards(app: Flask, name_server: NameServer, alice: User) -> None:
    first = published_card(alice, "ada")
    published_card(alice, "other", display_name="Other")
    verified(name_server, alice)
    judging.take_down(first, REASON)
    assert "Other" in visit(app, "/").text


def test_ready_pages_of_every_worker_are_gone_within_a_second(make_app: Callable[..., Flask]) -> None:
    """Two apps stand for two workers: each has the page ready, one takes it down."""
    workers = [make_app(ready_megabytes=4) for _number in range(2)]
    with workers[0].app_context():
        from tests.factories import alice

        card = published_card(alice(), "ada")
        paths = ("/ada", "/ada.vcf", "/ada/qr.svg", "/ada/embed", f"/u/{card.code}")
        for worker in workers:
            assert {visitor(worker).get(path).status_code for path in paths * 2} == {200}
            assert len(worker.extensions["ready_pages"].pages) == len(paths)
        judging.take_down(card, REASON)
        began = time.monotonic()
        for worker in workers:
            while {visitor(worker).get(path).status_code for path in paths} != {410}:
                assert time.monotonic() - began < 1.0


def test_its_owner_is_told_why_and_answers_and_the_admin_reads_it(
    admin: FlaskClient, alice: User, client: FlaskClient, sign_in: Callable[[User], FlaskClient]
) -> None:
    card = published_card(alice, "ada")
    cards.report_card(card, "rights", "This is me.", "eve@example.org")
    [report] = judging.reports_about(card)
    cards.report_card(card, "other", "", "")
    assert "Other reports" in admin.get(f"/admin/reports/{report.id}").text
    assert admin.post(f"/admin/reports/{report.id}/take-down", data={"down-reason": " "}).status_code == 422
    assert client.get("/ada").status_code == 200
    assert admin.post(f"/admin/reports/{report.id}/take-down", data={"down-reason": REASON}).status_code == 303
    [letter] = [mail for mail in mails_to(alice.email) if "taken down" in mail.subject]
    assert REASON in letter.text
    assert f"http://localhost/cards/{card.id}/taken-down" in letter.text
    assert "taken it down" in mails_to("eve@example.org")[0].text
    browser = sign_in(alice)
    for path in ("/cards", f"/cards/{card.id}/edit", f"/cards/{card.id}/taken-down"):
        assert REASON in browser.get(path).text
    browser.post(f"/cards/{card.id}/taken-down", data={"answer": "I took it <b>myself</b>."})
    for path in (f"/admin/reports/{report.id}", f"/admin/cards/{card.id}"):
        assert "I took it &lt;b&gt;myself&lt;/b&gt;." in admin.get(path).text
    assert "Answers of owners" in admin.get("/admin/").text
    assert admin.get(f"/admin/cards/{card.id}/look").status_code == 200
    assert admin.post(f"/admin/reports/{report.id}/take-down", data={"down-reason": ""}).status_code == 422
    for said in ("its owner is told", "not told again"):
        assert admin.post(f"/admin/cards/{card.id}/restore").status_code == 303
        assert said in admin.get(f"/admin/cards/{card.id}").text
    assert "Restored" in admin.get(f"/admin/reports/{report.id}").text
    assert any("back" in mail.subject for mail in mails_to(alice.email))
    assert client.get("/ada").status_code == 200
    assert browser.get(f"/cards/{card.id}/taken-down").status_code == 302
    assert REASON not in browser.get("/cards").text


def test_who_judges_a_card_that_is_down_sees_the_pictures_of_its_albums(
    app: Flask, admin: FlaskClient, client: FlaskClient, alice: User, bob: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    card, address = full(app, alice)
    [rule] = [rule for rule in app.url_map.iter_rules() if rule.endpoint == "public.media_file"]
    picture = address(rule)
    assert [who.get(picture).status_code for who in (client, admin)] == [200, 200]
    assert judging.take_down(card, REASON)
    assert [who.get(picture).status_code for who in (client, sign_in(bob))] == [404, 404]
    seen = admin.get(picture)
    assert (seen.status_code, seen.headers["Cache-Control"]) == (200, "private, no-cache")


def test_its_owner_keeps_all_of_it_but_neither_publishes_nor_copies_it(
    app: Flask, alice: User, client: FlaskClient, sign_in: Callable[[User], FlaskClient]
) -> None:
    card, _address = full(app, alice)
    judging.take_down(card, REASON)
    browser, own = sign_in(alice), f"/cards/{card.id}"
    for path in (f"{own}/publish", f"{own}/duplicate", f"{own}/resume", f"{own}/pause"):
        browser.post(path)
        assert client.get("/ada").status_code == 410, path
    with pytest.raises(cards.TakenDown):
        cards.publish_card(card, frozenset())
    with pytest.raises(cards.TakenDown):
        cards.duplicate_card(owner(alice), card, "Copy")
    assert len(cards.cards_of(owner(alice))) == 1
    assert b"Lovelace" in browser.get(f"{own}/taken-down/contact.vcf").data
    assert browser.get(f"/media/{card.draft.photo}/m.webp").status_code == 200
    assert browser.get(f"{own}/edit").status_code == 200
    cards.delete_card(card)
    cards.undelete_card(card)
    assert client.get("/ada").status_code == 410, "deleting and bringing back restores nothing"


def test_who_waits_gets_no_place_while_the_card_is_down(app: Flask, alice: User) -> None:
    card = booking.practice(alice)
    kind = booking.kind_of(card)
    today = now().date()
    judging.take_down(card, REASON)
    entry = waiting.wait(card, kind, today, today + timedelta(days=30), booking.zoe())
    waiting.sweep()
    assert entry.state == "waiting"
    judging.restore(card)
    waiting.sweep()
    assert entry.state == "offered"
    judging.take_down(card, REASON)
    with pytest.raises(waiting.OfferOver):
        waiting.take_offer(entry)


def test_taking_down_and_restoring_twice_changes_nothing(app: Flask, alice: User) -> None:
    card = published_card(alice, "ada")
    for _time in range(2):
        judging.take_down(card, REASON)
    assert len(takedowns.take_downs_of(card)) == 1
    for _time in range(2):
        judging.restore(card)
    assert len(mails_to(alice.email)) == 2
    assert [bool(taken.restored_at) for taken in takedowns.take_downs_of(card)] == [True]


def test_a_stale_page_says_that_the_card_was_down_and_settles_its_report(admin: FlaskClient, alice: User) -> None:
    card = published_card(alice, "ada")
    for reporter in ("eve@example.org", "zoe@example.org"):
        cards.report_card(card, "rights", "This is me.", reporter)
    first, second = (f"/admin/reports/{report.id}" for report in judging.reports_about(card))
    said = []
    for page, form in (
        (first, {"down-reason": REASON}),
        (second, {"down-reason": "Another."}),
        (f"/admin/cards/{card.id}", {"reason": "Another."}),
    ):
        assert admin.post(f"{page}/take-down", data=form).status_code == 303
        text = admin.get(page).text
        said.append(("and its owner is told" in text, "was taken down before" in text))
    assert said == [(True, False), (False, True), (False, True)]
    assert all(report.handled_at for report in judging.reports_about(card))
    assert [len(mails_to(address)) for address in (alice.email, "eve@example.org", "zoe@example.org")] == [1, 1, 1]
    assert [taken.reason for taken in takedowns.take_downs_of(card)] == [REASON]


def test_a_card_without_an_owner_is_taken_down_in_silence(app: Flask, alice: User) -> None:
    card = published_card(alice, "ada")
    card.owner_id, card.guest = None, "x" * 64
    db.session.commit()
    judging.take_down(card, REASON)
    assert not card.is_public
    assert not mails_to(alice.email)


def test_what_is_public_is_the_same_in_python_and_in_the_database(app: Flask, alice: User) -> None:
    made = {name: published_card(alice, f"{name}-card") for name in ("shown", "paused", "down", "deleted")}
    draft = cards.create_card(owner(alice), made["shown"].draft)
    cards.pause_card(made["paused"])
    cards.delete_card(made["deleted"])
    judging.take_down(made["down"], REASON)
    found = set(db.session.scalars(sa.select(Card.id).where(Card.is_public)))
    assert found == {card.id for card in (*made.values(), draft) if card.is_public} == {made["shown"].id}


def test_an_erased_card_leaves_no_take_down(app: Flask, alice: User) -> None:
    card = published_card(alice, "ada")
    judging.take_down(card, REASON)
    cards.erase_cards_of(alice.id)
    assert rows(TakeDown) == 0


def test_of_two_admins_at_once_one_takes_a_card_down_and_one_restores_it(app: Flask, alice: User) -> None:
    card_id = published_card(alice, "ada").id

    def act(do: Callable[[Card], None]) -> None:
        with app.app_context():
            card = db.session.get_one(Card, card_id)
            both.wait(20)  # each has seen the card as it was
            do(card)

    for do, subject in ((lambda card: judging.take_down(card, REASON), "taken down"), (judging.restore, "back")):
        both = Barrier(2)
        with ThreadPoolExecutor(2) as admins:
            for done in [admins.submit(act, do) for _admin in range(2)]:
                done.result(20)
        assert len([mail for mail in mails_to(alice.email) if subject in mail.subject]) == 1
    assert rows(TakeDown) == 1


def test_the_editor_of_a_card_that_is_down_offers_what_can_be_done_and_not_to_publish(
    alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    card, owner_of_it = published_card(alice, "ada"), sign_in(alice)
    publish, ways = 'value="publish"', f'href="/cards/{card.id}/taken-down"'
    for is_down in (False, True, False):
        page = owner_of_it.get(f"/cards/{card.id}/edit").text
        assert (publish in page, ways in page) == (not is_down, is_down)
        (judging.restore(card) if is_down else judging.take_down(card, REASON))
