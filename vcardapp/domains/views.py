"""Pages of an owner's domains: the list, the way to prove one, removing it."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.domains import service
from vcardapp.domains.forms import DomainForm
from vcardapp.domains.models import Domain
from vcardapp.domains.names import NotADomain, read_domain
from vcardapp.domains.ownership import NoAnswer
from vcardapp.web import TypedForm, or_404, settings

Answer = str | Response | tuple[str, int]
bp = Blueprint("domains", __name__)


@bp.route("/domains", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("30/hour", methods=["POST"])
def list_domains() -> Answer:
    published = {str(card.id): card for card in cards.cards_of(current_owner()) if card.slug}
    form = DomainForm.offering(published.values())
    if form.validate_on_submit():
        domain = _add(form, published.get(form.card.data or ""))
        if domain:
            return redirect(url_for("domains.show", domain_id=domain.id), 303)
    listed = [(domain, _card_of(domain)) for domain in service.domains_of(current_owner())]
    shown = {"domains": listed, "most": service.MOST_DOMAINS}
    return render_template("domains/list.html", form=form, **shown), 422 if form.errors else 200


def _add(form: DomainForm, card: Card | None) -> Domain | None:
    try:
        return service.add_domain(current_owner(), read_domain(form.name.data or ""), card)
    except NotADomain:
        form.name.errors = [_("This is not a domain. It looks like cards.example.com.")]
    except service.OwnAddress:
        form.name.errors = [_("This is the address of this site itself.")]
    except service.DomainListed:
        form.name.errors = [_("This domain is in your list already.")]
    except service.TooManyDomains:
        form.name.errors = [_("You have as many domains as one account may have. Remove one first.")]
    return None


@bp.get("/domains/<uuid:domain_id>")
@sign_in_required
def show(domain_id: uuid.UUID) -> Answer:
    domain = _own(domain_id)
    g.connects = [domain.url]  # the owner's browser looks whether HTTPS answers there
    return render_template(
        "domains/show.html",
        domain=domain,
        card=_card_of(domain),
        form=TypedForm(),
        proof_address=f"{domain.url}/.well-known/vcardapp-{domain.token}",
        here=settings().host,
        has_tried="tried" in request.args,
    )


@bp.post("/domains/<uuid:domain_id>/check")
@sign_in_required
@limiter.limit("10/minute;60/hour")
def check(domain_id: uuid.UUID) -> Answer:
    domain = _own(domain_id)
    try:
        is_there = service.check_domain(domain)
    except NoAnswer:
        flash(_("The name servers do not answer right now. Nothing was changed; please try again in a few minutes."), "warning")
    except service.DomainHeld:
        flash(_("Your record is there, but so is that of another account, which has this domain."), "warning")
    else:
        if is_there:
            flash(_("The record is there: this domain is yours."), "success")
        else:
            flash(_("The record is not there yet. A new one can take up to an hour to be seen everywhere."), "warning")
    return redirect(url_for("domains.show", domain_id=domain_id), 303)


@bp.post("/domains/<uuid:domain_id>/answered")
@sign_in_required
@limiter.limit("60/hour")
def answered(domain_id: uuid.UUID) -> Answer:
    """Take what the owner's browser has read at the domain."""
    if service.note_answer(_own(domain_id), request.form.get("proof", "").strip()):
        flash(_("HTTPS answers. New codes, the card’s address and its contact file lead to your domain from now on."), "success")
        return redirect(url_for("domains.show", domain_id=domain_id), 303)
    flash(_("That is not what this server says there. Does the domain lead here?"), "warning")
    return redirect(url_for("domains.show", domain_id=domain_id, tried=1), 303)


@bp.route("/domains/<uuid:domain_id>/remove", methods=["GET", "POST"])
@sign_in_required
def remove(domain_id: uuid.UUID) -> Answer:
    domain, form = _own(domain_id), TypedForm()
    if form.validate_on_submit():
        service.remove_domain(domain)
        flash(_("The domain is removed. Your cards stay at their old address."), "success")
        return redirect(url_for("domains.list_domains"), 303)
    return render_template("domains/remove.html", domain=domain, form=form)


def _own(domain_id: uuid.UUID) -> Domain:
    return or_404(service.find_domain(current_owner(), domain_id))


def _card_of(domain: Domain) -> Card | None:
    return cards.find_card(current_owner(), domain.card_id) if domain.card_id else None
