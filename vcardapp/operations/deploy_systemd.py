"""A unit of systemd that starts this program with the settings in effect."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from vcardapp.config import Settings
from vcardapp.operations.deploy import STOP_WITHIN, CannotBeWritten, environment

SECRETS_FILE = "/etc/vcardapp.env"
ESCAPES = {"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
HIDDEN_BY_PROTECT_HOME = [("home",), ("root",)]  # the first part of a path; systemd.exec(5), ProtectHome


def systemd(settings: Settings, env: Mapping[str, str], user: str, port: int, workers: int) -> str:
    """Return a unit that starts this program with these settings and lets it write into its data folder only."""
    values, hidden = environment(settings, env)
    program = Path(sys.executable).with_name("vcardapp")
    at_home = any(path.parts[1:2] in HIDDEN_BY_PROTECT_HOME for path in (program, settings.data))
    writes = [str(settings.data)]
    if settings.storage.startswith("file://"):
        writes.append(settings.storage.removeprefix("file://"))
    if settings.database_url.startswith("sqlite:///"):
        folder = str(Path(settings.database_url.removeprefix("sqlite:///").partition("?")[0]).absolute().parent)
        writes += [folder] if folder not in writes else []
    lines = [f"Environment={_unit_quoted(f'{name}={value}')}" for name, value in sorted(values.items())]
    return UNIT.format(
        data=_unit(str(settings.data)),
        shell_data=shlex.quote(str(settings.data)),
        user=_user(user),
        environment="\n".join(lines),
        secrets=_note(hidden),
        secrets_file=SECRETS_FILE,
        program=_unit_quoted(str(program)).replace("$", "$$"),
        port=port,
        workers=workers,
        stop=STOP_WITHIN,
        home="read-only" if at_home else "yes",
        writes=" ".join(map(_unit_quoted, writes)),
    )


def _unit(text: str) -> str:
    if "\n" in text or text != text.strip():
        raise CannotBeWritten(
            "A path with a line break, or with a space at its end, cannot stand in a unit of systemd."
        )
    return text.replace("%", "%%")


def _user(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name):
        raise CannotBeWritten("A user must be the name of one, such as vcardapp.")
    return name


def _unit_quoted(text: str) -> str:
    """Quote as systemd.syntax(7) has it; a percent sign would be a specifier."""
    return '"' + "".join(ESCAPES.get(char, char) for char in text) + '"'


def _note(hidden: list[str]) -> str:
    if not hidden:
        return "# Secrets, if there will be any, belong into this file (mode 0600), one NAME='value' a line."
    return f"# To be written there (mode 0600), one NAME='value' a line: {', '.join(hidden)}"


UNIT = """\
# /etc/systemd/system/vcardapp.service; then: systemctl daemon-reload && systemctl enable --now vcardapp
# Once before: useradd --system --home-dir {shell_data} {user} && chown -R {user} {shell_data}
[Unit]
Description=vcardapp, digital business cards
Wants=network-online.target
After=network-online.target postgresql.service valkey.service

[Service]
Type=exec
User={user}
WorkingDirectory={data}
{environment}
{secrets}
EnvironmentFile=-{secrets_file}
ExecStart={program} run --host 127.0.0.1 --port {port} --workers {workers}
Restart=always
RestartSec=1
TimeoutStopSec={stop}
KillMode=mixed
LimitNOFILE=65536
UMask=0077

# It reads the system, writes its own folder, and may do nothing else.
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={writes}
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""
