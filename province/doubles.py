"""One person in files of two stations: found by a keyed hash of the ID number, told to both (M-6.7).

Two stations that write one number at the same moment share no stream, and neither sees what the other has
not committed. Whoever looks for a person, and whoever erases or moves a file of his, holds his number until
the transaction ends: who comes second sees what the first one did. Numbers are held behind the locks of
streams, all of a transaction at once and in one order; no stream is waited for with one in hand.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256

from sqlalchemy import Connection, bindparam, func, select, update

from jobdesk.cases.codec import decode
from jobdesk.cases.id_number import check_digit, convert15
from jobdesk.cases.masking import mask_id, mask_name
from jobdesk.cases.ops import Op
from jobdesk.protocol.messages import Masked
from province import fences, merging, rationing
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, is_postgres, widened
from province.notices import more_of, put, subjects_in
from province.reading import root_values
from province.restricted import WHOLE

_SHOWN = ("name", "id_number", "sex", "birth", "opened_on", "help_state")
_MOST_SHOWN = 300
"""Notices of one push that carry facts (own figure): an import of a whole town takes no longer for it."""
_LOCKS = 1024
"""So many at most (own figure): the database keeps a table of all locks, and an import brings thousands of
people. Two pushes with a number each meet by accident once in a thousand times; the second waits a moment.
"""
_AT_ONCE = 500
"""People of one transaction of ``tell_left`` (own figure): it holds nobody up."""


def people(secret: bytes, ops: Iterable[Op]) -> dict[str, bytes]:
    """Subject → keyed hash of the ID number that these operations write last. A number that is none by its
    check digit finds nobody.
    """
    found: dict[str, bytes] = {}
    for op in ops:
        if op.subject.kind != "case":
            continue
        number = root_values(op).get("id_number")
        person = keyed(secret, number) if isinstance(number, str) else b""
        if person:
            found[op.subject.id] = person
    return found


def keyed(secret: bytes, number: str) -> bytes:
    """Keyed hash of an ID number; empty for what is none by its check digit."""
    normal = _normal(number)
    return hmac.new(secret, b"jobdesk-person-1\n" + normal.encode(), sha256).digest() if normal else b""


def hold(con: Connection, persons: Iterable[bytes]) -> None:
    """These people until the transaction ends."""
    fences.take(con, fences.NUMBERS, {int.from_bytes(p[:4]) % _LOCKS: True for p in persons})


def hold_of(con: Connection, subjects: Collection[str], written: Iterable[bytes]) -> None:
    """The people of these files, whose streams are locked, and those that the transaction is to write."""
    if not is_postgres(con):
        return
    asked = select(t.subject.c.person).where(among(con, t.subject.c.id, subjects))
    with widened(con):
        known = con.execute(asked.where(t.subject.c.person.is_not(None))).scalars()
        hold(con, {*map(bytes, known), *written})


def tell(con: Connection, people: Mapping[str, bytes], now_ms: int) -> None:
    """Remember whose number it is, and tell both stations once where two have it. Two files that were ever
    merged are left alone: a restored server may hear of the merge first.
    """
    if not people:
        return
    hold(con, people.values())
    with widened(con):
        con.execute(
            update(t.subject)
            .where(t.subject.c.id == bindparam("b_id"), t.subject.c.erased.is_(False))
            .values(person=bindparam("b_person")),
            [{"b_id": i, "b_person": p} for i, p in sorted(people.items())],
        )
        put(con, _with_facts(con, _untold(con, people, _with_number(con, people.values()), now_ms)))


def tell_left(db: Database, now_ms: int) -> int:
    """Pairs that nobody was told of by an older program: two pushes brought them at the same moment, and
    neither saw the other; or one of the files moved, and another one of the person had been merged. How many
    people.
    """
    s = t.subject.c
    twice = select(s.person).where(s.person.is_not(None)).group_by(s.person)
    with db.reading(EVERYTHING) as con:
        persons = sorted(con.execute(twice.having(func.min(s.home) != func.max(s.home))).scalars())
        left: list[bytes] = []
        for n in range(0, len(persons), _AT_ONCE):
            rows = _with_number(con, persons[n : n + _AT_ONCE])
            mine = {subject: person for subject, _, person in rows}
            left += {mine[subjects_in(str(row["subjects"]))[0]] for row in _untold(con, mine, rows, now_ms)}
    for n in range(0, len(left), _AT_ONCE):
        with db.writing(EVERYTHING) as con:
            hold(con, left[n : n + _AT_ONCE])
            rows = _with_number(con, left[n : n + _AT_ONCE])
            mine = {subject: person for subject, _, person in rows}
            put(con, _with_facts(con, _untold(con, mine, rows, now_ms)))
    return len(left)


def _with_number(con: Connection, persons: Iterable[bytes]) -> list[tuple[str, int, bytes]]:
    """(subject, number of its stream, keyed hash) of everybody with one of these numbers."""
    s = t.subject.c
    rows = con.execute(select(s.id, s.home, s.person).where(among(con, s.person, set(persons)))).all()
    return [(r.id, int(r.home), bytes(r.person)) for r in rows]


def _untold(
    con: Connection, people: Mapping[str, bytes], rows: Collection[tuple[str, int, bytes]], now_ms: int
) -> list[dict[str, object]]:
    """Notices about these people that there are not."""
    told = {str(row["id"]): row for row in _notices(people, rows, _stations(con, rows), now_ms)}
    known = set(con.execute(select(t.notice.c.id).where(among(con, t.notice.c.id, told.keys()))).scalars())
    fresh = [row for mark, row in sorted(told.items()) if mark not in known]
    merged = merging.pairs(con, people.keys()) if fresh else set[frozenset[str]]()
    fresh = [row for row in fresh if frozenset(subjects_in(str(row["subjects"]))) not in merged]
    return rationing.spread(con, fresh, now_ms) if fresh else []


def follow(con: Connection, subject: str, now_ms: int) -> None:
    """A file moved: who has it now is told of the same person's others, and they hear where it is. The
    transaction sees all streams.
    """
    mine = con.execute(select(t.subject.c.home, t.subject.c.person).where(t.subject.c.id == subject)).one()
    if mine.person is None:
        return
    others = set(
        con.execute(
            select(t.subject.c.id).where(t.subject.c.person == mine.person, t.subject.c.id != subject)
        ).scalars()
    )
    if not others:
        return
    stream = con.execute(select(t.stream.c.id).where(t.stream.c.num == mine.home)).scalar_one()
    open_ = update(t.notice).where(t.notice.c.settled_ms.is_(None))
    con.execute(
        open_.where(among(con, t.notice.c.id, {_mark(subject, o) for o in others})).values(home=mine.home)
    )
    con.execute(
        open_.where(among(con, t.notice.c.id, {_mark(o, subject) for o in others})).values(sender=stream)
    )
    tell(con, {subject: bytes(mine.person)}, now_ms)


def _mark(own: str, far: str) -> str:
    """Id of what the station of ``own`` is told."""
    return sha256(f"duplicate\n{own}\n{far}".encode()).hexdigest()[:32]


def _with_facts(con: Connection, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same with what either station may see of the other's file."""
    shown = rows[:_MOST_SHOWN]
    ids = {s for row in shown for s in subjects_in(str(row["subjects"]))}
    values = _values(con, ids)
    for row in rows:
        own, far = subjects_in(str(row["subjects"]))
        facts = [masked(far, values[far], values.get(own, {}))] if row in shown and far in values else []
        row["more"] = more_of(facts=facts)
    return rows


