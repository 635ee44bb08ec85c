"""What whoever runs a server needs: backups, check-ups, figures, logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Say whether the server can be sent visitors, and write down and count what it does."""
    from vcardapp.operations import doctor_visit, health, logs, metrics

    health.init_app(app)
    logs.init_app(app)
    metrics.init_app(app)
    app.register_blueprint(doctor_visit.bp)
