"""What every act of an application shares: reading it, checking what was typed, one action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import date

from jobdesk.cases.claim import DAY_OF, Act, Claim, ClaimView
from jobdesk.cases.claim_checks import problems
from jobdesk.cases.due import day_of
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import CaseFacts, facts_of
from jobdesk.cases.hardship import snapshot, version_of
from jobdesk.cases.ops import Json, NewOp
from jobdesk.cases.recognising import state_after, verifications_of, view
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, part
from jobdesk.services.household_facts import around
from jobdesk.services.policies import packs_of
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.origins import fields_from_sheet
from jobdesk.store.station_file import Changes, Writing

SNAPSHOT_AT: Mapping[Act, str] = {
    Act.CHECK: "station",
    Act.RECOGNISE: "county",
    Act.REFUSE: "county",
}
"""Acts that keep the verdict and its facts of their day, and under which name."""

Also = Callable[[Connection, Desk, SubjectState, RecordState, Mapping[str, Json]], list[NewOp]]
"""More operations of the same action; may refuse."""


def claim_in(con: Connection, desk: Desk, state: SubjectState, record: RecordState) -> Claim:
    """An application as it stands in the books."""
    looked = verifications_of(record.id, facts_of(state).of("verification"))
    return Claim(record.values(), "person", packs_of(con, desk), desk.working_days, desk.today, looked)


def view_of(desk: Desk, case_id: str, record_id: str) -> Future[ClaimView]:
    """What stands and what may be done next."""

    def job(con: Connection) -> ClaimView:
        state = reads.case_state(con, case_id)
        return view(claim_in(con, desk, state, state.record("recognition", record_id)))

    return desk.read(job)


def act(
    desk: Desk,
    case_id: str,
    loaded: RecordState,
    what: Act,
    values: Mapping[str, Json],
    also: Also | None = None,
) -> Future[Changes]:
    """Do one act of an application.

    Args:
        loaded: the recognition as the form was loaded from.
        values: what was typed; the act's day is today where none is given.

    Raises (in the future):
        Refused: ``claim_<code>`` with the field (see ``cases.claim_checks.problems``).
    """
    typed: dict[str, Json] = {DAY_OF[what]: desk.today.isoformat(), **{k: v for k, v in values.items() if v}}

    def job(w: Writing) -> Changes:
        state = reads.case_state(w.con, case_id)
        claim = claim_in(w.con, desk, state, state.record("recognition", loaded.id))
        if (found := problems(claim, what, typed)) and (first := found[0]):
            raise Refused(f"claim_{first[1]}", field=first[0])
        body = {**typed, "state": state_after(claim, what)}
        body |= _following(claim, what, typed)
        if what in SNAPSHOT_AT:
            body |= _kept(w.con, desk, state, claim, what, typed)
        part("recognition", body)
        op = change(state.subject, loaded, body)
        more = also(w.con, desk, state, loaded, typed) if also else []
        return w.append(desk.actor, [*([op] if op else []), *more])

    return desk.write(job)


def _following(claim: Claim, what: Act, typed: Mapping[str, Json]) -> dict[str, Json]:
    """Fields that an act settles besides those typed."""
    on = typed[DAY_OF[what]]
    match what:
        case Act.RECOGNISE:
            again: dict[str, Json] = {"reviewed_on": on, "notified_on": None, "refusal_reason": None,
                                      "remedy": None}  # fmt: skip
            first: dict[str, Json] = {
                "since": on, "authority": typed.get("decided_by"), "number": typed.get("decision_no"),
                "checked_on": claim.today.isoformat(),
            }  # fmt: skip
            return {**first, **(again if claim.state == "appealed" else {})}
        case Act.REFUSE:
            later: dict[str, Json] = {"reviewed_on": on, "notified_on": None}
            return later if claim.state == "appealed" else {}
        case Act.EXIT:
            return {"until": on}
        case Act.APPLY:
            return {"source": "self"} if not claim.text("source") else {}
        case _:
            return {}


def situation_of(con: Connection, desk: Desk, facts: CaseFacts, day: date | None = None) -> Situation:
    """A person on a day, with the households around, as rules read it."""
    near = around(con, (facts.case_id,))
    return Situation(
        facts, day or desk.today, packs_of(con, desk), near.households.get(facts.case_id, ()), near.people,
        fields_from_sheet(con, facts.case_id),
    )  # fmt: skip


def _kept(
    con: Connection, desk: Desk, state: SubjectState, claim: Claim, what: Act, typed: Mapping[str, Json]
) -> dict[str, Json]:
    """The verdict and facts of the day of the act, beside those kept before; the rule's version."""
    on = day_of(str(typed[DAY_OF[what]])) or desk.today
    at = situation_of(con, desk, facts_of(state), on)
    code = claim.text("category")
    before = claim.values.get("snapshot")
    kept: dict[str, Json] = dict(before) if isinstance(before, dict) else {}
    kept[SNAPSHOT_AT[what]] = snapshot(at, code)
    return {"snapshot": kept, "rule_version": version_of(at, code) or None}
