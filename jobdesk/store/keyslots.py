"""keyslots.json: the database key, wrapped once for everyone who may open the file.

The key is 256 random bits and is never shown, logged or written unwrapped. Each slot wraps it with
AES-256-GCM under a key that HKDF derives from the slot's secret; the slot's kind, id and file id are
authenticated with it, so a slot cannot be moved or relabelled. A second copy lies beside it as ``.bak``,
which is tried, and said, when the file itself is damaged.

Kinds: ``account`` (a secret in the credential store of one OS account), ``recovery`` (the printed code),
``keyfile`` (64 hex characters only the owner may read; the credential store is then never touched).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jobdesk.cases.errors import DamagedFile, JobdeskError, Refused, Trouble, WrongKey
from jobdesk.host.disk import disk_errors, replace_file, sync_folder, trouble_of, write_new
from jobdesk.host.secrets import Secrets
from jobdesk.store.recovery_code import RecoveryCode, new_recovery_code, parse_recovery_code

Kind = Literal["account", "recovery", "keyfile"]
Purpose = Literal["journal", "attachments"]
FORMAT = 1
_KINDS: tuple[Kind, ...] = ("account", "recovery", "keyfile")
_HEX64 = re.compile(rb"[0-9a-f]{64}\r?\n?")


@dataclass(frozen=True, slots=True)
class Slot:
    """One wrapping of the key; everything in it may be read by anybody."""

    slot_id: str
    kind: Kind
    created_ms: int
    salt: str
    nonce: str
    wrapped: str


SecretOf = Callable[[str, Slot], bytes | None]
"""From file id and slot to the slot's secret; None when this person does not have it."""


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


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """The database key and how it was come by.

    Attributes:
        slot_id: the slot that opened it.
        from_bak: see ``Keyslots``.
    """

    key: bytes = field(repr=False)
    file_id: str
    slot_id: str
    from_bak: bool = False


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key. The recovery code is to be shown once and never kept."""

    key: bytes = field(repr=False)
    recovery: RecoveryCode
    file_id: str


def subkey(key: bytes, purpose: Purpose) -> bytes:
    """32 bytes for another use of the same secret; the database key cannot be computed back from them."""
    return _derive(key, b"", f"jobdesk subkey {purpose}")


def create(
    path: Path,
    *,
    now_ms: int,
    key_file: Path | None = None,
    secrets: Secrets | None = None,
    recovery: RecoveryCode | None = None,
) -> CreatedKey:
    """Make a new key with a recovery slot and one way of everyday opening.

    Args:
        path: where keyslots.json goes; its folder exists.
        key_file: made here (0600); the credential store is then not used.
        secrets: the credential store of this account, where no key file is wanted.
        recovery: a code that was shown already; a fresh one when None.

    Raises:
        Refused: ``station_exists`` or ``key_file_exists``: neither is ever overwritten.
        Trouble: the folder or the credential store cannot be written; nothing is left behind then.
    """
    if (key_file is None) == (secrets is None):
        raise ValueError("either a key file or a credential store")
    if path.exists() or _bak(path).exists():
        raise Refused("station_exists", path=str(path))
    key = os.urandom(32)
    file_id = os.urandom(16).hex()
    recovery = recovery or new_recovery_code()
    slots = [_wrap(key, "recovery", recovery.secret, file_id, now_ms)]
    if key_file is not None:
        slots.append(_wrap(key, "keyfile", _make_key_file(key_file), file_id, now_ms))
    elif secrets is not None:
        slots.append(_account_slot(key, file_id, secrets, now_ms))
    try:
        _write(path, Keyslots(file_id, _key_check(key, file_id), tuple(slots)))
    except JobdeskError:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        if key_file is not None:
            key_file.unlink(missing_ok=True)
        elif secrets is not None:
            secrets.delete(_secret_name(file_id, slots[-1].slot_id))
        raise
    return CreatedKey(key, recovery, file_id)


def open_with_key_file(path: Path, key_file: Path) -> OpenedKey:
    """Open with a key file.

    Raises:
        Refused: ``key_file_missing``, ``key_file_open`` (others may read it), ``key_file_malformed``.
        WrongKey: a proper key file, but of another station.
        DamagedFile: keyslots.json and its .bak are both unreadable.
    """
    secret = read_key_file(key_file)
    return _open(
        path, "keyfile", lambda _file_id, _slot: secret, WrongKey("key_file_of_another", path=str(key_file))
    )


def open_with_account(path: Path, secrets: Secrets) -> OpenedKey:
    """Open with the credential store of this OS account.

    Raises:
        WrongKey: ``no_slot_for_account``: this account has no slot yet (or its secret is gone); the
            recovery code opens the file once and ``add_account_slot`` makes one.
        Trouble: the credential store does not answer.
    """

    def secret(file_id: str, slot: Slot) -> bytes | None:
        kept = secrets.read(_secret_name(file_id, slot.slot_id))
        return bytes.fromhex(kept) if kept and re.fullmatch("[0-9a-f]{64}", kept) else None

    return _open(path, "account", secret, WrongKey("no_slot_for_account", path=str(path)))


def open_with_recovery(path: Path, code: str) -> OpenedKey:
    """Open with the recovery code as typed.

    Raises:
        BadInput: the code has a slip; says in which group.
        WrongKey: a proper code, but of another station or an older one that was replaced.
    """
    secret = parse_recovery_code(code).secret
    return _open(
        path, "recovery", lambda _file_id, _slot: secret, WrongKey("recovery_code_wrong", path=str(path))
    )


def add_account_slot(path: Path, key: bytes, secrets: Secrets, *, now_ms: int) -> str:
    """Give this OS account its own slot; returns the slot id.

    A slot this account already has (its secret is in the store) is replaced, so that a repaired account
    does not leave dead slots behind.

    Raises:
        WrongKey: the key does not belong to this keyslots.json.
    """
    held = _for_key(path, key)
    mine = [
        s for s in held.slots if s.kind == "account" and secrets.read(_secret_name(held.file_id, s.slot_id))
    ]
    slot = _account_slot(key, held.file_id, secrets, now_ms)
    _write(path, replace(held, slots=(*(s for s in held.slots if s not in mine), slot)))
    for old in mine:
        secrets.delete(_secret_name(held.file_id, old.slot_id))
    return slot.slot_id


def add_key_file_slot(path: Path, key: bytes, key_file: Path, *, now_ms: int) -> str:
    """Make a key file and its slot; returns the slot id."""
    held = _for_key(path, key)
    slot = _wrap(key, "keyfile", _make_key_file(key_file), held.file_id, now_ms)
    try:
        _write(path, replace(held, slots=(*held.slots, slot)))
    except JobdeskError:
        key_file.unlink(missing_ok=True)
        raise
    return slot.slot_id


def replace_recovery(
    path: Path, key: bytes, *, now_ms: int, recovery: RecoveryCode | None = None
) -> RecoveryCode:
    """A new recovery code; the old one no longer opens this file (it still opens older backups).

    ``recovery`` is a code that was shown and asked back before; without one a fresh code is made.
    """
    held = _for_key(path, key)
    code = recovery or new_recovery_code()
    slot = _wrap(key, "recovery", code.secret, held.file_id, now_ms)
    _write(path, replace(held, slots=(*(s for s in held.slots if s.kind != "recovery"), slot)))
    return code


def remove_slot(path: Path, key: bytes, slot_id: str) -> None:
    """Take a slot away, from the .bak as well.

    Raises:
        Refused: ``last_way_in`` when it is the recovery slot; that one is replaced, never removed.
    """
    held = _for_key(path, key)
    if any(s.slot_id == slot_id and s.kind == "recovery" for s in held.slots):
        raise Refused("last_way_in", slot=slot_id)
    _write(path, replace(held, slots=tuple(s for s in held.slots if s.slot_id != slot_id)))


def list_slots(path: Path) -> tuple[Slot, ...]:
    """Every slot, in the order of making."""
    return read_keyslots(path).slots


def read_keyslots(path: Path) -> Keyslots:
    """What is in the file, or in its .bak when the file is damaged or missing (``from_bak`` is then set).

    Raises:
        DamagedFile: ``keyslots_missing`` or ``keyslots_damaged``; neither can be read.
    """
    first = _read_one(path)
    if isinstance(first, Keyslots):
        return first
    second = _read_one(_bak(path))
    if isinstance(second, Keyslots):
        return replace(second, from_bak=True)
    raise DamagedFile(
        "keyslots_missing" if first == second == "missing" else "keyslots_damaged", path=str(path)
    )


def fits(slots: Keyslots, key: bytes) -> bool:
    """Is this the key the slots wrap?"""
    return hmac.compare_digest(slots.key_check, _key_check(key, slots.file_id))


def read_key_file(key_file: Path) -> bytes:
    """The secret in a key file, checked on the open file so that it cannot be swapped in between."""
    try:
        fd = os.open(key_file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise Refused("key_file_missing", path=str(key_file)) from error
    except OSError as error:
        raise Refused("key_file_unreadable", path=str(key_file)) from error
    try:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode):
            raise Refused("key_file_malformed", path=str(key_file))
        if os.name != "nt" and about.st_mode & 0o077:
            raise Refused("key_file_open", path=str(key_file), mode=f"{about.st_mode & 0o777:04o}")
        with disk_errors(key_file):
            content = os.read(fd, 80)
    finally:
        os.close(fd)
    if not _HEX64.fullmatch(content):
        raise Refused("key_file_malformed", path=str(key_file))
    return bytes.fromhex(content[:64].decode("ascii"))


def _make_key_file(key_file: Path) -> bytes:
    secret = os.urandom(32)
    try:
        with disk_errors(key_file):
            try:
                write_new(key_file, secret.hex().encode("ascii") + b"\n")
            except FileExistsError as error:
                raise Refused("key_file_exists", path=str(key_file)) from error
            sync_folder(key_file.parent)
    except Trouble:
        key_file.unlink(missing_ok=True)
        raise
    return secret


def _account_slot(key: bytes, file_id: str, secrets: Secrets, now_ms: int) -> Slot:
    secret = os.urandom(32)
    slot = _wrap(key, "account", secret, file_id, now_ms)
    secrets.write(_secret_name(file_id, slot.slot_id), secret.hex())
    return slot


def _secret_name(file_id: str, slot_id: str) -> str:
    return f"{file_id}/{slot_id}"


def _derive(secret: bytes, salt: bytes, info: str) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info.encode("ascii")).derive(secret)


def _key_check(key: bytes, file_id: str) -> str:
    return hmac.digest(_derive(key, b"", "jobdesk key check"), file_id.encode("ascii"), "sha256").hex()


def _bound(file_id: str, slot_id: str, kind: Kind) -> bytes:
    return f"jobdesk keyslot {FORMAT}|{file_id}|{slot_id}|{kind}".encode("ascii")


def _wrap(key: bytes, kind: Kind, secret: bytes, file_id: str, now_ms: int) -> Slot:
    slot_id, salt, nonce = os.urandom(8).hex(), os.urandom(16), os.urandom(12)
    wrapping = _derive(secret, salt, f"jobdesk slot {kind}")
    wrapped = AESGCM(wrapping).encrypt(nonce, key, _bound(file_id, slot_id, kind))
    return Slot(slot_id, kind, now_ms, salt.hex(), nonce.hex(), wrapped.hex())


def _unwrap(slot: Slot, secret: bytes, file_id: str) -> bytes | None:
    wrapping = _derive(secret, bytes.fromhex(slot.salt), f"jobdesk slot {slot.kind}")
    bound = _bound(file_id, slot.slot_id, slot.kind)
    try:
        return AESGCM(wrapping).decrypt(bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped), bound)
    except InvalidTag:
        return None


def _for_key(path: Path, key: bytes) -> Keyslots:
    held = read_keyslots(path)
    if not fits(held, key):
        raise WrongKey("keyslots_of_another", path=str(path))
    return held


def _open(path: Path, kind: Kind, secret_of: SecretOf, otherwise: WrongKey) -> OpenedKey:
    held = read_keyslots(path)
    for slot in held.slots:
        if slot.kind != kind:
            continue
        secret = secret_of(held.file_id, slot)
        key = _unwrap(slot, secret, held.file_id) if secret is not None else None
        if key is not None and fits(held, key):
            return OpenedKey(key, held.file_id, slot.slot_id, held.from_bak)
    raise otherwise


def _bak(path: Path) -> Path:
    return path.with_name(path.name + ".bak")


def _canonical(body: dict[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def _write(path: Path, held: Keyslots) -> None:
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
        replace_file(_bak(path), data)
    except OSError:
        with contextlib.suppress(OSError):
            _bak(path).unlink(missing_ok=True)


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
