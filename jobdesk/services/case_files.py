"""All that the file of one person shows, in one go: the person, what was merged in, what is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from jobdesk.cases.basis import Basis
from jobdesk.cases.clock import Stamp
from jobdesk.cases.completeness import Completeness, completeness
from jobdesk.cases.contacts import Contacts, contacts_of
from jobdesk.cases.due import Agenda, DueLine, order
from jobdesk.cases.due_lines import due_lines
from jobdesk.cases.facts import CaseFacts, facts_of
from jobdesk.cases.figures import Figures
from jobdesk.cases.history import Entry, history
from jobdesk.cases.next_contact import NextContact, next_contact
from jobdesk.cases.progress import Progress, progress
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.cases.summary import CaseSummary, summary_of
from jobdesk.cases.tiers import Tier, tier, tier_basis
from jobdesk.host import template_files
from jobdesk.host.restricted import restricting
from jobdesk.services.desk import Desk
from jobdesk.services.households import HouseholdView, households_of
from jobdesk.services.moves_told import MoveTold, moves_told, names_of
from jobdesk.services.moving.reading import Away, OpenMove, away, came_from, open_move
from jobdesk.services.service_forms import DRAFT as SERVICE_DRAFT
from jobdesk.services.settings import FORBID_UNMASKED, station_settings
from jobdesk.services.staffing import StaffMember, clerks_elsewhere, staff_of
from jobdesk.services.today import agenda_of
from jobdesk.services.vacancies import vacancies
from jobdesk.store import local, log, reads, sync_moves, withheld
from jobdesk.store.local import Draft
from jobdesk.store.log import Connection

_NEVER = Stamp(0, 0, "")
DRAFT = "casefile/"
"""Prefix of the drafts of this file's forms: ``casefile/<case>/<form>``."""


