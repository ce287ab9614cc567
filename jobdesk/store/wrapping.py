"""The database key wrapped under a slot's secret, and unwrapped.

AES-256-GCM under a key that HKDF derives from the secret; the slot's kind, id and file id are authenticated
with it, so a slot cannot be moved or relabelled.
"""

from __future__ import annotations

import hmac
import os
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jobdesk.store.slot_file import FORMAT, Keyslots, Kind, Slot

Purpose = Literal["journal", "attachments"]


def subkey(key: bytes, purpose: Purpose) -> bytes:
    """32 bytes for another use of the same secret; the database key cannot be computed back from them."""
    return _derive(key, b"", f"jobdesk subkey {purpose}")


def fits(slots: Keyslots, key: bytes) -> bool:
    """Is this the key the slots wrap?"""
    return hmac.compare_digest(slots.key_check, key_check(key, slots.file_id))


def key_check(key: bytes, file_id: str) -> str:
    """What tells this key from others and gives nothing of it away."""
    return hmac.digest(_derive(key, b"", "jobdesk key check"), file_id.encode("ascii"), "sha256").hex()


def wrap(key: bytes, kind: Kind, secret: bytes, file_id: str, now_ms: int) -> Slot:
    """A new slot: the key under this secret."""
    slot_id, salt, nonce = os.urandom(8).hex(), os.urandom(16), os.urandom(12)
    wrapping = _derive(secret, salt, f"jobdesk slot {kind}")
    wrapped = AESGCM(wrapping).encrypt(nonce, key, _bound(file_id, slot_id, kind))
    return Slot(slot_id, kind, now_ms, salt.hex(), nonce.hex(), wrapped.hex())


def unwrap(slot: Slot, secret: bytes, file_id: str) -> bytes | None:
    """The key; None when the secret is not this slot's."""
    wrapping = _derive(secret, bytes.fromhex(slot.salt), f"jobdesk slot {slot.kind}")
    bound = _bound(file_id, slot.slot_id, slot.kind)
    try:
        return AESGCM(wrapping).decrypt(bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped), bound)
    except InvalidTag:
        return None


def _bound(file_id: str, slot_id: str, kind: Kind) -> bytes:
    return f"jobdesk keyslot {FORMAT}|{file_id}|{slot_id}|{kind}".encode("ascii")


def _derive(secret: bytes, salt: bytes, info: str) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info.encode("ascii")).derive(secret)
