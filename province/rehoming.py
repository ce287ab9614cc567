"""What was told in a stream that its reader no longer hears: told where he does (M-4.10)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from province.concerning import sender
from province.db import tables as t
from province.db.writing import among
from province.scope import Caller, streams_of


def follow(con: Connection, orgs: Collection[str]) -> None:
    """These organisations came under another one. That a desk's action was listed after all stood in a stream
    under them; its clerk would be told for ever that it is kept apart. The transaction sees all streams.
    """
    moved = sorted({s.num for org in orgs for s in streams_of(con, org)})
    told = (
        select(t.notice.c.id, t.notice.c.home, t.quarantine.c.device)
        .join(t.quarantine, t.quarantine.c.action == t.notice.c.text)
        .where(t.notice.c.kind == "released", among(con, t.notice.c.home, moved))
        .distinct()
    )
    writers: dict[str, Caller] = {}
    for row in con.execute(told).all():
        if row.device not in writers:
            writers[row.device] = sender(con, row.device)
        writer = writers[row.device]
        if writer.nums and int(row.home) not in writer.nums:
            con.execute(update(t.notice).where(t.notice.c.id == row.id).values(home=writer.place))
