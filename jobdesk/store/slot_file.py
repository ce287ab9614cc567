"""What keyslots.json says: read and written with its second copy.

The copy lies beside it as ``.bak``, which is tried, and said, when the file itself is damaged.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

from jobdesk.cases.errors import DamagedFile
from jobdesk.host.disk import disk_errors, replace_file, trouble_of

Kind = Literal["account", "recovery", "keyfile"]
FORMAT = 1
_KINDS: tuple[Kind, ...] = ("account", "recovery", "keyfile")


@dataclass(frozen=True, slots=True)
class Slot:
    """One wrapping of the key; everything in it may be read by anybody."""

    slot_id: str
    kind: Kind
    created_ms: int
    salt: str
    nonce: str
    wrapped: str


@dataclass(frozen=True, slots=True)
class Keyslots:
    """What keyslots.json says.

    Attributes:
        file_id: names the station file these slots open; random, no secret, the same in its backups.
        key_check: recognises the right key without opening the database.
        from_bak: the file was damaged and its second copy was read instead; tell it.
    """

    file_id: str
    key_check: str
    slots: tuple[Slot, ...]
    from_bak: bool = field(default=False, compare=False)


def read_keyslots(path: Path) -> Keyslots:
    """What is in the file, or in its .bak when the file is damaged or missing (``from_bak`` is then set).

    Raises:
        DamagedFile: ``keyslots_missing`` or ``keyslots_damaged``; neither can be read.
    """
    first = _read_one(path)
    if isinstance(first, Keyslots):
        return first
    second = _read_one(copy_of(path))
    if isinstance(second, Keyslots):
        return replace(second, from_bak=True)
    raise DamagedFile(
        "keyslots_missing" if first == second == "missing" else "keyslots_damaged", path=str(path)
    )


def write_keyslots(path: Path, held: Keyslots) -> None:
    """The file first, then its copy; a copy that cannot be made is removed rather than left stale."""
    body: dict[str, object] = {
        "format": FORMAT,
        "file_id": held.file_id,
        "key_check": held.key_check,
        "slots": [
            {
                "slot_id": s.slot_id,
                "kind": s.kind,
                "created_ms": s.created_ms,
                "salt": s.salt,
                "nonce": s.nonce,
                "wrapped": s.wrapped,
            }
            for s in held.slots
        ],
    }
    whole = {**body, "sha256": hashlib.sha256(_canonical(body)).hexdigest()}
    data = json.dumps(whole, indent=1).encode("ascii") + b"\n"
    with disk_errors(path):
        replace_file(path, data)
    try:
        replace_file(copy_of(path), data)
    except OSError:
        with contextlib.suppress(OSError):
            copy_of(path).unlink(missing_ok=True)


def copy_of(path: Path) -> Path:
    """The second copy of such a file."""
    return path.with_name(path.name + ".bak")


def _canonical(body: dict[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def _read_one(path: Path) -> Keyslots | Literal["missing", "damaged"]:
    """The file, or why not. The checksum tells damage from a wrong secret; it is no protection."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        raise trouble_of(error, path) from error
    try:
        loaded: object = json.loads(data)
        if not isinstance(loaded, dict):
            return "damaged"
        body = cast("dict[str, object]", loaded)
        told = body.pop("sha256", None)
        if told != hashlib.sha256(_canonical(body)).hexdigest():
            return "damaged"
        if body["format"] != FORMAT:
            raise DamagedFile("newer_file", version=body["format"])
        slots = tuple(_read_slot(cast("dict[str, object]", s)) for s in cast("list[object]", body["slots"]))
        return Keyslots(str(body["file_id"]), str(body["key_check"]), slots)
    except (ValueError, KeyError, TypeError):
        return "damaged"


def _read_slot(raw: dict[str, object]) -> Slot:
    kind, created = raw["kind"], raw["created_ms"]
    if kind not in _KINDS or not isinstance(created, int):
        raise ValueError("no slot")
    salt, nonce, wrapped = (str(raw[n]) for n in ("salt", "nonce", "wrapped"))
    for text in (salt, nonce, wrapped):
        bytes.fromhex(text)
    return Slot(str(raw["slot_id"]), kind, created, salt, nonce, wrapped)
