"""The owner's pages: albums made, filled without script, refused files told, everything saved by one form."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.gallery.owned import YOUTUBE, album_with, paper, picture, ready_file
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.gallery import items, service
from vcardapp.gallery.models import Album, AlbumItem
from vcardapp.media import service as media


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


@pytest.fixture
def owner(alice: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(alice)


def page_of(album: Album) -> str:
    return f"/cards/{album.card_id}/gallery/{album.id}"


def captions(album: Album) -> list[str]:
    db.session.expire_all()
    return [item.caption for item in items.items_of(album)]


def row(place: int, item: AlbumItem, **said: str) -> dict[str, str]:
    values = {"id": str(item.id), "caption": item.caption, **said}
    return {f"items-{place}-{name}": value for name, value in values.items()}


def test_the_first_album_is_made_from_an_empty_list(owner: FlaskClient, ada: Card) -> None:
    page = f"/cards/{ada.id}/gallery"
    assert all(f'href="{page}"' in owner.get(where).text for where in (f"/cards/{ada.id}/edit", "/cards"))
    text = owner.get(page).text
    assert "No album yet" in text
    assert "0 KB of 500.0 MB used" in text
    assert owner.post(page, data={"title": ""}).status_code == 422
    made = owner.post(page, data={"title": " Spring\u202e 26 "})
    assert made.status_code == 303
    assert "Still empty" in owner.get(made.location).text
    (album,) = service.albums_of(ada)
    assert album.title == "Spring 26"
    service.add_album(ada, "Summer")
    owner.post(f"{page}/order", data={"action": f"down:{album.id}"})
    owner.post(f"{page}/order", data={"action": "up:nobody"})
    assert [one.title for one in service.albums_of(ada)] == ["Summer", "Spring 26"]


def test_many_files_come_in_whole_without_script_and_each_refusal_is_told(owner: FlaskClient, ada: Card) -> None:
    album = service.add_album(ada, "Houses")
    bad = (io.BytesIO(b"MZ not a picture"), "virus.exe")
    files = [(picture("red"), "red.png"), (paper(), "menu.pdf"), bad, (picture("red"), "red again.png")]
    sent = owner.post(f"{page_of(album)}/files", data={"file": files}, content_type="multipart/form-data")
    assert (sent.status_code, sent.location) == (303, page_of(album))
    text = owner.get(page_of(album)).text
    assert "virus.exe: This file is neither a picture nor a PDF" in text
    assert text.count("Being made ready") == 2
    assert [item.kind for item in items.items_of(album)] == ["picture", "paper"]
    empty = owner.post(f"{page_of(album)}/files", data={"file": (io.BytesIO(), "")}, content_type="multipart/form-data")
    assert "Please choose a file" in owner.get(empty.location).text


def test_a_full_account_says_so(owner: FlaskClient, ada: Card) -> None:
    album = service.add_album(ada, "Houses")
    ready_file(ada.owner_id, "large", bytes=500_000_000)
    owner.post(f"{page_of(album)}/files", data={"file": (picture(), "a.png")}, content_type="multipart/form-data")
    text = owner.get(page_of(album)).text
    assert "a.png: There is no room left in your account" in text
    assert "500.0 MB of 500.0 MB used" in text


def test_a_refused_picture_stands_in_the_list_with_the_reason(owner: FlaskClient, ada: Card) -> None:
    album = service.add_album(ada, "Houses")
    items.add_file(album, ready_file(ada.owner_id, "a.png", state="refused", reason="This PDF has no pages."))
    assert '<p class="field-error">This PDF has no pages.</p>' in owner.get(page_of(album)).text


def test_script_attaches_what_has_arrived_and_gets_its_row(owner: FlaskClient, ada: Card, bob: User) -> None:
    album = service.add_album(ada, "Houses")
    file = media.add_file(factories.owner(bob), picture("navy"), "bobs.png")
    assert owner.post(f"{page_of(album)}/files", data={"file_id": file.id}).status_code == 404
    mine = ready_file(ada.owner_id, "mine.png")
    for _ in range(2):  # the answer was lost
        answer = owner.post(f"{page_of(album)}/files", data={"file_id": mine.id})
        assert 'name="items-0-caption"' in answer.text
    assert len(items.items_of(album)) == 1


def test_one_form_saves_words_order_cover_and_what_is_hidden(owner: FlaskClient, ada: Card) -> None:
    album = album_with(ada, "one", "two", "three")
    one, two, three = items.items_of(album)
    said = {"title": "Rooms", "text": "a\r\n\r\nb", "layout": "carousel", "cover": str(two.id), "is_hidden": "y"}
    rows = row(0, three) | row(1, two, alt="A room", is_hidden="y") | {"removed-0": str(one.id)}
    answer = owner.post(page_of(album), data=said | rows, headers={"Accept": "application/json"})
    assert answer.json == {"saved": True}
    assert captions(album) == ["three", "two"]
    album, two = service.albums_of(ada)[0], items.items_of(album)[1]
    assert (album.title, album.text, album.layout, album.cover_id) == ("Rooms", "a\n\nb", "carousel", two.id)
    assert (two.alt, two.is_hidden, album.is_hidden) == ("A room", True, True)
    wrong = {"title": "x" * 121} | rows
    assert owner.post(page_of(album), data=wrong, headers={"Accept": "application/json"}).status_code == 422
    text = owner.post(page_of(album), data=wrong)
    assert (text.status_code, "at most 120 characters" in text.text) == (422, True)


def test_without_script_buttons_move_remove_and_bring_back(owner: FlaskClient, ada: Card) -> None:
    album = album_with(ada, "one", "two", "three")
    one, two, three = items.items_of(album)
    said = {"title": "Houses"} | row(0, one, caption="1") | row(1, two) | row(2, three)
    for action, order in (("down:items:0", ["two", "1", "three"]), ("up:items:0", ["1", "two", "three"]), ("up:items:9", None)):
        assert owner.post(page_of(album), data={**said, "action": action}).status_code == 303
        assert captions(album) == (order or ["1", "two", "three"])
    owner.post(page_of(album), data={**said, "action": "remove:items:1"})
    assert captions(album) == ["1", "three"]
    back = f"{page_of(album)}/items/{two.id}/back"
    assert f'action="{back}"' in owner.get(page_of(album)).text
    owner.post(back)
    assert sorted(captions(album)) == ["1", "three", "two"]


def test_a_video_comes_in_by_its_address_and_gets_a_picture(owner: FlaskClient, ada: Card) -> None:
    album = album_with(ada, "one")
    wrong = owner.post(f"{page_of(album)}/videos", data={"address": "https://example.com/"})
    text = owner.get(wrong.location).text
    assert "No video can be played from this address" in text
    assert 'value="https://example.com/"' in text
    owner.post(f"{page_of(album)}/videos", data={"address": YOUTUBE})
    one, video = items.items_of(album)
    poster = f"{page_of(album)}/items/{video.id}/poster"
    assert f'href="{poster}"' in owner.get(page_of(album)).text
    assert str(one.file_id) in owner.get(poster).text
    owner.post(poster, data={"picture": one.file_id})
    db.session.expire_all()
    assert items.items_of(album)[1].file_id == one.file_id
    new = owner.post(poster, data={"file": (io.BytesIO(b"nothing"), "x.png")}, content_type="multipart/form-data")
    assert new.status_code == 422
    owner.post(poster, data={"picture": ""})
    db.session.expire_all()
    assert items.items_of(album)[1].file_id is None
    assert owner.get(f"{page_of(album)}/items/{one.id}/poster").status_code == 303


def test_an_album_is_removed_after_a_question(owner: FlaskClient, ada: Card) -> None:
    album = album_with(ada, "one", "two")
    question = f"{page_of(album)}/remove"
    assert "2 items" in owner.get(question).text
    for status in (303, 404):
        assert owner.post(question).status_code == status
    assert service.albums_of(ada) == []
