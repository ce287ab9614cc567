"""What a desk is to be told: kept until it is settled, told with every pull, written once by its id."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    bindparam,
    or_,
    select,
    text,
    union_all,
    update,
)

from jobdesk.protocol.codes import Why
from jobdesk.protocol.messages import Masked, Notice
from jobdesk.protocol.validity import DAY_MS, TOLD_MS
from province.db import tables as t
from province.db.writing import among, insert_quietly
from province.scope import Caller
from province.withholding import RESTRICTING

_MOST = 200
"""Told with one pull (own figure): the newest, and where more wait some of the others by turns."""
_LATELY_MS = 2 * DAY_MS
"""Of a desk above many stations so much counts as new (own figure)."""
_SOME_HOMES = 5
"""Streams of one turn (own figure)."""
OWN = "own-"
"""Begins the id of the copy that the station itself is told."""
OVER = "over-"
_ERASED = json.dumps({"why": Why.ERASED})[1:-1]
"""As ``more_of`` writes it, and every release before it."""
_TURN_MS = 60_000
_TURNS = 1 << 62
_OPEN = text(f"notice.kind IN {t.ASKING}")
_SAID = text(f"notice.kind NOT IN {t.ASKING}")
"""As their indexes say it: behind a parameter no database sees which one holds them."""


def _waiting(home: ColumnElement[bool]) -> tuple[Select[Any], Select[Any]]:
    """What is open, and the answers that are still told. Both pass ``now`` and ``since``."""
    n = t.notice.c
    begun = or_(n.waits_until.is_(None), n.waits_until <= bindparam("now"))
    every = select(t.notice).where(home, n.settled_ms.is_(None), begun)
    return every.where(_OPEN), every.where(_SAID, n.at_ms > bindparam("since"))


def _latest(home: ColumnElement[bool], since: ColumnElement[bool] | None, most: int) -> CompoundSelect[Any]:
    parts = (part if since is None else part.where(since) for part in _waiting(home))
    both = [select(p.order_by(t.notice.c.at_ms.desc()).limit(most).subquery()) for p in parts]
    return union_all(*both).order_by(text("at_ms DESC")).limit(most)


def _turned(is_behind: ColumnElement[bool]) -> Select[Any]:
    n = t.notice.c
    begun = or_(n.waits_until.is_(None), n.waits_until <= bindparam("now"))
    is_told = or_(_OPEN, n.at_ms > bindparam("since"))
    mine = select(t.notice).where(n.home == bindparam("home"), n.settled_ms.is_(None), is_told, begun)
    return mine.where(is_behind).order_by(n.turn).limit(_MOST)


_OF_ONE = _latest(t.notice.c.home == bindparam("home"), None, _MOST + 1)
_BY_TURNS = (_turned(t.notice.c.turn >= bindparam("place")), _turned(t.notice.c.turn < bindparam("place")))
"""Made once: every pull of a station asks the first. In the very order of an index, which ends where enough
are found.
"""


def of(con: Connection, caller: Caller, now_ms: int) -> list[Notice]:
    """Those that wait, of the streams in scope. Each pull tells them again; the id says it once.

    Two stations that import one town have thousands, for years: half of an answer are the newest, half are
    others, another part of them every minute, so that each is told some day without a memory of who was told
    what. However many wait, some hundreds are read.
    """
    if not caller.nums:
        return []
    now = {"now": now_ms, "since": now_ms - TOLD_MS}
    rows = _newest(con, caller.nums, now)
    if len(rows) > _MOST:
        rows = rows[: _MOST // 2]
        told = {row.id for row in rows}
        others = (row for row in _by_turns(con, caller.nums, now) if row.id not in told)
        rows += islice(others, _MOST - len(rows))
    ids = {s.num: s.id for s in caller.streams}
    return [as_told(caller, notice_of(row, ids.get(int(row.home)))) for row in rows]


def _newest(con: Connection, nums: Sequence[int], now: Mapping[str, int]) -> list[Row[Any]]:
    """All, newest first, or one more than an answer holds. Of many streams, where more wait, first those of
    the last days, then any: all that they ever were told is not sorted for it.
    """
    if len(nums) == 1:
        return sorted(con.execute(_OF_ONE, {"home": nums[0], **now}), key=_when)
    n = t.notice.c
    home = among(con, n.home, nums)
    some = union_all(*(select(part.limit(_MOST + 1).subquery()) for part in _waiting(home)))
    found = sorted(con.execute(some, now), key=_when)
    if len(found) <= _MOST:
        return found
    lately = _latest(home, n.at_ms > bindparam("lately"), _MOST // 2)
    first = list(con.execute(lately, {"lately": now["now"] - _LATELY_MS, **now}))
    told = {row.id for row in first}
    return [*first, *(row for row in found if row.id not in told)][: _MOST + 1]


def _by_turns(con: Connection, nums: Sequence[int], now: Mapping[str, int]) -> Iterator[Row[Any]]:
    """Of a few streams those from a place on that every minute is another."""
    chance = int.from_bytes(sha256(str(now["now"] // _TURN_MS).encode()).digest()[:16])
    place, first = chance % _TURNS, chance // _TURNS % len(nums)
    for num in [*nums[first:], *nums[:first]][:_SOME_HOMES]:
        for part in _BY_TURNS:
            yield from con.execute(part, {"home": num, "place": place, **now}).all()


def _when(row: Row[Any]) -> tuple[int, str]:
    return -int(row.at_ms), str(row.id)


def as_told(caller: Caller, notice: Notice) -> Notice:
    """A reason as somebody typed it is for the two stations; above them not what it may give away (M-9.6)."""
    if caller.at_station or not RESTRICTING.says(notice.text):
        return notice
    return notice.model_copy(update={"text": ""})


def put(con: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write notices, once by their ids, and whom they name."""
    insert_quietly(con, t.notice, [{**row, "turn": _turn_of(str(row["id"]))} for row in rows])
    named = [
        {"subject": subject, "notice": row["id"], "home": row["home"]}
        for row in rows for subject in dict.fromkeys(subjects_in(str(row["subjects"])))
    ]  # fmt: skip
    insert_quietly(con, t.notice_subject, named)


def _turn_of(notice_id: str) -> int:
    return int.from_bytes(sha256(notice_id.encode()).digest()[:8]) % _TURNS


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
