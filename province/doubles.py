"""One person in files of two stations: found by a keyed hash of the ID number, told to both (M-6.7).

Two stations that write one number at the same moment share no stream, and neither sees what the other has
not committed. Whoever looks for a person, and whoever erases or moves a file of his, holds his number until
the transaction ends: who comes second sees what the first one did. Numbers are held behind the locks of
streams, all of a transaction at once and in one order; no stream is waited for with one in hand.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, bindparam, func, select, update

from jobdesk.cases.codec import decode
from jobdesk.cases.id_number import check_digit, convert15
from jobdesk.cases.masking import mask_id, mask_name
from jobdesk.cases.ops import Op
from jobdesk.protocol.codes import Why
from jobdesk.protocol.messages import Masked
from province import fences, merging, rationing
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, in_pieces, is_postgres, widened
from province.notices import more_of, naming, put, subjects_in, with_why
from province.pairs import MOST_FILES, OfNumber, Pair
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


@dataclass(frozen=True, slots=True)
class _News:
    """What is to be written of some numbers.

    Attributes:
        fresh: notices that there are not.
        said: (id, column ``more``) of those that say wrongly whether more pairs wait behind them.
        persons: keyed hashes of which there is any of it.
    """

    fresh: list[dict[str, object]]
    said: list[tuple[str, str]]
    persons: set[bytes]


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
    """Remember whose number it is, and tell both stations once where two have it, a few pairs of one number
    at a time (``pairs``). Two files that were ever merged are left alone: a restored server may hear of the
    merge first.
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
        _write(con, _news(con, set(people.values()), now_ms), now_ms)


def tell_left(db: Database, now_ms: int) -> int:
    """Pairs that nobody was told of: those that had to wait until others of their number were settled, an
    erasure or a corrected number among them; and of an older program two pushes that brought them at the same
    moment, or a file that moved while another one of the person had been merged. How many people.
    """
    s = t.subject.c
    twice = select(s.person).where(s.person.is_not(None)).group_by(s.person)
    with db.reading(EVERYTHING) as con:
        persons = sorted(con.execute(twice.having(func.min(s.home) != func.max(s.home))).scalars())
        left: list[bytes] = []
        for some in in_pieces(persons, _AT_ONCE):
            left += _news(con, some, now_ms).persons
    for some in in_pieces(left, _AT_ONCE):
        with db.writing(EVERYTHING) as con:
            hold(con, some)
            _write(con, _news(con, some, now_ms), now_ms)
    return len(left)


def whose(con: Connection, subject: str) -> dict[str, bytes]:
    """For ``tell``, where a pair with this file was settled: the next one of its number follows."""
    person = con.execute(select(t.subject.c.person).where(t.subject.c.id == subject)).scalar_one_or_none()
    return {subject: bytes(person)} if person is not None else {}


def follow(con: Connection, subject: str) -> dict[str, bytes]:
    """A file moved: who has it now is asked what its old station was, and the others hear where it is. Whose
    number it is, for ``tell``. The transaction sees all streams.
    """
    mine = con.execute(select(t.subject.c.home, t.subject.c.person).where(t.subject.c.id == subject)).one()
    if mine.person is None:
        return {}
    n = t.notice.c
    open_ = naming([subject]), n.kind == "duplicate", n.settled_ms.is_(None)
    told = con.execute(select(n.id, n.subjects).where(*open_)).all()
    if told:
        stream = con.execute(select(t.stream.c.id).where(t.stream.c.num == mine.home)).scalar_one()
        own = {row.id for row in told if subjects_in(row.subjects)[0] == subject}
        con.execute(update(t.notice).where(among(con, n.id, own)).values(home=mine.home))
        others = {row.id for row in told} - own
        con.execute(update(t.notice).where(among(con, n.id, others)).values(sender=stream))
    return {subject: bytes(mine.person)}


