"""Files that were carried: each request in them done as over a line, the answers in one file back (M-12).

A file may come once, twice, late and in any order: push, pull and contents are idempotent, so nothing is
remembered of it and nothing it may ask is refused because it was asked before.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import select

from jobdesk.cases.errors import BadInput
from jobdesk.protocol.carried import CarriedBack, CarriedHead, cut, read_head, write_parts
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_CARRIED_BYTES
from jobdesk.protocol.sealing import HEAD, Way, can_be_sealed_to, seal, unseal
from jobdesk.protocol.versions import is_answered
from province.asking import Asked, Vouched, caller_of
from province.carried_requests import Back, answer
from province.db import tables as t
from province.db.engine import EVERYTHING
from province.refusing import Refused
from province.serving import Province

ROOM = 256 * 1024
"""Kept free in what a desk asks for, for verdicts and refusals (own figure)."""
_HEAD_ROOM = 64 * 1024
"""Of that, kept free in any answer: its head without the replies, seal and checksum."""
MOST_S = 60.0
"""One file is worked on so long (own figure), two thirds of it on pushes: some 100,000 operations. By pages
of a byte a stolen machine held one of two places for minutes; a desk waits 90 s for its answer.
"""
_PUSH = "/v1/push"


def carried(province: Province, data: bytes, carrier: Asked | None = None) -> bytes:
    """The answer to a file, sealed to the desk that wrote it.

    Args:
        carrier: the request that brought it, when whoever carries signed it; the desk's scope counts, not
            the carrier's.

    Raises:
        Refused: ``body`` with what is wrong as detail (``carried_damaged``, ``carried_not_for_us`` …),
            ``unknown_device``, ``bad_signature``, ``upgrade``, ``busy`` while another file of this machine is
            worked on; nothing was done then.
    """
    me, now = province.me(), province.now_ms()
    try:
        letter = unseal(data, me.exchange_key)
        if letter.envelope.way is not Way.OUT:
            raise BadInput("carried_is_an_answer")
        head, rest = read_head(letter.content, CarriedHead)
        bodies = cut(rest, [ask.size for ask in head.asks])
        if not can_be_sealed_to(bytes.fromhex(head.answer_key)):  # nobody would hear what was done
            raise BadInput("carried_damaged", what="answer_key")
    except BadInput as bad:
        raise Refused(ErrorCode.BODY, detail=bad.code) from bad
    with province.db.reading(EVERYTHING) as con:
        if carrier is not None:
            caller_of(con, carrier, me, now)
        row = con.execute(select(t.device.c.public_key).where(t.device.c.id == head.device)).one_or_none()
    if row is None:
        raise Refused(ErrorCode.UNKNOWN_DEVICE)
    if head.exchange != letter.envelope.exchange or not letter.is_by(bytes(row.public_key)):
        raise Refused(ErrorCode.BAD_SIGNATURE)
    if not is_answered(str(head.protocol), _PUSH, province.spoken):
        raise Refused(ErrorCode.UPGRADE, detail=str(head.protocol)[:20])
    asked = min(head.max_bytes, MAX_CARRIED_BYTES)
    beyond, end = MAX_CARRIED_BYTES - asked + ROOM - _HEAD_ROOM, monotonic() + MOST_S
    back = Back(asked - HEAD - ROOM, beyond, end, end - MOST_S / 3)
    with _only_one(province, head.device):
        for ask, body in zip(head.asks, bodies, strict=True):
            answer(province, Vouched(ask.method, ask.path, body, head.device, "", ""), back, head.protocol)
    told = CarriedBack(
        exchange=head.exchange, device=head.device, number=head.number, made_ms=now,
        refill=head.refill and not back.undone, hello=province.hello(), more=back.more, replies=back.replies,
    )  # fmt: skip
    content = write_parts(told, back.bodies)
    return seal(content, Way.BACK, head.exchange, bytes.fromhex(head.answer_key), me.signing_key)


@contextmanager
def _only_one(province: Province, device: str) -> Generator[None]:
    """Raises Refused: whoever has many files has no more places than others."""
    mine = object()
    if province.in_work.setdefault(device, mine) is not mine:
        raise Refused(ErrorCode.BUSY, detail="device", retry_after_s=5)
    try:
        yield
    finally:
        del province.in_work[device]
