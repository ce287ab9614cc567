"""Recording what was done for people: one service, one call, or a job fair for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Json, Kind, NewOp
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change, opening
from jobdesk.store.reads import case_state
from jobdesk.store.station_file import Changes, Writing


@dataclass(frozen=True, slots=True)
class Contact:
    """The next contact agreed in a service: written to the file as well, so that 今日 knows it.

    Attributes:
        on: ISO day, or None when nothing was agreed.
        reason: what for.
    """

    on: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """What was recorded: the new records' ids by person, and the changes."""

    services: Mapping[str, str]
    changes: tuple[Changes, ...]


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """What the form holds.

    Attributes:
        values: fields of a ``service`` record.
        loaded: files as they stood when the form was opened, for the bases of the next contact.
    """

    values: Mapping[str, Json]
    contact: Contact = field(default_factory=Contact)
    loaded: Mapping[str, SubjectState] = field(default_factory=dict[str, SubjectState])


def record_service(desk: Desk, case_ids: Sequence[str], entry: ServiceEntry) -> Future[Served]:
    """Record the same service for one or several people, each with a record of its own.

    Several people are one action; more than fit into one are several, in one transaction.
    """
    ids = list(case_ids)

    def job(w: Writing) -> Served:
        made: dict[str, str] = {}
        done: list[Changes] = []
        batch: list[NewOp] = []
        for case_id in ids:
            loaded = entry.loaded.get(case_id) or case_state(w.con, case_id)
            record_id = w.new_id()
            made[case_id] = record_id
            batch += service_ops(desk, loaded, record_id, entry)
            if len(batch) > MAX_OPS_PER_ACTION - 4:
                done.append(w.append(desk.actor, batch))
                batch = []
        if batch:
            done.append(w.append(desk.actor, batch))
        return Served(made, tuple(done))

    return desk.write(job)


def service_ops(desk: Desk, loaded: SubjectState, record_id: str, entry: ServiceEntry) -> list[NewOp]:
    """The operations of one person's service: the record, and the next contact where one was agreed."""
    subject = loaded.subject
    values: dict[str, Json] = {"entered_by": desk.actor, "provider": "own", **entry.values}
    if entry.contact.on:
        values["next_contact"] = entry.contact.on
    ops = [opening(subject, "service", record_id, values, kind=Kind.SERVICE_RECORDED)]
    root = loaded.root
    wanted: dict[str, Json] = {
        "next_contact": entry.contact.on, "next_contact_reason": entry.contact.reason
    }  # fmt: skip
    if entry.contact.on or root.get("next_contact") is not None:
        # a contact that took place answers the one that was due; without a new date none is left
        moved = change(subject, root, wanted)
        if moved is not None:
            ops.append(moved)
    return ops


def correct_record(
    desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json], reason: str
) -> Future[Changes]:
    """Correct a wrong service, placement, plan or other record; the reason stays with it."""
    op = change(case_subject(case_id), loaded, values, kind=Kind.RECORD_CORRECTED, reason=reason)
    return desk.act([op] if op else [])
