"""The seller's pages of a catalogue as a file: taken along, looked at row by row, brought in."""

from __future__ import annotations

import io
import uuid
from base64 import b64decode, b64encode
from binascii import Error

from flask import request
from flask_babel import gettext as _

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.cards.models import Card
from vcardapp.store import catalogue_files
from vcardapp.store.catalogue_files import NotACatalogue, Remark, RowReport
from vcardapp.store.models import Shop
from vcardapp.store.order_views import as_file
from vcardapp.store.owner_views import Answer, bp, own_shop, page
from vcardapp.store.product_rows import COLUMNS
from vcardapp.web import absolute

MOST_BYTES = 60_000_000  # of a zip with pictures
MOST_KEPT = 900_000  # bytes of a table that stands in the page between looking and taking


@bp.get("/cards/<uuid:card_id>/store/products.csv")
@sign_in_required
@limiter.limit("60/hour")
def export_products(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return as_file(catalogue_files.export_products(card, shop, absolute), "products.csv")


@bp.get("/cards/<uuid:card_id>/store/import")
@sign_in_required
def import_products(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return _page(card, shop)


@bp.post("/cards/<uuid:card_id>/store/import")
@sign_in_required
@limiter.limit("60/hour")
def take_products(card_id: uuid.UUID) -> Answer:
    """Say first what would become of each row; store it with the second press."""
    request.max_content_length = MOST_BYTES
    card, shop = own_shop(card_id)
    sent = request.files["file"].stream.read() if "file" in request.files else b""
    try:
        sent = sent or b64decode(request.form.get("kept", ""), validate=True)
    except (Error, ValueError):
        sent = b""
    if not sent:
        return _page(card, shop, wrong=_("Please choose a file.")), 422
    takes = request.form.get("action") == "take"
    try:
        reports = catalogue_files.import_products(current_owner(), card, shop, io.BytesIO(sent), only_look=not takes)
    except NotACatalogue as problem:
        return _page(card, shop, wrong=_(problem.reason)), 422
    kept = "" if takes or len(sent) > MOST_KEPT else b64encode(sent).decode()
    return _page(card, shop, reports=reports, kept=kept, is_taken=takes)


def said(remark: Remark) -> str:
    """Return what there is to say about a cell."""
    return str(_(remark.reason, **dict(remark.values)))


def _page(
    card: Card, shop: Shop, *, wrong: str = "", reports: list[RowReport] | None = None, kept: str = "", is_taken: bool = False
) -> str:
    counts = {outcome: sum(one.outcome == outcome for one in reports or ()) for outcome in ("added", "changed", "left out")}
    shown = {"wrong": wrong, "reports": reports, "counts": counts, "kept": kept, "is_taken": is_taken}
    return page("import", card, shop, columns=COLUMNS, said=said, **shown)
