from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.errors import DiskFull
from jobdesk.ui.header import StaffEntry
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.kit import Banner, TextInput, column
from jobdesk.ui.rail import Place
from jobdesk.ui.window import MainWindow

pytestmark = pytest.mark.usefixtures("dressed")
LONGEST = "吉林省延边朝鲜族自治州敦化市江南镇就业和社会保障服务所"


class Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[GoTo] = []
        self.left = 0
        self.line = TextInput()
        self.line.setParent(self)

    def arrive(self, where: GoTo, /) -> None:
        self.arrived.append(where)

    def leave(self) -> None:
        self.left += 1


class Tall(QWidget):
    """Asks for as much as the preview of an import."""

    def minimumSizeHint(self) -> QSize:
        return QSize(400, 540)


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    result = MainWindow(AppHub())
    qtbot.addWidget(result)
    result.resize(1366, 768)
    result.set_station("南岭街道综合服务中心")
    result.set_places(
        [
            Place("today", "今日", "today", Page),
            Place("ledger", "台账", "ledger", Page),
            Place("settings", "设置", "settings", Page, at_foot=True),
        ],
        "today",
    )
    result.show()
    return result


def test_pages_are_built_at_the_first_visit(window: MainWindow) -> None:
    assert window.at == "today"
    assert window.page("ledger") is None
    window.go_to(GoTo("ledger", subject="c1", part="plan"))
    page = window.page("ledger")
    assert isinstance(page, Page)
    assert page.arrived == [GoTo("ledger", subject="c1", part="plan")]
    first = window.page("today")
    assert isinstance(first, Page)
    assert first.left == 1
    window.go_to(GoTo("ledger", subject="c2"))
    assert page.left == 0, "leading on inside a place does not leave it"
    assert window.stack.currentWidget() is page


def test_the_rail_leads_by_mouse_and_by_key(window: MainWindow, qtbot: QtBot) -> None:
    window.rail.chosen.emit("ledger")
    assert window.at == "ledger"
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.at == "settings"


def test_search_from_everywhere(window: MainWindow, qtbot: QtBot) -> None:
    page = window.page("today")
    assert isinstance(page, Page)
    page.line.setFocus()
    told: list[str] = []
    window.header.search.searched.connect(told.append)
    qtbot.keyClick(page.line, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    line = window.header.search.line
    qtbot.waitUntil(line.hasFocus)
    QApplication.sendEvent(line, QInputMethodEvent("zhou", []))
    assert told == []
    commit = QInputMethodEvent()
    commit.setCommitString("周")
    QApplication.sendEvent(line, commit)
    assert told == ["周"]
    pressed: list[str] = []
    window.header.search.pressed.connect(pressed.append)
    qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert pressed == ["down", "enter", "escape"]
    assert told == ["周", ""]


def test_staff_are_switched_in_the_header(window: MainWindow) -> None:
    everybody = [StaffEntry("a", "于晓梅", "经办人"), StaffEntry("b", "王雪梅", "负责人")]
    window.header.staff.set_staff(everybody[0], everybody)
    told: list[str] = []
    window.header.staff.chosen.connect(told.append)
    menu = window.header.staff.menu_for()
    menu.actions()[1].trigger()
    assert told == ["b"]
    assert "于晓梅" in window.header.staff.accessibleName()


def test_the_pill_tells_what_is_safe(window: MainWindow) -> None:
    pill = window.header.pill
    assert pill.accessibleName() == "已保存"
    pill.set_more("3 条")
    pill.set_state("second_behind")
    assert pill.accessibleName() == "已保存，第二份未写入 · 3 条"


def test_practice_is_marked_across_the_window(window: MainWindow) -> None:
    plain = window.grab().toImage()
    window.set_marks(practice=True, trial=True)
    assert not window.header.practice.isHidden()
    assert not window.header.trial.isHidden()
    assert window.grab().toImage() != plain
    window.set_marks(practice=False, trial=True)
    assert window.header.practice.isHidden()


def test_notices_and_trouble_reach_the_window(qtbot: QtBot) -> None:
    hub = AppHub()
    window = MainWindow(hub)
    qtbot.addWidget(window)
    window.show()
    hub.notice.emit(Notice("已登记"))
    assert window.toast.words.text() == "已登记"
    hub.trouble.emit(DiskFull("disk_full", path="E:/"))
    assert len(window.notices.banners) == 1


def test_one_page_alone_hides_rail_and_header(window: MainWindow) -> None:
    page = QLabel("第一次使用")
    window.show_alone(page)
    assert window.rail.isHidden()
    assert window.header.isHidden()
    window.remove_page(page)


def test_a_save_under_way_keeps_the_window(qtbot: QtBot) -> None:
    may = [False]
    window = MainWindow(AppHub(), may_close=lambda: may[0])
    qtbot.addWidget(window)
    window.show()
    assert not window.close()
    may[0] = True
    assert window.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1093, 614)])
