"""Plans for taking back: an action, an entry made by mistake, an import. Pure: the log writes them.

What is planned here is what is known here. Work that arrives later from another desk is protected by
the fold itself (see ``standing``): it keeps every field, record or file on which somebody built.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from jobdesk.cases.ground import Ground, Kept, References, grounds_of
from jobdesk.cases.ops import Kind, NewOp, Op, Subject, withdrawn
from jobdesk.cases.state import RecordKey, SubjectState


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What to append, and what stays and why. Nothing to append and nothing kept: nothing to undo."""

    ops: tuple[NewOp, ...] = ()
    kept: tuple[Kept, ...] = ()


def undo(
    action_ops: Sequence[Op],
    states_now: Mapping[Subject, SubjectState],
    ops: Iterable[Op],
    *,
    reason: str | None = None,
) -> UndoPlan:
    """Take an action back. Where somebody has written since, that field stays and is named.

    An undo is undone like any action: that is redo. An opening on which somebody built stays with all
    its values; when it is the opening of the subject itself, nothing of that subject is taken back.

    Args:
        action_ops: all operations of the action, of one or several subjects.
        states_now: what the screens show; looked through for references to records that would go.
        ops: all operations of these subjects, those of the action included.
    """
    return plan_undo(action_ops, grounds_of(ops), References(states_now.values()), reason=reason)


def plan_undo(
    action_ops: Sequence[Op],
    grounds: Mapping[Subject, Ground],
    references: References,
    *,
    reason: str | None = None,
) -> UndoPlan:
    """``undo`` over what was made ready once, for many plans."""
    own = {op.op_id for op in action_ops}
    new: list[NewOp] = []
    kept: list[Kept] = []
    for subject in sorted({op.subject for op in action_ops}):
        ground = grounds.get(subject)
        if ground is None or ground.erased:
            continue
        taking = _Taking(ground, own, references)
        taking.plan()
        kept += taking.kept
        if taking.whole or taking.partly:
            new.append(
                withdrawn(subject, [*taking.whole, *taking.partly], fields=taking.partly, reason=reason)
            )
    return UndoPlan(tuple(new), tuple(sorted(set(kept))))


class _Taking:
    """The plan of one subject while it grows."""

    def __init__(self, ground: Ground, own: set[str], references: References) -> None:
        self.ground = ground
        self.own = own & ground.ops.keys()
        self.references = references
        self.all_own = own
        self.whole: list[str] = []
        self.partly: dict[str, list[str]] = {}
        self.kept: list[Kept] = []

    def plan(self) -> None:
        g = self.ground
        self._redo()
        touched = sorted({g.record_of[o] for o in self.own if o in g.record_of})
        openings = {k: [o for o in g.records[k].opens if o in self.own and g.stands(o)] for k in touched}
        if openings.get(g.root):
            built = [k for o in g.standing() if o not in self.own for k in g.kept(o)]
            built += self.references.to(g.subject.id, self.all_own, g.subject)
            if built:
                self.kept += built
                return
        for key, opens in openings.items():
            if opens and key != g.root:
                built = [k for o in g.standing(key) if o not in self.own for k in g.kept(o)]
                built += self.references.to(key[1], self.all_own)
                self.kept += built
                if built:
                    continue
            self.whole += sorted(opens)
        for key in touched:
            self._edits(key)

    def _edits(self, key: RecordKey) -> None:
        g, record = self.ground, self.ground.records[key]
        mine = sorted(o for o in record.ops if o in self.own and o not in record.opens and g.stands(o))
        stays: dict[str, set[str]] = {o: set() for o in mine}
        for name in {n for o in mine for n in record.fields_of(o)} & record.writes.keys():
            writes = record.writes[name]
            standing = {o: w for o, w in writes.items() if g.stands(o) and (o, name) not in g.back.fields}
            blocked = _built_on({o for o in mine if o in standing}, {o: w.bases for o, w in standing.items()})
            for op_id, builder in blocked.items():
                stays[op_id].add(name)
                op = g.ops[builder]
                self.kept.append(Kept(g.subject, key, name, op.actor, op.stamp.ms, builder))
        for op_id in mine:
            touched = [n for n in record.fields_of(op_id) if (op_id, n) not in g.back.fields]
            free = [n for n in touched if n not in stays[op_id]]
            if len(free) == len(touched):
                self.whole.append(op_id)
            elif free:
                self.partly[op_id] = free

    def _redo(self) -> None:
        """Withdrawals of the action are taken back; a field written since on this machine stays.

        Only the order of one replica says "since" without doubt. A version from elsewhere that knew
        neither stands beside the returning one as a visible conflict; nothing is lost either way.
        """
        g = self.ground
        for undo_id in sorted(self.own & g.undos.keys()):
            if not g.in_force(undo_id):
                continue
            self.whole.append(undo_id)
            taken_at = g.ops[undo_id]
            for target in sorted(g.undos[undo_id].keys() & g.record_of.keys()):
                record = g.records[g.record_of[target]]
                if target in record.opens:
                    continue
                for name in record.fields_of(target):
                    since = [
                        o for o in record.writes.get(name, {})
                        if target in record.writes[name] and o not in self.own
                        and g.stands(o) and (o, name) not in g.back.fields
                        and g.ops[o].replica_id == taken_at.replica_id
                        and g.ops[o].replica_seq > taken_at.replica_seq
                    ]  # fmt: skip
                    if since and (target, name) in g.back.fields:
                        self.partly.setdefault(target, []).append(name)
                        op = g.ops[max(since, key=lambda o: g.ops[o].stamp)]
                        key = g.record_of[target]
                        self.kept.append(Kept(g.subject, key, name, op.actor, op.stamp.ms, op.op_id))


