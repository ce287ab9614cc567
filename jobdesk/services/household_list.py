"""The place 家庭: every household as it stands today, and one of them whole."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from jobdesk.cases.claim import ClaimView
from jobdesk.cases.due import Agenda, DueLine, order
from jobdesk.cases.due_lines import household_lines
from jobdesk.cases.facts import MOVED_TO, CaseFacts
from jobdesk.cases.household_clock import HouseholdClock, clock_of
from jobdesk.cases.household_rates import HouseholdRate, household_rates
from jobdesk.cases.households import HouseholdStanding, Sheets, standing
from jobdesk.cases.ops import Subject
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.state import SubjectState
from jobdesk.host.template_files import service_rules
from jobdesk.services.desk import Desk
from jobdesk.services.household.claiming import claim_view
from jobdesk.services.household_facts import every_household, one_household, sheets_of
from jobdesk.services.moving.reading import Away, OpenMove, away, open_move, open_moves
from jobdesk.services.policies import packs_of
from jobdesk.services.staffing import StaffMember, clerks_elsewhere, staff_of
from jobdesk.services.station_rules import station_rules
from jobdesk.store import local, reads, sync_moves, sync_scope, withheld
from jobdesk.store.local import Draft
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One household of the list.

    Attributes:
        people: files of its members by case id. due: its lines, the most urgent first.
        going: requests to move a member away, by case id; stations: names by stream of where members went.
            Both of one household whole.
    """

    standing: HouseholdStanding
    clock: HouseholdClock
    claim: ClaimView
    people: Mapping[str, CaseFacts]
    due: tuple[DueLine, ...] = ()
    going: Mapping[str, OpenMove] = field(default_factory=dict[str, OpenMove])
    stations: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def id(self) -> str:
        return self.standing.household.case_id

    @property
    def facts(self) -> CaseFacts:
        return self.standing.household

    def name(self, member_id: str) -> str:
        """A member's name, from the file where there is one."""
        lines = ((m, (m.record, *m.also)) for m in self.standing.members)
        found = next((m for m, records in lines if any(r.id == member_id for r in records)), None)
        if found is None:
            return ""
        file = self.people.get(found.case_id)
        return (file.text("name") if file is not None else "") or found.record.text("name")


@dataclass(frozen=True, slots=True)
class Households:
    """All of them, by the most urgent line, then by name of the head."""

    rows: tuple[HouseholdRow, ...]
    rates: tuple[HouseholdRate, HouseholdRate]
    packs: PackSet


@dataclass(frozen=True, slots=True)
class HouseholdWhole:
    """One household with its records, for the detail.

    Attributes:
        withheld: restricted operations that its station alone has (a desk above sees their number only).
        clerks: names by id of those who are named in it and work at other stations.
        move: the request to move it away that waits for an answer.
    """

    row: HouseholdRow
    state: SubjectState
    packs: PackSet
    staff: tuple[StaffMember, ...]
    withheld: int = 0
    clerks: Mapping[str, str] = field(default_factory=dict[str, str])
    move: OpenMove | None = None


def load_households(desk: Desk) -> Future[Households]:
    """Every household of the station today."""
    return desk.read(lambda con: households(con, desk))


def households(con: Connection, desk: Desk) -> Households:
    """The same on a reader's connection."""
    homes, people = every_household(con)
    agenda = _agenda(con, desk, people)
    rows = [_row(h, people, agenda, desk) for h in homes.values()]
    rows.sort(key=_place)
    return Households(tuple(rows), household_rates((r.standing, r.clock) for r in rows), agenda.packs)


def _place(row: HouseholdRow) -> tuple[int, str, str, str]:
    first = row.due[0] if row.due else None
    bucket, day = (int(first.bucket), first.due.isoformat()) if first is not None else (9, "")
    return bucket, day, row.facts.text("head_name"), row.id


def load_household(desk: Desk, household_id: str) -> Future[HouseholdWhole | None]:
    """One household; None where it does not stand (any more), or moved away (``load_gone``)."""
    return desk.read(lambda con: household_whole(con, desk, household_id))


def household_whole(con: Connection, desk: Desk, household_id: str) -> HouseholdWhole | None:
    """The same on a reader's connection."""
    home, people = one_household(con, household_id)
    if home is None or sync_scope.is_away(con, household_id) is not None:
        return None
    agenda = _agenda(con, desk, people)
    state = reads.subject_state(con, Subject("household", household_id))
    row = _with_moves(con, _row(home, people, agenda, desk, sheets_of(con, people)))
    hidden = withheld.count(con, household_id)
    clerks = clerks_elsewhere(con, desk, (household_id,))
    return HouseholdWhole(row, state, agenda.packs, tuple(staff_of(con, desk)), hidden, clerks,
                          open_move(con, household_id))  # fmt: skip


def _with_moves(con: Connection, row: HouseholdRow) -> HouseholdRow:
    here = [m.case_id for m in row.standing.members if m.case_id]
    went = {to for m in row.facts.of("member") if (to := m.text(MOVED_TO))}
    names = sync_moves.station_names(con, went) if went else {}
    return replace(row, going=open_moves(con, here), stations={to: names.get(to, to) for to in went})


@dataclass(frozen=True, slots=True)
class HouseholdGone:
    """A household that moved to another station, with what was typed about it here and is not saved."""

    away: Away
    state: SubjectState
    drafts: tuple[Draft, ...]
    staff: tuple[StaffMember, ...]


def load_gone(desk: Desk, household_id: str) -> Future[HouseholdGone | None]:
    """None where it did not move away; behind what is being kept now."""

    def job(w: Writing) -> HouseholdGone | None:
        found = away(w.con, household_id)
        if found is None:
            return None
        state = reads.subject_state(w.con, Subject("household", household_id))
        drafts = (d for d in local.drafts(w.con) if household_id in d.key.split("/"))
        return HouseholdGone(found, state, tuple(drafts), tuple(staff_of(w.con, desk)))

    return desk.write(job)


def _agenda(con: Connection, desk: Desk, people: Mapping[str, CaseFacts]) -> Agenda:
    ours = station_rules(con, desk)
    return Agenda(
        desk.day, desk.working_days, ours.figures, service_rules(), ours.template, packs_of(con, desk),
        people=people, household_deadline=ours.household_deadline,
    )  # fmt: skip


def _row(
    home: CaseFacts, people: Mapping[str, CaseFacts], agenda: Agenda, desk: Desk, sheets: Sheets | None = None
) -> HouseholdRow:
    own = {c: people[c] for m in home.of("member") if (c := m.text("case")) in people}
    found = standing(home, agenda.today, agenda.packs, own, sheets)
    clock = clock_of(home, agenda.today, agenda.packs, own, agenda.days, agenda.household_deadline)
    due = tuple(sorted(household_lines(home, agenda), key=order))
    return HouseholdRow(found, clock, claim_view(home, desk, agenda.packs), own, due)
