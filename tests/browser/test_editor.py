"""The editor in a real browser: nothing typed is lost, rows move for everybody, pictures are cut, also without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from vcardapp.images import canvas, to_png

SAVED = re.compile(r"Saved \d")


@pytest.fixture(scope="module")
def only_page(only_phone: BrowserContext) -> Page:
    """One page for all tests of a file: no new process, and what was loaded once is there."""
    return only_phone.new_page()


@pytest.fixture
def page(only_phone: BrowserContext, only_page: Page) -> Iterator[Page]:
    """That page in the hands of somebody else; nothing may go wrong in its scripts."""
    wrong: list[str] = []

    def note(error: Error) -> None:
        wrong.append(str(error))

    only_page.on("pageerror", note)
    yield only_page
    only_page.remove_listener("pageerror", note)
    for page in only_phone.pages:
        if page is not only_page:
            page.close()
    only_page.unroute_all()
    only_phone.set_offline(False)
    only_phone.clear_cookies()
    only_phone.clear_permissions()
    assert not wrong


@pytest.fixture
def card(page: Page) -> Page:
    """A new card in the editor, on a phone."""
    begin(page)
    page.wait_for_function("() => customElements.get('sortable-list')")
    return page


def begin(page: Page, start: str = "empty") -> None:
    """Press the button of the front page, without the front page."""
    made = page.request.post("/new", form={"start": start}, max_redirects=0)
    page.goto(made.headers["location"])


def open_section(page: Page, key: str) -> None:
    section = page.locator(f"#{key}")
    if section.get_attribute("open") is None:
        section.locator("> summary").click()


def wait_until_saved(page: Page) -> None:
    """Wait until what was just typed is on the server."""
    page.wait_for_function("() => !document.querySelector('card-editor').isDirty")
    expect(page.locator("[data-state-of-saving]")).to_have_text(SAVED)


def add_phones(page: Page, *numbers: str) -> None:
    open_section(page, "reach")
    for number in numbers:
        page.get_by_role("button", name="Add a phone").click()
        page.locator("[name^=phones-][name$=-number]").last.fill(number)


def phones(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("[name^=phones-][name$=-number]").all()]


def announced(page: Page) -> str:
    page.wait_for_timeout(120)  # the live region is filled a moment later, so that it is read
    return page.locator("body > [aria-live]").text_content() or ""


def reload_when_saved(page: Page) -> None:
    wait_until_saved(page)
    page.reload()


def test_what_was_typed_is_there_after_a_reload(card: Page) -> None:
    card.fill("#display_name", "Ada Lovelace")
    card.fill("#title", "Analyst")
    reload_when_saved(card)
    expect(card.locator("#display_name")).to_have_value("Ada Lovelace")
    expect(card.locator("#title")).to_have_value("Analyst")


def test_leaving_at_once_loses_nothing(card: Page) -> None:
    card.fill("#display_name", "Typed and gone")
    card.reload()
    expect(card.locator("#display_name")).to_have_value("Typed and gone")


def test_what_was_typed_before_the_scripts_came_is_saved(card: Page) -> None:
    wait_until_saved(card)
    held: list[Route] = []
    card.route("**/card-editor*.js", lambda route: held.append(route))  # a slow network
    card.reload(wait_until="commit")
    card.fill("#display_name", "Typed early")
    while not held:
        card.wait_for_timeout(50)
    held[0].continue_()
    card.unroute("**/card-editor*.js")
    card.wait_for_function("() => customElements.get('card-editor')")
    reload_when_saved(card)
    expect(card.locator("#display_name")).to_have_value("Typed early")


def test_what_could_not_be_sent_is_sent_when_the_network_is_back(card: Page) -> None:
    wait_until_saved(card)
    card.context.set_offline(True)
    card.fill("#display_name", "Written in a tunnel")
    expect(card.locator("[data-state-of-saving]")).to_have_text("Not saved, will try again")
    card.context.set_offline(False)
    reload_when_saved(card)
    expect(card.locator("#display_name")).to_have_value("Written in a tunnel")


def test_a_second_window_is_told_and_nothing_is_lost(card: Page) -> None:
    card.fill("#display_name", "First")
    wait_until_saved(card)
    other = card.context.new_page()
    other.goto(card.url)
    other.fill("#display_name", "Second")
    wait_until_saved(other)
    card.fill("#title", "Typed in the first window")
    expect(card.locator("[data-banner]")).to_contain_text("changed in another window")
    expect(card.locator("#title")).to_have_value("Typed in the first window")
    card.get_by_role("button", name="Keep mine").click()
    reload_when_saved(card)
    expect(card.locator("#display_name")).to_have_value("First")
    card.goto(card.url.replace("/edit", "/versions"))
    expect(card.locator(".versions-list")).to_contain_text("Second")


def test_a_removed_row_comes_back_to_its_place(card: Page) -> None:
    add_phones(card, "+33612345678", "+442079460018", "+4915112345678")
    card.get_by_role("button", name="Remove: +442079460018").click()
    assert phones(card) == ["+33612345678", "+4915112345678"]
    undo = card.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.click()
    assert phones(card) == ["+33612345678", "+442079460018", "+4915112345678"]
    expect(card.get_by_role("button", name="Remove: +442079460018")).to_be_focused()
    assert "is back" in announced(card)
    reload_when_saved(card)
    assert phones(card) == ["+33612345678", "+442079460018", "+4915112345678"]


def test_rows_move_by_button_and_by_key_and_say_where_they_are(card: Page) -> None:
    add_phones(card, "+33612345678", "+442079460018", "+4915112345678")
    down = card.get_by_role("button", name="Move down: +33612345678")
    down.click()
    assert phones(card) == ["+442079460018", "+33612345678", "+4915112345678"]
    assert announced(card) == "+33612345678, now 2 of 3"
    expect(down).to_be_focused()
    card.get_by_role("button", name=re.compile(r"Move \+33612345678 by dragging")).focus()
    card.keyboard.press("ArrowDown")
    assert announced(card) == "+33612345678, now 3 of 3"
    reload_when_saved(card)
    assert phones(card) == ["+442079460018", "+4915112345678", "+33612345678"]


def test_rows_move_by_dragging(card: Page) -> None:
    add_phones(card, "+33612345678", "+442079460018")
    grip = card.get_by_role("button", name=re.compile(r"Move \+442079460018 by dragging"))
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    card.mouse.move(box["x"] + 8, box["y"] + 20)
    card.mouse.down()
    card.mouse.move(box["x"] + 8, box["y"] - 160, steps=8)
    card.mouse.up()
    assert phones(card) == ["+442079460018", "+33612345678"]
    assert announced(card) == "+442079460018, now 1 of 2"


def test_a_hidden_row_is_kept_but_not_shown(card: Page) -> None:
    add_phones(card, "+33612345678")
    card.get_by_role("switch", name="Hide: +33612345678").check()
    wait_until_saved(card)
    card.goto(card.url.replace("/edit", "/preview"))
    assert "12 34 56 78" not in card.content()


def test_the_paste_box_knows_what_it_is_given(card: Page) -> None:
    for pasted, name, value, network in (
        ("https://wa.me/33612345678", "links-0-handle", "+33612345678", "whatsapp"),
        ("https://www.instagram.com/ada/?hl=de", "links-1-handle", "ada", "instagram"),
        ("https://maps.app.goo.gl/AbCdEf123", "websites-0-url", "https://maps.app.goo.gl/AbCdEf123", ""),
        ("mailto:ada@example.org", "emails-0-address", "ada@example.org", ""),
        ("+33 6 12 34 56 78", "phones-0-number", "+33 6 12 34 56 78", ""),
    ):
        card.evaluate("document.querySelector('body > [aria-live]')?.replaceChildren()")
        open_section(card, "links")
        card.fill("#paste", pasted)
        card.keyboard.press("Enter")
        expect(card.locator(f"[name={name}]")).to_have_value(value)
        if network:
            expect(card.locator(f"[name={name.replace('handle', 'network')}]")).to_have_value(network)
            expect(card.locator(f"#{name}-note a")).to_have_text("Try it")
        assert "Added to" in announced(card)


def test_the_paste_box_declines_skype_and_asks_about_a_bare_name(card: Page) -> None:
    open_section(card, "links")
    card.fill("#paste", "skype:ada?call")
    card.keyboard.press("Enter")
    expect(card.locator("#paste-error")).to_contain_text("Skype was closed")
    expect(card.locator("#paste")).to_have_value("skype:ada?call")
    card.fill("#paste", "@ada")
    card.keyboard.press("Enter")
    expect(card.locator("[name=links-0-handle]")).to_have_value("@ada")
    expect(card.locator("[name=links-0-network]")).to_be_focused()


def test_a_wrong_number_is_named_beside_its_field_and_kept(card: Page) -> None:
    add_phones(card, "not a number")
    card.keyboard.press("Tab")
    field = card.locator("[name=phones-0-number]")
    expect(card.locator("#phones-0-number-error")).to_contain_text("Add the country code")
    assert "phones-0-number-error" in (field.get_attribute("aria-describedby") or "")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("not a number")
    field.fill("+33 6 12 34 56 78")
    expect(card.locator("#phones-0-number-error")).to_be_empty()


def test_a_refused_picture_loses_no_text(card: Page, tmp_path: Path) -> None:
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    card.fill("#display_name", "Kept")
    open_section(card, "pictures")
    card.set_input_files("#photo_file", tmp_path / "drawing.svg")
    expect(card.locator("#photo-error")).not_to_be_empty()
    expect(card.locator("#display_name")).to_have_value("Kept")
    reload_when_saved(card)
    expect(card.locator("#display_name")).to_have_value("Kept")


def test_a_picture_is_sent_cut_by_keys_removed_and_brought_back(card: Page, tmp_path: Path) -> None:
    (tmp_path / "me.png").write_bytes(to_png(canvas(600, 400, "#cb3408")))
    open_section(card, "pictures")
    card.set_input_files("#photo_file", tmp_path / "me.png")
    stage = card.locator("dialog [data-stage]")
    expect(stage).to_be_focused()
    for key in ("+", "+", "ArrowRight", "ArrowUp"):
        card.keyboard.press(key)
    expect(card.locator("dialog [data-say]")).not_to_be_empty()
    assert float(card.locator("dialog [name=size]").input_value()) == 90
    assert float(card.locator("dialog [name=x]").input_value()) == 48
    whole = card.locator(".is-photo img").get_attribute("src")
    card.get_by_role("button", name="Use this part").click()
    expect(card.locator("dialog")).to_have_count(0)
    expect(card.locator(".is-photo img")).not_to_have_attribute("src", whole or "")
    card.get_by_role("button", name="Remove the photo").click()
    expect(card.locator(".is-photo img")).to_have_count(0)
    card.get_by_role("button", name="Undo").click()
    expect(card.locator(".is-photo img")).to_have_count(1)
    card.fill("#photo_alt", "Me")
    reload_when_saved(card)
    expect(card.locator(".is-photo img")).to_have_count(1)


def test_monday_is_copied_to_the_weekdays(card: Page) -> None:
    open_section(card, "hours")
    card.fill("[name=week-0-spans-0-start]", "09:00")
    card.fill("[name=week-0-spans-0-end]", "17:30")
    card.get_by_role("button", name="Copy Monday").click()
    expect(card.locator("[name=week-4-spans-0-end]")).to_have_value("17:30")
    expect(card.locator("[name=week-5-spans-0-end]")).to_have_value("")
    expect(card.locator("[data-state=hours]")).to_have_text("Mon – Fri 09:00–17:30")


def test_a_tap_on_the_living_card_opens_its_field(wide_page: Page) -> None:
    begin(wide_page)
    wide_page.get_by_role("button", name="Person").click()
    wide_page.wait_for_url("**/edit")
    living = wide_page.frame_locator("iframe.living").first
    living.locator("[data-part=headline]").click()
    expect(wide_page.locator("#headline")).to_be_focused()
    wide_page.locator("#headline").fill("Seen at once")
    expect(wide_page.frame_locator("iframe.living").last.locator("[data-part=headline]")).to_have_text("Seen at once")
    wide_page.frame_locator("iframe.living").last.locator("a[href^='tel:']").click()
    expect(wide_page.locator("[name=phones-0-number]")).to_be_focused()


def test_one_section_is_open_at_a_time_but_never_closed_over_an_error(card: Page) -> None:
    add_phones(card, "not a number")
    card.keyboard.press("Tab")
    expect(card.locator("#phones-0-number-error")).not_to_be_empty()
    open_section(card, "links")
    open_section(card, "text")
    opened = [section.get_attribute("id") for section in card.locator(".section[open]").all()]
    assert opened == ["reach", "text"]


def test_the_address_is_checked_while_it_is_typed(card: Page) -> None:
    open_section(card, "address")
    card.fill("#slug", "login")
    expect(card.locator("[data-answer]")).to_contain_text("used by the site itself")
    card.fill("#slug", "surely-nobody-has-this")
    expect(card.locator("[data-answer]")).to_have_text("This address is free.")


def test_nothing_scrolls_sideways_on_the_narrowest_phone(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    begin(page, "shop")
    page.fill("#display_name", "Wolfeschlegelsteinhausenbergerdorff" * 2)
    for key in ("name", "pictures", "reach", "links", "places", "text", "hours", "more", "address"):
        open_section(page, key)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, key


def test_a_guest_publishes_with_a_double_click(card: Page) -> None:
    card.fill("#display_name", "Guest of Honour")
    card.locator(".bar button[value=publish]").dblclick()
    card.wait_for_url("**/publish")
    card.fill("[name=email]", "guest@example.org")
    card.fill("[name=password]", "lantern brook 7 violins")
    card.get_by_role("button", name="Publish the card").dblclick()
    card.wait_for_url("**/published")
    expect(card.locator(".moment-code svg")).to_be_visible()
    card.goto("/guest-of-honour")
    expect(card.locator("h1")).to_have_text("Guest of Honour")


def test_publishing_without_a_name_says_what_is_missing(card: Page) -> None:
    card.fill("#title", "Nameless")
    card.locator(".bar button[value=publish]").click()
    expect(card.locator(".error-summary")).to_contain_text("Please type the name")
    expect(card.locator("#display_name-error")).to_contain_text("Please type the name")
    card.locator(".error-summary a").first.click()
    expect(card.locator("#display_name")).to_be_focused()


def test_somebody_signed_out_is_told_and_keeps_the_text(card: Page) -> None:
    wait_until_saved(card)
    cookies = card.context.cookies()
    card.context.clear_cookies()
    card.fill("#display_name", "Still here")
    expect(card.locator("[data-banner]")).to_contain_text("no longer signed in")
    card.context.add_cookies(cookies)  # type: ignore[arg-type]
    card.get_by_role("button", name="Then load this page again").click()
    expect(card.locator("#display_name")).to_have_value("Still here")


def test_the_whole_form_works_without_script(plain_page: Page) -> None:
    page = plain_page
    begin(page)
    page.fill("#display_name", "Plain Jane")
    page.locator(".bar button[value=save]").click()
    page.locator("#reach > summary").click()
    for number in ("+33612345678", "+442079460018"):
        page.get_by_role("button", name="Add a phone").click()
        page.locator("[name^=phones-][name$=-number]").last.fill(number)
    page.locator(".bar button[value=save]").click()
    page.locator("#reach > summary").click()
    page.get_by_role("button", name="Move up: +442079460018").click()
    assert phones(page) == ["+442079460018", "+33612345678"]
    page.get_by_role("button", name="Remove: +33612345678").click()
    assert phones(page) == ["+442079460018"]
    page.get_by_role("button", name="Undo").click()
    page.locator("#reach > summary").click()
    assert phones(page) == ["+442079460018", "+33612345678"]
    page.locator("#links > summary").click()
    page.fill("#paste", "https://www.instagram.com/jane/")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("[name=links-0-network]")).to_have_value("instagram")
    expect(page.locator("#display_name")).to_have_value("Plain Jane")


def test_a_picture_is_sent_and_cut_without_script(plain_page: Page, tmp_path: Path) -> None:
    (tmp_path / "me.png").write_bytes(to_png(canvas(600, 400, "#cb3408")))
    page = plain_page
    begin(page)
    page.fill("#display_name", "Plain Picture")
    page.locator("#pictures > summary").click()
    page.set_input_files("#photo_file", tmp_path / "me.png")
    page.locator(".bar button[value=save]").click()
    page.locator("#pictures > summary").click()
    page.get_by_role("link", name="Crop").first.click()
    page.get_by_role("button", name="Use this part").click()
    page.wait_for_url("**/edit?*")
    expect(page.locator(".is-photo img")).to_have_count(1)


def test_what_phones_will_keep_is_said_while_typing(card: Page) -> None:
    card.fill("#display_name", "Ada; Countess")
    expect(card.locator("[data-state=kept]")).to_have_text("1 thing a little differently")
    open_section(card, "kept")
    expect(card.locator("[data-kept] .row-title")).to_have_text("Ada, Countess")
    expect(card.locator("[data-kept] .row-note")).to_have_text("Display name, as typed: Ada; Countess")
    card.fill("#display_name", "Ada")
    expect(card.locator("[data-kept]")).to_be_hidden()
    expect(card.locator("[data-state=kept]")).to_have_text("All as you typed it")


def test_event_links_are_made_without_script(plain_page: Page) -> None:
    begin(plain_page)
    plain_page.get_by_role("link", name="Event links").click()
    plain_page.get_by_role("button", name="Make the link").click()
    expect(plain_page.locator("#title-error")).to_contain_text("Please give it a name")
    plain_page.get_by_label("What is it called?").fill("Expo 26")
    plain_page.get_by_label("Which day?").fill("2030-06-03")
    plain_page.get_by_role("button", name="Make the link").click()
    expect(plain_page.locator(".event.is-made")).to_contain_text("3 June 2030")
    plain_page.get_by_role("button", name="It is over: Expo 26").click()
    plain_page.get_by_role("button", name="Remove: Expo 26").click()
    expect(plain_page.locator(".event")).to_have_count(0)
