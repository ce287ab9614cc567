"""A township of invented people for whom every rule has something to read: registrations, recognitions,
jobs, subsidies, posts, plans, households. Kept under build/bench like the others.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from random import Random

from benchmarks.station import CLOCK, ROOT, Bench
from jobdesk.cases.ids import id_source
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.opening import open_station
from jobdesk.store.safekeeping import back_up
from tests.ui.crowd import PER_ACTION, person

_Child = tuple[str, dict[str, Json]]
HOUSEHOLD_OF = 25
"""Every so many people two of them are a household with a third member who has no file."""


def township(people: int) -> Bench:
    """Such a station, opened; made on the first call."""
    folder = ROOT / f"township-{people}"
    paths = StationPaths((folder / "data").absolute())
    ids, key_file, done = id_source(CLOCK), folder / "key", folder / "staff"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        station, _, staff = create_station(
            paths, NewStation({"name": "测试站"}, "测试员"), CLOCK, ids, key_file=key_file
        )
        _fill(Desk(station.file, staff, working_days()), people)
        back_up(station, "daily").result()
        station.close()
        done.write_text(staff, "utf-8")
    station = open_station(paths, open_with_key_file(paths.keyslots, key_file), CLOCK, ids)
    return Bench(station, Desk(station.file, done.read_text("utf-8"), working_days()))


def _fill(desk: Desk, count: int) -> None:
    rng, today = Random(11), desk.today
    ops: list[NewOp] = []
    before = ""
    for number in range(count):
        values, children = person(rng, number, today, desk.actor)
        values |= _more(rng, number)
        children += _spells(rng, number, today)
        subject = Subject("case", desk.new_id())
        ops.append(opening(subject, "case", subject.id, values))
        ops += [opening(subject, kind, desk.new_id(), v) for kind, v in children]
        if number % HOUSEHOLD_OF == 1 and before:
            ops += _household(desk, rng, before, subject.id, today)
        before = subject.id
        if len(ops) > PER_ACTION:
            desk.write(lambda w, listed=tuple(ops): w.append_new(desk.actor, listed, w.new_id())).result()
            ops.clear()
    desk.write(lambda w: w.append_new(desk.actor, ops, w.new_id())).result()


def _more(rng: Random, number: int) -> dict[str, Json]:
    values: dict[str, Json] = {
        "willingness": rng.choice(("yes", "yes", "yes", "none")),
        "local_hukou": True, "ever_employed": bool(number % 3),
    }  # fmt: skip
    if number % 2:
        values["skills"] = "电工"
    if number % 3 == 0:
        values["work_capacity"] = "able"
    if number % 3:
        values["notice_on"] = "2026-01-05"
    return values


def _spells(rng: Random, number: int, today: date) -> list[_Child]:
    def ago(most: int) -> str:
        return (today - timedelta(days=rng.randint(1, most))).isoformat()

    found: list[_Child] = []
    if number % 2 == 0:
        registered = ago(700)
        found.append(("registration", {"since": registered, "registered": True, "registered_on": registered,
                                       "source": rng.choice(("system", "ledger"))}))  # fmt: skip
    if number % 6 == 2:
        since = ago(300)
        found.append(("placement", {"since": since, "form": rng.choice(("10", "22")), "unit": "测试厂",
                                    "verified_on": since}))  # fmt: skip
    if number % 12 == 2:
        until = (today + timedelta(days=rng.randint(-20, 400))).isoformat()
        found.append(("subsidy", {"kind": "social_flexible", "since": ago(900), "until": until,
                                  "first_approved": ago(900), "source": "document"}))  # fmt: skip
    if number % 40 == 5:
        found.append(("public_post", {"kind": "hardship", "unit": "测试社区", "since": ago(600),
                                      "until": (today + timedelta(days=200)).isoformat()}))  # fmt: skip
    if number % 10 == 3:
        found.append(("plan", {"version": 1, "agreed_on": ago(200), "goal": "就业",
                               "goal_due": (today + timedelta(days=rng.randint(-5, 60))).isoformat()}))  # fmt: skip
        found.append(("measure", {"what": "推荐岗位", "state": "planned",
                                  "due": (today + timedelta(days=rng.randint(-5, 40))).isoformat()}))  # fmt: skip
    for _ in range(number % 4):
        found.append(("service", {"type": rng.choice(("HF", "ZCXJ", "GWTJ")), "channel": "phone",
                                  "served_on": ago(200), "outcome": "connected", "content": "电话联系"}))  # fmt: skip
    return found


def _household(desk: Desk, rng: Random, first: str, second: str, today: date) -> list[NewOp]:
    subject = Subject("household", desk.new_id())
    since = (today - timedelta(days=rng.randint(10, 120))).isoformat()
    values: dict[str, Json] = {
        "head_name": "测试户", "kind": rng.choice(("zero", "allowance")), "community": "南岭社区",
        "state": rng.choice(("found", "recognised")), "decided_on": since, "first_help_on": since, "source": "document",
    }  # fmt: skip
    made = [opening(subject, "household", subject.id, values)]
    for case, relation in ((first, "head"), (second, "spouse")):
        made.append(
            opening(
                subject, "member", desk.new_id(), {"case": case, "relation": relation, "lives_here": True}
            )
        )
    made.append(opening(subject, "member", desk.new_id(),
                        {"name": "测试员", "birth_year": 2012, "state": "student", "lives_here": True}))  # fmt: skip
    return made
