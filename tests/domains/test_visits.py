"""What visitors see at somebody's own domain: that person's cards, and nothing that needs a session."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.dns_server import NameServer
from tests.domains.cast import NAME, answering, verified, visit
from tests.test_access import full_card
from vcardapp.accounts.models import User
from vcardapp.cards import card_codes, service
from vcardapp.cards.models import Card
from vcardapp.domains import service as domains

GATED = {"GET", "HEAD", "POST"}


@pytest.fixture
def ada(app: Flask, alice: User) -> Card:
    """Alice's card, with a picture, and a code of its own that is named."""
    return service.publish_card(full_card(alice, "ada"), frozenset())


@pytest.fixture
def bobs(app: Flask, bob: User) -> Card:
    return service.publish_card(full_card(bob, "bob"), frozenset())


def files_of(card: Card) -> list[str]:
    """Every address that shows something of a card."""
    sorts = ["", ".vcf", ".jcard", "/qr", "/qr.svg", "/qr.png", "/qr.pdf", "/qr-contact", "/qr-contact.svg", "/preview-x.jpg"]
    codes = [f"/u/{card.code}{sort}" for sort in ("", "/qr", "/qr.svg", "/qr.png", "/qr.pdf")]
    return [*(f"/{card.slug}{sort}" for sort in sorts), *codes, f"/U/{card.code}", f"/media/{card.draft.photo}/m.webp"]


def test_a_domain_shows_its_owners_cards_and_nobody_elses(
    app: Flask, name_server: NameServer, alice: User, ada: Card, bobs: Card
) -> None:
    verified(name_server, alice, card=ada)
    for path in files_of(ada):
        here, there = visit(app, path), visit(app, path, "localhost")
        assert here.status_code == there.status_code == 200, path
        is_page = here.mimetype == "text/html"  # with a link to the site's first page
        assert is_page or here.data == there.data, path
    for path in files_of(bobs):
        assert visit(app, path).status_code == 404, path
        assert visit(app, path, "localhost").status_code == 200, path


def test_each_card_stands_in_the_sitemap_of_the_host_where_it_lives(
    app: Flask, name_server: NameServer, alice: User, ada: Card, bobs: Card
) -> None:
    factories.published_card(alice, "hidden", unlisted=True)
    answering(name_server, alice)

    def listed(host: str, path: str) -> list[str]:
        return re.findall("<loc>(.*?)</loc>", visit(app, path, host).get_data(as_text=True))

    assert listed(NAME, "/sitemap.xml") == [f"https://{NAME}/ada"]
    assert listed("localhost", "/sitemap-0.xml") == ["http://localhost/bob"]
    assert f"Sitemap: https://{NAME}/sitemap.xml" in visit(app, "/robots.txt").get_data(as_text=True)


def test_the_gate_is_closed_for_every_address_that_shows_no_card(
    app: Flask, name_server: NameServer, alice: User, ada: Card, bobs: Card
) -> None:
    """A new address of the app is closed here until it names a card, or is let through on purpose."""
    verified(name_server, alice)
    open_to_all = {"/", "/robots.txt", "/sitemap.xml", "/favicon.ico", "/hold-up-worker.js"}
    values = {
        "card_id": ada.id, "slug": "bob", "code": bobs.code, "token": "x", "number": 0, "mark": "x", "size": "m", "form": "webp",
        "picture_id": bobs.draft.photo, "domain_id": ada.id, "kind": "192", "mail_id": ada.id, "report_id": ada.id,
        **dict.fromkeys(("person_id", "shown_id", "work_id", "passkey_id", "sign_in_id"), ada.id),
        "file_id": "x", "upload_id": "x", "media_id": "x", "name": "x",
        **dict.fromkeys(("product_id", "service_id", "order_id"), ada.id), "signed": "x",
        **dict.fromkeys(("type_id", "host_id", "appointment_id"), ada.id), "type_key": "x",
        "album_id": ada.id, "item_id": ada.id, "album": "x", "item": "x",
    }  # fmt: skip
    wrong, seen = [], 0
    with app.test_request_context():
        rules = list(app.url_map.iter_rules())
        asked = [(rule, rule.build({name: values[name] for name in rule.arguments})) for rule in rules]
    for rule, built in asked:
        assert built
        for method in GATED & (rule.methods or set()):
            answer = app.test_client().open(built[1], method=method, base_url=f"https://{NAME}")
            is_elsewhere = answer.status_code == 302 and answer.location.startswith("http://localhost/")
            seen += 1
            if answer.status_code != 404 and not (is_elsewhere and method != "POST") and built[1] not in open_to_all:
                wrong.append(f"{method} {built[1]} gave {answer.status}")
            if "Set-Cookie" in answer.headers:
                wrong.append(f"{method} {built[1]} set a cookie")
    assert not wrong
    assert seen > 100


