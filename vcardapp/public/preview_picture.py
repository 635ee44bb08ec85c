"""The picture of a card for link previews: what stands on it, its name, and the file, drawn when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from babel.lists import format_list
from flask import url_for
from flask_babel import get_locale

from vcardapp import fonts
from vcardapp.cards import pictures
from vcardapp.cards.content import Content
from vcardapp.cards.preview import Pictures, Preview, draw, mark, missing
from vcardapp.public import names

MOST_KEPT = 24  # drawn pictures in memory, with what they were drawn from at most half a megabyte each


@dataclass(frozen=True, slots=True)
class PreviewShown:
    """What its owner is told of the picture."""

    path: str
    missing: str  # scripts that this server cannot letter, in words
    packages: str  # what helps


def preview_shown(content: Content, slug: str, code: str) -> PreviewShown:
    """Return where the picture of a published card is, and what is not on it for want of a font."""
    preview = preview_of(content.visible(), code)
    scripts, locale = missing(preview), get_locale()
    packages = dict.fromkeys(fonts.helps(script) for script in scripts)
    return PreviewShown(
        path=url_for("public.preview_picture", slug=slug, mark=mark(preview)),
        missing=format_list([locale.scripts.get(script, script) for script in scripts], locale=locale) if scripts else "",
        packages=", ".join(packages),
    )


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