@dataclass(frozen=True, slots=True)
class Held:
    """A record and the file that holds it, which is another one where two files were merged."""

    record: RecordState
    case_id: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One person's file as it stands.

    Attributes:
        aliases: files merged into this one; their records are shown with where they come from.
        facts: of this file with the records of its aliases; progress and contacts are computed from it.
        kept_name: name on the file this one was merged into, empty when it was not.
        posts: vacancy id → 单位 岗位.
        drafts: what was being typed, by form.
        station: fields of the station record.
        forbids_unmasked: a setting says that nothing leaves the program unmasked.
        agenda: what rules are judged with: the day, the packs in force, the households around.
        withheld: restricted operations that its station alone has (a desk above sees their number only).
        clerks: names by id of those who are named in the file and work at other stations.
        stations: names of stations by stream; moves: by action, the moves that its lines tell of.
        people: names by file of everybody in its households; masked for whoever is at another station.
        away: where the file is when it left this station; came_from: name of the station it came from;
            move: the request that is open to move it away.
    """

    state: SubjectState
    aliases: tuple[SubjectState, ...]
    facts: CaseFacts
    summary: CaseSummary
    completeness: Completeness
    contacts: Contacts
    progress: Progress
    due: tuple[DueLine, ...]
    staff: tuple[StaffMember, ...]
    households: tuple[HouseholdView, ...]
    posts: Mapping[str, str]
    drafts: Mapping[str, Draft] = field(default_factory=dict[str, Draft])
    station: Mapping[str, object] = field(default_factory=dict[str, object])
    service_draft: Draft | None = None
    figures: Figures = field(default_factory=template_files.figures)
    kept_name: str = ""
    forbids_unmasked: bool = False
    agenda: Agenda | None = None
    away: Away | None = None
    came_from: str = ""
    move: OpenMove | None = None
    withheld: int = 0
    clerks: Mapping[str, str] = field(default_factory=dict[str, str])
    stations: Mapping[str, str] = field(default_factory=dict[str, str])
    moves: Mapping[str, MoveTold] = field(default_factory=dict[str, MoveTold])
    people: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def following(self) -> NextContact | None:
        """The one computed date of the next contact, however far ahead."""
        return next_contact(self.facts, self.agenda, self.contacts) if self.agenda is not None else None

    @property
    def tier(self) -> tuple[Tier, Basis] | None:
        """服务等级 in force, and why."""
        if self.agenda is None:
            return None
        at = self.agenda.situation(self.facts)
        return tier(self.facts, at), tier_basis(self.facts, at)

    @property
    def case_id(self) -> str:
        return self.state.subject.id

    def held(self, kind: str) -> list[Held]:
        """Records of a kind, those of merged files among them, by the order in which they were opened."""
        found = [Held(r, s.subject.id) for s in (self.state, *self.aliases) for r in s.of(kind)]
        return sorted(found, key=lambda h: (h.record.opened[0] if h.record.opened else _NEVER, h.record.id))

    def find(self, kind: str, record_id: str) -> Held | None:
        """A record by its id, in this file or in one merged into it."""
        return next((h for h in self.held(kind) if h.record.id == record_id), None)

    def subject_state(self, case_id: str) -> SubjectState:
        """The state of this file or of one merged into it."""
        return next((s for s in self.aliases if s.subject.id == case_id), self.state)


def load_case_file(desk: Desk, case_id: str) -> Future[CaseFile]:
    """Read a file; a case that does not stand gives one whose ``state.exists`` is False."""
    return desk.read(lambda con: case_file(con, desk, case_id))


def case_file(con: Connection, desk: Desk, case_id: str) -> CaseFile:
    """The same on a reader's connection."""
    state = reads.case_state(con, case_id)
    aliases = tuple(reads.case_state(con, a) for a in reads.aliases_of(con, case_id))
    facts = _merged(state, aliases)
    agenda = agenda_of(con, desk, case_ids=(case_id,))
    rules = template_files.summary_rules()
    template = agenda.template or template_files.template()
    kept = state.root.text("merged_into")
    prefix = f"{DRAFT}{case_id}/"
    households = households_of(con, case_id)
    whole = [case_id, *(a.subject.id for a in aliases), *(h.state.subject.id for h in households)]
    moves = moves_told(con, whole)
    return CaseFile(
        state=state,
        aliases=aliases,
        facts=facts,
        summary=summary_of(facts, rules),
        completeness=completeness(facts, rules.items),
        contacts=contacts_of(facts, agenda.rules),
        progress=progress(facts, template, agenda.rules, agenda.today),
        due=tuple(sorted(due_lines(facts, agenda), key=order)),
        staff=tuple(staff_of(con, desk)),
        households=tuple(households),
        posts={v.id: f"{v.unit} {v.post}".strip() for v in vacancies(con, desk)},
        drafts={d.key.removeprefix(prefix): d for d in local.drafts(con, prefix)},
        service_draft=next(iter(local.drafts(con, SERVICE_DRAFT + case_id)), None),
        station=reads.subject_state(con, desk.station).root.values(),
        figures=agenda.figures,
        kept_name=reads.case_state(con, kept).root.text("name") if kept else "",
        forbids_unmasked=station_settings(con, desk).get(FORBID_UNMASKED) is True,
        agenda=agenda,
        away=away(con, case_id),
        came_from=came_from(con, state),
        move=open_move(con, case_id),
        withheld=sum(withheld.count(con, s.subject.id) for s in (state, *aliases)),
        clerks=clerks_elsewhere(con, desk, whole),
        stations=_stations(con, moves, (state, *aliases)),
        moves=moves,
        people=names_of(con, {m.text("case") for h in households for m in h.state.of("member")} - {""}),
    )


def _stations(
    con: Connection, moves: Mapping[str, MoveTold], states: Sequence[SubjectState]
) -> dict[str, str]:
    streams = {s for m in moves.values() for s in m.streams}
    streams |= {s.root.text(n) for s in states for n in ("station", "moved_from")}
    return sync_moves.station_names(con, streams - {""})


def merged_facts(con: Connection, case_id: str) -> CaseFacts:
    """The facts of a file with the records of those merged into it: what its page, counts and papers read."""
    aliases = tuple(reads.case_state(con, a) for a in reads.aliases_of(con, case_id))
    return _merged(reads.case_state(con, case_id), aliases)


def _merged(state: SubjectState, aliases: tuple[SubjectState, ...]) -> CaseFacts:
    own = facts_of(state)
    for alias in aliases:
        own = own.joined(facts_of(alias))
    return own


def load_history(desk: Desk, case_ids: list[str]) -> Future[list[tuple[str, Entry]]]:
    """变更记录 of a file, those merged into it and its households, newest first, each with its subject."""

    def job(con: Connection) -> list[tuple[str, Entry]]:
        if len(case_ids) == 1:
            return [(case_ids[0], e) for e in history(log.ops_of_subject(con, case_ids[0]), restricting())]
        told = [(i, e) for i in case_ids for e in history(log.ops_of_subject(con, i), restricting())]
        return sorted(told, key=lambda pair: pair[1].at, reverse=True)

    return desk.read(job)
