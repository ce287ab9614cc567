"""What an action was that the server keeps apart: whom it is about, who saved it, when."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.services.desk import Desk
from jobdesk.services.staffing import staff_of
from jobdesk.store import ledger, sync_told
from jobdesk.store.log import Connection, ops_of_action
from jobdesk.store.sync_told import Apart


@dataclass(frozen=True, slots=True)
class ApartLine:
    """One of them.

    Attributes:
        cases: (case id, name) of the people it touched; names may be empty.
        kinds: kinds of its operations, each once, in their order; records: kinds of the records written.
        saved_ms: when it was saved here, 0 where its operations are not here any more; who: name of the
            clerk, empty where nobody was chosen.
    """

    apart: Apart
    cases: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    records: tuple[str, ...]
    operations: int
    saved_ms: int
    who: str


def apart_lines(desk: Desk) -> Future[list[ApartLine]]:
    """All of them, newest first."""

    def job(con: Connection) -> list[ApartLine]:
        names = {s.id: s.name for s in staff_of(con, desk)}
        return [_line(con, one, names) for one in sync_told.apart(con)]

    return desk.read(job)


def _line(con: Connection, one: Apart, names: dict[str, str]) -> ApartLine:
    ops = ops_of_action(con, one.action)
    cases = list(dict.fromkeys(op.subject.id for op in ops if op.subject.kind == "case"))
    said = {i.case_id: i.name or "" for i in ledger.items(con, cases)}
    records = (str((op.payload or {}).get("record") or "") for op in ops)
    return ApartLine(
        one,
        tuple((c, said.get(c, "")) for c in cases),
        tuple(dict.fromkeys(op.kind for op in ops)),
        tuple(dict.fromkeys(r for r in records if r)),
        len(ops),
        max((op.stamp.ms for op in ops), default=0),
        names.get(ops[0].actor, "") if ops else "",
    )
