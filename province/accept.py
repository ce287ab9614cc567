"""Taking a push in: one transaction of one replica, its actions listed or kept apart, then acknowledged.

The verdict depends on schema, scope, signature and size. Nothing here folds. A push costs a handful of
statements however many operations it holds: what is said of many is asked and written at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select, update

from jobdesk.cases.codec import GENESIS
from jobdesk.cases.erasing import SPEAKING
from jobdesk.cases.ops import Op
from jobdesk.protocol.codes import ErrorCode, Reason, Verdict
from jobdesk.protocol.limits import MAX_ACTION_OPS
from jobdesk.protocol.messages import ActionVerdict, Place, PushHead
from province import apart, headers, linking, register, speaking
from province.actions import Action
from province.bounding import Bound
from province.db import tables as t
from province.db.writing import among, insert_quietly, widened
from province.listing import Listing
from province.reading import Item, item
from province.refusing import Refused
from province.scope import Caller, under

_REPLICA = (
    select(t.replica.c.device, t.replica.c.acked, t.replica.c.hash, t.replica.c.safe, t.device.c.org)
    .join(t.device, t.device.c.id == t.replica.c.device, isouter=True)
    .where(t.replica.c.id == bindparam("replica"))
    .with_for_update(of=t.replica)
)
_ADVANCED = (
    update(t.replica)
    .where(t.replica.c.id == bindparam("replica"))
    .values(acked=bindparam("tip"), hash=bindparam("tip_hash"), last_seq=bindparam("last"))
)
"""Made once, as ``_REPLICA``: every push asks them."""


@dataclass(slots=True)
class _Tip:
    """Where the server's copy of a replica's chain ends. ``hash`` GENESIS behind the beginning: unknown."""

    seq: int
    hash: bytes

    @property
    def place(self) -> Place:
        return Place(seq=self.seq, hash=self.hash.hex())

    @property
    def known(self) -> bool:
        return self.seq == 0 or self.hash != GENESIS


@dataclass(slots=True)
class Taken:
    """What a push came to.

    Attributes:
        contents: digests that no operation names any longer.
        erased: subjects of it that are erased.
        told: those of them that the sender may not hear of by any stream.
        came: subjects that began, moved or were said to move: what waited for them is to be asked again.
        strange: actions kept apart as ``out_of_scope``: their subjects may have come meanwhile.
        heard: pushes of the sender's machine, this one among them; 0 of one that was shut out.
    """

    acked: Place
    safe: int
    verdicts: list[ActionVerdict] = field(default_factory=list[ActionVerdict])
    contents: set[str] = field(default_factory=set[str])
    erased: set[str] = field(default_factory=set[str])
    told: set[str] = field(default_factory=set[str])
    came: set[str] = field(default_factory=set[str])
    strange: set[str] = field(default_factory=set[str])
    heard: int = 0


def take(
    con: Connection, caller: Caller, head: PushHead, lines: Sequence[bytes], now_ms: int,
    *, secret: bytes = b"", also: Collection[int] = (), fenced: Collection[str] = (),
    bound: Bound | None = None,
) -> Taken:  # fmt: skip
    """Everything in the caller's transaction; the caller commits before it answers.

    Args:
        secret: key of the hashes by which one person in two files is found.
        also: numbers of streams to lock from the start, as ``streams.Again`` told.
        fenced: subjects of what will be kept apart, as it told too.
        bound: of what may wait apart of one machine; None has none.

    Raises:
        Refused: ``gap`` or ``fork``, with the place the server has; ``out_of_scope`` for a replica of others,
            but as a witness; ``busy`` at the bound.
        streams.Again: begin the transaction anew with these streams locked.
    """
    items = _read(lines, head.replica)
    tip, safe, org = _lock_replica(con, caller, head)
    fresh = _follow(con, head, tip, items)
    with widened(con):
        fits, waits = linking.fits(con, head.replica, fresh), apart.waits(con, head.replica)
    if not fits:
        raise Refused(ErrorCode.FORK, acked=tip.place)
    taken = Taken(Place(), safe)
    whole = headers.left_out(fresh, tip.place, witness=head.witness)
    actions = list(_actions(whole, head.replica))
    _judge(caller, actions)
    apart_anyway = [a for a in actions if a.reason is not None]
    speaking.hold(con, _ops(a for a in actions if a.reason is None), _ops(apart_anyway), fenced)
    listing = Listing(con, caller, now_ms, secret, others=head.witness and org != caller.org)
    listing.take([a for a in actions if a.reason is None], also)
    taken.contents, taken.erased, taken.came = listing.gone, listing.erased, listing.came
    left_out = [a for a in actions if a.reason is not None]
    taken.strange = {a.id for a in left_out if a.reason is Reason.OUT_OF_SCOPE}
    late = speaking.Late(con, listing.locked | {*also})
    late.keeps(_subjects_of(left_out), {o.subject.id for o in _ops(left_out) if o.subject.kind in SPEAKING})
    apart.keep(con, caller, left_out, now_ms, final=not head.witness, late=late, bound=bound)
    every = head.witness or caller.home is None  # a desk above may see no stream that tells
    taken.told = listing.tell_of_the_erased(_subjects_in(items) if every else _subjects_of(left_out))
    if caller.home is None and not items:  # nor what was erased since (M-7.3)
        with widened(con):
            taken.told = register.apart_of(con, head.replica)
    stands = [a for a in actions if a.reason is None]
    if waits:
        apart.no_longer(con, head.replica, [i.hash for a in stands for i in a.items], now_ms)
    for action in actions:
        told = _told(action.id, head.replica)
        taken.verdicts.append(ActionVerdict(action=told, verdict=action.verdict, reason=action.reason))
    _told_before(con, head.replica, items, fresh, taken)
    _advance(tip, [i for a in stands for i in a.items] if head.witness else fresh)
    ends = {"tip": tip.seq, "tip_hash": tip.hash, "last": max(head.last_seq, tip.seq)}
    con.execute(_ADVANCED, {"replica": head.replica, **ends})
    taken.acked = tip.place
    return taken


def _read(lines: Iterable[bytes], replica: str) -> list[Item]:
    """Lines of a push. One that says to be another replica's is kept as it came and read as nothing more."""
    items = [item(line) for line in lines]
    for one in items:
        if one.replica and one.replica != replica:
            one.reason, one.op, one.seq, one.prev, one.hash = Reason.FOREIGN, None, 0, b"", b""
    return items


