"""Kill -9 at random moments, open again, and prove that nothing acknowledged was lost.

``python tools/kills.py --count 200 [--seed N] [--only save,restore]``. Prints its seed; the same seed kills
at the same planned moments (the machine decides what is running then). Exit code 1 when a round failed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
sys.path.insert(0, str(ROOT))

import kill_import  # noqa: E402

from jobdesk.cases.errors import JobdeskError  # noqa: E402
from jobdesk.cases.ids import id_source  # noqa: E402
from jobdesk.host.calendar_file import working_days  # noqa: E402
from jobdesk.host.paths import StationPaths  # noqa: E402
from jobdesk.host.system_clock import SystemClock  # noqa: E402
from jobdesk.services.desk import Desk  # noqa: E402
from jobdesk.store.backup import verify  # noqa: E402
from jobdesk.store.check import check_station  # noqa: E402
from jobdesk.store.creating import NewStation, create_station  # noqa: E402
from jobdesk.store.keyslots import open_with_key_file, open_with_recovery  # noqa: E402
from jobdesk.store.log import verify_chains  # noqa: E402
from jobdesk.store.manifest import list_backups  # noqa: E402
from jobdesk.store.open_station import OpenStation  # noqa: E402
from jobdesk.store.opening import open_station  # noqa: E402
from jobdesk.store.renewing import restore_station  # noqa: E402

WEIGHTS = {
    "save": 30, "open": 12, "many": 12, "backup": 12, "restore": 12, "migrate": 8, "init": 6, "import": 8,
}  # fmt: skip
LONGEST_S = {
    "save": 0.25, "open": 0.5, "many": 0.4, "backup": 0.5, "restore": 0.9, "migrate": 0.7, "init": 0.6,
    "import": 0.9,
}  # fmt: skip
"""The latest moment after the victim is ready at which it is killed."""
LIFE = 25
"""Rounds on one station before a fresh one."""
WHOLE_EVERY = 5
READY_WITHIN_S = 60
KEPT = 3
"""Stations of failed rounds that are kept to be looked at."""


@dataclass
class Acknowledged:
    """What a victim said was saved."""

    services: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)
    actions: dict[str, int] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)
    imports: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, fact: dict[str, Any]) -> None:
        if "service" in fact:
            self.services[fact["service"]] = fact["content"]
        elif "case" in fact:
            self.cases[fact["case"]] = fact["name"]
        elif "phone" in fact:
            self.phones[fact["phone"]] = max(fact["number"], self.phones.get(fact["phone"], 0))
        elif "action" in fact:
            self.actions[fact["action"]] = fact["ops"]
        elif "blob" in fact:
            self.blobs.add(fact["blob"])
        elif "import" in fact:
            self.imports[fact["import"]] = fact

    def lacking(self, station: OpenStation) -> list[str]:
        """What was acknowledged and is not there."""

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return station.file.read(lambda con: con.execute(sql).fetchall()).result()

        services = {i: json.loads(d).get("content") for i, d in rows(
            "SELECT record_id, data FROM record_row WHERE kind = 'service'")}  # fmt: skip
        cases = {i: (n, p) for i, n, p in rows("SELECT case_id, name, phone FROM case_row")}
        actions = dict(rows("SELECT action_id, count(*) FROM op GROUP BY action_id"))
        blobs = {d for (d,) in rows("SELECT digest FROM blob")}
        found = [f"service {i}" for i, c in self.services.items() if services.get(i) != c]
        found += [f"case {i}" for i, n in self.cases.items() if cases.get(i, ("",))[0] != n]
        found += [f"phone {i}" for i, n in self.phones.items() if int(cases.get(i, ("", "0"))[1] or 0) < n]
        found += [f"action {i}" for i, n in self.actions.items() if actions.get(i) != n]
        found += [f"attachment {d[:12]}" for d in self.blobs - blobs]
        return found


class Ground:
    """One station that is killed again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SystemClock()
        self.paths = StationPaths(folder / "data", folder / "second")
        (folder / "second").mkdir(parents=True)
        self.key_file = folder / "key"
        new = NewStation({"name": "示例站", "code": "229901001"}, "于晓梅")
        station, code, _ = create_station(
            self.paths, new, self.clock, id_source(self.clock), key_file=self.key_file
        )
        station.close()
        self.code = code.text
        self.said = Acknowledged()
        self.rounds = 0

    def open(self) -> OpenStation:
        key = open_with_key_file(self.paths.keyslots, self.key_file)
        return open_station(self.paths, key, self.clock, id_source(self.clock), title="kills")

    def prove(self, *, whole: bool) -> list[str]:
        """Open once more; what is wrong, empty when all is well."""
        station = self.open()
        try:
            desk = Desk(station.file, "kills", working_days())
            wrong = kill_import.finish_and_judge(desk, self.said.imports)
            wrong += self.said.lacking(station)
            if whole:
                wrong += [f"{r.name}: {r.detail}" for r in check_station(station) if not r.ok]
            else:
                count, faults = station.file.read(verify_chains).result()
                wrong += [f"chain: {f.what}" for f in faults] + ([] if count else ["no operations"])
        finally:
            station.close()
        left = [p.name for p in self.paths.data.glob("station.re*.json")]
        return wrong + [f"left behind: {n}" for n in left]

    def disk_lost(self) -> list[str]:
        """The PC is gone: the second folder and the recovery code give everything back."""
        backups = list_backups(self.paths.backups)
        if not backups:
            return []
        elsewhere = StationPaths(self.folder / "elsewhere" / "data", self.folder / "elsewhere" / "second")
        shutil.copytree(self.folder / "second", elsewhere.second or Path())
        key = open_with_recovery(backups[0].keyslots, self.code)
        info = list_backups(elsewhere.backups)[0]
        restore_station(elsewhere, info, key.key, self.clock)
        station = open_station(elsewhere, key, self.clock, id_source(self.clock))
        try:
            wrong = kill_import.finish_and_judge(
                Desk(station.file, "kills", working_days()), self.said.imports
            )
            wrong += self.said.lacking(station)
            wrong += [f"{r.name}: {r.detail}" for r in check_station(station) if not r.ok]
        finally:
            station.close()
            shutil.rmtree(elsewhere.data.parent)
        return [f"on a new PC: {w}" for w in wrong]


