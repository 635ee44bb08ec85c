"""What the first view of an album of twelve photos costs a phone, before anybody scrolls, as a real Chromium counts it."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests import factories
from tests.browser.chromium import OPTIONS, find_chromium
from tests.browser.test_weight import visited
from tests.processes import Server, start_server
from vcardapp import create_app
from vcardapp.accounts.owner import Owner
from vcardapp.accounts.service import ensure_user
from vcardapp.db import db
from vcardapp.gallery import items, service
from vcardapp.gallery.models import GRID, MASONRY
from vcardapp.media import service as media
from vcardapp.media import work

PICTURES = 12
SIDES = (1600, 1200)
DENSITIES = (2, 3)
MOST = 150_000  # bytes


def show() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder, start_server(Path(folder), output=subprocess.DEVNULL) as server:
        _fill(server)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
            for layout in (GRID, MASONRY):
                for density in DENSITIES:
                    phone = {"device_scale_factor": density, "is_mobile": True, "has_touch": True}
                    with visited(chromium, f"{server.url}/photos/gallery/{layout}", **phone) as visit:
                        size = sum(one.bytes for one in visit.fetched.values() if not one.url.startswith("data:"))
                        count = len([one for one in visit.of("Image") if "/media/" in one.url])
                    name = f"{PICTURES} photos, {layout}, {density} pixels a point"
                    print(f"{name:42}{size / 1000:>8.0f} KB of {MOST / 1000:.0f}, {count} pictures")
            chromium.close()


def photo(number: int) -> bytes:
    """A picture with as much in it as a photo has: light that changes slowly, edges, a little grain."""
    broad = Image.effect_noise((9, 7), 90 + number).resize(SIDES, Image.Resampling.BICUBIC)
    middle = Image.effect_noise((64, 48), 60).resize(SIDES, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(SIDES, 12)
    bands = (Image.blend(Image.blend(broad, middle, part), grain, 0.15) for part in (0.3, 0.4, 0.5))
    file = io.BytesIO()
    Image.merge("RGB", tuple(bands)).save(file, "JPEG", quality=88)
    return file.getvalue()


def _fill(server: Server) -> None:
    with create_app(server.settings).app_context():
        card = factories.published_card(ensure_user("photos@example.org"), "photos")
        owner = Owner(user_id=card.owner_id)
        files = [media.add_file(owner, io.BytesIO(photo(number)), f"{number}.jpg") for number in range(PICTURES)]
        for layout in (GRID, MASONRY):
            album = service.add_album(card, layout)
            for file in files:
                items.add_file(album, file)
            service.save_album(album, service.AlbumSaid(layout, layout=layout))
        work.work_on_waiting()
        db.engine.dispose()


if __name__ == "__main__":
    show()
