"""What visitors get: albums on the card, pages of albums and pictures, policies of pages with videos, ready pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.gallery.owned import YOUTUBE, album_with, ready_file
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.gallery import items, service
from vcardapp.gallery.models import LAYOUTS
from vcardapp.gallery.service import AlbumSaid


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


def policy(client: FlaskClient, path: str) -> dict[str, str]:
    said = client.get(path).headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in said.split(";"))


def test_a_card_shows_its_albums_and_none_where_there_is_none(client: FlaskClient, ada: Card) -> None:
    service.add_album(ada, "Empty")
    bare = client.get("/ada").text
    assert "gal-" not in bare
    assert client.get("/ada/gallery").status_code == 404
    album_with(ada, *"abcdefgh")
    one = client.get("/ada").text
    assert one.count('class="gal-link"') == 6
    assert "Show all 8" in one
    assert len(re.findall(r'<img src="/media/[^>]* alt="[a-f]"[^>]* width="1200" height="900"[^>]* loading="lazy"', one)) == 6
    album_with(ada, "first", title="Rooms & <more>")
    two = client.get("/ada").text
    assert two.count('class="gal-cover"') == 2
    assert "Rooms &amp; &lt;more&gt;" in two
    assert "style=" not in two
    assert client.get("/ada/gallery").text.count('class="gal-cover"') == 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_leads_to_the_page_of_each_picture(client: FlaskClient, ada: Card, layout: str) -> None:
    album = album_with(ada, "one", "two", "", layout=layout, text="Words\nof mine")
    html = client.get("/ada/gallery/houses").text
    assert re.findall(r'data-tile data-caption="(.*?)"', html) == ["one", "two", ""]
    assert 'alt="Picture 3 of “Houses”"' in html
    assert "Words\nof mine" in html
    paths = re.findall(r'href="(/ada/gallery/houses/[0-9a-f]{8})"', html)
    assert paths == [f"/ada/gallery/houses/{item.key}" for item in items.items_of(album)]
    pages = [client.get(path).text for path in paths]
    assert all(f'rel="next" href="{after}"' in page for page, after in zip(pages, paths[1:], strict=False))
    assert all(f'rel="prev" href="{before}"' in page for page, before in zip(pages[1:], paths, strict=False))
    assert 'rel="next"' not in pages[2]
    assert 'rel="prev"' not in pages[0]
    assert "2 of 3" in pages[1]
    assert f'rel="canonical" href="http://localhost{paths[1]}"' in pages[1]
    assert re.search(r'property="og:image" content="http://localhost/media/[^"]*/1200.jpg"', pages[1])


def test_what_is_hidden_or_gone_has_no_address(client: FlaskClient, ada: Card) -> None:
    album = album_with(ada, "one", "two")
    one, _ = items.items_of(album)
    path = f"/ada/gallery/houses/{one.key}"
    assert client.get(path).status_code == 200
    one.is_hidden = True
    db.session.commit()
    assert client.get(path).status_code == 404
    album.is_hidden, one.is_hidden = True, False
    db.session.commit()
    for gone in (path, "/ada/gallery/houses", "/ada/gallery", "/ada/gallery/nothing", "/ada/gallery/%00", "/bob/gallery"):
        assert client.get(gone).status_code == 404, gone
    assert "gal-" not in client.get("/ada").text


def test_only_pages_that_hold_a_video_may_load_from_its_host_and_no_other(client: FlaskClient, ada: Card) -> None:
    album = album_with(ada, "one")
    video = items.add_video(album, YOUTUBE)
    film = items.add_video(service.add_album(ada, "Films"), "https://cdn.example.com/a.mp4")
    (picture, _) = items.items_of(album)
    own = "'self'"
    expected = {
        "/ada": (own, own),
        "/ada/gallery": (own, own),
        "/ada/gallery/houses": ("'self' https://www.youtube-nocookie.com", own),
        f"/ada/gallery/houses/{video.key}": ("'self' https://www.youtube-nocookie.com", own),
        f"/ada/gallery/houses/{picture.key}": (own, own),
        "/ada/gallery/films": (own, "'self' https://cdn.example.com"),
        f"/ada/gallery/films/{film.key}": (own, "'self' https://cdn.example.com"),
    }
    found = {path: policy(client, path) for path in expected}
    assert {path: (said["frame-src"], said["media-src"]) for path, said in found.items()} == expected
    html = client.get(f"/ada/gallery/houses/{video.key}").text
    assert "Play from youtube.com" in html
    assert 'href="https://www.youtube.com/watch?v=aqz-KE-bpKQ"' in html
    assert "<iframe" not in html
    assert not re.search(r'(?:src|srcset)="https?:', html)


def test_a_paper_shows_its_first_page_its_size_and_a_download(client: FlaskClient, ada: Card) -> None:
    album = album_with(ada)
    item = items.add_file(album, ready_file(ada.owner_id, "menu.pdf", "paper"))
    html = client.get(f"/ada/gallery/houses/{item.key}").text
    assert "4 pages · 1.2 MB" in html
    assert re.search(r'href="/media/[0-9a-f]{32}/[0-9a-f]{16}/paper.pdf" download', html)
    assert "First page of paper 1 of “Houses”" in html


def test_an_address_that_has_moved_leads_to_the_same_picture(client: FlaskClient, ada: Card) -> None:
    from vcardapp.cards import service as cards
    from vcardapp.editor.service import save_draft

    (item,) = items.items_of(album_with(ada, "one"))
    save_draft(ada, ada.draft, "lovelace", ada.revision, reason="save")
    cards.publish_card(ada, frozenset())
    answer = client.get(f"/ada/gallery/houses/{item.key}")
    assert (answer.status_code, answer.location) == (301, f"/lovelace/gallery/houses/{item.key}")


def test_albums_are_ready_pages_that_a_change_draws_anew(make_app: Callable[..., Flask]) -> None:
    app = make_app(ready_megabytes=8)
    with app.app_context():
        ada = factories.published_card(factories.alice())
        album = album_with(ada, "Harbour")
        (item,) = items.items_of(album)
        client, ready = app.test_client(), app.extensions["ready_pages"]
        paths = ["/ada", "/ada/gallery", "/ada/gallery/houses", f"/ada/gallery/houses/{item.key}"]
        assert all("Harbour" in client.get(path).text for path in paths[2:])
        assert [client.get(path).status_code for path in paths] == [200] * 4
        assert {path for path, _ in ready.pages} == set(paths)
        service.save_album(album, AlbumSaid("Houses", items=(service.ItemSaid(item.id, "Lighthouse"),)))
        for path in paths[2:]:
            html = client.get(path).text
            assert ("Lighthouse" in html, "Harbour" in html) == (True, False)
