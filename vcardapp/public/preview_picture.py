"""The picture of a card for link previews: what stands on it, its name, and the file, drawn when first asked for."""

from __future__ import annotations

from functools import lru_cache

from vcardapp import fonts
from vcardapp.cards import pictures
from vcardapp.cards.content import Content
from vcardapp.cards.preview import Pictures, Preview, draw
from vcardapp.public import names

MOST_KEPT = 24  # drawn pictures in memory, with what they were drawn from at most half a megabyte each


def preview_of(content: Content, seed: str) -> Preview:
    """Return what is drawn of a card's visible parts: title and company, else the headline."""
    company = names.shown(content.company)
    name = names.shown(content.display_name) or company
    work = [text for text in (names.shown(content.title or content.role), "" if company == name else company) if text]
    return Preview(
        name=name,
        lines=tuple(work or filter(None, [names.shown(content.headline)])),
        initial=names.initial_of(name),
        language=content.language,
        seed=seed,
        photo=content.photo,
        logo=content.logo,
        cover=content.cover,
    )


def file_of(preview: Preview) -> bytes:
    """Return the picture as JPEG."""
    photo, logo, cover = (
        pictures.storage().open(f"{picture_id}/l.webp") if picture_id else None
        for picture_id in (preview.photo, preview.logo, preview.cover)
    )
    return _drawn(preview, Pictures(photo, logo, cover), fonts.signature())


@lru_cache(maxsize=MOST_KEPT)
def _drawn(preview: Preview, files: Pictures, fonts_there: str) -> bytes:
    return draw(preview, files)
