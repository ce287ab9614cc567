"""Somebody joins a household or leaves it, with the day. One household of a kind at a time."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import date

from jobdesk.cases.due import day_of
from jobdesk.cases.errors import Refused
from jobdesk.cases.households import double_members
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change, opening
from jobdesk.services.household_facts import around, one_household
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing


def others(con: Connection, household_id: str, case_id: str, day: date) -> tuple[str, ...]:
    """Other households of the same kind in which a person is a member on a day."""
    home, _ = one_household(con, household_id)
    if home is None:
        return ()
    near = around(con, (case_id,)).households.get(case_id, ())
    return double_members({**{h.case_id: h for h in near}, household_id: home}, household_id, case_id, day)


def join(desk: Desk, household_id: str, values: Mapping[str, Json], reason: str = "") -> Future[Changes]:
    """Somebody joins.

    Args:
        values: fields of ``member``; ``since`` is today where none is given. With ``case`` of somebody who
            has a file, else the name and what little is held of people without one.
        reason: why a person may stand in two households of a kind for now; kept in the person's file.

    Raises (in the future):
        Refused: ``member_needs_name``, ``member_twice`` (stands in it already), ``member_elsewhere`` (in
            another household of the kind, without a reason).
    """
    body: dict[str, Json] = {"since": desk.today.isoformat(), **values}
    case_id = str(body.get("case") or "")
    if not case_id and not str(body.get("name") or "").strip():
        raise Refused("member_needs_name", field="name")

    def job(w: Writing) -> Changes:
        home, _ = one_household(w.con, household_id)
        if case_id and home is not None:
            if any(m.text("case") == case_id and not m.text("until") for m in home.of("member")):
                raise Refused("member_twice", field="case")
            day = day_of(str(body["since"])) or desk.today
            if others(w.con, household_id, case_id, day) and not reason.strip():
                raise Refused("member_elsewhere", field="case")
        member = desk.new_id()
        ops = [opening(Subject("household", household_id), "member", member, body)]
        if case_id and reason.strip():
            said: dict[str, Json] = {
                "problem": "member_elsewhere", "record_kind": "member", "record": member,
                "reason": reason.strip(), "stated_on": desk.today.isoformat(), "staff": desk.actor,
            }  # fmt: skip
            ops.append(opening(case_subject(case_id), "override", desk.new_id(), said))
        return w.append(desk.actor, ops)

    return desk.write(job)


def leave(desk: Desk, household_id: str, loaded: RecordState, until: str = "") -> Future[Changes]:
    """Somebody leaves: the member stays in the books with an end.

    Raises:
        Refused: ``member_leaves_before`` when the day lies before the one of joining.
    """
    day = until or desk.today.isoformat()
    if loaded.text("since") and day < loaded.text("since"):
        raise Refused("member_leaves_before", field="until")
    op = change(Subject("household", household_id), loaded, {"until": day})
    return desk.act([op] if op else [])
