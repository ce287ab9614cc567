"""The ledger's layout: search, chips, filters, table, foot; the person's file at the side."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Button,
    EmptyState,
    IconButton,
    ProgressLine,
    SidePage,
    Text,
    column,
    frame,
    key_hints,
    row,
)
from jobdesk.ui.ledger.bars import ChangeBar, ChosenBar, NameBar, OutBar
from jobdesk.ui.ledger.filters import CategoryChips, Filters
from jobdesk.ui.ledger.table import PeopleTable
from jobdesk.ui.palette import Tone
from jobdesk.ui.searchbox import SearchBox
from jobdesk.ui.signals import BareSignal, bare_signal

SIDE = 520
FOLD_BELOW = 1180
_HINTS_FROM = 640


class LedgerView(QWidget):
    """All parts, none of the wiring.

    Signals:
        shrunk: the width changed.
    """

    shrunk: BareSignal = bare_signal()

    def __init__(self, table: PeopleTable, side: QWidget, day: date, away: QWidget) -> None:
        super().__init__()
        self.table = table
        self.search = SearchBox()
        self.search.setMaximumWidth(16_000)
        self.search.line.setPlaceholderText(text("ledger.search_hint"))
        self.search._key.setText("/")
        self.views = Button(text("ledger.views.title"), "quiet", icon="star")
        self.columns = IconButton("columns", text("ledger.columns"), bordered=True)
        self.out = IconButton("export", text("ledger.export"), bordered=True)
        self.bring_in = Button(text("ledger.bring_in"), icon="import")
        self.bring_in.setToolTip(text("ledger.bring_in_hint"))
        self.bring_in_small = IconButton("import", text("ledger.bring_in_hint"), bordered=True)
        self.walk_ins = Button(text("ledger.walk_ins"), icon="phone")
        self.walk_ins_small = IconButton("phone", text("ledger.walk_ins"), bordered=True)
        self.doubts = IconButton("flag", text("ledger.doubts"), bordered=True)
        self.new = Button(text("ledger.register"), "primary", icon="user-plus")
        self.new.setToolTip("Ctrl+N")
        self.chips = CategoryChips()
        self.filters = Filters(day)
        self.usual_columns = Button(text("table.usual_columns"), "link")
        self.first = EmptyState("ledger", text("ledger.nobody"), more=text("ledger.nobody_more"), action=None)
        self.import_button = Button(text("ledger.import"), "primary", icon="import")
        self.register_button = Button(text("ledger.register"), icon="user-plus")
        self.nothing_clear = Button(text("ledger.clear_filters"))
        self.nothing_register = Button(text("ledger.register"), icon="user-plus")
        self.nothing = EmptyState("search", text("ledger.nothing"), more=text("ledger.nothing_more"))
        self.stack = QStackedWidget()
        self.stack.addWidget(table)
        self.stack.addWidget(_with_actions(self.first, self.import_button, self.register_button))
        self.stack.addWidget(
            _with_actions(self.nothing, self.nothing_clear, self.nothing_register, under=away)
        )
        self.people = Text("", "caption", "ink_2")
        self.lacking = FootCount("warn")
        self.overdue = FootCount("bad")
        self.hints = key_hints(
            ("↑ ↓", text("ledger.key_choose")), ("Enter", text("ledger.key_open")),
            (text("ledger.key_space"), text("ledger.key_gather")), ("F2", text("ledger.key_record")),
        )  # fmt: skip
        self.chosen = ChosenBar()
        self.change = ChangeBar()
        self.leave = OutBar()
        self.name = NameBar()
        self.busy = ProgressLine("")
        self.bars = (self.chosen, self.change, self.leave, self.name)
        for bar in (*self.bars, self.busy):
            bar.hide()
        foot = frame(
            row(self.people, self.lacking, self.overdue, None, self.hints, gap=12, pad=(20, 0, 12, 0)), "foot"
        )
        foot.setFixedHeight(36)
        top = column(
            row(
                (self.search, 1), self.views, self.columns, self.out, self.bring_in, self.bring_in_small,
                self.walk_ins, self.walk_ins_small, self.doubts, self.new, gap=8,
            ),
            self.chips, self.filters, gap=8, pad=(20, 10, 16, 8),
        )  # fmt: skip
        self.banner_place = column(gap=0)
        self.main = frame(column(
            top, self.banner_place, (self.stack, 1), *self.bars, self.busy, foot, gap=0
        ), "surface")  # fmt: skip
        self.page = SidePage(
            self.main, side, side_width=SIDE, fold_below=FOLD_BELOW, cross=not hasattr(side, "closed")
        )
        self.setLayout(column(self.page, gap=0))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.shrunk.emit()

    def fit(self) -> None:
        """Leave out what has no room: hints first, then words of buttons."""
        width = self.main.width()
        self.hints.setVisible(width >= _HINTS_FROM)
        self.walk_ins.setVisible(width >= 860)
        self.walk_ins_small.setVisible(width < 860)
        self.bring_in.setVisible(width >= 700)
        self.bring_in_small.setVisible(width < 700)


class FootCount(Text):
    """A number of the foot; press it to see those people.

    Signals:
        pressed: show them.
    """

    pressed: BareSignal = bare_signal()

    def __init__(self, tone: Tone) -> None:
        super().__init__("", "caption", tone, bold=True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_words(self, words: str) -> None:
        """Empty words take it away."""
        self.setText(words)
        self.setVisible(bool(words))

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self.pressed.emit()


def _with_actions(empty: EmptyState, *actions: QWidget, under: QWidget | None = None) -> QWidget:
    page = QWidget()
    buttons = row(None, *actions, None, gap=10)
    page.setLayout(column((QWidget(), 1), empty, *([under] if under else []), buttons, (QWidget(), 2), gap=4))
    return page
