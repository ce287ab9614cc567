"""Listing sound actions in the streams of their subjects: many at once, one by one where something collides.

Streams are locked first, in the order of their numbers; what is read of subjects is read behind the locks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, update

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Op
from jobdesk.protocol.codes import Reason, Verdict
from province import doubles, erasing, merging, moving, register, restricted, speaking, strays, streams
from province.actions import MERGES, Action, batches
from province.db import tables as t
from province.db.writing import among, insert_new, insert_quietly, widened
from province.judging import Judging
from province.reading import Item, digest_of, moves_to
from province.scope import Caller


class Collision(Exception):
    """An id of this batch was used by somebody else; nothing of the batch was written."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Listing(Judging):
    """The listing of one push.

    Attributes:
        gone: contents whose last operation was erased.
        erased: subjects that were, now or before.
    """

    def __init__(
        self, con: Connection, caller: Caller, now_ms: int, secret: bytes,
        *, told_where: bool = False, others: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(con, caller, now_ms, told_where=told_where, others=others)
        self._secret, self._seen = secret, frozenset(caller.nums)
        self._people: dict[str, bytes] = {}
        self.gone: set[str] = set()
        self.erased: set[str] = set()

    def take(self, actions: Sequence[Action], also: Collection[int] = ()) -> None:
        """List them in this order; each one's verdict is set. The fences of what they say are held
        (``speaking.hold``).

        Raises:
            streams.Again
        """
        if not actions:
            return
        subjects = {i.subject for a in actions for i in a.items}
        self._lock_all(subjects, also)
        self._hold_people(actions)
        for batch in batches(actions):
            wanted = [a for a in batch if self._may(a)]
            if not wanted:
                continue
            try:
                self._write(wanted)
            except Collision:
                for action in wanted:
                    self._alone(action)
        doubles.tell(self._con, self._people, self._now)

    def _hold_people(self, actions: Sequence[Action]) -> None:
        """Who erases or moves files holds whose they are before he begins (``doubles``); before that
        every stream he needs, as none is waited for later.

        Raises:
            streams.Again
        """
        far = [i.sound for a in actions if a.reaches_far for i in a.items]
        if not far:
            return
        here = self._caller.home is not None
        self._plans([op for op in far if here or self._known.home(op.subject.id) is not None])
        written = doubles.people(self._secret, (op for a in actions for op in a.ops))
        doubles.hold_of(self._con, {op.subject.id for op in far}, written.values())
        self._holds_people = True

    def tell_of_the_erased(self, subjects: Collection[str]) -> set[str]:
        """These the caller offered, whatever became of it: of who is erased his station is told (M-7.3), and
        nothing of him stays apart. Returns who is.

        Raises:
            streams.Again
        """
        gone = erasing.register(self._con, subjects) if subjects else set[str]()
        if not gone:
            return gone
        with widened(self._con):
            erasing.wipe_apart(self._con, gone, self._now)
        if self._caller.home is None:
            return gone
        self._need({self._caller.home})
        with widened(self._con):
            told = register.tell(self._con, gone, self._heads, self._now, has=[self._caller.home])
            streams.keep(self._con, self._heads.values(), told)
        return gone

    def _alone(self, action: Action) -> None:
        """After a collision: what of it is there already, and whose it is."""
        with widened(self._con):
            mine = self._listed(action)
        if mine is None:
            action.keep(Reason.FOREIGN)
        elif len(mine) == len(action.items):
            action.verdict = Verdict.ALREADY
        else:
            rest = Action(action.id, [i for i in action.items if i.op_id not in mine])
            try:
                self._again(rest)
            except Collision as again:
                rest.keep(again.reason)
            action.verdict, action.reason = rest.verdict, rest.reason

    def _again(self, action: Action) -> None:
        """Raises Collision."""
        try:
            self._write([action])
        except Collision as met:
            if met.reason is not Reason.OUT_OF_SCOPE or not self._back(action):
                raise
            self._write([action])

    def _write(self, actions: Sequence[Action]) -> None:
        """All of it or nothing.

        Raises:
            Collision, streams.Again
        """
        items = [i for a in actions for i in a.items]
        far = [i.sound for a in actions if a.reaches_far for i in a.items]
        plans = self._plans(far)
        if any(p.unknown for p in plans):
            actions[0].keep(Reason.BAD_PAYLOAD)
            return
        wide = bool(far) or any(self._home_of(i.sound) not in self._seen for i in items)
        began = {i.subject for i in items if self._known.home(i.subject) is None}
        with self._con.begin_nested():
            if wide:
                with widened(self._con):
                    self._insert(items)
                    late = self._known.erased & {op.subject.id for op in far}
                    for plan in plans:
                        self._reach(plan)
                    self._tell(late)  # in streams that list it only since
            else:
                self._insert(items)
            self._bring_merges(began | {p.op.subject.id for p in plans if p.target is not None})
        for one in items:
            self._known.homes.setdefault(one.subject, self._home_of(one.sound))

    def _plans(self, far: Sequence[Op]) -> list[moving.Plan]:
        """What they reach, read behind the locks: it may have moved before these stood.

        Raises:
            streams.Again
        """
        while True:
            plans = [self._plan(op) for op in far]
            nums = {n for p in plans for n in p.nums}
            if nums <= self._heads.keys() or any(p.unknown for p in plans):
                return plans
            self._need(nums)

    def _bring_merges(self, subjects: Collection[str]) -> None:
        """Merges into files that began or moved just now, where these are at home (M-6.5)."""
        kept = merging.kept_among(self._con, subjects) if subjects else ()
        if kept:
            homes = {s: n for s in kept if (n := self._known.homes.get(s, self._caller.home)) is not None}
            with widened(self._con):
                places = merging.bring(self._con, homes, self._heads)
                streams.keep(self._con, self._heads.values(), places)

    def _plan(self, op: Op) -> moving.Plan:
        plan = moving.plan(self._con, op, self._home_of(op), self._caller)
        if op.subject.id in self._known.owed and self._caller.home is not None:
            return replace(plan, others=plan.others - {self._caller.home})  # listed there with the rest
        return plan

    def _insert(self, items: Sequence[Item]) -> None:
        """Subjects, operations, places.

        Raises:
            Collision
        """
        con, homes = self._con, {i.op_id: self._home_of(i.sound) for i in items}
        new = {i.subject: i.sound.subject.kind for i in items if self._known.home(i.subject) is None}
        rows: list[dict[str, object]] = [
            {"id": s, "kind": new[s], "home": self._caller.home} for s in sorted(new)
        ]
        if rows and insert_new(con, t.subject, rows, t.subject.c.id) != new.keys():
            raise Collision(Reason.OUT_OF_SCOPE)
        self.came |= new.keys()
        entries = [self._row(i, homes[i.op_id]) for i in items]
        made = insert_new(con, t.op, entries, t.op.c.op_id)
        if len(made) != len(items):
            raise Collision(Reason.FOREIGN)
        restricted.put_aside(con, entries, {i.op_id: i.line for i in items})
        places: list[dict[str, object]] = []
        for num in sorted(set(homes.values())):
            ops = [(i.op_id, i.hash) for i in items if homes[i.op_id] == num]
            places += streams.list_ops(self._heads[num], ops)
        if self._known.owed and self._caller.home is not None:
            ops = [(i.op_id, i.hash) for i in items if i.subject in self._known.owed]
            places += streams.list_ops(self._heads[self._caller.home], ops)
        streams.keep(con, self._heads.values(), places)
        late = self._known.erased & {i.subject for i in items}
        if late:
            self.erased |= late
            with widened(con):
                self._tell(late)
                subject = t.subject.c
                con.execute(update(t.subject).where(among(con, subject.id, late)).values(erased=True))
        said = erasing.blank_late(con, (i.sound for i in items), speaking.Late(con, self.locked))
        for case, nums in said.items():
            self._need(nums)
            with widened(con):
                self._tell({case}, nums)
        self._contents(items, homes)
        self._people.update(doubles.people(self._secret, (i.sound for i in items)))

    def _go_on(self, known: Mapping[str, bytes]) -> None:
        """Whose number it is of whom something was settled; what this push writes itself is the later one."""
        for subject, person in known.items():
            self._people.setdefault(subject, person)

    def _row(self, one: Item, home: int) -> dict[str, object]:
        op, gone = one.sound, one.subject in self._known.erased
        line = erasing.blank_line(op) if gone else one.line
        row: dict[str, object] = {
            "op_id": one.op_id, "replica": one.replica, "replica_seq": one.seq, "home": home,
            "subject": one.subject, "action": one.action, "kind": op.kind.value, "hash": one.hash,
            "line": line, "received_ms": self._now, "restricted": False,
        }  # fmt: skip
        return row if gone else restricted.part(row, op)

    def _contents(self, items: Iterable[Item], homes: dict[str, int]) -> None:
        rows: list[dict[str, object]] = []
        for one in items:
            digest = digest_of(one.sound)
            if digest is not None and one.subject not in self._known.erased:
                rows.append({"digest": digest, "op_id": one.op_id, "home": homes[one.op_id],
                             "subject": one.subject})  # fmt: skip
        insert_quietly(self._con, t.content, rows)

    def _reach(self, plan: moving.Plan) -> None:
        """What an operation does beyond the stream it is at home in; in a wide scope."""
        places = moving.listed_too(self._con, plan, self._heads)
        streams.keep(self._con, self._heads.values(), places)
        self._go_on(moving.paired(self._con, plan, self._now))
        subject = plan.op.subject.id
        if plan.kept and subject not in self._known.erased:
            merging.note(self._con, plan.op, waits=plan.waits)
        if plan.waits:
            self.came.add(plan.kept)
        if plan.op.kind in MERGES:  # who had it too, and was no owner of it, waits no longer
            self.came.add(subject)
        if moves_to(plan.op) is not None:
            self.came.add(subject)
            if subject in self._known.owed:
                strays.paid(self._con, self._caller, subject, self._now)
                self._known.owed.discard(subject)
        if plan.target is not None:
            places, person = moving.move(self._con, plan, self._heads, self._now)
            self._go_on(person)
            streams.keep(self._con, self._heads.values(), places)
            self._known.homes[subject] = self._known.late[subject] = plan.target
        if plan.erases:
            self._known.erased.add(subject)
            self.erased.add(subject)
            self.gone |= erasing.erase(self._con, plan.op.subject, self._now, encode(plan.op))
            self._people.pop(subject, None)
