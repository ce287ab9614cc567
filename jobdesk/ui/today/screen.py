"""今日: the start of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from jobdesk.cases.due import DueKind, DueLine
from jobdesk.cases.errors import Refused
from jobdesk.services.briefs import Brief, DaySoFar, load_brief, load_day
from jobdesk.services.revealing import log_look
from jobdesk.services.today import OF_NO_PERSON, Board, load_board, put_off, refresh_board
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.kit import column, show_basis
from jobdesk.ui.serviceform import ServiceForm
from jobdesk.ui.serviceform import state as form_state
from jobdesk.ui.today import filling, state, words
from jobdesk.ui.today.brief import BriefCard, namer
from jobdesk.ui.today.phone_state import PHONE, VISIT, Way
from jobdesk.ui.today.phones import PhoneRound
from jobdesk.ui.today.side import PutOffCard, Side, other_words
from jobdesk.ui.today.view import TodayView
from jobdesk.ui.today.words import t

WATCH = 20_000
"""Milliseconds between looks at the date: midnight, and a clock that was set."""
SETTLE = 90
"""Milliseconds the cursor rests on a line before its person is read."""


class TodayScreen(Screen):
    """Whom to help next, why, by when; recorded without leaving the page."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.board: Board | None = None
        self.shown: state.Day | None = None
        self._group, self._ahead = "", False
        self._so_far = DaySoFar(0, True)
        self._brief: Brief | None = None
        self._beside = self._after = self._seek = ""
        self._loading = self._again = False
        self._touched: set[str] = set()
        self.brief, self.plan_brief = BriefCard(), BriefCard()
        self.form = ServiceForm(ctx, self.brief)
        self.put_off = PutOffCard(self._day_ahead, self._quick)
        self.side = Side(self.form, self.put_off, self.plan_brief)
        self.view = TodayView(self._words, self.side)
        self.round = PhoneRound(ctx)
        self.view.pages.addWidget(self.round)
        self.setLayout(column((self.view, 1), gap=0))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE)
        self._rest.timeout.connect(self._show_side)
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH)
        self._watch.timeout.connect(self.look_at_the_date)
        self._watch.start()
        self._wire()

    # ---- coming and going

    def arrive(self, where: GoTo) -> None:
        """``subject``: the cursor to that person's first line; ``part="round"``: the phone round."""
        self._seek = where.subject
        if self.board is None or self.board.today != self.ctx.desk.today:
            self.reload()
        else:
            self._find_sought()
        if where.part == "round":
            self.open_round()
        else:
            self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Drafts are kept."""
        self._rest.stop()
        self.form.keep()
        self.round.leave()

    # ---- loading

    def reload(self) -> None:
        """Everything anew, off the GUI thread."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        self._touched.clear()
        self.ctx.ask(load_board(self.ctx.desk), self, self._loaded, self._failed)

    def _refresh(self) -> None:
        """Only what was touched since."""
        if self._loading or self.board is None or not self._touched:
            return
        self._loading = True
        subjects, self._touched = self._touched, set()
        self.ctx.ask(refresh_board(self.ctx.desk, self.board, subjects), self, self._loaded, self._failed)

    def _loaded(self, board: Board) -> None:
        self._loading = False
        if self._again:
            self._again = False
            self.reload()
            return
        self.board = board
        first = self.view.middle.currentWidget() is self.view.loading
        self.ctx.ask(load_day(self.ctx.desk), self, self._counted)
        self._show()
        if first and self.isVisible():
            self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._find_sought()
        self._refresh()

    def _failed(self, error: Exception) -> None:
        self._loading = False
        self.ctx.hub.trouble.emit(error)

    def _counted(self, so_far: DaySoFar) -> None:
        self._so_far = so_far
        self._show_foot()

    def _changed(self, changed: Changed) -> None:
        if self.board is None:
            return
        if changed.whole:
            self.reload()
            return
        self._touched |= changed.subjects
        self._refresh()
        line = self.view.list.line
        if line is not None and changed.touches(line.subject):
            self._load_brief(line.subject)

    def look_at_the_date(self) -> None:
        """Midnight has passed, or somebody set the clock: another day, another list."""
        if self.board is not None and self.board.today != self.ctx.desk.today and not self._loading:
            day = words.day(self.ctx.desk.today, self.board.today)
            self.ctx.hub.notice.emit(Notice(t("new_day", day=day)))
            self._beside = ""
            self.reload()

    # ---- showing

    def _show(self) -> None:
        assert self.board is not None
        self.shown = state.day_of(self.board, self._group, ahead=self._ahead)
        if self._group and not self.shown.counts.get(self._group):
            self._group = ""
            self.shown = state.day_of(self.board, ahead=self._ahead)
        after, self._after = self._after, ""
        filling.show_head(self.view, self.shown, self.board.today, self._group)
        self.view.list.show_day(self.shown, after)
        self._show_foot()

    def _show_foot(self) -> None:
        if self.shown is not None and self.board is not None:
            first = next(iter(self.board.ordered()), None)
            following = self._words(first) if first else None
            filling.show_foot(
                self.view, self.shown, self._so_far, following, group=self._group, ahead=self._ahead
            )

    def _words(self, line: DueLine) -> state.LineWords:
        assert self.board is not None
        return state.words_of(self.board, line)

    def _find_sought(self) -> None:
        if not self._seek or self.shown is None:
            return
        sought, self._seek = self._seek, ""
        found = next((line for line in self.shown.lines if line.subject == sought), None)
        if found is not None:
            self.view.list.go_to(found.uid)

    # ---- the side

    def _moved(self, line: DueLine | None) -> None:
        if line is None:
            self._beside = ""
            self.form.rest()
            self.side.show_page(self.side.nothing)
        elif line.uid != self._beside:
            self._rest.start()
        self._tell_next()

    def _tell_next(self) -> None:
        line = self.view.list.line
        if line is None or self.shown is None or self.board is None:
            return
        following = state.next_after(self.shown.lines, line.uid)
        who = state.words_of(self.board, following).who if following and following.uid != line.uid else ""
        self.form.set_after_save(who)

    def _show_side(self) -> None:
        line = self.view.list.line
        self._rest.stop()
        if line is None or line.uid == self._beside:
            return
        self._beside = line.uid
        if line.kind not in state.OF_PEOPLE or line.kind in state.PLAN_KINDS:
            self.form.rest()
            title, go = other_words(line)
            said = self._words(line)
            of_person = line.kind in state.PLAN_KINDS
            who = "" if of_person else said.who
            sentence = " ".join(p for p in (who, said.reason) if p)
            self.side.other.begin(title, sentence, go, of_person=of_person)
            self.side.show_page(self.side.other)
            if of_person:
                self._load_brief(line.subject)
            return
        self.side.show_page(self.form)
        self._load_brief(line.subject)
        self.form.begin(line.subject, line)

    def _load_brief(self, case_id: str) -> None:
        def loaded(brief: Brief) -> None:
            now = self.view.list.line
            if now is not None and now.subject == case_id:
                same = self._brief is not None and self._brief.facts.case_id == case_id
                self._brief = brief
                self._show_brief(brief, same and self.brief.revealed)

        self.ctx.ask(load_brief(self.ctx.desk, case_id), self, loaded)

    def _show_brief(self, brief: Brief, reveal: bool) -> None:
        for card in (self.brief, self.plan_brief):
            card.show_brief(brief, self.ctx.desk.today, reveal)

    def _reveal(self) -> None:
        brief = self._brief
        if brief is None:
            return
        line = self.view.list.line
        reason = t("reveal_occasion", what=self._words(line).what if line is not None else "")
        case_id = brief.facts.case_id
        looked = log_look(self.ctx.desk, "reveal", subject_id=case_id, field="phone", reason=reason)

        def shown(_none: None) -> None:
            if self._brief is brief:
                self._show_brief(brief, True)

        self.ctx.ask(looked, self, shown)

    # ---- what is done with a line

    def act(self, what: str) -> None:
        """``enter``, ``batch``, ``visits``, ``put_off``, ``open``, ``basis`` for the current line."""
        line = self.view.list.line
        acts: dict[str, Callable[[DueLine], object]] = {
            "enter": self._enter, "put_off": self._put_off, "open": self._open, "basis": self._basis,
        }  # fmt: skip
        if what in ("batch", "visits"):
            self.open_round(PHONE if what == "batch" else VISIT)
        elif line is not None:
            acts[what](line)

    def _enter(self, line: DueLine) -> None:
        if line.kind is DueKind.HELD_ROWS:
            self.ctx.go("import", line.subject, "held")
        elif line.kind is DueKind.VACANCY:
            self.ctx.go("vacancies", line.subject)
        elif line.kind is DueKind.ASSIGNED:
            self.ctx.go("assignments", str(dict(line.params)["list"]), detail=line.record)
        elif line.kind in state.PLAN_KINDS:
            self.ctx.go("ledger", line.subject, "plan", line.record)
        else:
            self._show_side()
            self.side.show_page(self.form)
            self.view.page.open_side()
            self.form.take_focus()

    def _open(self, line: DueLine) -> None:
        if line.kind in state.OF_PEOPLE:
            self.ctx.go("ledger", line.subject)
        else:
            self._enter(line)

    def _put_off(self, line: DueLine) -> None:
        if line.kind not in state.OF_PEOPLE:
            self.ctx.hub.notice.emit(Notice(t("put_off_none")))
            return
        said = self._words(line)
        original = words.day_and_weekday(line.original, self.ctx.desk.today)
        self.view.page.open_side()
        self.side.show_page(self.put_off)
        self.put_off.begin(f"{said.who}  {t('put_off_what', what=said.what, day=original)}")

    def _put_off_now(self, wanted: tuple[date, str]) -> None:
        line = self.view.list.line
        if line is None:
            return
        until, reason = wanted
        try:
            saved = put_off(self.ctx.desk, line, until, reason)
        except Refused:
            self.put_off.refuse_day()
            return
        day = words.day(until, self.ctx.desk.today)
        self.ctx.save(saved, self, t("put_off_saved", day=day, who=self._words(line).who))
        self._go_on(line)

    def _basis(self, line: DueLine) -> None:
        named = namer(self._brief) if self._brief and self._brief.facts.case_id == line.subject else None
        box = self.view.list.basis_rect(line)
        anchor = QWidget(self.view.list.viewport())
        anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        anchor.setGeometry(box)
        anchor.show()
        subject, who = line.subject, self._words(line).who if line.kind not in OF_NO_PERSON else ""
        shown = words.shown_basis(
            line.basis, self.ctx.desk.today, named,
            lambda part, detail: self.ctx.go("ledger", subject, part, detail), who,
        )  # fmt: skip
        show_basis(anchor, shown).destroyed.connect(anchor.deleteLater)

    def _saved(self, case_id: str) -> None:
        line = self.view.list.line
        if line is not None and line.subject == case_id:
            self._go_on(line)

    def _go_on(self, line: DueLine) -> None:
        """To the next line; the one just done is gone when the board is back, or stays as an attempt."""
        following = state.next_after(self.shown.lines if self.shown else (), line.uid)
        self._beside = ""
        if following is not None and following.uid != line.uid:
            self._after = following.uid
            self.view.list.go_to(following.uid)
        else:
            self._show_side()
        self._fold_side()
        self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancelled(self) -> None:
        self.side.show_page(self.form)
        self._beside = self._beside if self.form.case_id else ""
        self._fold_side()
        self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_side()

    def _fold_side(self) -> None:
        """In a narrow window the side lies over the list; beside it it stays."""
        if self.view.page.is_folded:
            self.view.page.close_side()

    def open_round(self, way: Way = PHONE) -> None:
        """批量电话 or 上门走访: a round of whom a contact is due with, as filtered."""
        if self.board is None or self.shown is None:
            return
        lines = state.phone_round(self.shown.lines)
        if lines:
            self.form.keep()
            self.round.begin(self.board, lines, way)
            self.view.pages.setCurrentWidget(self.round)

    def _close_round(self) -> None:
        self.view.pages.setCurrentWidget(self.view.page)
        self._beside = ""
        self._show_side()
        self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self, name: str) -> None:
        self._group = name
        if self.board is not None:
            self._show()

    def _look_ahead(self) -> None:
        self._ahead = not self._ahead
        if self.board is not None:
            self._show()

    def _day_ahead(self, typed: str) -> date | None:
        return form_state.parse_day(typed, self.ctx.desk.today, ahead=True)

    def _quick(self, name: str) -> date:
        return form_state.quick_day(name, self.ctx.desk.today, self.ctx.desk.working_days)

    def _wire(self) -> None:
        view, ctx = self.view, self.ctx
        ctx.hub.changed.connect(self._changed)
        ctx.desk_changed.connect(lambda _desk: self.reload())
        view.list.current.connect(self._moved)
        view.list.pressed.connect(self.act)
        view.round.clicked.connect(lambda _c=False: self.open_round())
        view.visits.clicked.connect(lambda _c=False: self.open_round(VISIT))
        view.assigned.clicked.connect(lambda _c=False: self.ctx.go("assignments"))
        view.ahead.clicked.connect(lambda _c=False: self._look_ahead())
        view.do_import.clicked.connect(lambda _c=False: ctx.go("import"))
        view.do_register.clicked.connect(lambda _c=False: ctx.go("register"))
        for name, chip in view.filters.items():
            chip.clicked.connect(lambda _on=False, n=name: self._filter(n))
        self.form.saved.connect(self._saved)
        self.form.cancelled.connect(self._cancelled)
        self.put_off.put_off.connect(self._put_off_now)
        self.put_off.cancelled.connect(self._cancelled)
        self.side.other.asked.connect(lambda: self.act("enter"))
        for card in (self.brief, self.plan_brief):
            card.open_asked.connect(lambda: self.act("open"))
            card.all_asked.connect(self._open_services)
            card.reveal_asked.connect(self._reveal)
        self.round.closed.connect(self._close_round)

    def _open_services(self) -> None:
        line = self.view.list.line
        if line is not None:
            self.ctx.go("ledger", line.subject, "services")