def _subjects_in(items: Iterable[Item]) -> set[str]:
    """Those that can be read."""
    return {i.subject for i in items if i.subject}


def _subjects_of(actions: Iterable[Action]) -> set[str]:
    return _subjects_in(i for a in actions for i in a.items)


def _lock_replica(con: Connection, caller: Caller, head: PushHead) -> tuple[_Tip, int, str]:
    """Where the server's copy of the chain ends, up to where it is safe, and whose it is, empty where nobody
    knows; one push of a replica at a time.

    Raises:
        Refused: see ``take``.
    """
    asked = {"replica": head.replica}
    row = con.execute(_REPLICA, asked).one_or_none()
    if row is None:
        if head.acked.seq and not head.witness:
            raise Refused(ErrorCode.GAP, acked=Place())
        # a witness is not the owner: whoever speaks for the replica himself becomes that
        new = {"id": head.replica, "device": "" if head.witness else caller.device, "hash": GENESIS}
        insert_quietly(con, t.replica, [new])
        # another process may have been first: its lock is waited for
        row = con.execute(_REPLICA, asked).one()
    tip = _Tip(int(row.acked), bytes(row.hash))
    if head.witness:  # whoever wrote it: what it may list its subjects say (M-4.9)
        return tip, int(row.safe), row.org or ""
    foreign = row.device != caller.device and row.org not in (None, caller.org)
    if foreign and row.org not in under(con, caller.org):
        raise Refused(ErrorCode.OUT_OF_SCOPE, detail="replica")
    if not row.device:
        con.execute(update(t.replica).where(t.replica.c.id == head.replica).values(device=caller.device))
    if head.acked.seq > tip.seq:
        raise Refused(ErrorCode.GAP, acked=tip.place)
    if head.acked.seq:
        known = tip.hash if head.acked.seq == tip.seq else _hashes(con, head.replica, [head.acked.seq]).get(
            head.acked.seq, GENESIS
        )  # fmt: skip
        if known not in (GENESIS, bytes.fromhex(head.acked.hash)):
            raise Refused(ErrorCode.FORK, acked=tip.place)
    return tip, int(row.safe), row.org or ""


def _hashes(con: Connection, replica: str, seqs: Collection[int]) -> dict[int, bytes]:
    """Hashes of a replica's operations, listed or kept apart, wherever they are at home."""
    found: dict[int, bytes] = {}
    if not seqs:
        return found
    with widened(con):
        for table in (t.quarantine, t.op):
            rows = con.execute(
                select(table.c.replica_seq, table.c.hash).where(
                    table.c.replica == replica, among(con, table.c.replica_seq, seqs)
                )
            )
            found.update((int(seq), bytes(hashed)) for seq, hashed in rows)
    return found


