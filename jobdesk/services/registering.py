"""Registering a person from the keyboard in under a minute; duplicates are told while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.id_number import examine
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import check_years, opening
from jobdesk.store import ledger
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes


@dataclass(frozen=True, slots=True)
class Child:
    """A child record to be opened with the person: kind and values."""

    record: str
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Registered:
    """The new file and what was written."""

    case_id: str
    changes: Changes


def case_opening(
    desk: Desk,
    values: Mapping[str, Json],
    children: Sequence[Child] = (),
    *,
    import_id: str | None = None,
) -> tuple[Subject, list[NewOp]]:
    """The operations that open a file: the root with its help state, then its child records."""
    subject = case_subject(desk.new_id())
    root: dict[str, Json] = {"help_state": "open", "opened_on": desk.today.isoformat(), **values}
    ops = [opening(subject, "case", subject.id, root, import_id=import_id)]
    ops += [opening(subject, c.record, desk.new_id(), c.values, import_id=import_id) for c in children]
    return subject, ops


def register(desk: Desk, values: Mapping[str, Json], children: Sequence[Child] = ()) -> Future[Registered]:
    """Open a file for a person. Sex and birth follow from a valid ID number where they were left blank.

    Raises:
        Refused: see ``editing.check_years``.
    """
    for kind, typed in (("case", values), *((c.record, c.values) for c in children)):
        check_years(kind, typed)
    filled = with_derived(desk, values)
    subject, ops = case_opening(desk, filled, children)
    return desk.write(lambda w: Registered(subject.id, w.append(desk.actor, ops)))


def with_derived(desk: Desk, values: Mapping[str, Json]) -> dict[str, Json]:
    """Birth and sex from the number itself, only where nothing was typed: derived, not invented."""
    out = dict(values)
    number = out.get("id_number")
    reading = examine(number if isinstance(number, str) else "", desk.today)
    if reading.kind.name == "VALID":
        out["id_number"] = reading.normal
        if not out.get("birth") and reading.birth:
            out["birth"] = reading.birth.isoformat()
        if not out.get("sex") and reading.sex:
            out["sex"] = {"male": "1", "female": "2"}[reading.sex]
    elif reading.kind.name == "OLD15":
        out["id_number"] = None
        out["old_id_number"] = reading.normal
        if not out.get("birth") and reading.birth:
            out["birth"] = reading.birth.isoformat()
        if not out.get("sex") and reading.sex:
            out["sex"] = {"male": "1", "female": "2"}[reading.sex]
    return out


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody already here who may be the same person: the line and why."""

    item: ledger.CaseItem
    reason: str
    """``id_number`` (the same number), ``old_number`` (its 15-digit form; two people could share one),
    ``name_birth`` or ``name_phone``.
    """


def find_twins(
    con: Connection, *, id_number: str = "", name: str = "", birth: str = "", phone: str = ""
) -> list[Twin]:
    """People here who may be the one being typed; the ID number first."""
    twins = (
        [Twin(i, "id_number") for i in ledger.items(con, ledger.by_id_number(con, id_number))]
        if id_number
        else []
    )
    twins += [Twin(i, "old_number") for i in ledger.items(con, ledger.by_old_number(con, id_number))]
    seen = {t.item.case_id for t in twins}
    for item in ledger.by_names(con, [name]).get(name, []) if name else []:
        if item.case_id in seen or (id_number and item.id_number):
            continue
        if birth and item.birth and item.birth[: len(birth)] == birth[: len(item.birth)]:
            twins.append(Twin(item, "name_birth"))
        elif phone and item.phone == phone:
            twins.append(Twin(item, "name_phone"))
    return twins
