"""What an owner may send about albums."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from vcardapp.cards.file_text import one_line
from vcardapp.gallery.items import MOST_ITEMS
from vcardapp.gallery.models import GRID, LAYOUTS, Album, AlbumItem
from vcardapp.gallery.service import AlbumSaid, ItemSaid
from vcardapp.web import TypedForm

LONGEST = {"title": 120, "text": 2000, "caption": 500}
TOO_LONG = _l("This is too long: at most %(max)d characters.")


def _line(text: str | None) -> str:
    return one_line(text or "")


def _paragraphs(text: str | None) -> str:
    lines = (one_line(line) for line in (text or "").splitlines())
    return "\n".join(lines).strip()


def _id(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text or ""))
    except ValueError:
        return None


def _text(label: Any, longest: int) -> Any:
    return StringField(label, [Length(max=longest, message=TOO_LONG)], filters=[_line])


def _title(label: Any) -> StringField:
    needed = InputRequired(_l("Please give it a name, for example Spring 26."))
    return StringField(label, [needed, Length(1, LONGEST["title"], message=TOO_LONG)], filters=[_line])


class NewAlbumForm(TypedForm):
    title = _title(_l("What is in it?"))


class VideoForm(TypedForm):
    address = StringField(_l("Address of a video"), [InputRequired(_l("Please paste the address of a video."))], filters=[_line])


class ItemForm(Form):
    """One row of the list."""

    id: Any = HiddenField(filters=[_id])
    caption = _text(_l("Caption"), LONGEST["caption"])
    alt = _text(_l("What is to be seen?"), LONGEST["caption"])
    is_hidden = BooleanField(_l("Hide"))


class AlbumForm(TypedForm):
    title = _title(_l("Title"))
    text = TextAreaField(_l("A few words"), [Length(max=LONGEST["text"], message=TOO_LONG)], filters=[_paragraphs])
    layout = RadioField(
        _l("How it is shown"), choices=[SelectChoice(key, _l(name)) for key, name in LAYOUTS.items()], default=GRID,
        validate_choice=False,
    )  # fmt: skip
    is_hidden = BooleanField(_l("Hide this album"))
    cover: Any = HiddenField(filters=[_id])
    items: Any = FieldList(FormField(ItemForm), max_entries=MOST_ITEMS)
    removed: Any = FieldList(HiddenField(filters=[_id]), max_entries=MOST_ITEMS)

    @classmethod
    def showing(cls, album: Album, items: Iterable[AlbumItem]) -> AlbumForm:
        """Return the form with what was sent, else with what is stored."""
        rows = [{name: getattr(item, name) for name in ("id", "caption", "alt", "is_hidden")} for item in items]
        stored = {name: getattr(album, name) for name in ("title", "text", "layout", "is_hidden")}
        return cls(**stored, cover=album.cover_id, items=rows)

    def said(self) -> AlbumSaid:
        """Return what a form that is right says."""
        rows = [row.form for row in self.items if row.form.id.data]
        return AlbumSaid(
            title=self.title.data or "",
            text=self.text.data or "",
            layout=self.layout.data or GRID,
            is_hidden=bool(self.is_hidden.data),
            cover=self.cover.data,
            items=tuple(ItemSaid(row.id.data, row.caption.data, row.alt.data, bool(row.is_hidden.data)) for row in rows),
            removed=frozenset(one.data for one in self.removed if one.data),
        )
