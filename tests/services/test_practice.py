"""The practice station: complete, believable, proven, repeatable, and gone at will."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import FileLocked, Refused
from jobdesk.cases.id_number import examine
from jobdesk.cases.ids import id_source
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.doubts import load_doubts
from jobdesk.services.practice import making
from jobdesk.services.today import load_board
from jobdesk.store.check import check_station
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.open_station import OpenStation

CLOCK = FixedClock.at(2026, 11, 20, 9, 30)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStation]:
    made = making.make_practice(StationPaths(tmp_path_factory.mktemp("desk")), CLOCK)
    yield made
    made.close()


def rows(station: OpenStation, sql: str) -> list[tuple[Any, ...]]:
    return station.file.read(lambda con: con.execute(sql).fetchall()).result()


def test_it_is_proven_whole(station: OpenStation) -> None:
    results = check_station(station)
    assert [r for r in results if not r.ok] == []


def test_everything_that_is_taught_is_there(station: OpenStation) -> None:
    (people,) = rows(station, "SELECT count(*) FROM case_row")[0]
    assert 280 <= people <= 330
    kinds = dict(rows(station, "SELECT kind, count(*) FROM record_row GROUP BY kind"))
    assert {"household", "member", "plan", "measure", "review", "placement", "subsidy", "benefit", "statement",
            "attachment", "vacancy", "walk_in", "postponement", "group"} <= kinds.keys()  # fmt: skip
    ops = dict(rows(station, "SELECT kind, count(*) FROM op GROUP BY kind"))
    assert {"Merged", "RecordCorrected", "Withdrawn", "Undone", "HelpEnded", "HelpResumed"} <= ops.keys() | {
        "Withdrawn"
    }
    assert rows(station, "SELECT count(*) FROM case_row WHERE conflicts > 0")[0][0] >= 4
    states = {
        s
        for (s,) in rows(
            station, "SELECT json_extract(data, '$.state') FROM record_row WHERE kind='recognition'"
        )
    }
    assert {"recognised", "ledger", "applied", "supplement", "accepted", "checked", "reported", "refused", "review",
            "exited"} <= states  # fmt: skip
    homes = rows(
        station,
        "SELECT json_extract(data, '$.kind'), json_extract(data, '$.state'), json_extract(data, '$.cleared_on') "
        "FROM record_row WHERE kind='household'",
    )
    assert {k for k, _, _ in homes} == {"zero", "allowance", "other_hardship", "ordinary"}
    assert {"found", "accepted", "publicity", "reported", "recognised", "refused"} <= {s for _, s, _ in homes}
    assert sum(bool(c) for _, _, c in homes) == 3
    rungs = dict(
        rows(
            station,
            "SELECT json_extract(data, '$.level'), count(*) FROM record_row WHERE kind='rung' GROUP BY 1",
        )
    )
    assert set(rungs) == {"community", "street", "county"}
    assert {"verification", "public_post", "employment", "business", "override", "rung", "assignment",
            "assigned"} <= kinds.keys()  # fmt: skip
    channels = {
        s
        for (s,) in rows(
            station, "SELECT json_extract(data, '$.channel') FROM record_row WHERE kind='service'"
        )
    }
    assert channels == {"visit", "station", "phone", "online"}
    assert rows(station, "SELECT count(*) FROM record_row WHERE kind='group' AND "
                "json_extract(data, '$.kind') IN ('released', 'drug_recovery')")[0][0] >= 1  # fmt: skip
    heard = "SELECT count(*) FROM record_row WHERE kind='placement' AND json_extract(data, '$.verified_on') IS NULL"
    assert rows(station, heard)[0][0] >= 3


def test_nobody_in_it_can_exist(station: OpenStation) -> None:
    people = rows(station, "SELECT name, id_number, phone FROM case_row")
    for _name, number, phone in people:
        assert not number or (examine(number, CLOCK_DAY).ok and number.startswith("229901"))
        assert not phone or phone.startswith("199")
    numbers = [n for _, n, _ in people if n]
    assert max(Counter(numbers).values()) == 1
    names = "".join(n for n, _, _ in people)
    assert "𬭎" in names and "㛃" in names and max(len(n) for n, _, _ in people) >= 10
    assert any(n.startswith(("单", "仇", "曾", "解", "查")) for n, _, _ in people)


CLOCK_DAY = making.today(CLOCK)


def test_the_morning_has_work(station: OpenStation) -> None:
    desk = Desk(station.file, "x", working_days(), practice=True)
    board = load_board(desk).result()
    buckets = Counter(line.bucket.code for line in board.ordered())
    assert 5 <= buckets["overdue"] <= 12 and buckets["today"] >= 3
    late = sorted(-line.away for line in board.ordered() if line.bucket.code == "overdue")
    assert late[len(late) // 2] <= 5, "a station that works is a few days late, not months"
    kinds = {line.kind.value for line in board.ordered()}
    assert {"contact", "measure", "promise", "plan_review", "step", "subsidy_end", "held_rows", "prepare", "claim",
            "window_end", "pension", "public_post", "publicity", "household_job", "household_ladder", "may_apply",
            "transfer_wish", "unreachable", "assigned", "tell_policy"} <= kinds  # fmt: skip
    doubts = load_doubts(desk).result()
    assert {o.problem.code for o in doubts.odd} == {
        "flexible_during_registration", "open_spell_exists", "subsidy_before_recognition",
        "job_before_registration",
    }  # fmt: skip
    assert any(line.postponed for line in board.ordered())


def test_nothing_is_dated_after_today(station: OpenStation) -> None:
    latest = rows(station, "SELECT max(ms) FROM op")[0][0]
    assert latest < CLOCK.now_ms()
    first = rows(station, "SELECT min(ms) FROM op")[0][0]
    assert CLOCK.now_ms() - first > 360 * 86_400_000


@pytest.mark.parametrize(
    "day", [(2028, 2, 29), (2026, 12, 31), (2026, 10, 4), (2027, 3, 31)], ids=lambda d: "-".join(map(str, d))
)
def test_it_can_be_made_on_any_day(tmp_path: Path, day: tuple[int, int, int]) -> None:
    """Leap day, end of a quarter and of a year, a holiday: every act of the year finds a day that is allowed."""
    clock = FixedClock.at(*day, 9, 30)
    made = making.make_practice(StationPaths(tmp_path), clock)
    try:
        desk = Desk(made.file, "x", working_days(), practice=True)
        lines = load_board(desk).result().ordered()
        overdue = [line for line in lines if line.bucket.code == "overdue"]
        assert 4 <= len(overdue) <= 24 and any(line.kind.value == "household_ladder" for line in lines)
        names = {i.name for i in load_board(desk).result().items.values()}
        assert "程晓彤" in names
    finally:
        made.close()


def test_the_same_seed_gives_the_same_year(station: OpenStation, tmp_path: Path) -> None:
    def content(s: OpenStation) -> set[tuple[Any, ...]]:
        return set(rows(s, "SELECT kind, record_id, day, data FROM record_row WHERE kind != 'staff'"))

    again = making.make_practice(StationPaths(tmp_path), CLOCK)
    try:
        assert content(again) == content(station)
    finally:
        again.close()


def test_reset_takes_only_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_fill", _almost_nothing)
    paths = StationPaths(tmp_path)
    station = making.make_practice(paths, CLOCK)
    before = station.file.station_id
    with pytest.raises(FileLocked):
        making.reset_practice(paths, CLOCK)
    station.close()
    kept = paths.practice().data / "我的笔记.txt"
    kept.write_text("a note")
    outside = tmp_path / "something.txt"
    outside.write_text("x")
    station = making.reset_practice(paths, CLOCK)
    try:
        assert station.file.station_id != before
        assert kept.read_text() == "a note" and outside.exists()
    finally:
        station.close()


def test_a_station_that_is_not_practice_is_left_alone(tmp_path: Path) -> None:
    paths = StationPaths(tmp_path)
    own = paths.practice()
    real = NewStation({"name": "示例站", "code": "229901001"}, "甲")
    made, _, _ = create_station(own, real, CLOCK, id_source(CLOCK), key_file=making.key_file_of(paths))
    made.close()
    content = own.station.read_bytes()
    with pytest.raises(Refused, match="not_practice"):
        making.reset_practice(paths, CLOCK)
    assert own.station.read_bytes() == content


def test_cut_off_while_it_was_made_it_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(paths: StationPaths, *rest: Any) -> None:
        _almost_nothing(paths, *rest)
        raise KeyboardInterrupt

    paths = StationPaths(tmp_path)
    monkeypatch.setattr(making, "_fill", cut)
    with pytest.raises(KeyboardInterrupt):
        making.make_practice(paths, CLOCK)
    assert not making.has_practice(paths)
    monkeypatch.setattr(making, "_fill", _almost_nothing)
    making.open_practice(paths, CLOCK).close()
    assert making.has_practice(paths)
    assert not list(tmp_path.glob("*.making"))


def _almost_nothing(paths: StationPaths, *rest: object) -> None:
    new = NewStation({"name": "练习", "code": "229901001", "practice": True}, "甲")
    made, _, _ = create_station(paths, new, CLOCK, id_source(CLOCK), key_file=paths.data / making.KEY_NAME)
    made.close()
