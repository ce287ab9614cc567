"""The import screen from a file to people, on a real encrypted station."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from import_station import HEADS, SAMPLE, Importing, ledger, number
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.host.strings import text
from jobdesk.services.desk import case_subject
from jobdesk.services.editing import save_record
from jobdesk.services.importing.cells import Json as CellJson
from jobdesk.services.importing.columns import Plan
from jobdesk.services.importing.held import HeldRow
from jobdesk.services.importing.verdicts import Verdict
from jobdesk.services.registering import register
from jobdesk.services.serving import Contact, ServiceEntry, record_service
from jobdesk.store import local, reads
from jobdesk.ui.hub import GoTo
from jobdesk.ui.importing.held_work import cells_of
from jobdesk.ui.importing.sheet import Mark, Spot
from jobdesk.ui.importing.state import Filter
from jobdesk.ui.kit import Banner, Button, Text

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Importing]:
    importing = Importing(tmp_path, qtbot)
    yield importing
    importing.ground.close()


def cell(desk: Importing, row: int, column: int):  # type: ignore[no-untyped-def]
    return desk.screen.page.grid.cell_at(Spot(row, column))


def words(widget) -> list[str]:  # type: ignore[no-untyped-def]
    return [one.text() for one in widget.findChildren(Text) if not one.isHidden()]


def test_a_sure_sheet_goes_straight_to_the_preview_and_nothing_is_written(desk: Importing) -> None:
    before = desk.operations()
    desk.open(SAMPLE)
    assert desk.screen.at == "preview"
    assert desk.operations() == before
    grid = desk.screen.page.grid.grid
    assert [c.letter for c in grid.columns][:3] == ["A", "B", "C"]
    assert grid.header_rows == (4, 5)
    assert any(h.text == "安置情况" and h.right - h.left == 5 for h in grid.header)
    assert grid.frozen == 2
    assert desk.screen.page.grid.row_at(0).number == 6


def test_numbers_are_masked_and_what_reveals_more_is_not_shown(desk: Importing) -> None:
    desk.open(SAMPLE)
    rows = desk.screen.previewing.preview
    assert rows is not None
    for index, row in enumerate(rows.rows):
        line = desk.screen.page.grid.row_at(index)
        shown = " ".join(line.cell(c).text for c in range(19))
        assert not row.read.id_text or row.read.id_text not in shown
        assert not {"②", "③", "⑧"} & set(line.cell(7).text)
    concealed = [i for i in range(44) if desk.screen.page.grid.row_at(i).cell(7).concealed]
    assert concealed


def test_hidden_rows_are_marked(desk: Importing) -> None:
    desk.open(SAMPLE)
    marked = [
        desk.screen.page.grid.row_at(i).number for i in range(44) if desk.screen.page.grid.row_at(i).hidden
    ]
    assert marked == [33]


def test_f8_goes_through_every_held_row_and_round(desk: Importing) -> None:
    desk.open(SAMPLE)
    preview = desk.screen.previewing.preview
    assert preview is not None
    held = preview.of(Verdict.HELD)
    assert desk.screen.page.grid.current_key() == held[0]
    seen = []
    for _ in held:
        desk.screen._next(False)
        seen.append(desk.screen.page.grid.current_key())
    assert seen == [*held[1:], held[0]]
    desk.screen._next(True)
    assert desk.screen.page.grid.current_key() == held[-1]
    assert cell(desk, desk.screen.page.grid.at.row, desk.screen.page.grid.at.column).mark is Mark.CHECK


def test_filters_show_the_rows_of_a_kind_and_of_a_reason(desk: Importing) -> None:
    desk.open(SAMPLE)
    desk.screen.page.tiles[Verdict.HELD].opened.emit()
    grid = desk.screen.page.grid
    assert len(grid.grid.keys) == 7
    desk.screen.page.reasons.lines[Filter(problem="sex_disagrees")].click()
    assert [grid.row_at(0).number] == [14] and len(grid.grid.keys) == 1
    desk.screen.page.reasons.lines[Filter(problem="sex_disagrees")].click()
    assert len(grid.grid.keys) == 44


def _held_cell(code: str, meaning: str) -> str:
    values: dict[str, CellJson] = {"recognition.category_text": meaning} if meaning else {}
    row = HeldRow("h", "i", "台账.xlsx", "台账", 3, "k", "open", "case", {"H": code}, {"H": "人员类型"},
                  {"recognition.category": "H"}, values, [])  # fmt: skip
    return cells_of(row)[0][2]


def test_a_held_row_shows_a_code_as_the_preview_does() -> None:
    hidden = text("import_ui.shield.sensitive")
    assert _held_cell("④", "连续失业1年以上的人员") == "④"
    assert _held_cell("⑧", "刑满释放人员") == hidden
    assert _held_cell("④", "") == hidden and _held_cell("④", "④") == hidden
    assert _held_cell("①④", "大龄失业人员") == hidden, "one of the two has no meaning kept beside it"


def test_a_wrong_sex_is_kept_or_corrected_without_typing_the_number(desk: Importing, tmp_path: Path) -> None:
    rows = [(n, name, "男", number(n * 2), "", "", "") for n, name in ((11, "周桂芬"), (12, "于秀兰"))]
    desk.open(ledger(tmp_path / "a.xlsx", rows))
    panel = desk.screen.page.panel
    for chosen in (0, 1):  # by the number, then by the sheet
        assert panel.matter.sexes == ("2", "1")
        assert panel.sexes.checkedButton() is None and not panel.adopt.isEnabled()
        panel.sexes.buttons()[chosen].setChecked(True)
        panel.adopt.click()
        desk.idle()
        desk.screen._next(False)
    preview = desk.screen.previewing.preview
    assert preview is not None and preview.counts.held == 0 and preview.counts.new == 2
    assert [row.values["case.sex"] for row in preview.rows] == ["2", "1"]
    assert cell(desk, 0, 2).text == "女" and cell(desk, 1, 2).text == "男"


def test_a_damaged_number_is_proposed_by_its_tail_and_shown_by_a_logged_click(
    desk: Importing, tmp_path: Path
) -> None:
    whole = number(22)
    register(desk.ground.desk, {"name": "周桂芬", "phone": "19900000077", "id_number": whole}).result()
    path = ledger(
        tmp_path / "a.xlsx", [(1, "周桂芬", "女", whole[:15] + "000", "19900000077", "南岭", "烹饪")]
    )
    desk.open(path)
    panel = desk.screen.page.panel
    desk.until(lambda: panel.matter.proposals is not None)
    assert panel.matter.proposals is not None and len(panel.matter.proposals.listed) == 1
    assert panel.numbers.checkedButton() is None, "nothing is pre-selected"
    assert not panel.adopt.isEnabled()
    assert not any(whole in one for one in words(panel))
    panel.look.emit(0)
    desk.until(lambda: any(whole in one.replace(" ", "") for one in words(panel)))
    logged = desk.ground.desk.read(local.accesses).result()
    assert [a.what for a in logged] == ["damaged_id"]
    panel.numbers.buttons()[0].setChecked(True)
    panel.adopt.click()
    desk.idle()
    preview = desk.screen.previewing.preview
    assert preview is not None and preview.counts.held == 0 and preview.counts.changed == 1


def test_a_wrong_typed_number_is_told_beside_the_field(desk: Importing) -> None:
    desk.open(SAMPLE)
    panel = desk.screen.page.panel
    assert panel.typed is not None
    panel.typed.set_value("229901197012030009")
    panel._offer()
    panel.adopt.click()
    desk.until(lambda: panel._field is not None and panel._field.problem == text("import_ui.typed_wrong"))
    desk.until(lambda: panel.matter.proposals is not None)
    assert panel._field is not None and panel._field.problem, "proposals that arrive later leave it"
    assert panel.typed is not None and panel.typed.value() == "229901197012030009"
    assert panel.isEnabled()


def test_keep_blank_lets_the_row_in_and_can_be_taken_back(desk: Importing) -> None:
    desk.open(SAMPLE)
    preview = desk.screen.previewing.preview
    assert preview is not None
    index = desk.screen.page.grid.current_key()
    desk.screen.page.panel.blank.click()
    desk.idle()
    desk.until(lambda: preview.counts.held == 6)
    assert desk.screen.page.grid.current_key() != index, "on to the next problem"
    desk.screen.previewing.go_to_row(index)
    assert desk.screen.page.panel.matter.decided
    desk.screen.page.panel.take_back.click()
    desk.until(lambda: preview.counts.held == 7)


def test_import_result_again_and_undo(desk: Importing) -> None:
    desk.open(SAMPLE)
    assert desk.screen.foot.next_button.accessibleName() == "导入 37 人"
    desk.apply()
    assert desk.screen.at == "done"
    said = words(desk.screen.done)
    assert "已导入 37 人" in said
    assert "原文件仍含身份证号，请妥善保管" in said
    desk.open(SAMPLE)
    preview = desk.screen.previewing.preview
    assert preview is not None and (preview.counts.new, preview.counts.unchanged) == (0, 37)
    assert not desk.screen.foot.next_button.isEnabled()
    cases = desk.ground.desk.read(lambda con: con.execute("SELECT case_id FROM case_row").fetchall()).result()
    kept = cases[0][0]
    record_service(
        desk.ground.desk, [kept],
        ServiceEntry({"type": "HF", "channel": "phone", "served_on": "2026-11-20", "content": "好"}, Contact("2026-12-01", "回访")),
    ).result()  # fmt: skip
    desk.screen._go_start()
    desk.ground.settle(desk.qtbot)
    past = desk.screen.start._past
    assert len(past) == 1 and past[0].waiting == 7 and past[0].counts["new"] == 37
    desk.screen.start._agreed(past[0].import_id)
    desk.idle()
    assert desk.screen.at == "start"
    assert any("服务记录" in one for one in words(desk.screen.start)), "who stays is named with the reason"
    assert desk.screen.start._past[0].state == "undone"
    assert desk.ground.troubles == []


def test_a_backup_is_made_before_the_first_write(desk: Importing) -> None:
    desk.open(SAMPLE)
    desk.apply()
    folder = desk.ground.station.paths.data
    assert any("before-import" in p.name for p in folder.rglob("*"))


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"%PDF-1.4 nothing", "file_not_table")])
def test_a_bad_file_is_told_calmly_and_what_was_open_stays(
    desk: Importing, tmp_path: Path, content: bytes, code: str
) -> None:
    desk.open(SAMPLE)
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(content)
    desk.open(bad)
    assert desk.screen.at == "start"
    banner = desk.screen.start.findChildren(Banner)[0]
    assert banner.sentence == text(f"error.{code}", path="坏.xlsx")
    assert desk.ground.troubles == []
    banner.buttons[0].click()
    assert desk.screen.at == "preview" and desk.screen.previewing.preview is not None


def test_codes_without_legend_are_asked_once_per_layout(desk: Importing, tmp_path: Path) -> None:
    heads = ("序号", "姓名", "身份证号", "就业困难人员类型")
    rows = [(i, f"张{chr(0x4E00 + i)}", number(2 * i + 1), "①④⑤"[i % 3]) for i in range(1, 8)]
    path = ledger(tmp_path / "a.xlsx", rows, heads)
    desk.open(path)
    assert desk.screen.at == "match"
    assert not desk.screen.foot.next_button.isEnabled()
    (question,) = desk.screen.match.questions.values()
    assert question.value() == "", "nothing is pre-selected"
    assert any("①　④　⑤" in one for one in words(desk.screen.match))
    question.chosen.emit("paper_hardship")
    assert desk.screen.foot.next_button.isEnabled()
    desk.screen.foot.next_button.click()
    desk.idle()
    assert desk.screen.at == "preview"
    desk.screen._go_start()
    desk.open(path)
    assert desk.screen.at == "preview", "remembered for the layout"


def test_a_column_is_changed_by_the_clerk(desk: Importing, tmp_path: Path) -> None:
    path = ledger(
        tmp_path / "a.xlsx", [(1, "张三", number(1), "楼下")], ("序号", "姓名", "身份证号", "住在哪")
    )
    desk.open(path)
    assert desk.screen.at == "match"
    desk.screen.match.drop_downs[3].chosen.emit("case.address")
    plan: Plan = desk.screen.choosing.plans[0]
    assert plan.guesses[3].target == "case.address"
    desk.screen.foot.next_button.click()
    desk.idle()
    assert cell(desk, 0, 3).mark is Mark.NEW


def test_pasted_cells(desk: Importing) -> None:
    lines = ["\t".join(HEADS), "\t".join(["1", "张三", "男", number(1), "19900000001", "南岭", "电焊"])]
    QGuiApplication.clipboard().setText("\n".join(lines))
    desk.screen.arrive(GoTo("import", part="paste"))
    desk.idle()
    preview = desk.screen.previewing.preview
    assert desk.screen.at == "preview" and preview is not None and preview.counts.new == 1


def test_nothing_to_paste_is_said(desk: Importing) -> None:
    QGuiApplication.clipboard().setText("")
    desk.screen.paste()
    assert desk.screen.start.findChildren(Banner)[0].sentence == text("import_ui.paste_empty")


def test_a_file_dropped_anywhere_is_read(desk: Importing) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(SAMPLE))])
    entered = QDragEnterEvent(
        QPoint(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(desk.screen, entered)
    assert entered.isAccepted()
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(desk.screen, event)
    desk.idle()
    assert desk.screen.at == "preview"


def test_cancelled_while_reading_leads_back_and_shows_nothing(desk: Importing) -> None:
    desk.screen.open_path(SAMPLE)
    desk.screen._cancel()
    assert desk.screen.at == "start"
    desk.qtbot.waitUntil(lambda: desk.screen.worker.quick(lambda: True).result())
    desk.ground.settle(desk.qtbot)
    assert desk.screen.at == "start" and desk.screen.previewing.preview is None


def test_a_held_row_is_settled_and_becomes_a_person(desk: Importing) -> None:
    desk.open(SAMPLE)
    desk.apply()
    import_id = desk.screen.done._done.import_id if desk.screen.done._done else ""
    desk.screen.arrive(GoTo("import", import_id, "held"))
    desk.idle()
    assert desk.screen.at == "held" and len(desk.screen.held.rows) == 7
    page = desk.screen.held_page
    first = desk.screen.held.rows[0]
    desk.until(lambda: first.record_id in desk.screen.held._known)
    assert not any(first.number in one for one in words(page))
    people = "SELECT count(*) FROM case_row"
    before = desk.ground.desk.read(lambda con: con.execute(people).fetchone()[0]).result()
    page.panel.blank.click()
    desk.idle()
    assert desk.ground.desk.read(lambda con: con.execute(people).fetchone()[0]).result() == before + 1
    assert first.state == "settled" and desk.screen.held.at == 1
    waiting = desk.ground.desk.read(reads.held_imports).result()
    assert waiting[0][2] == 6


def test_only_rows_in_sight_are_made(desk: Importing, tmp_path: Path) -> None:
    rows = [(i, f"张{chr(0x4E00 + i)}", "", "", f"199{i:08d}", "南岭", "电焊") for i in range(1, 3001)]
    desk.open(ledger(tmp_path / "big.xlsx", rows))
    if desk.screen.at == "match":
        desk.screen.foot.next_button.click()
        desk.idle()
    grid = desk.screen.page.grid
    grid.grab()
    assert 0 < len(grid._rows) < 60
    assert max(len(row._made) for row in grid._rows.values()) <= len(HEADS)


def test_cancelled_while_writing_takes_everything_back(desk: Importing) -> None:
    desk.open(SAMPLE)
    desk.screen._apply()
    desk.screen.busy.line.cancel.click()  # type: ignore[union-attr]
    desk.idle()
    desk.until(lambda: desk.screen.at == "preview")
    people = "SELECT count(*) FROM case_row"
    assert desk.ground.desk.read(lambda con: con.execute(people).fetchone()[0]).result() == 0
    assert text("import_ui.cancelled_taken_back") in [n.text for n in desk.ground.notices]
    preview = desk.screen.previewing.preview
    assert preview is not None and preview.counts.new == 37, "the same file can go in after all"


def test_what_was_changed_here_since_is_told_and_not_put_back(desk: Importing, tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx", [(1, "王小二", "男", number(11), "19900000013", "旧地址", "电焊")])
    desk.open(path)
    desk.apply()
    station = desk.ground.desk
    case_id = station.read(lambda con: con.execute("SELECT case_id FROM case_row").fetchone()[0]).result()
    state = station.case(case_id).result()
    save_record(station, case_subject(case_id), state.root, {"address": "新地址"}).result()
    desk.open(path)
    address = cell(desk, 0, 5)
    assert (address.mark, address.before, address.text) == (Mark.SINCE, "新地址", "旧地址")
    assert desk.screen.page.grid.row_at(0).mark is Mark.SINCE
    assert not desk.screen.foot.next_button.isEnabled()
    desk.screen.page.grid.go_to(Spot(0, 5))
    take = text("import_ui.take_cell")
    offered = [b for b in desk.screen.page.panel.findChildren(Button) if b.accessibleName() == take]
    offered[0].click()
    desk.until(lambda: cell(desk, 0, 5).mark is Mark.CHANGED)
    assert desk.screen.foot.next_button.isEnabled(), "the clerk wants the value of the sheet after all"


def test_said_things_stay_said_when_the_columns_are_read_anew(desk: Importing) -> None:
    desk.open(SAMPLE)
    desk.screen.page.panel.blank.click()
    preview = desk.screen.previewing.preview
    assert preview is not None
    desk.until(lambda: preview.counts.held == 6)
    desk.screen._show("match")
    desk.screen.foot.next_button.click()
    desk.idle()
    again = desk.screen.previewing.preview
    assert again is not None and again is not preview and again.counts.held == 6
