"""What a desk is to be told: kept until it is settled, told with every pull, written once by its id."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from jobdesk.protocol.codes import Why
from jobdesk.protocol.messages import Masked, Notice
from province.db import tables as t
from province.db.writing import among, insert_quietly
from province.scope import Caller
from province.withholding import RESTRICTING

_DAYS_MS = 90 * 24 * 3600 * 1000
"""A notice is told this long (own figure), an open request until it is answered; a desk keeps it then."""
_MOST = 200
"""Told with one pull (own figure): the newest, and where more wait some of the others by turns."""
_ERASED_DAYS_MS = 366 * 24 * 3600 * 1000
"""That somebody is erased is told so long (own figure): a PC that had no line for months still shows him."""
OWN = "own-"
"""Begins the id of the copy that the station itself is told."""
OVER = "over-"
_ERASED = json.dumps({"why": Why.ERASED})[1:-1]
"""As ``more_of`` writes it, and every release before it."""
_TURN_MS = 60_000


def of(con: Connection, caller: Caller, now_ms: int) -> list[Notice]:
    """Those that wait, of the streams in scope. Each pull tells them again; the id says it once.

    Two stations that import one town have thousands: half of an answer are the newest, half are others,
    another part of them every minute, so that each is told some day without a memory of who was told what.
    """
    if not caller.nums:
        return []
    waits = (
        among(con, t.notice.c.home, caller.nums), t.notice.c.settled_ms.is_(None),
        or_(
            t.notice.c.at_ms > now_ms - _DAYS_MS, t.notice.c.kind == "transfer_request",
            (t.notice.c.kind == "transfer_over") & (t.notice.c.at_ms > now_ms - _ERASED_DAYS_MS)
            & t.notice.c.more.contains(_ERASED),
        ),
        or_(t.notice.c.waits_until.is_(None), t.notice.c.waits_until <= now_ms),
    )  # fmt: skip
    newest = select(t.notice).where(*waits).order_by(t.notice.c.at_ms.desc(), t.notice.c.id)
    rows = list(con.execute(newest.limit(_MOST)))
    if len(rows) == _MOST:
        half = _MOST // 2
        others = con.execute(select(func.count()).select_from(t.notice).where(*waits)).scalar_one() - half
        turn = int.from_bytes(sha256(str(now_ms // _TURN_MS).encode()).digest()[:8]) % -(-others // half)
        rows[half:] = con.execute(newest.offset(half + turn * half).limit(half))
    ids = {s.num: s.id for s in caller.streams}
    return [as_told(caller, notice_of(row, ids.get(int(row.home)))) for row in rows]


def as_told(caller: Caller, notice: Notice) -> Notice:
    """A reason as somebody typed it is for the two stations; above them not what it may give away (M-9.6)."""
    if caller.at_station or not RESTRICTING.says(notice.text):
        return notice
    return notice.model_copy(update={"text": ""})


def put(con: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write notices, once by their ids, and whom they name."""
    insert_quietly(con, t.notice, rows)
    named = [
        {"subject": subject, "notice": row["id"], "home": row["home"]}
        for row in rows for subject in dict.fromkeys(subjects_in(str(row["subjects"])))
    ]  # fmt: skip
    insert_quietly(con, t.notice_subject, named)


def tell(con: Connection, home: int, kind: str, notice_id: str, text: str, now_ms: int) -> None:
    """A notice of the server itself; once by its id."""
    row = {"id": notice_id, "home": home, "kind": kind, "subjects": "[]", "text": text, "at_ms": now_ms}
    put(con, [row])


def notice_of(row: Row[Any], to: str | None) -> Notice:
    """A row as it is told; ``to`` the id of the stream it is for."""
    more: dict[str, Any] = json.loads(row.more) if row.more else {}
    return Notice(
        id=row.id, kind=row.kind, subjects=json.loads(row.subjects), text=row.text, sender=row.sender,
        to=more.get("to", to), answers=row.answers, at_ms=int(row.at_ms), target=more.get("target"),
        into=more.get("into"), why=more.get("why", ""),
        facts=[Masked.model_validate(f) for f in more.get("facts", [])],
    )  # fmt: skip


