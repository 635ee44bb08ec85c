"""The demo's pictures: the same every time, of the right size, and accepted like anybody's upload."""

from __future__ import annotations

import io
from functools import cache

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.cases import FULL
from vcardapp import images
from vcardapp.demo import pictures
from vcardapp.demo.pictures import PICTURES
from vcardapp.demo.press import Press

SIZES = {"photo": (1200, 1200), "logo": (1200, 1200), "cover": (1500, 500)}


draw = cache(pictures.draw)


@pytest.mark.parametrize("subject", PICTURES)
def test_every_subject_becomes_the_pictures_of_a_card(subject: str) -> None:
    for turn, (sort, png) in enumerate(draw(subject).items(), [*PICTURES].index(subject)):
        picture = Image.open(io.BytesIO(png))
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", SIZES[sort])
        assert max(ImageStat.Stat(picture).stddev) > 25, "an empty sheet"
        if not FULL and turn % 2:
            continue
        sizes = images.make_sizes(images.normalise(png), sort)
        assert {"s.webp", "m.webp", "l.webp"} <= sizes.keys()
        assert sum(map(len, sizes.values())) < 700_000


def test_the_same_picture_is_drawn_every_time() -> None:
    assert pictures.draw("ngozi") == draw("ngozi")


def test_no_two_pictures_are_alike() -> None:
    photos = [draw(subject)["cover"] for subject in ("maria", "ngozi", "jasmine")]
    first, *others = (Image.open(io.BytesIO(png)) for png in photos)
    for other in others:
        assert max(ImageStat.Stat(ImageChops.difference(first, other)).mean) > 30


def test_inks_are_printed_over_one_another() -> None:
    press = Press(10, 10, "#ffffff", ["#ffff00", "#00ffff"], seed=1)
    yellow, cyan = press.plates
    yellow.rect(0, 0, 6, 10)
    cyan.rect(4, 0, 6, 10)
    sheet = Image.open(io.BytesIO(press.print()))
    left, middle, right = (ImageStat.Stat(sheet.crop((x, 20, x + 10, 80))).mean for x in (15, 45, 80))
    assert left[2] < 60 < left[0]
    assert middle[0] < 60 < middle[1]
    assert middle[2] < 60
    assert right[0] < 60 < right[2]
