"""Pictures a second through the whole way, from the upload to its sizes in the storage, beside plain Pillow; peak memory."""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from tests import factories
from tests.test_images_sizes import MEASURE
from vcardapp import create_app
from vcardapp.config import read_settings
from vcardapp.images_sizes import CAREFUL_TO, FORMS, WIDTHS
from vcardapp.media import service, work
from vcardapp.upgrade import upgrade

PICTURES = 6
ROUNDS = 3
SIDES = (4000, 3000)  # 12 megapixels, as phones make them
LARGE = {"64 megapixels, PNG": ("PNG", (8000, 8000)), "120 megapixels, JPEG": ("JPEG", (12_000, 10_000)),
         "64 megapixels, WebP": ("WEBP", (8000, 8000)), "64 megapixels, AVIF": ("AVIF", (8000, 8000))}  # fmt: skip


def show() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = compare(Path(folder))
        print(f"\n{'12 megapixels to 12 files':34}{'app':>10}{'Pillow':>10}{'ratio':>8}")
        print(f"{'pictures, a second':34}{ours:>10.2f}{plain:>10.2f}{ours / plain:>8.2f}")
        for name, (kind, size) in LARGE.items():
            print(f"{name + ', adds at most':34}{peak(Path(folder), kind, size):>9.0f} MB")


def photo(number: int) -> bytes:
    """A picture with as much in it as a photo has, each another one."""
    broad = Image.effect_noise((60, 45), 90 + number).resize(SIDES, Image.Resampling.BICUBIC)
    fine = Image.effect_noise((1000, 750), 30).resize(SIDES, Image.Resampling.BICUBIC)
    file = io.BytesIO()
    Image.merge("RGB", (broad, fine, Image.blend(broad, fine, 0.5))).save(file, "JPEG", quality=88)
    return file.getvalue()


def compare(folder: Path) -> tuple[float, float]:
    """Return the pictures that went through a second, by us and by plain Pillow, in turns; medians."""
    settings = read_settings({"VCARDAPP_DATA": str(folder / "data"), "VCARDAPP_ACCOUNT_MB": "5000"})
    upgrade(settings)
    rates = []
    with create_app(settings).app_context():
        owner = factories.owner(factories.alice())
        for number in range(ROUNDS):
            photos = [photo(number * PICTURES + one) for one in range(PICTURES)]
            begun = time.perf_counter()
            for data in photos:
                service.add_file(owner, io.BytesIO(data), "photo.jpg")
            assert work.work_on_waiting() == PICTURES
            between = time.perf_counter()
            for data in photos:
                thumbnails(data)
            rates.append((PICTURES / (between - begun), PICTURES / (time.perf_counter() - between)))
    return statistics.median(ours for ours, _ in rates), statistics.median(plain for _, plain in rates)


def thumbnails(data: bytes) -> None:
    """Do what most programs do: open, thumbnail, save; the same sizes in the same forms and qualities."""
    for width in WIDTHS:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((width, width * 2))
            for form, (name, options) in FORMS.items():
                speed = {"speed": 8 if width <= CAREFUL_TO else 9} if form == "avif" else {}
                picture.save(io.BytesIO(), name, **options, **speed)


def peak(folder: Path, kind: str, size: tuple[int, int]) -> float:
    """Return the megabytes that a process grows by while it makes the sizes of one large picture."""
    path = folder / "large"
    Image.linear_gradient("L").resize(size, Image.Resampling.NEAREST).convert("RGB").save(path, kind)
    command = [sys.executable, "-c", MEASURE, str(path), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
    return int(done.stdout.split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    show()
