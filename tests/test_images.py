import base64
import contextlib
import io
import struct
import subprocess
import sys
import zlib
from functools import cache

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from vcardapp import images
from vcardapp.images import Crop, PictureRefused, make_sizes, normalise

RED, BLUE = (200, 40, 30), (20, 60, 180)

# 128 x 64 pixels, left half red, right half blue, to be turned a quarter clockwise (irot): red is on top
HEIC = base64.b64decode(
    "AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWljAAABMm1ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAAAAAAAAAADnBpdG0AAAAA"
    "AAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABUgAAAD4AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAALZpcHJwAAAAmGlw"
    "Y28AAABzaHZjQwEECAAAAJ+oAAAAAB7wAPz9+PgAAA8DoAABABdAAQwB//8ECAAAAwCfqAAAAwAAHroCQKEAAQAoQgEBBAgAAAMAn6gAAAMA"
    "AB6gECBBZbq5Mrm4EBAoIAAAfQAAAwB9AaIAAQAGRAHBc8CJAAAAFGlzcGUAAAAAAAAAgAAAAEAAAAAJaXJvdAMAAAAWaXBtYQAAAAAAAAAB"
    "AAEDgQKDAAAARm1kYXQAAAA6KAGvF4D4Esf/78vP/qimH1n1xt91VinvUQRDxXQdVrN5yFbCf8GvjsZ0s/5HIizdaS5RFAT1geYFQA=="
)


