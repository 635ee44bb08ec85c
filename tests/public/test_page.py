"""The page of a card: what stands on it, what it weighs, what cannot happen in it."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.assets import STATIC
from vcardapp.cards.content import Address, Content, Email, Hours, Link, Phone, Span, SpecialDay, Website
from vcardapp.cards.models import Card
from vcardapp.cards.networks import NETWORKS
from vcardapp.cards.pictures import SORTS, store_picture
from vcardapp.cards.service import publish_card
from vcardapp.images import canvas, to_png
from vcardapp.public.page import card_context

SCHEMES = {"https", "http", "mailto", "tel", "sms", "xmpp", "viber", "facetime", "matrix", "geo", "nostr", "briar"}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\' onmouseover=alert(1) '


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def unfinished() -> list[Content]:
    """Drafts as they stand half typed."""
    return [
        Content(),
        Content(display_name=" "),
        Content(display_name="\u202e"),
        Content(phones=(Phone(""), Phone("abc"), Phone("12"), Phone("+" * 50, "nonsense", "??"))),
        Content(emails=(Email(""), Email("@"), Email("a b@c"))),
        Content(addresses=(Address(), Address(street="\n\n"), Address(city="x" * 500))),
        Content(websites=(Website(""), Website("javascript:alert(1)"), Website("http://["), Website("x", label="L"))),
        Content(links=(Link(), Link("nope", "x"), Link("instagram", "/// "), Link("whatsapp", "abc"), Link("x", ""))),
        Content(birthday="soon", time_zone="Mars/Base", language="??", country="??"),
        Content(birthday="--13-45", time_zone="../../etc/passwd"),
        Content(hours=Hours(((Span("9", "x"), Span("", ""), Span("25:00", "24:00")),) * 7)),
        Content(hours=Hours(exceptions=(SpecialDay("x"), SpecialDay("2030-02-30"), SpecialDay("2030-12-24")))),
        Content(hours=Hours((), ())),
        Content(about="[x](javascript:alert(1)) <b onclick=x>", photo="gone", logo="gone", cover="gone"),
    ]


@pytest.mark.parametrize("content", unfinished())
def test_an_unfinished_draft_can_be_previewed(app: Flask, content: Content) -> None:
    with app.test_request_context("/"):
        page = render_template("public/card.html", **card_context(content, "", "", preview=True))
    assert "javascript:" not in " ".join(str(tag.get("href")) for tag in Tags(page).all("a"))


def test_what_a_card_says_is_text_and_never_markup(client: FlaskClient, alice: User) -> None:
    texts = ("display_name", "given", "family", "nickname", "phonetic_given", "pronouns", "headline", "title", "company")
    texts += ("department", "role", "about", "note", "photo_alt")
    factories.published_card(
        alice,
        **dict.fromkeys(texts, HOSTILE),
        phones=(Phone(HOSTILE),),
        emails=(Email(HOSTILE),),
        addresses=(Address(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        websites=(Website(HOSTILE, label=HOSTILE), Website('https://a.example/"onmouseover=1')),
        links=tuple(Link(key, HOSTILE, HOSTILE) for key in NETWORKS),
        hours=Hours(((Span("09:00", "17:00"),),) * 7, (SpecialDay("2030-01-01", (), HOSTILE),)),
    )
    page = Tags(client.get("/ada").text)
    data, *scripts = page.all("script")
    assert data["type"] == "application/ld+json"
    assert all(tag.get("type") == "module" and str(tag.get("src")).startswith("/static/") for tag in scripts)
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.tags for name in attributes)
    assert not any(tag.get("src") == "x" for tag in page.all("img"))
    assert "49" not in client.get("/ada").text.partition("<body")[2].partition("</h1>")[0].rpartition("<h1")[2]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:x",
     "data:text/html,<script>", "vbscript:x", "//evil.example", "file:///etc/passwd", "blob:x", "about:blank"],
)  # fmt: skip
def test_every_address_on_a_page_has_an_allowed_scheme(client: FlaskClient, alice: User, url: str) -> None:
    links = tuple(Link(key, url) for key in NETWORKS)
    factories.published_card(alice, websites=(Website(url),), links=links, about=f"[x]({url}) <{url}>")
    for link in Tags(client.get("/ada").text).all("a"):
        href = str(link["href"])
        assert href.startswith(("/", "?")) or href.partition(":")[0] in SCHEMES, href
        assert not href.startswith("//")


def test_profiles_and_free_links_say_whose_they_are(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, about="[here](https://elsewhere.example/)")
    links = {str(link.get("href")): link.get("rel") for link in Tags(client.get("/ada").text).all("a")}
    assert links["https://www.linkedin.com/in/ada-example/"] == "me noopener"
    assert links["https://engines.example.org/"] == "noopener nofollow ugc"
    assert links["https://elsewhere.example/"] == "noopener nofollow ugc"


def test_a_card_is_small_and_asks_nobody_else(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, **{name: getattr(factories.tricky_content(), name) for name in ("about", "hours")})
    answer = client.get("/ada", headers={"Accept-Encoding": "gzip"})
    page = gzip.decompress(answer.data).decode()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= 14_000
    data, *scripts = Tags(page).all("script")
    assert "src" not in data
    fetched = [tag.get("src") for tag in (*scripts, *Tags(page).all("img"))]
    fetched += [tag["href"] for tag in Tags(page).all("link") if tag["rel"] in ("icon", "stylesheet")]
    eager = [url for url in fetched if not str(url).endswith("qr.svg")]
    assert all(str(url).startswith("/") for url in fetched)
    assert 1 + len(eager) <= 5
    script = (STATIC / "js" / "public.js").read_text(encoding="utf-8")
    assert [str(tag["src"]).rpartition("/")[2] for tag in scripts] == ["public.js"]
    assert len(script) <= 6_000
    assert "import" not in script


def test_pictures_come_in_the_form_and_size_that_a_browser_can_best_use(client: FlaskClient, alice: User) -> None:
    card = factories.published_card(alice)
    png = to_png(canvas(1000, 500, "#1d663a"))
    card.draft = replace(card.draft, **{sort: store_picture(card, sort, png).id for sort in SORTS})
    publish_card(card, reserved=frozenset())
    page = Tags(client.get("/ada").text)
    images = [image for image in page.all("img") if "vc-code" not in str(image["class"])]
    forms = [str(source["type"]) for source in page.all("source")]
    assert [image["class"] for image in images] == ["vc-cover", "vc-photo u-photo", "u-logo"]
    assert [image.get("fetchpriority") for image in images] == ["high", "high", None]
    assert forms == ["image/avif", "image/webp"] * 3
    assert all(str(image["width"]).isdigit() and str(image["height"]).isdigit() for image in images)
    offered = [(str(image["src"]), "image/jpeg") for image in images]
    for source, form in zip(page.all("source"), forms, strict=True):
        offered += [(part.split()[0], form) for part in str(source["srcset"]).split(", ")]
    for url, form in offered:
        assert client.get(url).content_type == form


def test_a_hundred_links_still_make_one_page(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, links=tuple(Link("instagram", f"ada{number}") for number in range(100)))
    answer = client.get("/ada", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) <= 14_000


def test_the_page_is_told_apart_by_language_and_never_stored_by_others(client: FlaskClient, ada: Card) -> None:
    headers = client.get("/ada").headers
    assert headers["Cache-Control"] == "no-cache"
    assert set(headers["Vary"].replace(" ", "").split(",")) >= {"Accept-Language", "Accept-Encoding", "Cookie"}


@pytest.mark.parametrize(
    ("accepted", "shown"), [("en-GB", "09:00 – 17:00"), ("en-US", "9:00\u202fAM – 5:00\u202fPM"), ("fr", "AM")]
)
def test_hours_are_written_as_the_visitor_writes_them(
    client: FlaskClient, alice: User, accepted: str, shown: str
) -> None:
    factories.published_card(alice, hours=Hours((factories.WORKDAY,) * 5 + ((), ())))
    assert shown in client.get("/ada", headers={"Accept-Language": accepted}).text


def test_arabic_runs_from_right_to_left_and_numbers_do_not(client: FlaskClient, ada: Card) -> None:
    page = client.get("/ada", headers={"Accept-Language": "ar"}).text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<bdi dir="ltr" class="p-tel">+44 20 7946 0018</bdi>' in page


def test_the_owners_words_are_marked_with_their_language_where_it_is_another(client: FlaskClient, alice: User) -> None:
    own = Link("website", "https://example.org/shop", "オンラインショップ"), Link("instagram", "yamada.kama")
    factories.published_card(alice, display_name="山田太郎", language="ja", about="小さな窯", links=own)
    page = client.get("/ada", headers={"Accept-Language": "en"}).text
    assert '<div class="vc-text" lang="ja">' in page
    assert '<bdi lang="ja">オンラインショップ</bdi>' in page
    assert re.search(r'<bdi[^>]*>@?yamada\.kama</bdi>', page)[0].count("lang=") == 0  # type: ignore[index]
    factories.published_card(alice, "same", display_name="Ada", language="en", links=own)
    same = client.get("/same", headers={"Accept-Language": "en"}).text
    assert 'lang="' not in same.partition("<body")[2].partition("<footer")[0]


def test_the_page_names_itself_for_previews_and_searches(client: FlaskClient, ada: Card) -> None:
    page = Tags(client.get("/ada").text)
    said = {str(tag.get("property") or tag.get("name")): tag.get("content") for tag in page.all("meta")}
    assert said["og:title"] == "Ada Lovelace – Analyst, Engines Ltd"
    assert said["og:url"] == "http://localhost/ada"
    assert said["og:type"] == "profile"
    assert "robots" not in said
    assert "maximum-scale" not in str(said["viewport"])


def test_what_needs_script_is_hidden_without_it(client: FlaskClient, ada: Card) -> None:
    for button in Tags(client.get("/ada").text).all("button"):
        assert "hidden" in button


def test_every_picture_has_its_size_and_a_text(client: FlaskClient, ada: Card) -> None:
    for picture in Tags(client.get("/ada").text).all("img"):
        assert {"width", "height", "alt"} <= set(picture)


def test_bidi_overrides_and_towers_of_marks_stay_out_of_the_page(client: FlaskClient, alice: User) -> None:
    factories.published_card(alice, display_name="abc\u202edef" + "Z" + "\u0301\u0302\u0303\u0304" * 9)
    page = unescape(client.get("/ada").text)
    assert "\u202e" not in page
    assert not re.search("[\u0300-\u036f]{5}", re.sub("(?s)<script.*?</script>", "", page))


def test_the_page_to_hold_up_says_when_the_address_works_here_only(client: FlaskClient, ada: Card) -> None:
    page = client.get("/ada/qr").text
    assert "HOST=0.0.0.0 make run" in page
    assert f"http://localhost/u/{ada.code}" in page
    assert 'aria-label="QR code that opens the card of Ada Lovelace"' in page


def test_a_preview_has_no_script_and_leads_nowhere(app: Flask) -> None:
    with app.test_request_context("/"):
        page = Tags(render_template("public/card.html", **card_context(factories.content(), "ada", "ABC123", preview=True)))
    assert not page.all("script")
    assert not any(str(link["href"]).endswith(".vcf") for link in page.all("a"))
