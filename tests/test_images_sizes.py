"""The sizes of pictures for albums and shops: every format in, three out, upright, in sRGB, and nothing but pixels."""

from __future__ import annotations

import base64
import contextlib
import io
import random
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.cases import FULL
from tests.media.makers import made_of, picture
from tests.test_images import BLUE, HEIC, RED, close, halves, marked, noise, opened, png_of_size, saved
from vcardapp.images_reading import PictureRefused
from vcardapp.images_sizes import MOST_FRAMES, PLACEHOLDER_BYTES

FORMS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
LONG, SHORT = (2400, [320, 640, 1280, 1920]), (700, [320, 640, 700])  # widths of what comes in and of what is made


def refusal(data: bytes, folder: Path) -> str:
    with pytest.raises(PictureRefused) as refused:
        made_of(data, folder)
    return str(refused.value.reason)


def wait_for(frames: int, size: tuple[int, int] = (64, 48), kind: str = "GIF") -> bytes:
    """A picture that moves: each frame has a shade of its own."""
    shades = [Image.new("RGB", size, (number * 7 % 256, number * 13 % 256, 90)) for number in range(frames)]
    return bytes(saved(shades[0], kind, save_all=True, append_images=shades[1:], duration=80, loop=0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_format_comes_in_and_three_come_out_in_four_widths(kind: str, tmp_path: Path) -> None:
    width, widths = LONG if FULL or kind == "JPEG" else SHORT
    made, files = made_of(saved(halves(width, width // 2), kind), tmp_path)
    assert (made.kind, made.width, made.height, made.widths) == ("picture", width, width // 2, widths)
    assert sorted(files) == sorted(f"{width}.{form}" for width in made.widths for form in FORMS)
    for name, data in files.items():
        across, form = name.split(".")
        found = opened(data)
        assert (found.format, found.mode, found.size) == (FORMS[form], "RGB", (int(across), int(across) // 2))
        assert close(found.getpixel((5, 5)), RED)
        assert close(found.getpixel((found.width - 6, 5)), BLUE)


@pytest.mark.parametrize(
    ("size", "widths", "height"),
    [
        ((320, 200), [320], 200),
        ((321, 321), [320, 321], 321),
        ((100, 64), [100], 64),
        ((1920, 1080), [320, 640, 1280, 1920], 1080),
        ((1000, 8000), [320, 480], 3840),
    ],
)
def test_no_size_is_larger_than_the_picture(
    size: tuple[int, int], widths: list[int], height: int, tmp_path: Path
) -> None:
    made, files = made_of(saved(halves(*size), "PNG"), tmp_path)
    assert (made.widths, made.width, made.height) == (widths, *size)
    assert opened(files[f"{widths[-1]}.webp"]).size == (widths[-1], height)


def test_heic_comes_in_upright(tmp_path: Path) -> None:
    made, files = made_of(HEIC, tmp_path)
    assert (made.width, made.height, made.widths) == (64, 128, [64])
    assert close(opened(files["64.jpg"]).getpixel((30, 20)), RED)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(turn: int, tmp_path: Path) -> None:
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[turn]
    exif = Image.Exif()
    exif[0x0112] = turn
    width, widths = LONG if FULL or turn == 6 else SHORT
    drawn = halves(width, width // 2)
    stored = drawn if back is None else drawn.transpose(Image.Transpose(back))
    made, files = made_of(saved(stored, "JPEG", exif=exif, quality=92), tmp_path)
    assert (made.width, made.height) == (width, width // 2)
    assert opened(files[f"{widths[-1]}.jpg"]).size == (widths[-1], widths[-1] // 2)
    assert close(opened(files["320.webp"]).getpixel((20, 80)), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_nothing_but_pixels_survives(kind: str, tmp_path: Path) -> None:
    """EXIF with GPS, XMP, comments, text, profiles and what lies behind the end, searched in the bytes."""
    data = marked(kind)
    if kind == "JPEG":
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0dMARKER-iptc  "
        data = data[:2] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc + data[2:]
    assert data.count(b"MARKER") >= 2
    made, files = made_of(data, tmp_path)
    for name, file in {**files, "placeholder": base64.b64decode(made.placeholder.split(",")[1])}.items():
        assert b"MARKER" not in file, name
        assert b"<script" not in file, name
        found = opened(file)
        assert not dict(found.getexif()), name
        assert not {"icc_profile", "comment", "xmp", "exif", "photoshop"} & found.info.keys(), name


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_nothing_but_pixels_survives_in_what_moves(kind: str, tmp_path: Path) -> None:
    frames = [noise(60, 60).convert("RGB") for _ in range(3)]
    options = {"comment": b"MARKER-comment"} if kind == "GIF" else {"xmp": b"<x>MARKER-xmp</x>", "exif": b"Exif\0\0MARKER"}
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], **options) + b"MARKER-behind"
    made, files = made_of(data, tmp_path)
    assert made.kind == "animation"
    assert data.count(b"MARKER") >= 2
    assert not [name for name, file in files.items() if b"MARKER" in file]


def test_colours_become_srgb(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmpp").replace(b"gXYZ", b"rXYZ").replace(b"tmpp", b"gXYZ")
    _, files = made_of(saved(halves(400, 200), "PNG", icc_profile=swapped), tmp_path)
    for form in FORMS:
        red, green, _blue = opened(files[f"400.{form}"]).getpixel((20, 30))
        assert green > red  # the profile calls the first channel green


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixels_comes_in(mode: str, tmp_path: Path) -> None:
    side = 5000 if mode in ("P", "I;16") else 700  # so large that it is taken strip by strip
    picture = Image.new(mode, (side, side), 40_000) if mode == "I;16" else halves(side, side)
    picture = picture.quantize(8) if mode == "P" else picture if mode == "I;16" else picture.convert(mode)
    made, files = made_of(saved(picture, "JPEG" if mode == "CMYK" else "PNG"), tmp_path)
    found = opened(files["640.jpg"])
    assert (made.width, found.size) == (side, (640, 640))
    left, right = found.getpixel((50, 600)), found.getpixel((600, 30))
    if mode in ("P", "RGBA", "CMYK"):
        assert all(abs(a - b) < 30 for a, b in zip(left + right, RED + BLUE, strict=True))
    if mode == "I;16":
        assert close(left, (156, 156, 156))


def test_transparency_is_kept_and_white_as_jpeg(tmp_path: Path) -> None:
    drawn = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    drawn.paste((*RED, 255), (100, 100, 200, 200))
    _, files = made_of(saved(drawn, "PNG"), tmp_path)
    assert opened(files["300.webp"]).getpixel((5, 5))[3] == 0
    assert opened(files["300.avif"]).getpixel((5, 5))[3] == 0
    assert close(opened(files["300.jpg"]).getpixel((5, 5)), (255, 255, 255))


def test_the_placeholder_is_small_and_looks_like_the_picture(tmp_path: Path) -> None:
    for drawn in (halves(1600, 900), halves(300, 1200), noise(900, 900).convert("RGB"), Image.new("RGBA", (90, 90))):
        made, _ = made_of(saved(drawn, "PNG"), tmp_path)
        assert made.placeholder.startswith("data:image/webp;base64,")
        assert len(made.placeholder) <= PLACEHOLDER_BYTES == 200
        small = opened(base64.b64decode(made.placeholder.split(",")[1]))
        assert abs(small.width / small.height - drawn.width / drawn.height) < 0.8
        if drawn.width == 1600:
            assert all(abs(a - b) < 60 for a, b in zip(small.getpixel((1, 1)), RED, strict=True))


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_what_moves_becomes_an_animated_webp_and_stills(kind: str, tmp_path: Path) -> None:
    made, files = made_of(wait_for(12, (700, 350), kind), tmp_path)
    moving = opened(files["animation.webp"])
    assert (made.kind, made.animation_width, moving.n_frames, moving.size) == ("animation", 640, 12, (640, 320))
    moving.seek(1)
    moving.load()
    assert moving.info["duration"] == 80
    assert opened(files["640.jpg"]).size == (640, 320)


@pytest.mark.parametrize(
    "data",
    [wait_for(MOST_FRAMES + 1, (40, 40)), wait_for(3, (40, 40))[:-30], wait_for(1)],
    ids=["too long", "cut off", "one frame"],
)
def test_what_cannot_move_stands_still(data: bytes, tmp_path: Path) -> None:
    made, files = made_of(data, tmp_path)
    assert made.kind == "picture"
    assert "animation.webp" not in files


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    assert "64 megapixels" in refusal(png_of_size(30_000, 30_000), tmp_path)
    assert "64 megapixels" in refusal(png_of_size(8001, 8000), tmp_path)
    tall = saved(Image.new("L", (64, 64)), "JPEG")
    at = tall.index(b"\xff\xc0") + 5
    lie = tall[:at] + (12_000).to_bytes(2, "big") + (10_001).to_bytes(2, "big") + tall[at + 4 :]
    assert "120 megapixels" in refusal(lie, tmp_path)
    slow = saved(Image.new("L", (64, 64)), "JPEG", progressive=True)
    at = slow.index(b"\xff\xc2") + 5
    lie = slow[:at] + (8001).to_bytes(2, "big") + (8000).to_bytes(2, "big") + slow[at + 4 :]
    assert "64 megapixels" in refusal(lie, tmp_path)


def test_hostile_bytes_are_refused_or_become_a_picture(tmp_path: Path) -> None:
    chance = random.Random(7)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
        data = picture(64, 48, kind)
        for _ in range(150 if FULL else 8):
            broken = bytearray(data)
            for _ in range(chance.randrange(1, 12)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            with contextlib.suppress(PictureRefused):
                made, files = made_of(bytes(broken[: chance.randrange(8, len(broken) + 40)]), tmp_path)
                assert opened(files[f"{made.widths[-1]}.webp"]).width == made.widths[-1]


MEASURE = """
import pathlib, re, sys
from vcardapp import images_sizes
from vcardapp.images_sizes import Image
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
Image.new("RGB", (64, 64)).save(sys.argv[2] + "/warm.png")
images_sizes.make_all(pathlib.Path(sys.argv[2] + "/warm.png"), lambda *_: None)
before = peak()
made = images_sizes.make_all(pathlib.Path(sys.argv[1]), lambda *_: None)
print(peak() - before, made.width * made.height)
"""  # getrusage would tell of the process, too, that started this one


LARGE = [("PNG", (8000, 8000), "RGB"), ("JPEG", (12_000, 10_000), "RGB")]
LARGE += [("PNG", (8000, 8000), "RGBA"), ("PNG", (8000, 8000), "P")] if FULL else []


@pytest.mark.parametrize(("kind", "size", "mode"), LARGE)
def test_the_largest_pictures_add_less_than_300_mb(
    kind: str, size: tuple[int, int], mode: str, tmp_path: Path
) -> None:
    large = Image.radial_gradient("L").resize(size, Image.Resampling.NEAREST).convert(mode)
    large.save(tmp_path / "large", kind, compress_level=1)
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "large"), str(tmp_path)]
    kilobytes, pixels = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(pixels) == size[0] * size[1]
    least = 10 if kind == "JPEG" else 50 if mode == "P" else 200
    assert least * 1_000_000 < int(kilobytes) * 1024 < 300_000_000  # the lower bound: it was measured


def test_a_file_that_is_cut_off_is_refused_in_words(tmp_path: Path) -> None:
    data = io.BytesIO(picture(400, 300, "PNG")).getvalue()
    assert "broken" in refusal(data[: len(data) // 2], tmp_path)
    assert "empty" in refusal(b"", tmp_path)
    assert "SVG" in refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>", tmp_path)
