"""一人一策: agreeing a plan, its measures, moving a date with its reason, reviewing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from jobdesk.cases.ops import Json, Kind, NewOp
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change, opening
from jobdesk.store.station_file import Changes

OPEN_STATES = ("planned", "running", "offered")
"""States of a measure that still owe something."""


def current_plan(state: SubjectState) -> RecordState | None:
    """The plan in force: the highest version, the later opening where two say the same; None without one."""
    plans = state.of("plan")
    return max(plans, key=lambda p: (_version(p), p.opened or ()), default=None)


def _version(plan: RecordState) -> int:
    value = plan.get("version")
    return value if isinstance(value, int) else 0


def measures_of(state: SubjectState, plan_id: str) -> list[RecordState]:
    """The measures of a plan in the order they were written down."""
    return [m for m in state.of("measure") if m.get("plan") == plan_id]


def agree_plan(
    desk: Desk,
    loaded: SubjectState,
    values: Mapping[str, Json],
    measures: Sequence[Mapping[str, Json]] = (),
    carry_open: bool = True,
) -> Future[Changes]:
    """A new agreement: a new version beside the old ones, with its measures.

    Args:
        carry_open: measures of the version before that still owe something come along, naming what
            they replace; the old ones keep their dates.
    """
    subject = loaded.subject
    before = current_plan(loaded)
    plan_id = desk.new_id()
    body: dict[str, Json] = {
        "agreed_on": desk.today.isoformat(), "agreed_by": desk.actor, **values,
        "version": (_version(before) if before else 0) + 1,
    }  # fmt: skip
    ops = [opening(subject, "plan", plan_id, body, kind=Kind.PLAN_AGREED)]
    if before and carry_open:
        for old in measures_of(loaded, before.id):
            if old.text("state") in ("", *OPEN_STATES):
                kept: dict[str, Json] = {**old.values(), "plan": plan_id, "replaces": old.id}
                ops.append(opening(subject, "measure", desk.new_id(), kept))
    ops += [
        opening(subject, "measure", desk.new_id(), {"state": "planned", **m, "plan": plan_id})
        for m in measures
    ]
    return desk.act(ops)


def add_measure(desk: Desk, case_id: str, plan_id: str, values: Mapping[str, Json]) -> Future[Changes]:
    """One more measure of a plan."""
    body: dict[str, Json] = {"state": "planned", **values, "plan": plan_id}
    return desk.act([opening(case_subject(case_id), "measure", desk.new_id(), body)])


def move_measure(desk: Desk, case_id: str, loaded: RecordState, new_due: str, reason: str) -> Future[Changes]:
    """A missed date stays: the measure is closed as postponed and a new one agreed with its reason."""
    subject = case_subject(case_id)
    closed = change(subject, loaded, {"state": "postponed", "reason": reason})
    kept = {k: v for k, v in loaded.values().items() if k not in ("state", "done_on", "result", "reason")}
    fresh: dict[str, Json] = {
        **kept,
        "due": new_due,
        "state": "planned",
        "replaces": loaded.id,
        "reason": reason,
    }
    ops: list[NewOp] = [*([closed] if closed else []), opening(subject, "measure", desk.new_id(), fresh)]
    return desk.act(ops)


def finish_measure(
    desk: Desk, case_id: str, loaded: RecordState, done_on: str, result: str, state: str = "done"
) -> Future[Changes]:
    """A measure was carried out, or will not be (``state="dropped"``, with why as its result)."""
    op = change(case_subject(case_id), loaded, {"state": state, "done_on": done_on, "result": result})
    return desk.act([op] if op else [])


def review_plan(desk: Desk, case_id: str, plan: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """阶段评估: what was reached, and when it is looked at again."""
    subject = case_subject(case_id)
    body: dict[str, Json] = {
        "reviewed_on": desk.today.isoformat(), "staff": desk.actor, **values, "plan": plan.id
    }  # fmt: skip
    ops = [opening(subject, "review", desk.new_id(), body)]
    moved = change(subject, plan, {"review_on": values.get("next_on")})
    return desk.act([*ops, *([moved] if moved else [])])
