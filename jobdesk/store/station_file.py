"""The station file: append an action, fold what it touches, write its rows, journal it. One door.

Everything that changes the file goes through ``Writing.append``; everything that is shown comes from
rows. A save is acknowledged after its commit and the attempt to journal it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TypeVar, cast

from jobdesk.cases.clock import Clock
from jobdesk.cases.codec import GENESIS
from jobdesk.cases.errors import DamagedFile
from jobdesk.cases.fold import Folding, fold_new
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import RULES, NewOp, Op, Shape, Subject
from jobdesk.cases.state import RecordKey, SubjectState
from jobdesk.host.restricted import restricting
from jobdesk.store import local, signing, writable
from jobdesk.store.journaling import Health, Journaling
from jobdesk.store.log import Connection, Log, Tip, insert, ops_of_subject, read_tip
from jobdesk.store.projection import project, project_new
from jobdesk.store.work import Work

T = TypeVar("T")
FOLDS_KEPT = 64
"""What is usual (``StationFile.folds_kept``): the files somebody works on, not a whole station."""
STATION_SUBJECT = "station_subject"
"""Fact of the file: subject under which its station is known to everybody; absent before enrolment."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an action changed.

    Attributes:
        action_id: names it for undo.
        subjects: everything touched, and files that count it as their own, for screens that show it.
        ops: the operations as written.
    """

    action_id: str
    subjects: frozenset[Subject]
    ops: tuple[Op, ...] = ()


class Writing:
    """One transaction on the writer thread. Use it inside the job only."""

    def __init__(self, con: Connection, file: StationFile) -> None:
        self.con = con
        self._file = file
        self.tip: Tip | None = None
        self.touched: set[Subject] = set()
        self.ops: list[Op] = []
        """Appended so far: what the journal gets after the commit."""
        self.journal_from: int | None = None
        """Operations behind this position changed their place in a chain: the journal gets them once more."""
        self.unread: list[bytes] = []
        """Lines kept for a newer program: the journal gets them after the commit."""
        self.erasing = False
        """Payloads went: the journal gives them up after the commit."""

    @property
    def clock(self) -> Clock:
        return self._file.clock

    @property
    def somebody_waits(self) -> bool:
        """Whether somebody else waits to write: a long transaction may end here."""
        return self._file.work.somebody_waits

    @property
    def new_id(self) -> IdSource:
        return self._file.ids

    @property
    def station_subject(self) -> str:
        return self._file.station_subject

    def state(self, subject: Subject) -> SubjectState:
        """A subject as its operations fold now (folded in memory, kept between saves)."""
        return self._file.folding(self.con, subject).state()

    def append(self, actor: str, new: Iterable[NewOp], action_id: str | None = None) -> Changes:
        """Append one action, fold the touched subjects, write their rows. What is restricted gets an
        operation of its own (``cases.restricting``).

        Raises:
            Refused: more than 500 operations; see ``writable.check``.
        """
        action = action_id or self._file.ids()
        todo = signing.signed(self.con, actor, self.station_subject, restricting().composed(new))
        writable.check(self.con, todo)
        ops, tip = self._file.log.stamp_all(todo, actor, action)
        if not ops:
            return Changes(action, frozenset())
        self._file.log.tip = self.tip = tip
        insert(self.con, ops)
        self.ops += ops
        others = self._fold_in(ops)
        return Changes(action, frozenset(others.union(op.subject for op in ops)), tuple(ops))

    def append_new(self, actor: str, new: Iterable[NewOp], action_id: str) -> Changes:
        """Append an action that touches only subjects with no operations yet (bulk import)."""
        todo = restricting().composed(new)
        writable.check(self.con, todo, fresh=True)
        ops, tip = self._file.log.stamp_all(todo, actor, action_id)
        self._file.log.tip = self.tip = tip
        insert(self.con, ops)
        self.ops += ops
        by: dict[Subject, list[Op]] = {}
        for op in ops:
            by.setdefault(op.subject, []).append(op)
        others = project_new(self.con, [fold_new(o, s) for s, o in by.items()])
        return Changes(action_id, frozenset(others.union(by)), tuple(ops))

    def refold(self, subjects: Iterable[Subject]) -> set[Subject]:
        """Write the rows of subjects anew whose operations did not come through ``append``.

        Returns:
            As ``project``: files of which only the line was written anew.
        """
        others: set[Subject] = set()
        for subject in subjects:
            self._file.forget(subject)
            self.touched.add(subject)
            others |= project(self.con, [self.state(subject)])
        return others

    def new_life(self) -> str:
        """From here on this file writes as another replica (M-8.4); returns its id. Stamps go on."""
        before = self._file.log.tip
        replica = self._file.ids()
        local.set_fact(self.con, "replica_id", replica)
        self._file.log.tip = self.tip = Tip(replica, 0, GENESIS, before.last)
        return replica

    def move_tip(self, tip: Tip) -> None:
        """The chain of the present life ends here now: operations of another one were taken up into it."""
        self._file.log.tip = self.tip = tip

    @property
    def chain(self) -> Tip:
        """Where the chain of the present life ends."""
        return self._file.log.tip

    def _fold_in(self, ops: list[Op]) -> set[Subject]:
        by: dict[Subject, list[Op]] = {}
        for op in ops:
            by.setdefault(op.subject, []).append(op)
        touched: dict[Subject, set[RecordKey]] = {}
        states: list[SubjectState] = []
        self.touched.update(by)
        for subject, mine in by.items():
            # inserted above, so a fold loaded now has them already; adding again changes nothing
            states.append(self._file.folding(self.con, subject).extend(mine).state())
            keys = touched_records(mine)
            if keys is not None:
                touched[subject] = keys
        return project(self.con, states, touched)


def touched_records(ops: Iterable[Op]) -> set[RecordKey] | None:
    """Records whose rows these operations can change; None when it may be all of them."""
    keys: set[RecordKey] = set()
    for op in ops:
        if RULES[op.kind].shape in (Shape.WITHDRAW, Shape.ERASE) or op.payload is None:
            return None
        keys.add((cast(str, op.payload["record"]), cast(str, op.payload["id"])))
    return keys


class StationFile:
    """An open station file.

    Attributes:
        journaling: the second copy of what is committed.
        folds_kept: subjects whose fold stays in memory between saves.
        opening: a word of this opening alone; what was told in the file under another one is over.
        station_id: of this file, for ever (its journal is named by it).
        station_subject: subject of the station's own record; that of the station's stream once enrolled.
    """

    def __init__(self, path: Path, key: bytes, clock: Clock, ids: IdSource, *, writable: bool) -> None:
        self.path = path
        self.clock = clock
        self.ids = ids
        self.writable = writable
        self.folds_kept = FOLDS_KEPT
        self.opening = token_hex(8)
        self._folds: OrderedDict[Subject, Folding] = OrderedDict()
        self.work = Work(path, key, writable=writable)
        self.journaling = Journaling(path, self.work.distrust)
        try:
            facts = self.work.read(local.facts).result()
            if "replica_id" not in facts:
                raise DamagedFile("station_unfinished", path=str(path))
            self.station_id = facts["station_id"]
            self.station_subject = facts.get(STATION_SUBJECT, self.station_id)
            self.facts: Mapping[str, str] = facts
            tip = self.work.read(lambda con: read_tip(con, facts["replica_id"])).result()
        except (ValueError, TypeError, AttributeError) as error:  # the last operation is no operation
            self.work.close()
            raise DamagedFile("damaged_file", path=str(path)) from error
        except BaseException:
            self.work.close()
            raise
        self.log = Log(tip, clock, ids)

    @property
    def replica_id(self) -> str:
        """The life that writes now; another one after a fork was found."""
        return self.log.tip.replica_id

    @property
    def health(self) -> Health:
        """How the second copy stands."""
        return self.journaling.health

    # ------------------------------------------------------------------ jobs

    def write(self, job: Callable[[Writing], T]) -> Future[T]:
        """One transaction: all of it or nothing; journaled after its commit, then answered."""
        writing: list[Writing] = []
        before: list[Tip] = []

        def run(con: Connection) -> T:
            before.append(self.log.tip)
            writing.append(Writing(con, self))
            return job(writing[0])

        def failed() -> None:
            if writing:
                self.log.tip = before[0]
                for subject in writing[0].touched:
                    self.forget(subject)

        def after(con: Connection) -> None:
            done = writing[0]
            self.journaling.follow(
                con, done.ops, done.unread, again_from=done.journal_from, erasing=done.erasing
            )

        return self.work.write(run, after=after, failed=failed)

    def read(self, job: Callable[[Connection], T]) -> Future[T]:
        """A reading job on a reader thread."""
        return self.work.read(job)

    def catch_up(self) -> Future[None]:
        """Bring the journal level with the log now."""
        return self.work.on_writer(self.journaling.catch_up)

    # ------------------------------------------------------------------ folds (writer thread only)

    def folding(self, con: Connection, subject: Subject) -> Folding:
        """The fold of a subject, from memory or the log."""
        found = self._folds.get(subject)
        if found is None:
            found = Folding(subject).extend(ops_of_subject(con, subject.id))
            self._folds[subject] = found
            if len(self._folds) > self.folds_kept:
                self._folds.popitem(last=False)
        else:
            self._folds.move_to_end(subject)
        return found

    def forget(self, subject: Subject) -> None:
        """Drop a fold that may hold what was rolled back."""
        self._folds.pop(subject, None)

    def close(self) -> None:
        """Finish what was begun and close the file. Idempotent."""
        self.work.close()
