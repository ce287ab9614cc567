"""今日: the start of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt

from jobdesk.cases.due import DueLine
from jobdesk.cases.due_order import DayLine
from jobdesk.services.board import MOST
from jobdesk.services.briefs import DaySoFar, load_day
from jobdesk.services.today import OF_NO_PERSON, Board
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import GoTo, Notice
from jobdesk.ui.kit import column
from jobdesk.ui.serviceform import ServiceForm
from jobdesk.ui.serviceform import state as form_state
from jobdesk.ui.today import filling, kinds, saying, state, words
from jobdesk.ui.today.beside import Beside
from jobdesk.ui.today.brief import BriefCard
from jobdesk.ui.today.handing import HandOverCard
from jobdesk.ui.today.keeping import BoardKeeper
from jobdesk.ui.today.painting import Hints
from jobdesk.ui.today.passing_on import PassingOn
from jobdesk.ui.today.phone_state import PHONE, VISIT, Way
from jobdesk.ui.today.phones import PhoneRound
from jobdesk.ui.today.side import PutOffCard, Side
from jobdesk.ui.today.view import TodayView
from jobdesk.ui.today.why import show_why
from jobdesk.ui.today.words import t


class TodayScreen(Screen):
    """Whom to help next, why, by when; recorded without leaving the page."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.keeper = BoardKeeper(ctx, self)
        self.shown: state.Day | None = None
        self._asked, self._ahead = state.Filters(), False
        self._so_far = DaySoFar(0, True)
        self._after = self._seek = ""
        self.brief, self.plan_brief = BriefCard(), BriefCard()
        self.form = ServiceForm(ctx, self.brief)
        self.put_off = PutOffCard(self._day_ahead, self._quick)
        self.hand_over = HandOverCard()
        self.side = Side(self.form, self.put_off, self.hand_over, self.plan_brief)
        self.view = TodayView(self._words, self._hints, self.side)
        self.round = PhoneRound(ctx)
        self.view.pages.addWidget(self.round)
        self.setLayout(column((self.view, 1), gap=0))
        heads = (self.brief, self.plan_brief)
        self.beside = Beside(ctx, self, self.keeper, self.view, self.side, heads)
        self.passing_on = PassingOn(
            ctx, self, self.keeper, self.view.list, self.side, self.beside, self._go_on
        )
        self._wire()

    @property
    def board(self) -> Board | None:
        """What is shown; None until it is loaded."""
        return self.keeper.board

    # ---- coming and going

    def arrive(self, where: GoTo) -> None:
        """``subject``: the cursor to that person's first line; ``part="round"``: the phone round."""
        self._seek = where.subject
        if self.board is None or self.board.machine != self.ctx.desk.today:
            self.keeper.reload()
        else:
            self._find_sought()
        if where.part == "round":
            self.open_round()
        else:
            self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Drafts are kept."""
        self.beside.stop()
        self.form.keep()
        self.round.leave()

    # ---- loading

    def _loaded(self, _board: Board) -> None:
        first = self.view.middle.currentWidget() is self.view.loading
        self.ctx.ask(load_day(self.ctx.desk), self, self._counted)
        self._show()
        if first and self.isVisible():
            self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.beside.look_who_went()
        self._find_sought()

    def _counted(self, so_far: DaySoFar) -> None:
        self._so_far, self.passing_on.staff = so_far, so_far.staff
        filling.show_staff(self.view, so_far.staff, self._asked.owner)
        self._show_foot()

    def _new_day(self) -> None:
        board = self.board
        day = words.day(self.ctx.desk.today, board.today if board else self.ctx.desk.today)
        self.ctx.hub.notice.emit(Notice(t("new_day", day=day)))
        self.beside.forget()

    # ---- showing

    def _show(self) -> None:
        board = self.board
        assert board is not None
        self.shown = state.day_of(board, self._asked, ahead=self._ahead)
        if self._asked.group and not self.shown.counts.get(self._asked.group):
            self._asked = replace(self._asked, group="")
            self.shown = state.day_of(board, self._asked, ahead=self._ahead)
        after, self._after = self._after, ""
        filling.show_head(self.view, self.shown, board.today, self._asked)
        filling.show_doubt(self.view, board.doubt)
        self.view.list.show_day(self.shown, after)
        self._show_foot()

    def _show_foot(self) -> None:
        if self.shown is not None and self.board is not None:
            first = next(iter(self.board.entries), None)
            following = self._words(first, None) if first else None
            filling.show_foot(
                self.view, self.shown, self._so_far, following, asked=self._asked, ahead=self._ahead
            )

    def _words(self, entry: DayLine, reason: DueLine | None) -> state.LineWords:
        assert self.board is not None
        return saying.words_of(self.board, reason) if reason else saying.entry_words(self.board, entry)

    def _hints(self, line: DueLine) -> Hints:
        """Keys of the line the cursor is on."""
        assert self.board is not None
        pairs = [("Enter", t(kinds.enter_key(self.board, line)))]
        if line.kind in OF_NO_PERSON:
            return pairs
        pairs += [("P", t("key_put_off"))]
        if not kinds.is_household(self.board, line):
            pairs += [("B", t("key_batch")), ("T", t("key_hand_over")), ("O", t("key_open"))]
        return pairs

    def _find_sought(self) -> None:
        if not self._seek or self.shown is None:
            return
        sought, self._seek = self._seek, ""
        found = next((line for line in self.shown.lines if line.subject == sought), None)
        if found is not None:
            self.view.list.go_to(found.uid)

    def _moved(self, line: DueLine | None) -> None:
        self.beside.moved(line)
        self._tell_next()

    def _tell_next(self) -> None:
        entry = self.view.list.entry
        if entry is None or self.shown is None or self.board is None:
            return
        following = state.next_after(self.shown.lines, entry.uid)
        other = following is not None and following.uid != entry.uid
        who = saying.words_of(self.board, following.lead).who if following and other else ""
        self.form.set_after_save(who)

    # ---- what is done with a line

    def act(self, what: str) -> None:
        """``enter``, ``batch``, ``visits``, ``put_off``, ``hand_over``, ``open``, ``basis`` for the line."""
        line, board = self.view.list.line, self.board
        if what in ("batch", "visits"):
            self.open_round(PHONE if what == "batch" else VISIT)
        elif line is not None and board is not None:
            acts: dict[str, Callable[[DueLine], object]] = {
                "enter": self._enter, "open": self._open, "basis": self._show_why,
                "put_off": partial(self.passing_on.put_off, board),
                "hand_over": partial(self.passing_on.hand_over, board),
            }  # fmt: skip
            acts[what](line)

    def _enter(self, line: DueLine) -> None:
        assert self.board is not None
        answer = kinds.answer_of(self.board, line)
        if answer == "held":
            self.ctx.go("import", line.subject, "held")
        elif answer == "vacancy":
            self.ctx.go("vacancies", line.subject)
        elif answer == "assigned":
            self.ctx.go("assignments", str(dict(line.params)["list"]), detail=line.record)
        elif answer == "household":
            self.ctx.go("households", line.subject)
        elif answer == "file":
            self.ctx.go("ledger", line.subject, kinds.part_of(line), kinds.detail_of(line))
        else:
            self.beside.show_form()

    def _open(self, line: DueLine) -> None:
        assert self.board is not None
        if kinds.answer_of(self.board, line) in ("form", "file"):
            self.ctx.go("ledger", line.subject)
        else:
            self._enter(line)

    def _show_why(self, line: DueLine) -> None:
        assert self.board is not None
        show_why(self.ctx, self.board, self.view.list, line, self.beside.brief_of(line), self._enter)

    def _saved(self, case_id: str) -> None:
        line = self.view.list.line
        if line is not None and line.subject == case_id:
            self._go_on(line)
        elif self.form.case_id == case_id:  # who has moved away has no line any more
            self.beside.forget()
            self.beside.show_line()

    def _go_on(self, line: DueLine) -> None:
        """To the next line; the one just done is gone when the board is back, or stays as an attempt."""
        entry = self.view.list.entry
        here = entry.uid if entry is not None else line.uid
        following = state.next_after(self.shown.lines if self.shown else (), here)
        self.beside.forget()
        if following is not None and following.uid != here:
            self._after = following.uid
            self.view.list.go_to(following.uid)
        else:
            self.beside.show_line()
        self.beside.fold()
        self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancelled(self) -> None:
        self.beside.put_card_away()
        self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.beside.show_line()

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
        self.beside.forget()
        self.beside.show_line()
        self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self, **asked: str) -> None:
        self._asked = replace(self._asked, **asked)
        self._ask()

    def _look_ahead(self) -> None:
        self._ahead = not self._ahead
        self._ask()

    def _ask(self) -> None:
        """Show what is asked for; of a board that could not keep everything, more is fetched."""
        if self.board is not None:
            self._show()
        self.keeper.ask_for(self._asked.scope(MOST * 4 if self._ahead else MOST))

    def _day_ahead(self, typed: str) -> date | None:
        return form_state.parse_day(typed, self.ctx.desk.today, ahead=True)

    def _quick(self, name: str) -> date:
        return form_state.quick_day(name, self.ctx.desk.today, self.ctx.desk.working_days)

    def _wire(self) -> None:
        view, ctx = self.view, self.ctx
        self.keeper.loaded.connect(self._loaded)
        self.keeper.new_day.connect(self._new_day)
        view.believe.clicked.connect(lambda _c=False: self.keeper.believe())
        view.community.chosen.connect(lambda name: self._filter(community=name))
        view.owner.chosen.connect(lambda staff: self._filter(owner=staff))
        view.list.current.connect(self._moved)
        view.list.pressed.connect(self.act)
        view.round.clicked.connect(lambda _c=False: self.open_round())
        view.visits.clicked.connect(lambda _c=False: self.open_round(VISIT))
        view.assigned.clicked.connect(lambda _c=False: self.ctx.go("assignments"))
        view.ahead.clicked.connect(lambda _c=False: self._look_ahead())
        view.to_packs.clicked.connect(lambda _c=False: ctx.go("settings", part="packs"))
        view.do_import.clicked.connect(lambda _c=False: ctx.go("import"))
        view.do_register.clicked.connect(lambda _c=False: ctx.go("register"))
        ctx.above_changed.connect(self._stands_above)
        self._stands_above(ctx.above)
        for name, chip in view.filters.items():
            chip.clicked.connect(lambda _on=False, n=name: self._filter(group=n))
        self.form.saved.connect(self._saved)
        self.form.cancelled.connect(self._cancelled)
        self.put_off.cancelled.connect(self._cancelled)
        self.hand_over.cancelled.connect(self._cancelled)
        self.side.other.asked.connect(lambda: self.act("enter"))
        for card in (self.brief, self.plan_brief):
            card.open_asked.connect(lambda: self.act("open"))
            card.all_asked.connect(self._open_services)
        self.round.closed.connect(self._close_round)

    def _stands_above(self, above: bool) -> None:
        self.view.nobody.say(t("no_people"), t("no_people_above" if above else "no_people_more"))
        for button in (self.view.do_import, self.view.do_register):
            button.setVisible(not above)

    def _open_services(self) -> None:
        line = self.view.list.line
        if line is not None:
            self.ctx.go("ledger", line.subject, "services")
