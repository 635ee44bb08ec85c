import io
from itertools import product

import cv2
import numpy as np
import pytest
import zxingcpp
from PIL import Image

from tests.cards.dressed_codes import PICTURE, STYLES, TEXT, TEXTS
from tests.cases import each
from vcardapp.cards import qr, qr_raster
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_style import PRESETS, Frame, Style
from vcardapp.colours import rgb


def opened(style, size, text=TEXT):
    return Image.open(io.BytesIO(qr_raster.png(dressed(text, style), size)))


@each(("style", "text"), product(STYLES.values(), TEXTS), one_of=3)
def test_every_style_is_read(style, text):
    picture = opened(style, 400, text)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == text
    assert cv2.QRCodeDetector().detectAndDecode(np.array(picture.convert("RGB")))[0] == text


@each("style", STYLES.values())
def test_every_size_is_the_widest_with_whole_modules(style):
    drawing = dressed(TEXT, style)
    for size in (64, 99, 128, 301, 1024):
        scale = size // drawing.width
        assert opened(style, size).size == (drawing.width * scale, drawing.height * scale)


@each("size", [-1, 0, 63, 4097, 10**9])
def test_sizes_out_of_range_are_refused(size):
    with pytest.raises(ValueError, match="no PNG"):
        qr_raster.png(dressed(TEXT, PRESETS["soft"]), size)


def test_a_code_that_does_not_fit_one_pixel_a_module_is_refused():
    with pytest.raises(ValueError, match="no PNG"):
        qr_raster.png(dressed("a" * 300, PRESETS["soft"]), 64)


@each("style", STYLES.values())
@each("scale", [1, 2, 3, 9, 17, 41])
def test_every_module_is_dark_or_light_as_it_should_be(style, scale):
    drawing = dressed(TEXT, style)
    grey = qr_raster.picture(drawing, scale).convert("L").reduce(scale)
    for row, line in enumerate(drawing.code.modules, style.zone):
        for column, dark in enumerate(line, style.zone):
            if (row - style.zone, column - style.zone) not in drawing.under:
                assert (grey.getpixel((column, row - drawing.top)) < 140) == dark


def test_a_plain_style_is_the_plain_file():
    assert qr_raster.png(dressed(TEXT, Style()), 370) == qr.png(TEXT, 370)


@each("style", [style for style in STYLES.values() if not style.frame])
def test_the_zone_is_painted_in_the_light_colour(style):
    picture = opened(style, 370).convert("RGB")
    edge = dressed(TEXT, style).width
    margin = style.zone * (370 // edge)
    around = picture.copy()
    around.paste(rgb(style.light), (margin, margin, picture.width - margin, picture.height - margin))
    assert around.getcolors() == [(picture.width * picture.height, rgb(style.light))]


def test_gradients_run_from_one_colour_to_the_other():
    picture = qr_raster.picture(dressed(TEXT, PRESETS["sunset"]), 20).convert("RGB")
    first = picture.getpixel((4 * 20 + 12, 4 * 20 + 12))
    far = picture.getpixel((picture.width - 4 * 20 - 12, 4 * 20 + 12))
    start, end = (np.array(rgb(colour)) for colour in PRESETS["sunset"].darks)
    assert np.abs(np.array(first) - start).max() < 6
    assert np.abs(np.array(far) - (start + end) / 2).max() < 6


def test_words_of_a_frame_are_written():
    style = Style(frame=Frame("Scan me", "below", "#7a1712"))
    band = opened(style, 660).convert("RGB").crop((0, 660, 660, 760))
    shares = {colour: count for count, colour in band.getcolors(10_000)}
    assert shares[rgb("#7a1712")] > shares[rgb("#ffffff")] > 1000


def test_the_logo_is_drawn_in_its_place():
    drawing = dressed(TEXT, PICTURE)
    picture = qr_raster.picture(drawing, 20)
    left = (4 + drawing.plate.start) * 20
    plate = picture.crop((left, left, left + drawing.plate.side * 20, left + drawing.plate.side * 20))
    assert plate.getpixel((24, 50)) == rgb("#1d4ed8")
    assert plate.getpixel((50, 50)) == (255, 255, 255)
    assert plate.getpixel((2, 2)) == (255, 255, 255)


@each("name", ["soft", "dots", "bars"])
def test_round_pictures_are_small(name):
    assert len(qr_raster.png(dressed(TEXT, PRESETS[name]), 370)) < 5000