def _news(con: Connection, persons: Collection[bytes], now_ms: int) -> _News:
    """What is to be written of these numbers. The transaction sees all streams."""
    files = _files(con, persons)
    news = _News([], [], set())
    if not files:
        return news
    of = {s: p for p, here in files.items() for subjects in here.values() for s in subjects}
    told, said, waits = _told(con, of), {p: set[Pair]() for p in files}, {p: set[Pair]() for p in files}
    for own, far, _, is_open, _ in told.values():
        pair = frozenset((own, far))
        if own in of and of[own] == of.get(far):
            said[of[own]].add(pair)
            if is_open:
                waits[of[own]].add(pair)
    for some in in_pieces(list(of)):
        for pair in merging.pairs(con, some):
            one = min(pair)
            if one in of:
                said[of[one]].add(pair)
    stations = _stations(con, {home for here in files.values() for home in here})
    more: dict[bytes, set[int]] = {}
    for person in sorted(files, key=lambda p: (sum(map(len, files[p].values())), p)):  # real pairs first
        number = OfNumber(files[person], said[person], waits[person])
        found = number.next_ones()
        more[person] = number.has_more()
        for one, other in found:
            for (home, own), (there, far) in ((one, other), (other, one)):
                news.fresh.append({
                    "id": _mark(own, far), "home": home, "kind": "duplicate", "text": "", "at_ms": now_ms,
                    "subjects": json.dumps([own, far]), "sender": stations.get(there),
                    "more": more_of(why=Why.MANY) if home in more[person] else "",
                })  # fmt: skip
            news.persons.add(person)
    for mark, (own, far, home, is_open, body) in told.items():
        if is_open and own in of and of[own] == of.get(far):
            right = with_why(body, Why.MANY if home in more[of[own]] else "")
            if right != body:
                news.said.append((mark, right))
                news.persons.add(of[own])
    return news


def _write(con: Connection, news: _News, now_ms: int) -> None:
    if news.said:
        mine = update(t.notice).where(t.notice.c.id == bindparam("b_id"))
        rows = [{"b_id": mark, "b_more": body} for mark, body in news.said]
        con.execute(mine.values(more=bindparam("b_more")), rows)
    if news.fresh:
        put(con, _with_facts(con, rationing.spread(con, news.fresh, now_ms)))


def _files(con: Connection, persons: Collection[bytes]) -> dict[bytes, dict[int, list[str]]]:
    """Keyed hash → number of a stream → files there, of those that are at two stations or more; no more of
    one station than are looked at.
    """
    s = t.subject.c
    place = func.row_number().over(partition_by=[s.person, s.home], order_by=s.id).label("place")
    every = select(s.id, s.home, s.person, place).where(among(con, s.person, set(persons))).subquery().c
    found: dict[bytes, dict[int, list[str]]] = {}
    query = select(every.id, every.home, every.person).where(every.place <= MOST_FILES)
    for subject, home, person in con.execute(query.order_by(every.id)):
        found.setdefault(bytes(person), {}).setdefault(int(home), []).append(subject)
    return {person: here for person, here in found.items() if len(here) > 1}


def _told(con: Connection, subjects: Collection[str]) -> dict[str, tuple[str, str, int, bool, str]]:
    """Id → (own file, the other one, whose it is, whether it waits, column ``more``) of notices that name any
    of these.
    """
    n, named = t.notice.c, set[str]()
    for some in in_pieces(sorted(subjects)):
        asked = select(t.notice_subject.c.notice).where(among(con, t.notice_subject.c.subject, some))
        named.update(con.execute(asked).scalars())
    found: dict[str, tuple[str, str, int, bool, str]] = {}
    query = select(n.id, n.kind, n.subjects, n.home, n.settled_ms, n.more)
    # by their ids alone: joined, or asked for the kind too, PostgreSQL without statistics goes over all of
    # the pairs and looks for each among all of the files
    for some in in_pieces(sorted(named)):
        for row in con.execute(query.where(among(con, n.id, some))):
            if row.kind == "duplicate":
                own, far = subjects_in(row.subjects)
                found[row.id] = (own, far, int(row.home), row.settled_ms is None, row.more)
    return found


def _mark(own: str, far: str) -> str:
    """Id of what the station of ``own`` is told."""
    return sha256(f"duplicate\n{own}\n{far}".encode()).hexdigest()[:32]


def _with_facts(con: Connection, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same with what either station may see of the other's file."""
    shown = rows[:_MOST_SHOWN]
    ids = {s for row in shown for s in subjects_in(str(row["subjects"]))}
    values = _values(con, ids)
    for row in shown:
        own, far = subjects_in(str(row["subjects"]))
        if far in values:
            why = Why.MANY if row["more"] else ""
            row["more"] = more_of(facts=[masked(far, values[far], values.get(own, {}))], why=why)
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


def _stations(con: Connection, nums: Collection[int]) -> dict[int, str]:
    """Number → id of these streams."""
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
