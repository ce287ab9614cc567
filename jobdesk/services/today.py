"""今日待办: the due lines of every open file, of held import rows and of posts; put off with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.due import Agenda, DueKind, DueLine, order
from jobdesk.cases.due_lines import due_lines, held_rows_line, vacancy_line
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.ops import Json
from jobdesk.host.template_files import service_rules
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import add_record
from jobdesk.services.household_facts import around
from jobdesk.services.policies import packs_of
from jobdesk.services.station_rules import station_rules
from jobdesk.store import ledger, reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes


@dataclass(slots=True)
class Board:
    """All lines of a day, and what they were made of.

    Attributes:
        lines: by subject; ``ordered`` gives them as the screen shows them.
        names: case id → name, sex code and birth of those with a line.
    """

    today: date
    agenda: Agenda
    lines: dict[str, list[DueLine]] = field(default_factory=dict[str, list[DueLine]])
    items: dict[str, ledger.CaseItem] = field(default_factory=dict[str, ledger.CaseItem])
    _ordered: list[DueLine] | None = None

    def ordered(self) -> list[DueLine]:
        """Every line in the order that can be explained (see ``cases.due.order``). Sorted once, by the
        job that filled the board: ten thousand lines take too long on the window's thread.
        """
        if self._ordered is None:
            self._ordered = sorted((line for lines in self.lines.values() for line in lines), key=order)
        return self._ordered


def agenda_of(
    con: Connection, desk: Desk, day: date | None = None, case_ids: Collection[str] | None = None
) -> Agenda:
    """The rules and figures of a day, with what the station set for itself.

    Args:
        case_ids: whose households are wanted; all of the station by default.
    """
    ours = station_rules(con, desk)
    near = around(con, case_ids)
    return Agenda(
        day or desk.today, desk.working_days, ours.figures, service_rules(), ours.template,
        packs_of(con, desk), near.households, near.people,
    )  # fmt: skip


def load_board(desk: Desk, day: date | None = None) -> Future[Board]:
    """All lines of a day, today by default."""
    return desk.read(lambda con: board(con, desk, day))


def board(con: Connection, desk: Desk, day: date | None = None) -> Board:
    """All lines, on a reader's connection."""
    agenda = agenda_of(con, desk, day)
    made = Board(agenda.today, agenda)
    for facts in open_facts(con):
        if lines := due_lines(facts, agenda):
            made.lines[facts.case_id] = lines
    _other_lines(con, made)
    made.items = {i.case_id: i for i in ledger.items(con, list(made.lines))}
    made.ordered()
    return made


def refresh_board(desk: Desk, old: Board, subjects: Collection[str]) -> Future[Board]:
    """The same board after these subjects changed; only they are computed again."""

    def job(con: Connection) -> Board:
        made = Board(old.today, old.agenda, dict(old.lines), dict(old.items))
        for subject in subjects:
            made.lines.pop(subject, None)
            made.items.pop(subject, None)
        for facts in open_facts(con, subjects):
            if lines := due_lines(facts, made.agenda):
                made.lines[facts.case_id] = lines
        _other_lines(con, made)
        fresh = [s for s in subjects if s in made.lines]
        made.items.update({i.case_id: i for i in ledger.items(con, fresh)})
        made.ordered()
        return made

    return desk.read(job)


def open_facts(con: Connection, case_ids: Iterable[str] | None = None) -> Iterator[CaseFacts]:
    """Facts of open files that were not merged into another, one by one."""
    for case_id, root, rows in reads.open_case_rows(con, case_ids):
        records: dict[str, list[Rec]] = {}
        for kind, record_id, values in rows:
            records.setdefault(kind, []).append(Rec(kind, record_id, values))
        yield CaseFacts(case_id, root, {k: tuple(v) for k, v in records.items()})


def _other_lines(con: Connection, made: Board) -> None:
    for key in [k for k, v in made.lines.items() if v and v[0].kind.value in ("held_rows", "vacancy")]:
        del made.lines[key]
    for import_id, values, waiting in reads.held_imports(con):
        line = held_rows_line(import_id, values, waiting, made.agenda)
        if line is not None:
            made.lines[import_id] = [line]
    for record in reads.records(con, "vacancy"):
        line = vacancy_line(record.id, record.values, made.agenda)
        if line is not None:
            made.lines[record.id] = [line]


OF_NO_PERSON = frozenset({DueKind.HELD_ROWS, DueKind.VACANCY})
"""Lines about an import or a post: a postponement stands in a person's file, so these have none."""


def put_off(desk: Desk, line: DueLine, until: date, reason: str) -> Future[Changes]:
    """延期: the line comes back on that day, the first date stays in sight.

    Raises:
        Refused: without a reason, or to a day that has passed.
    """
    if line.kind in OF_NO_PERSON:
        raise Refused("put_off_only_people")
    if not reason.strip():
        raise Refused("put_off_needs_reason")
    if until <= desk.today:
        raise Refused("put_off_needs_later_day")
    values: Mapping[str, Json] = {"line": line.key, "until": until.isoformat(), "reason": reason.strip()}
    return add_record(desk, case_subject(line.subject), "postponement", values)