def _values(con: Connection, ids: set[str]) -> dict[str, dict[str, str]]:
    """What was last written of each in the order they came: good to know somebody by, never a fold."""
    found: dict[str, dict[str, str]] = {}
    if not ids:
        return found
    rows = con.execute(
        select(t.op.c.subject, WHOLE)
        .where(among(con, t.op.c.subject, ids))
        .order_by(t.op.c.received_ms, t.op.c.replica, t.op.c.replica_seq)
    )
    for subject, line in rows:
        said = root_values(decode(bytes(line)))
        mine = found.setdefault(subject, {})
        mine.update({k: v for k in _SHOWN if isinstance(v := said.get(k), str)})
    return found


def masked(subject: str, far: Mapping[str, str], own: Mapping[str, str]) -> Masked:
    """What of a file another station may see before it has it."""
    same = [k for k in ("name", "birth", "sex") if far.get(k) and far.get(k) == own.get(k)]
    return Masked(
        subject=subject, name=mask_name(far.get("name", ""))[:64], sex=far.get("sex", "")[:8],
        id_number=mask_id(far.get("id_number", ""))[:18], birth=far.get("birth", "")[:4],
        opened_on=far.get("opened_on", "")[:10], help_state=far.get("help_state", "")[:16], same=same,
    )  # fmt: skip


def _notices(
    people: Mapping[str, bytes],
    rows: Collection[tuple[str, int, bytes]],
    stations: Mapping[int, str],
    now_ms: int,
) -> Iterator[dict[str, object]]:
    """For either station of every pair that has one number and two homes.

    Args:
        rows: (subject, number of its stream, keyed hash) of everybody with one of these numbers.
    """
    seen = {subject: (home, person) for subject, home, person in rows}
    same: dict[bytes, list[tuple[str, int]]] = {}
    for subject, home, person in rows:
        same.setdefault(person, []).append((subject, home))
    for mine in people:
        if mine not in seen:
            continue
        here, person = seen[mine]
        for other, there in same[person]:
            if other == mine or there == here:
                continue
            for num, sender, own, far in ((here, there, mine, other), (there, here, other, mine)):
                yield {"id": _mark(own, far), "home": num, "kind": "duplicate", "text": "", "at_ms": now_ms,
                       "subjects": json.dumps([own, far]), "sender": stations.get(sender)}  # fmt: skip


def _stations(con: Connection, rows: Iterable[tuple[str, int, bytes]]) -> dict[int, str]:
    """Number → id of their streams."""
    nums = {home for _, home, _ in rows}
    found = con.execute(select(t.stream.c.num, t.stream.c.id).where(among(con, t.stream.c.num, nums)))
    return {int(num): name for num, name in found}


def _normal(number: str) -> str:
    """Its 18 characters; of an old one of 15 too. Empty for what is none."""
    typed = number.strip().upper()
    if len(typed) == 15 and typed.isascii() and typed.isdigit():
        return convert15(typed)
    if len(typed) != 18 or not typed.isascii() or not typed[:17].isdigit():
        return ""
    return typed if check_digit(typed[:17]) == typed[17] else ""
