"""What the editor says of what phones will keep is what arrives."""

from __future__ import annotations

import dataclasses
import io
import random
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import pictures, service
from vcardapp.cards.content import Content, Phone
from vcardapp.cards.forms import card_form
from vcardapp.cards.kept import changes
from vcardapp.cards.vcard_reader import read_vcards
from vcardapp.editor import sections


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def test_a_change_is_said_at_once(owner: FlaskClient, alice: User) -> None:
    card = factories.draft_card(alice, title="Cook; baker", note="", phones=(Phone("+44 20 7946 0018 ext. 5"),))
    page = owner.get(f"/cards/{card.id}/edit").text
    assert "2 things a little differently" in page
    assert "<bdi>Cook, baker</bdi>" in page
    assert "Job title, as typed:" in page
    sent = {"display_name": "Ada; C", "revision": str(card.revision)}
    answer = owner.post(f"/cards/{card.id}/draft", data=sent).json
    assert answer
    assert answer["kept"] == [{"label": "Display name", "before": "Ada; C", "after": "Ada, C"}]
    assert answer["sections"]["kept"] == "1 thing a little differently"


def test_where_nothing_changes_it_says_so(owner: FlaskClient, alice: User) -> None:
    card = factories.draft_card(alice)
    assert "All as you typed it" in owner.get(f"/cards/{card.id}/edit").text


@pytest.mark.parametrize("content", [factories.tricky_content(), Content(), Content(phones=(Phone("abc"), Phone("")))])
def test_every_changed_field_has_a_label(app: Flask, content: Content) -> None:
    with app.test_request_context():
        labels = {field.name: str(field.label.text) for field in card_form(content, "")}
        found = changes(content)
        assert [bool(one["label"]) for one in sections.kept_otherwise(found, labels)] == [True] * len(found)


def test_a_change_late_in_a_long_text_is_in_sight(owner: FlaskClient, alice: User) -> None:
    card = factories.draft_card(alice, note="a " * 500 + "tea; coffee")
    page = owner.get(f"/cards/{card.id}/edit").text
    assert "a tea, coffee</bdi>" in page
    assert "a tea; coffee</bdi>" in page


def test_a_note_that_is_cut_beside_the_photo_is_said_to_be_cut(owner: FlaskClient, alice: User) -> None:
    card = factories.published_card(alice, note="漢字" * 1000)
    assert "All as you typed it" in owner.get(f"/cards/{card.id}/edit").text
    photo = pictures.store_picture(card, "photo", noise())
    card.draft = dataclasses.replace(card.draft, photo=photo.id)
    service.publish_card(card, frozenset())
    arrives = read_vcards(owner.get("/ada.vcf").data).cards[0].content.note
    assert arrives.endswith("…")
    assert len(arrives) < 2000
    page = owner.get(f"/cards/{card.id}/edit").text
    assert f"{arrives[-40:]}</bdi>" in page


def noise() -> bytes:
    """Return a picture that no JPEG makes small."""
    file = io.BytesIO()
    Image.frombytes("RGB", (500, 500), random.Random(1).randbytes(750_000)).save(file, "PNG")
    return file.getvalue()
