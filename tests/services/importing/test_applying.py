"""Carrying out: backup, resuming after a kill, cancelling, undoing, and the same file again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.clock import local_date
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.services.desk import Desk
from jobdesk.services.editing import save_record
from jobdesk.services.importing import applying, memory, read
from jobdesk.services.importing.applying import apply, before_import
from jobdesk.services.importing.resuming import finish_imports, has_unfinished
from jobdesk.services.importing.undo import undo_import
from jobdesk.services.registering import register
from jobdesk.services.serving import ServiceEntry, record_service
from jobdesk.store.check import check_station
from jobdesk.store.manifest import list_backups
from jobdesk.store.open_station import OpenStation
from jobdesk.store.reads import held_imports

from .corpus import id_number
from .stations import book, look_at, open_station, operations, people, person, take_in

A, B = id_number(order=21), id_number(order=22)


def ledger_of(count: int) -> list[list[Any]]:
    return [
        person(f"赵{n:04d}强", id_number(order=n), f"199{n:08d}", f"南岭{n}号", unit=f"公司{n % 7}" if n % 3 else "")
        for n in range(1, count + 1)
    ]  # fmt: skip


def proven(station: OpenStation) -> None:
    for result in check_station(station):
        assert result.ok, (result.name, result.detail)


def test_a_verified_backup_goes_before(station: tuple[OpenStation, Desk]) -> None:
    opened, desk = station
    preview = look_at(desk, ledger_of(3))
    apply(desk, preview, backup=before_import(opened))
    assert [b.reason for b in list_backups(opened.paths.backups)] == ["before-import"]
    proven(opened)


def test_imported_people_start_open_and_spread_over_the_days_ahead(desk: Desk) -> None:
    take_in(desk, ledger_of(60))
    here = people(desk).values()
    assert {i.help_state for i in here} == {"open"}
    assert {i.opened_on for i in here} == {desk.today.isoformat()}
    days = {i.next_contact for i in here}
    assert len(days) == 30 and min(days) > local_date(desk.clock.now_ms()).isoformat()


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = [
        *ledger_of(5),
        person("无号人", "", "19900000999"),
        person("坏号人", A[:15] + "000", "19900000998"),
    ]
    first = take_in(desk, rows)
    assert (first.held, first.counts.new) == (1, 6)
    before = operations(desk)
    for _ in range(2):
        again = take_in(desk, rows)
        assert again.import_id is None and operations(desk) == before
        assert again.counts.unchanged == 6 and again.counts.held == 1
    ((_, _, waiting),) = desk.read(held_imports).result()
    assert waiting == 1


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_cut_off_anywhere_it_is_finished(desk: Desk, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """A kill between two parts: what the next start finds is finished, nothing twice."""
    monkeypatch.setattr("jobdesk.services.importing.plan_ops.MAX_OPS_PER_ACTION", 4)
    monkeypatch.setattr("jobdesk.services.importing.applying.PARTS_AT_ONCE", 1)
    preview = look_at(desk, ledger_of(9))
    seen: list[int] = []

    def cut(done: int, total: int) -> None:
        seen.append(done)
        if done > after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(desk, preview, progress=cut)
    assert has_unfinished(desk)
    with pytest.raises(Refused):
        apply(desk, look_at(desk, ledger_of(9)))
    (import_id,) = finish_imports(desk)
    assert not has_unfinished(desk) and len(people(desk)) == 9
    assert take_in(desk, ledger_of(9)).import_id is None
    assert undo_import(desk, import_id).withdrawn == 9


def test_cancelled_it_is_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobdesk.services.importing.plan_ops.MAX_OPS_PER_ACTION", 4)
    monkeypatch.setattr("jobdesk.services.importing.applying.PARTS_AT_ONCE", 1)
    asked = iter([False, False, True])
    done = apply(desk, look_at(desk, ledger_of(9)), cancelled=lambda: next(asked))
    assert done.cancelled and not people(desk) and not has_unfinished(desk)
    assert take_in(desk, ledger_of(9)).counts.new == 9


def test_a_save_passes_between_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobdesk.services.importing.plan_ops.MAX_OPS_PER_ACTION", 4)
    monkeypatch.setattr("jobdesk.services.importing.applying.PARTS_AT_ONCE", 1)
    saved: list[int] = []

    def meanwhile(done: int, total: int) -> None:
        if done == 2:
            register(desk, {"name": "来人", "id_number": id_number(order=901)}).result()
            saved.append(total - done)

    apply(desk, look_at(desk, ledger_of(9)), progress=meanwhile)
    assert saved[0] > 0 and len(people(desk)) == 10


def _index_settings(desk: Desk) -> dict[str, int]:
    return dict(desk.read(lambda con: con.execute("SELECT k, v FROM search_config").fetchall()).result())


@pytest.mark.parametrize("cancel", [False, True])
def test_a_large_import_leaves_the_index_merging_as_usual(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, cancel: bool
) -> None:
    monkeypatch.setattr("jobdesk.services.importing.plan_ops.MAX_OPS_PER_ACTION", 4)
    monkeypatch.setattr("jobdesk.services.importing.applying.PARTS_AT_ONCE", 2)
    meanwhile: list[int] = []
    answers = iter([False, cancel, False, False, False, False])
    apply(desk, look_at(desk, ledger_of(9)), cancelled=lambda: next(answers),
          progress=lambda *_: meanwhile.append(_index_settings(desk)["automerge"]))  # fmt: skip
    assert meanwhile[0] == 0
    after = _index_settings(desk)
    assert after["automerge"] == 4 and after["hashsize"] == 1 << 20 and after["secure-delete"] == 1
    assert len(people(desk)) == (0 if cancel else 9)


def test_a_preview_that_others_overtook_is_refused(desk: Desk) -> None:
    preview = look_at(desk, ledger_of(2))
    take_in(desk, ledger_of(1))
    with pytest.raises(Refused, match="import_stale"):
        apply(desk, preview)


def test_undo_takes_all_back_and_the_file_goes_in_again(station: tuple[OpenStation, Desk]) -> None:
    opened, desk = station
    take_in(desk, [person("赵国强", A, "19900000001")])
    rows = [person("赵国强", A, "19900000002", unit="甲公司"), person("单秀英", B)]
    second = take_in(desk, rows)
    assert second.import_id is not None
    undone = undo_import(desk, second.import_id)
    assert (undone.withdrawn, undone.kept) == (2, ())
    assert list(people(desk)) == ["赵国强"] and people(desk)["赵国强"].phone == "19900000001"
    with pytest.raises(Refused):
        undo_import(desk, second.import_id)
    again = take_in(desk, rows)
    assert (again.counts.new, again.counts.changed) == (1, 1)
    assert people(desk)["赵国强"].phone == "19900000002" and people(desk)["赵国强"].employer == "甲公司"
    assert take_in(desk, rows).import_id is None
    proven(opened)


def test_people_on_whom_work_was_done_stay_and_are_named(desk: Desk) -> None:
    done = take_in(desk, ledger_of(3))
    assert done.import_id is not None
    here = people(desk)
    worked = here["赵0002强"].case_id
    entry = ServiceEntry({"type": "HF", "channel": "phone", "served_on": "2026-11-21", "content": "近况"})
    record_service(desk, [worked], entry).result()
    undone = undo_import(desk, done.import_id)
    assert undone.withdrawn == 2
    assert [(k.subject.id, k.name) for k in undone.kept] == [(worked, "赵0002强")]
    assert undone.kept[0].work[0].record[0] == "service"
    again = take_in(desk, ledger_of(3))
    assert (again.counts.new, again.counts.unchanged) == (2, 1)


def test_no_such_import(desk: Desk) -> None:
    with pytest.raises(BadInput):
        undo_import(desk, "nothing")


def test_what_the_clerk_chose_for_a_layout_is_remembered(desk: Desk) -> None:
    rows = book([person("赵国强", A, note="2026年3月")])
    found = read.read_book(rows, "台账.xlsx", desk.today)
    chosen = {"台账": found.plans[0].choose(9, "case.skills")}
    memory.remember(desk, chosen.values())
    again = read.read_book(rows, "台账.xlsx", desk.today, memories=memory.memories(desk))
    assert again.rows[0].values["case.skills"] == "2026年3月"
    before = operations(desk)
    memory.remember(desk, again.plans)
    assert operations(desk) == before


FIELDS = {"phone": 3, "address": 4, "name": 0}
_lines = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.integers(1, 6),
            "numbered": st.booleans(),
            "damaged": st.booleans(),
            "phone": st.sampled_from(["", "19900000001", "19900000002"]),
            "address": st.sampled_from(["", "南岭1号", "南岭2号"]),
            "category": st.sampled_from(["", "大龄失业人员", "低保失业人员"]),
            "since": st.sampled_from(["", "2024.3", "2024-03-05"]),
            "unit": st.sampled_from(["", "甲公司", "乙公司"]),
            "note": st.sampled_from(["", "照料责任", "已电话"]),
        }
    ),
    min_size=1,
    max_size=6,
)
_edits = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["phone", "address", "note", "id_number", "name"]),
        st.sampled_from([None, "19900000003", "南岭3号", id_number(order=777)]),
    ),
    max_size=4,
)


def _line(spec: dict[str, Any]) -> list[Any]:
    number = id_number(order=spec["who"])
    number = (number[:15] + "000" if spec["damaged"] else number) if spec["numbered"] else ""
    return person(
        f"赵{'甲乙丙丁戊己庚'[spec['who']]}", number, spec["phone"], spec["address"], spec["category"],
        spec["since"], spec["unit"], "", spec["note"],
    )  # fmt: skip


@given(specs=_lines, edits=_edits)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_import_edit_import_again_writes_nothing(
    tmp_path_factory: pytest.TempPathFactory, specs: list[dict[str, Any]], edits: list[tuple[int, str, Any]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("again")
    rows = [_line(spec) for spec in specs]
    with open_station(folder / "station") as (opened, desk):
        first = take_in(desk, rows)
        here = sorted(i.case_id for i in people(desk).values())
        for at, name, value in edits:
            if here and (name != "name" or value):
                case = desk.case(here[at % len(here)]).result()
                save_record(desk, case.subject, case.root, {name: value}).result()
        before = operations(desk)
        again = take_in(desk, rows)
        assert again.import_id is None and operations(desk) == before
        assert (again.counts.new, again.counts.changed) == (0, 0)
        assert again.counts.held == first.counts.held
        proven(opened)


@given(specs=_lines)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undone_and_imported_again_is_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, specs: list[dict[str, Any]]
) -> None:
    rows = [_line(spec) for spec in specs]
    with open_station(tmp_path_factory.mktemp("undone") / "station") as (opened, desk):
        first = take_in(desk, rows)
        if first.import_id is None:
            return
        assert undo_import(desk, first.import_id).kept == () and not people(desk)
        again = take_in(desk, rows)
        assert again.counts == first.counts
        assert take_in(desk, rows).import_id is None
        proven(opened)


def test_the_plan_survives_packing() -> None:
    parts = [b"a", b"", b"bcd" * 1000]
    assert list(applying.parts_of(applying.joined(parts))) == parts


def test_held_rows_of_an_import_that_was_undone_wait_no_more(desk: Desk) -> None:
    done = take_in(desk, [*ledger_of(2), person("坏号人", A[:15] + "000", "19900000998")])
    assert [n for _, _, n in desk.read(held_imports).result()] == [1]
    assert done.import_id is not None
    undo_import(desk, done.import_id)
    assert desk.read(held_imports).result() == []