def kill_once(kind: str, ground: Ground, seed: int, delay: float) -> tuple[list[dict[str, Any]], str]:
    """Start a victim, kill it ``delay`` seconds after it is ready; what it said, and why it is wrong."""
    script = ROOT / "tools" / "kill_victim.py"
    where = [str(ground.paths.data), str(ground.paths.second), str(ground.key_file), str(seed)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tools'}", "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile() as errors:
        victim = subprocess.Popen(
            [sys.executable, str(script), kind, *where],
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
        )
        facts: list[dict[str, Any]] = []
        ready = threading.Event()

        def listen() -> None:
            assert victim.stdout is not None
            for line in victim.stdout:
                if line.endswith(b"\n"):
                    facts.append(json.loads(line))
                    if "ready" in facts[-1]:
                        ready.set()
            ready.set()

        listener = threading.Thread(target=listen)
        listener.start()
        ready.wait(READY_WITHIN_S)
        time.sleep(delay)
        early = victim.poll() is not None
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        listener.join()
        if victim.stdout is not None:
            victim.stdout.close()
        errors.seek(0)
        trace = errors.read().decode("utf-8", "replace")
    if early or not any("ready" in f for f in facts):
        return facts, f"the victim ended by itself: {trace.strip()[-1500:] or victim.returncode}"
    return facts, ""


def judge_init(ground: Ground, facts: list[dict[str, Any]]) -> list[str]:
    """What was acknowledged opens with key file and recovery code; what was cut off can begin afresh."""
    wrong: list[str] = []
    made = {f["made"]: f for f in facts if "made" in f}
    for folder in [Path(f["begun"]) for f in facts if "begun" in f][-3:]:
        paths, clock = StationPaths(folder), ground.clock
        if not paths.station.exists():
            if str(folder) in made:
                wrong.append(f"acknowledged and not there: {folder.name}")
            new = NewStation({"name": "示例站", "code": "229901001"}, "于晓梅")
            create_station(paths, new, clock, id_source(clock), key_file=folder / "key")[0].close()
        key = open_with_key_file(paths.keyslots, folder / "key")
        station = open_station(paths, key, clock, id_source(clock))
        wrong += [f"{folder.name} {r.name}: {r.detail}" for r in check_station(station) if not r.ok]
        station.close()
        if str(folder) in made:
            open_with_recovery(paths.keyslots, made[str(folder)]["code"])
    for folder in ground.paths.data.glob("init*"):
        shutil.rmtree(folder)
    return wrong


def one_round(ground: Ground, kind: str, rng: random.Random, *, whole: bool) -> list[str]:
    """Kill, open, judge."""
    seed, delay = rng.randrange(2**32), rng.random() * LONGEST_S[kind]
    facts, fault = kill_once(kind, ground, seed, delay)
    for fact in facts:
        ground.said.take(fact)
    wrong = [fault] if fault else []
    try:
        if kind == "init":
            wrong += judge_init(ground, facts)
        if whole:  # the PC dies with the process: first, before the file itself is brought in order
            wrong += ground.disk_lost()
        wrong += ground.prove(whole=whole)
        if kind in ("backup", "restore"):
            key = open_with_key_file(ground.paths.keyslots, ground.key_file).key
            for info in list_backups(ground.paths.backups):
                verify(info, key)
    except JobdeskError as error:
        wrong.append(f"did not open: {type(error).__name__} {error}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only", default="", help="kinds by comma")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else int.from_bytes(os.urandom(4), "big")
    kinds = args.only.split(",") if args.only else [k for k in WEIGHTS if k != "import" or kill_import.READY]
    print(f"seed {seed}, {args.count} kills of {', '.join(kinds)}", flush=True)
    rng = random.Random(seed)
    began, failed = time.monotonic(), 0
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        ground: Ground | None = None
        for number in range(args.count):
            # every kind comes before chance decides, so that a short run leaves none out
            kind = (
                kinds[number] if number < len(kinds) else rng.choices(kinds, [WEIGHTS[k] for k in kinds])[0]
            )
            if ground is None or ground.rounds >= LIFE:
                ground = Ground(Path(folder) / f"ground{number}")
            ground.rounds += 1
            wrong = one_round(ground, kind, rng, whole=number % WHOLE_EVERY == WHOLE_EVERY - 1)
            done[kind] += 1
            if wrong:
                failed += 1
                print(f"round {number} {kind}: " + "; ".join(wrong[:6]), flush=True)
                if failed <= KEPT:
                    kept = Path(tempfile.gettempdir()) / f"kills-{seed}-{number}"
                    shutil.copytree(ground.folder, kept, dirs_exist_ok=True)
                    print(f"  the station is kept in {kept}", flush=True)
                ground = None
            elif number % 20 == 19:
                print(f"{number + 1} kills, {time.monotonic() - began:.0f} s", flush=True)
    what = ", ".join(f"{k} {n}" for k, n in sorted(done.items()))
    took = time.monotonic() - began
    print(f"{args.count - failed} passed, {failed} failed in {took:.0f} s ({what}); seed {seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
