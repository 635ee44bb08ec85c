"""The small card for other sites: framed by anybody, and nothing in it that a site could abuse."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.models import Card


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


def test_any_site_may_frame_it_and_it_does_nothing_there(client: FlaskClient, ada: Card) -> None:
    answer = client.get("/ada/embed?lang=ar")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert "Set-Cookie" not in answer.headers
    assert not re.search("<(form|script|input|button|iframe)", answer.text)
    assert 'dir="rtl"' in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    for link in re.findall("<a [^>]*>", answer.text):
        assert 'target="_blank" rel="noopener"' in link
    for other in ("/ada", "/ada/qr"):
        assert "frame-ancestors 'none'" in client.get(other).headers["Content-Security-Policy"]


def test_it_is_small(client: FlaskClient, ada: Card) -> None:
    answer = client.get("/ada/embed", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) <= 4_000
    assert not re.findall(r'(?:src|href)="(?!/|http://localhost/|data:,)', client.get("/ada/embed").text)


def test_it_is_kept_ready_and_changes_with_the_card(make_app: Callable[..., Flask]) -> None:
    app = make_app(ready_megabytes=8)
    with app.app_context():
        card = factories.published_card(factories.alice())
        client = app.test_client()
        first, again = client.get("/ada/embed"), client.get("/ada/embed")
        assert first.data == again.data
        assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        assert [path for path, _ in app.extensions["ready_pages"].pages] == ["/ada/embed"]
        service.pause_card(card)
        assert client.get("/ada/embed").status_code == 404


def test_the_owner_copies_what_works_on_any_page(
    alice: User, ada: Card, sign_in: Callable[[User], FlaskClient]
) -> None:
    page = sign_in(alice).get(f"/cards/{ada.id}/embed").text
    frame, button = (html.unescape(code) for code in re.findall(r'<code id="[^"]+">(.*?)</code>', page, re.S))
    assert frame.startswith('<iframe src="http://localhost/ada/embed" title="Ada Lovelace" width="360"')
    assert button.startswith('<a href="http://localhost/ada" lang="en" style="display:inline-block;')
    assert button.endswith(">Save my contact</a>")
    assert "script" not in frame + button


def test_a_name_cannot_break_out_of_what_is_copied(alice: User, sign_in: Callable[[User], FlaskClient]) -> None:
    card = factories.published_card(alice, "bob", display_name='"><script>alert(1)</script>')
    page = sign_in(alice).get(f"/cards/{card.id}/embed").text
    frame, _ = (html.unescape(code) for code in re.findall(r'<code id="[^"]+">(.*?)</code>', page, re.S))
    assert "<script" not in frame
