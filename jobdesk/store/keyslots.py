"""keyslots.json: the database key, wrapped once for everyone who may open the file.

The key is 256 random bits and is never shown, logged or written unwrapped. Each slot wraps it under a
secret of its own (``wrapping``); ``slot_file`` reads and writes them.

Kinds: ``account`` (a secret in the credential store of one OS account), ``recovery`` (the printed code),
``keyfile`` (64 hex characters only the owner may read; the credential store is then never touched).
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from jobdesk.cases.errors import JobdeskError, Refused, WrongKey
from jobdesk.host.secrets import Secrets
from jobdesk.store.key_file import make_key_file, read_key_file
from jobdesk.store.recovery_code import RecoveryCode, new_recovery_code, parse_recovery_code
from jobdesk.store.slot_file import Keyslots, Kind, Slot, copy_of, read_keyslots, write_keyslots
from jobdesk.store.wrapping import fits, key_check, unwrap, wrap

SecretOf = Callable[[str, Slot], bytes | None]
"""From file id and slot to the slot's secret; None when this person does not have it."""


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
    if path.exists() or copy_of(path).exists():
        raise Refused("station_exists", path=str(path))
    key = os.urandom(32)
    file_id = os.urandom(16).hex()
    recovery = recovery or new_recovery_code()
    slots = [wrap(key, "recovery", recovery.secret, file_id, now_ms)]
    if key_file is not None:
        slots.append(wrap(key, "keyfile", make_key_file(key_file), file_id, now_ms))
    elif secrets is not None:
        slots.append(_account_slot(key, file_id, secrets, now_ms))
    try:
        write_keyslots(path, Keyslots(file_id, key_check(key, file_id), tuple(slots)))
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
    write_keyslots(path, replace(held, slots=(*(s for s in held.slots if s not in mine), slot)))
    for old in mine:
        secrets.delete(_secret_name(held.file_id, old.slot_id))
    return slot.slot_id


def add_key_file_slot(path: Path, key: bytes, key_file: Path, *, now_ms: int) -> str:
    """Make a key file and its slot; returns the slot id."""
    held = _for_key(path, key)
    slot = wrap(key, "keyfile", make_key_file(key_file), held.file_id, now_ms)
    try:
        write_keyslots(path, replace(held, slots=(*held.slots, slot)))
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
    slot = wrap(key, "recovery", code.secret, held.file_id, now_ms)
    write_keyslots(path, replace(held, slots=(*(s for s in held.slots if s.kind != "recovery"), slot)))
    return code


def remove_slot(path: Path, key: bytes, slot_id: str) -> None:
    """Take a slot away, from the .bak as well.

    Raises:
        Refused: ``last_way_in`` when it is the recovery slot; that one is replaced, never removed.
    """
    held = _for_key(path, key)
    if any(s.slot_id == slot_id and s.kind == "recovery" for s in held.slots):
        raise Refused("last_way_in", slot=slot_id)
    write_keyslots(path, replace(held, slots=tuple(s for s in held.slots if s.slot_id != slot_id)))


def list_slots(path: Path) -> tuple[Slot, ...]:
    """Every slot, in the order of making."""
    return read_keyslots(path).slots


def _account_slot(key: bytes, file_id: str, secrets: Secrets, now_ms: int) -> Slot:
    secret = os.urandom(32)
    slot = wrap(key, "account", secret, file_id, now_ms)
    secrets.write(_secret_name(file_id, slot.slot_id), secret.hex())
    return slot


def _secret_name(file_id: str, slot_id: str) -> str:
    return f"{file_id}/{slot_id}"


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
        key = unwrap(slot, secret, held.file_id) if secret is not None else None
        if key is not None and fits(held, key):
            return OpenedKey(key, held.file_id, slot.slot_id, held.from_bak)
    raise otherwise
