"""A dressed QR code to PDF: vectors in the size it is printed in, in its colours or in black ink alone."""

from __future__ import annotations

from vcardapp import pdf as pdf_file
from vcardapp.cards import qr_logo
from vcardapp.cards.qr_drawing import GRADIENT, Dressed, gradient_line, layers
from vcardapp.cards.qr_style import Picture
from vcardapp.pdf import Sheet, colour_of

LEAST, MOST = 5.0, 1000.0  # millimetres


def pdf(drawing: Dressed, millimetres: float, *, black_only: bool = False) -> bytes:
    """Return a page as large as the drawing, so many millimetres wide; a frame makes it higher.

    With black_only all that is not light is black ink alone (100 % K), without gradient or grey. Raise ValueError for a
    width that is not from LEAST to MOST.
    """
    if not LEAST <= millimetres <= MOST:
        raise ValueError(f"no page of {millimetres} mm")
    scale = millimetres / drawing.width
    sheet = Sheet(millimetres, drawing.height * scale, drawing.text)
    draw(sheet, drawing, 0, 0, millimetres, black_only=black_only)
    return sheet.to_bytes()


def draw(sheet: Sheet, drawing: Dressed, x: float, y: float, width: float, *, black_only: bool = False) -> None:
    """Draw a code on a sheet, its upper left corner at x, y. Lengths are in millimetres."""
    style, scale = drawing.style, width / drawing.width
    with sheet.placed(x, y - drawing.top * scale, scale):
        for layer in layers(drawing):
            if black_only:
                sheet.fill(layer.path, pdf_file.PAPER if layer.colour == style.light else pdf_file.BLACK)
            elif layer.colour == GRADIENT and style.gradient:
                line = gradient_line(style, drawing.code.width)
                sheet.shade(layer.path, [colour_of(colour) for colour in style.darks], line, style.gradient.kind)
            else:
                sheet.fill(layer.path, colour_of(layer.colour))
        if drawing.picture_place and isinstance(style.logo, Picture):
            picture = qr_logo.opened(style.logo.png)
            if black_only:
                picture = picture.convert("LA" if picture.mode == "RGBA" else "L")
            sheet.picture(picture, *drawing.picture_place)
