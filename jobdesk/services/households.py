"""Households as facts typed by hand: members with relation and dates, with a file or only a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.store import merged, reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household and the names of its members who have a file."""

    state: SubjectState
    case_names: Mapping[str, str]


def households_of(con: Connection, case_id: str) -> list[HouseholdView]:
    """Households this person is or was a member of, also by a file that was merged into this one."""
    own = (case_id, *merged.pairs(con, (case_id,)))
    return [household(con, h) for h in dict.fromkeys(h for i in own for h in reads.households_with(con, i))]


def household(con: Connection, household_id: str) -> HouseholdView:
    """One household."""
    state = reads.subject_state(con, Subject("household", household_id))
    ids = [str(m.get("case")) for m in state.of("member") if m.get("case")]
    names = {i: rs[0].text("name") for i, rs in reads.records_of(con, ids).items() for rs in [
        [r for r in rs if r.kind == "case"]] if rs}  # fmt: skip
    return HouseholdView(state, names)


def found_household(
    desk: Desk, values: Mapping[str, Json], members: Sequence[Mapping[str, Json]]
) -> Future[Changes]:
    """Write a household down with its members."""
    subject = Subject("household", desk.new_id())
    ops = [opening(subject, "household", subject.id, values)]
    ops += [opening(subject, "member", desk.new_id(), m) for m in members]
    return desk.act(ops)


def add_member(desk: Desk, household_id: str, values: Mapping[str, Json]) -> Future[Changes]:
    """Somebody joins a household."""
    return desk.act([opening(Subject("household", household_id), "member", desk.new_id(), values)])
