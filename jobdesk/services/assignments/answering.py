"""Answering the people of a list, one or several at once, and saying who a name is."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from jobdesk.cases.assigned import ANSWERS
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.store import reads
from jobdesk.store.station_file import Changes, Writing


def answer(
    desk: Desk, assignment_id: str, records: Sequence[str], code: str, note: str = ""
) -> Future[Changes]:
    """One action for these lines of a list; an empty code takes an answer back.

    Raises:
        Refused: a code that is none of the seven, or 信息有误 without a note.
    """
    if code and code not in ANSWERS:
        raise Refused("list_answer_unknown")
    if code == "wrong" and not note.strip():
        raise Refused("list_wrong_needs_note")
    values: dict[str, Json] = {
        "answer": code or None,
        "note": note.strip() or None,
        "answered_on": desk.today.isoformat() if code else None,
        "staff": desk.actor if code else None,
    }
    return _change(desk, assignment_id, records, values)


def say_who(desk: Desk, assignment_id: str, record: str, case_id: str) -> Future[Changes]:
    """Which file a name on the list belongs to; an empty id takes that back."""
    return _change(desk, assignment_id, [record], {"case": case_id or None})


def _change(
    desk: Desk, assignment_id: str, records: Sequence[str], values: dict[str, Json]
) -> Future[Changes]:
    subject = Subject("assignment", assignment_id)
    wanted = set(records)

    def job(w: Writing) -> Changes:
        state = reads.subject_state(w.con, subject)
        ops = [
            op
            for record in state.of("assigned")
            if record.id in wanted and (op := change(subject, record, values)) is not None
        ]
        return w.append(desk.actor, ops)

    return desk.write(job)
