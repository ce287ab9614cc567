"""The two sides of the place, all parts and none of the wiring."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from jobdesk.ui.conflicts.pieces import ItemPainter, SentenceLabel
from jobdesk.ui.conflicts.saying import t
from jobdesk.ui.kit import (
    Button,
    ElidedText,
    EmptyState,
    FilterChip,
    Icon,
    Scroll,
    Text,
    Tick,
    column,
    flow,
    frame,
    row,
    rule,
)

TABS = ("here", "handed", "settled")
SIDE = 320
SIDE_NARROW = 312
NARROW = 1040
"""Logical pixels of the page below which the list gives way."""


class CursorList(QListWidget):
    """Its chosen row stays in sight whole when what stands above or below takes room from it."""

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        at = self.currentIndex()
        if at.isValid():
            self.scrollTo(at)


class PersonView(QWidget):
    """The right side: the person's head over a scrolling column of cards."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ElidedText("", "title", bold=True)
        self.identity = Text("", "body", "ink_2")
        self.reveal = Button(t("reveal"), "link", icon="eye")
        self.pending = Text("", "caption", "ink_2")
        self.open_file = Button(t("open_file"))
        self.cards: QVBoxLayout = QVBoxLayout()
        self.cards.setContentsMargins(0, 0, 0, 0)
        self.cards.setSpacing(12)
        head = row(
            (flow(self.name, self.identity, self.reveal, gap=12, baseline=True), 1), self.pending,
            self.open_file, gap=12, pad=(24, 12, 24, 0),
        )  # fmt: skip
        inside = column(self.cards, None, gap=0, pad=(24, 0, 24, 24))
        self.page = Scroll(inside)
        self.setLayout(column(head, (self.page, 1), gap=12))


class SameView(QWidget):
    """The same question of many people: one answer, who takes part, one button."""

    def __init__(self) -> None:
        super().__init__()
        self.back = Button(t("back"), "bare", icon="arrow-left")
        self.sentence = SentenceLabel()
        self.answers = row(gap=8)
        self.all = Tick(t("same_all"), True)
        self.people: QVBoxLayout = QVBoxLayout()
        self.people.setContentsMargins(0, 0, 0, 0)
        self.people.setSpacing(2)
        self.count = Text("", "body", "ink_2")
        self.problem = Text("", "caption", "bad", wrap=True)
        self.do = Button("", "primary")
        body = frame(
            column(
                row(column(Icon("users", "accent", 18), None, gap=0), (self.sentence, 1), gap=10),
                self.answers, rule(), self.all,
                (Scroll(column(self.people, None, gap=0)), 1), rule(), self.problem,
                row(None, self.count, self.do, gap=12), gap=12, pad=(16, 16, 16, 14),
            ),
            "card",
        )  # fmt: skip
        self.setLayout(column(row(self.back, None), (body, 1), gap=8, pad=(24, 12, 24, 24)))


class ConflictsView(QWidget):
    """The place."""

    def __init__(self) -> None:
        super().__init__()
        self.intro = Text(t("intro"), "caption", "ink_2", wrap=True)
        self.tabs = {key: FilterChip(t(f"tab_{key}"), 0) for key in TABS}
        self.list = CursorList()
        self.list.setProperty("look", "inside")
        self.list.setItemDelegate(ItemPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(t("title"))
        self.same: QVBoxLayout = QVBoxLayout()
        self.same.setContentsMargins(0, 0, 0, 0)
        self.same.setSpacing(4)
        self.same_frame = frame(self.same)
        self.foot = Text(t("foot"), "caption", "ink_3", wrap=True)
        self.print = Button(t("print"), icon="printer")
        self.side = QFrame()
        self.side.setProperty("look", "side_left")
        self.side.setFixedWidth(SIDE)
        self.side.setLayout(
            column(
                frame(column(Text(t("title"), "title", bold=True), self.intro, gap=6, pad=(12, 0, 12, 0))),
                frame(row(flow(*self.tabs.values(), gap=6), pad=(12, 0, 0, 0))),
                self.same_frame, (self.list, 1),
                frame(row((self.foot, 1), self.print, pad=(12, 0, 12, 0))),
                gap=10, pad=(12, 16, 12, 12),
            )
        )  # fmt: skip
        self.person = PersonView()
        self.together = SameView()
        self.nothing = EmptyState("check-circle", t("none_here"), more=t("none_here_more"))
        self.stack = QStackedWidget()
        # the first one is blank: until the list was read, nobody says that there is nothing
        self.blank = QWidget()
        for page in (self.blank, self.nothing, self.person, self.together):
            self.stack.addWidget(page)
        self.setLayout(row(self.side, (self.stack, 1), gap=0))
