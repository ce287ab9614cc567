"""A desk's process: it saves and syncs without end until it is told to stop or killed.

``python -m tools.chaos.driver COMMAND FOLDER …``; each line on stdout is one JSON object, written only after
what it names was committed. Commands: ``init NAME``, ``enrol SERVER CODE``, ``work SEED``, ``restore``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from random import Random

from jobdesk.cases.errors import JobdeskError, Refused
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.host.system_clock import SystemClock
from jobdesk.services.desk import Desk
from jobdesk.store import ledger, sync_facts
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.manifest import list_backups
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from jobdesk.sync.engine import Setup, synchronise
from jobdesk.sync.enrolling import enrol
from jobdesk.sync.http_transport import HttpTransport

CLOCK = SystemClock()
READ_S, LONGEST_READ_S = 3.0, 24.0
"""Own figures: a black hole is given up after this, so that a short run meets many; and after so long once exchanges
broke off again and again, so that a busy machine is not taken for one.
"""
SAVES_S = 0.12
"""Mean pause between two saves (own figure): a minute has some hundred of them on each desk."""


def say(**fact: object) -> None:
    """One line, at once: what follows it in the file was not committed yet."""
    os.write(1, json.dumps(fact, ensure_ascii=False).encode() + b"\n")


def patience_s(broken_off: int) -> float:
    """How long to wait for bytes after so many exchanges in a row that broke off."""
    return min(READ_S * 2 ** min(max(broken_off - 1, 0), 8), LONGEST_READ_S)


def paths_of(folder: Path) -> StationPaths:
    return StationPaths(folder / "data", folder / "second")


def opened_station(folder: Path) -> OpenStation:
    key = open_with_key_file(paths_of(folder).keyslots, folder / "key")
    return open_station(paths_of(folder), key, CLOCK, id_source(CLOCK), title="chaos")


def init(folder: Path, name: str) -> None:
    (folder / "second").mkdir(parents=True)
    new = NewStation({"name": "示例站", "code": "229901001"}, name)
    station, _, _ = create_station(paths_of(folder), new, CLOCK, id_source(CLOCK), key_file=folder / "key")
    station.close()


def become(folder: Path, server: str, code: str) -> None:
    station = opened_station(folder)
    with HttpTransport(server) as line:
        enrol(station.file, line, server, code, CLOCK, "chaos")
    station.close()


def restore(folder: Path) -> None:
    """The newest backup takes the place of the file; the journal follows at the next opening."""
    key = open_with_key_file(paths_of(folder).keyslots, folder / "key")
    found = list_backups(paths_of(folder).backups)
    if found:
        restore_station(paths_of(folder), found[0], key.key, CLOCK)
    say(restored=bool(found))


class Worker:
    """Saves on this thread, exchanges on another, as in the window."""

    def __init__(self, folder: Path, seed: int, others: list[str]) -> None:
        self.rng = Random(seed)
        self.others = others
        self.above = not others  # a desk above stations: people begin at a station
        self.ending = threading.Event()
        self.station = opened_station(folder)
        self.desk = Desk(self.station.file, "chaos", working_days())
        self.syncing = threading.Thread(target=self.sync, args=(seed,))
        signal.signal(signal.SIGTERM, lambda *_: self.ending.set())

    def run(self) -> None:
        say(ready=True)
        self.syncing.start()
        while not self.ending.wait(self.rng.expovariate(1 / SAVES_S)):
            if self.rng.random() < 0.01:
                say(backup=back_up(self.station, "daily").result().path.name)
            else:
                self.save()
        self.syncing.join()
        self.station.close()
        say(closed=True)

    def save(self) -> None:
        """One action; its operations are told once they are durable."""
        listed = self.desk.read(lambda con: ledger.find_ids(con, ledger.LedgerQuery(state="")).ids).result()
        chance = self.rng.random()
        if not self.above and (len(listed) < 4 or chance < 0.12):
            case = self.desk.new_id()
            todo = [opened(Subject("case", case), "case", case, {"name": "赵某", "help_state": "open"})]
        else:
            todo = self._change(self.rng.choice(listed), chance) if listed else []
        if todo:
            try:
                done = self.desk.act(todo).result()
            except Refused as refused:
                if refused.code != "subject_erased":  # told between the look and the save
                    raise
                return
            say(
                saved={op.op_id: op.subject.id for op in done.ops},
                erased={op.op_id: op.subject.id for op in done.ops if op.kind is Kind.ERASED},
            )

    def _change(self, case: str, chance: float) -> list[NewOp]:
        subject, state = Subject("case", case), self.desk.case(case).result()
        if not state.exists:
            return []
        if chance < 0.6:
            values = {"content": self.desk.new_id()}
            records = range(self.rng.choice((1, 1, 3, 20)))
            return [opened(subject, "service", self.desk.new_id(), values) for _ in records]
        if chance < 0.97:
            name = self.rng.choice(("phone", "address"))
            value = {name: f"{self.rng.randrange(10**6)}"}
            return [fields_set(subject, "case", case, value, state.root.bases(name))]
        if chance < 0.985 and self.others:
            to = {"station": self.rng.choice(self.others)}
            return [fields_set(subject, "case", case, to, state.root.bases("station"), kind=Kind.TRANSFERRED)]
        return [NewOp(Kind.ERASED, subject, {"reason": "request"})] if chance > 0.995 else []

    def sync(self, seed: int) -> None:
        rng = Random(seed + 1)
        server = self.station.file.read(lambda con: sync_facts.get(con, "server")).result()
        broken_off = 0
        while not self.ending.wait(rng.random() * 0.8):
            with HttpTransport(server, read_s=patience_s(broken_off)) as line:
                try:
                    receipt = synchronise(
                        Setup(self.station.file, line, CLOCK, page_bytes=rng.choice((4_000, 256 * 1024)), ahead=True,
                              stopped=self.ending.is_set)
                    )  # fmt: skip
                except JobdeskError as fault:
                    say(broken=f"{type(fault).__name__} {fault}")
                    self.ending.set()
                    return
            broken_off = broken_off + 1 if receipt.error else 0
            say(synced=receipt.error or "well", repaired=receipt.repaired, apart=receipt.apart,
                waiting=receipt.waiting)  # fmt: skip


def main(argv: list[str]) -> int:
    command, folder, *rest = argv
    match command:
        case "init":
            init(Path(folder), rest[0])
        case "enrol":
            become(Path(folder), rest[0], rest[1])
        case "restore":
            restore(Path(folder))
        case _:
            Worker(Path(folder), int(rest[0]), rest[1:]).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
