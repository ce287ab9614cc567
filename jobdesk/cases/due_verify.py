"""核对毕业日期: a graduate's clocks would run, but nobody has confirmed when school was left.

Asked for at the next contact while a support window is open, before the months are full, and on the morning
on which 可申请认定 would stand there if the date holds. The age of retirement asks in ``due_retirement``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from jobdesk.cases.basis import Basis
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.due_ends import served_since
from jobdesk.cases.due_graduates import WAITING, clock_basis, full_day, left_is_confirmed, left_on
from jobdesk.cases.due_may_apply import met_on, told_by, was_answered
from jobdesk.cases.due_subsidies import told_slot
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.hardship import PREFIX, open_categories
from jobdesk.cases.recognition_states import RUNNING, VALID
from jobdesk.cases.registration_spells import running_spell
from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import judge, outcome

FIELD = "graduated_on"
LACKS = f"proof:{FIELD}"
"""What the trace lacks; the way to it is 核对."""


def verify_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """One line a person at most. Ends with a proof of the date, or with another date that is proven."""
    if facts.text("graduate_kind") in ("", "none") or not facts.text(FIELD):
        return
    left = left_on(facts, agenda)
    if left is None or left.first > agenda.today or left_is_confirmed(facts, agenda):
        return
    full = full_day(left, agenda.packs, agenda.today)
    if full is None:
        return
    end, figure = full
    due = _before(facts, agenda, end) if end > agenda.today else _after(facts, agenda)
    if due is None:
        return
    line = place(
        agenda, facts.case_id, DueKind.VERIFY, "", due, _basis(facts, agenda, end, figure), part=FIELD,
        postponed=postponed,
        params=(("part", FIELD), ("left", facts.text(FIELD)), ("on", end.isoformat()),
                ("months", figure.value or 0), ("days", (end - agenda.today).days)),
    )  # fmt: skip
    if line is not None:
        yield line


def _before(facts: CaseFacts, agenda: Agenda, end: date) -> date | None:
    """The next contact of this week while windows are open; the look ahead of their end if it is earlier."""
    packs, today = agenda.packs, agenda.today
    typed = day_of(facts.text("next_contact"))
    contact = typed if typed is not None and typed >= today else told_slot(facts.case_id, today)
    ahead = max(packs.number(f"graduates.{n}", today) for n in ("prepare_days", "window_warning"))
    opened = day_of(facts.text("opened_on")) or date.min
    look = max(end - timedelta(days=ahead), min(opened, end))
    if look > agenda.horizon and contact > agenda.week_end:
        return None
    if outcome(WAITING, agenda.situation(facts)) is Outcome.NOT_MET:
        return None
    if look <= today and served_since(facts, agenda, look.isoformat()):
        return min(contact, end)
    return min(look, contact)


def _after(facts: CaseFacts, agenda: Agenda) -> date | None:
    """The morning of 可申请认定, if it would stand there once the date is confirmed."""
    asked = facts.of("recognition")
    if any(r.text("state") in RUNNING | VALID for r in asked) or was_answered(asked, "JL7"):
        return None
    spell = running_spell(facts, agenda.iso)
    if spell is None or not open_categories(agenda.situation(facts).supposing(FIELD), ("JL7",)):
        return None
    return told_by(facts, agenda, met_on("JL7", facts, agenda, spell))[0]


def _basis(facts: CaseFacts, agenda: Agenda, end: date, figure: Entry) -> Callable[[], Basis]:
    def made() -> Basis:
        clock = clock_basis(facts, agenda, end, (figure,))
        if end > agenda.today:
            return replace(clock, outcome="unknown", missing=(LACKS, *clock.missing))
        trace = judge(PREFIX + "JL7", agenda.situation(facts)).basis()
        return replace(trace, dates=(*clock.dates, *trace.dates), notes=clock.notes)

    return made
