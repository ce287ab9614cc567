"""Updates by IT's decision only: look into a folder, stick or web folder, prove what lies there, copy it.

Nothing here installs anything, asks a place IT has not named or speaks up: 关于 shows one quiet line when it
is opened. A manifest that is tampered with, expired, older than one seen before, or a package that is half
copied or altered is refused with its reason, and nothing is left behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from jobdesk import __version__
from jobdesk.cases.clock import Clock, today
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.host import publishers
from jobdesk.host.disk import disk_errors, replace_file, sync_folder
from jobdesk.host.settings_file import AppConfig
from jobdesk.host.signed_pack import MAX_FILE, unpack
from jobdesk.host.strings import text
from jobdesk.host.update_manifest import (
    KIND,
    PACK_NAME,
    Manifest,
    Package,
    Release,
    machine_id,
    manifest_of,
    share_of,
    this_platform,
    version_of,
)
from jobdesk.host.update_source import NotThere, UpdateSource, source_of, whole

SEEN_NAME = "updates.json"

Standing = Literal["newest", "offered", "later", "too_old"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a folder has for this machine.

    Attributes:
        standing: ``newest`` nothing newer; ``offered``; ``later`` this machine is not in the share yet;
            ``too_old`` what is newer cannot be installed over this version.
        release, package: None for ``newest``.
        source: where the package lies.
    """

    standing: Standing
    installed: str
    source: UpdateSource
    manifest: Manifest
    release: Release | None = None
    package: Package | None = None


def check(
    config: AppConfig, clock: Clock, folder: Path | str | None = None, *, regardless: bool = False,
    installed: str = __version__, machine: str | None = None,
) -> Offer:  # fmt: skip
    """What lies in the folder for this machine, proven.

    Args:
        folder: a stick, share or web address named by IT; None takes the one of policy, provided updates
            are on.
        regardless: take no notice of the share of machines (IT at this very PC).

    Raises:
        Refused: ``updates_off``, ``update_expired``, ``update_rolled_back``, ``update_forked``.
        BadInput: ``pack_…``, ``update_malformed``, ``update_none`` (no manifest there).
        Trouble: the folder cannot be read.
    """
    source = source_of(folder if folder is not None else _folder_of_policy(config))
    try:
        data = whole(source, PACK_NAME, MAX_FILE)
    except NotThere:
        raise BadInput("update_none", path=source.shown, name=PACK_NAME) from None
    if len(data) > MAX_FILE:
        raise BadInput("pack_damaged", path=PACK_NAME)
    pack = unpack(data, KIND, publishers.in_force(config, machine_only=True), PACK_NAME)
    manifest = manifest_of(pack)
    seen = _Seen.read(config.paths.data)
    seen.refuse_stale(manifest, today(clock))
    seen.keep(manifest)
    return _offer(manifest, source, installed, machine_id() if machine is None else machine, regardless)


def _folder_of_policy(config: AppConfig) -> str:
    folder = config.policy.value("update_folder")
    if not config.policy.updates_on or not folder:
        raise Refused("updates_off")
    return folder


def _offer(manifest: Manifest, source: UpdateSource, installed: str, machine: str, regardless: bool) -> Offer:
    """The newest release that fits this machine; else why the newest does not."""
    ours = version_of(installed)
    newer = [
        (r, p)
        for r in sorted(manifest.releases, key=lambda r: version_of(r.version), reverse=True)
        if version_of(r.version) > ours and (p := r.package(this_platform())) is not None
    ]
    fitting = [(r, p) for r, p in newer if version_of(r.minimum) <= ours]
    for release, package in fitting:
        if regardless or share_of(machine, release.version) < release.percent:
            return Offer("offered", installed, source, manifest, release, package)
    standing: Standing = "later" if fitting else "too_old" if newer else "newest"
    release, package = (fitting or newer or [(None, None)])[0]
    return Offer(standing, installed, source, manifest, release, package)


def said(offer: Offer) -> str:
    """The offer in a sentence."""
    release = offer.release or Release("", "", 0, ())
    return text(
        f"updates.{offer.standing}",
        installed=offer.installed,
        version=release.version,
        minimum=release.minimum,
    )


