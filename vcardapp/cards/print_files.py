"""A business card as files: a PDF for the print shop with bleed and crop marks, and a sheet of ten to cut oneself."""

from __future__ import annotations

from collections.abc import Sequence

from vcardapp import images
from vcardapp.cards import qr_pdf
from vcardapp.cards.print_card import BLEED, SIZES, Face, Plate, PrintCard, Shape, face_of
from vcardapp.pdf import PAPERS, Sheet, ink_of

MARGIN = 10.0  # millimetres of paper around a card, for its marks
FROM, LONG = 1.0, 5.0  # where a mark begins, beyond the bleed, and how long it is
COLUMNS, ROWS = 2, 5
SHEETS = {"eu": "a4", "us": "letter"}  # the paper that ten of a size fit on

Ends = tuple[float, float, float, float]


def press_pdf(card: PrintCard, size: str, sides: Sequence[str]) -> bytes:
    """Return a page a side, as large as a card of one of SIZES with its margin for bleed and crop marks."""
    width, height = SIZES[size]
    sheet = Sheet(width + 2 * MARGIN, height + 2 * MARGIN, card.name)
    sheet.mark_trim(MARGIN, BLEED)
    for number, side in enumerate(sides):
        if number:
            sheet.next_page()
        _stamp(sheet, side, face_of(card, size, side), BLEED)
        with sheet.placed(MARGIN - BLEED, MARGIN - BLEED):
            sheet.print(side)
        sheet.lines(_marks([MARGIN, MARGIN + width], [MARGIN, MARGIN + height], MARGIN))
    return sheet.to_bytes()


def sheet_pdf(card: PrintCard, size: str, sides: Sequence[str]) -> bytes:
    """Return a page a side with ten cards, A4 for the metric size and Letter for the other, to be cut along the marks."""
    width, height = SIZES[size]
    across, down = PAPERS[SHEETS[size]]
    sheet = Sheet(across, down, card.name)
    left = (across - COLUMNS * width - 2 * BLEED * (COLUMNS - 1)) / 2
    top = (down - ROWS * height) / 2
    lefts = [left + column * (width + 2 * BLEED) for column in range(COLUMNS)]
    for number, side in enumerate(sides):
        if number:
            sheet.next_page()
        face = face_of(card, size, side)
        _stamp(sheet, f"{side}-outer", face, BLEED)
        _stamp(sheet, side, face, 0)
        for row in (0, ROWS - 1, *range(ROWS)):  # the outer ones reach over their cuts, the others lie upon that
            name, over = (f"{side}-outer", BLEED) if row in (0, ROWS - 1) else (side, 0.0)
            for x in lefts:
                with sheet.placed(x - BLEED, top + row * height - over):
                    sheet.print(name)
        tops = [top + row * height for row in range(ROWS + 1)]
        sheet.lines(_marks([x + add for x in lefts for add in (0, width)], tops, min(left, top)))
    return sheet.to_bytes()


def _stamp(sheet: Sheet, name: str, face: Face, above: float) -> None:
    """Draw a face once, with bleed at its sides, and above and below as far as asked."""
    with sheet.stamp(name, face.width + 2 * BLEED, face.height + 2 * above), sheet.placed(BLEED, above):
        for part in face.parts:
            if isinstance(part, Shape):
                sheet.fill(part.path, ink_of(part.colour))
            elif isinstance(part, Plate):
                sheet.picture(images.to_cmyk(part.picture), part.x, part.y, part.width, part.height)
            else:
                qr_pdf.draw(sheet, part.drawing, part.x, part.y, part.width, black_only=True)


def _marks(xs: Sequence[float], ys: Sequence[float], margin: float) -> list[Ends]:
    """Return crop marks outside of all cards: short lines where the cuts would leave them."""
    start, end = BLEED + FROM, min(BLEED + FROM + LONG, margin - 1)
    low, far_x, far_y = (min(xs), min(ys)), max(xs), max(ys)
    across = [(x, y0, x, y1) for x in xs for y0, y1 in ((low[1] - end, low[1] - start), (far_y + start, far_y + end))]
    down = [(x0, y, x1, y) for y in ys for x0, x1 in ((low[0] - end, low[0] - start), (far_x + start, far_x + end))]
    return [*across, *down]
