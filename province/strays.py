"""A subject whose beginning comes after others' work on it: a restored server hears stations in any order.

Whoever comes first with a subject nobody knows has it at home. When the station that it began at, or was
moved to, speaks later, that is no stranger: it is somebody the subject has moved on from (M-6.14). Its stream
is owed what it would have listed, until the move itself comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select, update

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import RULES, Kind, Op, Shape
from province import streams
from province.db import tables as t
from province.db.writing import among, insert_quietly, widened
from province.reading import moves_to
from province.restricted import WHOLE
from province.scope import Caller

OWED = 0
"""``moved.at_ms`` of a station that an operation of its own has yet to move the subject away from."""


def homes(
    con: Connection, caller: Caller, ops: Collection[Op], subjects: Iterable[str], strange: set[str]
) -> dict[str, int]:
    """Where these subjects are at home, if the caller's station had every one of them once; else nothing.

    Args:
        ops: what the caller brings: the beginning of a subject may be among it.
        strange: subjects that it never had by what is listed, as far as this push found: to look costs as
            much as the subject has operations, and a thief's push is about nobody else. Added to.
    """
    found: dict[str, int] = {}
    mine = next((s.id for s in caller.streams if s.num == caller.home), "")
    with widened(con):
        for subject in sorted(subjects):
            home = con.execute(select(t.subject.c.home).where(t.subject.c.id == subject)).scalar_one_or_none()
            if home is None:
                continue  # nobody's: it begins here
            begins = {o.op_id for o in ops if o.subject.id == subject and _opens(o)}
            here = begins and _began(con, subject, caller.org, begins)
            if not here and (subject in strange or not _had(con, subject, caller.org, mine)):
                strange.add(subject)
                return {}
            found[subject] = int(home)
    return found


def owe(
    con: Connection, caller: Caller, subject: str, home: int, heads: dict[int, streams.Head]
) -> list[dict[str, object]]:
    """Write down that the subject moved on from the caller's station.

    The transaction sees both streams.

    Returns:
        Places, in the caller's stream, of what the station itself had written and others offered for it.
    """
    assert caller.home is not None
    kind = con.execute(select(t.subject.c.kind).where(t.subject.c.id == subject)).scalar_one()
    row = {"subject": subject, "stream": caller.home, "home": home, "kind": kind, "at_ms": OWED}
    insert_quietly(con, t.moved, [row])
    here = select(t.listing.c.op_id).where(t.listing.c.stream == caller.home)
    own = (
        select(t.replica.c.id)
        .join(t.device, t.device.c.id == t.replica.c.device)
        .where(t.device.c.org == caller.org)
    )
    rows = con.execute(
        select(t.op.c.op_id, t.op.c.hash)
        .where(t.op.c.subject == subject, t.op.c.replica.in_(own), t.op.c.op_id.not_in(here))
        .order_by(t.op.c.replica, t.op.c.replica_seq)
    ).all()
    return streams.list_ops(heads[caller.home], [(row.op_id, bytes(row.hash)) for row in rows])


def owed(con: Connection, caller: Caller, subjects: Collection[str]) -> set[str]:
    """Of these, those whose operations the caller's stream lists too."""
    query = select(t.moved.c.subject).where(t.moved.c.stream == caller.home, t.moved.c.at_ms == OWED)
    return set(con.execute(query.where(among(con, t.moved.c.subject, subjects))).scalars())


def paid(con: Connection, caller: Caller, subject: str, now_ms: int) -> None:
    """The move itself was listed."""
    assert caller.home is not None
    settled(con, subject, caller.home, now_ms)


def settled(con: Connection, subject: str, stream: int, now_ms: int) -> None:
    """This stream is owed nothing of the subject any more: it moved on as listed there, or came home to it,
    which lists everything.
    """
    con.execute(
        update(t.moved)
        .where(t.moved.c.subject == subject, t.moved.c.stream == stream, t.moved.c.at_ms == OWED)
        .values(at_ms=now_ms)
    )


def _opens(op: Op) -> bool:
    """Whether it is the beginning of its subject."""
    payload = op.payload
    return (
        RULES[op.kind].shape is Shape.OPEN
        and payload is not None
        and (payload.get("record"), payload.get("id")) == (op.subject.kind, op.subject.id)
    )


def _listed(con: Connection, subject: str, kinds: Collection[Kind]) -> list[tuple[Op, str]]:
    """Operations of a subject, each with the organisation of the machine that wrote it."""
    query = (
        select(WHOLE, t.device.c.org)
        .join(t.replica, t.replica.c.id == t.op.c.replica)
        .join(t.device, t.device.c.id == t.replica.c.device, isouter=True)
        .where(t.op.c.subject == subject, among(con, t.op.c.kind, [k.value for k in kinds]))
    )
    return [(decode(bytes(row.line)), row.org or "") for row in con.execute(query)]


def _opening(con: Connection, subject: str) -> tuple[Op, str] | None:
    return next((o for o in _listed(con, subject, (Kind.OPENED,)) if _opens(o[0])), None)


def _began(con: Connection, subject: str, org: str, begins: Collection[str]) -> bool:
    """Whether a subject began with one of these, of which there is one: nobody has listed any yet, or others
    offered it for this station.
    """
    listed = _opening(con, subject)
    return listed is None or (listed[0].op_id in begins and listed[1] in (org, ""))


def may_have_had(con: Connection, subject: str, org: str, stream: str) -> bool:
    """Whether ``homes`` may find that this station had a subject once, whatever beginning it brings."""
    listed = _opening(con, subject)
    return listed is None or listed[1] in (org, "") or _had(con, subject, org, stream)


def _had(con: Connection, subject: str, org: str, stream: str) -> bool:
    """Whether what is listed says that the subject began at this station, or was moved to it."""
    opening = _opening(con, subject)
    if opening is not None and opening[1] == org:
        return True
    moving = _listed(con, subject, (Kind.TRANSFERRED, Kind.FIELDS_SET))
    return any(moves_to(op) == stream for op, _ in moving)
