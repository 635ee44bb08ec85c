"""What the editor says of what phones will keep is what arrives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards.contact import changes
from vcardapp.cards.content import Content, Phone
from vcardapp.cards.forms import card_form
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
        assert len(sections.kept_otherwise(content, labels)) == len(changes(content))
