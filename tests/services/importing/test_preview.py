"""The preview: cells against what is here, counts that add up, numbers that are proposed and masked."""

from __future__ import annotations

import pytest

from jobdesk.cases.errors import BadInput
from jobdesk.services.desk import Desk
from jobdesk.services.editing import save_record
from jobdesk.services.importing import files
from jobdesk.services.importing.applying import apply
from jobdesk.services.importing.grid import Sheet
from jobdesk.services.importing.shielding import Shield
from jobdesk.services.importing.undo import undo_import
from jobdesk.services.importing.verdicts import CellState, Decision, Verdict
from jobdesk.services.undoing import withdraw_record
from jobdesk.store import local

from .corpus import id_number
from .stations import HEAD, look_at, operations, people, person, take_in

A, B = id_number(order=21), id_number(order=22)
NAME, SEX, ID, PHONE, ADDRESS, CATEGORY, SINCE, UNIT, PLACED, NOTE = range(len(HEAD))


def edit(desk: Desk, who: str, /, **values: str | None) -> None:
    case_id = people(desk)[who].case_id
    state = desk.case(case_id).result()
    save_record(desk, state.subject, state.root, dict(values)).result()


def test_counts_are_people_and_add_up(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, "19900000001"), person("单秀英", B)])
    rows = [
        person("赵国强", A, "19900000009"), person("单秀英", B), person("曾庆海", id_number(order=23)),
        person("周桂芳", "229901197506189999"), person("", ""), person("合计", ""),
    ]  # fmt: skip
    preview = look_at(desk, rows[:4])
    counts = preview.counts
    assert (counts.rows, counts.new, counts.changed, counts.unchanged, counts.held) == (4, 1, 1, 1, 1)
    assert [c.code for c in preview.problem_counts() if c.holds] == ["id_bad_checksum"]
    assert preview.of(Verdict.HELD) == [3] and preview.next_problem(0) == 3


def test_cells_say_old_and_new(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, "19900000001", "南岭1号", unit="甲公司")])
    preview = look_at(desk, [person("赵国强", A, "19900000009", "", unit="甲公司", note="照料责任")])
    phone = preview.cell(0, PHONE)
    assert phone.state is CellState.CHANGED
    assert (phone.old, phone.text) == ("199****0001", "199****0009")
    assert preview.cell(0, ADDRESS).state is CellState.EMPTY
    assert preview.cell(0, UNIT).state is CellState.UNCHANGED
    assert preview.cell(0, NOTE).state is CellState.NEW
    assert preview.cell(0, ID).shield is Shield.MASKED and "*" in preview.cell(0, ID).text


def test_an_empty_cell_erases_nothing(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, "19900000001", "南岭1号")])
    before = operations(desk)
    assert take_in(desk, [person("赵国强", A)]).import_id is None
    assert operations(desk) == before and people(desk)["赵国强"].address == "南岭1号"


@pytest.mark.parametrize("now", ["南岭9号", None])
def test_what_was_changed_since_is_not_put_back(desk: Desk, now: str | None) -> None:
    take_in(desk, [person("赵国强", A, address="南岭1号")])
    edit(desk, "赵国强", address=now)
    preview = look_at(desk, [person("赵国强", A, address="南岭1号")])
    assert preview.rows[0].verdict is Verdict.UNCHANGED
    cell = preview.cell(0, ADDRESS)
    assert (cell.state, cell.old) == (CellState.SINCE, now or "")


def test_what_was_changed_since_can_be_taken_on_purpose(desk: Desk) -> None:
    rows = [person("赵国强", A, address="南岭1号", unit="甲公司")]
    take_in(desk, rows)
    edit(desk, "赵国强", address="南岭9号")
    preview = look_at(desk, rows)
    assert preview.rows[0].takable == {"case.address"}
    preview.take(0, preview.rows[0].takable)
    assert preview.counts.changed == 1
    cell = preview.cell(0, ADDRESS)
    assert (cell.state, cell.old) == (CellState.CHANGED, "南岭9号")
    preview.take(0, ())
    assert preview.counts.changed == 0, "said, and taken back"
    preview.take(0, {"case.address"})
    done = apply(desk, preview)
    assert people(desk)["赵国强"].address == "南岭1号"
    assert look_at(desk, rows).counts.unchanged == 1, "and now nothing differs any more"
    assert done.import_id is not None
    undo_import(desk, done.import_id)
    assert people(desk)["赵国强"].address == "南岭9号"


