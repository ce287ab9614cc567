"""A desk and the province over real HTTP on loopback: a whole station to a new PC, a day's work, bytes a line.

Floors: COPY of the same rows out of PostgreSQL plus inserts of them into a bare SQLite file; what a user would
pick instead is PouchDB against a PouchDB server (``pouch.cjs``), where Node and its packages are there.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from datetime import date
from pathlib import Path
from random import Random

import psycopg

from benchmarks import pouch
from benchmarks.measure import Result
from benchmarks.served import Served, served
from jobdesk.cases.ids import IdSource, id_source
from jobdesk.cases.ops import NewOp, Subject, fields_set, opened
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.host.system_clock import SystemClock
from jobdesk.services.desk import Desk
from jobdesk.store import reads
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.open_station import OpenStation
from jobdesk.store.station_file import Writing
from jobdesk.sync.engine import Setup, synchronise
from jobdesk.sync.enrolling import enrol
from jobdesk.sync.exchange import Progress
from jobdesk.sync.http_transport import HttpTransport
from jobdesk.sync.receipts import Receipt
from tests.ui.crowd import person

CASES = 5_000
SERVICES, EDITS = 13, 6
EACH = 1 + SERVICES + EDITS
"""Operations a person; 5,000 × 20 = 100,000."""
TEXT = "电话联系本人，了解求职意向，推荐岗位三个，约定下周到站面谈，并告知社保补贴政策。"
TODAY = date(2026, 7, 15)


def new_desk(folder: Path) -> tuple[OpenStation, Desk]:
    """An empty station file, its key beside it."""
    folder.mkdir(parents=True)
    clock = SystemClock()
    station, _, staff = create_station(
        StationPaths(folder / "data"), NewStation({"name": "测试站"}, "测试员"), clock, id_source(clock),
        key_file=folder / "key",
    )  # fmt: skip
    return station, Desk(station.file, staff, working_days())


def fill(desk: Desk, ids: IdSource, cases: int) -> None:
    """People with their services, then six edits each, one a field: as an import and some months of work."""
    rng = Random(7)
    subjects = [Subject("case", ids()) for _ in range(cases)]
    for start in range(0, cases, 24):
        part = subjects[start : start + 24]

        def job(w: Writing, part: list[Subject] = part, start: int = start) -> None:
            new: list[NewOp] = []
            for n, subject in enumerate(part):
                values, _ = person(rng, start + n, TODAY, desk.actor)
                new.append(opened(subject, "case", subject.id, values))
                new += [
                    opened(subject, "service", ids(), {"content": f"{TEXT}{k}", "type": "GWTJ",
                                                       "served_on": "2026-07-15"})
                    for k in range(SERVICES)
                ]  # fmt: skip
            w.append_new(desk.actor, new, ids())

        desk.write(job).result()
    for start in range(0, cases, 80):
        part = subjects[start : start + 80]
        desk.write(lambda w, part=part: _edit(w, desk, part)).result()


def _edit(w: Writing, desk: Desk, subjects: list[Subject], fields: int = EDITS) -> None:
    names = ("phone", "address", "skills_note", "education", "community", "tier")[:fields]
    new: list[NewOp] = []
    for subject in subjects:
        state = reads.subject_state(w.con, subject)
        for name in names:
            new.append(
                fields_set(subject, "case", subject.id, {name: f"199{len(new):08}"}, state.root.bases(name))
            )
    w.append(desk.actor, new)


def sync(station: OpenStation, url: str, page_bytes: int = 256 * 1024) -> tuple[Receipt, float]:
    """One exchange as ``jobdesk sync`` makes it, and its seconds."""
    with HttpTransport(url) as line:
        began = time.perf_counter()
        receipt = synchronise(Setup(station.file, line, SystemClock(), page_bytes=page_bytes, ahead=True))
        took = time.perf_counter() - began
    if receipt.error or receipt.waiting:
        raise RuntimeError(f"{receipt.error}, {receipt.waiting} wait")
    return receipt, took


def enrolled(station: OpenStation, desk: Desk, server: Served, org: str = "s0") -> None:
    with HttpTransport(server.url) as line:
        enrol(station.file, line, server.url, server.code(org), SystemClock(), desk.actor)


def floor(owner: str, folder: Path) -> float:
    """Seconds for the same rows: COPY out of PostgreSQL, and inserts into a bare SQLite file, synced once."""
    plain = owner.replace("postgresql+psycopg", "postgresql")
    began = time.perf_counter()
    with psycopg.connect(plain) as con, sqlite3.connect(folder / "floor.db") as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        file.execute("CREATE TABLE op(op_id TEXT PRIMARY KEY, replica TEXT, hash BLOB, line BLOB)")
        with con.cursor().copy(b"COPY (SELECT op_id, replica, hash, line FROM op) TO STDOUT") as copy:
            file.executemany("INSERT INTO op VALUES (?,?,?,?)", copy.rows())
    return time.perf_counter() - began


def run(cases: int = CASES) -> list[Result]:
    folder = Path(tempfile.mkdtemp(prefix="jobdesk-bench-"))
    try:
        with served() as server:
            return _measure(server, folder, cases)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(server: Served, folder: Path, cases: int) -> list[Result]:
    one, desk = new_desk(folder / "one")
    fill(desk, id_source(SystemClock()), cases)
    enrolled(one, desk, server)
    up, _ = sync(one, server.url)
    two, other = new_desk(folder / "two")
    enrolled(two, other, server)
    first: list[float] = []
    began = time.perf_counter()

    def heard(progress: Progress) -> None:
        """The desk pushes what is its own first, and a page may hold staff alone: nobody can be worked with then."""
        if not first and progress.step == "load" and _people(two):
            first.append(time.perf_counter() - began)

    with HttpTransport(server.url) as line:
        receipt = synchronise(Setup(two.file, line, SystemClock(), heard, ahead=True))
    whole = time.perf_counter() - began
    if receipt.error or receipt.came_ops < cases * EACH:
        raise RuntimeError(f"{receipt.error}: {receipt.came_ops} came")
    bare = floor(server.owner, folder)
    found = [
        Result(f"a new PC gets {receipt.came_ops:,} operations of {cases:,} files", whole, "s", bare,
               "COPY of the same rows and bare inserts", "≤ 20 s", whole <= 20),
        Result("the first people of it can be worked with", first[0], "s"),
        Result("bytes an operation on the wire, a station's months pushed", up.bytes_sent / up.sent_ops, "B"),
        Result("bytes an operation on the wire, the new PC", receipt.bytes_received / receipt.came_ops, "B"),
    ]  # fmt: skip
    found += pouch.run(cases, EACH, whole)
    people = _subjects(two)
    desk_two = Desk(two.file, other.actor, working_days())
    for start in range(0, len(people), 100):
        part = people[start : start + 100]
        desk_two.write(lambda w, part=part: _edit(w, desk_two, part, 2)).result()
    sent, up_s = sync(two, server.url)
    came, down_s = sync(one, server.url)
    found += [
        Result(f"a day's {sent.sent_ops:,} changes go up", up_s, "s", None, "", "≤ 3 s", up_s <= 3),
        Result(f"the same {came.came_ops:,} come down", down_s, "s", None, "", "≤ 3 s", down_s <= 3),
        Result("bytes an operation on the wire, the day's changes", sent.bytes_sent / sent.sent_ops, "B"),
        Result(
            "an exchange with nothing to say", min(sync(one, server.url)[1] for _ in range(5)) * 1000, "ms"
        ),
    ]
    one.close()
    two.close()
    return found


def _people(station: OpenStation) -> int:
    """Who stands in its ledger."""
    return int(
        station.file.read(lambda con: con.execute("SELECT count(*) FROM case_row").fetchone()[0]).result()
    )


def _subjects(station: OpenStation) -> list[Subject]:
    asked = "SELECT DISTINCT subject_id FROM op WHERE subject_kind='case' LIMIT 500"
    rows = station.file.read(lambda con: con.execute(asked).fetchall()).result()
    return [Subject("case", str(r[0])) for r in rows]
