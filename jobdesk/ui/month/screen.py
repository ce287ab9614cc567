"""月报: counts the period, draws its paper, opens who is behind a number. Nothing here waits for a thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.host.strings import text
from jobdesk.reports.month_numbers import MonthNumbers, MonthOptions, month_numbers
from jobdesk.services.settings import FORBID_UNMASKED, station_settings
from jobdesk.store.log import Connection
from jobdesk.ui import shortcuts
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import Banner, Choice, clear, column
from jobdesk.ui.month.drawing import Drawing, Drawn, Stopped
from jobdesk.ui.month.lists import Item
from jobdesk.ui.month.out import Out
from jobdesk.ui.month.people import people_popover
from jobdesk.ui.month.state import Asked, Shown, gap_kinds, shown, t
from jobdesk.ui.month.unmasking import Unmasking
from jobdesk.ui.month.view import MonthView

RELOAD_AFTER = 700
T = TypeVar("T")


class MonthScreen(Screen):
    """The month's sheets and its totals.

    Attributes:
        numbers: what was counted last; None before the first answer.
        drawn: the paper in sight; None while it is being drawn, and for periods without people.
    """

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.numbers: MonthNumbers | None = None
        self.shown: Shown | None = None
        self.drawn: Drawn | None = None
        self.forbidden = False
        self._asked_at = 0
        self._stale = True
        self._cancelled = False
        self._signature: bool | None = None
        self._keep_at = ""
        self.drawing = Drawing(self)
        self.destroyed.connect(self.drawing.close)
        self.view = MonthView(lambda: ctx.desk.today, self._picture, self._deliver)
        self.unmasking = Unmasking(self)
        self.out = Out(self, self.unmasking)
        self.setLayout(column(self.view, gap=0))
        self._timer = ctx.tasks.later(0, self, self.reload)
        self._timer.stop()
        self._wire()

    # ---- coming and going

    def arrive(self, where: GoTo) -> None:
        """``detail``: a month (``2026-10``) to show."""
        if where.detail and self._can_show(Asked(where.detail)):
            self.view.period.show_asked(Asked(where.detail))
            self._stale = True
        if self._stale or self.numbers is None:
            self.reload()
        self.view.pages.setFocus()

    def _can_show(self, asked: Asked) -> bool:
        try:
            asked.span(self.ctx.desk.today)
        except JobdeskError as wrong:
            self.say("problem", text(f"error.{wrong.code}", **wrong.params))
            return False
        return True

    def reload(self) -> None:
        """Count anew and draw anew; the page in sight stays the same person's."""
        self._timer.stop()
        self._stale = self._cancelled = False
        self._asked_at += 1
        number = self._asked_at
        if self.drawn is not None:
            self._keep_at = self.drawn.key_at(self.view.pages.at)
        desk = self.ctx.desk
        options = MonthOptions(self.unmasking.masked, self._signature)
        asked = self.view.period.asked
        if not self._can_show(asked):
            return
        span = asked.span(desk.today)
        self.view.set_busy(True, t("counting"))

        def job(con: Connection) -> tuple[MonthNumbers, bool]:
            forbidden = station_settings(con, desk).get(FORBID_UNMASKED) is True
            return month_numbers(con, desk, span, options), forbidden

        def done(answer: tuple[MonthNumbers, bool]) -> None:
            if number == self._asked_at:
                self._counted(*answer)

        def failed(error: Exception) -> None:
            self.view.set_busy(False)
            self.ctx.hub.trouble.emit(error)

        self.ctx.ask(desk.read(job), self, done, failed)

    # ---- what was counted

    def _counted(self, numbers: MonthNumbers, forbidden: bool) -> None:
        self.numbers, self.forbidden = numbers, forbidden
        found = self.shown = shown(numbers)
        view = self.view
        view.cutoff.setText(found.cutoff)
        view.total_title.setText(t("totals") if found.monthly else t("totals_range"))
        view.totals.put(found)
        view.sheets.setVisible(found.monthly)
        view.sheets.set_text(t("sheets_count", count=found.sheets))
        view.signature.setChecked(numbers.report.own_signature)
        self.unmasking.show()
        self._show_gaps()
        if self._cancelled:
            self._given_up()
        else:
            self._draw()

    def _show_gaps(self) -> None:
        assert self.shown is not None
        gaps, kinds = self.shown.gaps, gap_kinds(self.shown.gaps)
        view = self.view
        options = [Choice("", t("all_gaps_count", count=len(gaps)))]
        options += [Choice(k, t("gap_kind", name=t(f"kind_{k}"), count=n)) for k, n in kinds]
        chosen = view.gap_kind.value()
        view.gap_kind.set_options(options, chosen if any(k == chosen for k, _ in kinds) else "")
        view.gap_title.setText(t("gaps", count=len(gaps)))
        view.gap_kind.setVisible(len(kinds) > 1)
        view.gaps.setVisible(bool(gaps))
        view.gaps_none.setVisible(not gaps)
        self._fill_gaps()

    def _fill_gaps(self) -> None:
        assert self.shown is not None
        kind = self.view.gap_kind.value()
        self.view.gaps.put(
            [
                Item(g.name or text("month.screen.no_name"), g.what, g.case_id, g.part, g.record)
                for g in self.shown.gaps
                if not kind or g.kind == kind
            ]
        )

    # ---- the paper

    def _draw(self) -> None:
        assert self.numbers is not None
        report = self.numbers.report
        self.view.set_busy(True, t("drawing"))
        self.out.allow(False)
        future = self.drawing.draw(report, self.ctx.desk.clock)

        def done(drawn: Drawn) -> None:
            if self.numbers is None or drawn.report is not self.numbers.report:
                self.drawing.let_go(drawn.pages)
                return
            self._show_drawn(drawn)

        def failed(error: Exception) -> None:
            if isinstance(error, Stopped):
                if self._cancelled:
                    self._given_up()
                return
            self.view.set_busy(False)
            self.ctx.hub.trouble.emit(error)

        self.ctx.ask(future, self, done, failed)

    def _given_up(self) -> None:
        """取消 while drawing: the totals stand, the pages can be asked for again."""
        self.view.set_busy(False)
        self.out.allow(False)
        self._forget_paper()
        self.view.place.setText("")
        self.view.person.hide()
        self.view.pages.say(t("not_drawn"))

    def _forget_paper(self) -> None:
        if self.drawn is not None:
            self.drawing.let_go(self.drawn.pages)
            self.drawn = None

    def _show_drawn(self, drawn: Drawn) -> None:
        self._forget_paper()
        self.drawn = drawn
        self.view.set_busy(False)
        self.view.pages.open(drawn.printout.pages, drawn.pages.size(0), drawn.page_of(self._keep_at))
        self.out.allow(True)
        self._moved(self.view.pages.at)

    def _picture(self, page: int, dpi: float) -> Future[QImage]:
        assert self.drawn is not None
        return self.drawing.picture(self.drawn.pages, page, dpi)

    def _deliver(self, future: Future[T], done: Callable[[T], object]) -> None:
        self.ctx.ask(future, self, done)

    def _moved(self, page: int) -> None:
        if self.drawn is None or self.numbers is None:
            return
        number, within = self.drawn.place_at(page)
        cover = self.drawn.report.cover is not None
        key = self.drawn.key_at(page)
        sheets = len(self.drawn.report.sheets)
        if not key:
            said = t("place_cover", page=within)
        else:
            said = t("place_sheet", number=number - cover, count=sheets, page=within)
        self.view.place.setText(said)
        case_id = self.numbers.case_of(key) if key else ""
        self.view.person.setText(self.numbers.names.get(case_id, ""))
        self.view.person.setVisible(bool(case_id))
        self.view.up.setEnabled(page > 0)
        self.view.down.setEnabled(page < self.view.pages.count - 1)

    def _go_to_sheet(self, key: str | None) -> None:
        if self.drawn is None or not self.drawn.printout.starts:
            return
        starts = self.drawn.printout.starts
        at = next((k for k, _ in starts if k), None) if key is None else key
        if at is not None:
            self.view.pages.show_page(self.drawn.page_of(at))
            self.view.pages.setFocus()

    # ---- people

    def _open_person(self, item: Item) -> None:
        self.ctx.go("ledger", item.case_id, item.part or "overview", item.record)

    def _open_shown_person(self) -> None:
        if self.drawn is None or self.numbers is None:
            return
        case_id = self.numbers.case_of(self.drawn.key_at(self.view.pages.at))
        if case_id:
            self.ctx.go("ledger", case_id, "services")

    def open_people(self, asked: tuple[str, QWidget]) -> None:
        """The people behind a number, in a list beside it."""
        if self.numbers is not None:
            key, anchor = asked
            self.popover = people_popover(self.numbers, key, anchor, self._open_person)

    # ---- the rest

    def say(self, kind: str, sentence: str, more: str = "") -> None:
        """A word over the paper; the one before goes."""
        clear(self.view.banners)
        if sentence:
            self.view.banners.addWidget(
                Banner(kind, sentence, more=more, closable=True)  # type: ignore[arg-type]
            )

    def _sign(self, on: bool) -> None:
        if self.numbers is not None and on != self.numbers.report.own_signature:
            self._signature = on
            self.reload()

    def _changed(self, changed: Changed) -> None:
        self._stale = True
        if self.isVisible():
            self._timer.start(RELOAD_AFTER)

    def _cancel(self) -> None:
        self._cancelled = True
        self.out.stop()
        self.drawing.stop()

    def _progressed(self, told: tuple[int, int]) -> None:
        self.view.progress.set_progress(told[0], told[1])

    def _desk_changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self.reload()

    def _period(self, _asked: Asked) -> None:
        self._keep_at = ""
        self._signature = None
        self.unmasking.mask_again()
        self.say("", "")
        self.reload()

    def _wire(self) -> None:
        view = self.view
        view.period.chosen.connect(self._period)
        view.cover.clicked.connect(lambda _c=False: self._go_to_sheet(""))
        view.sheets.clicked.connect(lambda _c=False: self._go_to_sheet(None))
        view.gap_kind.chosen.connect(lambda _v: self._fill_gaps())
        view.gaps.opened.connect(self._open_person)
        view.totals.opened.connect(self.open_people)
        view.pages.moved.connect(self._moved)
        view.up.clicked.connect(lambda _c=False: view.pages.show_page(view.pages.at - 1))
        view.down.clicked.connect(lambda _c=False: view.pages.show_page(view.pages.at + 1))
        view.person.clicked.connect(lambda _c=False: self._open_shown_person())
        view.fit.chosen.connect(lambda v: view.pages.set_by_width(v == "width"))
        view.open_side.clicked.connect(lambda _c=False: view.side.open_side())
        view.side.folded.connect(view.open_side.setVisible)
        view.open_side.setVisible(view.side.is_folded)
        view.signature.toggled.connect(self._sign)
        view.progress.cancelled.connect(self._cancel)
        self.drawing.progressed.connect(self._progressed)
        self.ctx.hub.changed.connect(self._changed)
        self.ctx.desk_changed.connect(lambda _d: self._desk_changed())
        shortcuts.bind(self, shortcuts.PRINT.keys, self.out.print)
