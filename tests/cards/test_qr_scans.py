"""Every preset as PNG and PDF before a simulated camera: read by four independent readers, as often as the plain code."""

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pypdfium2
import pytest

from tests.cards.dressed_codes import CONTACT
from tests.cases import FULL
from tests.qr_lab import pictures
from tests.qr_lab.camera import frame, shots
from tests.qr_lab.decoders import Decoders
from vcardapp.cards import qr, qr_pdf, qr_raster, qr_rules
from vcardapp.cards.qr_drawing import dressed
from vcardapp.cards.qr_nearest import nearest
from vcardapp.cards.qr_style import PRESETS, Style
from vcardapp.pdf import MM

READERS = ("zxing_cpp", "opencv", "zbar", "jsqr")
PAYLOADS = {  # what a code carries, and what a peer's would
    "HTTPS://V.CARDS.X/U/7K2Q4M": "https://v.cards.x/ada-lovelace",
    "HTTPS://CARDS.EXAMPLE.ORG/U/7K2Q4M": "https://cards.example.org/maria",
    "HTTPS://MY.CARDS.EXAMPLE.ORG/U/0R5T8W": "https://my.cards.example.org/the-corner-shop",
    "HTTPS://VISITENKARTEN.STADT-BEISPIEL.DE/U/P9XK3D": "https://visitenkarten.stadt-beispiel.de/rathaus",
    "HTTP://192.168.1.7:8000/U/AB12CD": "http://192.168.1.7:8000/ada-lovelace",
    "https://example.org/a-very-long-path?with=a-query": "https://example.org/a-very-long-path?with=a-query",
    "MATMSG:TO:ADA@EXAMPLE.ORG;;": "MATMSG:TO:ADA@EXAMPLE.ORG;;",
    CONTACT: CONTACT,
}
EVERY = [(name, text) for name in PRESETS for text in PAYLOADS]
SOME = EVERY if FULL else EVERY[::5]  # each preset, each payload
CAMERA = [shot for _, strength, shot in shots(range(1)) if FULL or strength == 3]


@pytest.fixture(scope="module")
def decoders():
    with Decoders(READERS) as readers:
        yield readers


@cache
def styled(name, text):
    """Return the code that leaves the house: in the preset, or where that has no reserve in the nearest style."""
    return dressed(text, nearest(text, PRESETS[name], PAYLOADS[text]).style)


def unread(decoders, pictures_of):
    """Return which clean pictures of codes which reader does not read."""
    answers = decoders.read(list(pictures_of.values()))
    return [
        (name, text, reader)
        for (name, text), answer in zip(pictures_of, answers, strict=True)
        for reader in READERS
        if answer[reader] != text
    ]


def reads(decoders, drawing, text, modules):
    answers = decoders.read([frame(drawing, modules, shot) for shot in CAMERA])
    return sum(answer[reader] == text for answer in answers for reader in READERS)


def test_every_preset_is_read_by_every_reader_with_every_payload(decoders):
    files = {(name, text): qr_raster.png(styled(name, text), 370) for name, text in (EVERY if FULL else EVERY[::3])}
    assert unread(decoders, {which: pictures.grey(png) for which, png in files.items()}) == []


@pytest.mark.parametrize(("shape", "roundest"), qr_rules.ROUNDEST.items())
def test_the_roundest_eyes_are_read_at_every_size_and_rounder_ones_are_not_let_through(decoders, shape, roundest):
    text, style = next(iter(PAYLOADS)), Style(shape, *roundest)
    files = {px: qr_raster.png(dressed(text, style), dressed(text, style).width * px) for px in (4, 8, 12, 16, 20)}
    answers = decoders.read([pictures.grey(png) for png in files.values()])
    assert [{answer[reader] for reader in READERS} for answer in answers] == [{text}] * len(files)
    made = nearest(text, replace(style, eye_ball=1.0), PAYLOADS[text])
    assert [word.field for word in made.words] == ["eye_frame"]
    assert made.style.eye_ball <= roundest[1]


def test_printed_files_are_read_by_every_reader(decoders):
    def printed(drawing):
        (page,) = pypdfium2.PdfDocument(qr_pdf.pdf(drawing, 50))
        picture = page.render(scale=drawing.width * 8 / 50 / MM).to_pil()
        return pictures.luma(np.asarray(picture.convert("RGB")))

    assert unread(decoders, {(name, text): printed(styled(name, text)) for name, text in SOME}) == []


def test_the_camera_reads_presets_at_least_as_often_as_plain_codes(decoders):
    plain = {text: qr.plain_code(full) for text, full in PAYLOADS.items()}
    most = {text: reads(decoders, pictures.plain(code), PAYLOADS[text], code.side) for text, code in plain.items()}
    found, wanted = Counter(), Counter()
    for name, text in SOME:
        found[name] += reads(decoders, pictures.dressed(styled(name, text)), text, plain[text].side)
        wanted[name] += most[text]
    assert found.keys() == PRESETS.keys()
    assert {name: (found[name], wanted[name]) for name in found if found[name] < wanted[name]} == {}