@pytest.mark.parametrize("path", ["/ada/report", "/ada/send?e=expo", "/privacy", "/imprint"])
def test_forms_and_texts_of_the_operator_are_found_at_the_old_address(
    app: Flask, name_server: NameServer, alice: User, ada: Card, path: str
) -> None:
    verified(name_server, alice)
    answer = visit(app, path)
    assert (answer.status_code, answer.location) == (302, f"http://localhost{path}")
    assert app.test_client().post(path, base_url=f"https://{NAME}").status_code in (404, 405)


def test_a_cards_domain_shows_it_and_an_accounts_the_oldest_that_is_shown(
    app: Flask, name_server: NameServer, alice: User, ada: Card
) -> None:
    shop = factories.published_card(alice, "shop", display_name="The Shop")
    verified(name_server, alice, "shop.example.com", shop)
    verified(name_server, alice)
    assert "The Shop" in visit(app, "/", "shop.example.com").text
    assert "Ada Lovelace" in visit(app, "/").text
    service.pause_card(ada)
    assert "The Shop" in visit(app, "/").text
    service.pause_card(shop)
    assert visit(app, "/").status_code == 404
    assert "taking a break" in visit(app, "/", "shop.example.com").text
    service.resume_card(ada)
    assert "Ada Lovelace" in visit(app, "/").text


def test_links_on_the_page_lead_to_what_is_there(app: Flask, name_server: NameServer, alice: User, ada: Card) -> None:
    verified(name_server, alice, card=ada)
    page = visit(app, "/").text
    links = set(re.findall(r'(?:href|src)="(/[^"#]*)"', page))
    assert len(links) > 5
    for link in links:
        assert visit(app, link).status_code in (200, 302), link
    assert 'href="http://localhost/"' in page  # to make one's own
    assert visit(app, "/?lang=ar").text.count('dir="rtl"') > 0


def test_addresses_change_only_once_https_has_answered_and_the_old_ones_go_on(
    app: Flask, name_server: NameServer, alice: User, ada: Card
) -> None:
    def said(host: str) -> tuple[list[str], str, str]:
        page, contact = visit(app, "/ada", host).text, visit(app, "/ada.vcf", host).text
        in_head = re.findall(r'(?:rel="canonical" href|property="og:url" content|property="og:image" content)="([^"]+)"', page)
        return in_head, contact, visit(app, "/ada/qr", host).text

    domain = verified(name_server, alice, card=ada)
    for host in (NAME, "localhost"):
        in_head, contact, code = said(host)
        assert len(in_head) == 3
        assert all(address.startswith("http://localhost/ada") for address in in_head)
        assert ":http://localhost/ada\r\n" in contact
        assert f"http://localhost/u/{ada.code}" in code
    before = visit(app, "/ada/qr.svg", "localhost").data
    assert domains.note_answer(domain, domains.proof_of(domain.id, domain.token))
    for host in (NAME, "localhost", "somewhere.example"):
        in_head, contact, code = said(host)
        assert all(address.startswith(f"https://{NAME}/ada") for address in in_head)
        assert f"https://{NAME}/ada\r\n" in contact
        assert "localhost/ada" not in contact
        assert f"https://{NAME}/u/{ada.code}" in code
    assert visit(app, "/ada/qr.svg", "localhost").data != before
    for path in files_of(ada):
        assert visit(app, path, "localhost").status_code == 200, path


@pytest.mark.parametrize("host", ["evil.example", "waiting.example.com", "ada.example.com.evil.example", "xada.example.com"])
def test_hosts_that_nobody_has_proved_change_nothing(
    app: Flask, name_server: NameServer, alice: User, ada: Card, bobs: Card, host: str
) -> None:
    verified(name_server, alice, card=ada)
    domains.add_domain(factories.owner(alice), "waiting.example.com", ada)
    for path in ("/ada", "/ada.vcf", "/bob", "/privacy"):
        assert visit(app, path, host).data == visit(app, path, "localhost").data
        assert host not in visit(app, path, host).text
    assert "<h1" in visit(app, "/", host).text
    assert visit(app, "/login", host).status_code == 200


