"""The look of a card in a real browser: themes shown by the card itself, colours mended and said so, also without script."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import OPTIONS as RULES
from tests.browser.test_editor import announced, begin, open_section, reload_when_saved, wait_until_saved
from tests.browser.test_editor import card as card  # noqa: PLC0414 - the fixture
from tests.browser.test_editor import only_page as only_page  # noqa: PLC0414 - the fixture
from tests.browser.test_editor import page as page  # noqa: PLC0414 - the fixture

YELLOW = "We darkened your yellow for text, so that it can be read on your background."


def opened(page: Page, title: str) -> None:
    page.locator("#design .rare > summary", has_text=title).click()


def in_preview(page: Page) -> str:
    """Return the classes of the card beside or behind the form."""
    address = page.url.split("/edit")[0] + "/preview"
    return page.request.get(address).text().split('<div class="card-page ')[1].split('"')[0]


def test_only_pictures_in_view_are_loaded_and_a_theme_is_chosen_by_a_tap(card: Page) -> None:
    asked: list[str] = []
    card.on("request", lambda request: asked.append(request.url) if "theme=" in request.url else None)
    open_section(card, "design")
    gallery = card.locator("theme-gallery")
    gallery.locator("iframe").first.wait_for()
    card.wait_for_timeout(300)
    total = gallery.locator(".theme").count()
    assert 0 < len(asked) < total
    gallery.get_by_role("radio", name="Harbour").check()
    wait_until_saved(card)
    assert "t-harbour" in in_preview(card)
    expect(card.locator("[data-state=design]")).to_have_text("Harbour")
    frame = card.frame_locator("theme-gallery [data-src$='=salon'] iframe")
    expect(frame.locator(".card-page.t-salon h1")).to_be_attached()
    card.get_by_role("radio", name="Salon").focus()
    card.keyboard.press("ArrowLeft")
    expect(card.get_by_role("radio", name="Paper")).to_be_checked()
    reload_when_saved(card)
    expect(card.get_by_role("radio", name="Paper", include_hidden=True)).to_be_checked()


def test_a_yellow_too_light_for_text_is_darkened_and_said_so(card: Page) -> None:
    open_section(card, "design")
    opened(card, "Colours")
    field = card.get_by_role("textbox", name="Text", exact=True)
    field.fill("#fe0")
    note = card.locator("#design-text-note")
    expect(note).to_contain_text("We darkened your yellow for text")
    expect(card.get_by_label("Pick a colour: Text")).to_have_value("#ffee00")
    field.fill("#fe0x")
    field.blur()
    expect(card.locator("#design-text-error")).to_contain_text("no colour we can read")
    expect(field).to_have_value("#fe0x")
    card.get_by_label("Pick a colour: Background").fill("#ffffff")
    field.fill("#ffe000")
    expect(card.locator("#design-text-error")).to_be_empty()
    expect(note).to_contain_text(YELLOW)
    reload_when_saved(card)
    expect(card.locator("#design-text-note")).to_contain_text(YELLOW)
    open_section(card, "design")
    card.get_by_role("button", name="Theme’s own: Text").click()
    expect(card.locator("#design-text-note")).to_be_empty()
    expect(card.get_by_role("textbox", name="Text", exact=True)).to_be_focused()
    field.fill("#ffe000")
    wait_until_saved(card)
    card.goto(card.url.split("/edit")[0] + "/preview")
    ink = card.locator("h1").evaluate("heading => getComputedStyle(heading).color")
    red, green, blue = (int(part) for part in re.findall(r"\d+", ink))
    assert red > 1.1 * blue  # still a yellow
    assert max(red, green) < 140


def test_parts_of_the_card_move_by_key_and_say_where_they_are(card: Page) -> None:
    open_section(card, "design")
    opened(card, "Order of the parts")
    card.get_by_role("button", name="Move Links by dragging or with the arrow keys").focus()
    for place in range(5, 0, -1):
        card.keyboard.press("ArrowUp")
        assert announced(card) == f"Links, now {place} of 9"
    reload_when_saved(card)
    open_section(card, "design")
    assert card.locator("#design .item-kind").all_inner_texts()[:2] == ["Links", "Phone, e-mail and addresses"]


def test_the_section_has_no_fault_and_room_for_fingers(card: Page) -> None:
    open_section(card, "design")
    for summary in card.locator("#design .rare:not([open]) > summary").all()[::-1]:
        summary.click()
    card.locator("#design-text").fill("#ffee00")
    expect(card.locator("#design-text-note")).not_to_be_empty()
    for scheme, width in (("dark", 320), ("light", 390)):  # and is the phone that it was
        card.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        card.set_viewport_size({"width": width, "height": 844})
        found = Axe().run(card, context="#design", options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        assert card.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = card.eval_on_selector_all(
            "#design :is(button, summary, .tile, input[type=text], input[type=color])",
            "all => all.map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])"
            ".filter(([, height]) => height > 0 && height < 48)",
        )
        assert small == []


def test_without_script_a_theme_and_a_colour_are_saved(plain_page: Page) -> None:
    begin(plain_page)
    open_section(plain_page, "design")
    plain_page.get_by_role("radio", name="Salon").check()
    opened(plain_page, "Colours")
    plain_page.get_by_role("textbox", name="Text", exact=True).fill("#ffe000")
    expect(plain_page.get_by_label("Pick a colour: Text")).to_be_hidden()
    plain_page.fill("#display_name", "Ada")
    plain_page.get_by_role("button", name="Save", exact=True).last.click()
    plain_page.wait_for_url("**saved=1**")
    assert "t-salon" in in_preview(plain_page)
    expect(plain_page.locator("#design-text-note")).to_contain_text("We darkened your yellow for text")
    expect(plain_page.locator("theme-gallery iframe")).to_have_count(0)
    open_section(plain_page, "design")
    plain_page.get_by_role("button", name="Show my card in every theme").click()
    expect(plain_page.frame_locator("noscript iframe").last.locator("h1")).to_have_text("Ada")
