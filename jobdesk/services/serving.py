"""Recording what was done for people: one service, one call, or a job fair for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from jobdesk.cases.contacts import Sort, contacts_of, sort_of
from jobdesk.cases.facts import Values, facts_of
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Json, Kind, NewOp
from jobdesk.cases.state import RecordKey, RecordState, SubjectState
from jobdesk.host.template_files import service_rules
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change, opening
from jobdesk.services.moving.reading import Away, away
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
    """What was recorded: the new records' ids by person, and the changes.

    Attributes:
        away: station of those who have moved away meanwhile, by person: the record goes there.
    """

    services: Mapping[str, str]
    changes: tuple[Changes, ...]
    away: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """What the form holds.

    Attributes:
        values: fields of a ``service`` record.
        loaded: files as they stood when the form was opened, for the bases of the next contact.
        settles: case id → what else this service settles, in the same action: a measure that is done, a
            promise that is kept, a notice that was given. By record, the fields that change.
    """

    values: Mapping[str, Json]
    contact: Contact = field(default_factory=Contact)
    loaded: Mapping[str, SubjectState] = field(default_factory=dict[str, SubjectState])
    settles: Mapping[str, Mapping[RecordKey, Mapping[str, Json]]] = field(
        default_factory=dict[str, Mapping[RecordKey, Mapping[str, Json]]]
    )


def whereabouts(desk: Desk, case_id: str) -> Future[Away | None]:
    """Where somebody has moved to meanwhile; None for whoever is here."""
    return desk.read(lambda con: away(con, case_id))


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
            loaded = entry.loaded.get(case_id) or w.state(case_subject(case_id))
            record_id = w.new_id()
            made[case_id] = record_id
            batch += service_ops(desk, loaded, record_id, entry)
            if len(batch) > MAX_OPS_PER_ACTION - 4:
                done.append(w.append(desk.actor, batch))
                batch = []
        if batch:
            done.append(w.append(desk.actor, batch))
        gone = {i: found.station for i in ids if (found := away(w.con, i)) is not None}
        return Served(made, tuple(done), gone)

    return desk.write(job)


def service_ops(desk: Desk, loaded: SubjectState, record_id: str, entry: ServiceEntry) -> list[NewOp]:
    """The operations of one person's service: the record, and the next contact where one was agreed."""
    subject = loaded.subject
    values: dict[str, Json] = {"entered_by": desk.actor, "provider": "own", **entry.values}
    if entry.contact.on:
        values["next_contact"] = entry.contact.on
    ops = [opening(subject, "service", record_id, values, kind=Kind.SERVICE_RECORDED)]
    also = {k: dict(v) for k, v in entry.settles.get(subject.id, {}).items()}
    root_key = (subject.kind, subject.id)
    if entry.contact.on or answers_contact(loaded, values):
        also.setdefault(root_key, {}).update(
            {"next_contact": entry.contact.on, "next_contact_reason": entry.contact.reason}
        )
    for (kind, settled_id), changed in also.items():
        op = change(subject, loaded.record(kind, settled_id), changed)
        if op is not None:
            ops.append(op)
    return ops


def answers_contact(loaded: SubjectState, values: Values) -> bool:
    """Whether a service without a new date leaves no next contact behind.

    A contact that took place answers the one that was due. An attempt (未接通, 群发) reached nobody, a
    service of a school or the county is no contact of ours, and one that is entered late and lies
    before the last contact was known when the next was agreed: all three leave the date as it is.
    """
    if loaded.root.get("next_contact") is None:
        return False
    rules = service_rules()
    if sort_of(values, rules)[0] is Sort.ATTEMPT or (values.get("provider") or "") not in rules.own_providers:
        return False
    served = values.get("served_on")
    last = contacts_of(facts_of(loaded), rules).last
    return not (isinstance(served, str) and served < last)


def correct_record(
    desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json], reason: str
) -> Future[Changes]:
    """Correct a wrong service, placement, plan or other record; the reason stays with it."""
    op = change(case_subject(case_id), loaded, values, kind=Kind.RECORD_CORRECTED, reason=reason)
    return desk.act([op] if op else [])