def _follow(con: Connection, head: PushHead, tip: _Tip, items: list[Item]) -> list[Item]:
    """The items behind the tip, in the chain; those before it must be what the server has.

    A line without a place stands where it came, and what follows it is taken by its own word. A witness tells
    what he has: it need not be dense.

    Raises:
        Refused: ``gap``, ``fork``.
    """
    old = [i for i in items if 0 < i.seq <= tip.seq]
    known = _hashes(con, head.replica, [i.seq for i in old])
    for one in old:
        if known.get(one.seq, GENESIS) not in (GENESIS, one.hash):
            raise Refused(ErrorCode.FORK, acked=tip.place)
    if head.witness:
        if _lacking(con, [i for i in old if i.seq not in known]):
            raise Refused(ErrorCode.FORK, acked=tip.place)
        return sorted((i for i in items if i.seq > tip.seq), key=lambda i: i.seq)
    fresh: list[Item] = []
    seq, hashed, trusted = tip.seq, tip.hash, tip.known
    behind = False
    for one in items:
        if 0 < one.seq <= tip.seq or (one.seq == 0 and not behind and tip.seq > head.acked.seq):
            continue  # it came again, or stands among what came again
        behind = True
        if one.seq == 0:
            one.seq, trusted = seq + 1, False
        elif one.seq != seq + 1:
            raise Refused(ErrorCode.GAP, acked=tip.place)
        elif trusted and one.prev != hashed:
            raise Refused(ErrorCode.FORK, acked=tip.place)
        else:
            trusted = True
        seq, hashed = one.seq, one.hash
        fresh.append(one)
    return fresh


def _lacking(con: Connection, items: Collection[Item]) -> bool:
    """Whether one of these is nowhere. A place behind the end of which nothing stands is one whose operation
    is listed under another life: in a copy of that file another operation may have it.
    """
    wanted = {i.op_id: i.action for i in items if i.op is not None}
    if not wanted:
        return False
    q = t.quarantine.c.action
    with widened(con):
        missing = wanted.keys() - apart.listed(con, wanted)
        actions = {wanted[i] for i in missing}
        kept = set(con.execute(select(q).where(among(con, q, actions))).scalars()) if missing else set[str]()
    return not actions <= kept


def _advance(tip: _Tip, fresh: Iterable[Item]) -> None:
    """Over what follows it, as far as there is no hole."""
    for one in fresh:
        if one.seq != tip.seq + 1 or (one.prev and tip.known and one.prev != tip.hash):
            return
        tip.seq, tip.hash = one.seq, one.hash or GENESIS


def _actions(items: Iterable[Item], replica: str) -> Iterable[Action]:
    """Items of one action together; a line that says none is an action by itself."""
    group: list[Item] = []
    for one in items:
        if group and not (one.action and one.action == group[0].action):
            yield Action(group[0].action or _unnamed(replica, group[0]), group)
            group = []
        group.append(one)
    if group:
        yield Action(group[0].action or _unnamed(replica, group[0]), group)


_LINE = "line-"


def _unnamed(replica: str, one: Item) -> str:
    """What nobody can read is kept by its place in its replica; the replica itself knows it by the place."""
    return f"{_LINE}{one.seq}-{replica}"


def _told(action: str, replica: str) -> str:
    """An action as its replica knows it; see ``_unnamed``."""
    return action.removesuffix(f"-{replica}") if action.startswith(_LINE) else action


def _ops(actions: Iterable[Action]) -> Iterator[Op]:
    """What of these can be read."""
    return (i.op for a in actions for i in a.items if i.op is not None)


def _judge(caller: Caller, actions: Iterable[Action]) -> None:
    """What keeps an action apart by itself, whoever may see whom."""
    for action in actions:
        if caller.revoked:
            action.keep(Reason.REVOKED)
        elif len(action.items) > MAX_ACTION_OPS:
            action.keep(Reason.SPLIT_ACTION)
        else:
            reason = next((i.reason for i in action.items if i.reason), None)
            if reason is not None:
                action.keep(reason)


def _told_before(con: Connection, replica: str, items: list[Item], fresh: list[Item], taken: Taken) -> None:
    """The verdicts of actions that came again: as they were, ``accepted`` as ``already``."""
    new = {id(i) for i in fresh}
    again = list(dict.fromkeys(i.action for i in items if i.action and id(i) not in new))
    if not again:
        return
    with widened(con):
        mine = t.action.c.replica == replica  # another's of the same name says nothing about this one
        rows = con.execute(
            select(t.action.c.id, t.action.c.reason).where(among(con, t.action.c.id, again), mine)
        )
        kept = {row.id: Reason(row.reason) for row in rows}
    for action in again:
        reason = kept.get(action)
        verdict = Verdict.ALREADY if reason is None else Verdict.QUARANTINED
        taken.verdicts.append(ActionVerdict(action=action, verdict=verdict, reason=reason))
