"""Why an odd fact may stand (保留说明): written in the same action as the fact itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.store.station_file import Changes


def reasons(
    desk: Desk, subject: Subject, record: tuple[str, str], codes: Iterable[str], reason: str
) -> list[NewOp]:
    """One 保留说明 for each problem code beside a record (kind, id).

    Raises:
        Refused: without a reason.
    """
    if not reason.strip():
        raise Refused("override_needs_reason")
    kind, record_id = record
    return [
        opening(
            subject, "override", desk.new_id(),
            {"problem": code, "record_kind": kind, "record": record_id, "reason": reason.strip(),
             "stated_on": desk.today.isoformat(), "staff": desk.actor},
        )
        for code in codes
    ]  # fmt: skip


def save_with_reason(
    desk: Desk,
    subject: Subject,
    loaded: RecordState,
    values: Mapping[str, Json],
    codes: Iterable[str],
    reason: str,
) -> Future[Changes]:
    """Save a record, new (its id empty) or standing, whose odd facts a person lets stand."""
    if loaded.id:
        record_id, op = loaded.id, change(subject, loaded, values)
    else:
        record_id = desk.new_id()
        op = opening(subject, loaded.kind, record_id, values)
    ops = [op] if op else []
    return desk.act([*ops, *reasons(desk, subject, (loaded.kind, record_id), codes, reason)])


def let_stand(
    desk: Desk, subject: Subject, record: tuple[str, str], codes: Iterable[str], reason: str
) -> Future[Changes]:
    """Give the reason for facts that stand already (from a sheet, or made odd by a later record)."""
    return desk.act(reasons(desk, subject, record, codes, reason))
