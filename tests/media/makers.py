"""What the tests of media share: pictures and papers made on the spot, and files that are ready."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from tests.factories import owner
from vcardapp.accounts.models import User
from vcardapp.images_sizes import Made, make_all
from vcardapp.media import service, work
from vcardapp.media.models import MediaFile


@lru_cache
def picture(width: int = 400, height: int = 300, kind: str = "JPEG", colour: str = "teal", **options: Any) -> bytes:
    """A picture that is not all of one colour."""
    made = Image.new("RGB", (width, height), colour)
    made.paste("orange", (0, 0, width // 2, height // 2))
    file = io.BytesIO()
    made.save(file, kind, **options)
    return file.getvalue()


@lru_cache
def paper(pages: int = 2, word: str = "Menu", password: str = "") -> bytes:
    """A PDF whose first page is orange above and says a word."""
    file = io.BytesIO()
    if password:
        from reportlab.lib.pdfencrypt import StandardEncryption

        canvas = Canvas(file, pagesize=A5, invariant=True, encrypt=StandardEncryption(password))
    else:
        canvas = Canvas(file, pagesize=A5, invariant=True)
    for _ in range(pages):
        canvas.setFillColorRGB(1, 0.5, 0)
        canvas.rect(0, A5[1] / 2, A5[0], A5[1] / 2, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(40, 100, word)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def made_of(data: bytes, folder: Path) -> tuple[Made, dict[str, bytes]]:
    """Make all sizes of a picture in this process."""
    files: dict[str, bytes] = {}
    (folder / "source").write_bytes(data)
    made = make_all(folder / "source", files.__setitem__)
    return made, files


def added(person: User, data: bytes | None = None, name: str = "boat.jpg", wanted: str = "") -> MediaFile:
    """A file of a person that waits."""
    return service.add_file(owner(person), io.BytesIO(picture() if data is None else data), name, wanted)


def ready(person: User, data: bytes | None = None, name: str = "boat.jpg") -> MediaFile:
    """A file of a person whose sizes are made."""
    file = added(person, data, name)
    work.work_on_waiting()
    return file
