"""The province: several processes over one database in memory, its backups, its restores, its deaths."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from sqlalchemy.exc import IntegrityError

from jobdesk.cases.ids import id_source
from jobdesk.sync.transport import Answered
from province import backups, enrolling, quarantine, register
from province.contents import Store, drop_erased
from province.db.engine import EVERYTHING
from province.serving import Province
from tools import near_line
from tools.sim.ground import Ground
from tools.sim.machine import MachineClock
from tools.sim.verdicts import Said
from tools.sim.web import Web, web

PROCESSES = 3
KEPT = 3
"""Backups that the operator keeps."""


class ServerDied(Exception):
    """The process that had the request is gone; the next one goes on."""


@dataclass
class Backup:
    """A copy of the database, with the name of its mark, and of the folder of contents; ``said``: the verdicts that
    hold once it is restored; ``out``: the machines that it knows as shut out.
    """

    number: int
    content: bytes
    folder: Path
    said: Said
    out: frozenset[str]

    @property
    def name(self) -> str:
        return f"backup-{self.number}"


@dataclass
class Server:
    """All processes of one province.

    Attributes:
        register: lines of the register of the erased, as the operator keeps them apart from the backups.
        by_web: requests go through the web application; slower, so in a share of the seeds.
        dies: the process that has the next request dies before its commit stands.
        silent: it was restored, and its epoch is still the one from before.
        told_erased: subjects that the operator's last ``epoch --erased`` named.
        list_of_out: machines that were ever shut out, as the operator keeps their list; ``out``: those whom the
            server was told of since its last restore, or knew in the backup.
        said: verdicts that it gave; a restore takes back those that the backup does not know.
        took_back: the newest backup there was when the folder of contents went back last.
    """

    ground: Ground
    clock: MachineClock
    random: Random
    kept: list[Backup] = field(default_factory=list[Backup])
    register: set[str] = field(default_factory=set[str])
    made: int = 0
    dies: bool = False
    silent: bool = False
    told_erased: set[str] = field(default_factory=set[str])
    list_of_out: set[str] = field(default_factory=set[str])
    out: set[str] = field(default_factory=set[str])
    said: Said = field(default_factory=Said)
    took_back: int = 0
    written: int = 0
    by_web: bool = False
    web: Web | None = None

    def __post_init__(self) -> None:
        self.ground.fresh_server()
        self.ground.on_commit = self._at_commit
        self.db = self.ground.db
        store = Store(self.ground.fresh_folder())
        make = [Province(self.db, self.clock.now_ms, id_source(self.clock), store) for _ in range(PROCESSES)]
        self.processes: list[Province] = make
        self.store = store

    @property
    def one(self) -> Province:
        return self.random.choice(self.processes)

    def has_content(self, digest: str) -> bool:
        """Whole, under its digest; read past its code."""
        path = self.store.folder / digest[:2] / digest
        return path.exists() and sha256(path.read_bytes()).hexdigest() == digest

    # ------------------------------------------------------------------ its operator

    def code(self, org: str, role: str) -> str:
        while True:  # who comes between twice in one step may draw alike, and asks for another code
            with contextlib.suppress(IntegrityError), self.db.writing(EVERYTHING) as con:
                return enrolling.issue_code(con, org, role, self.clock.now_ms())

    def revoke(self, device: str) -> None:
        with self.db.writing(EVERYTHING) as con:
            known = enrolling.revoke(con, device, "stolen", self.clock.now_ms())
        if known:
            self.list_of_out.add(device)
            self.out.add(device)

    def back_up(self) -> None:
        self.made += 1
        folder = self.ground.fresh_folder()
        shutil.copytree(self.store.folder, folder, dirs_exist_ok=True)
        with self.db.writing(EVERYTHING) as con:
            backups.mark(con, f"backup-{self.made}", self.clock.now_ms())
        self.kept.append(
            Backup(self.made, self.ground.con.serialize(), folder, dict(self.said), frozenset(self.out))
        )
        while len(self.kept) > KEPT:
            with self.db.writing(EVERYTHING) as con:
                backups.drop(con, self.kept[0].name, self.clock.now_ms())
            shutil.rmtree(self.kept.pop(0).folder)

    def restore(self, which: int, *, told: bool, contents: bool) -> None:
        """An older copy takes the place. ``told``: the operator runs ``epoch --erased --revoked``, as written.
        ``contents``: their folder goes back with the database. What was told of that is not taken back: nobody
        but the new epoch says that contents are missing, and a backup from before it would say the old one again.
        """
        self.keep_register()
        at = which % len(self.kept)
        told = told or self.kept[at].number <= self.took_back
        self.ground.con.deserialize(self.kept[at].content)
        self.said = dict(self.kept[at].said)
        if contents:
            shutil.rmtree(self.store.folder)
            shutil.copytree(self.kept[at].folder, self.store.folder)
            self.took_back = self.made
        del self.kept[at + 1 :]
        self.silent = not told
        self.told_erased = {e.subject for e in register.read(self.register)} if told else set()
        self.out = set(self.list_of_out if told else self.kept[at].out)
        if told:
            with self.db.writing(EVERYTHING) as con:
                backups.restored(con, sorted(self.register), self.clock.now_ms(), sorted(self.list_of_out))
            drop_erased(self.db, self.store)

    def keep_register(self) -> None:
        with self.db.reading(EVERYTHING) as con:
            self.register |= {*register.written(con)}

    def release_all(self, to: Mapping[str, str]) -> bool:
        """A person lists what was kept apart where he knows that it belongs (action → station); whether there
        was any.
        """
        with self.db.reading(EVERYTHING) as con:
            waiting = quarantine.newest_first(quarantine.waiting(con))
        secret, listed = self.one.me().person_secret, False
        for kept in waiting:
            if kept.action in to:
                listed = True
                with contextlib.suppress(LookupError):  # one before it on this list settled it too
                    quarantine.release(
                        self.db, kept.action, secret, self.clock.now_ms(), to=to[kept.action] or None
                    )
        drop_erased(self.db, self.store)
        return listed

    def _at_commit(self) -> None:
        """Only where something was written: a reading transaction has nothing to lose."""
        if self.dies and self.ground.con.total_changes > self.written:
            self.dies = False
            raise ServerDied

    # ------------------------------------------------------------------ requests

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """By any process; in some seeds through the web application."""
        self.written = self.ground.con.total_changes
        if self.by_web:
            if self.web is None:
                self.web = web(self.one, self.clock)
            return self.web.request(method, path, headers, body)
        return near_line.answer(self.one, method, path, headers, body)
