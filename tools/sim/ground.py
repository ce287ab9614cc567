"""What a worker makes once: station files to copy, an empty province, the rules of the house."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, insert
from sqlalchemy.pool import StaticPool

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.host.paths import StationPaths
from jobdesk.store.creating import NewStation, create_station
from jobdesk.sync import carried_out
from jobdesk.sync import contents as desks
from province import contents as province_contents
from province import identity, streams
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tools.sim import entropy, inline

ORGS = (
    ("22", "省", "province", None), ("220102", "县", "county", "22"), ("t1", "甲乡", "township", "220102"),
    ("t2", "乙乡", "township", "220102"), ("a", "甲站", "station", "t1"), ("b", "乙站", "station", "t1"),
    ("d", "丁站", "station", "t2"),
)  # fmt: skip
STATIONS = ("a", "b", "d")
TEMPLATES = 7
BEGIN = FixedClock.at(2026, 7, 1)
CHUNK = 300
"""Bytes of one request for contents, on both sides: so small that a picture is cut in the middle."""


@dataclass(frozen=True, slots=True)
class Template:
    """A station file on a PC, closed."""

    folder: Path
    key: bytes
    staff: str


@dataclass
class Ground:
    """Of one worker. ``fresh_server`` and ``fresh_folder`` give a world its own.

    Attributes:
        on_commit: asked before each commit of the server.
    """

    root: Path
    templates: list[Template] = field(default_factory=list[Template])
    province: bytes = b""
    folders: int = 0
    on_commit: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.con = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        engine = create_engine("sqlite://", creator=lambda: self.con, poolclass=StaticPool)
        event.listen(engine, "commit", lambda _con: self.on_commit())
        self.db = Database(engine, 1)
        entropy.entropy.source = entropy.keyed("ground")
        self._make_province()
        for n in range(TEMPLATES):
            self.templates.append(self._make_station(n))

    def _make_province(self) -> None:
        t.metadata.create_all(self.db.engine)
        with self.db.writing(EVERYTHING) as con:
            identity.found(con, "省")
            rows = [{"id": i, "name": n, "level": v, "parent": p} for i, n, v, p in ORGS]
            con.execute(insert(t.org), rows)
            for station in STATIONS:
                streams.new_stream(con, station)
        self.province = self.con.serialize()

    def _make_station(self, n: int) -> Template:
        folder = self.root / f"template{n}"
        (folder / "second").mkdir(parents=True)
        paths = StationPaths(folder / "data", folder / "second")
        clock = FixedClock(BEGIN.ms)
        new = NewStation({"name": f"第{n}台", "code": "220102001"}, f"经办人{n}")
        station, _, staff = create_station(paths, new, clock, id_source(clock), key_file=folder / "key")
        station.close()
        paths.lock.unlink(missing_ok=True)
        return Template(folder, station.key, staff)

    def fresh_server(self) -> None:
        """An empty province in the one database of this worker."""
        self.con.deserialize(self.province)

    def fresh_folder(self) -> Path:
        self.folders += 1
        made = self.root / f"w{self.folders}"
        made.mkdir()
        return made

    def scope(self, org: str) -> frozenset[str]:
        """Streams that an organisation may see as they are grouped now: the simulator's own word, held against
        the server's.
        """
        rows = self.con.execute("SELECT id, parent FROM org").fetchall()
        found = {org}
        while more := {i for i, parent in rows if parent in found} - found:
            found |= more
        return frozenset(found & set(STATIONS))

    def close(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


def _disk_without_waiting() -> None:
    """The simulated disk keeps what it is given: a sync of a file in memory proves nothing here."""
    nothing: Callable[[int], Any] = lambda _fd: None  # noqa: E731
    from jobdesk.host import paths
    from jobdesk.store import journal

    paths._file_system = lambda _path, _mounts: "tmpfs"  # asked at every opening, the same all day
    os.fsync = nothing  # type: ignore[assignment]
    os.fdatasync = nothing  # type: ignore[assignment]
    journal._sync_data = nothing


def _small_chunks() -> None:
    """For this process: an upload of a thousand bytes is one of many requests."""
    modules: tuple[Any, ...] = (desks, province_contents, carried_out)
    for module in modules:
        module.BLOB_CHUNK_BYTES = CHUNK


def _sweep(place: Path) -> None:
    """Folders of runs that were killed: nobody else clears memory away."""
    for left in place.glob("sim-*-*"):
        runner = left.name.split("-")[1]
        if runner.isdigit() and not Path("/proc", runner).exists():
            shutil.rmtree(left, ignore_errors=True)


def make_ground() -> Ground:
    """Take this process over: nothing else may run in it."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else None
    _sweep(place or Path(tempfile.gettempdir()))
    root = Path(tempfile.mkdtemp(prefix=f"sim-{os.getppid()}-", dir=place))
    logging.disable()  # the server says a line a request
    inline.take_over()
    entropy.take_over()
    _small_chunks()
    _disk_without_waiting()
    made = Ground(root)
    gc.collect()
    gc.freeze()  # the whole program stays: nobody has to look through it again
    gc.set_threshold(20_000, 20, 20)
    return made
