"""Albums of two demo cards: an architect's houses, with a video and a paper, and a potter's bowls."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from vcardapp import images
from vcardapp.accounts.owner import Owner
from vcardapp.cards.models import Card
from vcardapp.gallery import items, service
from vcardapp.gallery.models import COMPARE, MASONRY, Album
from vcardapp.lettering import outline
from vcardapp.media import service as media
from vcardapp.pdf import PAPERS, Sheet, colour_of

MADE_FOR_EVERYBODY = "https://peertube.example.org/w/aBcDeFgHiJkLmNoPqRsTuV"  # a host that nobody has


@dataclass(frozen=True, slots=True)
class DemoAlbum:
    subject: str  # of its card
    title: str
    layout: str
    pictures: tuple[tuple[str, str], ...]  # what sights.draw() is asked for, and the caption
    text: str = ""
    video: str = ""
    paper: str = ""  # title of the paper that shows the first pictures


ALBUMS = (
    DemoAlbum(
        "maria", "Houses", "grid",
        tuple((f"house {seed}", words) for seed, words in enumerate(
            ("Two storeys by the canal", "House for a cellist", "Seven windows to the south", "A studio above the yard",
             "Row of one", "With room for bicycles", "The narrow one", "Brick, twice")
        )),
        "Finished in the last six years.", MADE_FOR_EVERYBODY, "Patio and Plan: how we work",
    ),
    DemoAlbum(
        "maria", "Mill Lane, before and after", COMPARE,
        (("before 3", "2023"), ("house 3", "2025"), ("before 5", "The yard in March"), ("house 5", "The yard in May")),
    ),
    DemoAlbum(
        "taro", "うつわ", MASONRY,
        tuple((f"pot {seed}", words) for seed, words in enumerate(("青磁の碗", "花入", "湯呑", "壺", "灰釉の碗", "小さな花入"))),
    ),
)  # fmt: skip


def pictures_for(subject: str) -> list[str]:
    """Return what sights.draw() is to be asked for, for the albums of a card."""
    return list(dict.fromkeys(name for one in ALBUMS if one.subject == subject for name, _ in one.pictures))


def fill(card: Card, subject: str, drawn: Mapping[str, bytes]) -> None:
    """Make a card's albums; doing it again, or after a power cut, makes them whole and no more."""
    made = {album.title: album for album in service.albums_of(card)}
    for one in ALBUMS:
        if one.subject == subject:
            _fill(made.get(one.title) or service.add_album(card, one.title), Owner(user_id=card.owner_id), one, drawn)


def _fill(album: Album, owner: Owner, one: DemoAlbum, drawn: Mapping[str, bytes]) -> None:
    rows = []
    for name, caption in one.pictures:
        file = media.add_file(owner, io.BytesIO(drawn[name]), f"{name}.png", "picture")
        rows.append(service.ItemSaid(items.add_file(album, file).id, caption))
    if one.video:
        words = "A walk through the house by the canal"
        same = [item for item in items.items_of(album) if item.video_url == one.video]
        rows.append(service.ItemSaid((same or [items.add_video(album, one.video)])[0].id, words))
    if one.paper:
        data = brochure(one.paper, [drawn[name] for name, _ in one.pictures[:3]])
        file = media.add_file(owner, io.BytesIO(data), "patio-and-plan.pdf", "paper")
        rows.append(service.ItemSaid(items.add_file(album, file).id, one.paper))
    service.save_album(album, service.AlbumSaid(one.title, one.text, one.layout, items=tuple(rows)))


def brochure(title: str, pictures: list[bytes]) -> bytes:
    """Return a PDF of one page a picture, the first with the title."""
    width, height = PAPERS["a4"]
    sheet = Sheet(width, height, title)
    for number, png in enumerate(pictures):
        if number:
            sheet.next_page()
        sheet.picture(images.open_upright(png), 20, 60, width - 40, (width - 40) * 0.75)
        if number == 0:
            with sheet.placed(20, 42):
                sheet.fill(outline(title, 11).path, colour_of("#1c3768"))
    return sheet.to_bytes()
