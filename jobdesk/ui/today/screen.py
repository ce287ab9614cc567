"""今日: the start of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from jobdesk.cases.due import DueLine
from jobdesk.cases.due_order import DayLine
from jobdesk.cases.errors import Refused
from jobdesk.services.board import MOST
from jobdesk.services.briefs import Brief, DaySoFar, load_brief, load_day
from jobdesk.services.handing_over import hand_over
from jobdesk.services.revealing import log_look
from jobdesk.services.today import OF_NO_PERSON, Board, is_of_no_person, put_off_all
from jobdesk.ui.casefile.household_ways import Ways, of_line
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.kit import column, show_basis
from jobdesk.ui.serviceform import ServiceForm
from jobdesk.ui.serviceform import state as form_state
from jobdesk.ui.today import filling, kinds, saying, state, words
from jobdesk.ui.today.brief import BriefCard, namer
from jobdesk.ui.today.handing import HandOverCard
from jobdesk.ui.today.keeping import BoardKeeper
from jobdesk.ui.today.painting import Hints
from jobdesk.ui.today.phone_state import PHONE, VISIT, Way
from jobdesk.ui.today.phones import PhoneRound
from jobdesk.ui.today.side import PutOffCard, Side, other_words
from jobdesk.ui.today.view import TodayView
from jobdesk.ui.today.words import t

SETTLE = 90
"""Milliseconds the cursor rests on a line before its person is read."""


class TodayScreen(Screen):
    """Whom to help next, why, by when; recorded without leaving the page."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.keeper = BoardKeeper(ctx, self)
        self.shown: state.Day | None = None
        self._asked, self._ahead = state.Filters(), False
        self._so_far = DaySoFar(0, True)
        self._brief: Brief | None = None
        self._beside = self._after = self._seek = ""
        self.brief, self.plan_brief = BriefCard(), BriefCard()
        self.form = ServiceForm(ctx, self.brief)
        self.put_off = PutOffCard(self._day_ahead, self._quick)
        self.hand_over = HandOverCard()
        self.side = Side(self.form, self.put_off, self.hand_over, self.plan_brief)
        self.view = TodayView(self._words, self._hints, self.side)
        self.round = PhoneRound(ctx)
        self.view.pages.addWidget(self.round)
        self.setLayout(column((self.view, 1), gap=0))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE)
        self._rest.timeout.connect(self._show_side)
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
        self._rest.stop()
        self.form.keep()
        self.round.leave()

    # ---- loading

    def _loaded(self, _board: Board) -> None:
        first = self.view.middle.currentWidget() is self.view.loading
        self.ctx.ask(load_day(self.ctx.desk), self, self._counted)
        self._show()
        if first and self.isVisible():
            self.view.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._find_sought()

    def _counted(self, so_far: DaySoFar) -> None:
        self._so_far = so_far
        filling.show_staff(self.view, so_far.staff, self._asked.owner)
        self._show_foot()

    def _changed(self, changed: Changed) -> None:
        line = self.view.list.line
        if line is not None and changed.touches(line.subject):
            self._load_brief(line.subject)

    def _new_day(self) -> None:
        board = self.board
        day = words.day(self.ctx.desk.today, board.today if board else self.ctx.desk.today)
        self.ctx.hub.notice.emit(Notice(t("new_day", day=day)))
        self._beside = ""

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

    def _said(self, line: DueLine) -> state.LineWords:
        assert self.board is not None
        return saying.words_of(self.board, line)

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
        entry = self.view.list.entry
        if entry is None or self.shown is None or self.board is None:
            return
        following = state.next_after(self.shown.lines, entry.uid)
        other = following is not None and following.uid != entry.uid
        self.form.set_after_save(self._said(following.lead).who if following and other else "")

    def _show_side(self) -> None:
        line, board = self.view.list.line, self.board
        self._rest.stop()
        if line is None or board is None or line.uid == self._beside:
            return
        self._beside = line.uid
        answer = kinds.answer_of(board, line)
        if answer == "form":
            self.side.show_page(self.form)
            self._load_brief(line.subject)
            self.form.begin(line.subject, line)
            return
        self.form.rest()
        title, go = other_words(board, line)
        said = self._said(line)
        of_person = answer == "file" or (answer == "assigned" and bool(line.record))
        sentence = " ".join(p for p in ("" if of_person else said.who, said.reason) if p)
        self.side.other.begin(title, sentence, go, of_person=of_person)
        self.side.show_page(self.side.other)
        if of_person:
            self._load_brief(line.subject)

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
        reason = t("reveal_occasion", what=self._said(line).what if line is not None else "")
        case_id = brief.facts.case_id
        looked = log_look(self.ctx.desk, "reveal", subject_id=case_id, field="phone", reason=reason)

        def shown(_none: None) -> None:
            if self._brief is brief:
                self._show_brief(brief, True)

        self.ctx.ask(looked, self, shown)

    # ---- what is done with a line

    def act(self, what: str) -> None:
        """``enter``, ``batch``, ``visits``, ``put_off``, ``hand_over``, ``open``, ``basis`` for the line."""
        line = self.view.list.line
        acts: dict[str, Callable[[DueLine], object]] = {
            "enter": self._enter, "put_off": self._put_off, "open": self._open, "basis": self._basis,
            "hand_over": self._hand_over,
        }  # fmt: skip
        if what in ("batch", "visits"):
            self.open_round(PHONE if what == "batch" else VISIT)
        elif line is not None:
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
            self._show_side()
            self.side.show_page(self.form)
            self.view.page.open_side()
            self.form.take_focus()

    def _open(self, line: DueLine) -> None:
        assert self.board is not None
        if kinds.answer_of(self.board, line) in ("form", "file"):
            self.ctx.go("ledger", line.subject)
        else:
            self._enter(line)

    def _chosen(self) -> tuple[DueLine, ...]:
        """What is put off: the reason the cursor is on, or every reason of the line."""
        tasks = self.view.list
        if tasks.entry is not None and tasks.whole:
            return tasks.entry.lines
        return (tasks.line,) if tasks.line is not None else ()

    def _put_off(self, line: DueLine) -> None:
        if line.kind in OF_NO_PERSON:
            self.ctx.hub.notice.emit(Notice(t("put_off_none")))
            return
        said, chosen = self._said(line), self._chosen()
        original = words.day_and_weekday(line.original, self.ctx.desk.today)
        what = t("put_off_what", what=said.what, day=original)
        if len(chosen) > 1:
            what = t("put_off_all", count=len(chosen), what=state.named(chosen))
        self._show_card(self.put_off)
        self.put_off.begin(f"{said.who}  {what}")

    def _show_card(self, card: QWidget) -> None:
        """A card in the place of the form; the cursor that has just come to the line does not undo it."""
        self._rest.stop()
        self._beside = ""
        self.view.page.open_side()
        self.side.show_page(card)

    def _put_off_now(self, wanted: tuple[date, str]) -> None:
        line = self.view.list.line
        if line is None:
            return
        until, reason = wanted
        try:
            saved = put_off_all(self.ctx.desk, self._chosen(), until, reason)
        except Refused:
            self.put_off.refuse_day()
            return
        day = words.day(until, self.ctx.desk.today)
        self.ctx.save(saved, self, t("put_off_saved", day=day, who=self._said(line).who))
        self._go_on(line)

    def _hand_over(self, line: DueLine) -> None:
        board = self.board
        if board is None or line.kind in OF_NO_PERSON or kinds.is_household(board, line):
            self.ctx.hub.notice.emit(Notice(t("hand_over_none")))
            return
        item = board.items.get(line.subject)
        self._show_card(self.hand_over)
        self.hand_over.begin(self._said(line).who, item.owner if item else "", self._so_far.staff)

    def _hand_over_now(self, staff_id: str) -> None:
        line = self.view.list.line
        if line is None:
            return
        name = next((s.name for s in self._so_far.staff if s.id == staff_id), "")
        said = t("hand_over_saved", who=self._said(line).who, to=name)
        self.ctx.save(hand_over(self.ctx.desk, line.subject, staff_id), self, said)
        self._go_on(line)

    def _basis(self, line: DueLine) -> None:
        board, entry = self.board, self.view.list.entry
        if board is None or entry is None:
            return
        mine = self._brief is not None and self._brief.facts.case_id == line.subject
        named = namer(self._brief) if self._brief is not None and mine else None
        anchor = QWidget(self.view.list.viewport())
        anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        anchor.setGeometry(self.view.list.basis_rect())
        anchor.show()

        def go(part: str, detail: str) -> None:
            self.ctx.go("ledger", line.subject, part, detail)

        answer = kinds.answer_of(board, line)
        ways: Ways = ()
        if answer == "household":
            ask, to_file = partial(self.ctx.go, "households", line.subject), partial(self.ctx.go, "ledger")
            ways = of_line(line, board.agenda.people, ask, to_file)
        elif answer in ("held", "vacancy", "assigned"):
            ways = ((t(f"way_{answer}"), lambda: self._enter(line)),)
        sheet = self._brief.from_sheet if self._brief is not None and mine else frozenset[str]()
        who = self._said(line).who
        way = None if answer == "household" or is_of_no_person(line) else go
        shown = words.shown_basis(line.basis, self.ctx.desk.today, named, way, who, sheet, ways)
        if self.view.list.whole:
            shown = saying.entry_basis(board, entry, shown)
        show_basis(anchor, shown).destroyed.connect(anchor.deleteLater)

    def _saved(self, case_id: str) -> None:
        line = self.view.list.line
        if line is not None and line.subject == case_id:
            self._go_on(line)

    def _go_on(self, line: DueLine) -> None:
        """To the next line; the one just done is gone when the board is back, or stays as an attempt."""
        entry = self.view.list.entry
        here = entry.uid if entry is not None else line.uid
        following = state.next_after(self.shown.lines if self.shown else (), here)
        self._beside = ""
        if following is not None and following.uid != here:
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
        ctx.hub.changed.connect(self._changed)
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
        self.put_off.put_off.connect(self._put_off_now)
        self.put_off.cancelled.connect(self._cancelled)
        self.hand_over.handed.connect(self._hand_over_now)
        self.hand_over.cancelled.connect(self._cancelled)
        self.side.other.asked.connect(lambda: self.act("enter"))
        for card in (self.brief, self.plan_brief):
            card.open_asked.connect(lambda: self.act("open"))
            card.all_asked.connect(self._open_services)
            card.reveal_asked.connect(self._reveal)
        self.round.closed.connect(self._close_round)

    def _stands_above(self, above: bool) -> None:
        self.view.nobody.say(t("no_people"), t("no_people_above" if above else "no_people_more"))
        for button in (self.view.do_import, self.view.do_register):
            button.setVisible(not above)

    def _open_services(self) -> None:
        line = self.view.list.line
        if line is not None:
            self.ctx.go("ledger", line.subject, "services")
