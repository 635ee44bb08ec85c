"""Who may open what: every route for strangers, guests, other owners, the owner and an admin (ASVS V8)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import factories
from tests.accounts.cast import GOOD
from tests.booking.cast import kind_of, practice
from tests.cases import FULL
from tests.security.matrix import ANSWERS, LOGIN, NONE, OK, WHO, rows
from tests.store import cast
from tests.test_access import address, full_card, methods, stored
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import Role, User
from vcardapp.cards import service
from vcardapp.cards.models import Card
from vcardapp.db import db

SignIn = Callable[[User], FlaskClient]


def said(answer: TestResponse) -> str:
    """Return what an answer says about who may see it."""
    if answer.status_code in (302, 303) and urlsplit(answer.location).path == "/login":
        return LOGIN
    if answer.status_code == 404:
        return NONE
    if answer.status_code in (401, 403, 405) or answer.status_code >= 500:
        return str(answer.status_code)
    return OK


def own_address(app: Flask, rule: Rule, person: User) -> str:
    """Return an address whose things are there, this person's own, and may be changed."""
    card = full_card(person)
    if "code" in rule.arguments:
        service.publish_card(card, frozenset())
    path = address(app, rule, card)
    if rule.endpoint == "editor.undelete":
        service.delete_card(card)
    return path


def test_each_route_answers_as_its_row_says(app: Flask, alice: User, bob: User, sign_in: SignIn) -> None:
    """ASVS 8.2.1, 8.2.2 (1). Somebody else's things are as if they were not there, for admins too."""
    known, wrong = rows(), []
    rules = list(app.url_map.iter_rules())
    missing = {rule.endpoint for rule in rules} ^ set(known)
    assert not missing, "say in tests/security/matrix.py who may open them, or take out what is gone"
    admin = factories.user("admin@example.org", roles=[Role(name="admin")])
    guest = app.test_client()
    assert guest.post("/new").status_code in (302, 303)
    browsers = dict(zip(WHO, (app.test_client(), guest, sign_in(bob), sign_in(alice), sign_in(admin)), strict=True))
    ada = service.publish_card(full_card(alice, "ada"), frozenset())
    before = stored(ada)
    is_sqlite = db.engine.dialect.name == "sqlite"
    for number, rule in enumerate(rules):
        sort = known[rule.endpoint]
        if sort == "everybody" or (number % 2 == is_sqlite and not FULL):  # each database sees half
            continue
        for method in methods(rule):
            path = address(app, rule, ada) if sort != "signed in" else rule.rule.replace("<token>", "x")
            for who, browser, allowed in zip(WHO, browsers.values(), ANSWERS[sort], strict=True):
                if not allowed or (who == "admin" and sort == "admins" and method != "GET"):
                    continue
                is_own = who == "owner" and sort == "owned" and (method != "GET" or rule.endpoint == "editor.undelete")
                asked = own_address(app, rule, alice) if is_own else path
                if (got := said(browser.open(asked, method=method))) not in allowed:
                    wrong.append(f"{who}: {method} {asked} ({rule.endpoint}, {sort}) gave {got}, not {sorted(allowed)}")
    assert not wrong, "\n".join(wrong)
    assert stored(ada) == before


PRIVILEGED = {
    "is_admin": "1", "roles": "admin", "owner_id": "00000000-0000-4000-8000-000000000001", "owner": "bob@example.org",
    "id": "00000000-0000-4000-8000-000000000002", "user_id": "1", "active": "", "confirmed_at": "2020-01-01",
    "email": "eve@x.org", "fs_uniquifier": "x", "taken_down_at": "", "deleted_at": "2020-01-01", "state": "public",
    "code": "AAAAAA", "published_at": "2020-01-01", "scans": "9999", "verified_at": "2020-01-01",
    "card_id": "00000000-0000-4000-8000-000000000003",
}  # fmt: skip


