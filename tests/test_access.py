"""Addresses of everything that an owner has, made for tests that walk them; tests/security/matrix.py says who may open what."""

from __future__ import annotations

import dataclasses
import io
import uuid
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.routing import Rule

from tests import factories
from tests.accounts import owned as accounts
from tests.booking import owned as booking
from tests.gallery import owned as albums
from tests.store.owned import named_by
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.cards import pictures, service
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.domains import service as domains
from vcardapp.domains.models import Domain
from vcardapp.editor.service import save_draft
from vcardapp.media import service as media
from vcardapp.media import uploads
from vcardapp.media.models import MediaFile, MediaUpload


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def asked(app: Flask, wanted: Callable[[Rule], bool]) -> Iterator[tuple[Rule, str]]:
    """Yield the rules wanted, with each of their methods."""
    for rule in app.url_map.iter_rules():
        if wanted(rule):
            yield from ((rule, method) for method in methods(rule))


def address(app: Flask, rule: Rule, card: Card) -> str:
    values = {
        "card_id": card.id,
        "picture_id": card.draft.photo,
        "number": 1,
        "code": card.code,
        "domain_id": domain_of(card).id if "domain_id" in rule.arguments else None,
        "file_id": file_of(card).id if "file_id" in rule.arguments else None,
        "upload_id": upload_of(card).id if "upload_id" in rule.arguments else None,
        "mail_id": uuid.uuid4(),
        "report_id": uuid.uuid4(),
        **dict.fromkeys(("person_id", "shown_id", "work_id"), uuid.uuid4()),
        **{name: make() for name, make in {**named_by(card), **albums.named_by(card)}.items() if name in rule.arguments},
        **{name: make() for name, make in booking.named_by(card).items() if name in rule.arguments},
        **{name: make() for name, make in accounts.named_by(card.owner_id).items() if name in rule.arguments},
    }
    with app.test_request_context():
        return str(rule.build({name: values[name] for name in rule.arguments})[1])  # type: ignore[index]


def domain_of(card: Card) -> Domain:
    """The domain of a card's owner, made on first use."""
    owner = Owner(user_id=card.owner_id)
    return next(iter(domains.domains_of(owner)), None) or domains.add_domain(owner, "cards.example.com")


def file_of(card: Card) -> MediaFile:
    """A file of a card's owner, made on first use."""
    owner = Owner(user_id=card.owner_id)
    square = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(square, "PNG")
    return next(iter(media.files_of(owner)), None) or media.add_file(owner, io.BytesIO(square.getvalue()), "a.png")


def upload_of(card: Card) -> MediaUpload:
    """An upload of a card's owner that has just begun."""
    begun = uploads.begin(Owner(user_id=card.owner_id), 1000, "a.png")
    assert isinstance(begun, MediaUpload)
    return begun


def full_card(person: User, slug: str = "") -> Card:
    """A card with all that an address can name: a picture, a version."""
    card = service.create_card(factories.owner(person), factories.content(), slug)
    square = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(square, "PNG")
    photo = pictures.store_picture(card, "photo", square.getvalue())
    return save_draft(card, dataclasses.replace(card.draft, photo=photo.id), slug, card.revision, reason="save")


def stored(card: Card) -> dict[str, object]:
    db.session.refresh(card)
    return {column.name: getattr(card, column.name) for column in Card.__table__.columns}


@pytest.mark.parametrize("with_token", [False, True])
def test_every_form_wants_its_token(
    make_app: Callable[..., Flask], with_token: bool, sign_in_to: Callable[[Flask, User], FlaskClient]
) -> None:
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        alice = factories.alice()
        browser, wrong = sign_in_to(app, alice), []
        card = full_card(alice)
        before = stored(card)
        for rule, _ in asked(app, lambda rule: "POST" in (rule.methods or set())):
            known = {"card_id", "domain_id", "file_id", "upload_id", "picture_id", "number", "mail_id", "report_id"}
            known |= {"person_id", "shown_id", "work_id"}
            if not rule.arguments <= known or rule.endpoint == "editor.create":  # believed by where it was sent from
                continue
            answer = browser.post(address(app, rule, card), data={"csrf_token": "wrong"} if with_token else {})
            if answer.status_code != 400:
                wrong.append(f"POST {rule.rule} gave {answer.status}")
        assert not wrong
        assert stored(card) == before
