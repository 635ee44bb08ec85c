"""One side of a business card as a picture for a page."""

from __future__ import annotations

import base64
from html import escape

from vcardapp import images
from vcardapp.cards import qr_logo
from vcardapp.cards.print_card import WHITE, Code, Face, Plate, Shape
from vcardapp.cards.qr_drawing import layers
from vcardapp.cards.qr_paths import short
from vcardapp.cards.qr_style import Picture

MOST_BYTES = 60_000  # of a photo


def svg(face: Face) -> bytes:
    """Return one side after the cut as a picture for a page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {short(face.width)} {short(face.height)}">'
        f"{''.join(map(_element, face.parts))}</svg>"
    ).encode()


def _element(part: Shape | Plate | Code) -> str:
    if isinstance(part, Shape):
        return f'<path fill="{escape(part.colour)}" d="{part.path}"/>'
    if isinstance(part, Plate):
        return _image(images.to_jpeg(part.picture, MOST_BYTES), "jpeg", part.x, part.y, part.width, part.height)
    drawing = part.drawing
    scale = part.width / drawing.width
    inner = "".join(
        f'<path fill="{WHITE if layer.colour == drawing.style.light else drawing.style.dark}" d="{layer.path}"/>'
        for layer in layers(drawing)
    )
    if drawing.picture_place and isinstance(drawing.style.logo, Picture):
        logo = qr_logo.opened(drawing.style.logo.png)
        inner += _image(
            images.to_png(logo.convert("LA" if logo.mode == "RGBA" else "L")), "png", *drawing.picture_place
        )
    return f'<g transform="translate({short(part.x)} {short(part.y)}) scale({scale:.5f})">{inner}</g>'


def _image(data: bytes, kind: str, x: float, y: float, width: float, height: float) -> str:
    place = f'x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}"'
    return (
        f'<image {place} preserveAspectRatio="none" href="data:image/{kind};base64,{base64.b64encode(data).decode()}"/>'
    )