def test_a_value_of_a_withdrawn_record_is_not_offered(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, unit="甲公司")])
    case = desk.case(people(desk)["赵国强"].case_id).result()
    (record,) = case.of("placement")
    withdraw_record(desk, case.subject, [(record.kind, record.id)], "听错了").result()
    preview = look_at(desk, [person("赵国强", A, unit="甲公司")])
    assert preview.cell(0, UNIT).state is CellState.SINCE
    assert not preview.rows[0].takable


def test_a_corrected_number_and_name_are_not_put_back(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A)])
    edit(desk, "赵国强", id_number=B, name="赵国彊")
    preview = look_at(desk, [person("赵国强", A)])
    assert [r.verdict for r in preview.rows] == [Verdict.UNCHANGED]
    assert preview.cell(0, ID).state is CellState.SINCE


def test_a_category_is_what_the_ledger_says(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, category="大龄失业人员")])
    case = desk.case(people(desk)["赵国强"].case_id).result()
    (record,) = case.of("recognition")
    assert (record.text("state"), record.text("source")) == ("ledger", "ledger")
    assert people(desk)["赵国强"].extra["unverified"] == ["hardship"]


def test_a_verified_record_is_not_overruled(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, unit="甲公司", placed="2025-03-01")])
    case = desk.case(people(desk)["赵国强"].case_id).result()
    (record,) = case.of("placement")
    values = {"source": "system", "since": "2025-04-01"}
    save_record(desk, case.subject, record, values).result()
    preview = look_at(desk, [person("赵国强", A, unit="甲公司", placed="2025-05-01")])
    assert preview.rows[0].verdict is Verdict.UNCHANGED
    assert preview.cell(0, PLACED).state is CellState.CHECK


def test_another_unit_is_another_placement(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, unit="甲公司", placed="2025-03-01")])
    take_in(desk, [person("赵国强", A, unit="乙公司", placed="2026-03-01")])
    case = desk.case(people(desk)["赵国强"].case_id).result()
    assert sorted(r.text("unit") for r in case.of("placement")) == ["乙公司", "甲公司"]


def test_sensitive_categories_are_not_shown(desk: Desk) -> None:
    preview = look_at(desk, [person("赵国强", A, category="低保失业人员")])
    cell = preview.cell(0, CATEGORY)
    assert cell.shield is Shield.SENSITIVE and cell.text == ""


def test_a_damaged_number_is_proposed_only_from_a_second_source(desk: Desk) -> None:
    whole = id_number(order=48)
    damaged = whole[:15] + "000"
    take_in(desk, [person("周桂芳", whole, "19900000005")])
    rows = [person("周桂芳", damaged, "19900000005"), person("周桂芳", damaged, "19900000006", sex="女")]
    preview = look_at(desk, rows[:1])
    found = preview.proposals(0)
    assert [(p.tail, p.source, p.by) for p in found.listed] == [(whole[-3:], "case", "phone")]
    assert found.computable > 40 and whole not in repr(found)
    assert preview.rows[0].verdict is Verdict.HELD
    assert preview.reveal(0, 0) == whole
    assert desk.read(local.accesses).result()[0].what == "damaged_id"
    preview.decide(0, Decision(number=whole))
    assert preview.rows[0].verdict is Verdict.UNCHANGED
    assert look_at(desk, rows[1:]).proposals(0).listed == ()


def test_another_sheet_is_a_second_source(desk: Desk) -> None:
    whole = id_number(order=48)
    first = Sheet("甲", [list(HEAD), person("周桂芳", whole[:15] + "000", address="南岭1号")])
    second = Sheet("乙", [list(HEAD), person("周桂芳", whole, address="南岭1号")])
    preview = look_at(desk, files.Workbook([first, second], "xlsx"))
    (proposal,) = preview.proposals(0).listed
    assert (proposal.source, proposal.by, proposal.params) == ("sheet", "address", {"sheet": "乙", "row": 2})
    again = preview.decide(0, Decision(number=whole))
    assert 0 in again and [r.verdict.value for r in preview.rows] == ["unchanged", "new"]
    assert preview.rows[0].case_id == preview.rows[1].case_id


def test_a_number_that_is_none_is_refused(desk: Desk) -> None:
    preview = look_at(desk, [person("周桂芳", A[:15] + "000")])
    with pytest.raises(BadInput):
        preview.decide(0, Decision(number="123"))


def test_kept_blank_goes_in_without_a_number(desk: Desk) -> None:
    preview = look_at(desk, [person("周桂芳", A[:15] + "000", "19900000001")])
    preview.decide(0, Decision(blank=True))
    assert preview.rows[0].verdict is Verdict.NEW and "case.id_number" not in preview.rows[0].values
