"""两处填写不一致: wiring of the list, the person's questions, the same question of many, what was decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QListWidgetItem

from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.ops import Subject
from jobdesk.host.strings import text
from jobdesk.services import settling_many
from jobdesk.services.conflict_board import Board, Line, PersonQuestions, board, questions_of
from jobdesk.services.conflict_log import Decision, Decisions, decisions
from jobdesk.services.revealing import log_look
from jobdesk.services.settling_many import Keep, Take, Third
from jobdesk.services.undoing import Undone, undo_action
from jobdesk.store.station_file import Changes
from jobdesk.ui.conflicts import paper
from jobdesk.ui.conflicts.card import Chosen, QuestionFrame
from jobdesk.ui.conflicts.decided import card_of_decision, item_of_decision
from jobdesk.ui.conflicts.front import NONE, Front
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.same import same_of
from jobdesk.ui.conflicts.saying import Saying, t
from jobdesk.ui.conflicts.state import Deed, Item, QuestionCard, cards_of, identity, item_of, name_of
from jobdesk.ui.conflicts.together import Together
from jobdesk.ui.conflicts.view import NARROW, SIDE, SIDE_NARROW, TABS, ConflictsView
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.kit import Button, ElidedText, Icon, clear, frame, row
from jobdesk.ui.notices import sentence_of

_FILES = {"case": "ledger", "household": "households", "vacancy": "vacancies", "walk_in": "walk_ins",
          "assignment": "assignments", "station": "settings", "import": "import"}  # fmt: skip


class ConflictsScreen(Screen):
    """``subject`` of the way here: whose questions, or which decision; ``part``: a tab
    (``here handed settled``).
    """

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.view = ConflictsView()
        self.setLayout(row(self.view, gap=0))
        self.tab = "here"
        self.front = Front(self, self.view.person, self.view.list, self._do)
        self._board: Board | None = None
        self._decided: Decisions | None = None
        self._told: PersonQuestions | None = None
        self._seek = ""
        self._revealed = ""
        self._from_top = False
        self.together = Together(ctx, self.view.together, self._leave_same)
        for key, chip in self.view.tabs.items():
            chip.clicked.connect(lambda _on=False, k=key: self.choose(k))
        self.view.list.currentItemChanged.connect(self._moved)
        self.view.list.itemClicked.connect(self._clicked)
        self.view.list.installEventFilter(self)
        self.view.person.reveal.clicked.connect(lambda _on=False: self.reveal())
        self.view.person.open_file.clicked.connect(lambda _on=False: self._open_file())
        self.view.print.clicked.connect(lambda _on=False: self._print())
        ctx.hub.changed.connect(self._changed)

    # ---- coming and going

    def arrive(self, where: GoTo) -> None:
        self._seek, self.front.arriving = where.subject, True
        if where.part in TABS:
            self.tab = where.part
        elif where.subject:
            self.tab = "here"
        self.reload()

    def leave(self) -> None:
        """Numbers are hidden again."""
        self._revealed = ""

    def _changed(self, changed: Changed) -> None:
        if self.isVisible():
            self.reload()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.view.side.setFixedWidth(SIDE if self.width() >= NARROW else SIDE_NARROW)

    # ---- the list

    def reload(self) -> None:
        """Read what waits, and what was decided when that is in sight."""
        self.ctx.ask(board(self.ctx.desk), self, self._loaded)
        if self.tab == "settled":
            self.ctx.ask(decisions(self.ctx.desk), self, self._decided_loaded)

    def choose(self, tab: str) -> None:
        """A tab: 待处理, 待上级核定, 已处理."""
        self.tab, self._seek = tab, ""
        self._from_top = True
        if tab == "settled":
            self.ctx.ask(decisions(self.ctx.desk), self, self._decided_loaded)
        self._fill()
        self._from_top = tab == "settled"  # until its list has come

    def _saying(self, *, revealed: bool = False, told: PersonQuestions | None = None) -> Saying:
        assert self._board is not None
        names = self._board.names
        if told is not None:
            names = told.names
        elif self.tab == "settled" and self._decided is not None:
            names = self._decided.names
        return Saying(self.ctx.desk.actor, self.ctx.desk.today, names, revealed)

    def _loaded(self, found: Board) -> None:
        first = self._board is None
        self._board = found
        if first and found.above and self.tab == "here":
            self.tab = "handed"
        if self._seek and self.tab != "settled" and not self._has(self.tab, self._seek):
            self.tab = next((k for k in ("here", "handed") if self._has(k, self._seek)), self.tab)
        self._fill()

    def _has(self, tab: str, subject: str) -> bool:
        return any(line.subject.id == subject for line in self._lines(tab))

    def _lines(self, tab: str) -> tuple[Line, ...]:
        if self._board is None:
            return ()
        return {"here": self._board.here, "handed": self._board.handed}.get(tab, ())

    def _decided_loaded(self, found: Decisions) -> None:
        self._decided = found
        self._fill()
        self._from_top = False

    def _fill(self) -> None:
        told = self._board
        if told is None:
            return
        counts = {"here": told.counts.here, "handed": told.counts.above, "settled": told.counts.settled}
        for key, chip in self.view.tabs.items():
            if key != "settled":
                chip.rename(t(f"tab_{key}_above") if told.above else t(f"tab_{key}"))
            chip.set_count(counts[key])
            chip.setChecked(key == self.tab)
        self.view.intro.set_text(t("intro_above") if told.above else t("intro"))
        self.view.print.setVisible(self.tab == "settled" and bool(counts["settled"]))
        self.view.foot.setVisible(self.tab != "settled")
        self._fill_same()
        if self.tab == "settled":
            listed = self._decided.lines if self._decided else ()
            self._set_items([item_of_decision(d, self._saying()) for d in listed])
            return
        self._set_items([item_of(line, self._saying()) for line in self._lines(self.tab)])

    def _set_items(self, items: Sequence[Item]) -> None:
        """Keep the cursor with its person; where that one is done, with who took its place. Another tab
        begins at its top.
        """
        listing = self.view.list
        now = None if self._from_top else self._current()
        at = listing.currentRow() if now is not None else 0
        before = self._seek or (now.data(ITEM).key if now is not None else "")
        listing.blockSignals(True)
        listing.clear()
        for item in items:
            line = QListWidgetItem(item.spoken)
            line.setData(ITEM, item)
            listing.addItem(line)
        keys = [i.key for i in items]
        row_ = keys.index(before) if before in keys else min(max(at, 0), len(keys) - 1)
        listing.setCurrentRow(row_)
        listing.blockSignals(False)
        if self.together.is_open and self.tab == "here":
            return
        self._show_current(self._current())

    def _fill_same(self) -> None:
        clear(self.view.same)
        groups = self._board.same if self._board is not None and self.tab == "here" else ()
        for group in groups[:2]:
            card = same_of(group, self._saying())
            said = ElidedText(card.line, "body", "ink")
            button = Button(t("same_open"), "link", on_click=lambda g=group: self._open_same(g.key))
            button.setAccessibleName(f"{t('same_open')}：{card.line}")
            line = row(Icon("users", "accent"), (said, 1), button, gap=8, pad=(10, 4, 10, 4))
            self.view.same.addWidget(frame(line, "accent_soft"))
        self.view.same_frame.setVisible(bool(groups))
        if self.together.is_open:
            group = next((g for g in groups if g.key == self.together.key), None)
            if group is None:
                self.together.close()
            else:
                self.together.show_group(group, self._saying())

    def _open_same(self, key: str) -> None:
        told = self._board
        group = next((g for g in told.same if g.key == key), None) if told else None
        if group is not None:
            self.together.show_group(group, self._saying())
            self.view.stack.setCurrentWidget(self.view.together)
            self.together.take_focus()

    def _clicked(self, _item: QListWidgetItem) -> None:
        """Also the one that is chosen already brings its cards back."""
        if self.together.is_open:
            self._leave_same()

    def _leave_same(self) -> None:
        self._show_current(self._current())

    # ---- the right side

    def _moved(self, now: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        self._show_current(now)

    def _current(self) -> QListWidgetItem | None:
        """Qt answers None where nobody is chosen, whatever its stubs say."""
        return self.view.list.currentItem()

    def _show_current(self, item: QListWidgetItem | None) -> None:
        self.together.close()
        if item is None:
            self._show_nothing()
            return
        key = item.data(ITEM).key
        if key != self._revealed:
            self._revealed = ""
        if self.tab == "settled":
            one = self._decision(key)
            if one is not None:
                self._seek = "" if key == self._seek else self._seek
                self._show_decision(one)
            return
        line = next((x for x in self._lines(self.tab) if x.subject.id == key), None)
        if line is not None:
            self._seek = ""
            self.ctx.ask(questions_of(self.ctx.desk, line.subject), self, self._show_person)

    def _at(self) -> str:
        """Key of who is chosen in the list."""
        item = self._current()
        return item.data(ITEM).key if item is not None else ""

    def _show_nothing(self) -> None:
        self._told = None
        self._set_cards("", [], self._saying())
        if self._board is not None and self._board.above and self.tab == "handed":
            self.view.nothing.say(t("none_handed_above"), t("none_handed_above_more"))
        else:
            self.view.nothing.say(t(f"none_{self.tab}"), t(f"none_{self.tab}_more"))
        self.view.stack.setCurrentWidget(self.view.nothing)

    def _show_person(self, told: PersonQuestions) -> None:
        listing = self._current()
        if listing is None or listing.data(ITEM).key != told.subject.id or self.tab == "settled":
            return
        self._told = told
        revealed = self._revealed == told.subject.id
        saying = self._saying(revealed=revealed, told=told)
        wanted = self.tab == "handed"
        cards = [
            c for c in cards_of(told, saying)
            if c.question and (c.question.difference.escalation is not None) is wanted
        ]  # fmt: skip
        view = self.view.person
        view.name.set_text(name_of(told.subject, told.who))
        view.identity.set_text(identity(told.who, self.ctx.desk.today, revealed=revealed))
        self._show_reveal(bool(told.who.id_number) or any(c.veiled for c in cards), revealed)
        said = (
            t("pending_merged", count=len(cards), merged=told.by_itself)
            if told.by_itself
            else t("pending", count=len(cards))
        )
        view.pending.set_text(said)
        self._set_cards(told.subject.id, cards, saying)

    def _show_decision(self, one: Decision) -> None:
        revealed = self._revealed == one.op_id
        view = self.view.person
        view.name.set_text(name_of(one.subject, one.who))
        view.identity.set_text(identity(one.who, self.ctx.desk.today, revealed=revealed))
        above = self._board is not None and self._board.above
        saying = self._saying(revealed=revealed)
        card = card_of_decision(one, saying, above=above)
        self._show_reveal(bool(one.who.id_number) or card.veiled, revealed)
        view.pending.set_text("")
        self._set_cards(one.op_id, [card], saying)

    def _show_reveal(self, wanted: bool, revealed: bool) -> None:
        button = self.view.person.reveal
        button.setVisible(wanted)
        button.set_text(t("hide" if revealed else "reveal"))

    def _set_cards(self, owner: str, cards: Sequence[QuestionCard], saying: Saying) -> None:
        self.view.stack.setCurrentWidget(self.view.person)
        self.front.show(owner, cards, saying, self.ctx.desk.today)

    @property
    def cards(self) -> list[QuestionFrame]:
        """Those in sight, in their order."""
        return self.front.cards

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if not self.front.pressed(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Digits typed in the list choose in the card that stands out: it would search for them."""
        if watched is self.view.list and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self.front.pressed(event)
        return super().eventFilter(watched, event)

    # ---- deciding

    def _do(self, card: QuestionFrame, chosen: Chosen) -> None:
        deed, value = chosen.deed, chosen.value
        if self.tab == "settled":
            self._undo(card, deed)
            return
        told, question = self._told, card.card.question
        if told is None or question is None or self.front.owner != self._at():
            self.front.again()
            return  # the list has moved on: the cards of who is chosen now are on their way
        asked = (told.subject, question.difference)
        said = {"name": name_of(told.subject, told.who), "field": card.card.title}
        failed = self._failing(card)
        desk = self.ctx.desk
        if deed.what == "report":
            future = settling_many.report_up(desk, [asked], str(value or ""))
            self.ctx.save(future, self, t("said_report", **said), failed=failed)
            return
        if deed.what == "call_back":
            self.ctx.ask(
                settling_many.call_back(desk, asked), self,
                lambda done: self._undone(done, t("said_called_back", **said)), failed,
            )  # fmt: skip
            return
        answer = Keep() if deed.what == "keep" else Take(deed.op_id) if deed.what == "take" else Third(value)
        words = t(f"said_{deed.what}", value=self._said_value(card, deed), **said)
        if deed.what == "take" and not question.difference.field:
            words = t("said_removed", **said)
        reason = self._reason_above() if told.above else ""
        self.ctx.save(
            settling_many.settle(desk, asked, answer, reason=reason), self, words, self._settled, failed
        )

    def _reason_above(self) -> str:
        """Who decided: nobody at the station knows the staff of the desk above by their ids."""
        unit = self.window().windowTitle().split(" - ")[0]
        names = self._saying(told=self._told).names.staff
        return t("decided_above", unit=unit, who=names.get(self.ctx.desk.actor, "")).strip()

    def _said_value(self, card: QuestionFrame, deed: Deed) -> str:
        question = card.card.question
        if question is None or deed.what != "take":
            return ""
        one = question.difference
        head = next((v for v in one.versions if v.op_id == deed.op_id), None)
        return self._saying(told=self._told).value(one.record, one.field, head.value) if head else ""

    def _settled(self, _changes: Changes) -> None:
        self.front.field = NONE

    def _failing(self, card: QuestionFrame) -> Callable[[Exception], object]:
        def failed(error: Exception) -> None:
            if isinstance(error, JobdeskError) and card in self.cards:
                card.refuse(sentence_of(error))
                return
            self.front.again()
            self.ctx.hub.trouble.emit(error)

        return failed

    def _undo(self, card: QuestionFrame, deed: Deed) -> None:
        item = self._current()
        one = self._decision(item.data(ITEM).key) if item else None
        if one is None:
            return
        desk, words = self.ctx.desk, t("undone_handed" if one.crossed else "undone_one")
        if deed.what == "undo_all":
            words = t("undone_many", count=one.together)
        future = (
            undo_action(desk, one.action_id)
            if deed.what == "undo_all"
            else settling_many.undo_decision(desk, one.op_id)
        )
        self.ctx.ask(future, self, lambda done: self._undone(done, words), self._failing(card))

    def _undone(self, done: Undone, words: str) -> None:
        self.ctx.announce(done.changes, "")
        self.ctx.hub.notice.emit(Notice(t("undone_kept") if done.kept else words))
        if not done.changes.subjects:
            self.front.again()

    def _decision(self, op_id: str) -> Decision | None:
        listed = self._decided.lines if self._decided else ()
        return next((d for d in listed if d.op_id == op_id), None)

    # ---- looking, opening, printing

    def reveal(self) -> None:
        """Show the numbers of this person, once the look stands in the log; again: hide them."""
        item = self._current()
        if item is None:
            return
        key = item.data(ITEM).key
        if self._revealed == key:
            self._revealed = ""
            self._show_current(item)
            return
        subject = self._subject()

        def shown(_none: None) -> None:
            self._revealed = key
            self._show_current(self._current())

        looked = log_look(self.ctx.desk, "reveal", subject_id=subject.id if subject else "", field="conflict")
        self.ctx.ask(looked, self, shown)

    def _subject(self) -> Subject | None:
        item = self._current()
        if item is None:
            return None
        key = item.data(ITEM).key
        if self.tab == "settled":
            one = self._decision(key)
            return one.subject if one else None
        return next((x.subject for x in self._lines(self.tab) if x.subject.id == key), None)

    def _open_file(self) -> None:
        subject = self._subject()
        if subject is not None:
            self.ctx.go(_FILES.get(subject.kind, "ledger"), subject.id)

    def _print(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, t("print"), f"{t('paper_title')}.pdf", "PDF (*.pdf)")
        if chosen:
            self.print_to(Path(chosen))

    def print_to(self, path: Path) -> None:
        """Write the log of decisions as a PDF: masked, the latest first."""

        def write(content: bytes) -> None:
            path.write_bytes(content)
            self.ctx.hub.notice.emit(Notice(t("printed", name=path.name)))

        desk = self.ctx.desk
        log_look(desk, "print", field="conflicts", count=self._board.counts.settled if self._board else 0)
        self.ctx.ask(paper.printed_log(desk, text("window.practice") if desk.practice else ""), self, write)
