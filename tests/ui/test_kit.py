from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from jobdesk.ui import shortcuts
from jobdesk.ui.kit import (
    Action,
    Banner,
    Basis,
    Button,
    Choice,
    DateInput,
    DropDown,
    ElidedText,
    Field,
    FilterChip,
    ProgressLine,
    Segments,
    SidePage,
    StatTile,
    StepState,
    StepStrip,
    Tab,
    Tabs,
    Text,
    TextArea,
    TextInput,
    Toast,
    basis_link,
    column,
    flow,
    frame,
    show_basis,
)

pytestmark = pytest.mark.usefixtures("dressed")


def compose(widget: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


def test_what_an_input_method_composes_is_not_reported(qtbot: QtBot) -> None:
    line = TextInput("张")
    qtbot.addWidget(line)
    told: list[str] = []
    line.typed.connect(told.append)
    line.selectAll()
    compose(line, "zhou")
    assert line.composing
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told == []
    compose(line, "", "周")
    assert told == ["周"]


def test_setting_a_value_is_not_typing(qtbot: QtBot) -> None:
    line, area, pick = TextInput(), TextArea(), DropDown(["甲", "乙"])
    segments = Segments(["上门", "电话"])
    for widget in (line, area, pick, segments):
        qtbot.addWidget(widget)
    told: list[object] = []
    for signal in (line.typed, area.typed, pick.chosen, segments.chosen):
        signal.connect(told.append)
    line.set_value("一")
    area.set_value("二")
    pick.set_value("乙")
    segments.set_value("电话")
    assert told == []
    qtbot.keyClicks(area, "x")
    assert told == [area.value()]


def test_markup_in_names_stays_text(qtbot: QtBot) -> None:
    label = Text("<b>周</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def read(typed: str) -> tuple[int, ...] | None:
    parts = typed.replace("年", ".").replace("月", "").split(".")
    return tuple(int(p) for p in parts) if all(p.isdecimal() for p in parts) else None


def show(value: tuple[int, ...]) -> str:
    return "-".join(f"{part:02d}" for part in value)


def test_a_date_is_read_when_left_and_a_month_stays_a_month(qtbot: QtBot) -> None:
    date: DateInput[tuple[int, ...]] = DateInput(read, show)
    field = Field("期限", date)
    qtbot.addWidget(field)
    told: list[object] = []
    date.dated.connect(told.append)
    qtbot.keyClicks(date, "2026.3")
    assert told == []
    qtbot.keyClick(date, Qt.Key.Key_Return)
    assert told == [(2026, 3)]
    assert date.text() == "2026-03"
    date.setText("下个月")
    date.read()
    assert not date.readable
    assert field.problem
    assert date.text() == "下个月", "what was typed is never thrown away"
    date.setText("")
    date.read()
    assert field.problem == ""
    assert told == [(2026, 3)], "an unreadable text is not a change; emptying after it is none either"


def test_a_problem_stands_beside_its_field(qtbot: QtBot) -> None:
    field = Field("姓名", TextInput())
    qtbot.addWidget(field)
    assert field.editor.accessibleName() == "姓名"
    field.set_problem("姓名里有数字")
    assert field.problem == "姓名里有数字"
    assert field.editor.accessibleDescription() == "姓名里有数字"
    assert field.editor.property("problem") is True
    field.set_problem(None)
    assert field.problem == ""
    assert field.editor.property("problem") is False


def test_segments_by_keys(qtbot: QtBot) -> None:
    segments = Segments(["上门", "到站", "电话"], "上门", "方式")
    qtbot.addWidget(segments)
    told: list[str] = []
    segments.chosen.connect(told.append)
    qtbot.keyClick(segments, Qt.Key.Key_3)
    qtbot.keyClick(segments, Qt.Key.Key_Left)
    qtbot.keyClick(segments, Qt.Key.Key_9)
    assert told == ["电话", "到站"]
    assert segments.accessibleName() == "方式 到站"


def test_a_long_drop_down_is_searched_by_pinyin(qtbot: QtBot) -> None:
    options = [Choice(str(n), f"社区{n}") for n in range(12)] + [Choice("p", "平阳社区", "pingyang py")]
    pick = DropDown(options)
    qtbot.addWidget(pick)
    pick.show()
    told: list[str] = []
    pick.chosen.connect(told.append)
    pick.open_list("py")
    popup = pick._popup  # pyright: ignore[reportPrivateUsage]
    assert popup is not None
    assert popup.list.count() == 1
    qtbot.keyClick(popup.box, Qt.Key.Key_Return)
    assert told == ["p"]
    assert pick.value() == "p"


def test_a_list_that_holds_nothing_of_what_is_typed_says_so(qtbot: QtBot) -> None:
    """Found by window: an empty sheet stood over the page."""
    pick = DropDown([Choice(str(n), f"{n}族") for n in range(30)])
    qtbot.addWidget(pick)
    pick.show()
    pick.open_list("平阳")
    popup = pick._popup  # pyright: ignore[reportPrivateUsage]
    assert popup is not None
    assert popup.none.isVisible() and popup.none.text() == "没有这一项"
    popup.box.setText("2")
    assert not popup.none.isVisible() and popup.list.count()
    popup.close()


def test_escape_closes_the_list_and_not_the_form_below_it(qtbot: QtBot) -> None:
    form = QWidget()
    pick = DropDown(["甲", "乙"])
    QVBoxLayout(form).addWidget(pick)
    qtbot.addWidget(form)
    left: list[bool] = []
    shortcuts.bind(form, "Esc", lambda: left.append(True), window=False)
    form.show()
    form.activateWindow()
    pick.open_list()
    popup = pick._popup  # pyright: ignore[reportPrivateUsage]
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup.windowHandle(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(popup) or not popup.isVisible())
    assert not left, "the form must stay"


def test_escape_and_backspace_are_not_typed_into_a_list(qtbot: QtBot) -> None:
    pick = DropDown([Choice(str(n), str(n)) for n in range(30)])
    qtbot.addWidget(pick)
    pick.show()
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
        qtbot.keyClick(pick, key)
        assert pick._popup is None  # pyright: ignore[reportPrivateUsage]
    qtbot.keyClicks(pick, "2")
    assert pick._popup is not None  # pyright: ignore[reportPrivateUsage]


def test_a_filter_that_narrows_is_lit(qtbot: QtBot) -> None:
    pick = DropDown(["全部", "平阳"], "全部", label="社区", resting="全部")
    qtbot.addWidget(pick)
    assert not pick.property("narrowing")
    pick.set_value("平阳")
    assert pick.property("narrowing")


def test_refused_buttons_say_why(qtbot: QtBot) -> None:
    button = Button("保存", "primary", keys="Ctrl+Enter")
    qtbot.addWidget(button)
    assert button.accessibleName() == "保存"
    button.refuse("还没有填写结果")
    assert not button.isEnabled()
    assert button.toolTip() == "还没有填写结果"
    button.refuse("")
    assert button.isEnabled()


def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot) -> None:
    pressed: list[int] = []
    button = Button("发出请求", on_click=lambda: pressed.append(1))
    qtbot.addWidget(button)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        qtbot.keyClick(button, key)
    assert len(pressed) == 3


def test_long_names_shorten_but_can_be_read(qtbot: QtBot) -> None:
    label = ElidedText("欧阳买买提·艾合麦提江·阿卜杜热合曼")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    label.grab()
    assert label.toolTip() == label.text()
    assert label.accessibleName() == label.text()
    label.resize(600, 20)
    label.grab()
    assert label.toolTip() == ""


def test_chips_go_on_in_the_next_line(qtbot: QtBot) -> None:
    line = flow(FilterChip("就业困难人员", 168), FilterChip("离校未就业毕业生", 57), FilterChip("全部", 412))
    qtbot.addWidget(line)
    layout = line.layout()
    assert layout is not None
    assert layout.heightForWidth(150) >= 3 * 30
    assert layout.heightForWidth(2000) == 30


def test_tabs_without_room_move_into_more_but_never_the_one_shown(qtbot: QtBot) -> None:
    titles = ["概况", "一人一策", "服务与回访", "认定", "就业", "补贴", "家庭", "附件", "变更记录"]
    tabs = Tabs([Tab(title, title) for title in titles], "变更记录")
    qtbot.addWidget(tabs)
    tabs.resize(260, 38)
    tabs.show()
    hidden = {tab.key for tab in tabs._hidden}  # pyright: ignore[reportPrivateUsage]
    assert hidden
    assert "变更记录" not in hidden
    told: list[str] = []
    tabs.chosen.connect(told.append)
    qtbot.keyClick(tabs, Qt.Key.Key_Home)
    assert told == ["概况"]


def test_the_side_folds_on_narrow_windows(qtbot: QtBot) -> None:
    page = SidePage(QWidget(), QLabel("档案"), side_width=300, fold_below=800)
    qtbot.addWidget(page)
    page.resize(1000, 400)
    page.show()
    assert page.side_shown
    assert page.main.width() == 700
    page.resize(700, 400)
    assert page.is_folded
    assert not page.side_shown
    assert page.main.width() == 700
    page.open_side()
    assert page.side.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.side_shown


def test_a_side_is_never_narrower_than_its_content(qtbot: QtBot) -> None:
    wide = QWidget()
    wide.setMinimumWidth(500)
    page = SidePage(QWidget(), wide, side_width=300, fold_below=800)
    qtbot.addWidget(page)
    page.resize(1000, 400)
    page.show()
    assert wide.width() >= 500


def test_banner_actions_close_it(qtbot: QtBot) -> None:
    done: list[str] = []
    banner = Banner("trouble", "第二份副本写不进", actions=[Action("重试", lambda: done.append("again"))])
    qtbot.addWidget(banner)
    with qtbot.waitSignal(banner.closed):  # type: ignore[arg-type]
        banner.buttons[0].click()
    assert done == ["again"]


def test_undo_in_a_toast_works_once(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(800, 600)
    host.show()
    toast = Toast(host)
    done: list[int] = []
    toast.say("已登记", lambda: done.append(1))
    assert toast.isVisible()
    toast.undo_button.click()
    toast.undo_button.click()
    assert done == [1]
    assert not toast.isVisible()


def test_a_toast_covers_no_button(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 600)
    save = QPushButton("保存", host)
    save.setGeometry(420, 550, 120, 34)
    host.show()
    toast = Toast(host)
    toast.say("已登记", lambda: None)
    assert not toast.geometry().intersects(save.geometry())
    assert toast.geometry().top() > 400, "no further up than it must"
    late = QPushButton("取消", host)  # a form that was loaded meanwhile
    late.setGeometry(toast.geometry().adjusted(20, 4, -20, -4))
    late.show()
    qtbot.waitUntil(lambda: not toast.geometry().intersects(late.geometry()))
    assert not toast.geometry().intersects(save.geometry()) and host.rect().contains(toast.geometry())


def test_a_toast_keeps_clear_of_the_rail(qtbot: QtBot) -> None:
    """With buttons in the middle and at the right it lay under the rail, without its tick and its first word."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 600)
    for left in (400, 760):
        QPushButton("保存", host).setGeometry(left, 300, 200, 290)
    host.show()
    toast = Toast(host, lambda: 76)
    toast.say("已恢复", done=False)
    assert toast.geometry().left() == 76 + 24 and not toast._mark.isVisible()
    host.findChildren(QPushButton)[0].hide()
    toast.say("已恢复")
    assert toast.geometry().left() > 76 and toast._mark.isVisible()


def test_progress_and_tiles_say_their_numbers(qtbot: QtBot) -> None:
    line, tile = ProgressLine("写入"), StatTile("新增", "31")
    strip = StepStrip([StepState("职业指导", 1, 1), StepState("岗位推荐", 2, 3)])
    for widget in (line, tile, strip):
        qtbot.addWidget(widget)
    line.set_progress(18, 44)
    assert line.share.text() == "40%"
    with qtbot.waitSignal(line.cancelled):  # type: ignore[arg-type]
        line.cancel.click()
    assert not line.cancel.isEnabled()
    with qtbot.waitSignal(tile.opened):  # type: ignore[arg-type]
        qtbot.keyClick(tile, Qt.Key.Key_Return)
    assert tile.accessibleName() == "新增 31"
    assert strip.accessibleName() == "职业指导 1/1，岗位推荐 2/3"


def test_a_basis_tells_rule_source_and_what_counts(qtbot: QtBot) -> None:
    basis = Basis(
        "每月至少联系 1 次", "吉政办发〔2017〕50号", "四（三）", "unconfirmed", (("上次联系", "6月12日"),),
        ("5月28日 岗位推荐",), (("7月1日 电话", "未接通"),),
    )  # fmt: skip
    link = basis_link(basis)
    qtbot.addWidget(link)
    link.show()
    popover = show_basis(link, basis)
    said = " ".join(label.text() for label in popover.findChildren(QLabel))
    for part in (
        "每月至少联系 1 次",
        "吉政办发〔2017〕50号 四（三）",
        "待确认",
        "6月12日",
        "5月28日 岗位推荐",
        "未接通",
    ):
        assert part in said
    qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert popover.isHidden()


def test_what_was_agreed_is_neither_confirmed_nor_a_figure_of_ours(qtbot: QtBot) -> None:
    link = basis_link(Basis("一人一策约定的目标日期。", facts=(("约定日期", "11月19日"),)))
    qtbot.addWidget(link)
    link.show()
    popover = show_basis(link, Basis("一人一策约定的目标日期。", facts=(("约定日期", "11月19日"),)))
    said = " ".join(label.text() for label in popover.findChildren(QLabel))
    assert "不是文件规定" in said and "已确认" not in said and "自定" not in said
    own = show_basis(link, Basis("每月一次", status="own"))
    assert "没有文件依据" in " ".join(label.text() for label in own.findChildren(QLabel))
    own.close()


@pytest.mark.parametrize("width", [260, 360, 700])
def test_wrapped_words_get_the_height_they_need(qtbot: QtBot, width: int) -> None:
    """A label asked for one character a line once made pages three screens tall."""
    words = Text(
        "期限已过，还有 4 项措施未完成。原期限保留；请写明原因，延期须与本人重新商定。" * 2, wrap=True
    )
    page = frame(column(words, None))
    qtbot.addWidget(page)
    page.resize(width, 500)
    page.show()
    assert words.height() >= words.heightForWidth(words.width())
    assert page.minimumSizeHint().height() < 200


def test_pictures_follow_the_theme_without_being_told(qtbot: QtBot) -> None:
    button = Button("导出", "bare", icon="export")
    qtbot.addWidget(button)
    before = button.icon().cacheKey()
    QApplication.sendEvent(button, QEvent(QEvent.Type.StyleChange))
    assert button.icon().cacheKey() != before


def test_texts_of_several_sizes_stand_on_one_line(qtbot: QtBot) -> None:
    parts = [Text("下次联系"), Text("联系事由", "caption"), Button("查看依据", "link")]
    line = flow(*parts, baseline=True)
    qtbot.addWidget(line)
    line.resize(600, 60)
    line.show()
    QApplication.processEvents()
    feet = {
        p.y() + round((p.height() + p.fontMetrics().ascent() - p.fontMetrics().descent()) / 2) for p in parts
    }
    assert len({p.fontMetrics().height() for p in parts}) > 1 and len(feet) == 1


def test_a_long_step_keeps_its_count_beside_its_name(qtbot: QtBot) -> None:
    names = (("政策宣介", 1), ("职业指导", 1), ("岗位推荐", 3), ("职业技能培训", 1))
    strip = StepStrip([StepState(name, 0, owed) for name, owed in names])
    qtbot.addWidget(strip)
    strip.resize(364, 80)
    strip.show()
    QApplication.processEvents()
    assert len({label.mapTo(strip, QPoint(0, 0)).y() for label in strip.findChildren(QLabel)}) == 1
