"""Dressed codes as a browser draws their SVG files: each is read by four independent readers."""

import base64
import io

import numpy as np
from PIL import Image

from tests.cards.dressed_codes import STYLES, TEXT
from tests.qr_lab import pictures
from tests.qr_lab.decoders import Decoders
from vcardapp.cards import qr_drawing

READERS = ("zxing_cpp", "opencv", "zbar", "jsqr")


def corners(box):
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def test_every_style_is_read_as_chromium_draws_it(browser):
    files = {name: base64.b64encode(qr_drawing.svg(qr_drawing.dressed(TEXT, style))) for name, style in STYLES.items()}
    images = (
        f'<img alt="{name}" width="300" src="data:image/svg+xml;base64,{data.decode()}">'
        for name, data in files.items()
    )
    page = browser.new_page()
    page.set_content("".join(images))
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    boxes = [image.bounding_box() for image in page.locator("img").all()]
    page.close()
    with Decoders(READERS) as decoders:
        answers = decoders.read([pictures.luma(np.asarray(whole.crop(corners(box)))) for box in boxes])
    read = {
        (name, reader)
        for name, answer in zip(STYLES, answers, strict=True)
        for reader in READERS
        if answer[reader] == TEXT
    }
    assert {(name, reader) for name in STYLES for reader in READERS} - read == set()
