"""Albums as visitors see them: all of a card, one of them, one thing in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, abort, g, render_template

from vcardapp.cards.models import Card
from vcardapp.gallery.showing import ShownAlbum, find_shown_album
from vcardapp.gallery.videos import Video
from vcardapp.public import answers, bp, ready
from vcardapp.public.card_views import find_public_card, shown_card
from vcardapp.public.gallery_page import album_page, albums_on
from vcardapp.web import or_404


@bp.get("/<slug:slug>/gallery")
def gallery(slug: str) -> Response:
    card = find_public_card(slug)
    albums = albums_on(card)
    if not albums:
        abort(404)
    return _page(card, "gallery/gallery.html", albums=albums)


@bp.get("/<slug:slug>/gallery/<album>")
def album(slug: str, album: str) -> Response:
    card, found = _find(slug, album)
    _let_play(found.videos)
    return _page(card, "gallery/shown_album.html", album=album_page(card, found))


@bp.get("/<slug:slug>/gallery/<album>/<item>")
def album_item(slug: str, album: str, item: str) -> Response:
    card, found = _find(slug, album)
    place = or_404(found.find(item))
    page = album_page(card, found)
    _let_play([page.tiles[place].video])
    before, here, after = (None, *page.tiles, None)[place : place + 3]
    return _page(card, "gallery/shown_item.html", album=page, tile=here, before=before, after=after)


def _find(slug: str, key: str) -> tuple[Card, ShownAlbum]:
    card = find_public_card(slug)
    return card, or_404(find_shown_album(card, key))


def _let_play(videos: Iterable[Video | None]) -> None:
    """Allow this page, and no other, to load from the hosts of its videos, which it does when a visitor asks for it."""
    for video in filter(None, videos):
        hosts = g.setdefault("media_hosts" if video.is_file else "frame_hosts", [])
        if video.origin not in hosts:
            hosts.append(video.origin)


def _page(card: Card, template: str, **shown: Any) -> Response:
    return ready.offer(answers.page(render_template(template, **shown_card(card), **shown)), card)
