"""Styles and texts that the tests of dressed codes share."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from vcardapp.cards.qr_style import PRESETS, Frame, Initials, Picture

TEXT = "HTTPS://CARDS.EXAMPLE.ORG/U/7K2Q4M"
CONTACT = "BEGIN:VCARD\nVERSION:3.0\nN:Núñez;Zoé;;;\nFN:Zoé Núñez\nTEL:+34910000000\nEMAIL:zoe@example.org\nEND:VCARD"
TEXTS = (
    TEXT, "HTTPS://A.EU/U/7K2Q4M", "https://cards.example.org/a-rather-long-name", CONTACT,
    "HTTP://192.168.1.7:8000/U/AB12CD", "0123456789012345", "https://example.org/Zoé", "مرحبا",
)  # fmt: skip


def disc() -> bytes:
    """Draw a blue disc with a white triangle on nothing."""
    picture = Image.new("RGBA", (200, 160))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((20, 0, 179, 159), "#1d4ed8")
    pen.polygon([(100, 30), (150, 120), (50, 120)], "#ffffff")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


PICTURE = replace(PRESETS["dots"], logo=Picture(disc()))
INITIALS = replace(PRESETS["ink"], logo=Initials("AB", "#a92a05"), logo_side=0.16)
STYLES = {
    **PRESETS,
    "picture": PICTURE,
    "initials": INITIALS,
    "framed": replace(PRESETS["navy"], frame=Frame("Scan to save my contact", "below", "#172554")),
    "arabic": replace(PRESETS["sunset"], zone=2, frame=Frame("امسح الرمز لحفظ بياناتي", "above", "#7a1712")),
}
