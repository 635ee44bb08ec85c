"""Two at once: an address has one owner, no save is lost, and nobody is told of an error."""

from __future__ import annotations

import dataclasses
import io
import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from tests.accounts.cast import GOOD
from vcardapp.accounts.models import User
from vcardapp.accounts.sessions import SIGN_IN
from vcardapp.cards import service
from vcardapp.cards.content import Phone
from vcardapp.cards.models import Card, CardAddress, CardCode, CardVersion
from vcardapp.db import db
from vcardapp.editor import service as editor

ROUNDS = 3
VCF = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Imported\r\nEND:VCARD\r\n"


def together(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    """Do all this at the same moment, each in a thread of its own, and return what came of it, in order."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait(20)
            try:
                results[place] = work()
            except Exception as problem:
                results[place] = problem

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    return results


def publish(card_id: uuid.UUID) -> str | None:
    return service.publish_card(db.session.get_one(Card, card_id), frozenset()).slug


def status(browser: FlaskClient, path: str, sent: dict[str, Any]) -> int:
    return browser.post(path, data=sent).status_code


def copy_of(app: Flask, browser: FlaskClient) -> FlaskClient:
    """Return a second browser with the same cookie: a test's client is for one thread."""
    copy = app.test_client()
    cookie = browser.get_cookie("session")
    assert cookie is not None
    copy.set_cookie("session", cookie.value)
    return copy


def test_of_two_cards_that_want_an_address_one_gets_it(app: Flask, alice: User, bob: User) -> None:
    for number in range(ROUNDS):
        slug = f"ada-{number}"
        cards = [service.create_card(factories.owner(person), factories.content(), slug).id for person in (alice, bob)]

        results = together(app, *(partial(publish, card_id) for card_id in cards))
        lost = [result for result in results if isinstance(result, Exception)]
        assert [type(problem) for problem in lost] == [service.SlugTaken]
        assert lost[0].free == f"ada-{number}-2"
        winner = db.session.get_one(CardAddress, slug).card_id
        for card_id in cards:
            card = db.session.get_one(Card, card_id)
            assert card.is_public == (card_id == winner)
            assert (card.slug, card.code is None) == ((slug, False) if card_id == winner else (None, True))


def test_a_card_published_twice_has_one_address_and_its_code_works(app: Flask, alice: User) -> None:
    for number in range(ROUNDS):
        card_id = service.create_card(factories.owner(alice), factories.content(), f"ada-{number}").id
        assert together(app, partial(publish, card_id), partial(publish, card_id)) == [f"ada-{number}"] * 2
        card = db.session.get_one(Card, card_id)
        codes = list(db.session.scalars(sa.select(CardCode.code).where(CardCode.card_id == card_id)))
        assert card.code in codes
        assert len(codes) == 1


def test_of_two_saves_of_one_draft_one_counts_and_the_other_is_told(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    card, browser = factories.draft_card(alice), sign_in(alice)
    for _ in range(ROUNDS):
        db.session.refresh(card)
        revision = card.revision
        names = [str(uuid.uuid4()) for _ in range(3)]
        saves = (
            partial(status, copy_of(app, browser), f"/cards/{card.id}/draft", {"display_name": name, "revision": str(revision)})
            for name in names
        )
        results = together(app, *saves)
        assert sorted(results) == [200, 409, 409]
        db.session.refresh(card)
        assert card.draft.display_name == names[results.index(200)]
        assert card.revision == revision + 1
        newest = editor.versions_of(card)[0]
        assert newest.content == card.draft


def test_no_save_is_lost_while_two_people_type(app: Flask, alice: User) -> None:
    """Each adds phones, reading anew whenever the other was quicker: all of them are there in the end."""
    card_id = factories.draft_card(alice, phones=()).id

    def type_phones(who: int) -> None:
        for number in range(10):
            while True:
                card = db.session.get_one(Card, card_id, populate_existing=True)
                phones = (*card.draft.phones, Phone(f"{who}-{number}"))
                draft = dataclasses.replace(card.draft, phones=phones)
                try:
                    editor.save_draft(card, draft, "", card.revision, reason="save")
                    break
                except editor.DraftConflict:
                    continue

    assert together(app, lambda: type_phones(1), lambda: type_phones(2)) == [None, None]
    card = db.session.get_one(Card, card_id)
    assert {phone.number for phone in card.draft.phones} == {f"{who}-{n}" for who in (1, 2) for n in range(10)}
    assert card.revision == 21
    numbers = list(db.session.scalars(sa.select(CardVersion.number).where(CardVersion.card_id == card_id)))
    assert len(numbers) == len(set(numbers)) <= editor.VERSIONS_KEPT


def test_an_import_and_a_picture_while_somebody_types(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser = sign_in(alice)
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, "PNG")
    for _ in range(ROUNDS):
        card = factories.draft_card(alice)
        here, revision = f"/cards/{card.id}", card.revision
        page = browser.post(f"{here}/import", data={"file": (io.BytesIO(VCF), "a.vcf")}).text
        packed = page.split('name="packed" value="')[1].split('"')[0]
        tabs = [copy_of(app, browser) for _ in range(3)]
        sent = {"display_name": "Typed", "revision": str(revision)}
        typed, taken, shown = together(
            app,
            partial(status, tabs[0], f"{here}/draft", sent),
            partial(status, tabs[1], f"{here}/import/take", {"packed": packed}),
            partial(status, tabs[2], f"{here}/pictures", {"sort": "photo", "file": (io.BytesIO(file.getvalue()), "a")}),
        )
        assert typed in (200, 409)
        assert taken in (302, 409)
        assert shown == 200
        db.session.refresh(card)
        assert card.revision == revision + [typed, taken, shown].count(200) + (taken == 302)
        assert card.draft.display_name in ("Ada Lovelace", "Typed", "Imported")
        assert [version.content for version in editor.versions_of(card)][0] == card.draft


def test_of_two_sign_ups_with_one_address_one_makes_the_account(app: Flask) -> None:
    for number in range(ROUNDS):
        sent = {"email": f"zoe{number}@example.org", "password": GOOD}
        browsers = [app.test_client() for _ in range(2)]
        results = together(app, *(partial(status, one, "/register", sent) for one in browsers))
        assert results == [303, 303]
        assert db.session.scalar(sa.select(sa.func.count()).where(User.email == sent["email"])) == 1


def test_a_guest_who_publishes_twice_at_once_has_one_account_and_one_card(app: Flask) -> None:
    for number in range(ROUNDS):
        browser = app.test_client()
        here = browser.post("/new").location.removesuffix("/edit")
        browser.post(f"{here}/draft", data={"display_name": f"Zoe {number}", "revision": "1"})
        sent = {"email": f"guest{number}@example.org", "password": GOOD}
        browsers = [copy_of(app, browser) for _ in range(2)]
        results = together(app, *(partial(status, one, f"{here}/publish", sent) for one in browsers))
        assert results == [303, 303]
        assert status(copy_of(app, browser), f"{here}/publish", {**sent, "password": "another one than this"}) == 404
        card = db.session.get_one(Card, uuid.UUID(here.split("/")[2]))
        assert card.is_public
        assert card.owner_id == db.session.scalar(sa.select(User.id).where(User.email == sent["email"]))


def test_signing_out_ends_every_copy_of_the_cookie(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    card, browser = factories.draft_card(alice), sign_in(alice)
    copies = [copy_of(app, browser) for _ in range(2)]
    assert browser.post("/logout").status_code == 303
    for copy in (browser, *copies):
        assert copy.get(f"/cards/{card.id}/edit").status_code == 404
        assert copy.post(f"/cards/{card.id}/draft", data={"display_name": "x", "force": "1"}).status_code == 404
        with copy.session_transaction() as session:
            assert copy is not browser or SIGN_IN not in session
