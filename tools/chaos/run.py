"""One run: a province, desks behind a bad line, and what befalls them, all from one seed."""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tools.chaos.desks import DeskProcess, Said
from tools.chaos.line import CALM, Line, some_weather
from tools.live_province import DATABASE, LiveProvince

STATIONS = ("220102001001", "220102002001")
COUNTY = "220102"
PACE_S = (0.2, 1.2)
"""Pauses between two things that befall (own figure)."""
EXCHANGES_WITHIN_S = 8.0
"""So long a restore of the server waits for desks to come through (own figure): in some weathers nobody does."""
MOST_IDLE = 200
"""So often one kind of thing may be impossible (own figure): a desk makes its first backup after some seconds."""


@dataclass
class Run:
    """Set up with ``begin``; ``disturb`` until the time is over; ``end`` before anything is judged."""

    folder: Path
    seed: int
    processes: int = 2
    said: Said = field(default_factory=Said)
    events: Counter[str] = field(default_factory=Counter[str])
    desks: list[DeskProcess] = field(default_factory=list[DeskProcess])
    faults: list[str] = field(default_factory=list[str])
    made: int = 0
    idle: Counter[str] = field(default_factory=Counter[str])

    def begin(self) -> None:
        """Two desks of one station, one of another, one above both."""
        self.rng = Random(self.seed)
        self.live = LiveProvince(self.folder / "province", self.processes, durable=False)
        self.live.start_all()
        self.line = Line(self.live.ports, self.seed)
        self.backups: list[Path] = []
        for name, org in (("a1", STATIONS[0]), ("a2", STATIONS[0]), ("b1", STATIONS[1]), ("county", COUNTY)):
            others = tuple(s for s in STATIONS if s != org) if org in STATIONS else ()
            desk = DeskProcess(name, org, self.folder / name, others, self.said)
            desk.once("init", f"经办{name}")
            desk.once("enrol", f"http://127.0.0.1:{self.line.port}", self.live.command("code", org))
            self.desks.append(desk)
        for desk in self.desks:
            desk.start(self.rng.randrange(2**32))
        for desk in self.desks:
            self._wait(desk)
        self._base_backup()

    def disturb(self, seconds: float) -> None:
        """Every kind of thing once, in an order of chance, however long a busy machine takes for it; then chance
        alone until the time is over. Counted is what was done: what could not be yet has its turn again.
        """
        until = time.monotonic() + seconds
        kinds = self._kinds()
        names, weights = list(kinds), [w for w, _ in kinds.values()]
        first = [*names]
        self.rng.shuffle(first)
        while (first or time.monotonic() < until) and not self.faults:
            name = first.pop() if first else self.rng.choices(names, weights)[0]
            if kinds[name][1]():
                self.events[name] += 1
            elif not self.events[name]:
                self.idle[name] += 1
                first.insert(0, name)
                if self.idle[name] > MOST_IDLE:
                    self.faults.append(
                        f"nothing was tested of: {name}, which could not be done {MOST_IDLE} times"
                    )
            time.sleep(self.rng.uniform(*PACE_S))
            for desk in self.desks:
                if why := desk.died_by_itself():
                    self.faults.append(why)

    def _kinds(self) -> dict[str, tuple[int, Callable[[], bool]]]:
        """Name to weight and what does it, which says whether it could."""
        return {
            "weather": (6, self._weather),
            "desk killed": (8, self._kill_desk),
            "desk frozen": (4, self._freeze_desk),
            "desk restored": (3, self._restore_desk),
            "desk cloned": (1, self._clone_desk),
            "server process killed": (6, self._kill_server),
            "server process frozen": (3, self._freeze_server),
            "PostgreSQL killed": (3, self._kill_postgres),
            "backend frozen": (3, self._freeze_backend),
            "base backup": (3, self._base_backup),
            "server restored": (3, self._restore_server),
        }

    def end(self) -> None:
        """The faults stop, everybody closes, everything serves."""
        self.line.weather = CALM
        for desk in self.desks:
            desk.freeze(signal.SIGCONT)
        for desk in self.desks:
            if not desk.end() and not self.faults:
                self.faults.append(f"{desk.name} did not close: {_tail(desk.errors)}")
        for port in self.live.ports:
            self.live.wait_ready(port)

    def close(self) -> None:
        for desk in self.desks:
            desk.kill()
        self.line.close()
        self.live.close()

    @property
    def url(self) -> str:
        return self.live.postgres.url(DATABASE, "owner")

    # ------------------------------------------------------------------ what befalls

    def _weather(self) -> bool:
        self.line.weather = some_weather(self.rng)
        return True

    def _kill_desk(self) -> bool:
        desk = self.rng.choice(self.desks)
        desk.kill()
        self._again(desk)
        return True

    def _again(self, desk: DeskProcess) -> None:
        desk.start(self.rng.randrange(2**32))

    def _freeze_desk(self) -> bool:
        desk = self.rng.choice(self.desks)
        desk.freeze(signal.SIGSTOP)
        time.sleep(self.rng.uniform(0.2, 2))
        desk.freeze(signal.SIGCONT)
        return True

    def _restore_desk(self) -> bool:
        """One that has a backup to be restored from: without one nothing would be."""
        found = [desk for desk in self.desks if desk.backups]
        if not found:
            return False
        desk = self.rng.choice(found)
        desk.kill()
        done = desk.once("restore")
        self._again(desk)
        return done == {"restored": True}

    def _clone_desk(self) -> bool:
        """Closed, copied, both go on. A run has few: each is one more process."""
        desk = self.rng.choice(self.desks[:3])
        if len(self.desks) >= 6:
            return False
        desk.kill()
        other = desk.clone(f"{desk.name}-clone{len(self.desks)}")
        self.desks.append(other)
        self._again(desk)
        self._again(other)
        return True

    def _kill_server(self) -> bool:
        port = self.rng.choice(self.live.ports)
        self._all_serve()
        self.live.kill(port)
        time.sleep(self.rng.uniform(0, 0.5))
        self.live.start(port)
        return True

    def _freeze_server(self) -> bool:
        port = self.rng.choice(self.live.ports)
        self.live.freeze(port, signal.SIGSTOP)
        time.sleep(self.rng.uniform(0.2, 4))
        self.live.freeze(port, signal.SIGCONT)
        return True

    def _kill_postgres(self) -> bool:
        self._all_serve()
        self.live.postgres.kill()
        time.sleep(self.rng.uniform(0, 0.5))
        self.live.postgres.start()
        return True

    def _freeze_backend(self) -> bool:
        """One connection's process stands still with whatever it has locked."""
        return self.live.postgres.freeze_backend(self.rng, self.rng.uniform(0.2, 2))

    def _base_backup(self) -> bool:
        """The mark first, then the backup, as ``docs/how-to/province.md`` says."""
        self.made += 1
        name = f"base{self.made}"
        target = self.live.postgres.folder / name
        self.live.command("backup", name)
        self.live.postgres.base_backup(target)
        self.backups.append(target)
        if len(self.backups) > 3:  # the oldest can no longer be restored, and the server is told
            oldest = self.backups.pop(0)
            shutil.rmtree(oldest)
            self.live.command("backup", oldest.name, "--dropped")
        return True

    def _restore_server(self) -> bool:
        """As the runbook: stop, the register of the erased, restore, a new epoch, start."""
        self._all_serve()
        self._some_exchanges()
        register = self.folder / "erased.txt"
        self.live.kill_all()
        self.live.command("erased", "--to", str(register))
        self.live.postgres.restore(self.rng.choice(self.backups))
        self.live.command("epoch", "--erased", str(register), "--none-erased")
        for port in self.live.ports:
            self.live.start(port)
        self.live.wait_ready(self.live.ports[0])  # else a slow machine has nobody left who answers
        return True

    def _all_serve(self) -> None:
        """Else a slow machine has nobody left who answers, and nothing is put to the test."""
        for port in self.live.ports:
            self.live.wait_ready(port)

    def _some_exchanges(self) -> None:
        """A server that is restored before anybody could send it anything loses nothing."""
        until = time.monotonic() + EXCHANGES_WITHIN_S
        before = self._well()
        while self._well() < before + len(self.desks) and time.monotonic() < until:
            time.sleep(0.1)

    def _well(self) -> int:
        return self.said.counted["exchanges"] - sum(self.said.errors.values())

    def _wait(self, desk: DeskProcess) -> None:
        if not desk.ready.wait(90) or not desk.lives:
            raise RuntimeError(f"{desk.name} does not open: {_tail(desk.errors)}")


def _tail(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")[-1500:]
