"""下发名单: taken in, matched by number, answered, given back as it came; real files of every kind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt
from desk_here import DeskHere
from openpyxl.styles import Border, Side

from jobdesk.cases.due import DueKind, DueLine
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Subject
from jobdesk.services import undoing
from jobdesk.services.assignments.answering import answer, say_who
from jobdesk.services.assignments.reading import load_assignments, load_people, still_waiting
from jobdesk.services.assignments.returning import give_back, suffix_for
from jobdesk.services.assignments.taking import read_list, take_list
from jobdesk.services.board import Board
from jobdesk.services.registering import Child
from jobdesk.services.today import load_board, put_off, refresh_board
from jobdesk.store import local
from jobdesk.store.check import check_station

DUE = date(2026, 7, 31)
HEAD = ["序号", "姓名", "身份证号", "联系电话", "反馈情况", "备注"]


def number(n: int) -> str:
    first = f"22990119990{1 + n % 9}1{n % 9}{n:03d}"
    return first + check_digit(first)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path / "station")
    yield made
    made.station.close()


def rows(names: list[str]) -> list[list[str]]:
    return [[str(n + 1), name, number(n), "", "", "原备注" if n == 0 else ""] for n, name in enumerate(names)]


def workbook(path: Path, names: list[str], head: list[str] = HEAD) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名单"
    sheet["A1"] = "离校未就业高校毕业生核查名单"
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    sheet.column_dimensions["B"].width = 31
    sheet.append(head)
    for row in rows(names):
        sheet.append(row[: len(head)])
    book.save(path)
    return path


def taken(here: DeskHere, path: Path) -> str:
    found = read_list(here.desk, path).result()
    return take_list(here.desk, found, found.title, "测试县人社局", DUE).result()


def test_people_are_found_by_number_and_never_by_name_alone(here: DeskHere, tmp_path: Path) -> None:
    known = here.person("韩冬", id_number=number(0))
    here.person("赵宁")
    found = read_list(here.desk, workbook(tmp_path / "名单.xlsx", ["韩冬", "赵宁", "不在册"])).result()
    assert [(r.case_id, r.namesakes) for r in found.rows] == [(known, 0), ("", 1), ("", 0)]
    assert found.title == "离校未就业高校毕业生核查名单"
    (layout,) = found.layouts
    assert (layout.answer, layout.note) == (4, 5)


def test_what_the_file_says_is_proposed_and_never_written(here: DeskHere, tmp_path: Path) -> None:
    here.person(
        "韩冬", Child("placement", {"since": "2026-05-01", "verified_on": "2026-05-09"}), id_number=number(0)
    )
    here.person("赵宁", Child("placement", {"since": "2026-05-01"}), id_number=number(1))
    here.person("周雨桐", Child("absence", {"kind": "study", "since": "2025-09"}), id_number=number(2))
    here.person("白某", id_number=number(3))
    one = taken(here, workbook(tmp_path / "名单.xlsx", ["韩冬", "赵宁", "周雨桐", "白某"]))
    people = load_people(here.desk, one).result()
    assert [(p.proposal.code, p.proposal.checked) if p.proposal else None for p in people] == [
        ("employed", True), ("employed", False), ("study", True), None,
    ]  # fmt: skip
    assert [p.answer for p in people] == [""] * 4


def test_it_goes_back_in_its_own_layout_with_the_answers(here: DeskHere, tmp_path: Path) -> None:
    here.person("韩冬", id_number=number(0))
    one = taken(here, workbook(tmp_path / "名单.xlsx", ["韩冬", "赵宁"]))
    first, second = load_people(here.desk, one).result()
    with pytest.raises(Refused, match="list_not_answered"):
        give_back(here.desk, one, tmp_path / "早.xlsx").result()
    answer(here.desk, one, [first.record.id], "employed", "2026年5月入职").result()
    answer(here.desk, one, [second.record.id], "no_contact").result()
    done = give_back(here.desk, one, tmp_path / "反馈.xlsx").result()
    assert (done.answered, done.total, done.converted) == (2, 2, False)
    sheet = openpyxl.load_workbook(done.path)["名单"]
    assert [c.value for c in sheet[3]][1:] == ["韩冬", number(0), None, "已就业", "原备注；2026年5月入职"]
    assert [c.value for c in sheet[4]][4:] == ["无法联系", None]
    assert sheet.column_dimensions["B"].width == 31 and "A1:F1" in [str(r) for r in sheet.merged_cells.ranges]
    (summary,) = load_assignments(here.desk).result()
    assert summary.returned_on == "2026-07-15"
    assert here.desk.read(still_waiting).result().by_case == {}
    log = here.desk.read(local.accesses).result()
    assert log and log[0].count == 2


def test_a_list_without_columns_for_answers_gets_them_at_the_right(here: DeskHere, tmp_path: Path) -> None:
    one = taken(here, workbook(tmp_path / "名单.xlsx", ["韩冬"], HEAD[:4]))
    (person,) = load_people(here.desk, one).result()
    answer(here.desk, one, [person.record.id], "wrong", "=身份证号有误").result()
    sheet = openpyxl.load_workbook(give_back(here.desk, one, tmp_path / "反馈.xlsx").result().path)["名单"]
    assert [c.value for c in sheet[2]][4:] == ["反馈情况", "反馈说明"]
    assert [c.value for c in sheet[3]][4:] == ["信息有误", "=身份证号有误"]
    assert sheet["F3"].data_type == "s", "words, never a formula"


def test_new_columns_look_like_the_list_also_where_nobody_is_answered(here: DeskHere, tmp_path: Path) -> None:
    path = workbook(tmp_path / "名单.xlsx", ["韩冬", "赵宁"], HEAD[:4])
    book = openpyxl.load_workbook(path)
    side = Side(style="thin")
    for row in book["名单"].iter_rows(min_row=2):
        for cell in row:
            cell.border = Border(side, side, side, side)
    book.save(path)
    one = taken(here, path)
    answer(
        here.desk, one, [load_people(here.desk, one).result()[0].record.id], "employed", "说明" * 30
    ).result()
    back = give_back(here.desk, one, tmp_path / "反馈.xlsx", partly=True).result()
    sheet = openpyxl.load_workbook(back.path)["名单"]
    for at in ("E2", "F2", "E3", "F3", "E4", "F4"):
        assert sheet[at].border.right.style == "thin" and sheet[at].alignment.wrap_text, at
    assert sheet.column_dimensions["E"].width >= 12 and sheet.column_dimensions["F"].width >= 30
    assert sheet.row_dimensions[3].height >= 60 and sheet.row_dimensions[4].height is None
    page = sheet.sheet_properties.pageSetUpPr
    assert sheet.page_setup.fitToWidth != 0 and page is not None and page.fitToPage


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_goes_back_as_a_csv_in_its_encoding(here: DeskHere, tmp_path: Path, encoding: str) -> None:
    lines = [",".join(HEAD), *(",".join(r) for r in rows(["韩冬", "赵宁"]))]
    path = tmp_path / "名单.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    one = taken(here, path)
    for person in load_people(here.desk, one).result():
        answer(here.desk, one, [person.record.id], "study").result()
    back = give_back(here.desk, one, tmp_path / f"反馈{suffix_for('名单.csv')}").result()
    words = back.path.read_bytes().decode(encoding)
    assert [line.split(",")[4] for line in words.splitlines()] == ["反馈情况", "升学", "升学"]


def test_an_old_xls_goes_back_as_an_xlsx_and_says_so(here: DeskHere, tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    for n, row in enumerate([HEAD, *rows(["韩冬"])]):
        for c, words in enumerate(row):
            sheet.write(n, c, words)
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "名单.xls"
    path.write_bytes(out.getvalue())
    one = taken(here, path)
    (person,) = load_people(here.desk, one).result()
    answer(here.desk, one, [person.record.id], "service").result()
    back = give_back(here.desk, one, tmp_path / f"反馈{suffix_for('名单.xls')}").result()
    assert back.converted
    made = openpyxl.load_workbook(back.path)["名单"]
    assert [c.value for c in made[2]][4] == "参军"
    assert made.column_dimensions["C"].width >= 18, "an ID number stands whole beside the next column"


def test_who_waits_is_known_by_person_and_a_name_can_be_given_its_file(
    here: DeskHere, tmp_path: Path
) -> None:
    known, later = here.person("韩冬", id_number=number(0)), here.person("赵宁")
    one = taken(here, workbook(tmp_path / "名单.xlsx", ["韩冬", "赵宁", "不在册"]))
    waiting = here.desk.read(still_waiting).result()
    assert set(waiting.by_case) == {known} and waiting.strangers[one][1] == 2
    people = load_people(here.desk, one).result()
    say_who(here.desk, one, people[1].record.id, later).result()
    done = answer(here.desk, one, [people[0].record.id], "no_wish").result()
    assert set(here.desk.read(still_waiting).result().by_case) == {later}
    undoing.undo_action(here.desk, done.action_id).result()
    assert set(here.desk.read(still_waiting).result().by_case) == {known, later}


def test_somebody_registered_since_is_found_by_the_number_in_the_list(here: DeskHere, tmp_path: Path) -> None:
    one = taken(here, workbook(tmp_path / "名单.xlsx", ["韩冬"]))
    (before,) = load_people(here.desk, one).result()
    assert before.case_id == ""
    later = here.person("韩冬", id_number=number(0))
    (after,) = load_people(here.desk, one).result()
    assert after.case_id == later and set(here.desk.read(still_waiting).result().by_case) == {later}


def test_what_cannot_be_taken_is_refused_by_name(here: DeskHere, tmp_path: Path) -> None:
    path = workbook(tmp_path / "名单.xlsx", ["韩冬"])
    found = read_list(here.desk, path).result()
    with pytest.raises(Refused, match="list_deadline_passed"):
        take_list(here.desk, found, "名单", "", date(2026, 7, 14))
    with pytest.raises(Refused, match="list_needs_title"):
        take_list(here.desk, found, " ", "", DUE)
    one = taken(here, path)
    with pytest.raises(Refused, match="list_taken_before"):
        taken(here, path)
    (person,) = load_people(here.desk, one).result()
    with pytest.raises(Refused, match="list_wrong_needs_note"):
        answer(here.desk, one, [person.record.id], "wrong")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(BadInput):
        read_list(here.desk, tmp_path / "坏.xlsx").result()
    with pytest.raises(BadInput):
        read_list(here.desk, tmp_path / "没有.xlsx").result()


def test_a_long_list_is_taken_whole_and_the_station_still_checks(here: DeskHere, tmp_path: Path) -> None:
    one = taken(here, workbook(tmp_path / "名单.xlsx", [f"人{n}" for n in range(700)]))
    assert len(load_people(here.desk, one).result()) == 700
    assert here.desk.case("x").result().subject == Subject("case", "x")
    assert all(line.ok for line in check_station(here.station))


def test_who_waits_stands_in_today_until_answered_and_names_without_a_file_as_one(
    here: DeskHere, tmp_path: Path
) -> None:
    known = here.person("韩冬", id_number=number(0), notice_on="2026-07-01", next_contact="2026-09-01")
    one = taken(here, workbook(tmp_path / "名单.xlsx", ["韩冬", "赵宁", "不在册"]))
    made = load_board(here.desk).result()

    def of_the_list(board: Board) -> dict[str, list[DueLine]]:
        return {s: f for s, ls in board.lines.items() if (f := [x for x in ls if x.kind is DueKind.ASSIGNED])}

    found = of_the_list(made)
    assert set(found) == {known, one}
    assert {line.due for lines in found.values() for line in lines} == {DUE}
    assert dict(found[one][0].params)["count"] == 2
    assert dict(found[known][0].basis.params) == {
        "title": "离校未就业高校毕业生核查名单",
        "issuer": "测试县人社局",
    }
    with pytest.raises(Refused, match="put_off_only_people"):
        put_off(here.desk, found[one][0], date(2026, 7, 30), "再等等")
    put_off(here.desk, found[known][0], date(2026, 8, 3), "本人外出").result()
    made = refresh_board(here.desk, made, [known]).result()
    assert of_the_list(made)[known][0].due == date(2026, 8, 3)
    people = load_people(here.desk, one).result()
    answer(here.desk, one, [people[0].record.id, people[1].record.id], "no_contact").result()
    made = refresh_board(here.desk, made, [one]).result()
    found = of_the_list(made)
    assert set(found) == {one} and dict(found[one][0].params)["count"] == 1
    assert of_the_list(load_board(here.desk).result()).keys() == found.keys()
