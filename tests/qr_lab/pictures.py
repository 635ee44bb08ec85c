"""Drawings for the camera: what a code looks like in grey, with so many pixels a module that no edge is lost."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from tests.qr_lab.camera import Grey
from vcardapp.cards import qr, qr_raster
from vcardapp.cards.qr_drawing import Dressed
from vcardapp.cards.qr_style import luma as luma_of

MODULE = 12  # pixels


def plain(code: qr.Code) -> Grey:
    """Return the black code on white with its quiet zone."""
    light = ~np.pad(np.array(code.modules), qr.ZONE)
    return np.kron(light, np.ones((MODULE, MODULE))).astype(np.uint8) * 255


def dressed(drawing: Dressed) -> Grey:
    """Return the PNG of a dressed code as a camera sees it."""
    return grey(qr_raster.png(drawing, drawing.width * MODULE))


def grey(png: bytes) -> Grey:
    """Return what a camera makes of the colours of a PNG, which is laid on white."""
    with Image.open(io.BytesIO(png)) as file:
        whole = Image.alpha_composite(Image.new("RGBA", file.size, "white"), file.convert("RGBA"))
    return luma(np.asarray(whole))


def luma(colours: np.ndarray[Any, np.dtype[np.uint8]]) -> Grey:
    """Return Y' of ITU-R BT.601 of red, green and blue."""
    return (colours[..., :3] @ np.array([0.299, 0.587, 0.114])).round().astype(np.uint8)


def page(colour: str) -> int:
    """Return what a camera makes of the paper beside the code."""
    return round(luma_of(colour))
