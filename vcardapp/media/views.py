"""Pages and answers about an owner's files: uploading whole or in parts, how far they are, how much room is left."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.media import service, uploads
from vcardapp.media.models import MediaFile, MediaUpload
from vcardapp.web import TypedForm, or_404

Answer = str | Response | tuple[str | Response, int]
MOST_ASKED = 100  # files of one question
bp = Blueprint("media", __name__)


def sentence_of(problem: Exception) -> str:
    """Return what to tell the person whose file was not taken."""
    if isinstance(problem, service.FileRefused):
        return str(_(problem.reason))
    if isinstance(problem, uploads.TooManyUploads):
        return str(_("Too many uploads are under way at once. Please wait until some of them have arrived."))
    return str(_("There is no room left in your account. Remove some pictures or papers first."))


@bp.route("/media/files", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def files() -> Answer:
    """Show all files of the account; without script, new ones come in whole from here."""
    form = TypedForm()
    if form.validate_on_submit():
        chosen = [file for file in request.files.getlist("file") if file.filename]
        for file in chosen:
            try:
                service.add_file(current_owner(), file.stream, file.filename or "")
            except (service.FileRefused, service.AccountFull) as problem:
                flash(f"{file.filename}: {sentence_of(problem)}", "warning")
        if not chosen:
            flash(_("Please choose a file."), "warning")
        return redirect(url_for("media.files"), HTTPStatus.SEE_OTHER)
    found = service.files_of(current_owner())
    return render_template("media/files.html", form=form, files=found, room=service.room_of(current_owner()))


@bp.get("/media/files/status")
@sign_in_required
def status() -> Answer:
    owner = current_owner()
    found = service.find_files(owner, request.args.getlist("id")[:MOST_ASKED])
    room = service.room_of(owner)
    listed = [_told(file) for file in found.values()]
    return jsonify(files=listed, room={"used": room.used, "allowed": room.allowed})


@bp.get("/media/files/<file_id>")
@sign_in_required
def file(file_id: str) -> Answer:
    found = or_404(service.find_file(current_owner(), file_id))
    if request.accept_mimetypes.best == "application/json":
        return jsonify(_told(found))
    return render_template("media/file.html", file=found)


@bp.post("/media/uploads")
@sign_in_required
@limiter.limit("2000/hour")
def begin() -> Answer:
    size = request.form.get("size", "")
    wanted = request.form.get("wanted", "")
    if not (size.isascii() and size.isdecimal() and len(size) < 12) or wanted not in ("", "picture", "paper"):
        return _refused(_("That did not arrive as it should. Please choose the file again."), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        found = uploads.begin(
            current_owner(), int(size), request.form.get("name", ""), request.form.get("sha256", ""), wanted
        )
    except service.FileRefused as problem:
        return _refused(sentence_of(problem), HTTPStatus.UNPROCESSABLE_ENTITY)
    except service.AccountFull as problem:
        return _refused(sentence_of(problem), HTTPStatus.CONFLICT)
    except uploads.TooManyUploads as problem:
        return _refused(sentence_of(problem), HTTPStatus.TOO_MANY_REQUESTS)
    if isinstance(found, MediaFile):
        return jsonify(file=_told(found))
    return jsonify(**_stand(found, None), id=found.id, url=url_for("media.upload", upload_id=found.id), part=uploads.PART), 201


@bp.get("/media/uploads/<upload_id>")
@sign_in_required
def upload(upload_id: str) -> Answer:
    """Say how much of an upload has arrived, from where a browser goes on."""
    found = _own(upload_id)
    return jsonify(_stand(found, uploads.file_of(current_owner(), found)))


@bp.patch("/media/uploads/<upload_id>")
@sign_in_required
def append(upload_id: str) -> Answer:
    found, offset = _own(upload_id), request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdecimal() and len(offset) < 12):
        return _refused(_("That did not arrive as it should. Please choose the file again."), HTTPStatus.BAD_REQUEST)
    request.max_content_length = uploads.MOST_OF_A_PART
    try:
        file = uploads.append(current_owner(), found, int(offset), request.get_data(cache=False))
    except uploads.NotHere as problem:
        return jsonify(offset=problem.offset), HTTPStatus.CONFLICT
    except service.FileRefused as problem:
        return _refused(sentence_of(problem), HTTPStatus.UNPROCESSABLE_ENTITY)
    except service.AccountFull as problem:
        return _refused(sentence_of(problem), HTTPStatus.CONFLICT)
    return jsonify(_stand(found, file))


@bp.delete("/media/uploads/<upload_id>")
@sign_in_required
def cancel(upload_id: str) -> Answer:
    uploads.cancel(_own(upload_id))
    return "", HTTPStatus.NO_CONTENT


def _own(upload_id: str) -> MediaUpload:
    return or_404(uploads.find_upload(current_owner(), upload_id))


def _stand(found: MediaUpload, file: MediaFile | None) -> dict[str, Any]:
    return {"offset": found.received, "size": found.size, "file": _told(file) if file else None}


def _told(file: MediaFile) -> dict[str, Any]:
    return {**service.status_of(file), "reason": _(file.reason) if file.reason else ""}


def _refused(sentence: str, code: HTTPStatus) -> Answer:
    return jsonify(error=sentence), code
