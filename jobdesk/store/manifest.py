"""Backups as their folders tell of them, without a key: names, manifests, their order.

Beside each ``.jdbk`` lies a plain manifest (ids, counts, checksum, no personal data) and a copy of its slots.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from jobdesk.cases.clock import local_datetime
from jobdesk.host.disk import disk_errors

SUFFIX = ".jdbk"
KEYSLOTS_SUFFIX = ".keys"
FORMAT = 1
_NAME = re.compile(r"station-\d{8}-\d{6}-[a-z0-9-]+(?:\.\d+)?\.jdbk")


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A backup as its manifest describes it.

    Attributes:
        path: the ``.jdbk``.
        file_id: names the station key it opens with (see keyslots); None without a manifest that can be read.
        serial: grows with every backup in a folder; newer is greater even when the clock was set back.
        created_ms: by the clock of the PC that made it.
        counts: rows per table that was counted when it was verified.
        sha256: of the ``.jdbk``.
        meta: what the caller added (ids and counts only).
    """

    path: Path
    file_id: str | None
    reason: str
    created_ms: int
    serial: int
    size: int
    counts: Mapping[str, int]
    sha256: str
    app_version: str
    meta: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])

    @property
    def manifest(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    @property
    def keyslots(self) -> Path:
        """The copy of keyslots.json that belongs to it."""
        return self.path.with_name(self.path.name + KEYSLOTS_SUFFIX)


def list_backups(folder: Path) -> list[BackupInfo]:
    """Every complete backup, newest first; those without a readable manifest last.

    Raises:
        Trouble: the folder is there but cannot be read. A missing folder has no backups.
    """
    with disk_errors(folder):
        if not folder.is_dir():
            return []
        found = [read_backup(p) for p in folder.iterdir() if _NAME.fullmatch(p.name)]
    return sorted(found, key=lambda b: (b.serial, b.created_ms, b.path.name), reverse=True)


def newest_first(backups: Iterable[BackupInfo]) -> list[BackupInfo]:
    """Backups of several folders in the order of making, also when the clock was set back in between.

    In one folder the serial tells; between folders the latest moment the clock had shown by then.
    """
    reached: dict[Path, int] = {}
    placed: list[tuple[int, int, BackupInfo]] = []
    for info in sorted(backups, key=lambda b: b.serial):
        latest = max(reached.get(info.path.parent, 0), info.created_ms)
        reached[info.path.parent] = latest
        placed.append((latest, info.serial, info))
    return [p[2] for p in sorted(placed, key=lambda p: p[:2], reverse=True)]


def read_backup(path: Path) -> BackupInfo:
    """What is known about a backup without its key; the manifest may be missing (a copy carried by hand)."""
    with disk_errors(path):
        size = path.stat().st_size
    return described(path, size)


def described(path: Path, size: int) -> BackupInfo:
    """By its manifest; of a copy without one that can be read nothing is known but path and size."""
    bare = BackupInfo(path, None, "", 0, 0, size, {}, "", "")
    try:
        loaded: object = json.loads(bare.manifest.read_bytes())
        raw = cast("dict[str, object]", loaded)
        return BackupInfo(
            path=path,
            file_id=str(raw["file_id"]),
            reason=str(raw["reason"]),
            created_ms=int(cast(int, raw["created_ms"])),
            serial=int(cast(int, raw["serial"])),
            size=int(cast(int, raw["size"])),
            counts={str(k): int(v) for k, v in cast("dict[str, int]", raw["counts"]).items()},
            sha256=str(raw["sha256"]),
            app_version=str(raw["app_version"]),
            meta=cast("dict[str, str | int]", raw["meta"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return bare


def written(info: BackupInfo) -> bytes:
    """Its manifest: no personal data."""
    body = {
        "format": FORMAT,
        "file_id": info.file_id,
        "reason": info.reason,
        "created_ms": info.created_ms,
        "created": local_datetime(info.created_ms).isoformat(timespec="seconds"),
        "serial": info.serial,
        "size": info.size,
        "counts": dict(info.counts),
        "sha256": info.sha256,
        "app_version": info.app_version,
        "meta": dict(info.meta),
    }
    return json.dumps(body, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"
