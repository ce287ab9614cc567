"""Honest desks for tests: each knows some operations, believes its own clock, and acts on what it sees.

Honest means: a desk builds only on what it has, and hands on what it has in an order in which bases
come first. Clocks may be years wrong; exchanges may be partial; forms may have been loaded long ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jobdesk.cases import settling, undoing
from jobdesk.cases.clock import FixedClock, HybridClock
from jobdesk.cases.codec import GENESIS, op_hash, payload_hash
from jobdesk.cases.errors import Refused
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import SCHEMA, Json, Kind, NewOp, Op, Subject, fields_set, opened
from jobdesk.cases.state import RecordKey, SubjectState

CASE = Subject("case", "c1")
ROOT: RecordKey = ("case", "c1")
YEAR_MS = 365 * 86_400_000
T0 = 1_780_000_000_000

PLAIN, CRITICAL, STATUS, SET = ("phone", "address"), ("name", "birth"), "help_state", "lists"


class Desk:
    """One replica with its own log, clock and open forms."""

    def __init__(self, name: str, skew_ms: int = 0) -> None:
        self.name = name
        self.wall = FixedClock(T0 + skew_ms)
        self.clock = HybridClock(self.wall, name)
        self.log: dict[str, Op] = {}
        self.actions: list[list[Op]] = []
        self.form: SubjectState | None = None
        self._seq = 0
        self._prev = GENESIS

    def state(self) -> SubjectState:
        return fold((op for op in self.log.values() if op.subject == CASE), CASE)

    def commit(self, new: Sequence[NewOp], actor: str | None = None) -> list[Op]:
        """One action; nothing when there is nothing to write."""
        self.wall.tick(60_000)
        done: list[Op] = []
        for item in new:
            self._seq += 1
            salt = f"{self.name}{self._seq:015d}".encode()[:16]
            op = Op(
                f"{self.name}-{self._seq:04d}", self.name, self._seq, self.clock.next(),
                actor or f"staff-{self.name}", f"{self.name}-a{len(self.actions)}", SCHEMA, item.kind,
                item.subject, item.payload, salt, self._prev, payload_hash(salt, item.payload),
            )  # fmt: skip
            self._prev = op_hash(op)
            self.log[op.op_id] = op
            done.append(op)
        if done:
            self.actions.append(done)
        return done

    def open_case(self, **values: Json) -> list[Op]:
        return self.commit([opened(CASE, "case", "c1", values)])

    def edit(
        self,
        record: RecordKey = ROOT,
        /,
        values: Mapping[str, Json] | None = None,
        form: SubjectState | None = None,
        **more: Json,
    ) -> list[Op]:
        values = {**(values or {}), **more}
        known = (form or self.state()).record(*record).bases(*values)
        return self.commit([fields_set(CASE, *record, values, known)])

    def tag(self, value: str, *, drop: bool = False, record: RecordKey = ROOT, name: str = SET) -> list[Op]:
        held = self.state().record(*record)
        if drop:
            pairs = held.drops(name, [value])
            return self.commit([fields_set(CASE, *record, {}, {}, drop={name: pairs})] if pairs else [])
        return self.commit([fields_set(CASE, *record, {}, {}, add={name: [value]})])

    def serve(self, content: str) -> list[Op]:
        record_id = f"s-{self.name}-{self._seq}"
        return self.commit(
            [opened(CASE, "service", record_id, {"content": content}, kind=Kind.SERVICE_RECORDED)]
        )

    def plan_undo(self, action: Sequence[Op]) -> undoing.UndoPlan:
        return undoing.undo(action, {CASE: self.state()}, self.log.values())

    def undo(self, action: Sequence[Op]) -> list[Op]:
        return self.commit(self.plan_undo(action).ops)

    def pull(self, other: Desk, limit: int | None = None) -> None:
        """Take over what the other has, in its order of arrival; at most ``limit`` new operations."""
        fresh = [op for op in other.log.values() if op.op_id not in self.log]
        for op in fresh[:limit]:
            self.log[op.op_id] = op


def meet(desks: Iterable[Desk]) -> None:
    """Everybody learns everything."""
    listed = list(desks)
    for _ in range(2):
        for one in listed:
            for other in listed:
                one.pull(other)


Act = tuple[str, int, int, str]
"""(what, which desk, a choice, a value)"""


def run(script: Sequence[Act], skews: Sequence[int]) -> list[Desk]:
    """Desks after a script. Steps that make no sense where they come are skipped."""
    desks = [Desk(name, skew) for name, skew in zip("xyz", skews, strict=True)]
    desks[0].open_case(name="王某", phone="1", help_state="open")
    for desk in desks[1:]:
        desk.pull(desks[0])
    for act in script:
        step(desks, act)
    return desks


def step(desks: Sequence[Desk], act: Act) -> list[Op]:
    """One step; returns what it wrote."""
    what, who, pick, value = act
    desk = desks[who]
    state = desk.state()
    records = sorted((r.kind, r.id) for r in state)
    if what == "sync":
        desk.pull(desks[(who + 1 + pick % 2) % len(desks)], limit=None if pick > 4 else pick)
    elif what == "load":
        desk.form = state
    elif what == "draft" and desk.form is not None:
        return desk.edit(ROOT, {(*PLAIN, *CRITICAL)[pick % 4]: value}, desk.form)
    elif what == "edit":
        return desk.edit(ROOT, {(*PLAIN, *CRITICAL)[pick % 4]: value})
    elif what == "two":
        return desk.edit(phone=value, name=value)
    elif what == "status":
        return desk.edit(help_state=("open", "ended", "paused")[pick % 3])
    elif what == "tag":
        return desk.tag(value)
    elif what == "untag":
        return desk.tag(value, drop=True)
    elif what == "serve":
        return desk.serve(value)
    elif what == "correct" and records:
        services = [r for r in records if r[0] == "service"]
        return desk.edit(services[pick % len(services)], content=value) if services else []
    elif what == "undo" and desk.log:
        actions: dict[str, list[Op]] = {}
        for op in desk.log.values():
            actions.setdefault(op.action_id, []).append(op)
        return desk.undo(list(actions.values())[-1 - pick % len(actions)])
    elif what == "withdraw" and records:
        plan = undoing.withdraw_records(
            [records[pick % len(records)]], state, desk.log.values(), f"staff-{desk.name}",
            reason="误录", work_of_others=pick > 3,
        )  # fmt: skip
        return desk.commit(plan.ops)
    elif what == "void" and state.exists and pick > 4:
        plan = undoing.withdraw_subject(
            state, desk.log.values(), f"staff-{desk.name}", reason="误录", work_of_others=True
        )
        return desk.commit(plan.ops)
    elif what == "settle":
        for record in state:
            for name in record.conflicts:
                held = record.fields[name]
                try:
                    chosen = settling.versions(held)[pick % 2 - 1]
                    return desk.commit(settling.take(state, (record.kind, record.id), name, chosen.op_id))
                except Refused:
                    return desk.commit(settling.keep_shown(state, (record.kind, record.id), name))
    return []
