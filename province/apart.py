"""What a push brings and may not list: kept with its reason until somebody settles it (``quarantine``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, select, update

from jobdesk.cases.codec import GENESIS, encode
from jobdesk.cases.erasing import SPEAKING
from jobdesk.cases.ops import Op
from jobdesk.protocol.codes import Reason, Verdict
from province import erasing, linking, ties
from province.actions import Action
from province.bounding import Bound
from province.db import tables as t
from province.db.writing import among, insert_quietly, widened
from province.scope import Caller
from province.speaking import Late


def keep(
    con: Connection, caller: Caller, actions: Sequence[Action], now_ms: int,
    *, final: bool, late: Late, bound: Bound | None = None,
) -> None:  # fmt: skip
    """Whole and with the reason, until a person or an upgrade settles it.

    Args:
        final: the owner's own push. What a witness may not list its owner still may (M-4.9).
        bound: of what may wait of one machine; None has none.

    Raises:
        Refused: as ``Bound.check``; the caller takes nothing of the push.
        streams.Again
    """
    if not final:
        actions = _not_listed(con, actions)  # nobody has to look at that
    if not actions:
        return
    nobodys = _own_setup(con, caller, actions) if final else set[str]()  # a witness offers what is others'
    if bound is not None and any(a.id not in nobodys for a in actions):
        with widened(con):
            bound.check(con, caller.device, now_ms)
    items = [i for a in actions for i in a.items]
    others = linking.kept_elsewise(con, caller.replica, items, final=final)
    for action in actions if others else ():
        if others & {i.seq for i in action.items} and all(i.op for i in action.items):
            action.items = linking.alone(action.items)
    if final:
        _by_its_owner(con, caller, actions)
    said = _said(actions)
    insert_quietly(
        con, t.quarantine,
        [
            {
                "replica": one.replica if one.op else caller.replica, "replica_seq": one.seq,
                "action": action.id,
                "device": caller.device, "subject": one.subject, "home": caller.place,
                "reason": str(action.reason), "line": one.line, "at_ms": now_ms, "hash": one.hash or GENESIS,
                "settled_ms": now_ms if action.id in nobodys else None, "op_id": one.op_id,
                "ties": ties.many(one.op) if one.op is not None else 0,
            }
            for action in actions for one in action.items
        ],
    )  # fmt: skip
    if said:
        with widened(con):
            erasing.blank_kept(con, said, late)
    if not final:
        return
    insert_quietly(
        con, t.action,
        [
            {
                "id": a.id, "replica": caller.replica, "home": caller.place, "verdict": a.verdict.value,
                "reason": str(a.reason), "at_ms": now_ms,
            }
            for a in actions
        ],
    )  # fmt: skip


def _said(actions: Sequence[Action]) -> list[Op]:
    """What these say of households and the like, as it is kept apart."""
    found: list[Op] = []
    for one in (i for a in actions for i in a.items):
        if one.op is not None and one.op.subject.kind in SPEAKING:
            kept = ties.kept(one.op)
            if kept is not one.op:
                one.op, one.line = kept, encode(kept)
            found.append(kept)
    return found


def _not_listed(con: Connection, actions: Sequence[Action]) -> list[Action]:
    """Without what a witness may not see and others brought; an action of nothing else is ``already``."""
    strange = [a for a in actions if a.reason is Reason.OUT_OF_SCOPE]
    ids = {i.op_id for a in strange for i in a.items}
    if not ids:
        return list(actions)
    with widened(con):
        known = listed(con, ids)
    for action in strange if known else ():
        rest = [i for i in action.items if i.op_id not in known]
        if rest:
            action.items = rest
        else:
            action.verdict, action.reason = Verdict.ALREADY, None
    return [a for a in actions if a.reason is not None]


def listed(con: Connection, ids: Collection[str]) -> set[str]:
    """Those of these operations that stand in any stream. The transaction must see all streams."""
    return set(con.execute(select(t.op.c.op_id).where(among(con, t.op.c.op_id, ids))).scalars())


def _by_its_owner(con: Connection, caller: Caller, actions: Sequence[Action]) -> None:
    """What a witness brought first is the owner's from now on: his scope decides when it is asked again."""
    for reason in {str(a.reason) for a in actions}:
        hashes = [i.hash for a in actions for i in a.items if i.hash and str(a.reason) == reason]
        if not hashes:
            continue
        with widened(con):
            con.execute(
                update(t.quarantine)
                .where(t.quarantine.c.replica == caller.replica, t.quarantine.c.settled_ms.is_(None))
                .where(among(con, t.quarantine.c.hash, hashes))
                .values(device=caller.device, home=caller.place, reason=reason)
            )


def _own_setup(con: Connection, caller: Caller, actions: Sequence[Action]) -> set[str]:
    """Actions about nothing but the name and the people of a desk above the stations: no stream is theirs,
    and nobody has to look at them. A station that somebody knows is none of it.
    """
    if caller.role == "desk" or caller.revoked:
        return set()
    found = {
        a.id: {i.subject for i in a.items} for a in actions
        if a.reason is Reason.OUT_OF_SCOPE and all(o.subject.kind == "station" for o in a.ops)
    }  # fmt: skip
    if not found:
        return set()
    with widened(con):
        asked = among(con, t.subject.c.id, set[str]().union(*found.values()))
        known = set(con.execute(select(t.subject.c.id).where(asked)).scalars())
    return {action for action, subjects in found.items() if not subjects & known}


_WAITS = (
    select(t.quarantine.c.replica)
    .where(t.quarantine.c.replica == bindparam("of"), t.quarantine.c.settled_ms.is_(None))
    .limit(1)
)
"""Made once: every push asks it."""


def waits(con: Connection, replica: str) -> bool:
    """Whether anything of a replica waits apart. The transaction must see all streams."""
    return con.execute(_WAITS, {"of": replica}).one_or_none() is not None


def no_longer(con: Connection, replica: str, hashes: Collection[bytes], now_ms: int) -> None:
    """What a witness could not list is listed now: nobody has to look at it any more. Of an action that a
    witness knows in part only that part.
    """
    if not hashes:
        return
    q = t.quarantine.c
    with widened(con):
        gone = con.execute(
            update(t.quarantine)
            .where(q.replica == replica, q.settled_ms.is_(None), among(con, q.hash, hashes))
            .values(settled_ms=now_ms, line=b"")
            .returning(q.subject, q.op_id)
        )
        ties.settled(con, [(row.subject, row.op_id) for row in gone])
