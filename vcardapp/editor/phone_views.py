"""The card on its owner's phone: the home screen, and places without a network."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, url_for

from vcardapp.editor import bp
from vcardapp.editor.views import own_card
from vcardapp.public.app_views import icon_path


@bp.get("/cards/<uuid:card_id>/phone")
def phone(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    if not card.is_public:
        return redirect(url_for("editor.edit", card_id=card.id))
    return render_template(
        "editor/phone.html", card=card, touch=icon_path(card, "180"), icon_shown=icon_path(card, "192")
    )