def _built_on(mine: set[str], bases: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Own writes that a foreign write builds on, directly or through other own writes → that write."""
    blocked: dict[str, str] = {}
    frontier = [(o, o) for o in sorted(bases) if o not in mine]
    while frontier:
        at, builder = frontier.pop()
        for base in bases[at] & mine:
            if base not in blocked:
                blocked[base] = builder
                frontier.append((base, builder))
    return blocked


def withdraw_records(
    records: Collection[RecordKey],
    state: SubjectState,
    ops: Iterable[Op],
    actor: str,
    *,
    reason: str,
    states_now: Mapping[Subject, SubjectState] | None = None,
    work_of_others: bool = False,
) -> UndoPlan:
    """Take back child records that were entered by mistake, with everything written to them.

    Refused (nothing to append, the work named) where somebody else wrote to one of them, or where a
    record outside ``records`` refers to one.

    Args:
        records: those to go together, for example a plan and its measures.
        states_now: other subjects to look through for references; ``state`` always is.
        work_of_others: the actor has seen the names and means their work as well. References still
            refuse.
    """
    ground = Ground(state.subject, ops)
    wanted = {k for k in records if k != ground.root}
    going = sorted(o for o in ground.standing() if ground.record_of[o] in wanted)
    kept: list[Kept] = []
    if not work_of_others:
        kept += [k for o in going if ground.ops[o].actor != actor for k in ground.kept(o)]
    everywhere = References([*(s for k, s in (states_now or {}).items() if k != state.subject), state])
    for _, record_id in sorted(wanted):
        kept += everywhere.to(record_id, set(going))
    return _withdrawal(ground, going, kept, reason)


def withdraw_subject(
    state: SubjectState,
    ops: Iterable[Op],
    actor: str,
    *,
    reason: str,
    states_now: Mapping[Subject, SubjectState] | None = None,
    work_of_others: bool = False,
) -> UndoPlan:
    """Take back a whole subject that was entered by mistake (a person who does not exist).

    Refused (nothing to append, the work named) where somebody else wrote to it, or where another
    subject of ``states_now`` refers to it. ``work_of_others`` as in ``withdraw_records``.
    """
    ground = Ground(state.subject, ops)
    going = sorted(ground.standing())
    kept: list[Kept] = []
    if not work_of_others:
        kept += [k for o in going if ground.ops[o].actor != actor for k in ground.kept(o)]
    kept += References((states_now or {}).values()).to(state.subject.id, set(going), state.subject)
    return _withdrawal(ground, going, kept, reason)


def _withdrawal(ground: Ground, going: list[str], kept: list[Kept], reason: str) -> UndoPlan:
    if kept or ground.erased or not going:
        return UndoPlan(kept=tuple(sorted(set(kept))))
    return UndoPlan((withdrawn(ground.subject, going, kind=Kind.WITHDRAWN, reason=reason),))


def undo_import(
    import_id: str,
    subject: Subject,
    ops: Iterable[Op],
    states_now: Mapping[Subject, SubjectState] | None = None,
    *,
    import_ops: Collection[str] = frozenset(),
    reason: str | None = None,
) -> UndoPlan:
    """Take back what one import did to one subject: all of it, or nothing where work was done since.

    Of a subject that the import opened, everything that is not of the import is work. Of one that
    stood before, only what came after: what builds on the import, what the same replica wrote later,
    and what another replica stamped later (a wrong clock can only keep too much, in sight).

    Args:
        states_now: other subjects to look through for references to this one.
        import_ops: ids of the import's operations on *other* subjects; their references are no work.
    """
    ground = Ground(subject, ops)
    mine = {o for o, op in ground.ops.items() if op.payload and op.payload.get("import") == import_id}
    going = sorted(o for o in ground.standing() if o in mine)
    if not going or ground.erased:
        return UndoPlan()
    others = [o for o in ground.standing() if o not in mine]
    if not any(o in ground.records[ground.record_of[o]].opens and ground.record_of[o] == ground.root
               for o in going):  # fmt: skip
        others = [o for o in others if _is_since(ground, o, going)]
    kept = [k for o in others for k in ground.kept(o)]
    kept += References((states_now or {}).values()).to(subject.id, {*going, *import_ops}, subject)
    if kept:
        return UndoPlan(kept=tuple(sorted(set(kept))))
    return UndoPlan((withdrawn(subject, going, kind=Kind.WITHDRAWN, reason=reason, import_id=import_id),))


def _is_since(ground: Ground, op_id: str, going: Collection[str]) -> bool:
    op, record = ground.ops[op_id], ground.records[ground.record_of[op_id]]
    gone = set(going)
    if any(w[op_id].bases & gone for w in record.writes.values() if op_id in w):
        return True
    if any(gone & set(tags) for d in record.drops.values() for _, tags in d.get(op_id, ())):
        return True
    same = [ground.ops[o] for o in going if ground.ops[o].replica_id == op.replica_id]
    if same:
        return any(op.replica_seq > o.replica_seq for o in same)
    return op.stamp.ms > max(ground.ops[o].stamp.ms for o in going)


__all__ = ["Kept", "UndoPlan", "undo", "undo_import", "withdraw_records", "withdraw_subject"]
