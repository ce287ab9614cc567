"""Two clerks at one PC: each with an own desk, work handed over, a conflict settled, nothing taken twice."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases import settling
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import GENESIS
from jobdesk.cases.ids import id_source
from jobdesk.host.paths import StationPaths
from jobdesk.services import planning, registering, serving, staffing
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change, save_record
from jobdesk.services.session import session_of
from jobdesk.services.undoing import undo_action
from jobdesk.store import ledger
from jobdesk.store.check import check_station
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.log import Log, Tip
from jobdesk.store.open_station import OpenStation
from jobdesk.store.taking_in import insert_and_fold


def station_of(folder: Path, clock: FixedClock) -> OpenStation:
    new = NewStation({"name": "示例站", "code": "229901001"}, "于晓梅")
    return create_station(StationPaths(folder), new, clock, id_source(clock), key_file=folder / "key")[0]


def test_work_is_handed_over_and_comes_back(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 2)
    station = station_of(tmp_path, clock)
    hers = session_of(station).desk
    staffing.add_staff(hers, "单国栋").result()
    staff = hers.read(lambda con: staffing.staff_of(con, hers)).result()
    his = hers.as_actor(next(s.id for s in staff if s.name == "单国栋"))

    case_id = registering.register(hers, {"name": "曾庆海", "owner": hers.actor}).result().case_id
    clock.tick()
    plan = {"promise": "一个月内提供三个岗位", "promise_due": "2026-11-30", "promise_owner": hers.actor}
    measures = [{"what": "推荐岗位", "owner": hers.actor, "due": "2026-11-20"}]
    planning.agree_plan(hers, hers.case(case_id).result(), plan, measures).result()
    clock.tick()
    entry = serving.ServiceEntry(
        {"type": "HF", "channel": "phone", "served_on": "2026-11-02", "content": "好"}
    )
    serving.record_service(his, [case_id], entry).result()
    assert [r.opened[1] for r in hers.case(case_id).result().of("service") if r.opened] == [his.actor]

    clock.tick()
    handed = staffing.end_staff(his, hers.actor, his.actor).result()
    assert (handed.cases, handed.measures, handed.promises) == (1, 1, 1)
    state = his.case(case_id).result()
    assert state.root.get("owner") == his.actor and state.of("measure")[0].get("owner") == his.actor
    mine = his.read(lambda con: ledger.find_ids(con, ledger.LedgerQuery(owner=his.actor)).ids).result()
    assert list(mine) == [case_id]
    clock.tick()
    for done in reversed(handed.changes):
        assert not undo_action(his, done.action_id).result().kept
    state = his.case(case_id).result()
    assert state.root.get("owner") == hers.actor and planning.current_plan(state) is not None
    assert [r for r in check_station(station) if not r.ok] == []
    station.close()


def test_what_two_wrote_without_knowing_each_other_is_settled_by_one(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 2)
    station = station_of(tmp_path, clock)
    desk = session_of(station).desk
    case_id = registering.register(desk, {"name": "查文斌", "phone": "19900000001"}).result().case_id
    loaded = desk.case(case_id).result()
    subject = case_subject(case_id)
    clock.tick()
    save_record(desk, subject, loaded.root, {"name": "查文武", "phone": "19900000002"}).result()
    arrive(desk, station, clock, case_id, {"name": "查文彬", "phone": "19900000003"}, loaded)

    state = desk.case(case_id).result()
    assert state.root.get("name") == "查文斌", "of a name none wins by clock: the last common one is shown"
    assert state.root.get("phone") in {"19900000002", "19900000003"}
    for typed in ("查文斌", "zhawenbin"):
        found = desk.read(lambda con, t=typed: ledger.find_ids(con, ledger.LedgerQuery(text=t)).ids).result()
        assert case_id in found

    clock.tick()
    name = state.root.fields["name"]
    chosen = next(h for h in name.heads if h.value == "查文彬")
    ops = settling.take(state, ("case", case_id), "name", chosen.op_id)
    ops += settling.settle(state, ("case", case_id), "phone", "19900000003")
    settled = desk.act(ops).result()
    state = desk.case(case_id).result()
    assert (state.root.get("name"), state.root.get("phone")) == ("查文彬", "19900000003")
    assert not any(f.is_conflict for f in state.root.fields.values())
    assert desk.read(lambda con: con.execute("SELECT conflicts FROM case_row").fetchall()).result() == [(0,)]
    assert [r for r in check_station(station) if not r.ok] == []

    clock.tick()
    undo_action(desk, settled.action_id).result()
    assert any(f.is_conflict for f in desk.case(case_id).result().root.fields.values()), (
        "settling can be undone"
    )
    assert [r for r in check_station(station) if not r.ok] == []
    station.close()


def arrive(
    desk: Desk, station: OpenStation, clock: FixedClock, case_id: str, values: dict[str, str], loaded: object
) -> None:
    """The other PC's edit of the same form comes in."""
    from jobdesk.cases.state import SubjectState

    assert isinstance(loaded, SubjectState)
    ids = id_source(clock)
    log = Log(Tip(ids(), 0, GENESIS, (0, 0)), clock, ids)
    op = change(case_subject(case_id), loaded.root, dict(values))
    assert op is not None
    ops, _ = log.stamp_all([op], desk.actor, ids())
    station.file.write(lambda w: w.refold(insert_and_fold(w, ops))).result()


def test_what_is_opened_and_changed_at_once_equals_its_refold(tmp_path: Path) -> None:
    """A row must not tell in which order its fields were typed."""
    clock = FixedClock.at(2026, 11, 2)
    station = station_of(tmp_path, clock)
    desk = session_of(station).desk
    case_id = registering.register(desk, {"name": "解春梅"}).result().case_id
    measures = [{"what": "推荐岗位", "owner": desk.actor, "due": "2026-11-20"}]
    planning.agree_plan(desk, desk.case(case_id).result(), {"goal": "上岗"}, measures).result()
    clock.tick()
    measure = desk.case(case_id).result().of("measure")[0]
    planning.finish_measure(desk, case_id, measure, "2026-11-02", "已落实").result()
    assert [r for r in check_station(station) if not r.ok] == []
    station.close()
