"""Albums in a real browser: many files at once, a lost connection, the viewer by keyboard and finger, videos after a tap."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, Page, Route, expect

from tests import factories
from tests.browser.beside import beside, cookies_of
from tests.browser.test_accessibility import faults_of
from tests.browser.test_editor import only_page as only_page  # noqa: PLC0414 - the fixture
from tests.browser.test_editor import page as page  # noqa: PLC0414 - the fixture
from tests.browser.test_weight import visited
from tests.gallery.owned import YOUTUBE, paper, picture
from tests.processes import Server
from vcardapp.accounts import service as accounts
from vcardapp.accounts.owner import Owner
from vcardapp.gallery import items, service
from vcardapp.media import service as media
from vcardapp.media import work

LONG = "A caption that says at great length what nobody wanted to know, " * 4
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "locale": "en-GB"},
    "dark and right-to-left": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "ar"},
}


@pytest.fixture(scope="session")
def album(live_server: Server) -> dict[str, str]:
    """A card with albums of pictures, a video and a paper: the owner's pages, and a link to sign in."""
    return beside(live_server, _fill)


def _fill() -> dict[str, str]:
    person = accounts.ensure_user("albums@example.org")
    card = factories.published_card(person, "albums")
    owner = Owner(user_id=person.id)
    houses = service.add_album(card, "Houses")
    files = [media.add_file(owner, picture(colour, 400, 300), f"{colour}.png") for colour in ("teal", "navy", "olive")]
    files.append(media.add_file(owner, paper(), "menu.pdf"))
    captions = ("Teal", LONG, "", "Menu")
    rows = [
        service.ItemSaid(items.add_file(houses, file).id, words) for file, words in zip(files, captions, strict=True)
    ]
    rows.insert(2, service.ItemSaid(items.add_video(houses, YOUTUBE).id, "The film"))
    service.save_album(houses, service.AlbumSaid("Houses", "All of them", items=tuple(rows)))
    for layout in ("carousel", "compare"):
        other = service.add_album(card, layout.title())
        pair = tuple(service.ItemSaid(items.add_file(other, file).id) for file in files[:2])
        service.save_album(other, service.AlbumSaid(layout.title(), layout=layout, items=pair))
    empty = service.add_album(card, "Empty")
    work.work_on_waiting()
    return {
        "link": accounts.make_sign_in_link(person),
        "albums": f"/cards/{card.id}/gallery",
        "houses": f"/cards/{card.id}/gallery/{houses.id}",
        "empty": f"/cards/{card.id}/gallery/{empty.id}",
    }


@pytest.fixture(scope="session")
def cookies(browser: Browser, album: dict[str, str]) -> Any:
    return cookies_of(browser, album["link"])


@pytest.fixture
def owners_page(page: Page, cookies: Any) -> Page:
    page.context.add_cookies(cookies)
    return page


def large(colour: str) -> bytes:
    """A picture of more than one part of an upload, most of it what a camera says about itself."""
    file, more = io.BytesIO(), PngInfo()
    more.add(b"prVt", bytes(4_200_000))
    Image.new("RGB", (300, 200), colour).save(file, "PNG", pnginfo=more)
    return file.getvalue()


def test_many_files_arrive_whatever_the_connection_does(
    owners_page: Page, album: dict[str, str], tmp_path: Path
) -> None:
    parts: list[tuple[int, bool]] = []

    def lose_one(route: Route) -> None:
        offset = route.request.headers.get("upload-offset")
        if offset is None:
            return route.continue_()
        is_lost = offset == "4000000" and not any(lost for _, lost in parts)
        parts.append((int(offset), is_lost))
        return route.abort("internetdisconnected") if is_lost else route.continue_()

    owners_page.route("**/media/uploads/*", lose_one)
    owners_page.goto(album["empty"])
    expect(owners_page.get_by_text("Still empty")).to_be_visible()
    sent = {"red.png": picture("red").getvalue(), "lime.png": picture("lime").getvalue(), "large.png": large("plum")}
    sent["virus.exe"] = b"MZ not a picture"
    for name, data in sent.items():
        (tmp_path / name).write_bytes(data)
    owners_page.set_input_files("#file", [tmp_path / name for name in sent])
    expect(owners_page.locator(".upload", has_text="large.png")).to_contain_text(
        "The connection is lost. It goes on by itself."
    )
    rows = owners_page.locator("[data-row]")
    expect(rows).to_have_count(3)
    wrong = owners_page.locator(".upload")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("This file is neither a picture nor a PDF")
    assert [part for part in parts if part[0]] == [(4_000_000, True), (4_000_000, False)]  # from where it stood
    wrong.get_by_role("button", name="Cancel").click()
    expect(wrong).to_have_count(0)
    expect(owners_page.locator("[data-row] .face img")).to_have_count(3)  # made ready meanwhile
    owners_page.locator("#items-0-caption").fill("The first")
    rows.nth(0).get_by_role("button", name=re.compile("Move down")).click()
    rows.nth(2).get_by_role("button", name=re.compile("Remove")).click()
    expect(owners_page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()
    owners_page.reload()
    expect(owners_page.locator("#items-1-caption")).to_have_value("The first")
    expect(rows).to_have_count(2)
    owners_page.get_by_role("button", name=re.compile("Bring back")).click()
    expect(rows).to_have_count(3)


def test_the_viewer_listens_to_keys_and_fingers_and_gives_the_focus_back(page: Page, album: dict[str, str]) -> None:
    page.goto("/albums/gallery/houses")
    tiles = page.locator("a[data-tile]")
    first, fourth = (tiles.nth(place).get_attribute("href") for place in (0, 3))
    tiles.nth(0).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(page).to_have_url(re.compile(f"{first}$"))
    expect(dialog.get_by_role("status")).to_have_text("1 of 5: Teal")
    expect(dialog.get_by_role("button", name="Previous")).to_be_disabled()
    for key, place in (("ArrowRight", 2), ("End", 5), ("ArrowLeft", 4), ("Home", 1), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(dialog.locator("[data-place]")).to_have_text(f"{place} of 5")
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "[document.body, ...document.querySelectorAll('dialog *')].includes(document.activeElement)"
        )
    box = dialog.locator("[data-stage]").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    for _ in range(3):
        page.mouse.move(300, middle + 150)
        page.mouse.down()
        page.mouse.move(80, middle + 160, steps=4)
        page.mouse.up()
    expect(dialog.get_by_role("status")).to_have_text("4 of 5: Picture 4 of “Houses”")
    page.mouse.dblclick(200, middle)
    expect(dialog.locator(".viewer-sheet")).to_have_attribute("style", re.compile(r"scale\(2\.5\)"))
    page.keyboard.press("0")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile("/albums/gallery/houses$"))
    expect(tiles.nth(3)).to_be_focused()
    page.go_forward()
    expect(dialog).to_be_visible()
    expect(page).to_have_url(re.compile(f"{fourth}$"))
    page.go_back()
    expect(dialog).to_have_count(0)


