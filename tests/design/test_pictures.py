"""Pictures of a design: kept as long as something shows them, copied with the card."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import sqlalchemy as sa

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.cards.models import Picture
from vcardapp.cards.pictures import storage, store_picture
from vcardapp.db import db, now
from vcardapp.design.design import Design
from vcardapp.images import canvas, to_png

PNG = to_png(canvas(40, 40, "#cb3408"))


def test_what_a_design_shows_is_not_swept_away(alice: User) -> None:
    card = factories.published_card(alice)
    backdrop, favicon, unused = (store_picture(card, "cover", PNG) for _ in range(3))
    card.draft = dataclasses.replace(card.draft, design=Design(backdrop=backdrop.id, favicon=favicon.id))
    for picture in (backdrop, favicon, unused):
        picture.created_at = now() - timedelta(days=2)
    db.session.commit()
    service.sweep()
    assert set(db.session.scalars(sa.select(Picture.id))) == {backdrop.id, favicon.id}


def test_a_copied_card_has_pictures_of_its_own(alice: User) -> None:
    card = factories.published_card(alice)
    picture = store_picture(card, "cover", PNG)
    card.draft = dataclasses.replace(card.draft, design=Design(theme="salon", backdrop=picture.id))
    copy = service.duplicate_card(factories.owner(alice), card, "Ada, again")
    assert copy.draft.design.theme == "salon"
    assert copy.draft.design.backdrop not in ("", picture.id)
    assert copy.draft.design.favicon == ""
    assert storage().open(f"{copy.draft.design.backdrop}/m.webp")
