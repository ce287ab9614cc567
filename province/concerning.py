"""Which of what was kept apart as none of its sender's something new concerns: found for many at once.

To ask an action again is a transaction that locks streams; a stolen machine can leave a hundred thousand.
So nothing is asked that these few statements can tell stays where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select

from jobdesk.protocol.codes import Reason
from jobdesk.protocol.limits import MAX_ACTION_OPS
from province import strays
from province.db import tables as t
from province.db.writing import among, in_pieces
from province.known import Known, look
from province.scope import Caller, caller_for

_Q = t.quarantine.c
STRANGE = _Q.reason == Reason.OUT_OF_SCOPE.value


class Waiting(NamedTuple):
    """An action that waits, by when it came; two replicas may use one name, and the one says nothing about
    the other.
    """

    came_ms: int
    replica: str
    seq: int
    action: str
    device: str

    @property
    def key(self) -> tuple[str, str]:
        return self.action, self.replica


def waiting(con: Connection, *where: ColumnElement[bool]) -> list[Waiting]:
    """In the order they came; those of one replica as they were written, whatever the clock said when they
    came.
    """
    first = (func.min(_Q.replica_seq).label("seq"), func.min(_Q.at_ms).label("at"),
             func.min(_Q.device).label("device"))  # fmt: skip
    query = select(_Q.action, _Q.replica, *first).where(_Q.settled_ms.is_(None), *where)
    came: dict[str, int] = {}
    found: list[Waiting] = []
    for row in con.execute(query.group_by(_Q.action, _Q.replica).order_by(_Q.replica, "seq")):
        came[row.replica] = max(int(row.at), came.get(row.replica, 0))
        found.append(Waiting(came[row.replica], row.replica, int(row.seq), row.action, row.device))
    return sorted(found)


def sender(con: Connection, device: str) -> Caller:
    """The device itself, with its scope as it is now."""
    row = con.execute(select(t.device).where(t.device.c.id == device)).one_or_none()
    org, role = (row.org, row.role) if row is not None else ("", "desk")
    return caller_for(con, device, org, role, revoked=row is not None and row.revoked_ms is not None)


class Sights:
    """What senders see, within one transaction that sees all streams."""

    def __init__(self, con: Connection) -> None:
        self._con = con
        self._callers: dict[str, Caller] = {}
        self._known: dict[str, Known] = {}
        self._looked: dict[str, set[str]] = {}
        self._had: dict[tuple[str, str], bool] = {}

    def look(self, device: str, subjects: Collection[str]) -> None:
        """Asked once of all that are to be judged."""
        new = set(subjects) - self._looked.setdefault(device, set())
        if new:
            found, here = look(self._con, self._of(device), new), self._known.setdefault(device, Known())
            here.homes |= found.homes
            here.late |= found.late
            self._looked[device] |= new

    def closed(self, device: str, subjects: Iterable[str]) -> set[str]:
        """Those of these that keep an action of this sender apart; what a station has of somebody nobody
        knows begins there.
        """
        caller, known = self._of(device), self._known[device]
        writes = caller.may_write
        shut = {
            s for s in subjects
            if s not in known.late
            and known.homes.get(s) not in writes
            and (s in known.homes or caller.home is None)
        }  # fmt: skip
        if shut and caller.home is not None and all(self._was_there(caller, s) for s in shut):
            return set()
        return shut

    def mark(self, device: str, subjects: Iterable[str]) -> int:
        """Changes with what decides about an action on these."""
        known = self._known[device]
        there = tuple((s, known.homes.get(s), known.late.get(s)) for s in sorted(subjects))
        return hash((self._of(device).may_write, there))

    def _of(self, device: str) -> Caller:
        if device not in self._callers:
            self._callers[device] = sender(self._con, device)
        return self._callers[device]

    def _was_there(self, caller: Caller, subject: str) -> bool:
        at = (caller.org, subject)
        if at not in self._had:
            mine = next((s.id for s in caller.streams if s.num == caller.home), "")
            self._had[at] = strays.may_have_had(self._con, subject, caller.org, mine)
        return self._had[at]


def about(con: Connection, subjects: Collection[str]) -> list[Waiting]:
    """Actions on these subjects, of senders to whom one of them is open by now; and those of which others
    brought something meanwhile.
    """
    return sorted({one for some in in_pieces(sorted(subjects)) for one in _about(con, some)})


def _about(con: Connection, subjects: Collection[str]) -> set[Waiting]:
    sights, found = Sights(con), set[Waiting]()
    pairs = select(_Q.device, _Q.subject).distinct().where(_Q.settled_ms.is_(None), STRANGE)
    for device, named in _by_device(con, pairs.where(among(con, _Q.subject, subjects))):
        sights.look(device, named)
        shut = {s for s in named if sights.closed(device, [s])}
        of_it = (STRANGE, _Q.device == device)
        if named - shut:
            found.update(waiting(con, *of_it, among(con, _Q.subject, named - shut)))
        if shut:
            brought = select(t.op.c.action).where(among(con, t.op.c.subject, shut))
            found.update(waiting(con, *of_it, among(con, _Q.subject, shut), _Q.action.in_(brought)))
    return found


def _by_device(con: Connection, pairs: Select[Any, Any]) -> Iterator[tuple[str, set[str]]]:
    """Some of the subjects of one machine at a time."""
    theirs: dict[str, set[str]] = {}
    for device, subject in con.execute(pairs):
        theirs.setdefault(device, set()).add(subject)
    for device, named in theirs.items():
        for some in in_pieces(sorted(named)):
            yield device, set(some)


def of_actions(con: Connection, actions: Collection[str]) -> list[Waiting]:
    """Those of these that still wait."""
    return sorted(
        {
            one
            for some in in_pieces(sorted(actions))
            for one in waiting(con, STRANGE, among(con, _Q.action, some))
        }
    )


def left(con: Connection) -> list[Waiting]:
    """All on subjects that are in their senders' sight: what a process that died left behind."""
    sights, found = Sights(con), set[Waiting]()
    pairs = (
        select(_Q.device, _Q.subject)
        .distinct()
        .join(t.subject, t.subject.c.id == _Q.subject)
        .where(_Q.settled_ms.is_(None), STRANGE)
    )
    for device, named in _by_device(con, pairs):
        sights.look(device, named)
        open_ = {s for s in named if not sights.closed(device, [s])}
        if open_:
            found.update(waiting(con, STRANGE, _Q.device == device, among(con, _Q.subject, open_)))
    return sorted(found)


