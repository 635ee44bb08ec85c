"""Dressed codes as a browser draws them: read by several decoders, and without seams at odd sizes."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.cards.dressed_codes import STYLES, TEXTS
from tests.cases import FULL
from tests.qr_lab.decoders import Decoders
from vcardapp.cards import qr_drawing
from vcardapp.cards.qr_drawing import Dressed, dressed
from vcardapp.cards.qr_style import luma

MUST_READ = ("zxing_cpp", "opencv", "zbar", "jsqr")
ODD = (71, 137, 211, 333)  # pixels across a whole drawing: no whole number of them a module


def screenshots(browser: Browser, drawings: list[Dressed], widths: list[int]) -> list[np.ndarray]:
    """Return drawings in grey as a browser shows them as pictures of a page, so many pixels wide."""
    files = (base64.b64encode(qr_drawing.svg(drawing)).decode() for drawing in drawings)
    places, left, top = [], 8, 8
    for drawing, width in zip(drawings, widths, strict=True):
        height = -(-width * drawing.height // drawing.width)
        if left + width > 1600:
            left, top = 8, top + 520
        places.append((left, top, width, height))
        left += width + 8
    images = "".join(
        f'<img style="position:absolute;left:{x}px;top:{y}px;width:{width}px" src="data:image/svg+xml;base64,{file}">'
        for file, (x, y, width, _) in zip(files, places, strict=True)
    )
    page = browser.new_page(viewport={"width": 1616, "height": top + 520})
    page.set_content(f"<body>{images}</body>", wait_until="load")
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    whole = Image.open(io.BytesIO(page.screenshot())).convert("L")
    page.close()
    return [np.array(whole.crop((x, y, x + width, y + height))) for x, y, width, height in places]


def test_every_style_is_read_in_a_browser(browser: Browser) -> None:
    pairs = [(style, text) for style in STYLES.values() for text in (TEXTS if FULL else TEXTS[:3])]
    drawings = [dressed(text, style) for style, text in pairs]
    pictures = screenshots(browser, drawings, [drawing.width * 8 for drawing in drawings])
    with Decoders(MUST_READ) as decoders:
        answers = decoders.read(pictures)
    for drawing, answer in zip(drawings, answers, strict=True):
        unread = [name for name in MUST_READ if answer[name] != drawing.text]
        assert not unread, (drawing.style, drawing.text, unread)


@pytest.mark.parametrize("name", ["plain", "ink", "soft", "navy", "sunset"])
def test_no_seam_shows_between_modules_at_odd_sizes(browser: Browser, name: str) -> None:
    drawing = dressed(TEXTS[0], STYLES[name])
    dark = max(luma(colour) for colour in drawing.style.darks)
    for width, picture in zip(ODD, screenshots(browser, [drawing] * len(ODD), list(ODD)), strict=True):
        module, cells = width / drawing.width, drawing.code.modules
        for row, column in fully_dark(cells):  # the corner that four dark modules share
            x, y = ((place + drawing.style.zone) * module for place in (column, row))
            around = picture[int(y) : int(y) + 1, int(x) : int(x) + 1]
            assert around.max() <= dark + 3, (name, width, row, column)


def fully_dark(cells: tuple[tuple[bool, ...], ...]) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row in range(1, len(cells))
        for column in range(1, len(cells))
        if cells[row][column] and cells[row - 1][column] and cells[row][column - 1] and cells[row - 1][column - 1]
    ]
