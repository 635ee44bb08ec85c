"""The editor of a card: the form, its saving by itself, and the living card beside it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from babel.dates import format_time, get_day_names, get_timezone
from flask import g, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from vcardapp import images
from vcardapp.accounts.owner import current_owner
from vcardapp.cards import links, pictures, takedowns
from vcardapp.cards import service as cards
from vcardapp.cards.checks import countries
from vcardapp.cards.content import Content
from vcardapp.cards.forms import HIDEABLE, CardForm, card_form
from vcardapp.cards.kept import Change, changes
from vcardapp.cards.models import Card
from vcardapp.cards.networks import CATEGORIES
from vcardapp.cards.slugs import BadSlug, read_slug
from vcardapp.domains.service import address_base
from vcardapp.editor import bp, designing, rows, sections, service
from vcardapp.editor.answers import errors_of, notes_of
from vcardapp.editor.forms import RATIOS, CropForm
from vcardapp.editor.publishing import publish_now
from vcardapp.editor.reserved import reserved_slugs
from vcardapp.public.page import card_context
from vcardapp.public.visitor import visitor_locale
from vcardapp.store.form_rows import values_of
from vcardapp.web import or_404, settings


def own_card(card_id: uuid.UUID) -> Card:
    """Return the asking owner's card, or answer 404."""
    return or_404(cards.find_card(current_owner(), card_id))


