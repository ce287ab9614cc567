"""What the form of a service needs to know: the file as loaded, who works here, posts, the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from jobdesk.cases.facts import CaseFacts, facts_of
from jobdesk.cases.figures import Figures
from jobdesk.cases.policy_matching import quick_matches
from jobdesk.cases.state import SubjectState
from jobdesk.cases.templates import ServiceTemplate
from jobdesk.host import template_files
from jobdesk.services.desk import Desk
from jobdesk.services.moving.reading import Away, away
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.services.today import agenda_of
from jobdesk.services.vacancies import Vacancy, vacancies
from jobdesk.store import ledger, local, reads
from jobdesk.store.local import Draft
from jobdesk.store.log import Connection

DRAFT = "service/"
"""Prefix of the drafts of this form: ``service/<case>``."""
FOUND = 8
"""Own figure: people offered while somebody is looked for."""


@dataclass(frozen=True, slots=True)
class ServiceGround:
    """What a form is loaded with.

    Attributes:
        state: the file as it stands now; its heads are the bases of what is saved.
        posts: current ones first, those last checked first.
        draft: what was being typed for this person, or None.
        drafted: files of the others named in the draft, by id.
        figures: as the station has set them.
        policies: codes of those the person should be told of and was not.
        away: where the person has moved to, or None.
    """

    state: SubjectState
    facts: CaseFacts
    staff: tuple[StaffMember, ...]
    posts: tuple[Vacancy, ...]
    template: ServiceTemplate | None = None
    draft: Draft | None = None
    drafted: Mapping[str, SubjectState] = field(default_factory=dict[str, SubjectState])
    figures: Figures = field(default_factory=template_files.figures)
    policies: tuple[str, ...] = ()
    away: Away | None = None


def load_ground(desk: Desk, case_id: str) -> Future[ServiceGround]:
    """Everything in one reading job."""

    def job(con: Connection) -> ServiceGround:
        state = reads.case_state(con, case_id)
        key = DRAFT + case_id
        draft = next((d for d in local.drafts(con, key) if d.key == key), None)
        others = draft.body.get("people") if draft else None
        drafted = {
            str(i): reads.case_state(con, str(i))
            for i in (others if isinstance(others, list) else ())
            if i != case_id
        }
        agenda = agenda_of(con, desk, case_ids=())
        facts = facts_of(state)
        found = quick_matches(agenda.situation(facts), agenda.rules) if state.exists else []
        untold = tuple(m.code for m in found if m.to_tell)
        posts = sorted(vacancies(con, desk), key=lambda v: not v.is_current)
        return ServiceGround(
            state, facts, tuple(staff_of(con, desk)), tuple(posts),
            agenda.template, draft, drafted, agenda.figures, untold,
            away(con, case_id),
        )  # fmt: skip

    return desk.read(job)


def load_states(desk: Desk, case_ids: Sequence[str]) -> Future[dict[str, SubjectState]]:
    """Files of people added to the form, as they stand when they are added."""
    return desk.read(lambda con: {i: reads.case_state(con, i) for i in case_ids})


def find_people(desk: Desk, words: str) -> Future[list[ledger.CaseItem]]:
    """A few open files by name, pinyin, ID tail, phone … for adding people to the form."""

    def job(con: Connection) -> list[ledger.CaseItem]:
        ids = ledger.find_ids(con, ledger.LedgerQuery(text=words), limit=FOUND).ids
        return ledger.items(con, list(ids))

    return desk.read(job)
