"""The register of erased subjects, kept apart from the backups, with the operations that erased them.

A restored server has lost such an operation, and with the desk that made it the last copy may be gone too:
the register tells it again wherever the subject is listed (M-7.3). It holds no person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import RULES, Op, Shape
from jobdesk.protocol.codes import Reason
from province import linking, streams
from province.db import tables as t
from province.db.writing import among, insert_quietly
from province.reading import item

REMARK = "#"
"""Begins a line that is no entry; no id does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One erased subject; ``line`` its ``Erased`` as it stands on the wire, empty where nobody has it."""

    subject: str
    line: bytes = b""

    @property
    def text(self) -> str:
        """One line of the register: the id, and where somebody has the operation a tab and that."""
        return f"{self.subject}\t{self.line.decode()}" if self.line else self.subject


def written(con: Connection) -> Iterator[str]:
    """The ``text`` of every entry."""
    for row in con.execute(select(t.erased.c.subject, t.erased.c.line).order_by(t.erased.c.subject)):
        yield Entry(row.subject, bytes(row.line or b"")).text


def read(lines: Iterable[str]) -> list[Entry]:
    """Entries of such lines; of registers without operations too. A heading is none."""
    split = (line.strip().partition("\t") for line in lines)
    return [Entry(subject, line.encode()) for subject, _, line in split if subject and subject[0] != REMARK]


def erases(entry: Entry) -> bool:
    """Whether its line is an operation that erases exactly this subject. One of a newer program is taken by
    whom it is about: no more of it can be read.
    """
    op = _erasing(entry.line)
    if op is not None:
        return op.subject.id == entry.subject
    made = item(entry.line)
    return made.reason is Reason.NEWER_SCHEMA and made.subject == entry.subject


def note(con: Connection, entry: Entry, now_ms: int) -> None:
    """Remember it for ever; an operation that comes later than the id is added."""
    row = {"subject": entry.subject, "at_ms": now_ms, "line": entry.line or None}
    insert_quietly(con, t.erased, [row])
    if entry.line:
        con.execute(
            update(t.erased)
            .where(t.erased.c.subject == entry.subject, t.erased.c.line.is_(None))
            .values(line=entry.line)
        )


def tell(
    con: Connection, subjects: Collection[str], heads: Mapping[int, streams.Head], now_ms: int,
    *, has: Collection[int] = (),
) -> list[dict[str, object]]:  # fmt: skip
    """Places of the erasing operations in those locked streams that list their subjects, or whose station may
    have them all the same, and do not say so. The transaction must see all streams.

    Args:
        has: streams of stations that have something of them, whatever is written here.
    """
    places: list[dict[str, object]] = []
    known = (
        select(t.erased.c.subject, t.erased.c.line)
        .join(t.subject, t.subject.c.id == t.erased.c.subject)  # who is not known (again) is told of then
        .where(among(con, t.erased.c.subject, subjects))
    )
    for subject, line in con.execute(known.order_by(t.erased.c.subject)).all():
        op = _erasing(bytes(line or b""))
        if op is None:
            continue
        lists = (
            select(t.listing.c.stream)
            .distinct()
            .join(t.op, t.op.c.op_id == t.listing.c.op_id)
            .where(t.op.c.subject == subject)
        )
        tells = select(t.listing.c.stream).where(t.listing.c.op_id == op.op_id)
        where = {*con.execute(lists).scalars(), *has_it(con, subject), *has}
        silent = (where - {*con.execute(tells).scalars()}) & heads.keys()
        if silent:
            hashed = _stands(con, op, now_ms)
            for num in sorted(silent):
                places += streams.list_ops(heads[num], [(op.op_id, hashed)])
    return places


def has_it(con: Connection, subject: str) -> set[int]:
    """Streams of stations that may have all of a subject, although nothing that is listed there says so:
    before a restore of the server it was at home there. Their desks wrote something of it, or had it kept
    apart as none of theirs. The transaction must see all streams.
    """
    q = t.quarantine.c
    of_desk = (
        select(t.stream.c.num)
        .distinct()
        .join(t.device, t.device.c.org == t.stream.c.org)
        .where(t.device.c.role == "desk")
    )
    apart = of_desk.join(t.quarantine, q.device == t.device.c.id).where(
        q.subject == subject, q.reason == Reason.OUT_OF_SCOPE.value
    )
    wrote = (
        of_desk.join(t.replica, t.replica.c.device == t.device.c.id)
        .join(t.op, t.op.c.replica == t.replica.c.id)
        .where(t.op.c.subject == subject)
    )
    return {*con.execute(apart).scalars(), *con.execute(wrote).scalars()}


def apart_of(con: Connection, replica: str) -> set[str]:
    """Erased subjects of whom this replica's word was kept apart. The transaction must see all streams."""
    q = t.quarantine.c
    query = select(q.subject).distinct().join(t.erased, t.erased.c.subject == q.subject)
    return set(con.execute(query.where(q.replica == replica)).scalars())


def _erasing(line: bytes) -> Op | None:
    try:
        op = decode(line) if line else None
    except (BadInput, ValueError):  # of a newer program: its desk tells it, or the next upgrade
        return None
    return op if op is not None and RULES[op.kind].shape is Shape.ERASE else None


def _stands(con: Connection, op: Op, now_ms: int) -> bytes:
    """The hash of the operation in the log, where it is put if it is missing. When something else has its
    place in its chain by now, it stands in a chain of its own, as after a fork (M-8.4).
    """
    query = select(t.op.c.hash).where(t.op.c.op_id == op.op_id)
    found = con.execute(query).scalar_one_or_none()
    if found is not None:
        return bytes(found)
    home = con.execute(select(t.subject.c.home).where(t.subject.c.id == op.subject.id)).scalar_one()
    one = item(encode(op))
    if not linking.fits(con, op.replica_id, [one]):
        (one,) = linking.alone([one])
    row = {
        "op_id": one.op_id, "replica": one.replica, "replica_seq": one.seq, "home": home,
        "subject": one.subject, "action": one.action, "kind": op.kind.value, "hash": one.hash,
        "line": one.line, "received_ms": now_ms,
    }  # fmt: skip
    insert_quietly(con, t.op, [row])
    return one.hash