@bp.get("/cards/<uuid:card_id>/edit")
def edit(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    form = card_form(card.draft, card.draft_slug, reserved=reserved_slugs())
    if "add" in request.args:
        rows.add_row(form, request.args["add"])
    form.validate()
    if "check" not in request.args and not form.display_name.data:
        form.display_name.errors = []  # nobody has tried to publish it without a name yet
    return _editor(card, form, is_checked="check" in request.args)


@bp.post("/cards/<uuid:card_id>/edit")
def save(card_id: uuid.UUID) -> Any:
    """Save without script: store everything, then do what the pressed button says."""
    card = own_card(card_id)
    form = card_form(card.draft, card.draft_slug, request.form, reserved_slugs())
    action = request.form.get("action", "save")
    if rows.press(form, action):
        form = card_form(card.draft, card.draft_slug, values_of(form), reserved_slugs())
    pasted = _paste(form, request.form.get("paste", ""))
    try:
        content = form.content(card.draft)
        content = replace(content, design=designing.go_back(action, card, content.design))
        card = service.save_draft(
            card, content, form.slug.data or "", _revision(), reason="save", force=action == "force"
        )
    except service.DraftConflict:
        return _editor(card, form, conflict=True), 409
    except service.DraftTooLong:
        return _editor(card, form, too_long=True), 413
    refused = _take_files(card)
    form_is_right = form.validate()
    if pasted or refused or (not form_is_right and action in ("save", "publish", "force")):
        return _editor(card, form, refused=refused, pasted=pasted), 422
    if action == "publish":
        return publish_now(card)
    if action.startswith("add:"):
        section = sections.section_of(action[4:])
        return redirect(url_for("editor.edit", card_id=card.id, add=action[4:], open=section, _anchor=section))
    if action.startswith("remove:"):
        undo = service.newest_version_number(card) - 1
        return redirect(url_for("editor.edit", card_id=card.id, undo=undo, open=sections.section_of(action[7:])))
    used = _section_in_use(action)
    return redirect(url_for("editor.edit", card_id=card.id, saved=1, open=used, _anchor=used))


@bp.post("/cards/<uuid:card_id>/draft")
def autosave(card_id: uuid.UUID) -> Any:
    """Save as somebody types: whatever stands in the form is stored, faults are named but refuse nothing."""
    card = own_card(card_id)
    form = card_form(card.draft, card.draft_slug, request.form, reserved_slugs())
    try:
        card = service.save_draft(
            card, form.content(card.draft), form.slug.data or "", _revision(), force="force" in request.form
        )
    except service.DraftConflict:
        text = gettext("This card was changed in another window. What you typed here is still here, but not saved.")
        return jsonify(error="conflict", text=text), 409
    except service.DraftTooLong:
        return jsonify(error="too-long", text=gettext("This is more text than a card can hold. Please shorten it.")), 413
    form.validate()
    changed = _changes(card)
    return jsonify(
        revision=card.revision,
        saved=saved_at(card),
        errors=errors_of(form),
        notes=notes_of(form) | designing.repairs(card.draft.design),
        own_colours=designing.own_colours(card.draft.design),
        sections=sections.states(card.draft, cards.slug_of(card), len(changed)),
        filled=sections.filled(card.draft),
        kept=_kept(changed, form),
        slug=cards.slug_of(card),
        changed=card.has_unpublished_changes,
    )


@bp.get("/cards/<uuid:card_id>/preview")
def preview(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    g.may_be_framed = True
    shown = card.draft.visible()
    shown = replace(shown, design=designing.in_theme(shown.design, request.args.get("theme", "")))
    context = card_context(shown, slug=cards.slug_of(card), code=card.code or "", preview=True)
    return render_template("public/card.html", **context)


@bp.post("/cards/<uuid:card_id>/recognise")
def recognise(card_id: uuid.UUID) -> Any:
    card = own_card(card_id)
    found = links.recognise(request.form.get("paste", "")[:2000], request.form.get("country") or card.draft.country)
    return jsonify(sort=found.sort, network=found.network, value=found.value, reason=gettext(found.reason))


@bp.get("/cards/<uuid:card_id>/address")
def check_address(card_id: uuid.UUID) -> Any:
    """Say whether the card may have an address, while it is typed."""
    card = own_card(card_id)
    wished = request.args.get("slug", "")[:300]
    try:
        slug = read_slug(wished or cards.slug_of(card), reserved_slugs())
    except BadSlug as error:
        return jsonify(ok=False, text=gettext(error.reason), slug="")
    if cards.is_free(slug, card):
        return jsonify(ok=True, text=gettext("This address is free."), slug=slug)
    free = cards.free_slug_like(slug, card, reserved_slugs())
    return jsonify(ok=False, text=gettext("Somebody has this address. Free is: %(slug)s", slug=free), slug=free)


def saved_at(card: Card) -> str:
    """Return the time of the draft's last change by the card's clock, as its owner writes times."""
    zone = get_timezone(card.draft.time_zone or "UTC")
    return str(format_time(card.changed_at.astimezone(zone), "short", locale=visitor_locale(get_locale())))


def _changes(card: Card) -> list[Change]:
    shown = card.draft.visible()
    photo = pictures.contact_photo(shown.photo or shown.logo)
    return changes(card.draft, url=f"{address_base(card)}/{cards.slug_of(card)}", photo=photo)


def _kept(changed: list[Change], form: CardForm) -> list[dict[str, str]]:
    return sections.kept_otherwise(changed, {field.name: str(field.label.text) for field in form})


def _revision() -> int:
    sent = request.form.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < len("1000000000") else 0


def _paste(form: CardForm, text: str) -> str:
    """Put what was pasted into the list where it belongs; return why it could not be."""
    if not text.strip():
        return ""
    found = links.recognise(text[:2000], form.meta.country)
    if found.sort == "link":
        rows.add_row(form, "links", {"network": found.network, "handle": found.value})
    elif found.sort == "phone":
        rows.add_row(form, "phones", {"number": found.value, "kind": "mobile"})
    elif found.sort == "email":
        rows.add_row(form, "emails", {"address": found.value, "kind": "work"})
    elif found.sort == "website":
        rows.add_row(form, "websites", {"url": found.value, "kind": "work"})
    else:
        return str(gettext(found.reason))
    return ""


def _take_files(card: Card) -> dict[str, str]:
    """Store the pictures sent with the form; return what was refused and why."""
    refused = {}
    for sort in pictures.ALL_SORTS:
        file = request.files.get(f"{sort}_file")
        try:
            if file and file.filename:
                limit = settings().guest_bytes
                picture = pictures.store_picture(card, sort, file.read(), guest_bytes=limit)
                service.put_picture(card, sort, picture.id)
            elif request.form.get("action") == f"forget:{sort}":
                service.put_picture(card, sort, "")
        except images.PictureRefused as error:
            refused[sort] = gettext(error.reason)
        except pictures.TooManyPictures:
            refused[sort] = gettext("There is no room for another picture right now.")
        except service.DraftConflict:
            refused[sort] = gettext("The card was just changed elsewhere. Please choose the picture again.")
    return refused


def _section_in_use(action: str) -> str | None:
    """Return where the page should open again after a button of a list was pressed."""
    if action == "paste":
        return "links"
    verb, _, rest = action.partition(":")
    if verb == "design":
        return "design"
    return sections.section_of(rest) if verb in ("forget", "up", "down", "add", "remove") else None


def _days() -> list[tuple[str, str]]:
    short, long = (get_day_names(width, "stand-alone", get_locale() or "en") for width in ("abbreviated", "wide"))
    return [(short[day], long[day]) for day in range(7)]


def _editor(card: Card, form: CardForm, **more: Any) -> str | Response:
    base = Content(country=card.draft.country, time_zone=card.draft.time_zone, language=card.draft.language)
    errors, changed = errors_of(form), _changes(card)
    more = {"conflict": False, "too_long": False, "refused": {}, "pasted": "", "is_checked": True, **more}
    wrong = {sections.section_of(name) for name in errors if name != "display_name"}
    wrong |= {sections.section_of(sort) for sort in more["refused"]}
    wrong |= {"links"} if more["pasted"] else set()
    return render_template(
        "editor/edit.html",
        card=card,
        form=form,
        blank=rows.blank_form(),
        slug=cards.slug_of(card),
        states=sections.states(card.draft, cards.slug_of(card), len(changed)),
        titles=sections.TITLES,
        filled=sections.filled(card.draft),
        kept=_kept(changed, form),
        wrong=wrong,
        opened=request.args.get("open", ""),
        errors=errors,
        notes=notes_of(form) | designing.repairs(card.draft.design),
        own_colours=designing.own_colours(card.draft.design),
        part_names=designing.SECTIONS,
        saved=saved_at(card),
        networks=links.NETWORKS,
        categories=CATEGORIES,
        countries=countries(),
        days=_days(),
        ratios=RATIOS,
        blank_crop=CropForm(),
        hideable=HIDEABLE,
        picture_url=pictures.picture_url,
        is_new=card.draft == base,
        down=takedowns.find_take_down(card),
        **more,
    )