def test_nothing_of_the_frame_is_cut(window: MainWindow, width: int, height: int) -> None:
    """125 % on a 1366 × 768 screen leaves 1093 × 614 logical pixels."""
    window.set_station(LONGEST)
    window.set_marks(practice=True, trial=True)
    staff = StaffEntry("a", "欧阳买买提·艾合麦提江", "就业帮扶经办人")
    window.header.staff.set_staff(staff, [staff])
    window.header.pill.set_more("123 件待处理 · 待上传 1234 条", "123 件待处理", "warn")
    window.header.pill.set_state("second_behind")
    window.resize(width, height)
    QApplication.processEvents()
    assert window.width() == width
    assert window.minimumSizeHint().width() <= 1093
    parts = (window.header.practice, window.header.trial, window.header.search, window.header.pill,
             window.header.staff)  # fmt: skip
    for part in parts:
        assert part.width() >= part.minimumSizeHint().width(), part
        assert window.header.rect().contains(part.geometry()), part
    boxes = [part.geometry() for part in parts]
    assert all(not a.intersects(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
    assert window.header.station.accessibleName() == LONGEST


HEAVY = ("sqlalchemy", "sqlmodel", "sqlcipher3", "reportlab", "openpyxl", "xlsxwriter", "python_calamine",
         "pypdfium2", "pypinyin", "cryptography", "keyring", "jobdesk.store", "jobdesk.services",
         "jobdesk.reports", "PySide6.QtPrintSupport", "PySide6.QtSvg", "jobdesk.ui.kit")  # fmt: skip


def test_an_error_before_the_parts_exist_is_shown_once(qtbot: QtBot) -> None:
    hub = AppHub()
    window = MainWindow(hub)
    qtbot.addWidget(window)
    window.show()
    assert not window.grab().isNull(), "an empty frame is painted"
    hub.trouble.emit(DiskFull("disk_full", path="E:/"))
    assert len(window.notices.banners) == 1


def test_the_window_needs_nothing_heavy() -> None:
    """Design §5: the window is on screen before any of these is imported."""
    script = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from jobdesk.ui import theme; theme.apply(app, 'light');"
        "from jobdesk.ui.hub import AppHub; from jobdesk.ui.window import MainWindow;"
        "w = MainWindow(AppHub()); w.show(); app.processEvents(); print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not {name for name in loaded if name.startswith(HEAVY)}


def test_a_banner_never_makes_the_window_grow_beyond_the_screen(window: MainWindow) -> None:
    """Found at 125 %: the foot of a tall page went below the edge of the screen."""
    page = window.page("today")
    assert page is not None
    page.setLayout(column(Tall()))
    window.resize(1093, 614)
    for number in range(3):
        window.notices.show_banner(
            Banner("trouble", f"写不进去 {number}", more="台账照常使用。", closable=True)
        )
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1093, 614)
    assert window.stack.geometry().bottom() < 614
