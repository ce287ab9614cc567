"""A PC with a station file: its clock, its clerk, its deaths, its copies."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import NewOp, Op, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.host.paths import StationPaths
from jobdesk.store import local, reads, sync_facts, sync_state
from jobdesk.store.log import Connection
from jobdesk.store.manifest import BackupInfo, list_backups
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.withheld import HEADER_ONLY
from tools.sim.ground import Template
from tools.sim.inline import InlineWork

T = TypeVar("T")


@dataclass
class Time:
    """True time, which nobody in the simulation can read."""

    ms: int


@dataclass
class MachineClock:
    """A machine's own idea of it; never below 1970, as no system's is."""

    time: Time
    skew: int = 0

    def now_ms(self) -> int:
        return max(self.time.ms + self.skew, 1)


@dataclass
class Form:
    """A form that somebody loaded and has not saved: what it knew then."""

    case: str
    bases: Mapping[str, list[str]]


@dataclass
class Machine:
    """One PC.

    Attributes:
        org, role: where it was enrolled; empty before.
        program: version of the program on it (see ``upgrades``).
        wants: organisation and role that its enrolment code is for; ``code`` while one was given out.
        busy: an exchange of it is under way.
        answers: those from sticks that this file knows it has read.
        lives: lives of its file that somebody wrote in, also those that a restored backup does not know: what the
            journal brings of them is still this PC's own.
    """

    name: str
    folder: Path
    template: Template
    clock: MachineClock
    org: str = ""
    role: str = "desk"
    program: int = 1
    wants: tuple[str, str] = ("", "desk")
    code: str = ""
    busy: bool = False
    forms: list[Form] = field(default_factory=list[Form])
    last_action: list[Op] = field(default_factory=list[Op])
    answers: list[bytes] = field(default_factory=list[bytes])
    lives: set[str] = field(default_factory=set[str])
    station: OpenStation = field(init=False)

    @classmethod
    def new(cls, name: str, folder: Path, template: Template, clock: MachineClock) -> Machine:
        """A PC with a new station file."""
        shutil.copytree(template.folder, folder)
        made = cls(name, folder, template, clock)
        made.open()
        return made

    @property
    def paths(self) -> StationPaths:
        return StationPaths(self.folder / "data", self.folder / "second")

    @property
    def key(self) -> bytes:
        return self.template.key

    def open(self) -> None:
        self.station = open_station(self.paths, self.key, self.clock, id_source(self.clock))

    def close(self) -> None:
        self.station.close()

    def died(self) -> None:
        """The process is gone; what stands on the disk stands there, the write-ahead log too."""
        work: Any = self.station.file.work
        assert isinstance(work, InlineWork)
        on_disk = [self.paths.station.with_name(self.paths.station.name + end) for end in ("", "-wal")]
        kept = [(path, path.read_bytes()) for path in on_disk if path.exists()]
        work.end()
        for path, content in kept:
            path.write_bytes(content)
        self.paths.station.with_name(self.paths.station.name + "-shm").unlink(missing_ok=True)
        if self.station.journal is not None:
            self.station.journal.close()
        if self.station.held is not None:
            self.station.held.release()

    def reopen(self) -> None:
        self.close()
        self.open()

    # ------------------------------------------------------------------ work

    def read(self, job: Callable[[Connection], T]) -> T:
        return self.station.file.read(job).result()

    def act(self, ops: Sequence[NewOp], contents: Sequence[bytes] = ()) -> Changes:
        """One action of the clerk, with the bytes that it names."""
        staff, listed = self.template.staff, list(ops)

        def job(w: Writing) -> Changes:
            self.lives.add(w.chain.replica_id)
            for content in contents:
                local.put_blob(w.con, content)
            return w.append(staff, listed)

        return self.station.file.write(job).result()

    def state(self, subject: Subject) -> SubjectState:
        return self.read(lambda con: reads.subject_state(con, subject))

    def cases(self) -> list[str]:
        """Files that stand here, with their payloads. Of one of another station that was merged into one of ours
        only the merge is here: no list shows it, and nobody can write in it.
        """
        query = """SELECT case_id FROM case_row c WHERE EXISTS (
            SELECT 1 FROM op WHERE op.subject_id = c.case_id AND op.kind NOT IN ('Merged', 'Unmerged'))
            ORDER BY case_id"""
        return self.read(lambda con: [r[0] for r in con.execute(query).fetchall()])

    def fact(self, key: sync_facts.Key) -> str:
        return self.read(lambda con: sync_facts.get(con, key))

    def op_ids(self) -> set[str]:
        """Everything in the log, and what only a newer program could read; of what is withheld here somebody
        else has the thing.
        """
        query = f"SELECT op_id FROM op WHERE NOT {HEADER_ONLY} UNION SELECT op_id FROM unread_op"
        return self.read(lambda con: {r[0] for r in con.execute(query).fetchall()})

    def gone_with_stream(self) -> set[str]:
        """What is blank here since a stream left the scope of this desk above: no copy (M-5.6, the price)."""
        query = """SELECT op.op_id FROM op JOIN left_subject l ON l.subject_id = op.subject_id
            WHERE op.payload IS NULL AND json_valid(l.said) AND json_extract(l.said, '$.with_stream') <> ''"""
        return self.read(lambda con: {r[0] for r in con.execute(query).fetchall()})

    def every_op_id(self) -> set[str]:
        """The same with what is withheld here: what a death may take nothing of."""
        query = "SELECT op_id FROM op UNION SELECT op_id FROM unread_op"
        return self.read(lambda con: {r[0] for r in con.execute(query).fetchall()})

    def of_erased(self) -> set[str]:
        """What is blank since somebody was erased. A header that a desk above was told is not known from the
        rest then; in a backup of before it is.
        """
        query = "SELECT op_id FROM op WHERE subject_id IN (SELECT subject_id FROM erased) AND payload IS NULL"
        return self.read(lambda con: {r[0] for r in con.execute(query).fetchall()})

    def waiting(self) -> int:
        return self.read(sync_state.waiting)

    # ------------------------------------------------------------------ copies

    def back_up(self) -> None:
        back_up(self.station, "test").result()

    def backups(self) -> list[BackupInfo]:
        """The newest first."""
        return list_backups(self.paths.backups)

    def restore(self, which: int, *, journal: bool) -> None:
        """A backup takes the place of the file. Without ``journal`` the second folder has nothing later."""
        found = self.backups()
        chosen = found[which % len(found)]
        self.close()
        if not journal:
            shutil.rmtree(self.paths.journal)
            self.paths.journal.mkdir()
            for later in found[: which % len(found)]:
                later.path.unlink()
        restore_station(self.paths, chosen, self.key, self.clock)
        if not journal:
            for old in self.paths.data.glob("station.replaced-*"):
                old.unlink()
        self.open()
        self.forms.clear()
        self.answers.clear()

    def clone_from(self, other: Machine) -> None:
        """This PC's disk becomes a copy of another's, program closed."""
        self.close()
        other.close()
        shutil.rmtree(self.folder)
        shutil.copytree(other.folder, self.folder)
        self.template, self.org, self.role = other.template, other.org, other.role
        self.wants, self.code = other.wants, other.code
        self.program = other.program
        self.forms = list(other.forms)
        self.last_action = list(other.last_action)
        self.answers, self.lives = list(other.answers), set(other.lives)
        other.open()
        self.open()

    def begin_anew(self, template: Template) -> None:
        """The disk is gone; a new program, a new station file."""
        self.close()
        shutil.rmtree(self.folder)
        shutil.copytree(template.folder, self.folder)
        self.template, self.org, self.code = template, "", ""
        self.forms.clear()
        self.last_action = []
        self.answers.clear()
        self.lives.clear()
        self.open()
