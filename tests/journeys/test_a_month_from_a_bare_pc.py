"""A clerk's month from a bare PC, and the same station on a new PC after the first one is gone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.host import assets
from jobdesk.host.paths import StationPaths
from jobdesk.reports.month_job import month_pdf_of
from jobdesk.reports.month_numbers import month_numbers
from jobdesk.reports.month_numbers_span import month_span
from jobdesk.services import planning, registering, serving
from jobdesk.services.closing import end_help
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import add_record
from jobdesk.services.importing import memory
from jobdesk.services.importing.applying import Applied, apply, before_import
from jobdesk.services.importing.preview import make_preview
from jobdesk.services.importing.read import read_path
from jobdesk.services.importing.undo import undo_import
from jobdesk.services.registering import Child
from jobdesk.services.session import open_session, session_of
from jobdesk.services.today import load_board
from jobdesk.services.undoing import undo_action
from jobdesk.store import ledger
from jobdesk.store.check import check_station
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_recovery
from jobdesk.store.manifest import list_backups
from jobdesk.store.open_station import OpenStation
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up

SAMPLE = "samples/就业困难人员管理台帐.xlsx"


def import_sample(desk: Desk, station: OpenStation) -> Applied:
    found = read_path(assets.path(SAMPLE), desk.today, memories=memory.memories(desk))
    return apply(desk, make_preview(desk, found), backup=before_import(station))


def people(desk: Desk) -> int:
    return len(desk.read(lambda con: ledger.find_ids(con, ledger.LedgerQuery(state="")).ids).result())


def everything(desk: Desk) -> set[tuple[Any, ...]]:
    """Every shown value of every record."""
    return set(
        desk.read(lambda con: con.execute("SELECT kind, record_id, data FROM record_row").fetchall()).result()
    )


def proven(station: OpenStation) -> None:
    assert [r for r in check_station(station) if not r.ok] == []


@pytest.mark.timeout(120)
def test_a_month(tmp_path: Path) -> None:
    clock = FixedClock.at(2026, 11, 2)
    paths = StationPaths(tmp_path / "pc", tmp_path / "stick")
    (tmp_path / "stick").mkdir()
    new = NewStation({"name": "南岭街道综合服务中心", "code": "220102001"}, "于晓梅")
    station, code, _ = create_station(paths, new, clock, id_source(clock), key_file=tmp_path / "key")
    desk = session_of(station).desk

    # the ledger the station already has: in, back, in again, and a third time without change
    first = import_sample(desk, station)
    assert first.import_id and first.counts.new == people(desk) and first.held == first.counts.held > 0
    undone = undo_import(desk, first.import_id)
    assert undone.withdrawn == first.counts.new and not undone.kept and people(desk) == 0
    again = import_sample(desk, station)
    assert again.counts == first.counts
    before = everything(desk)
    third = import_sample(desk, station)
    assert third.import_id is None and third.counts.new == third.counts.changed == 0
    assert everything(desk) == before
    assert any(line.kind.value == "held_rows" for line in load_board(desk).result().ordered())

    # a person: registered, planned, served, placed
    clock.tick(3_600_000)
    number = "229901199404219144"
    found = desk.read(lambda con: registering.find_twins(con, id_number=number)).result()
    assert [t.reason for t in found] == ["id_number"], "somebody of the ledger is told while typing"
    person = {"name": "尉迟雪莲", "phone": "19900007777", "notice_on": "2026-11-02", "community": "示例社区"}
    spell = Child(
        "registration", {"since": "2026-10-20", "registered": True, "reason": "02", "source": "system"}
    )
    case_id = registering.register(desk, person, [spell]).result().case_id
    for typed in ("尉迟", "wcxl", "yuchixuelian", "yuchi", "7777"):
        hits = desk.read(lambda con, t=typed: ledger.find_ids(con, ledger.LedgerQuery(text=t)).ids).result()
        if typed != "wcxl":
            assert case_id in hits, typed
    clock.tick(86_400_000)
    measures = [{"what": "推荐三个合适的岗位", "due": "2026-11-20"}]
    planning.agree_plan(
        desk, desk.case(case_id).result(), {"goal": "上岗", "goal_due": "2026-12-31"}, measures
    ).result()
    clock.tick(86_400_000)
    entry = serving.ServiceEntry(
        {"type": "GWTJ", "channel": "station", "served_on": "2026-11-04", "content": "推荐保洁岗位",
         "engagement": "joined", "outcome": "joined", "offered": "保洁员", "staff": desk.actor},
        serving.Contact("2026-11-18", "问面试结果"),
    )  # fmt: skip
    serving.record_service(desk, [case_id], entry).result()
    clock.ms = FixedClock.at(2026, 11, 18).ms
    today = [
        x for x in load_board(desk).result().ordered() if x.subject == case_id and x.bucket.code == "today"
    ]
    assert [x.kind.value for x in today] == ["contact"]
    state = desk.case(case_id).result()
    planning.finish_measure(desk, case_id, state.of("measure")[0], "2026-11-18", "已面试录用").result()
    job = {
        "form": "10",
        "unit": "安居物业",
        "post": "保洁员",
        "since": "2026-11-18",
        "verified_on": "2026-11-18",
    }
    add_record(desk, case_subject(case_id), "placement", job).result()

    # what was ended by mistake is open again, and the month counts what was done
    ended = end_help(desk, desk.case(case_id).result(), "employed").result()
    assert desk.case(case_id).result().root.get("help_state") == "ended"
    undo_action(desk, ended.action_id).result()
    assert desk.case(case_id).result().root.get("help_state") == "open"
    span = month_span("2026-11", desk.today)
    numbers = desk.read(lambda con: month_numbers(con, desk, span)).result()
    assert len(numbers.report.sheets) == people(desk)
    mine = next(s for s in numbers.report.sheets if numbers.case_of(s.file_no) == case_id)
    assert mine.name == "尉迟雪莲"
    paper = month_pdf_of(desk, desk.today.replace(day=1))
    assert paper.checks_ok and paper.people == people(desk) and paper.data.startswith(b"%PDF")

    # a backup, one more save that only the journal has, and the PC is gone
    back_up(station, "manual").result()
    clock.tick(60_000)
    serving.record_service(
        desk, [case_id], serving.ServiceEntry({"type": "HF", "channel": "phone", "served_on": "2026-11-18",
                                               "content": "入职第一天，适应", "outcome": "connected"}),
    ).result()  # fmt: skip
    proven(station)
    whole, sheet = everything(desk), month_pdf_of(desk, desk.today.replace(day=1)).data
    station.close()
    shutil.rmtree(paths.data)
    (tmp_path / "key").unlink()

    # on a new PC: recovery code, backup and journal from the second folder
    elsewhere = StationPaths(tmp_path / "new pc", tmp_path / "stick")
    newest = list_backups(elsewhere.backups)[0]
    key = open_with_recovery(newest.keyslots, code.text)
    restore_station(elsewhere, newest, key.key, clock)
    session = open_session(elsewhere, key, clock)
    try:
        assert session.station.renewed
        assert everything(session.desk) == whole
        assert month_pdf_of(session.desk, session.desk.today.replace(day=1)).data == sheet
        proven(session.station)
        clock.tick(60_000)
        registering.register(session.desk, {"name": "仇一"}).result()
        proven(session.station)
    finally:
        session.close()
