"""Small damages that a camera or a printer does to a picture of a code, the same each time: what a proof is tried under."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

from vcardapp.images import Image, ImageChops, ImageFilter

MODULE = 4  # pixels of a module in the picture that is damaged


def blurred(picture: Image.Image) -> Image.Image:
    """Out of focus by a third of a module."""
    return picture.filter(ImageFilter.GaussianBlur(MODULE / 3))


def tilted(picture: Image.Image) -> Image.Image:
    """Held at a slant, and turned by three degrees."""
    width, height = picture.size
    slant = (1.1, 0.05, -0.07 * width, -0.05, 1.12, -0.02 * height, 0.0, 0.06 / height)
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, slant, Image.Resampling.BILINEAR, fillcolor=255)


def pale(picture: Image.Image) -> Image.Image:
    """Two fifths of its contrast left, in dim light."""
    return picture.point([int(60 + 0.4 * value) for value in range(256)])


def small(picture: Image.Image) -> Image.Image:
    """Far away: two pixels and a bit for a module."""
    size = (round(picture.width * 0.56), round(picture.height * 0.56))
    return picture.resize(size, Image.Resampling.BILINEAR)


def compressed(picture: Image.Image) -> Image.Image:
    """Sent as a poor JPEG."""
    file = BytesIO()
    picture.save(file, "JPEG", quality=20)
    return Image.open(file)


def noisy(picture: Image.Image) -> Image.Image:
    """Taken in the dark: grain of a quarter of what lies between black and white."""
    grain = Image.frombytes("L", picture.size, random.Random(18004).randbytes(picture.width * picture.height))  # noqa: S311
    return ImageChops.blend(picture, grain, 0.26)


DAMAGES: tuple[Callable[[Image.Image], Image.Image], ...] = (blurred, tilted, pale, small, compressed, noisy)