def worth_asking(con: Connection, actions: Sequence[Waiting]) -> list[tuple[Waiting, int]]:
    """Those of these that a push would list now, or that are listed already, each with ``Sights.mark``: every
    subject is in the sender's sight. More operations under one name than an action has are for a person.
    """
    if not actions:
        return []
    rows = con.execute(
        select(_Q.action, _Q.replica, _Q.subject, func.count().label("many"))
        .where(_Q.settled_ms.is_(None), STRANGE)
        .where(among(con, _Q.action, {a.action for a in actions}))
        .where(among(con, _Q.replica, {a.replica for a in actions}))
        .group_by(_Q.action, _Q.replica, _Q.subject)
    ).all()
    named: dict[tuple[str, str], set[str]] = {}
    many: dict[tuple[str, str], int] = {}
    for row in rows:
        named.setdefault((row.action, row.replica), set()).add(row.subject)
        many[row.action, row.replica] = many.get((row.action, row.replica), 0) + int(row.many)
    sights = Sights(con)
    here = [a for a in actions if a.key in named and many[a.key] <= MAX_ACTION_OPS]
    for device in {a.device for a in here}:
        sights.look(device, set[str]().union(*(named[a.key] for a in here if a.device == device)))
    shut = {a: sights.closed(a.device, named[a.key]) for a in here}
    brought = _brought(con, {a.action for a in here if shut[a]}, set[str]().union(*shut.values()))
    return [
        (a, sights.mark(a.device, named[a.key])) for a in here
        if not shut[a] or all((a.action, s) in brought for s in shut[a])
    ]  # fmt: skip


def _brought(con: Connection, actions: Collection[str], subjects: Collection[str]) -> set[tuple[str, str]]:
    """(action, subject) of operations that are listed, under whatever life of its file."""
    if not actions:
        return set()
    query = select(t.op.c.action, t.op.c.subject).distinct()
    found = con.execute(query.where(among(con, t.op.c.subject, subjects), among(con, t.op.c.action, actions)))
    return {(row.action, row.subject) for row in found}
