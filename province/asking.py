"""From a request to a caller: the signature over all of it, the scope of the device."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.signing import nonce_age, request_bytes, verify
from province.db import tables as t
from province.identity import Identity
from province.refusing import Refused
from province.scope import Caller, caller_for

_DEVICE = select(t.device).where(t.device.c.id == bindparam("device"))
"""Made once, as every statement that each request asks: making it takes longer than the database."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, its body read within the limit."""

    method: str
    path: str
    body: bytes
    device: str
    nonce: str
    signature: str


@dataclass(frozen=True, slots=True)
class Vouched(Asked):
    """A request out of a carried file whose one signature over all of it was checked (M-12.3)."""


def signed_by(asked: Asked, public: bytes, me: Identity, now_s: int) -> None:
    """Whether this key signed exactly this request with a fresh nonce of ours.

    Raises:
        Refused: ``stale_nonce``, ``bad_signature``.
    """
    if nonce_age(me.nonce_secret, asked.nonce, now_s) is None:
        raise Refused(ErrorCode.STALE_NONCE)
    message = request_bytes(asked.method, asked.path, asked.body, asked.nonce)
    if not verify(public, message, asked.signature):
        raise Refused(ErrorCode.BAD_SIGNATURE)


def caller_of(con: Connection, asked: Asked, me: Identity, now_ms: int, *, renewing: bool = False) -> Caller:
    """The device that asks, with its scope.

    Raises:
        Refused: ``unsigned``, ``unknown_device`` (also when its validity has passed), and see ``signed_by``.
    """
    vouched = isinstance(asked, Vouched)
    if not vouched and not (asked.device and asked.nonce and asked.signature):
        raise Refused(ErrorCode.UNSIGNED)
    row = con.execute(_DEVICE, {"device": asked.device}).one_or_none()
    if row is None:
        raise Refused(ErrorCode.UNKNOWN_DEVICE)
    if not vouched:
        signed_by(asked, bytes(row.public_key), me, now_ms // 1000)
    if now_ms > row.valid_until_ms and not renewing:
        raise Refused(ErrorCode.UNKNOWN_DEVICE, detail="expired")
    return caller_for(con, row.id, row.org, row.role, revoked=row.revoked_ms is not None)
