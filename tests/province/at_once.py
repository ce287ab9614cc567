"""Two processes of the server on one PostgreSQL, stepped by hand: the one that began second waits or is done
before the first one commits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import Connection, text

from jobdesk.cases.codec import encode
from jobdesk.protocol.messages import PushHead
from province import accept, streams
from province.db.engine import EVERYTHING, Database
from tests.province.ground import NOW, DeskHere

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@contextmanager
def uncommitted(desk: DeskHere, *, revoked: bool = False) -> Generator[Connection]:
    """What this desk has not pushed yet, taken in and committed when the block ends."""
    sent = [encode(op) for op in desk.ops[desk.acked.seq :]]
    head = PushHead(replica=desk.replica, acked=desk.acked, last_seq=len(desk.ops), now_ms=NOW,
                    count=len(sent))  # fmt: skip
    caller, again = desk.caller(revoked=revoked), streams.Again(frozenset())
    for _ in range(6):
        try:
            with desk.db.writing(caller.nums, station=caller.at_station) as con:
                taken = accept.take(con, caller, head, sent, NOW,
                                   secret=b"s" * 32, also=again.nums, fenced=again.apart)  # fmt: skip
                yield con
            desk.acked = taken.acked
            return
        except streams.Again as more:
            again = more
    raise again


def meanwhile(db: Database, work: Callable[[], object]) -> Future[object]:
    """Another process: returns when that is done, or waits for a lock."""
    pool = ThreadPoolExecutor(1)
    made = pool.submit(work)
    pool.shutdown(wait=False)
    until = time.monotonic() + 20
    while not made.done() and time.monotonic() < until:
        with db.reading(EVERYTHING) as con:
            if con.execute(_WAITING).scalar_one():
                break
        time.sleep(0.01)
    return made
