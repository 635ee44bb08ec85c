"""The whole way by keyboard alone: no pointer is ever used."""

from __future__ import annotations

from pathlib import Path

import vobject
from playwright.sync_api import Page, expect

FOCUSED = """() => {
  const one = document.activeElement;
  const words = (one.getAttribute('aria-label') || one.textContent || '').trim().replace(/\\s+/g, ' ');
  const box = one.getBoundingClientRect();
  const bar = document.querySelector('.bar')?.getBoundingClientRect();
  const hidden = bar && !one.closest('.bar') && box.height && box.top > bar.top - 4;
  return {tag: one.tagName, name: one.getAttribute('name') || '', words, hidden: !!hidden};
}"""
MOST_STEPS = 120


def tab_to(page: Page, *, words: str = "", name: str = "") -> None:
    """Press Tab until the control has the focus; it must then be in view."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if (name and focused["name"] == name) or (words and focused["words"].startswith(words)):
            assert not focused["hidden"], f"{words or name} lies under the bar"
            return
    raise AssertionError(f"the keyboard does not reach {words or name}")


def write(page: Page, name: str, text: str) -> None:
    tab_to(page, name=name)
    page.keyboard.type(text)


def test_a_card_is_made_published_and_saved_by_keyboard_alone(wide_page: Page) -> None:
    page = wide_page
    page.goto("/")
    tab_to(page, words="Create your card")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    write(page, "display_name", "Ada by Keys")
    write(page, "title", "Analyst")
    tab_to(page, words="Phone and e-mail")
    page.keyboard.press("Enter")
    tab_to(page, words="Add a phone")
    page.keyboard.press("Enter")
    expect(page.locator("[name=phones-0-number]")).to_be_focused()
    page.keyboard.type("+33 6 12 34 56 78")
    tab_to(page, words="Add a phone")
    page.keyboard.press("Enter")
    page.keyboard.type("+44 20 7946 0018")
    expect(page.locator("[data-state-of-saving]")).to_contain_text("Saved", timeout=10_000)
    tab_to(page, words="Move down: +33")
    page.evaluate("document.activeElement.scrollIntoView({block: 'center'})")
    page.keyboard.press("Enter")
    expect(page.locator("[name=phones-0-number]")).to_have_value("+44 20 7946 0018")
    tab_to(page, words="Publish")
    page.keyboard.press("Enter")
    page.wait_for_url("**/publish")
    write(page, "email", "keys@example.org")
    write(page, "password", "lantern brook 7 violins")
    page.keyboard.press("Enter")
    page.wait_for_url("**/published")
    page.goto("/ada-by-keys")
    tab_to(page, words="Save contact")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    card = vobject.readOne(Path(download.value.path()).read_text(encoding="utf-8"))
    assert card.fn.value == "Ada by Keys"
    assert [tel.value for tel in card.contents["tel"]] == ["+442079460018", "+33612345678"]
