"""What was made of people's files: seen by everybody while a public card shows it, by its owner, and by admins, who judge it."""

from __future__ import annotations

import re

from flask import Response, abort, request
from werkzeug.wsgi import FileWrapper

from vcardapp.accounts.owner import current_owner, signed_in
from vcardapp.cards.vcard import file_names
from vcardapp.domains.service import shows_card
from vcardapp.domains.sites import current_site
from vcardapp.media import addresses, service, shown
from vcardapp.media.models import MediaFile
from vcardapp.public import answers, bp
from vcardapp.storage import open_stored, storage
from vcardapp.web import or_404

SIZE = re.compile(r"[1-9][0-9]{0,4}\.(avif|webp|jpg)", re.ASCII)
BLOCK = 65_536  # bytes
FOR_OWNER = "private, max-age=3600"
FOR_ADMINS = "private, no-cache"
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@bp.get("/media/<media_id>/<mark>/<name>")
def media_file(media_id: str, mark: str, name: str) -> Response:
    found = or_404(service.find_any(media_id))
    if not found.is_ready or found.mark != mark:
        abort(404)
    stored_as, kind = or_404(_stored(found, name))
    cache = or_404(_cache_for(found))
    file = or_404(open_stored(storage(), stored_as))
    response = Response(FileWrapper(file, BLOCK), content_type=kind, direct_passthrough=True)  # type: ignore[arg-type]
    response.content_length = file.length
    response.set_etag(f"{mark}-{name}")
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = SANDBOX
    if name == addresses.DOCUMENT:
        plain, encoded = file_names(found.name.removesuffix(".pdf"), "paper", "pdf")
        response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    response.headers["Accept-Ranges"] = "bytes"
    wanted = request.range  # what cannot be understood, or are many parts, is answered with the whole (RFC 9110 §14.2)
    wants_part = wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1
    if wanted and wants_part and -wanted.ranges[0][0] >= file.length:
        wants_part = False  # the last so many bytes, more than there are: all of them
    response.make_conditional(request, accept_ranges=wants_part, complete_length=file.length)
    return response


def _stored(file: MediaFile, name: str) -> tuple[str, str] | None:
    """Return under which name and of which type a part of a file is stored."""
    if name == addresses.DOCUMENT and file.kind == "paper":
        return file.upload, "application/pdf"
    if name == addresses.ANIMATED and file.animation_width:
        return f"{file.folder}/{file.mark}/{name}", "image/webp"
    if SIZE.fullmatch(name) and int(name.split(".")[0]) in file.widths:
        return f"{file.folder}/{file.mark}/{name}", addresses.FORMS[name.split(".")[1]]
    return None


def _cache_for(file: MediaFile) -> str | None:
    """Return how long browsers may keep a file, None for those who may not see it; owners first, before it is public."""
    cards, site = shown.cards_showing(file.id), current_site()
    if any(site is None or shows_card(site, card) for card in cards):
        return answers.FOR_EVER
    if site is not None:
        return None
    if file.owner_id and current_owner().user_id == file.owner_id:
        return FOR_OWNER
    person = signed_in()
    return FOR_ADMINS if person and person.is_admin else None
