"""What is seen at somebody's own domain: their cards and nothing else; and what proxies and browsers ask about domains."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, current_app, redirect, request, url_for

from vcardapp.accounts.limits import limiter
from vcardapp.domains import service as domains
from vcardapp.domains.names import bare_host
from vcardapp.domains.sites import Site, current_site
from vcardapp.public import bp
from vcardapp.public.card_views import check_public, page_of
from vcardapp.public.hosts import Hosts
from vcardapp.public.site_views import sitemap_of
from vcardapp.web import absolute, or_404, settings

READ_ONLY = {"GET", "HEAD", "OPTIONS"}
FILES = {"public.picture", "public.media_file", "public.favicon", "public.hold_up_worker", "public.domain_proof"}
ELSEWHERE = {"public.report", "public.send", "public.privacy", "public.imprint"}  # they are found at VCARDAPP_URL
OPEN = {  # forms and pages that need no session; the look-up of the card, the order or the appointment sees to whose it is
    "public.add_to_basket", "public.change_basket", "public.place_order", "public.order", "public.cancel_order",
    "public.claim_paid",
    "public.book_time", "public.join_waiting", "public.appointment", "public.appointment_file", "public.choose_move",
    "public.cancel_appointment", "public.move_appointment", "public.waiting_place", "public.take_place", "public.leave_waiting",
}  # fmt: skip
PLAIN = "text/plain; charset=utf-8"


def init_app(app: Flask) -> None:
    app.before_request_funcs.setdefault(None, []).insert(1, _keep_to_owner)  # before tokens of forms are asked for
    app.after_request(_bind_to_https)
    app.jinja_env.globals["first_page"] = _first_page


def _keep_to_owner() -> Any:
    """At somebody's domain answer only with what shows their cards; there are no sessions, so no page that needs one."""
    site, rule = current_site(), request.url_rule
    if site is None or rule is None:
        return None
    if rule.endpoint in OPEN:
        return None
    if request.method not in READ_ONLY:
        abort(HTTPStatus.NOT_FOUND)
    if rule.endpoint == "public.landing":
        return _home(site)
    if rule.endpoint == "public.robots":
        return Response(f"User-agent: *\nDisallow:\nSitemap: {site.url}/sitemap.xml\n", content_type=PLAIN)
    if rule.endpoint == "public.sitemap":
        return sitemap_of(site)
    if rule.endpoint in ELSEWHERE:
        asked = {**(request.view_args or {}), **request.args.to_dict()}
        return redirect(absolute(url_for(rule.endpoint, **asked)))
    names_a_card = rule.endpoint.startswith("public.") and rule.arguments & {"slug", "code"}
    if rule.endpoint in FILES or (names_a_card and (rule.methods or set()) <= READ_ONLY):
        return None  # the look-up of the card sees to whose it is
    abort(HTTPStatus.NOT_FOUND)


def _home(site: Site) -> Response:
    card = or_404(domains.home_card(site))
    check_public(card)
    return page_of(card)


def _bind_to_https(response: Response) -> Response:
    """Ask browsers to stay with HTTPS at this very name: what else there is below it is not ours."""
    if current_site() and settings().is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _first_page() -> str:
    """Return the address of the site's first page, also for pages at somebody's domain."""
    return absolute("/") if current_site() else url_for("public.landing")


@bp.get("/domains/allowed")
def domain_allowed() -> Response:
    """Tell a proxy whether to get a certificate for a name (Caddy's `ask`); answered from memory."""
    name = bare_host(request.args.get("domain", ""))
    hosts: Hosts = current_app.extensions["hosts"]
    if name != settings().host and hosts.find(name) is None:
        with limiter.limit("120/minute"):
            abort(HTTPStatus.NOT_FOUND)
    return Response("ok\n", content_type=PLAIN, headers={"Cache-Control": "no-store"})


@bp.get("/.well-known/vcardapp-<token>")
def domain_proof(token: str) -> Response:
    """Tell the owner's browser, on the owner's page and nowhere else, that this server answers for the domain."""
    site = or_404(current_site())
    if domains.find_token(site.id) != token:
        abort(HTTPStatus.NOT_FOUND)
    headers = {"Access-Control-Allow-Origin": settings().url, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return Response(domains.proof_of(site.id, token) + "\n", content_type=PLAIN, headers=headers)
