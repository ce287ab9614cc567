"""What the selftest asks of the machine: keyring, clock, disk, folder, line to the server."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from jobdesk.cases.clock import Clock, local_date, local_datetime
from jobdesk.host import assets
from jobdesk.host.paths import StationPaths, nearest_existing, refuse_unfit_folder
from jobdesk.host.secrets import NoKeyring, open_secrets

State = Literal["ok", "warn", "bad", "unset"]
LEAST_BYTES, FEW_BYTES = 200 * 1024 * 1024, 2 * 1024 * 1024 * 1024
"""Free space below which a day's work may not fit, and below which backups soon will not (own figures)."""
SERVER_PATIENCE_S = 5.0
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found.

    Attributes:
        code: key of the sentence below ``selftest.found``.
        params: for the sentence; counts, versions, paths of this machine, never a person.
    """

    state: State
    code: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])


def keyring(key_file: Path | None) -> Found:
    """A secret is written, read and taken away again, under a name of its own."""
    store = open_secrets()
    if isinstance(store, NoKeyring):
        if key_file is not None:
            return Found("ok", "keyring_key_file")
        return Found("bad" if sys.platform == "win32" else "warn", "keyring_none")
    name, secret = f"selftest-{secrets.token_hex(4)}", secrets.token_hex(16)
    try:
        store.write(name, secret)
        kept = store.read(name)
    finally:
        store.delete(name)
    if kept != secret or store.read(name) is not None:
        return Found("bad", "keyring_wrong", {"backend": store.backend})
    return Found("ok", "keyring_good", {"backend": store.backend})


def clock(now: Clock, paths: StationPaths) -> Found:
    """Neither before this program was made nor before the station file was last written; Beijing time."""
    at = local_datetime(now.now_ms())
    made = local_date(int(assets.path("strings/zh_CN.toml").stat().st_mtime * 1000))
    last = local_date(int(paths.station.stat().st_mtime * 1000)) if paths.station.exists() else made
    shown = {"now": f"{at:%Y-%m-%d %H:%M}"}
    if at.date() < max(made, last) - timedelta(days=1):
        return Found("bad", "clock_behind", {**shown, "since": max(made, last).isoformat()})
    if at.date() > made + timedelta(days=3660):
        return Found("bad", "clock_ahead", shown)
    here = at.astimezone().utcoffset()
    if here != at.utcoffset():
        return Found("warn", "clock_zone", shown)
    return Found("ok", "clock_good", shown)


def disk_space(paths: StationPaths) -> Found:
    """Free space where the station lies, and where the second copy does."""
    places = [paths.data] + ([paths.second] if paths.second and paths.second.exists() else [])
    free = min(shutil.disk_usage(nearest_existing(place)).free for place in places)
    state: State = "bad" if free < LEAST_BYTES else "warn" if free < FEW_BYTES else "ok"
    return Found(state, f"disk_{state}", {"free": free // _MB})


def data_folder(paths: StationPaths) -> Found:
    """On a disk of this machine, and a file can be made there."""
    refuse_unfit_folder(paths.data)
    folder = nearest_existing(paths.data)
    shown = {"path": str(paths.data)}
    if not _can_write(folder):
        return Found("bad", "data_read_only", shown)
    return Found("ok", "data_good" if paths.data.exists() else "data_to_be_made", shown)


def program_folder() -> Found:
    """Installed programs cannot be changed by those who use them; a source tree can, and that is fine."""
    folder = assets.root().parent
    shown = {"path": str(folder)}
    if (folder / "pyproject.toml").exists() or _is_administrator():
        return Found("ok", "program_unasked", shown)
    if _can_write(folder):
        return Found("warn", "program_writable", shown)
    return Found("ok", "program_good", shown)


def _can_write(folder: Path) -> bool:
    """Whether a file can be made there: the rights as the system sees them, not as they are listed."""
    probe = folder / f".selftest-{secrets.token_hex(4)}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError:
        return False
    return True


def _is_administrator() -> bool:
    """Administrators may write anywhere; that says nothing of the others."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return os.geteuid() == 0


def server(url: str) -> Found:
    """A TCP and TLS connection with a valid certificate; nothing is sent.

    No server named is fine, and one that cannot be reached a warning: the desk works without a line for
    weeks. A certificate nobody vouches for, or an address that is none, is bad.
    """
    if not url:
        return Found("unset", "server_unset")
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        return Found("bad", "server_address", {"url": url})
    shown: dict[str, object] = {"host": host, "port": port}
    try:
        with (
            socket.create_connection((host, port), timeout=SERVER_PATIENCE_S) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as tls,
        ):
            return Found("ok", "server_good", {**shown, "tls": tls.version() or ""})
    except ssl.SSLCertVerificationError as error:
        return Found("bad", "server_certificate", {**shown, "why": error.verify_message})
    except ssl.SSLError:
        return Found("bad", "server_tls", shown)
    except socket.gaierror:
        return Found("warn", "server_name", shown)
    except TimeoutError:
        return Found("warn", "server_silent", shown)
    except OSError:
        return Found("warn", "server_refused", shown)