def test_nothing_is_loaded_from_elsewhere_before_a_tap_that_names_it(
    page: Page, live_server: Server, album: dict[str, str]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(
        "https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="<p>film</p>", content_type="text/html")
    )
    for path in ("/albums", "/albums/gallery", "/albums/gallery/houses"):
        page.goto(path, wait_until="networkidle")
    page.locator("a[data-tile]").nth(2).click()
    play = page.get_by_role("dialog").get_by_role("link", name="Play from youtube.com")
    expect(play).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    play.click()
    expect(page.frame_locator(".viewer iframe").get_by_text("film")).to_be_visible()
    assert [url.split("?")[0] for url in asked if not url.startswith((live_server.url, "data:"))] == [
        "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"
    ]
    page.keyboard.press("Escape")


def test_all_of_it_is_plain_pages_too(plain_page: Page, album: dict[str, str], cookies: Any) -> None:
    plain_page.goto("/albums")
    plain_page.get_by_role("link", name="Houses").click()
    plain_page.locator("a[data-tile]").first.click()
    expect(plain_page.locator("figcaption")).to_have_text("Teal")
    plain_page.get_by_role("link", name="Next").click()
    plain_page.get_by_role("link", name="Next").click()
    play = plain_page.get_by_role("link", name="Play from youtube.com")
    expect(play).to_have_attribute("href", "https://www.youtube.com/watch?v=aqz-KE-bpKQ")
    plain_page.get_by_role("link", name="Houses").click()
    plain_page.goto("/albums/gallery/compare")
    boxes = [one.bounding_box() for one in plain_page.locator(".gal-pair picture img").all()]
    before, after, *_ = (box for box in boxes if box)
    assert before["y"] == after["y"]
    assert before["x"] + before["width"] <= after["x"]
    plain_page.context.add_cookies(cookies)
    plain_page.goto(album["houses"])
    plain_page.get_by_role("button", name=re.compile("^Move down: Teal")).click()
    plain_page.get_by_role("button", name=re.compile("^Move up: Teal")).click()
    expect(plain_page.locator("#items-0-caption")).to_have_value("Teal")


def test_a_slider_moves_between_before_and_after_and_a_strip_by_buttons(page: Page, album: dict[str, str]) -> None:
    page.goto("/albums/gallery/compare")
    slider = page.get_by_role("slider")
    slider.fill("25")
    clip = page.evaluate("getComputedStyle(document.querySelectorAll('.gal-pair .gal-link')[1]).clipPath")
    assert clip == "inset(0px 0px 0px 25%)"
    page.goto("/albums/gallery/carousel")
    steps = page.locator(".gal-steps")
    expect(steps).to_contain_text("1 of 2")
    steps.get_by_role("button", name="Next").click()
    expect(steps).to_contain_text("2 of 2")


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_albums_has_a_fault(
    browser: Browser, live_server: Server, album: dict[str, str], cookies: Any, look: str
) -> None:
    context = browser.new_context(base_url=live_server.url, **LOOKS[look])
    context.add_cookies(cookies)
    page, faults = context.new_page(), []
    paths = {
        "light": ["/albums", "/albums/gallery/carousel", album["houses"]],
        "dark and right-to-left": ["/albums/gallery", "/albums/gallery/compare", album["albums"], album["empty"]],
    }
    for path in paths[look]:
        page.goto(path)
        faults += faults_of(page, path)
    page.goto("/albums/gallery/houses")
    tile = page.locator("a[data-tile]").nth(1)
    tile.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    faults += faults_of(page, "viewer")
    if look != "light":
        page.goto(str(tile.get_attribute("href")))
        faults += faults_of(page, "one picture")
    context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", ["/albums", "/albums/gallery/houses", "/albums/gallery/carousel"])
def test_nothing_moves_while_pictures_arrive(
    browser: Browser, live_server: Server, album: dict[str, str], path: str
) -> None:
    with visited(browser, live_server.url + path, is_mobile=True, has_touch=True, device_scale_factor=2) as visit:
        assert sum(visit.page.evaluate("window.shifts")) < 0.0005  # what Lighthouse, and everybody, rounds to 0.000
        assert visit.of("Document")[0].bytes < 14_000
        assert {one.content_type for one in visit.of("Image")} <= {"image/avif", "image/svg+xml", "image/webp"}
