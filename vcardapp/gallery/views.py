"""The owner's pages: the list of a card's albums, one album, a poster for a video."""

from __future__ import annotations

import dataclasses
import uuid
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.domains.service import address_base
from vcardapp.gallery import items, service
from vcardapp.gallery.forms import AlbumForm, NewAlbumForm, VideoForm
from vcardapp.gallery.models import PICTURE, VIDEO, Album
from vcardapp.gallery.showing import shown_albums
from vcardapp.gallery.videos import LONGEST
from vcardapp.media import service as media
from vcardapp.media.models import MediaFile
from vcardapp.media.views import sentence_of
from vcardapp.web import TypedForm, or_404

Answer = str | Response | tuple[str | Response, int]
bp = Blueprint("gallery", __name__)


@bp.route("/cards/<uuid:card_id>/gallery", methods=["GET", "POST"])
@sign_in_required
def albums(card_id: uuid.UUID) -> Answer:
    card, form = _own_card(card_id), NewAlbumForm()
    if form.validate_on_submit():
        try:
            album = service.add_album(card, form.title.data or "")
            return redirect(url_for("gallery.album", card_id=card.id, album_id=album.id), HTTPStatus.SEE_OTHER)
        except service.TooManyAlbums:
            form.title.errors = [_("A card has at most %(max)d albums.", max=service.MOST_ALBUMS)]
    shown = {"card": card, "albums": _listed(card), "room": media.room_of(current_owner())}
    return render_template("gallery/albums.html", form=form, **shown), 422 if form.errors else 200


@bp.post("/cards/<uuid:card_id>/gallery/order")
@sign_in_required
def order(card_id: uuid.UUID) -> Answer:
    """Do what the pressed button says: `up` or `down`, and the id of an album."""
    card = _own_card(card_id)
    verb, _colon, key = request.form.get("action", "").partition(":")
    album = next((album for album in service.albums_of(card) if str(album.id) == key), None)
    if album and verb in ("up", "down"):
        service.move_album(album, -1 if verb == "up" else 1)
    return redirect(url_for("gallery.albums", card_id=card.id), HTTPStatus.SEE_OTHER)


@bp.route("/cards/<uuid:card_id>/gallery/<uuid:album_id>", methods=["GET", "POST"])
@sign_in_required
def album(card_id: uuid.UUID, album_id: uuid.UUID) -> Answer:
    card = _own_card(card_id)
    found = _own_album(card, album_id)
    form = AlbumForm.showing(found, items.items_of(found))
    if not form.validate_on_submit():
        return _album_page(card, found, form)
    service.save_album(found, _pressed(form.said()))
    if request.accept_mimetypes.best == "application/json":
        return jsonify(saved=True)
    return redirect(_address(found), HTTPStatus.SEE_OTHER)


@bp.post("/cards/<uuid:card_id>/gallery/<uuid:album_id>/files")
@sign_in_required
@limiter.limit("2000/hour")
def add_files(card_id: uuid.UUID, album_id: uuid.UUID) -> Answer:
    """Put files into an album: one that has arrived already, which script names, or those of a plain form."""
    card = _own_card(card_id)
    found = _own_album(card, album_id)
    if file_id := request.form.get("file_id", ""):
        return _attach(card, found, or_404(media.find_file(current_owner(), file_id)))
    chosen = [file for file in request.files.getlist("file") if file.filename]
    for one in chosen:
        try:
            items.add_file(found, media.add_file(current_owner(), one.stream, one.filename or ""))
        except (media.FileRefused, media.AccountFull, items.TooManyItems) as problem:
            flash(f"{one.filename}: {_sentence(problem)}", "warning")
    if not chosen:
        flash(_("Please choose a file."), "warning")
    return redirect(_address(found), HTTPStatus.SEE_OTHER)


@bp.post("/cards/<uuid:card_id>/gallery/<uuid:album_id>/videos")
@sign_in_required
def add_video(card_id: uuid.UUID, album_id: uuid.UUID) -> Answer:
    found, form = _own_album(_own_card(card_id), album_id), VideoForm()
    try:
        if form.validate_on_submit():
            items.add_video(found, form.address.data or "")
            return redirect(_address(found), HTTPStatus.SEE_OTHER)
        flash(_("Please paste the address of a video."), "warning")
    except (items.NotAVideo, items.TooManyItems) as problem:
        flash(_sentence(problem), "warning")
    return redirect(_address(found, video=(form.address.data or "")[:LONGEST], _anchor="video"), HTTPStatus.SEE_OTHER)


