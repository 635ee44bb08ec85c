"""The only door to pypdfium2: draws the first page of a paper. Runs in a process of its own, never in the server's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vcardapp.i18n import N_
from vcardapp.images_reading import PictureRefused
from vcardapp.images_sizes import Made, Write, make_of_page

PAGE_SIDE = 1920  # pixels of the longer side
MOST_PAGES = 2000
STEEPEST = 20  # times that a page may be longer than wide

ENCRYPTED = N_("This PDF is locked with a password. Please save it without one.")
BROKEN = N_("This PDF is broken or incomplete. Please save it again, or choose another one.")
NO_PAGES = N_("This PDF has no pages.")
TOO_MANY_PAGES = N_("This PDF has more than 2000 pages. Please choose a shorter one.")
FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY = 4, 5


def make_all(path: Path, write: Write) -> Made:
    """Draw the first page in all sizes and hand each file to `write`; raise PictureRefused."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        locked = getattr(problem, "err_code", None) in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY)
        raise PictureRefused(ENCRYPTED if locked else BROKEN) from None
    with document:
        pages = len(document)
        if pages == 0:
            raise PictureRefused(NO_PAGES)
        if pages > MOST_PAGES:
            raise PictureRefused(TOO_MANY_PAGES)
        try:
            return make_of_page(_drawn(document[0]), pages, write)
        except pypdfium2.PdfiumError:
            raise PictureRefused(BROKEN) from None


def _drawn(page: Any) -> Any:
    width, height = page.get_size()
    if min(width, height) <= 0 or max(width, height) > STEEPEST * min(width, height):
        raise PictureRefused(BROKEN)
    return page.render(scale=PAGE_SIDE / max(width, height), may_draw_forms=False).to_pil().convert("RGB")
