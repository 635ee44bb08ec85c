"""What whoever runs a server needs: backups, check-ups, figures, logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Say whether the server can be sent visitors."""
    from vcardapp.operations import doctor_visit, health

    health.init_app(app)
    app.register_blueprint(doctor_visit.bp)
