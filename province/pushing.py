"""One push made durable: begun anew where it needs more locks, or where it clashed with another."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, case, func, update
from sqlalchemy.exc import OperationalError

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import PushHead
from province import accept
from province.accept import Taken
from province.bounding import Bound
from province.clashing import clashed
from province.db import tables as t
from province.db.engine import Database
from province.refusing import Refused
from province.scope import Caller
from province.streams import Again

_TRIES = 6

_SEEN = (
    update(t.device)
    .where(t.device.c.id == bindparam("device"), t.device.c.revoked_ms.is_(None))
    .values(
        seen_ms=bindparam("seen"),
        skew_ms=func.coalesce(bindparam("skew", type_=t.Big), t.device.c.skew_ms),
        waiting=func.coalesce(bindparam("left", type_=t.Big), t.device.c.waiting),
        pushes=t.device.c.pushes + case(
            (t.device.c.pushes < bindparam("heard", type_=t.Big), 0), else_=bindparam("counts", type_=t.Big)
        ),
    )
    .returning(t.device.c.pushes)
)  # fmt: skip
"""Of a machine that was shut out stays when its station last synced by it, whatever a thief sends. Of what it
has still to send itself a push as a witness says nothing: ``left`` is None then. A machine that heard of more
pushes than are known here is told so until it counts as the server does (M-8.6). What came on a stick is not
counted: a machine that hears no answer to it would be overtaken, and miss that others were lost. Of its clock
that says nothing either, as nobody knows how long it was on the way: ``skew`` is None.
"""


def taken(
    db: Database, caller: Caller, head: PushHead, lines: Sequence[bytes], now_ms: int, secret: bytes,
    bound: Bound, *, carried: bool = False,
) -> Taken:  # fmt: skip
    """What it came to, committed; and when the machine was last seen, and how far its clock is off.

    Raises:
        Refused: as ``accept.take``; ``busy`` where others held what it needs at every try.
    """
    also, fenced = frozenset[int](), frozenset[str]()
    for left in reversed(range(_TRIES)):
        try:
            with db.writing(caller.nums, station=caller.at_station) as con:
                made = accept.take(
                    con, caller, head, lines, now_ms,
                    secret=secret, also=also, fenced=fenced, bound=bound,
                )  # fmt: skip
                seen = {"seen": now_ms, "skew": None if carried else skew_of(head, now_ms),
                        "left": None if head.witness else max(0, head.last_seq - made.acked.seq),
                        "heard": head.heard, "counts": int(not carried)}  # fmt: skip
                heard = con.execute(_SEEN, {"device": caller.device, **seen}).scalar()
                made.heard = 0 if carried else heard or 0
            return made
        except Again as more:
            also, fenced = more.nums, fenced | more.apart
        except OperationalError as clash:
            if not clashed(clash) or not left:
                raise
    raise Refused(ErrorCode.BUSY, detail="locks", retry_after_s=5)


def skew_of(head: PushHead, now_ms: int) -> int:
    """How far the desk's clock is ahead. A clock may say anything; the column holds 63 bits."""
    return max(-(2**53), min(2**53, head.now_ms - now_ms))
