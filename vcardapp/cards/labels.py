"""A sheet of labels to cut out: a dressed code with a name beneath, as often as it fits on A4 or Letter."""

from __future__ import annotations

from collections.abc import Iterator

from vcardapp import fitting
from vcardapp.cards import qr_letters, qr_paths, qr_pdf
from vcardapp.cards.qr_drawing import Dressed
from vcardapp.pdf import BLACK, PAPER, PAPERS, Sheet, colour_of

MARGIN = 10.0  # millimetres of paper around all labels: most printers leave less
AIR = 4.0  # millimetres around a code, inside its cut
MARK = 2.0  # millimetres: each arm of the crosses to cut along
NAME = 3.6  # millimetres: an em of the name
STEP = 4.8  # millimetres from line to line
LINES = 2
LEAST, MOST = 15.0, 180.0  # millimetres

Rectangle = tuple[float, float, float, float]


def label_sheet(
    drawing: Dressed, paper: str = "a4", name: str = "", *, millimetres: float = 35.0, black_only: bool = False
) -> bytes:
    """Return a page of "a4" or "letter" full of a code so many millimetres wide; each with a name, if there is one.

    Raise ValueError for a width that is not from LEAST to MOST, or for another paper.
    """
    if paper not in PAPERS or not LEAST <= millimetres <= MOST:
        raise ValueError(f"no labels of {millimetres} mm on {paper}")
    page_width, page_height = PAPERS[paper]
    words = fitting.fitted(name, millimetres, [NAME * share / 10 for share in range(10, 5, -1)], LINES)
    code_height = millimetres * drawing.height / drawing.width
    width, height = millimetres + 2 * AIR, code_height + 2 * AIR + STEP * len(words.lines)
    columns, rows = int((page_width - 2 * MARGIN) / width), int((page_height - 2 * MARGIN) / height)
    if not columns or not rows:
        raise ValueError(f"no labels of {millimetres} mm on {paper}")
    left, top = (page_width - columns * width) / 2, (page_height - rows * height) / 2
    sheet = Sheet(page_width, page_height, name or drawing.text)
    ground, ink = (PAPER, BLACK) if black_only else (colour_of(drawing.style.light), colour_of(drawing.style.dark))
    sheet.fill(qr_paths.rounded(left, top, columns * width, rows * height), ground)
    with sheet.stamp("label", width, height):
        qr_pdf.draw(sheet, drawing, AIR, AIR, millimetres, black_only=black_only)
        for number, line in enumerate(words.lines, 1):
            x, y = (width - line.width) / 2, AIR + code_height + number * STEP
            sheet.fill(qr_letters.moved(line, 1, x, y).path, ink)
    for row in range(rows):
        for column in range(columns):
            with sheet.placed(left + column * width, top + row * height):
                sheet.print("label")
    sheet.lines(list(_marks(left, top, width, height, columns, rows)))
    return sheet.to_bytes()


def _marks(left: float, top: float, width: float, height: float, columns: int, rows: int) -> Iterator[Rectangle]:
    """Yield a small cross wherever two cuts meet."""
    for column in range(columns + 1):
        for row in range(rows + 1):
            x, y = left + column * width, top + row * height
            yield x - MARK, y, x + MARK, y
            yield x, y - MARK, x, y + MARK