def test_nobody_sets_what_no_form_asks_for(app: Flask, client: FlaskClient, alice: User, bob: User, sign_in: SignIn) -> None:
    """ASVS 8.2.3, 15.3.3 (1, 2). Rights, owners, states and identities are posted everywhere, and nothing of them is taken."""
    card, owner = full_card(alice, "ada"), sign_in(alice)
    was = {name: stored(card)[name] for name in ("id", "owner_id", "code", "published_at", "deleted_at")}
    person = {column.name: getattr(alice, column.name) for column in User.__table__.columns}
    for path in ("edit", "draft"):
        owner.post(f"/cards/{card.id}/{path}", data={"display_name": "Ada", "force": "1", "revision": "1", **PRIVILEGED})
    for path in ("/domains", "/media/uploads", f"/cards/{card.id}/gallery", f"/cards/{card.id}/store/products/new"):
        owner.post(path, data={"name": "x", "title": "x", "price": "1", **PRIVILEGED})
    client.post("/register", data={**PRIVILEGED, "email": "zoe@example.org", "password": GOOD})
    db.session.rollback()
    now_stored = stored(card)
    assert {name: now_stored[name] for name in was} == was
    db.session.refresh(alice)
    assert {column.name: getattr(alice, column.name) for column in User.__table__.columns} == person
    zoe = accounts.find_user("zoe@example.org")
    assert zoe is not None
    assert (zoe.is_admin, zoe.is_confirmed) == (False, False)
    assert {one.owner_id for one in db.session.scalars(sa.select(Card))} == {alice.id}
    assert not alice.is_admin


def test_what_is_private_stands_in_no_public_file(app: Flask, client: FlaskClient, alice: User) -> None:
    """ASVS 15.3.1 (1). Neither the account nor hidden parts, in the page, the contact, jCard, manifest, sitemap or picture."""
    card = factories.published_card(alice, "ada", note="A note for the contact")
    secrets = [alice.email, alice.id.hex, str(alice.id), alice.fs_uniquifier, str(card.owner_id)]
    for path in ("/ada", "/ada.vcf", "/ada.jcard", "/ada/manifest.webmanifest", "/ada/embed", "/ada/qr", "/ada/qr.svg"):
        answer = client.get(path)
        assert answer.status_code in (200, 404), path
        assert not [one for one in secrets if one in answer.text], path
    for path in ("/ada.vcf", "/ada.jcard"):
        assert not re.search(r"password|owner|draft|revision", client.get(path).text), path


def test_tenants_are_apart_in_tables_search_and_news(app: Flask, alice: User, bob: User, sign_in: SignIn) -> None:
    """ASVS 8.4.1 (2). What bob takes along, searches or is told holds nothing of alice's, however the ids are mixed."""
    hers, her_shop = cast.bakery(alice, "hers")
    his, his_shop = cast.bakery(bob, "his")
    cast.order(her_shop, (cast.bread(hers, name="Alices loaf"), 1), name="Alices customer")
    cast.order(his_shop, (cast.bread(his, name="Bobs loaf"), 1), name="Bobs customer")
    browser = sign_in(bob)
    shop_pages = ("orders", "orders.csv", "products.csv", "orders/news", "orders?q=customer")
    pages = [f"/cards/{his.id}/store/{page}" for page in shop_pages]
    pages += [f"/cards/{his.id}/booking/{page}" for page in ("search?q=Alice", "appointments.csv", "waiting")]
    pages += ["/cards", "/media/files", "/media/files/status", "/domains", "/account"]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code in (200, 302, 303, 404), page
        assert "Alices" not in answer.text, page
    table = list(csv.reader(io.StringIO(browser.get(f"/cards/{his.id}/store/orders.csv").text)))
    assert len(table) == 2


def test_pages_kept_ready_are_the_same_for_everybody(
    make_app: Callable[..., Flask], sign_in_to: Callable[..., FlaskClient]
) -> None:
    """ASVS 8.4.1 (2). What is kept of a page that its owner opened holds nothing of theirs, and no cookie."""
    app = make_app(ready_megabytes=4)
    with app.app_context():
        alice = factories.alice()
        kind_of(practice(alice))
        owner, stranger = sign_in_to(app, alice), app.test_client()
        for path in ("/ada", "/ada/qr", "/ada/book", "/ada/embed"):
            mine = owner.get(path)
            theirs = stranger.get(path)
            assert theirs.status_code == mine.status_code == 200, path
            assert alice.email not in theirs.text, path
            assert "csrf" not in theirs.text, path
            assert "Set-Cookie" not in theirs.headers, path