def halves(width=128, height=64):
    """Left half red, right half blue."""
    picture = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(picture).rectangle((width // 2, 0, width, height), fill=BLUE)
    return picture


def noise(width, height):
    return Image.effect_noise((width, height), 90)


def saved(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def close(found, wanted):
    return all(abs(a - b) < 14 for a, b in zip(found[:3], wanted, strict=True))


@cache
def png_of_size(width, height):
    """A PNG of one bit a pixel that says how large it is, all of it, in few bytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj()
    row = bytes(1 + (width + 7) // 8)
    pixels = b"".join([rows.compress(row) for _ in range(height)] + [rows.flush()])
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def refusal(data):
    with pytest.raises(PictureRefused) as refused:
        normalise(data)
    return refused.value.reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_the_formats_of_phones_and_computers_come_in_and_webp_comes_out(kind):
    found = opened(normalise(saved(halves(), kind)))
    assert (found.format, found.mode, found.size) == ("WEBP", "RGB", (128, 64))
    assert close(found.getpixel((20, 30)), RED)
    assert close(found.getpixel((110, 30)), BLUE)


def test_heic_comes_in_upright():
    found = opened(normalise(HEIC))
    assert found.size == (64, 128)
    assert close(found.getpixel((30, 20)), RED)
    assert close(found.getpixel((30, 110)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixels_comes_in(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new(mode, (64, 64), 40_000) if mode == "I;16" else halves(64, 64)
    picture = picture.quantize(8) if mode == "P" else picture.convert(mode)
    found = opened(normalise(saved(picture, kind)))
    assert found.size == (64, 64)
    if mode == "I;16":
        assert close(found.getpixel((9, 9)), (156, 156, 156))
    if mode in ("P", "RGBA"):
        assert close(found.getpixel((9, 9)), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_a_camera_comes_out_upright(orientation):
    picture = halves(128, 64)
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # as the camera would have stored it
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = picture if back is None else picture.transpose(Image.Transpose(back))
    found = opened(normalise(saved(stored, "JPEG", exif=exif, quality=95)))
    assert found.size == (128, 64)
    assert close(found.getpixel((20, 30)), RED)
    assert close(found.getpixel((110, 30)), BLUE)


def test_transparency_is_kept_and_white_in_the_contact():
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((100, 100, 200, 200), fill=(*RED, 255))
    original = normalise(saved(picture, "PNG"))
    assert opened(original).getpixel((5, 5))[3] == 0
    for sort in ("photo", "logo"):
        sizes = make_sizes(original, sort)
        assert opened(sizes["m.webp"]).getpixel((3, 3))[3] == 0
        contact = opened(sizes["contact.jpg"])
        assert close(contact.getpixel((3, 3)), (255, 255, 255))
        assert close(contact.getpixel((200, 200)), RED)


def test_colours_of_other_profiles_become_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmpp").replace(b"gXYZ", b"rXYZ").replace(b"tmpp", b"gXYZ")
    plain, green = (opened(normalise(saved(halves(), "PNG", icc_profile=icc))) for icc in (srgb, swapped))
    assert close(plain.getpixel((20, 30)), RED)
    red, green_part, _blue = green.getpixel((20, 30))
    assert green_part > red  # the profile calls the first channel green
    for icc in (lab, b"no profile", srgb[:200]):
        assert close(opened(normalise(saved(halves(), "PNG", icc_profile=icc))).getpixel((20, 30)), RED)


def marked(kind):
    """A picture with a marker in every place that a format has for more than pixels."""
    exif = Image.Exif()
    exif[0x010E] = "MARKER-exif"
    exif.get_ifd(0x8825)[29] = "MARKER-gps"
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes().replace(b"sRGB built-in", b"MARKER-icc  -")
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "MARKER-text")
    options = {
        "JPEG": {"exif": exif, "icc_profile": icc, "comment": b"MARKER-comment", "xmp": b"<x>MARKER-xmp</x>"},
        "PNG": {"exif": exif, "icc_profile": icc, "pnginfo": text},
        "WEBP": {"exif": exif, "icc_profile": icc, "xmp": b"<x>MARKER-xmp</x>"},
        "GIF": {"comment": b"MARKER-comment"},
        "AVIF": {"exif": exif, "icc_profile": icc, "xmp": b"<x>MARKER-xmp</x>"},
    }[kind]
    return saved(noise(200, 200).convert("RGB"), kind, **options) + b"MARKER-behind <script>alert(1)</script>"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_nothing_but_pixels_survives(kind):
    data = marked(kind)
    assert data.count(b"MARKER") >= 2
    original = normalise(data)
    files = [original]
    for sort in ("photo", "logo", "cover"):
        files += make_sizes(original, sort).values()
    for file in files:
        assert b"MARKER" not in file
        assert b"<script" not in file
        found = opened(file)
        assert not dict(found.getexif())
        assert not {"icc_profile", "comment", "xmp", "exif"} & found.info.keys()


def test_only_the_first_picture_of_an_animation_is_kept():
    frames = [halves(), Image.new("RGB", (128, 64), BLUE)]
    for kind in ("GIF", "WEBP", "PNG", "AVIF"):
        found = opened(normalise(saved(frames[0], kind, save_all=True, append_images=frames[1:])))
        assert getattr(found, "n_frames", 1) == 1
        assert close(found.getpixel((20, 30)), RED)


def test_large_pictures_are_stored_at_most_1600_pixels_long():
    assert opened(normalise(saved(noise(4000, 2000), "JPEG"))).size == (1600, 800)
    assert opened(normalise(saved(noise(800, 2400), "PNG"))).size == (533, 1600)
    assert opened(normalise(saved(noise(300, 200), "PNG"))).size == (300, 200)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!DOCTYPE svg>\n<svg/>", "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "not a picture"),
        (b"%PDF-1.7\n", "not a picture"),
        (b"PK\x03\x04", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "not a picture"),
        (b"8BPS\0\1", "not a picture"),
        (b"BM" + bytes(80), "not a picture"),
        (b"\xff\xd8\xff", "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "broken"),
        (b"GIF89a", "broken"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "broken"),
        (b"\0\0\0\x18ftypavif" + bytes(50), "broken"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "broken"),
        (HEIC[:360], "broken"),
        (b"\xff\xd8\xff" + bytes(15_000_000), "15 MB"),
        (png_of_size(31, 400), "too small"),
        (png_of_size(1000, 40), "strip"),
    ],
)
def test_what_is_no_proper_picture_is_refused_in_words(data, words):
    assert words in refusal(data)


def test_every_cut_of_a_picture_is_a_picture_or_refused():
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
        data = saved(noise(64, 64).convert("RGB"), kind)
        for length in range(1, len(data) - 1, max(1, len(data) // 40)):
            with contextlib.suppress(PictureRefused):
                assert opened(normalise(data[:length])).size == (64, 64)


def test_the_name_of_a_file_is_not_asked_its_bytes_decide():
    html = b"GIF89a/*<svg/onload=alert(1)>*/=1;"
    assert "broken" in refusal(html)
    polyglot = saved(halves(), "PNG") + b"<html><script>alert(1)</script>"
    assert b"script" not in normalise(polyglot)


def test_bombs_are_refused_before_they_are_unpacked():
    bomb = png_of_size(30_000, 30_000)
    assert len(bomb) < 150_000
    assert "40 megapixels" in refusal(bomb)
    assert "40 megapixels" in refusal(png_of_size(6400, 6400))


def test_a_jpeg_of_endless_scans_is_refused():
    data = saved(noise(400, 400), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    assert normalise(data)
    assert "broken" in refusal(data[:-2] + scan * 200 + b"\xff\xd9")
    assert normalise(data + scan * 200)  # behind the end nobody looks


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_break_the_picture():
    data = saved(halves(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(20))
    assert opened(normalise(data)).size == (128, 64)


@pytest.mark.parametrize(("sort", "widths"), [("photo", (96, 400, 800)), ("cover", (480, 800, 1440))])
def test_sizes_of_photos_and_covers(sort, widths):
    sizes = make_sizes(normalise(saved(noise(2000, 1500), "JPEG")), sort)
    for name, width in zip("sml", widths, strict=True):
        found = opened(sizes[f"{name}.webp"])
        assert found.format == "WEBP"
        assert found.size == (width, width if sort == "photo" else round(width * 9 / 16))
    assert ("contact.jpg" in sizes) == (sort == "photo")


def test_a_logo_keeps_its_shape():
    sizes = make_sizes(normalise(saved(noise(900, 300), "PNG")), "logo")
    assert [opened(sizes[f"{name}.webp"]).size for name in "sml"] == [(96, 32), (256, 85), (512, 171)]
    assert opened(sizes["contact.jpg"]).size == (400, 400)


@pytest.mark.parametrize(("width", "height", "wanted"), [(1500, 300, 3.0), (1500, 600, 2.5), (600, 900, 16 / 9)])
def test_a_cover_lies_between_16_by_9_and_3_by_1(width, height, wanted):
    found = opened(make_sizes(normalise(saved(noise(width, height), "PNG")), "cover")["s.webp"])
    assert found.width == 480
    assert abs(found.width / found.height - wanted) < 0.02


def test_nothing_is_blown_up_but_the_contact():
    sizes = make_sizes(normalise(saved(halves(300, 200), "PNG")), "photo")
    assert [opened(sizes[f"{name}.webp"]).size for name in "sml"] == [(96, 96), (200, 200), (200, 200)]
    assert opened(sizes["contact.jpg"]).size == (400, 400)


def test_a_crop_shows_that_part():
    original = normalise(saved(halves(800, 400), "PNG"))
    left, right = (opened(make_sizes(original, "photo", Crop(x, 0.1, 0.4, 0.8))["m.webp"]) for x in (0.05, 0.55))
    assert left.size == right.size == (320, 320)
    assert close(left.getpixel((310, 100)), RED)
    assert close(right.getpixel((10, 100)), BLUE)


def test_a_crop_that_is_not_square_in_pixels_is_cut_to_its_middle():
    original = normalise(saved(halves(800, 400), "PNG"))
    found = opened(make_sizes(original, "photo", Crop(0, 0, 1, 1))["l.webp"])
    assert found.size == (400, 400)
    assert close(found.getpixel((10, 10)), RED)
    assert close(found.getpixel((390, 10)), BLUE)


def test_without_a_crop_an_upright_photo_is_cut_a_bit_above_its_middle():
    picture = Image.new("RGB", (400, 1000), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 400, 240), fill=BLUE)
    found = opened(make_sizes(normalise(saved(picture, "PNG")), "photo")["m.webp"])
    assert close(found.getpixel((200, 5)), BLUE)
    assert close(found.getpixel((200, 30)), (255, 255, 255))


@pytest.mark.parametrize(
    "values", [(-0.1, 0, 1, 1), (0, 0, 0, 1), (0.5, 0, 0.6, 1), (0, 0, 1, 1.1), (1, 0, 0.1, 1), (float("nan"), 0, 1, 1)]
)
def test_a_crop_outside_its_picture_cannot_be_made(values):
    with pytest.raises(ValueError, match="crop"):
        Crop(*values)


def test_the_contact_is_a_small_baseline_jpeg():
    for picture in (halves(900, 900), noise(900, 900), Image.merge("RGB", [noise(900, 900) for _ in range(3)])):
        contact = make_sizes(normalise(saved(picture, "PNG")), "photo")["contact.jpg"]
        found = opened(contact)
        assert (found.format, found.mode) == ("JPEG", "RGB")
        assert found.size in ((400, 400), (320, 320))
        assert "progressive" not in found.info
        assert len(contact) <= 40_000


MEASURE = """
import pathlib, re, resource, sys, time
from vcardapp import images

def most_memory():
    told = pathlib.Path("/proc/self/status")
    if told.exists():  # Linux counts in ru_maxrss what the process took that started this one
        return int(re.search(r"VmHWM:\\s+(\\d+)", told.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)

data = open(sys.argv[1], "rb").read()
before, begun = most_memory(), time.process_time()
try:
    images.make_sizes(images.normalise(data), "photo")
except images.PictureRefused as refused:
    print(refused.reason, file=sys.stderr)
print(time.process_time() - begun, most_memory() - before)
"""


@pytest.mark.parametrize("kind", ["bomb", "JPEG"])
def test_the_largest_pictures_cost_little_time_and_memory(kind, tmp_path):
    data = png_of_size(30_000, 30_000) if kind == "bomb" else saved(halves(8000, 5000), kind, quality=90)
    (tmp_path / "picture").write_bytes(data)
    process = [sys.executable, "-c", MEASURE, str(tmp_path / "picture")]
    seconds, megabytes = map(float, subprocess.run(process, capture_output=True, check=True).stdout.split())
    assert seconds < (0.5 if kind == "bomb" else 5)
    assert megabytes < (20 if kind == "bomb" else 200)


def test_what_is_ready_for_contact_files_is_known():
    ready = make_sizes(normalise(saved(halves(), "PNG")), "photo")["contact.jpg"]
    assert images.is_contact_photo(ready)
    small = halves(64, 64)
    assert images.is_contact_photo(saved(small, "JPEG"))
    segment = b"\xff\xe1\x00\x08Exif\0\0"
    behind_jfif = 2 + 2 + int.from_bytes(ready[4:6])
    wrong = {
        "progressive": saved(small, "JPEG", progressive=True),
        "grey": saved(small.convert("L"), "JPEG"),
        "four colours": saved(small.convert("CMYK"), "JPEG"),
        "not square": saved(halves(64, 63), "JPEG"),
        "too large": saved(halves(401, 401), "JPEG"),
        "tiny": saved(halves(16, 16), "JPEG"),
        "too many bytes": saved(noise(400, 400).convert("RGB"), "JPEG", quality=95),
        "EXIF": ready[:behind_jfif] + segment + ready[behind_jfif:],
        "a comment": ready[:2] + b"\xff\xfe\x00\x06evil" + ready[2:],
        "a profile": saved(small, "JPEG", icc_profile=b"x" * 200),
        "between the segments": ready[:behind_jfif] + b"hidden" + ready[behind_jfif:],
        "behind the end": ready + b"hidden",
        "a second end": ready + b"hidden\xff\xd9",
        "cut": ready[:-2],
        "no picture": b"\xff\xd8\xff\xd9",
        "nothing": b"",
        "PNG": saved(small, "PNG"),
    }
    assert [name for name, data in wrong.items() if images.is_contact_photo(data)] == []
