"""The files of a code in its style: SVG, PNG, PDF; their names, their tags; a few of the drawn ones are kept."""

from __future__ import annotations

import hashlib
from types import MappingProxyType

from vcardapp.cards import qr, qr_drawing, qr_raster
from vcardapp.cards.code_style import PLAIN, drawn_style
from vcardapp.cards.qr_style import Style
from vcardapp.cards.slugs import propose_slug
from vcardapp.cards.vcard import content_disposition

TYPES = MappingProxyType({"svg": "image/svg+xml; charset=utf-8", "png": "image/png", "pdf": "application/pdf"})
SIZES = MappingProxyType({"svg": range(1), "png": qr.SIZES, "pdf": range(10, 501)})  # pixels, millimetres
USUAL = MappingProxyType({"svg": 0, "png": 1024, "pdf": 50})
DRAWING = "1"  # to be changed with the look of styled files, so that browsers fetch them anew


def code_file(form: str, size: int, style: Style, text: str, plain_text: str) -> bytes:
    """Return a code as a file, in the style chosen or the nearest that scans; raise ValueError for a size not in SIZES."""
    if size not in SIZES[form]:
        raise ValueError(f"no {form} of size {size}")
    if style == PLAIN and form == "svg":
        return qr.svg(text)
    if style == PLAIN and form == "png":
        return qr.png(text, size)
    dressed = qr_drawing.dressed(text, drawn_style(style, text, plain_text))
    if form == "svg":
        return qr_drawing.svg(dressed)
    if form == "png":
        whole = size - size % dressed.width  # many sizes are the same picture, which is drawn once
        return qr_raster.png(dressed, whole if whole in qr.SIZES else size)
    from vcardapp.cards import qr_pdf  # reportlab takes its time

    return qr_pdf.pdf(dressed, size)


def inline_code(style: Style, text: str, plain_text: str, label: str) -> str:
    """Return a code as an element for a page."""
    if style == PLAIN:
        return qr.inline_svg(text, label)
    return qr_drawing.inline_svg(qr_drawing.dressed(text, drawn_style(style, text, plain_text)), label)


def tag(form: str, size: int, look: str, text: str, plain_text: str) -> str:
    """Return a strong tag of a file to be, without drawing it; `look` tells styles apart, empty for the plain one."""
    said = "\n".join((DRAWING, qr.DRAWING, form, str(size), look, text, plain_text))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def disposition(form: str, size: int, slug: str, name: str = "") -> str:
    """Return the header that names a file for what it is: maria-badge-qr-1024.png, maria-badge-qr-50mm.pdf."""
    parts = (slug[:24], propose_slug(name[:60], 20), "qr", {"png": str(size), "pdf": f"{size}mm"}.get(form, ""))
    stem = "-".join(filter(None, parts))
    return content_disposition(stem, stem, form)

