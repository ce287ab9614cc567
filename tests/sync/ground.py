"""Real station files against the real server code in this process: only wire, clocks and deaths are made up."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Subject, fields_set, opened
from jobdesk.cases.state import SubjectState
from jobdesk.host.calendar_file import working_days
from jobdesk.protocol.codes import STATUS, ErrorCode
from jobdesk.protocol.messages import Refusal
from jobdesk.services.desk import Desk
from jobdesk.store import reads, recounting, sync_state
from jobdesk.store.check import check_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.log import ops_by_subject
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.sync.engine import Setup, synchronise
from jobdesk.sync.enrolling import enrol
from jobdesk.sync.receipts import Receipt
from jobdesk.sync.transport import Answered, no_line
from province import enrolling
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.identity import new_epoch
from province.serving import Province
from tests.province.ground import sqlite_at
from tests.stations import make_station
from tools import near_line

HERE = "http://127.0.0.1:1"
DAY_MS = 24 * 3600 * 1000


@dataclass
class Server:
    """One province on SQLite, with what the wire does to its answers."""

    folder: Path
    clock: FixedClock

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.db: Database = sqlite_at(self.folder)
        self._open()

    def _open(self) -> None:
        self.province = Province(self.db, self.clock.now_ms, id_source(self.clock))

    def code(self, org: str = "a", role: str = "desk") -> str:
        with self.db.writing(EVERYTHING) as con:
            return enrolling.issue_code(con, org, role, self.clock.now_ms())

    def digest(self, org: str = "a") -> tuple[int, bytes]:
        with self.db.reading(EVERYTHING) as con:
            row = con.execute(select(t.stream.c.head, t.stream.c.digest).where(t.stream.c.id == org)).one()
        return int(row.head), bytes(row.digest)

    def listed(self) -> int:
        with self.db.reading(EVERYTHING) as con:
            return int(con.execute(select(func.count()).select_from(t.listing)).scalar_one())

    def copy(self, name: str) -> Path:
        """A backup of the database as it stands."""
        self.db.engine.dispose()
        target = self.folder / name
        shutil.copy(self.folder / "province.db", target)
        return target

    def restore(self, copy: Path, *, epoch: bool) -> None:
        """An older copy takes its place."""
        from province.db.engine import open_database

        self.db.engine.dispose()
        for end in ("", "-wal", "-shm"):
            (self.folder / f"province.db{end}").unlink(missing_ok=True)
        shutil.copy(copy, self.folder / "province.db")
        self.db = open_database(f"sqlite:///{self.folder / 'province.db'}")
        if epoch:
            with self.db.writing(EVERYTHING) as con:
                new_epoch(con)
        self._open()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        return near_line.answer(self.province, method, path, headers, body)


@dataclass
class Wire:
    """A line to the server. ``fault`` may lose, repeat or mangle: it gets the number of the request."""

    server: Server
    fault: Callable[[int], str] = lambda _n: ""
    count: int = 0
    paths: list[str] = field(default_factory=list[str])
    said: Mapping[str, str] = field(default_factory=dict[str, str])

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        self.count += 1
        self.paths.append(path)
        self.said = headers
        kind = self.fault(self.count)
        if kind == "lost":
            raise no_line("test")
        if kind == "busy":
            no = Refusal(error=ErrorCode.BUSY, detail="load", retry_after_s=40)
            return Answered(STATUS[no.error], no.model_dump_json(exclude_none=True).encode())
        if kind == "down":  # what nginx says of a service that is stopped
            return Answered(502, b"<html><head><title>502 Bad Gateway</title></head></html>")
        if kind == "mangled_ask":
            body = body[: len(body) // 2]
        if kind == "twice":
            self.server.answer(method, path, headers, body)
        answer = self.server.answer(method, path, headers, body)
        if kind == "answer_lost":
            raise no_line("test")
        if kind == "answer_cut":
            return Answered(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
        return answer


def random_faults(seed: int, share: float) -> Callable[[int], str]:
    random = Random(seed)
    kinds = ("lost", "answer_lost", "answer_cut", "mangled_ask", "twice")
    return lambda _n: random.choice(kinds) if random.random() < share else ""


class Killed(BaseException):
    """The process died here."""


@dataclass
class PC:
    """A station file on one PC."""

    folder: Path
    server: Server
    clock: FixedClock
    name: str = "于晓梅"
    station: OpenStation = field(init=False)
    staff: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        made = make_station(self.folder, self.clock, clerk=self.name, second=True)
        self.paths, self.station, self.staff = made.paths, made.station, made.staff
        self.wire = Wire(self.server)

    @property
    def desk(self) -> Desk:
        return Desk(self.station.file, self.staff, working_days())

    def enrol(self, org: str = "a", role: str = "desk") -> PC:
        enrol(self.station.file, self.wire, HERE, self.server.code(org, role), self.clock, self.staff)
        return self

    def sync(self, **more: object) -> Receipt:
        return synchronise(Setup(self.station.file, self.wire, self.clock, **more))  # type: ignore[arg-type]

    def sync_well(self) -> Receipt:
        receipt = self.sync()
        assert receipt.error == "" and receipt.waiting == 0, receipt
        return receipt

    def open_case(self, case: str, name: str = "赵某") -> None:
        subject = Subject("case", case)
        self.desk.act([opened(subject, "case", case, {"name": name, "help_state": "open"})]).result()

    def set(self, case: str, **values: str | None) -> None:
        state = self.case(case)
        self.desk.act(
            [fields_set(state.subject, "case", case, dict(values), state.root.bases(*values))]
        ).result()

    def serve(self, case: str, content: str) -> None:
        subject = Subject("case", case)
        self.desk.act([opened(subject, "service", self.desk.new_id(), {"content": content})]).result()

    def case(self, case: str) -> SubjectState:
        return self.desk.case(case).result()

    def state(self, subject: Subject) -> SubjectState:
        return self.station.file.read(lambda con: reads.subject_state(con, subject)).result()

    def reopen(self) -> PC:
        """The process ends and begins again."""
        self.station.close()
        return self.reopen_closed()

    def close(self) -> None:
        self.station.close()

    def reopen_closed(self) -> PC:
        """The same after ``close``, whatever stands in the folder now."""
        key = open_with_key_file(self.paths.keyslots, self.folder / "key")
        self.station = open_station(self.paths, key, self.clock, id_source(self.clock))
        return self

    def copied(self) -> Path:
        """Its data as they stand; it goes on. One copy at a time."""
        copy = self.folder / "copy"
        self.close()
        shutil.copytree(self.paths.data, copy)
        self.reopen_closed()
        return copy

    def put_back(self, copy: Path) -> PC:
        """The copy takes the place of its data."""
        self.close()
        shutil.rmtree(self.paths.data)
        shutil.copytree(copy, self.paths.data)
        return self.reopen_closed()

    def folds(self) -> dict[str, object]:
        """Everything the rows say, subject by subject."""

        def job(con: object) -> dict[str, object]:
            return {
                i: reads.subject_state(con, ops[0].subject)  # type: ignore[arg-type]
                for i, ops in ops_by_subject(con)  # type: ignore[arg-type]
            }

        return self.station.file.read(job).result()

    def ops(self) -> int:
        return self.station.file.read(reads.count_operations).result()

    def digest(self, stream: str = "a") -> tuple[int, bytes]:
        """Of the stream as it stands in the log, counted anew."""
        at, digest = self.station.file.read(lambda con: recounting.recount(con, stream)).result()
        return at.seq, digest

    def waiting(self) -> int:
        return self.station.file.read(sync_state.waiting).result()

    def faults(self) -> list[str]:
        return [f"{r.name}: {r.detail}" for r in check_station(self.station) if not r.ok]


def same(server: Server, *pcs: PC, org: str = "a") -> None:
    """Every PC and the server hold the same, and every file is sound."""
    for pc in pcs:
        assert pc.digest(org) == server.digest(org)
        assert pc.folds() == pcs[0].folds()
        assert pc.faults() == []
