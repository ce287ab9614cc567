"""What a person is to be told, and the talk of two stations about a file that is to move (M-6.6)."""

from __future__ import annotations

import json

from sqlalchemy import Connection, Row, select, update

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import Notice, TransferAsk
from province.db import tables as t
from province.db.writing import among, insert_quietly, widened
from province.refusing import Refused
from province.scope import Caller

_DAYS_MS = 90 * 24 * 3600 * 1000
"""A notice is told this long (own figure); a desk keeps what it was told."""
_MOST = 200


def of(con: Connection, caller: Caller, now_ms: int) -> list[Notice]:
    """The newest ones that wait, of the streams in scope. Each pull tells them again; the id says it once."""
    if not caller.nums:
        return []
    rows = con.execute(
        select(t.notice)
        .where(among(con, t.notice.c.home, caller.nums), t.notice.c.settled_ms.is_(None))
        .where(t.notice.c.at_ms > now_ms - _DAYS_MS)
        .order_by(t.notice.c.at_ms.desc(), t.notice.c.id)
        .limit(_MOST)
    ).all()
    ids = {s.num: s.id for s in caller.streams}
    return [_notice(row, ids.get(int(row.home))) for row in rows]


def transfer(con: Connection, caller: Caller, ask: TransferAsk, now_ms: int) -> Notice:
    """Write a request or its answer; the same id is answered the same.

    Raises:
        Refused: ``out_of_scope``: nobody of the two sides asks, or there is no such subject, stream or
            request; ``body``: what the step needs is missing.
    """
    with widened(con):
        before = con.execute(select(t.notice).where(t.notice.c.id == ask.id)).one_or_none()
        if before is not None:
            if before.sender not in {s.id for s in caller.streams}:
                raise Refused(ErrorCode.OUT_OF_SCOPE)
            return _notice(before, _id_of(con, int(before.home)))
        row = _request(con, caller, ask) if ask.step == "request" else _answer(con, caller, ask, now_ms)
        row |= {"id": ask.id, "kind": f"transfer_{ask.step}", "text": _clean(ask.text), "at_ms": now_ms}
        insert_quietly(con, t.notice, [row])
        made = con.execute(select(t.notice).where(t.notice.c.id == ask.id)).one()
        return _notice(made, _id_of(con, int(made.home)))


def tell(con: Connection, home: int, kind: str, notice_id: str, text: str, now_ms: int) -> None:
    """A notice of the server itself; once by its id."""
    row = {"id": notice_id, "home": home, "kind": kind, "subjects": "[]", "text": text, "at_ms": now_ms}
    insert_quietly(con, t.notice, [row])


def _request(con: Connection, caller: Caller, ask: TransferAsk) -> dict[str, object]:
    """To the station that has the subject, or to the one that shall have it: whichever does not ask."""
    if ask.subject is None or ask.to is None:
        raise Refused(ErrorCode.BODY)
    home = con.execute(select(t.subject.c.home).where(t.subject.c.id == ask.subject)).scalar_one_or_none()
    target = con.execute(select(t.stream.c.num).where(t.stream.c.id == ask.to)).scalar_one_or_none()
    if home is None or target is None or home == target:
        raise Refused(ErrorCode.OUT_OF_SCOPE)
    if home in caller.may_write:
        asked, asker = int(target), int(home)
    elif target in caller.may_write:
        asked, asker = int(home), int(target)
    else:
        raise Refused(ErrorCode.OUT_OF_SCOPE)
    return {"home": asked, "sender": _id_of(con, asker), "answers": None,
            "subjects": json.dumps([ask.subject])}  # fmt: skip


def _answer(con: Connection, caller: Caller, ask: TransferAsk, now_ms: int) -> dict[str, object]:
    if ask.answers is None:
        raise Refused(ErrorCode.BODY)
    asked = con.execute(
        select(t.notice).where(t.notice.c.id == ask.answers).with_for_update()
    ).one_or_none()
    if asked is None or asked.kind != "transfer_request" or asked.home not in caller.may_write:
        raise Refused(ErrorCode.OUT_OF_SCOPE)
    if asked.settled_ms is not None:
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail="answered")
    con.execute(update(t.notice).where(t.notice.c.id == asked.id).values(settled_ms=now_ms))
    back = con.execute(select(t.stream.c.num).where(t.stream.c.id == asked.sender)).scalar_one()
    return {"home": int(back), "sender": _id_of(con, int(asked.home)), "answers": asked.id,
            "subjects": asked.subjects}  # fmt: skip


def _notice(row: Row[tuple[object, ...]], to: str | None) -> Notice:
    return Notice(
        id=row.id, kind=row.kind, subjects=json.loads(row.subjects), text=row.text, sender=row.sender,
        to=to, answers=row.answers, at_ms=int(row.at_ms),
    )  # fmt: skip


def _id_of(con: Connection, num: int) -> str:
    return con.execute(select(t.stream.c.id).where(t.stream.c.num == num)).scalar_one()


def _clean(text: str) -> str:
    """Control characters go, and halves of surrogate pairs: the database holds neither NUL nor those."""
    kept = "".join(c for c in text if c >= " " or c == "\n")
    return kept.encode("utf-8", "ignore").decode()
