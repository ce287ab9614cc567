"""What was told in a stream that its reader no longer hears: told where he does (M-4.10)."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import Connection, select, update

from province.concerning import sender
from province.db import tables as t
from province.scope import Caller


def follow(con: Connection) -> None:
    """Stations came, or came under other offices. That a desk's action was listed stands in a stream: whoever
    hears that no longer would be told for ever that it is kept apart. The transaction sees all streams.

    Every such word is looked at, not those in what moved now: an office whose only station left hears nothing
    until a later change gives it one, and that is when its desks can be told.
    """
    told = (
        select(t.notice.c.id, t.notice.c.home, t.quarantine.c.device, t.device.c.org,
               t.stream.c.org.label("stands"))
        .join(t.quarantine, t.quarantine.c.action == t.notice.c.text)
        .join(t.device, t.device.c.id == t.quarantine.c.device)
        .join(t.stream, t.stream.c.num == t.notice.c.home, isouter=True)
        .where(t.notice.c.kind == "released", t.notice.c.settled_ms.is_(None))
        .distinct()
        .order_by(t.notice.c.id, t.quarantine.c.device)
    )  # fmt: skip
    writers: dict[str, Caller] = {}
    for word, told_to in groupby(con.execute(told).all(), lambda row: row.id):
        rows = list(told_to)
        if any(row.org == row.stands for row in rows):
            continue  # a station's own desk hears it whatever is above
        for row in rows:
            if row.device not in writers:
                writers[row.device] = sender(con, row.device)
        hearing = [found for row in rows if (found := writers[row.device]).nums]
        if hearing and not any(int(rows[0].home) in one.nums for one in hearing):
            con.execute(update(t.notice).where(t.notice.c.id == word).values(home=hearing[0].place))
