"""The settings in effect under the names of their variables, with their secrets or without."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from vcardapp.config import Settings, variable_of
from vcardapp.setting_values import without_password

SECRET = ("secret", "key", "token", "pass", "credential", "private")  # what a setting is called that nobody may read


def shown(settings: Settings) -> dict[str, str]:
    """Return what is set, without secrets: "***" stands for a password within an address."""
    return {
        variable_of(field.name): without_password(as_text(getattr(settings, field.name)))
        for field in fields(settings)
        if not _is_secret(field.name)
    }


def secrets_of(settings: Settings) -> dict[str, str]:
    """Return the settings that are secrets, or hold one."""
    everything = {field.name: as_text(getattr(settings, field.name)) for field in fields(settings)}
    return {
        variable_of(name): value
        for name, value in everything.items()
        if value and (_is_secret(name) or without_password(value) != value)
    }


def _is_secret(name: str) -> bool:
    return any(part in name for part in SECRET)


def as_text(value: Any) -> str:
    """Write a value as its environment variable holds it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return ", ".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in value)
        return (os.pathsep if value and isinstance(value[0], Path) else " ").join(map(str, value))
    return str(value)
