"""What a file takes along and what stays, when it leaves for another station. One action, one day.

Everything written of a person goes with the file: plan, services, recognitions, subsidies. What somebody of
this station owed is named by the person's name only, since the other station does not know our staff; the
move itself tells the names of all clerks whom the file names. A
household that stays loses a member with that day, and its clock is computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jobdesk.cases.errors import Refused
from jobdesk.cases.masking import mask_name
from jobdesk.cases.ops import Json, Kind, NewOp, Subject
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.editing import change
from jobdesk.services.moving.since import is_at_home
from jobdesk.services.planning import OPEN_STATES
from jobdesk.store import moved, reads, sync_facts, sync_moves, sync_scope
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing


def station_of(con: Connection) -> str:
    """The stream of this station.

    Raises:
        Refused: ``sync_not_enrolled``; ``move_only_stations`` at a desk above stations.
    """
    if not sync_facts.get(con, "device"):
        raise Refused("sync_not_enrolled")
    if sync_facts.get(con, "role") != "desk":
        raise Refused("move_only_stations")
    return sync_facts.get(con, "station")


_MOVES = ("case", "household")
"""What a request of another station can be about; it names a subject by its id only."""


def depart(
    w: Writing, actor: str, subjects: Sequence[str], target: str, day: str, reason: str,
    staff: dict[str, str], into: str | None = None,
) -> Changes:  # fmt: skip
    """Write the move of these subjects as one action, and note that they are away.

    Args:
        staff: names by staff id, for what is owed and for whoever is named in the files.
        into: the file at the target of which the first subject is an alias from now on.

    Raises:
        Refused: ``move_nothing_here`` when none of them is at home here, or is nothing that moves;
            ``merge_has_aliases``.
    """
    own = station_of(w.con)
    here = [reads.subject_state(w.con, _subject(w.con, s)) for s in subjects]
    here = [s for s in here if s.exists and s.subject.kind in _MOVES]
    here = [s for s in here if sync_scope.is_away(w.con, s.subject.id) is None]
    if not here:
        raise Refused("move_nothing_here")
    here += _aliases(w.con, here, own)
    along = {s.subject.id for s in here}
    ops: list[NewOp] = []
    for state in here:
        if into and state.subject.id == subjects[0]:
            ops += _merged(w.con, state, into, reason)
        ops += _handed(state, staff)
        ops += _out_of_households(w.con, state, along, day)
        clerks = moved.clerks_in(w.con, state.subject.id, staff)
        if actor in staff:
            clerks[actor] = staff[actor]
        ops += _moved(state, own, target, day, reason, clerks)
    changes = w.append(actor, ops)
    sync_moves.put_homes(w.con, [(s.subject.id, target) for s in here])
    sync_scope.note_who_left(w.con, w.clock.now_ms())
    return changes


def _subject(con: Connection, subject_id: str) -> Subject:
    return Subject(reads.root_kind(con, subject_id) or "case", subject_id)


def _aliases(con: Connection, states: Sequence[SubjectState], own: str) -> list[SubjectState]:
    """Files merged into one that goes go too: they are the same person. Not one that another station has:
    of its file only the merge may be known here.
    """
    known = {s.subject.id for s in states}
    found: list[SubjectState] = []
    for state in states:
        for alias in reads.aliases_of(con, state.subject.id):
            if alias not in known and is_at_home(con, alias, own):
                found.append(reads.case_state(con, alias))
    return found


def _moved(
    state: SubjectState, own: str, target: str, day: str, reason: str, clerks: Mapping[str, str]
) -> list[NewOp]:
    values: dict[str, Json] = {"station": target, "moved_from": own, "moved_on": day}
    op = change(state.subject, state.root, values, kind=Kind.TRANSFERRED, reason=reason or None, force=True)
    if op is None:
        return []
    return [replace(op, payload={**op.payload, moved.CLERKS: dict(clerks)}) if clerks else op]


def _merged(con: Connection, state: SubjectState, into: str, reason: str) -> list[NewOp]:
    if reads.aliases_of(con, state.subject.id):
        raise Refused("merge_has_aliases", case=state.subject.id)
    op = change(state.subject, state.root, {"merged_into": into}, kind=Kind.MERGED, reason=reason or None)
    return [op] if op else []


def _handed(state: SubjectState, staff: dict[str, str]) -> list[NewOp]:
    """Who owes what: ids of our staff mean nothing there, the names stay readable."""
    if state.subject.kind != "case":
        return []
    ops = [change(state.subject, state.root, {"owner": None})]
    for measure in state.of("measure"):
        owner = measure.text("owner")
        if owner and measure.text("state") in ("", *OPEN_STATES):
            who = staff.get(owner) or measure.get("owner_text")
            ops.append(change(state.subject, measure, {"owner": None, "owner_text": who}))
    for plan in state.of("plan"):
        if plan.text("promise_owner") and not plan.text("promise_done_on"):
            ops.append(change(state.subject, plan, {"promise_owner": None}))
    return [op for op in ops if op is not None]


def _out_of_households(con: Connection, state: SubjectState, along: set[str], day: str) -> list[NewOp]:
    """The end of every membership in a household that stays."""
    ops: list[NewOp] = []
    if state.subject.kind != "case":
        return ops
    for household_id in reads.households_with(con, state.subject.id):
        if household_id in along or sync_scope.is_away(con, household_id) is not None:
            continue
        household = reads.subject_state(con, Subject("household", household_id))
        for member in household.of("member"):
            if member.text("case") == state.subject.id and not member.text("until"):
                op = change(household.subject, member, _ended(member, state.root, day))
                ops += [op] if op else []
    return ops


def _ended(member: RecordState, root: RecordState, day: str) -> dict[str, Json]:
    name = member.text("name") or mask_name(root.text("name"))
    return {"until": max(day, member.text("since")[:10]), "name": name or None}


def household_of(con: Connection, case_id: str) -> list[str]:
    """Households here in which this person is a member today."""
    found: list[str] = []
    for household_id in reads.households_with(con, case_id):
        state = reads.subject_state(con, Subject("household", household_id))
        ours = [m for m in state.of("member") if m.text("case") == case_id and not m.text("until")]
        if ours and state.exists and sync_scope.is_away(con, household_id) is None:
            found.append(household_id)
    return found


def whole_household(con: Connection, household_id: str) -> list[str]:
    """A household and every member of today who has a file here."""
    state = reads.subject_state(con, Subject("household", household_id))
    cases = [m.text("case") for m in state.of("member") if m.text("case") and not m.text("until")]
    here = [
        c for c in dict.fromkeys(cases)
        if reads.case_state(con, c).exists and sync_scope.is_away(con, c) is None
    ]  # fmt: skip
    return [household_id, *here]
