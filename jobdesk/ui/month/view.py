"""The month's screen: period and what is missing, the paper, the totals and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from jobdesk.ui import shortcuts
from jobdesk.ui.kit import (
    Button,
    Choice,
    DropDown,
    ElidedText,
    IconButton,
    ProgressLine,
    Segments,
    SidePage,
    Switch,
    Text,
    TextInput,
    column,
    frame,
    row,
    rule,
)
from jobdesk.ui.month.lists import PeopleList
from jobdesk.ui.month.pages import Deliver, Fetch, PageView
from jobdesk.ui.month.period import PeriodBar
from jobdesk.ui.month.state import t
from jobdesk.ui.month.totals import Totals
from jobdesk.ui.month.whole_lines import WholeLines

LEFT, RIGHT = 252, 304
FOLD_BELOW = 900


class MonthView(QWidget):
    """Widgets only; ``screen`` wires them."""

    def __init__(self, today: Callable[[], date], fetch: Fetch, deliver: Deliver) -> None:
        super().__init__()
        self.pages = PageView(fetch, deliver)
        self.side = SidePage(self._middle(today), self._right(), side_width=RIGHT, fold_below=FOLD_BELOW)
        self.setLayout(column(self.side, gap=0))

    def _middle(self, today: Callable[[], date]) -> QWidget:
        whole = row(self._left(today), (self._paper(), 1), gap=0)
        return frame(whole, "band")

    def _left(self, today: Callable[[], date]) -> QWidget:
        self.cutoff = Text("", "caption", "ink_2")
        self.period = PeriodBar(today)
        self.cover = Button(t("cover"), "bare", icon="report")
        self.sheets = Button(t("sheets_title"), "bare", icon="users")
        for entry in (self.cover, self.sheets):
            entry.setProperty("aligned", "left")
        self.gap_title = Text(t("gaps", count=0), "body", bold=True)
        self.gap_kind = DropDown([Choice("", t("all_gaps"))], "", label=t("gaps_of"))
        self.gaps = PeopleList(t("gaps", count=0))
        self.gaps_none = Text(t("gaps_none"), "caption", "ok", wrap=True)
        note = Text(t("blanks_stay"), "caption", "ink_2", wrap=True)
        left = frame(
            column(
                row(Text(t("title"), "title"), None, self.cutoff),
                self.period,
                column(self.cover, self.sheets, gap=2),
                rule(),
                self.gap_title,
                self.gap_kind,
                self.gaps_none,
                (frame(column((self.gaps, 1))), 1),
                note,
                gap=8,
                pad=(14, 14, 12, 10),
            ),
            "surface",
        )
        left.setFixedWidth(LEFT)
        return left

    def _paper(self) -> QWidget:
        self.place = Text("", "caption", "ink_2")
        self.person = Button("", "link")
        self.up = IconButton("chevron-up", t("page_before"), bordered=True)
        self.down = IconButton("chevron-down", t("page_after"), bordered=True)
        self.fit = Segments(
            [Choice("page", t("whole_page")), Choice("width", t("page_width"))], "page", t("fit")
        )
        self.open_side = IconButton("panel", t("open_totals"), bordered=True)
        bar = row(self.up, self.down, self.place, self.person, None, self.fit, self.open_side,
                  gap=6, pad=(10, 6, 10, 0))  # fmt: skip
        self.progress = ProgressLine(t("drawing"))
        self.progress.hide()
        self._progress_frame = frame(column(self.progress, pad=(12, 6, 12, 6)))
        self.banners = column(gap=6, pad=(10, 6, 10, 0))
        return frame(column(bar, self.banners, self._progress_frame, (self.pages, 1), gap=0), "band")

    def _right(self) -> QWidget:
        self.totals = Totals()
        self.total_title = Text(t("totals"), "strong")
        head = row(self.total_title, None, Text(t("click_number"), "caption", "ink_2"))
        lines = WholeLines(self.totals, self.totals.rows)
        return frame(
            column(head, (lines, 1), rule(), self._doing(), gap=8, pad=(14, 12, 12, 12)),
            "clear",
        )

    def _doing(self) -> QWidget:
        self.masked = Switch(t("masked"), True)
        self.masked_note = Text(t("masked_note"), "caption", "ink_2", wrap=True)
        self.reason = TextInput(placeholder=t("reason_example"))
        self.reason.setAccessibleName(t("reason"))
        self.reason_problem = Text("", "caption", "bad", wrap=True)
        self.reason_go = Button(t("show_whole"), "danger")
        self.reason_stop = Button(t("keep_masked"), "quiet")
        self.reason_box = frame(
            column(
                Text(t("reason_ask"), "caption", "warn", wrap=True), self.reason, self.reason_problem,
                row(None, self.reason_stop, self.reason_go), gap=6, pad=(10, 8, 10, 8),
            ),
            "warn_soft",
        )  # fmt: skip
        self.reason_problem.hide()
        self.reason_box.hide()
        self.signature = Switch(t("own_signature"), True)
        self.files = Segments(
            [Choice("one", t("one_file")), Choice("each", t("each_file"))], "one", t("files")
        )
        self.print = Button(t("print"), "quiet", icon="printer", keys="")
        self.save = Button(t("save"), "primary", icon="download")
        self.print.setToolTip(shortcuts.PRINT.keys)
        masked = row((column(Text(t("masked"), bold=True), self.masked_note, gap=0), 1), self.masked)
        signing = row((ElidedText(t("own_signature")), 1), self.signature)
        buttons = row((self.print, 1), (self.save, 1), gap=8)
        box = frame(
            column(masked, self.reason_box, signing, row(Text(t("files")), None, self.files), buttons, gap=8)
        )
        box.setSizePolicy(box.sizePolicy().horizontalPolicy(), box.sizePolicy().Policy.Maximum)
        return box

    def set_busy(self, on: bool, sentence: str = "") -> None:
        """Show or hide the progress line."""
        self.progress.setVisible(on)
        self._progress_frame.setVisible(on)
        if on:
            self.progress.words.setText(sentence)
            self.progress.cancel.setEnabled(True)
            self.progress.cancel.set_text(t("cancel"))
            self.progress.set_progress(0, 0)