def stage(offer: Offer, target: Path) -> Path:
    """Copy the package of an offer into ``target``, proven there byte by byte; the path of the copy.

    Raises:
        Refused: ``update_not_offered``: there is nothing for this machine.
        BadInput: ``update_package_missing``, ``update_half_copied``, ``update_package_damaged``: nothing is
            left in the folder.
        Trouble: it cannot be written there.
    """
    if offer.standing != "offered" or offer.package is None:
        raise Refused("update_not_offered", installed=offer.installed)
    package = offer.package
    final = target / package.name
    with disk_errors(target):
        target.mkdir(parents=True, exist_ok=True)
        part = target / f".{package.name}.part"
        part.unlink(missing_ok=True)
    try:
        _copy(offer.source, part, package)
        with disk_errors(part):
            if _digest(part) != package.sha256:  # what a stick or a failing disk made of it
                raise BadInput("update_package_damaged", path=package.name)
            part.replace(final)
            sync_folder(target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return final


def _copy(source: UpdateSource, part: Path, package: Package) -> None:
    """Copy and prove on the way; never more than the manifest says."""
    hashed, size = hashlib.sha256(), 0
    with disk_errors(part), part.open("xb") as writing:
        try:
            for chunk in source.chunks(package.name):
                size += len(chunk)
                if size > package.size:
                    break
                hashed.update(chunk)
                writing.write(chunk)
        except NotThere:
            raise BadInput("update_package_missing", path=package.name) from None
        writing.flush()
        os.fsync(writing.fileno())
    if size < package.size:
        raise BadInput("update_half_copied", path=package.name, got=size, want=package.size)
    if size > package.size or hashed.hexdigest() != package.sha256:
        raise BadInput("update_package_damaged", path=package.name)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def command_for(package: Path) -> str:
    """What IT runs to install the copy, without a question on the screen."""
    if sys.platform == "win32":
        log = package.with_suffix(".log")
        return f'msiexec /i "{package}" /qn /norestart /l*v "{log}"'
    return f"apt-get install -y '{package}'"


@dataclass(slots=True)
class _Seen:
    """The newest manifest seen of each publisher, beside the station file."""

    file: Path
    newest: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, data: Path) -> _Seen:
        """What is kept; a file that cannot be read counts as nothing seen."""
        file = data / SEEN_NAME
        newest: dict[str, dict[str, Any]] = {}
        with contextlib.suppress(OSError, ValueError, RecursionError):
            raw: Any = json.loads(file.read_text("utf-8"))
            kept = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
            for key_id, entry in kept.items():
                if isinstance(entry, dict) and isinstance(cast("dict[str, Any]", entry).get("number"), int):
                    newest[key_id] = cast("dict[str, Any]", entry)
        return cls(file, newest)

    def refuse_stale(self, manifest: Manifest, now: date) -> None:
        """A clock that was set back does not make an expired manifest young: the days seen count too."""
        before = self.newest.get(manifest.key_id, {})
        number = before.get("number", 0)
        if manifest.number < number:
            raise Refused("update_rolled_back", number=manifest.number, seen=number)
        if manifest.number == number and before.get("digest") != manifest.digest:
            raise Refused("update_forked", number=number)
        with contextlib.suppress(ValueError, TypeError):
            now = max(now, date.fromisoformat(before.get("issued_on", "")))
        if max(now, manifest.issued_on) > manifest.expires_on:
            raise Refused("update_expired", day=manifest.expires_on.isoformat())

    def keep(self, manifest: Manifest) -> None:
        """Remember it. Where that cannot be written the offer stands all the same: it was proven."""
        entry = {
            "number": manifest.number, "digest": manifest.digest, "issued_on": manifest.issued_on.isoformat()
        }  # fmt: skip
        if self.newest.get(manifest.key_id) == entry:
            return
        self.newest[manifest.key_id] = entry
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.file, json.dumps(self.newest, sort_keys=True).encode())
