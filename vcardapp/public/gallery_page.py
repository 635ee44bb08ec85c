"""Albums in the words and links that a visitor gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from vcardapp.cards.models import Card
from vcardapp.gallery.models import AlbumItem
from vcardapp.gallery.showing import ShownAlbum, shown_albums
from vcardapp.gallery.videos import Video
from vcardapp.media import addresses
from vcardapp.media.models import MediaFile
from vcardapp.public.names import shown

FIRST = 6  # pictures of an only album that stand on the card itself


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture, video or paper."""

    item: AlbumItem
    number: int  # from 1
    path: str
    caption: str
    alt: str

    @property
    def file(self) -> MediaFile | None:
        return self.item.file if self.item.file and self.item.file.is_ready else None

    @property
    def video(self) -> Video | None:
        return self.item.video

    @property
    def picture_path(self) -> str:
        """The JPEG for previews of links, "" where there is none."""
        return addresses.fitting(self.file, 1200) if self.file else ""


@dataclass(frozen=True, slots=True)
class AlbumPage:
    title: str
    text: str
    layout: str
    path: str
    tiles: tuple[Tile, ...]
    cover: Tile

    @property
    def pairs(self) -> Iterator[tuple[Tile, Tile | None]]:
        """Yield what is compared, before and after; the last may stand alone."""
        for first in range(0, len(self.tiles), 2):
            two = self.tiles[first : first + 2]
            yield two[0], two[1] if len(two) > 1 else None


def album_page(card: Card, album: ShownAlbum) -> AlbumPage:
    """Put an album together."""
    title = shown(album.title)
    path = url_for("public.album", slug=card.slug, album=album.key)
    tiles = tuple(_tile(card, album, title, place) for place in range(len(album.items)))
    text = "\n".join(shown(line) for line in album.album.text.splitlines())
    cover = next(tile for tile in tiles if tile.item is album.cover)
    return AlbumPage(title, text, album.album.layout, path, tiles, cover)


def albums_on(card: Card) -> tuple[AlbumPage, ...]:
    """Return the albums of a card that visitors see."""
    return tuple(album_page(card, album) for album in shown_albums(card)) if card.slug else ()


def _tile(card: Card, album: ShownAlbum, title: str, place: int) -> Tile:
    item, number = album.items[place], place + 1
    path = url_for("public.album_item", slug=card.slug, album=album.key, item=item.key)
    caption = shown(item.caption)
    return Tile(item, number, path, caption, shown(item.alt) or caption or _default_alt(item, number, title))


def _default_alt(item: AlbumItem, number: int, title: str) -> str:
    if item.kind == "video":
        words = gettext("Video %(number)d of “%(album)s”", number=number, album=title)
    elif item.is_paper:
        words = gettext("First page of paper %(number)d of “%(album)s”", number=number, album=title)
    else:
        words = gettext("Picture %(number)d of “%(album)s”", number=number, album=title)
    return str(words)