@pytest.mark.parametrize("host", [NAME.upper(), f"{NAME}.", f"{NAME}:8443", f"{NAME}.:443"])
def test_a_host_is_known_however_it_is_written(
    app: Flask, name_server: NameServer, alice: User, ada: Card, bobs: Card, host: str
) -> None:
    verified(name_server, alice, card=ada)
    headers = {"Host": host}
    assert "Ada Lovelace" in app.test_client().get("/", headers=headers).text
    assert app.test_client().get("/bob", headers=headers).status_code == 404


def test_a_session_is_worth_nothing_at_a_domain(
    app: Flask, name_server: NameServer, alice: User, ada: Card, sign_in: Callable[[User], FlaskClient]
) -> None:
    verified(name_server, alice)
    browser = sign_in(alice)
    cookie = browser.get_cookie("session")
    assert cookie
    headers = {"Cookie": f"session={cookie.value}"}
    for path in ("/cards", f"/cards/{ada.id}/edit", "/account", "/domains", "/admin/", "/login"):
        assert visit(app, path, headers=headers).status_code == 404, path
    assert visit(app, "/cards", "localhost", headers=headers).status_code == 200


def test_a_code_moved_to_another_card_of_the_owner_works_where_it_was_printed(
    app: Flask, name_server: NameServer, alice: User, ada: Card
) -> None:
    domain = answering(name_server, alice, card=ada)
    code = card_codes.add_code(ada, "badge", base_url=domain.url)
    shop = factories.published_card(alice, "shop", display_name="The Shop")
    card_codes.point_at(code, shop)
    assert "The Shop" in visit(app, f"/u/{code.code}").text


def test_only_subdomains_of_our_own_are_bound_to_https(
    make_app: Callable[..., Flask], name_server: NameServer
) -> None:
    app = make_app(url="https://cards.example.org")
    with app.app_context():
        person = factories.alice()
        factories.published_card(person)
        verified(name_server, person)
        assert visit(app, "/ada").headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "includeSubDomains" in visit(app, "/ada", "cards.example.org").headers["Strict-Transport-Security"]


def test_the_proof_is_read_at_its_own_domain_by_our_own_pages_only(
    app: Flask, name_server: NameServer, alice: User, ada: Card
) -> None:
    domain, other = verified(name_server, alice), verified(name_server, alice, "other.example.com")
    waiting = domains.add_domain(factories.owner(alice), "waiting.example.com")
    path = f"/.well-known/vcardapp-{domain.token}"
    answer = visit(app, path, headers={"Origin": "https://evil.example"})
    assert answer.text.strip() == domains.proof_of(domain.id, domain.token)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    for host in ("localhost", "evil.example", other.name, waiting.name):
        assert visit(app, path, host).status_code == 404, host
    for token in (other.token, waiting.token, "x"):
        assert visit(app, f"/.well-known/vcardapp-{token}").status_code == 404
    assert "Access-Control-Allow-Origin" not in visit(app, "/ada").headers


def test_the_proxy_is_told_which_names_are_ours(app: Flask, name_server: NameServer, alice: User) -> None:
    domain = verified(name_server, alice)
    domains.add_domain(factories.owner(alice), "waiting.example.com")

    def allowed(name: str) -> int:
        return app.test_client().get("/domains/allowed", query_string={"domain": name}).status_code

    assert [allowed(name) for name in (NAME, NAME.upper(), f"{NAME}.", "localhost")] == [200] * 4
    for name in ("waiting.example.com", "evil.example", f"www.{NAME}", "", "x" * 5000, f"{NAME},evil.example"):
        assert allowed(name) == 404, name[:50]
    assert app.test_client().get("/domains/allowed").status_code == 404
    domains.remove_domain(domain)
    assert allowed(NAME) == 404


def test_a_flood_of_unknown_names_does_not_keep_known_ones_from_a_certificate(
    make_app: Callable[..., Flask], name_server: NameServer
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        verified(name_server, factories.alice())
        client = app.test_client()
        answers = [client.get(f"/domains/allowed?domain={number}.example").status_code for number in range(122)]
        assert answers == [404] * 120 + [429] * 2
        assert client.get(f"/domains/allowed?domain={NAME}").status_code == 200
        assert client.get("/domains/allowed?domain=localhost").status_code == 200