@bp.post("/cards/<uuid:card_id>/gallery/<uuid:album_id>/items/<uuid:item_id>/back")
@sign_in_required
def bring_back(card_id: uuid.UUID, album_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    found = _own_album(_own_card(card_id), album_id)
    items.bring_back(or_404(items.find_item(found, item_id)))
    return redirect(_address(found), HTTPStatus.SEE_OTHER)


@bp.route("/cards/<uuid:card_id>/gallery/<uuid:album_id>/items/<uuid:item_id>/poster", methods=["GET", "POST"])
@sign_in_required
def poster(card_id: uuid.UUID, album_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Choose what is shown before a video is played: a new picture, one of the album, or the one that we draw."""
    card, form = _own_card(card_id), TypedForm()
    found = _own_album(card, album_id)
    item = or_404(items.find_item(found, item_id))
    if item.kind != VIDEO:
        return redirect(_address(found), HTTPStatus.SEE_OTHER)
    wrong = ""
    if form.validate_on_submit():
        new = request.files.get("file")
        try:
            if new and new.filename:
                items.set_poster(item, media.add_file(current_owner(), new.stream, new.filename, "picture"))
            else:
                items.set_poster(item, media.find_file(current_owner(), request.form.get("picture", "")))
            return redirect(_address(found), HTTPStatus.SEE_OTHER)
        except (media.FileRefused, media.AccountFull) as problem:
            wrong = f"{new.filename if new else ''}: {_sentence(problem)}"
    pictures = [one for one in items.items_of(found) if one.kind == PICTURE and one.is_ready]
    shown = {"card": card, "album": found, "item": item, "pictures": pictures, "wrong": wrong}
    return render_template("gallery/poster.html", form=form, **shown), 422 if wrong else 200


@bp.route("/cards/<uuid:card_id>/gallery/<uuid:album_id>/remove", methods=["GET", "POST"])
@sign_in_required
def remove(card_id: uuid.UUID, album_id: uuid.UUID) -> Answer:
    card, form = _own_card(card_id), TypedForm()
    found = _own_album(card, album_id)
    if form.validate_on_submit():
        service.remove_album(found)
        flash(_("The album is removed."), "success")
        return redirect(url_for("gallery.albums", card_id=card.id), HTTPStatus.SEE_OTHER)
    return render_template("gallery/remove.html", card=card, album=found, count=len(items.items_of(found)), form=form)


def _own_card(card_id: uuid.UUID) -> Card:
    return or_404(cards.find_card(current_owner(), card_id))


def _own_album(card: Card, album_id: uuid.UUID) -> Album:
    return or_404(service.find_album(card, album_id))


def _address(album: Album, **more: str) -> str:
    return url_for("gallery.album", card_id=album.card_id, album_id=album.id, **more)  # type: ignore[arg-type]


def _listed(card: Card) -> list[tuple[Album, Any, int]]:
    """Return each album with the item that stands for it and the number of all that is in it."""
    seen = {shown.album.id: shown.cover for shown in shown_albums(card)}
    listed = []
    for one in service.albums_of(card):
        inside = items.items_of(one)
        listed.append((one, seen.get(one.id) or next(iter(inside), None), len(inside)))
    return listed


def _album_page(card: Card, album: Album, form: AlbumForm) -> Answer:
    if form.errors and request.accept_mimetypes.best == "application/json":
        return jsonify(error=_("Not saved: something is too long, or the title is missing.")), HTTPStatus.UNPROCESSABLE_ENTITY
    inside = {item.id: item for item in items.items_of(album)}
    shown = {
        "card": card,
        "album": album,
        "form": form,
        "video": request.args.get("video", ""),
        "rows": [(row, inside[row.form.id.data]) for row in form.items if row.form.id.data in inside],
        "removed": items.removed_items_of(album),
        "room": media.room_of(current_owner()),
        "public_url": f"{address_base(card)}/{card.slug}/gallery/{album.key}" if card.is_public else "",
    }
    return render_template("gallery/album.html", **shown), 422 if form.errors else 200


def _attach(card: Card, album: Album, file: MediaFile) -> Answer:
    try:
        item = items.add_file(album, file)
    except items.TooManyItems as problem:
        return jsonify(error=_sentence(problem)), HTTPStatus.CONFLICT
    return render_template("gallery/_new_row.html", card=card, album=album, item=item)


def _pressed(said: service.AlbumSaid) -> service.AlbumSaid:
    """Return what the form says after the pressed button: `up`, `down` or `remove`, the list and a place in it."""
    verb, _colon, rest = request.form.get("action", "").partition(":items:")
    place = int(rest) if rest.isascii() and rest.isdecimal() and len(rest) < 4 else -1
    rows = list(said.items)
    if not 0 <= place < len(rows):
        return said
    one = rows.pop(place)
    if verb == "remove":
        return dataclasses.replace(said, items=tuple(rows), removed=said.removed | {one.id})
    rows.insert(max(0, place + {"up": -1, "down": 1}.get(verb, 0)), one)
    return dataclasses.replace(said, items=tuple(rows))


def _sentence(problem: Exception) -> str:
    if isinstance(problem, items.NotAVideo):
        return str(_("No video can be played from this address. It has to be of YouTube, Vimeo or PeerTube, or an MP4 or WebM."))
    if isinstance(problem, items.TooManyItems):
        return str(_("An album holds at most %(max)d pictures, videos and papers.", max=items.MOST_ITEMS))
    return sentence_of(problem)
