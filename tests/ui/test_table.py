from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import DiskFull
from jobdesk.ui.table import Cell, Column, Row, Sort, Table, WindowedModel
from jobdesk.ui.table.columns import chosen, fitting, widths

pytestmark = pytest.mark.usefixtures("dressed")
COLUMNS = (
    Column("name", "姓名", 70, priority=0, fixed=True),
    Column("cat", "类别", 160, stretch=1, priority=2),
    Column("phone", "电话", 100, priority=3),
    Column("full", "完整度", 60, right=True, priority=4, sortable=False),
)


class Shelf:
    """Rows made on demand, counting what was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []
        self.version = 1
        self.broken = False

    def __call__(self, ids: Sequence[str]) -> list[Row]:
        self.asked.append(ids)
        if self.broken:
            raise DiskFull("disk_full", path="x")
        return [
            Row(
                one,
                {
                    "name": Cell(f"{one}v{self.version}", "strong"),
                    "cat": Cell(kind="chips", chips=("离校毕业生", "零就业家庭成员"), blanks=("未核对",)),
                    "phone": Cell("未填", "blank"),
                    "full": Cell("=1+1"),
                },
            )
            for one in ids
            if one != "gone"
        ]


def ids(count: int) -> list[str]:
    return [str(n) for n in range(count)]


def test_the_model_passes_qts_own_tester(qtbot: QtBot) -> None:
    shelf = Shelf()
    model = WindowedModel(COLUMNS, shelf)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(ids(300))
    model.refresh({"5", "299", "nobody"})
    model.set_ids([])
    model.set_ids(ids(3))
    model.set_columns(COLUMNS[:2])
    model.refresh()
    assert model.rowCount() == 3


def test_only_windows_in_sight_are_fetched(qtbot: QtBot) -> None:
    shelf = Shelf()
    table = Table(COLUMNS, shelf)
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    table.set_ids(ids(100_000))
    QApplication.processEvents()
    assert len(shelf.asked) <= 2
    table.go_to("99999")
    QApplication.processEvents()
    assert len(shelf.asked) <= 4
    assert all(len(one) <= 128 for one in shelf.asked)


def test_memory_stays_small(qtbot: QtBot) -> None:
    model = WindowedModel(COLUMNS, Shelf())
    model.set_ids(ids(100_000))
    for row in range(0, 100_000, 100):
        model.row(row)
    assert len(model._windows) <= 24  # pyright: ignore[reportPrivateUsage]


def test_a_hundred_thousand_cost_what_is_on_screen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """No step asks for more cells than a screen of rows has, each in all its roles."""
    asked = 0
    whole = WindowedModel.data

    def counted(self: WindowedModel, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        nonlocal asked
        asked += 1
        return whole(self, index, role)

    monkeypatch.setattr(WindowedModel, "data", counted)
    table = Table(COLUMNS, Shelf())
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    order = ids(100_000)
    for name, step in (
        ("open", lambda: table.set_ids(order)),
        ("end", lambda: table.go_to("99999")),
        ("select all", table.selectAll),
        ("re-sort", lambda: table.set_ids(order[::-1])),
    ):
        asked = 0
        step()
        QApplication.processEvents()
        assert asked < 2_000, name
    assert table.selected_count() == 100_000


def test_cursor_and_selection_follow_the_people(qtbot: QtBot) -> None:
    table = Table(COLUMNS, Shelf())
    qtbot.addWidget(table)
    table.set_ids(ids(500))
    table.go_to("40")
    told: list[str] = []
    table.current.connect(told.append)
    table.set_ids(ids(500)[::-1])
    assert table.current_id() == "40"
    assert table.selected_ids() == ("40",)
    table.refresh({"40"})
    assert table.current_id() == "40"
    assert told == []
    table.set_ids(["1", "2"])
    assert told == [""]
    assert table.selected_ids() == ()


def test_refresh_reads_only_what_was_touched(qtbot: QtBot) -> None:
    shelf = Shelf()
    model = WindowedModel(COLUMNS, shelf)
    model.set_ids(ids(1000))
    model.row(0)
    model.row(500)
    shelf.asked.clear()
    shelf.version = 2
    model.refresh({"500", "900"})
    row = model.row(500)
    assert row is not None
    assert row.cells["name"].text == "500v2"
    first = model.row(0)
    assert first is not None
    assert first.cells["name"].text == "0v1"
    assert len(shelf.asked) == 1


def test_a_row_that_is_gone_or_held_shows_a_placeholder(qtbot: QtBot) -> None:
    shelf = Shelf()
    model = WindowedModel(COLUMNS, shelf)
    model.hold(True)
    model.set_ids(["gone", "1"])
    assert model.index(1, 0).data() == "…"
    assert shelf.asked == []
    model.hold(False)
    assert model.index(1, 0).data() == "1v1"
    assert model.index(0, 0).data() == "…"


def test_a_broken_file_is_told_once_not_for_every_cell(qtbot: QtBot) -> None:
    shelf = Shelf()
    shelf.broken = True
    model = WindowedModel(COLUMNS, shelf)
    told: list[Exception] = []
    model.failed.connect(told.append)
    model.set_ids(ids(100))
    for row in range(100):
        model.index(row, 0).data()
    assert len(told) == 1
    shelf.broken = False
    model.refresh()
    assert model.index(0, 0).data() == "0v1"


def test_headings_ask_for_an_order(qtbot: QtBot) -> None:
    table = Table(COLUMNS, Shelf())
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    table.set_ids(ids(5))
    asked: list[Sort] = []
    table.sort_asked.connect(asked.append)
    for section in (0, 0, 3, 1):
        table.horizontalHeader().sectionClicked.emit(section)
    assert asked == [Sort("name"), Sort("name", True), Sort("cat")]


def test_enter_opens_and_letters_do_not_walk(qtbot: QtBot) -> None:
    shelf = Shelf()
    table = Table(COLUMNS, shelf)
    qtbot.addWidget(table)
    table.set_ids(ids(2000))
    opened: list[str] = []
    table.opened.connect(opened.append)
    table.go_to("3")
    shelf.asked.clear()
    qtbot.keyClicks(table, "zzz")
    assert len(shelf.asked) <= 1
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == ["3"]
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.current_id() == "1999"


def test_going_to_a_person_selects_that_one_alone_while_ctrl_is_held(qtbot: QtBot) -> None:
    table = Table(COLUMNS, Shelf())
    qtbot.addWidget(table)
    table.set_ids(ids(5))
    table.go_to("1")
    qtbot.keyPress(table, Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)  # Ctrl+Enter led here
    table.go_to("3")
    qtbot.keyRelease(table, Qt.Key.Key_F12)
    assert table.selected_ids() == ("3",)


def test_a_cursor_that_leaves_the_selection_is_drawn_along_both_rows(qtbot: QtBot) -> None:
    """Qt draws two cells anew: lines around the rows passed by stayed, and the new row had them in one column."""

    class Painted(QObject):
        region = QRegion()

        def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
            if isinstance(event, QPaintEvent):
                self.region += event.region()
            return False

    table, painted = Table(COLUMNS, Shelf()), Painted()
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    table.set_ids(ids(9))
    table.go_to("2")
    QApplication.processEvents()
    table.viewport().installEventFilter(painted)
    table.selectionModel().setCurrentIndex(table.rows.index(3, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
    QApplication.processEvents()
    for row in (2, 3):
        for column in range(table.rows.columnCount()):
            box = table.visualRect(table.rows.index(row, column))
            assert QRegion(box).subtracted(painted.region).isEmpty(), (row, column)
    assert not painted.region.intersects(table.visualRect(table.rows.index(5, 0)))


def test_the_clipboard_gets_rows_as_shown_and_no_formulas(qtbot: QtBot) -> None:
    table = Table(COLUMNS, Shelf())
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    table.set_ids(ids(5))
    table.go_to("1")
    assert table.copy() == 1
    head, line = QApplication.clipboard().text().split("\n")
    assert head.split("\t") == ["姓名", "类别", "电话", "完整度"]
    assert line.split("\t") == ["1v1", "离校毕业生 零就业家庭成员 未核对", "未填", "'=1+1"]


def test_narrow_windows_drop_the_least_needed_columns(qtbot: QtBot) -> None:
    assert [c.key for c in fitting(COLUMNS, 1000)] == ["name", "cat", "phone", "full"]
    assert [c.key for c in fitting(COLUMNS, 340)] == ["name", "cat", "phone"]
    assert [c.key for c in fitting(COLUMNS, 10)] == ["name"]
    assert sum(widths(COLUMNS, 1000)) == 1000
    assert widths(COLUMNS[:1], 500) == (500,)
    assert widths((), 500) == ()


def test_the_chooser_keeps_fixed_columns(qtbot: QtBot) -> None:
    assert [c.key for c in chosen(COLUMNS, ["full"])] == ["name", "full"]
    table = Table(COLUMNS, Shelf())
    qtbot.addWidget(table)
    table.resize(300, 300)
    table.show()
    table.set_ids(ids(3))
    told: list[tuple[str, ...]] = []
    table.columns_chosen.connect(told.append)
    menu = table.chooser()
    titles = [action.text() for action in menu.actions() if action.isCheckable()]
    assert titles[0] == "姓名"
    assert "未显示" in titles[3]
    menu.actions()[1].setChecked(False)
    assert told == [("name", "phone", "full")]
    assert [c.key for c in table.rows.columns] == ["name", "phone", "full"]


def test_every_kind_of_cell_can_be_drawn(qtbot: QtBot) -> None:
    kinds = (
        Cell("周雨桐", "strong"),
        Cell("199****0031", "muted"),
        Cell("7月13日", tone="bad", note="逾期", note_tone="bad"),
        Cell(kind="chips", chips=("离校毕业生" * 9,)),
        Cell(kind="chips", chips=("离校毕业生",) * 9),
        Cell("未填", "blank"),
        Cell(kind="steps", steps=((1, 1), (2, 3))),
        Cell(kind="none"),
        Cell("x", ground="warn"),
    )
    columns = [Column(str(n), str(n), 60) for n in range(len(kinds))]
    table = Table(columns, lambda some: [Row(i, {str(n): k for n, k in enumerate(kinds)}) for i in some])
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show()
    table.set_ids(["a", "b"])
    table.go_to("a")
    table.setFocus()
    assert not table.grab().isNull()
    assert [kind.plain for kind in kinds][6] == "3/4"


def test_unverified_keeps_its_room_beside_chips(qtbot: QtBot, chips: list[tuple[float, str, str]]) -> None:
    cells = (
        Cell(kind="chips", chips=("就业困难人员",), blanks=("未核对",)),
        Cell(kind="chips", chips=("离校毕业生", "零就业家庭成员"), blanks=("未核对",)),
    )
    table = Table([Column("cat", "类别", 130)], lambda some: [Row(i, {"cat": cells[int(i)]}) for i in some])
    qtbot.addWidget(table)
    table.resize(150, 200)
    table.show()
    table.set_ids(["0", "1"])
    chips.clear()
    table.viewport().grab()
    assert [said for _end, said, look in chips if look == "blank"] == ["未核对"] * 2, chips
    assert all(end <= table.viewport().width() for end, _said, _look in chips), chips
