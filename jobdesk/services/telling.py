"""变更记录 and 两处填写不一致: what happened to a file, and settling what two people wrote."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future

from jobdesk.cases import settling
from jobdesk.cases.differing import of_state
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordKey
from jobdesk.services.desk import Desk
from jobdesk.store.signing import is_above
from jobdesk.store.station_file import Changes, Writing


def take_version(desk: Desk, subject: Subject, record: RecordKey, field: str, op_id: str) -> Future[Changes]:
    """One of the versions beside a field becomes its value.

    Raises (in the future):
        Refused: the version is gone, a status may not move there, or ``conflict_reported``: the question was
            handed upward, and this desk is not above.
    """

    def job(w: Writing) -> Changes:
        _not_handed_up(w, subject, record, field)
        ops = settling.take(w.state(subject), record, field, op_id)
        return w.append(desk.actor, ops)

    return desk.write(job)


def settle_version(
    desk: Desk, subject: Subject, record: RecordKey, field: str, value: Json, known: Collection[str]
) -> Future[Changes]:
    """A value of the person's own settles a conflict; ``known`` are the versions that were in sight."""

    def job(w: Writing) -> Changes:
        _not_handed_up(w, subject, record, field)
        ops = settling.settle(w.state(subject), record, field, value, known=known)
        return w.append(desk.actor, ops)

    return desk.write(job)


def _not_handed_up(w: Writing, subject: Subject, record: RecordKey, field: str) -> None:
    for one in of_state(w.state(subject)):
        if (one.record, one.field) == (record, field) and one.escalation is not None and not is_above(w.con):
            raise Refused("conflict_reported")
