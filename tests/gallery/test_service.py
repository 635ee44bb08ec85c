"""Albums and what is in them: order, covers, hiding, removing with a way back, and who sees which file."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.gallery.owned import YOUTUBE, album_with, ready_file
from vcardapp.accounts.models import User
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.gallery import items, service, showing
from vcardapp.gallery.models import AlbumItem
from vcardapp.gallery.service import AlbumSaid, ItemSaid
from vcardapp.media.models import MediaFile


@pytest.fixture
def ada(alice: User) -> Card:
    return factories.published_card(alice)


def captions(card: Card) -> list[list[str]]:
    return [[item.caption for item in album.items] for album in showing.shown_albums(card)]


def test_an_album_gets_its_address_from_its_title_and_keeps_it(ada: Card) -> None:
    first, second = service.add_album(ada, "Häuser & Gärten"), service.add_album(ada, "häuser gärten!")
    third, fourth = service.add_album(ada, "✨"), service.add_album(ada, "بيوت")
    assert [one.key for one in (first, second, third, fourth)] == ["häuser-gärten", "häuser-gärten-2", "album", "بيوت"]
    service.save_album(first, AlbumSaid("Something else"))
    assert (first.title, first.key) == ("Something else", "häuser-gärten")
    service.move_album(fourth, -1)
    service.move_album(first, -1)
    assert service.albums_of(ada) == [first, second, fourth, third]


def test_a_card_has_no_more_albums_than_fifty(ada: Card) -> None:
    for number in range(service.MOST_ALBUMS):
        service.add_album(ada, f"Album {number}")
    with pytest.raises(service.TooManyAlbums):
        service.add_album(ada, "One more")


def test_all_that_is_said_about_an_album_is_noted_at_once(ada: Card) -> None:
    album = album_with(ada, "one", "two", "three")
    one, two, three = items.items_of(album)
    rows = (ItemSaid(three.id, "3", "third"), ItemSaid(one.id, "1", is_hidden=True), ItemSaid(uuid.uuid4(), "nobody's"))
    service.save_album(album, AlbumSaid("Rooms", "All of them", "masonry", cover=two.id, items=rows, removed=frozenset({two.id})))
    assert [(item.caption, item.alt) for item in items.items_of(album)] == [("3", "third"), ("1", "")]
    assert (album.title, album.text, album.layout, album.cover_id) == ("Rooms", "All of them", "masonry", two.id)
    assert captions(ada) == [["3"]]
    service.save_album(album, AlbumSaid("Rooms", layout="spiral", cover=uuid.uuid4()))
    assert (album.layout, album.cover_id) == ("grid", None)
    assert [item.caption for item in items.items_of(album)] == ["3", "1"]


def test_what_is_removed_can_be_brought_back_for_a_day(ada: Card) -> None:
    album = album_with(ada, "one", "two")
    one, two = items.items_of(album)
    service.save_album(album, AlbumSaid("Houses", items=(ItemSaid(two.id, "two"),), removed=frozenset({one.id})))
    assert (captions(ada), items.removed_items_of(album)) == ([["two"]], [one])
    items.bring_back(one)
    assert sorted(captions(ada)[0]) == ["one", "two"]
    service.save_album(album, AlbumSaid("Houses", removed=frozenset({one.id})))
    db.session.execute(sa.update(AlbumItem).where(AlbumItem.id == one.id).values(removed_at=now() - timedelta(days=2)))
    assert items.removed_items_of(album) == []
    service.sweep()
    assert db.session.scalars(sa.select(AlbumItem.caption)).all() == ["two"]


def test_the_cover_is_the_owners_choice_or_else_the_first_picture(ada: Card) -> None:
    album = album_with(ada, "one", "two")
    video = items.add_video(album, YOUTUBE)
    one, two, _ = items.items_of(album)
    service.save_album(album, AlbumSaid("Houses", items=(ItemSaid(video.id, "film"), ItemSaid(one.id), ItemSaid(two.id))))
    assert showing.shown_albums(ada)[0].cover == one
    service.save_album(album, AlbumSaid("Houses", cover=two.id))
    assert showing.shown_albums(ada)[0].cover == two
    service.save_album(album, AlbumSaid("Houses", cover=two.id, removed=frozenset({two.id})))
    assert showing.shown_albums(ada)[0].cover == one


def test_the_same_picture_stands_once_in_an_album(ada: Card) -> None:
    album = album_with(ada, "one")
    (one,) = items.items_of(album)
    assert one.file
    assert items.add_file(album, one.file) == one
    service.save_album(album, AlbumSaid("Houses", removed=frozenset({one.id})))
    assert items.add_file(album, one.file) == one
    assert items.items_of(album) == [one]


def test_an_album_holds_no_more_than_it_may(ada: Card) -> None:
    album = service.add_album(ada, "Films")
    row = {"card_id": ada.id, "album_id": album.id, "kind": "video", "video_url": YOUTUBE}
    db.session.add_all(AlbumItem(key=f"{number:08}", **row) for number in range(items.MOST_ITEMS))
    db.session.commit()
    with pytest.raises(items.TooManyItems):
        items.add_video(album, YOUTUBE)
    with pytest.raises(items.NotAVideo):
        items.add_video(album, "https://example.com/")


@pytest.mark.parametrize("state", ["waiting", "refused"])
def test_visitors_see_nothing_that_is_not_ready(ada: Card, state: str) -> None:
    album = album_with(ada, "one")
    items.add_file(album, ready_file(ada.owner_id, "second.png", state=state))
    assert captions(ada) == [["one"]]
    assert len(items.items_of(album)) == 2


def test_a_file_is_seen_where_it_is_shown_and_nowhere_else(ada: Card) -> None:
    album = album_with(ada, "one")
    (one,) = items.items_of(album)
    file_id = str(one.file_id)
    assert service.cards_showing(file_id) == {ada.id}
    assert service.cards_showing("0" * 32) == set()
    for hide in ("item", "album", "removed", "paused", "draft"):
        one.is_hidden, album.is_hidden = hide == "item", hide == "album"
        one.removed_at = now() if hide == "removed" else None
        ada.paused_at = now() if hide == "paused" else None
        db.session.commit()
        if hide == "draft":
            live, ada.live = ada.live, None
            db.session.commit()
        assert service.cards_showing(file_id) == set(), hide
    ada.live = live
    db.session.commit()
    assert service.cards_showing(file_id) == {ada.id}


def test_an_album_goes_with_all_that_is_in_it_and_with_its_card(ada: Card, bob: User) -> None:
    album = album_with(ada, "one", "two")
    other = album_with(ada, "three", title="Rooms")
    service.remove_album(album)
    assert service.albums_of(ada) == [other]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AlbumItem)) == 1
    db.session.execute(sa.delete(MediaFile))
    db.session.commit()
    assert [item.is_ready for item in items.items_of(other)] == [False]
    bobs = factories.published_card(bob, "bob")
    assert service.find_album(bobs, other.id) is None
    assert cards.find_by_slug("bob") is not None
