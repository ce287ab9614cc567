"""A server's database with two stations and a county over them, and desks that push into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import insert

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import GENESIS, encode, op_hash
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import NewOp, Op, Subject, opened
from jobdesk.protocol.messages import Cursor, Place, PushHead
from jobdesk.store.log import Log, Tip
from province import accept, pull, streams
from province.bounding import Bound
from province.db import tables as t
from province.db.engine import EVERYTHING, Database, open_database
from province.migrating import migrate
from province.scope import Caller, caller_for

NOW = 1_800_000_000_000
ORGS = (("22", "省", "province", None), ("220102", "县", "county", "22"),
        ("a", "甲站", "station", "220102"), ("b", "乙站", "station", "220102"))  # fmt: skip


def fill(db: Database) -> None:
    """Two stations under a county under the province."""
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.org), [{"id": i, "name": n, "level": v, "parent": p} for i, n, v, p in ORGS])
        for station in ("a", "b"):
            streams.new_stream(con, station)


def sqlite_at(folder: Path) -> Database:
    """Migrated as a real one."""
    url = f"sqlite:///{folder / 'province.db'}"
    migrate(url, "测试省")
    db = open_database(url)
    fill(db)
    return db


@dataclass
class DeskHere:
    """A replica with its chain, at one organisation."""

    db: Database
    org: str = "a"
    replica: str = "r1"
    role: str = "desk"
    acked: Place = field(default_factory=Place)
    ops: list[Op] = field(default_factory=list[Op])
    cursors: dict[str, Place] = field(default_factory=dict[str, Place])
    pulled: dict[str, list[bytes]] = field(default_factory=dict[str, list[bytes]])
    bound: Bound | None = None

    def __post_init__(self) -> None:
        clock = FixedClock.at(2026, 7, 15)
        self.log = Log(
            Tip(self.replica, 0, GENESIS, (0, 0)),
            clock,
            seeded_ids(int.from_bytes(self.replica.encode()), clock),
        )

    def caller(self, *, revoked: bool = False) -> Caller:
        with self.db.reading(EVERYTHING) as con:
            found = caller_for(con, f"dev-{self.replica}", self.org, self.role, revoked=revoked)
        return replace(found, replica=self.replica)

    def act(self, *subjects: str, new: Sequence[NewOp] = (), text: str = "内容") -> list[Op]:
        """One action on these subjects, in this replica's chain."""
        todo = [*new, *(opened(Subject("case", s), "service", f"{s}-{len(self.ops)}", {"content": text})
                        for s in subjects)]  # fmt: skip
        ops, self.log.tip = self.log.stamp_all(todo, "staff", f"{self.replica}-act-{len(self.ops)}")
        self.ops += ops
        return ops

    def push(self, lines: Sequence[bytes] | None = None, *, revoked: bool = False) -> accept.Taken:
        """Everything behind what was acknowledged, or these lines."""
        sent = [encode(op) for op in self.ops[self.acked.seq :]] if lines is None else list(lines)
        head = PushHead(replica=self.replica, acked=self.acked, last_seq=len(self.ops), now_ms=NOW,
                        count=len(sent))  # fmt: skip
        caller = self.caller(revoked=revoked)
        taken = self._take(caller, head, sent)
        self.acked = taken.acked
        return taken

    def witness(self, other: DeskHere, ops: Sequence[Op]) -> accept.Taken:
        """Offer what this desk knows of another replica."""
        head = PushHead(replica=other.replica, last_seq=0, now_ms=NOW, count=len(ops), witness=True)
        return self._take(replace(self.caller(), replica=other.replica), head, [encode(op) for op in ops])

    def _take(self, caller: Caller, head: PushHead, sent: Sequence[bytes]) -> accept.Taken:
        also, fenced = frozenset[int](), frozenset[str]()
        while True:
            try:
                with self.db.writing(caller.nums, station=caller.at_station) as con:
                    return accept.take(
                        con, caller, head, sent, NOW,
                        secret=b"s" * 32, also=also, fenced=fenced, bound=self.bound,
                    )  # fmt: skip
            except streams.Again as more:
                also, fenced = more.nums, fenced | more.apart

    def pull(self, max_bytes: int = 1 << 20) -> bool:
        """One page; whether there is more."""
        caller = self.caller()
        with self.db.reading(caller.nums, station=caller.at_station) as con:
            cursors = [Cursor(stream=s, at=at) for s, at in self.cursors.items()]
            answer = pull.answer(con, caller, cursors, max_bytes)
        lines = iter(answer.lines)
        for page in answer.pages:
            assert page.start == self.cursors.get(page.stream, Place())
            self.cursors[page.stream] = page.end
            self.pulled.setdefault(page.stream, []).extend(next(lines) for _ in range(page.count))
        return answer.more


def hashes(ops: Sequence[Op]) -> list[str]:
    return [op_hash(op).hex() for op in ops]
