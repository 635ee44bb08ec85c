"""Addresses of what was made of a file: they change with its bytes, so they may be kept for ever."""

from __future__ import annotations

from vcardapp.media.models import ANIMATION, PAPER, MediaFile

FORMS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}  # the best first
ANIMATED = "animation.webp"
DOCUMENT = "paper.pdf"


def url_of(file: MediaFile, width: int, form: str = "webp") -> str:
    """Return the address of one size of a ready file, one of its `widths`."""
    return f"{_base(file)}/{width}.{form}"


def srcset(file: MediaFile, form: str = "webp") -> str:
    """Return all sizes in one form, as the attribute `srcset` wants them."""
    return ", ".join(f"{url_of(file, width, form)} {width}w" for width in file.widths)


def fitting(file: MediaFile, width: int, form: str = "jpg") -> str:
    """Return the address of the smallest size that is at least so wide, else of the largest."""
    return url_of(file, next((made for made in file.widths if made >= width), file.widths[-1]), form)


def animation_url(file: MediaFile) -> str:
    """Return the address of the moving picture, "" where it does not move."""
    return f"{_base(file)}/{ANIMATED}" if file.kind == ANIMATION and file.animation_width else ""


def paper_url(file: MediaFile) -> str:
    """Return the address from which a paper is downloaded, "" where it is none."""
    return f"{_base(file)}/{DOCUMENT}" if file.kind == PAPER else ""


def _base(file: MediaFile) -> str:
    return f"/media/{file.id}/{file.mark}"
