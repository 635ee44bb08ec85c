"""A visitor's address is nowhere: not in the database, not in a file, not in the counts of limits, not in the log."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from flask import Flask

from tests.archive import people
from tests.archive.people import SLUG
from tests.archive.test_gone import files_with, found
from vcardapp.accounts import throttle
from vcardapp.accounts.limits import CountedTogether, limiter
from vcardapp.accounts.models import SignInFailure
from vcardapp.booking.models import AppointmentType
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.store.models import Product

ADDRESS = "203.0.113.77"
HOUSEHOLD = "2001:db8:7777:1::"
FORMS = (ADDRESS, "2001:db8:7777:1", *(hashlib.new(kind, text.encode()).hexdigest() for kind in ("md5", "sha1", "sha256")
                                       for text in (ADDRESS, HOUSEHOLD + "5", HOUSEHOLD + "/64")))  # fmt: skip


def actions(card: Card, product: Product, kind: AppointmentType) -> list[tuple[str, dict[str, str] | None]]:
    """Everything that a visitor can do, with the forms that are sent; None only looks."""
    email = {"email": "visitor@example.org", "name": "Visitor"}
    shop, book = f"/{SLUG}/shop", f"/{SLUG}/book/{kind.key}"
    return [
        (f"/{SLUG}", None), (f"/u/{card.code}", None), (f"/{SLUG}.vcf", None), (f"/{SLUG}?lang=es", None), (shop, None),
        (f"/{SLUG}/report", {"reason": "spam", "text": "a report", "email": "visitor@example.org"}),
        (f"/{SLUG}/send", {"email": "visitor@example.org"}),
        (f"/{SLUG}/basket/add", {"product": str(product.id), "quantity": "1"}),
        (f"/{SLUG}/checkout", {**email, "delivery": "pickup"}),
        (f"{book}/at", {**email, "start": "2030-06-03T09:00:00Z", "key": "one"}),
        (f"{book}/wait", {**email, "first": "2030-06-03", "last": "2030-06-09"}),
        ("/login", {"email": "visitor@example.org", "password": "a wrong one"}),
        ("/register", {"email": "visitor@example.org", "password": "lantern brook 7 violins"}),
        ("/reset", {"email": people.EMAIL}),
        ("/cards/new", {}), ("/nobody-here", None), ("/sign-in/nothing", None),
    ]  # fmt: skip


def counts(app: Flask) -> list[str]:
    """What limits have counted in this process, and all that stands in Valkey where there is one."""
    if not isinstance(limiter.storage, CountedTogether):
        return [str(vars(limiter.storage))]
    with redis.Redis.from_url(app.config["SETTINGS"].redis_url) as valkey:
        return [str(vars(limiter.storage.near)), str({key: valkey.get(key) for key in valkey.scan_iter()})]


@pytest.mark.parametrize("address", [ADDRESS, HOUSEHOLD + "5"])
def test_no_address_of_a_visitor_is_kept(
    make_app: Callable[..., Flask], tmp_path: Path, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    app = make_app(proxies=1, rate_limits=True)
    caplog.set_level(logging.DEBUG)
    with app.app_context():
        people.fill()
        card = db.session.scalars(sa.select(Card).where(Card.slug == SLUG)).one()
        product, kind = (db.session.scalars(sa.select(one)).first() for one in (Product, AppointmentType))
        assert product
        assert kind
        browser, answered = app.test_client(), set()
        for path, form in actions(card, product, kind):
            known = {"X-Forwarded-For": address, "User-Agent": "Mozilla/5.0"}
            answer = browser.get(path, headers=known) if form is None else browser.post(path, data=form, headers=known)
            answered.add(answer.status_code)
            assert answer.status_code < 500, path
            assert not [form for form in FORMS if form in answer.text], path
        assert answered >= {200, 303, 404}
        throttle.sweep()
        db.session.rollback()
        assert found(*FORMS) == set()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInFailure)), "a wrong password is counted"
        for counted in counts(app):
            assert "accounts.login" in counted
            assert not [form for form in FORMS if form in counted]
        assert not [form for form in FORMS if form in caplog.text]
        db.session.rollback()
        db.engine.dispose()
        assert files_with(tmp_path, *FORMS) == set()
