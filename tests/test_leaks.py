"""What must not leave the server: asks every public address for words that stand only in drafts, hidden parts or other cards."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import GUEST_KEY
from vcardapp.cards import events, pictures, service
from vcardapp.cards.content import Address, Content, Email, Link, Phone, Span, Website
from vcardapp.cards.forms import HIDEABLE
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.editor.service import save_draft

SECRET = "Zyxwv"
HIDDEN = Content(
    display_name="Ada Lovelace", company=f"{SECRET} Ltd", pronouns=SECRET, about=f"**{SECRET}**", note=SECRET,
    birthday="1815-12-10", country="GB", time_zone="Europe/London",
    hours=dataclasses.replace(factories.content().hours, week=((Span("03:33", "04:44"),),) * 7),
    phones=(Phone("+44 7700 900987", hidden=True), Phone("+44 20 7946 0018")),
    emails=(Email(f"{SECRET}@example.org", hidden=True),),
    addresses=(Address(SECRET, SECRET, SECRET, hidden=True),),
    websites=(Website(f"https://{SECRET}.example.org/", label=SECRET, hidden=True),),
    links=(Link("instagram", SECRET, hidden=True), Link("whatsapp", "+447700900987", hidden=True)),
    hidden=HIDEABLE,
)  # fmt: skip
WORDS = (SECRET.lower(), "7700900987", "7700 900987", "900987", "1815-12-10", "18151210", "03:33")


def picture(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), color).save(file, "PNG")
    return file.getvalue()


def answers(app: Flask, card: Card, *, slug: str = "", code: str = "") -> Iterator[tuple[str, int, str]]:
    """Ask for all that strangers may ask for about a card: address, status, and the whole answer in small letters."""
    known = {"slug": slug or card.slug, "code": code or card.code}
    browser = app.test_client()
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        rules = [rule for rule in rules if rule.arguments and rule.arguments <= set(known)]
        paths = [str(rule.build({name: known[name] for name in rule.arguments})[1]) for rule in rules]  # type: ignore[index]
    assert len(paths) > 6
    for path in paths:
        for more in ("", "?strict=1", "?lang=ar", "?e=fair"):
            answer = browser.get(path + more)
            text = answer.get_data().decode("utf-8", "ignore").replace("\r\n ", "").lower()
            yield path + more, answer.status_code, text + str(answer.headers).lower()


def test_hidden_parts_drafts_and_versions_stay_on_the_server(app: Flask, alice: User) -> None:
    card = service.create_card(factories.owner(alice), HIDDEN, "ada")
    ids = {sort: pictures.store_picture(card, sort, picture("teal")).id for sort in pictures.SORTS}
    card = save_draft(card, dataclasses.replace(HIDDEN, **ids), "ada", card.revision, reason="save")  # type: ignore[arg-type]
    card = service.publish_card(card, frozenset())
    events.add_event(card, "Fair")
    later = dataclasses.replace(card.draft, display_name=f"Ada {SECRET}", title=SECRET, hidden=())
    save_draft(card, later, "ada-later", card.revision, reason="save")
    found = list(answers(app, card))
    assert {status for _, status, _ in found} <= {200, 404}
    assert [status for path, status, _ in found if path == "/ada"] == [200]
    for path, _, text in found:
        secrets = (*WORDS, *ids.values(), "alice@example.org", str(alice.id), str(card.id))
        assert not [word for word in secrets if word in text], path


@pytest.mark.parametrize("state", ["draft", "paused", "deleted", "erased"])
def test_a_card_that_is_not_public_says_nothing_of_itself(app: Flask, alice: User, state: str) -> None:
    shown = factories.content(display_name=SECRET, title=SECRET, emails=(Email(f"{SECRET}@example.org"),))
    card = service.create_card(factories.owner(alice), shown, "hushed")
    photo = pictures.store_picture(card, "photo", picture("teal")).id
    card = save_draft(card, dataclasses.replace(card.draft, photo=photo), "hushed", card.revision, reason="save")
    code = "000000"
    if state != "draft":
        service.publish_card(card, frozenset())
        code = card.code or ""
    if state == "paused":
        service.pause_card(card)
    elif state == "deleted":
        service.delete_card(card)
    elif state == "erased":
        service.erase_cards_of(alice.id)
    for path, status, text in answers(app, card, slug="hushed", code=code):
        assert status in (404, 410), path
        assert SECRET.lower() not in text, path
        assert photo not in text, path
    if state in ("deleted", "erased"):
        assert app.test_client().get(f"/media/{photo}/l.webp").status_code == 404


def test_a_picture_taken_off_a_card_can_be_shown_by_nobody_elses_card(
    app: Flask, alice: User, bob: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    hers = service.create_card(factories.owner(alice), factories.content())
    photo = pictures.store_picture(hers, "photo", picture("teal")).id
    his = service.create_card(factories.owner(bob), factories.content())
    browser = sign_in(bob)
    assert browser.post(f"/cards/{his.id}/pictures", data={"sort": "photo", "picture": photo}).status_code == 404
    assert browser.get(f"/cards/{his.id}/pictures/{photo}/original").status_code == 404
    assert browser.post(f"/cards/{his.id}/pictures/{photo}/crop", data={"size": "50"}).status_code == 404
    sent = {"display_name": "x", "photo": photo, "owner_id": str(bob.id), "live": "1", "force": "1"}
    assert browser.post(f"/cards/{his.id}/draft", data=sent).status_code == 200
    db.session.refresh(his)
    assert his.draft.photo == ""
    assert his.live is None


def test_a_guests_cards_go_to_whoever_signs_in_there_and_to_nobody_else(
    app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    guest = app.test_client()
    here = guest.post("/new").location.removesuffix("/edit")
    cookie = guest.get_cookie("session")
    assert cookie is not None
    stranger, bob = app.test_client(), sign_in(factories.bob())
    for browser in (stranger, bob):
        assert browser.get(f"{here}/edit").status_code == 404
    with stranger.session_transaction() as session:
        session[GUEST_KEY] = "guessed"
    assert stranger.get(f"{here}/edit").status_code == 404
    sent = {"email": "zoe@example.org", "password": "a lamp in the window"}
    guest.post(f"{here}/draft", data={"display_name": "Zoe", "revision": "1"})
    assert guest.post(f"{here}/publish", data=sent).status_code == 303
    assert guest.get(f"{here}/edit").status_code == 200
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)  # copied while the card had no owner
    assert thief.get(f"{here}/edit").status_code == 404
    assert guest.post("/logout").status_code == 303
    assert guest.get(f"{here}/edit").status_code == 404


def test_a_planted_guest_key_gives_nothing_once_its_person_has_signed_in(app: Flask) -> None:
    attacker = app.test_client()
    attacker.post("/new")
    planted = attacker.get_cookie("session")
    assert planted is not None
    victim = app.test_client()
    victim.set_cookie("session", planted.value)
    assert victim.post("/register", data={"email": "zoe@example.org", "password": "a lamp in the window"}).status_code == 303
    sent = {"email": "zoe@example.org", "password": "a lamp in the window"}
    assert victim.post("/login", data=sent).status_code == 303
    here = victim.post("/new").location.removesuffix("/edit")
    assert victim.get(f"{here}/edit").status_code == 200
    assert attacker.get(f"{here}/edit").status_code == 404
    assert attacker.get("/account").status_code == 303
