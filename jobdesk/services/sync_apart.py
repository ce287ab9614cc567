"""What an action was that the server keeps apart, or kept: whom it is about, who saved it, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.services.desk import Desk
from jobdesk.services.staffing import staff_of
from jobdesk.store import ledger, sync_told
from jobdesk.store.log import Connection, ops_of_action
from jobdesk.store.sync_told import Apart


@dataclass(frozen=True, slots=True)
class Saved:
    """One save.

    Attributes:
        cases: (case id, name) of the people it touched; names may be empty.
        kinds: kinds of its operations, each once, in their order; records: kinds of the records written.
        saved_ms: when it was saved here, 0 where its operations are not here any more; who: name of the
            clerk, empty where nobody was chosen.
    """

    cases: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    records: tuple[str, ...]
    operations: int
    saved_ms: int
    who: str


@dataclass(frozen=True, slots=True)
class ApartLine:
    """One that is kept apart, and why."""

    saved: Saved
    apart: Apart


def apart_lines(desk: Desk) -> Future[list[ApartLine]]:
    """All of them, newest first."""

    def job(con: Connection) -> list[ApartLine]:
        names = {s.id: s.name for s in staff_of(con, desk)}
        return [ApartLine(_saved(con, one.action, names), one) for one in sync_told.apart(con)]

    return desk.read(job)


def saves(desk: Desk, actions: Iterable[str]) -> Future[dict[str, Saved]]:
    """What these actions were; those of which nothing stands here are left out."""

    def job(con: Connection) -> dict[str, Saved]:
        names = {s.id: s.name for s in staff_of(con, desk)}
        found = {action: _saved(con, action, names) for action in actions}
        return {action: one for action, one in found.items() if one.operations}

    return desk.read(job)


def _saved(con: Connection, action: str, names: Mapping[str, str]) -> Saved:
    ops = ops_of_action(con, action)
    cases = list(dict.fromkeys(op.subject.id for op in ops if op.subject.kind == "case"))
    said = {i.case_id: i.name or "" for i in ledger.items(con, cases)}
    records = (str((op.payload or {}).get("record") or "") for op in ops)
    return Saved(
        cases=tuple((c, said.get(c, "")) for c in cases),
        kinds=tuple(dict.fromkeys(op.kind for op in ops)),
        records=tuple(dict.fromkeys(r for r in records if r)),
        operations=len(ops),
        saved_ms=max((op.stamp.ms for op in ops), default=0),
        who=names.get(ops[0].actor, "") if ops else "",
    )
