"""Erasing on the server: payloads and salts go from the log, headers stay, the register remembers."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, select, update

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.erasing import SPEAKING, after_blank_lines, is_blank, known_to, to_blank, without_payload
from jobdesk.cases.ops import RULES, Op, Shape, Subject
from province import merging, notices, speaking, streams, ties
from province.db import tables as t
from province.db.writing import among, in_pieces, widened
from province.reading import is_id
from province.register import Entry, note
from province.restricted import WHOLE, blanked
from province.speaking import Late


def register(con: Connection, subjects: Collection[str]) -> set[str]:
    """Which of these subjects are erased for ever."""
    query = select(t.erased.c.subject).where(among(con, t.erased.c.subject, subjects))
    return set(con.execute(query).scalars())


def wipe_apart(con: Connection, subjects: Collection[str], now_ms: int) -> None:
    """What of these is kept apart holds a person no more; its place in the chain is left."""
    of_them = among(con, t.quarantine.c.subject, subjects)
    gone = update(t.quarantine).where(of_them).values(line=b"", settled_ms=now_ms)
    rows = con.execute(gone.returning(t.quarantine.c.subject, t.quarantine.c.op_id))
    ties.settled(con, [(row.subject, row.op_id) for row in rows])


def blank_kept(con: Connection, ops: Collection[Op], late: Late) -> None:
    """These are kept apart from now on: what of them says something of somebody erased is blank as it would
    be where it is listed, and so is what waited before, where these say whose it is. All of it waits on. Of
    whom else they speak is remembered. In a wide scope, with the fences of their words held (``late``).

    Raises:
        streams.Again
    """
    gone = register(con, _named(ops))
    speaking.note(con, ops, gone)
    ties.note(con, ops)
    asked = {i for op in ops for i in known_to(op) if is_id(i)}
    before = [*_listed(con, asked), *(op for *_, op in ties.waiting(con, asked))]
    after = set(after_blank_lines([*before, *ops]))
    about = [op for op in ops if op.op_id in after or is_blank(op) or speaking.named(op) in gone]
    late.alone({op.subject.id for op in about})
    _blank_apart(con, {op.op_id for op in ops if op.op_id in after} | _tied(con, ops, gone))


def _tied(con: Connection, ops: Collection[Op], gone: Collection[str]) -> set[str]:
    """What waits apart on records of the erased, by what these say of whom those are; and what goes on with
    those of these that are blank.
    """
    keys = {ties.of_record(op) for op in ops if speaking.named(op) in gone}
    return ties.found(con, keys | {ties.of_line(op) for op in ops if is_blank(op)})


def _blank_apart(con: Connection, op_ids: Collection[str]) -> None:
    """These that wait apart, and what waits and goes on with them. Each line is come by once: the work grows
    with what is blanked, never with what waits. In a wide scope.
    """
    q = t.quarantine.c
    here = (q.replica == bindparam("of"), q.replica_seq == bindparam("at"))
    wanted = set(op_ids)
    while wanted:
        found = [one for one in ties.waiting(con, wanted) if one[2].payload is not None]
        rows = [{"of": replica, "at": place, "blank": blank_line(op)} for replica, place, op in found]
        if rows:
            con.execute(update(t.quarantine).where(*here).values(line=bindparam("blank"), ties=0), rows)
        ties.forget(con, wanted)
        wanted = ties.found(con, {ties.of_line(op) for *_, op in found})


def blank_line(op: Op) -> bytes:
    """The line of an operation without payload and salt. ``Erased`` itself holds no person and stays."""
    if RULES[op.kind].shape is Shape.ERASE:
        return encode(op)
    return encode(without_payload(op))


def erase(con: Connection, subject: Subject, now_ms: int, line: bytes = b"") -> set[str]:
    """Blank everything of a subject, and what others say of it, at whatever station. Write it into the
    register. The transaction must see all streams.

    Args:
        line: the operation that erases, where there is one.

    Returns:
        Contents that no operation names any longer: their bytes are to go after the commit.
    """
    note(con, Entry(subject.id, line), now_ms)
    con.execute(update(t.subject).where(t.subject.c.id == subject.id).values(erased=True, person=None))
    others = speaking.of(con, subject.id) - {subject.id}
    ops = speaking.lines(con, {subject.id, *others})
    wanted = set(to_blank([subject], ops))
    wipe_apart(con, [subject.id], now_ms)
    apart = [op for *_, op in ties.waiting(con, speaking.told_by(con, subject.id))]
    said = [*apart, *(op for op in ops if op.op_id in wanted and op.subject.kind in SPEAKING)]
    _blank_apart(con, {op.op_id for op in apart} | _tied(con, said, {subject.id}))
    _blank(con, [op for op in ops if op.op_id in wanted])
    speaking.forget(con, subject.id)
    notices.forget(con, subject.id, now_ms)
    merging.forget(con, subject.id)
    return _contents(con, subject.id, now_ms)


def blank_late(con: Connection, ops: Iterable[Op], late: Late) -> dict[str, set[int]]:
    """What newly listed operations of other subjects say of somebody erased before, with all else on those
    records (M-7.2); of whom else they speak is remembered. Returns who that is, and the streams that are to
    tell it (M-7.3).

    Raises:
        streams.Again
    """
    speak = [op for op in ops if op.subject.kind in SPEAKING]
    if not speak:
        return {}
    gone = register(con, _named(speak))
    speaking.note(con, speak, gone)
    with widened(con):
        blank = _of_blank_lines(con, speak)
        about = [op for op in speak if is_blank(op) or speaking.named(op) in gone]
        late.alone({op.subject.id for op in [*about, *blank]})
        _blank_apart(con, _tied(con, speak, gone))
        _blank(con, blank)
    if not gone:
        return {}
    with widened(con):
        known = speaking.lines(con, {op.subject.id for op in speak if speaking.named(op) in gone})
        wanted = set(to_blank([Subject("case", case) for case in gone], known))
        _blank(con, [op for op in known if op.op_id in wanted])
        return {
            case: streams.listing(con, {op.subject.id for op in speak if speaking.named(op) == case})
            for case in sorted(gone)
        }


def _of_blank_lines(con: Connection, ops: Collection[Op]) -> list[Op]:
    """What goes on with a line that was blanked, whatever it says: of these, and where one of these is blank
    or goes on with such a line, also what was listed before it came. In a wide scope.
    """
    before = _listed(con, {i for op in ops for i in known_to(op) if is_id(i)})
    subjects = {o.subject.id for o in [*ops, *before] if is_blank(o)}
    if not subjects:
        return []
    known = speaking.lines(con, subjects)
    found = set(after_blank_lines(known))
    return [op for op in known if op.op_id in found]


def _listed(con: Connection, op_ids: Collection[str]) -> list[Op]:
    """Those of these operations that stand in any stream."""
    found = list[Op]()
    for some in in_pieces(sorted(op_ids)):
        query = select(WHOLE).where(among(con, t.op.c.op_id, some))
        found += [decode(bytes(x)) for x in con.execute(query).scalars()]
    return found


def _named(ops: Iterable[Op]) -> set[str]:
    return {case for op in ops if (case := speaking.named(op)) is not None}


def _blank(con: Connection, ops: Collection[Op]) -> None:
    """These are listed; with what waits apart and goes on with them. In a wide scope."""
    rows = [{"b_op": op.op_id, "line": blank_line(op)} for op in ops]
    if rows:
        con.execute(
            update(t.op)
            .where(t.op.c.op_id == bindparam("b_op"))
            .values(line=bindparam("line"), restricted=False),
            rows,
        )
        blanked(con, [op.op_id for op in ops])
        _blank_apart(con, ties.found(con, {ties.of_line(op) for op in ops if op.subject.kind in SPEAKING}))


def _contents(con: Connection, subject: str, now_ms: int) -> set[str]:
    mine = t.content.c.subject == subject
    digests = set(con.execute(select(t.content.c.digest).where(mine)).scalars())
    if not digests:
        return set()
    con.execute(update(t.content).where(mine).values(gone_ms=now_ms))
    kept = con.execute(
        select(t.content.c.digest)
        .where(among(con, t.content.c.digest, digests))
        .where(t.content.c.gone_ms.is_(None))
    ).scalars()
    return digests - set(kept)
