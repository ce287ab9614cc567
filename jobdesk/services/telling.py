"""变更记录 and 两处填写不一致: what happened to a file, and settling what two people wrote."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future

from jobdesk.cases import settling
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordKey
from jobdesk.services.desk import Desk
from jobdesk.store.station_file import Changes, Writing


def take_version(desk: Desk, subject: Subject, record: RecordKey, field: str, op_id: str) -> Future[Changes]:
    """One of the versions beside a field becomes its value.

    Raises (in the future):
        Refused: the version is gone, or a status may not move there.
    """

    def job(w: Writing) -> Changes:
        return w.append(desk.actor, settling.take(w.state(subject), record, field, op_id))

    return desk.write(job)


def settle_version(
    desk: Desk, subject: Subject, record: RecordKey, field: str, value: Json, known: Collection[str]
) -> Future[Changes]:
    """A value of the person's own settles a conflict; ``known`` are the versions that were in sight."""

    def job(w: Writing) -> Changes:
        return w.append(desk.actor, settling.settle(w.state(subject), record, field, value, known=known))

    return desk.write(job)
