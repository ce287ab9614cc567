"""Households as facts typed by hand: members with relation and dates, with a file or only a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from jobdesk.cases.facts import is_open
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.store import merged, reads, sync_moves, sync_scope
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household and the names of its members who have a file.

    Attributes:
        kept: file of a member that was merged away → the one that was kept.
        away: file of a member that is at another station → the station's name.
    """

    state: SubjectState
    case_names: Mapping[str, str]
    kept: Mapping[str, str] = field(default_factory=dict[str, str])
    away: Mapping[str, str] = field(default_factory=dict[str, str])

    def person(self, member: RecordState) -> str:
        """The file of a member as it counts; empty for one without a file."""
        case_id = member.text("case")
        return self.kept.get(case_id, case_id)

    def again(self, member: RecordState, iso: str) -> bool:
        """Whether the same person stands in another line of the household on a day."""
        own = self.person(member)
        running = [m for m in self.state.of("member") if is_open(m.values(), iso)]
        lines = [m.id for m in running if own and self.person(m) == own]
        return len(lines) > 1 and member.id in lines


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
    return HouseholdView(state, names, merged.kept_for(con, ids), _away(con, ids))


def _away(con: Connection, ids: Sequence[str]) -> dict[str, str]:
    streams = {s.id: s.stream for i in ids if (s := sync_scope.is_away(con, i)) is not None}
    names = sync_moves.station_names(con, set(streams.values())) if streams else {}
    return {i: names.get(stream, stream) for i, stream in streams.items()}


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
