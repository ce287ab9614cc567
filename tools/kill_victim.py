"""What is killed: a process that works on a station without end and says what was acknowledged.

Each line on stdout is one JSON object, written only after the work it names was acknowledged. Started by
``tools/kills.py``: ``kill_victim.py KIND DATA SECOND KEY_FILE SEED``.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

from jobdesk.cases.ids import id_source
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.host.system_clock import SystemClock
from jobdesk.services import attaching, bulk, editing, planning, registering, serving
from jobdesk.services.desk import Desk, case_subject
from jobdesk.store import ledger, local, migrating
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.log import Connection
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up, last_backup

PNG = b"\x89PNG\r\n\x1a\n"


def say(**fact: object) -> None:
    """One line, at once: what follows it in the file was not acknowledged yet."""
    os.write(1, json.dumps(fact, ensure_ascii=False).encode() + b"\n")


class Victim:
    """A station in hand and a source of chance."""

    def __init__(self, data: Path, second: Path, key_file: Path, seed: int) -> None:
        self.paths = StationPaths(data, second)
        self.key_file = key_file
        self.rng = random.Random(seed)
        self.clock = SystemClock()
        self.count = 0

    def open(self) -> tuple[OpenStation, Desk]:
        """The station as the program opens it."""
        key = open_with_key_file(self.paths.keyslots, self.key_file)
        station = open_station(self.paths, key, self.clock, id_source(self.clock), title="victim")
        return station, Desk(station.file, "victim", working_days())

    def people(self, desk: Desk) -> list[str]:
        """Ids of those on the books; somebody is registered when nobody is."""
        found = list(desk.read(lambda con: ledger.find_ids(con, ledger.LedgerQuery(state="")).ids).result())
        return found or [self.register(desk)]

    # ------------------------------------------------------------------ single saves

    def register(self, desk: Desk) -> str:
        """One more person."""
        name = f"单秀英{self.rng.randrange(10**6)}"
        case_id = registering.register(desk, {"name": name, "phone": "19900000000"}).result().case_id
        say(case=case_id, name=name)
        return case_id

    def serve(self, desk: Desk, case_id: str) -> None:
        """A service with its next contact."""
        self.count += 1
        content = f"{self.rng.randrange(10**9)}-{self.count}"
        entry = serving.ServiceEntry(
            {"type": "HF", "channel": "phone", "served_on": "2026-11-20", "content": content},
            serving.Contact("2026-12-20", "回访"),
        )
        done = serving.record_service(desk, [case_id], entry).result()
        say(service=done.services[case_id], content=content)

    def plan(self, desk: Desk, case_id: str) -> None:
        """A plan with two measures: one action, all of it or nothing."""
        state = desk.case(case_id).result()
        measures = [{"what": f"推荐岗位{n}", "due": "2026-12-31"} for n in range(2)]
        done = planning.agree_plan(desk, state, {"goal": "上岗", "goal_due": "2027-01-31"}, measures).result()
        say(action=done.action_id, ops=len(done.ops))

    def phone(self, desk: Desk, case_id: str) -> None:
        """A field is changed; numbers only grow."""
        state = desk.case(case_id).result()
        number = max(int(state.root.text("phone") or 19900000000), 19900000000) + 1
        editing.save_record(desk, case_subject(case_id), state.root, {"phone": str(number)}).result()
        say(phone=case_id, number=number)

    def work(self, desk: Desk, people: list[str]) -> None:
        """One save of some kind."""
        case_id = self.rng.choice(people)
        chance = self.rng.random()
        if chance < 0.5:
            self.serve(desk, case_id)
        elif chance < 0.75:
            self.phone(desk, case_id)
        elif chance < 0.9:
            self.plan(desk, case_id)
        else:
            people.append(self.register(desk))

    # ------------------------------------------------------------------ what it is killed at

    def save(self) -> None:
        """Saving without a pause."""
        _, desk = self.open()
        people = self.people(desk)
        say(ready=True)
        while True:
            self.work(desk, people)

    def opening(self) -> None:
        """Opening (also after a restore: new replica, journal replayed), one save, closing."""
        say(ready=True)
        while True:
            station, desk = self.open()
            self.work(desk, self.people(desk))
            station.close()

    def many(self) -> None:
        """Bulk changes and attachments: large transactions."""
        station, desk = self.open()
        people = self.people(desk)
        say(ready=True)
        while True:
            name = f"名单{self.rng.randrange(10**6)}"
            done = bulk.put_on_list(desk, people, name).result()
            if done.stopped is not None:
                raise done.stopped
            say(list=name, people=len(people))
            content = PNG + self.rng.randbytes(self.rng.choice((1_000, 200_000, 2_000_000)))
            file = station.paths.data / "victim.png"
            file.write_bytes(content)
            changes = attaching.attach(desk, self.rng.choice(people), file, "扫描件").result()
            values = changes.ops[0].payload or {}
            say(blob=dict(values["set"])["digest"])  # type: ignore[call-overload]

    def backup(self) -> None:
        """Backups beside saves."""
        station, desk = self.open()
        people = self.people(desk)
        say(ready=True)
        while True:
            made = back_up(station, self.rng.choice(("manual", "daily", "before-import")))
            while not made.done():
                self.work(desk, people)
            say(backup=str(made.result().path))

    def restore(self) -> None:
        """The newest backup comes in the place of the live file, the journal after it; then work."""
        say(ready=True)
        while True:
            station, desk = self.open()
            people = self.people(desk)
            for _ in range(3):
                self.work(desk, people)
            info, key = last_backup(station), station.key
            if info is None or self.rng.random() < 0.3:
                info = back_up(station, "manual").result()
                say(backup=str(info.path))
                self.work(desk, people)
            station.close()
            restore_station(self.paths, info, key, self.clock)
            say(restored=True)

    def migrate(self) -> None:
        """A file as an older program left it is brought up to date at the opening, again and again."""

        def age(con: Connection) -> None:
            con.execute("DROP TABLE search")
            con.execute("UPDATE case_row SET name = '旧'")
            local.set_fact(con, migrating.ROWS_FACT, "0")

        say(ready=True)
        while True:
            station, desk = self.open()
            people = self.people(desk)
            for _ in range(5):
                self.work(desk, people)
            station.file.work.write(age).result()
            station.close()

    def init(self) -> None:
        """New stations, one after the other."""
        say(ready=True)
        while True:
            self.count += 1
            folder = self.paths.data / f"init{self.count}"
            say(begun=str(folder))
            new = NewStation({"name": "示例站", "code": "229901001"}, "于晓梅")
            paths = StationPaths(folder)
            ids = id_source(self.clock)
            station, code, staff = create_station(paths, new, self.clock, ids, key_file=folder / "key")
            say(made=str(folder), code=code.text, staff=staff)
            station.close()

    def importing(self) -> None:
        """Ledgers of invented people, one import after the other."""
        from kill_import import import_without_end

        station, desk = self.open()
        import_without_end(self, station, desk, say)


KINDS: dict[str, Callable[[Victim], None]] = {
    "save": Victim.save, "open": Victim.opening, "many": Victim.many, "backup": Victim.backup,
    "migrate": Victim.migrate, "restore": Victim.restore, "init": Victim.init, "import": Victim.importing,
}  # fmt: skip


if __name__ == "__main__":
    kind, data, second, key_file, seed = sys.argv[1:]
    KINDS[kind](Victim(Path(data), Path(second), Path(key_file), int(seed)))