def more_of(
    target: str | None = None, into: str | None = None, facts: Iterable[Masked] = (), to: str | None = None,
    asked: str = "", why: str = "",
) -> str:  # fmt: skip
    """Column ``more``; empty where there is nothing to say.

    Args:
        to: where it is told to another station than the one it is for.
        asked: of a request by ID number, what the same question is known by (``asked_of``); told to nobody.
        why: as ``Notice.why``.
    """
    shown = [f.model_dump(exclude_defaults=True) for f in facts]
    body = {"target": target, "into": into, "facts": shown, "to": to, "asked": asked, "why": why}
    said = {k: v for k, v in body.items() if v}
    return clean(json.dumps(said, ensure_ascii=False)) if said else ""


def with_why(more: str, why: str) -> str:
    """Column ``more`` with another ``why``; the very same where it says that already."""
    said = cast("dict[str, Any]", json.loads(more)) if more else {}
    if said.get("why", "") == why:
        return more
    said = {k: v for k, v in {**said, "why": why}.items() if v}
    return json.dumps(said, ensure_ascii=False) if said else ""


def asked_of(row: Row[Any]) -> str:
    """See ``more_of``; empty where nothing was asked by number, or an erasure took it."""
    return str(json.loads(row.more).get("asked", "")) if row.more else ""


def subjects_in(column: str) -> list[str]:
    """Ids of column ``subjects``."""
    return cast("list[str]", json.loads(column))


def settle_pair(con: Connection, one: str, other: str, now_ms: int) -> bool:
    """Two files of one person became one: nobody is asked any longer. Whether anybody was. The transaction
    sees both stations.
    """
    done = con.execute(
        update(t.notice)
        .where(t.notice.c.kind == "duplicate", t.notice.c.settled_ms.is_(None))
        .where(t.notice.c.subjects.in_([json.dumps([one, other]), json.dumps([other, one])]))
        .values(settled_ms=now_ms)
    )
    return done.rowcount > 0


def forget(con: Connection, subject: str, now_ms: int) -> None:
    """Erased: what notices say of the person goes, and nobody is asked about it any longer. Each station that
    was told of him is told so, also one that never had his file: it keeps what it was told (M-6.10).
    """
    of_it = naming([subject])
    of_stations = t.notice.c.kind.in_(["transfer_request", "duplicate"]) & t.notice.c.id.not_like(f"{OWN}%")
    rows = list(con.execute(select(t.notice).where(of_it, of_stations)))
    put(con, [told for row in rows for told in _is_erased(con, row, subject, now_ms)])
    con.execute(
        update(t.notice)
        .where(of_it, ~((t.notice.c.kind == "transfer_over") & t.notice.c.more.contains(_ERASED)))
        .values(settled_ms=now_ms, text="", more="")
    )


def _is_erased(con: Connection, row: Row[Any], subject: str, now_ms: int) -> list[dict[str, object]]:
    """For the station that was told a request or a double, and for the one that asked. Of its own file of a
    double a station reads in its stream.
    """
    if row.kind == "duplicate" and subjects_in(row.subjects)[0] == subject:
        return []
    names = t.stream.c.num, t.stream.c.id
    there = con.execute(select(*names).where(t.stream.c.num == row.home)).one_or_none()
    asker = con.execute(select(*names).where(t.stream.c.id == row.sender)).one_or_none()
    target = json.loads(row.more).get("target") if row.more else None
    more = more_of(target, why=Why.ERASED)
    sides = [(there, asker)] if row.kind == "duplicate" else [(there, asker), (asker, there)]
    return [
        {"id": OVER + sha256(f"{home.num} {row.id}".encode()).hexdigest()[:40], "home": int(home.num),
         "kind": "transfer_over", "text": "",
         "subjects": json.dumps([subject]), "at_ms": now_ms, "answers": row.id,
         "sender": other.id if other is not None else None,
         "more": more}
        for home, other in sides if home is not None
    ]  # fmt: skip


def requests_about(con: Connection, subjects: Collection[str]) -> list[Row[Any]]:
    """Open requests that name one of these subjects."""
    if not subjects:
        return []
    query = select(t.notice).where(t.notice.c.kind == "transfer_request", t.notice.c.settled_ms.is_(None))
    return list(con.execute(query.where(naming(subjects)).order_by(t.notice.c.id)))


def naming(subjects: Collection[str]) -> ColumnElement[bool]:
    """Of notices: those that name one of these."""
    named = select(t.notice_subject.c.notice).where(t.notice_subject.c.subject.in_(sorted(subjects)))
    return t.notice.c.id.in_(named)


def clean(text: str) -> str:
    """Control characters go, and halves of surrogate pairs: the database holds neither NUL nor those."""
    kept = "".join(c for c in text if c >= " " or c == "\n")
    return kept.encode("utf-8", "ignore").decode()
