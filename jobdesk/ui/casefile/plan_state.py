"""一人一策 as it is read: what was agreed, what is missing, what each measure owes. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jobdesk.cases.state import RecordState
from jobdesk.host import code_lists
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.services.planning import OPEN_STATES, current_plan
from jobdesk.ui.case_words import Words, t

TEXTS = ("analysis", "wish", "goal", "goal_due")
_ASKED = ("analysis", "wish", "goal", "goal_due", "promise", "statement", "review_on")


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure.

    Attributes:
        late: the date has passed and nothing closed it.
        is_open: it still owes something.
        tail: result, reason of a deferral, what it replaces.
    """

    held: Held
    what: str
    owner: str
    due: str
    state: str
    late: bool
    is_open: bool
    done: bool
    tail: str


@dataclass(frozen=True, slots=True)
class PlanState:
    """One version.

    Attributes:
        agreed: 第2版 5月18日商定，于晓梅.
        missing: how many of the usual parts are blank.
        goal_late: sentence beside the goal's date when it has passed.
        promise_late: the same for the station's promise.
    """

    held: Held
    agreed: str
    is_current: bool
    missing: int
    barriers: tuple[str, ...]
    goal_late: str
    promise_late: str
    measures: tuple[MeasureLine, ...]
    reviews: tuple[Held, ...]

    @property
    def done(self) -> int:
        return sum(m.done for m in self.measures)


def versions_of(file: CaseFile) -> list[Held]:
    """All versions, the one in force first, then by version and day of agreement, newest first."""
    plans = file.held("plan")
    current = current_plan(file.state)
    plans.sort(key=lambda h: (_number(h.record), h.record.text("agreed_on"), h.record.id), reverse=True)
    if current is not None:
        plans.sort(key=lambda h: h.record.id != current.id)
    return plans


def plan_state(file: CaseFile, held: Held, words: Words, is_current: bool) -> PlanState:
    """One version with its measures and reviews."""
    plan = held.record
    measures = tuple(
        measure_line(m, words) for m in file.held("measure") if m.record.get("plan") in (plan.id, None)
    )
    owed = sum(m.is_open for m in measures)
    reviews = [r for r in file.held("review") if r.record.get("plan") in (plan.id, None)]
    reviews.sort(key=lambda h: h.record.text("reviewed_on"), reverse=True)
    reviewed = reviews[0].record.text("reviewed_on") if reviews else ""
    blanks = sum(plan.get(n) in (None, "") for n in _ASKED)
    if not plan.get("barriers") and not plan.get("barrier_text"):
        blanks += 1
    blanks += sum(not m.owner for m in measures) + sum(not m.due for m in measures)
    goal_due = plan.text("goal_due")
    goal_late = ""
    if is_current and _passed(goal_due, words.today) and reviewed < goal_due:
        goal_late = t("plan_goal_late", count=owed) if owed else t("plan_goal_late_done")
    promise_late = ""
    if is_current and _passed(plan.text("promise_due"), words.today) and not plan.get("promise_done_on"):
        promise_late = t("plan_promise_late")
    return PlanState(
        held=held,
        agreed=_agreed(plan, words),
        is_current=is_current,
        missing=blanks,
        barriers=_barriers(plan),
        goal_late=goal_late,
        promise_late=promise_late,
        measures=measures,
        reviews=tuple(reviews),
    )


def measure_line(held: Held, words: Words) -> MeasureLine:
    """One measure as the table shows it."""
    record = held.record
    state = record.text("state")
    is_open = state in ("", *OPEN_STATES) and not record.get("done_on")
    due = record.text("due")
    owner = words.value("measure", "owner", record.get("owner"))
    said = words.value("measure", "state", state) if state else ""
    if record.get("done_on"):
        said = t("measure_done", state=said, day=words.day(record.text("done_on")))
    tail = [
        t("measure_result", words=record.text("result")) if record.get("result") else "",
        t("measure_reason", words=record.text("reason")) if record.get("reason") else "",
        t("measure_replaces") if record.get("replaces") else "",
    ]
    return MeasureLine(
        held=held,
        what=record.text("what"),
        owner="、".join(p for p in (owner, record.text("owner_text")) if p),
        due=words.day(due) if due else "",
        state=said,
        late=is_open and _passed(due, words.today),
        is_open=is_open,
        done=state == "done",
        tail="　".join(p for p in tail if p),
    )


def _agreed(plan: RecordState, words: Words) -> str:
    number = _number(plan)
    day = words.day(plan.text("agreed_on")) if plan.get("agreed_on") else t("undated")
    who = words.value("plan", "agreed_by", plan.get("agreed_by"))
    key = "plan_agreed" if who else "plan_agreed_nobody"
    return t(key, number=number or "?", day=day, who=who)


def _barriers(plan: RecordState) -> tuple[str, ...]:
    codes = plan.get("barriers")
    table = code_lists.table("barriers")
    return tuple(table.name_of(str(c)) for c in codes) if isinstance(codes, list) else ()


def _number(plan: RecordState) -> int:
    value = plan.get("version")
    return value if isinstance(value, int) else 0


def _passed(iso: str, today: date) -> bool:
    return bool(iso) and iso < today.isoformat()
