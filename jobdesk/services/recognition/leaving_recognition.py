"""退出认定 and what comes before it: the supervisor's agreement that somebody cannot be reached.

退出 ends the recognition. The help goes on and subsidies stand, unless the clerk ends those by their own act.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import Act
from jobdesk.cases.due import day_of
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import facts_of
from jobdesk.cases.leaving import NO_CONTACT, tried
from jobdesk.cases.ops import Json, NewOp
from jobdesk.cases.rules.facts_hardship import unreachable_agreed
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.host.code_lists import table
from jobdesk.host.template_files import service_rules
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change
from jobdesk.services.policies import packs_of
from jobdesk.services.recognition.acting import act, situation_of
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing


def leave(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """退出认定 with its reason code.

    Raises (in the future):
        Refused: ``claim_no_such_reason``, a code that the list of that day does not have;
            ``claim_not_agreed``, 无法联系 without the supervisor's agreement that still stands.
    """
    return act(desk, case_id, loaded, Act.EXIT, values, _may_leave)


def withdraw(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """The person takes the application back."""
    return act(desk, case_id, loaded, Act.WITHDRAW, values)


def agree_unreachable(
    desk: Desk, loaded: SubjectState, agreed_by: str, on: str | None = None
) -> Future[Changes]:
    """The supervisor agrees: attempts on different days up to then, some of them visits (待确认).

    Raises (in the future):
        Refused: ``unreachable_unfounded`` when the attempts do not suffice, ``unreachable_unknown`` when no
            pack says how many are wanted, ``unreachable_needs_other`` when who agrees recorded all the
            attempts, ``unreachable_future``.
    """
    day = on or desk.today.isoformat()

    def job(w: Writing) -> Changes:
        state = reads.case_state(w.con, loaded.subject.id)
        facts = facts_of(state)
        until = day_of(day) or desk.today
        if day > desk.today.isoformat():
            raise Refused("unreachable_future")
        found = tried(facts, service_rules(), packs_of(w.con, desk), until)
        if found.wanted.missing:
            raise Refused("unreachable_unknown")
        if not found.founded:
            raise Refused("unreachable_unfounded", days=found.wanted.days, visits=found.wanted.visits)
        attempts = {s.id for s in found.basis.counted}
        staff = {r.text("staff") for r in facts.of("service") if r.id in attempts}
        if not agreed_by or staff == {agreed_by}:
            raise Refused("unreachable_needs_other")
        op = change(
            state.subject, loaded.root, {"unreachable_agreed_by": agreed_by, "unreachable_agreed_on": day}
        )
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)


def _may_leave(
    con: Connection, desk: Desk, state: SubjectState, _record: RecordState, typed: Mapping[str, Json]
) -> list[NewOp]:
    code, on = str(typed.get("exit_code")), day_of(str(typed["exited_on"])) or desk.today
    if code not in {entry.code for entry in table("recognition_exit").on(on)}:
        raise Refused("claim_no_such_reason", field="exit_code")
    if code != NO_CONTACT:
        return []
    at = situation_of(con, desk, facts_of(state), on)
    if unreachable_agreed(at).value is not True:
        raise Refused("claim_not_agreed", field="exit_code")
    return []
