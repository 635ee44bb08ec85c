"""The whole way on a phone: make a card, publish it, scan its code, open what it says, save the contact, compare every field."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import vobject
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.processes import Server
from vcardapp.cards.vcard_reader import read_vcards

MEAN = 'a;b,c\\d "e" <i>&amp; 👩🏽‍🚀 سلام'


@dataclass
class Typed:
    """What a person types, and what vcard.md says a phone keeps of it."""

    name: str = f"Zoë; {MEAN}"
    title: str = f"Chief; {MEAN}"
    company: str = "Müller & Söhne; Ltd"
    mobile: str = "+33 6 12 34 56 78"
    work: str = "+44 20 7946 0018"
    email: str = "zoe+cards@example.org"
    website: str = "https://example.org/a?b=c;d,e"
    street: str = "1; Rue, de la Paix\nفلات 5"
    city: str = "القاهرة"
    note: str = f"One; {MEAN}\nTwo, three"
    texts: dict[str, str] = field(default_factory=dict)


def kept(text: str) -> str:
    """Return a text as a phone keeps it: vcard.md section 4."""
    return text.replace(";", ",").replace("\\", "/")


def portrait(tmp_path: Path) -> Path:
    """A photo with a red left half, taken with the phone on its side (EXIF orientation 6) and with a GPS tag."""
    picture = Image.new("RGB", (800, 600), "#1d663a")
    picture.paste("#cb3408", (0, 0, 800, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / "portrait.jpg"
    picture.save(path, exif=exif, quality=90)
    return path


def open_section(page: Page, key: str) -> None:
    section = page.locator(f"details#{key}")
    if section.get_attribute("open") is None:
        section.locator("> summary").click()


def add(page: Page, section: str, words: str) -> None:
    open_section(page, section)
    page.get_by_role("button", name=words, exact=True).click()


def fill_in(page: Page, typed: Typed, photo: Path, *, script: bool) -> None:
    page.locator("[name=display_name]").fill(typed.name)
    open_section(page, "name")
    page.locator("[name=title]").fill(typed.title)
    page.locator("[name=company]").fill(typed.company)
    add(page, "reach", "Add a phone")
    page.locator("[name=phones-0-number]").fill(typed.mobile)
    page.locator("[name=phones-0-kind]").select_option("mobile")
    add(page, "reach", "Add a phone")
    page.locator("[name=phones-1-number]").fill(typed.work)
    page.locator("[name=phones-1-kind]").select_option("work")
    add(page, "reach", "Add an e-mail")
    page.locator("[name=emails-0-address]").fill(typed.email)
    add(page, "links", "Add a web site")
    page.locator("[name=websites-0-url]").fill(typed.website)
    add(page, "places", "Add an address")
    page.locator("[name=addresses-0-street]").fill(typed.street)
    page.locator("[name=addresses-0-city]").fill(typed.city)
    open_section(page, "more")
    page.locator("[name=note]").fill(typed.note)
    open_section(page, "pictures")
    page.locator("input[name=photo_file]").set_input_files(photo)
    if script:
        page.get_by_role("button", name="Use this part").click()
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.locator("[data-state-of-saving]")).to_contain_text("Saved", timeout=15_000)


def publish(page: Page, email: str) -> None:
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**/publish")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("lantern brook 7 violins")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/published")


def scanned(page: Page) -> str:
    """Return what a scanner reads off the page's code, as it looks on the screen."""
    shot = Image.open(io.BytesIO(page.locator("svg.qr").first.screenshot(animations="disabled")))
    found = zxingcpp.read_barcodes(shot)
    assert [code.format for code in found] == [zxingcpp.BarcodeFormat.QRCode]
    return str(found[0].text)


def compare(vcf: bytes, typed: Typed) -> None:
    """Parse the file by two independent parsers and compare each field with what was typed."""
    text = vcf.decode()
    theirs = vobject.readOne(text)
    assert theirs.fn.value == kept(typed.name)
    assert theirs.n.value.given == kept(typed.name)
    assert theirs.title.value == kept(typed.title)
    assert theirs.org.value == [kept(typed.company)]
    assert [tel.value for tel in theirs.contents["tel"]] == ["+33612345678", "+442079460018"]
    assert ["CELL" in tel.params["TYPE"] for tel in theirs.contents["tel"]] == [True, False]
    assert theirs.email.value == typed.email
    assert theirs.adr.value.street == kept(typed.street)
    assert theirs.adr.value.city == typed.city
    assert theirs.note.value == kept(typed.note)
    assert "https://example.org/a?b=c%3Bd%2Ce" in [url.value for url in theirs.contents["url"]]
    photo = Image.open(io.BytesIO(theirs.photo.value))
    assert photo.size == (400, 400)
    assert photo.format == "JPEG"
    assert "exif" not in photo.info
    red, green = photo.getpixel((390, 200)), photo.getpixel((10, 200))
    assert isinstance(red, tuple)
    assert isinstance(green, tuple)
    assert red[0] > 150 > red[1], "the photo is not upright"
    assert green[1] > green[0]

    (ours,) = read_vcards(vcf).cards
    assert ours.content.display_name == kept(typed.name)
    assert ours.content.company == kept(typed.company)
    assert ours.content.title == kept(typed.title)
    assert [phone.kind for phone in ours.content.phones] == ["mobile", "work"]
    assert ours.content.emails[0].address == typed.email
    assert ours.content.addresses[0].street == kept(typed.street)
    assert ours.content.note == kept(typed.note)


def scan_open_and_save(page: Page, live_server: Server, typed: Typed) -> None:
    said = scanned(page)
    assert re.fullmatch(re.escape(live_server.url.upper()) + r"/U/[0-9A-HJKMNP-TV-Z]{6}", said)
    page.goto(said)
    expect(page.locator("h1")).to_have_text(typed.name)
    save = page.get_by_role("link", name="Save contact").first
    box = save.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 650, "Save contact lies below the fold"
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename.endswith(".vcf")
    compare(Path(download.value.path()).read_bytes(), typed)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_card_is_made_scanned_and_saved(
    page: Page, plain_page: Page, live_server: Server, tmp_path: Path, script: bool
) -> None:
    visit, typed = page if script else plain_page, Typed()
    visit.goto("/")
    visit.get_by_role("button", name="Create your card").first.click()
    fill_in(visit, typed, portrait(tmp_path), script=script)
    if not script:
        visit.get_by_role("button", name="Save", exact=True).last.click()
    publish(visit, f"zoe-{'with' if script else 'without'}@example.org")
    scan_open_and_save(visit, live_server, typed)
