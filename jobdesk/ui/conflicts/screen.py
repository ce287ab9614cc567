"""两处填写不一致: wiring of the list, the person's questions, the same question of many, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QListWidgetItem

from jobdesk.host.strings import text
from jobdesk.services.conflict_board import Board, Line, PersonQuestions, questions_of
from jobdesk.services.conflict_kept import Kept, board_and_kept, who_is_gone
from jobdesk.services.conflict_log import Decision, Decisions, decisions
from jobdesk.services.revealing import log_look
from jobdesk.ui.conflicts import paper
from jobdesk.ui.conflicts.card import QuestionFrame
from jobdesk.ui.conflicts.decided import card_of_decision, gone_words, item_of_decision
from jobdesk.ui.conflicts.deciding import Deciding
from jobdesk.ui.conflicts.front import ANYBODY
from jobdesk.ui.conflicts.listing import Listing
from jobdesk.ui.conflicts.pieces import ITEM
from jobdesk.ui.conflicts.question import QuestionCard, card_of, cards_of, key_of
from jobdesk.ui.conflicts.saying import Saying, t
from jobdesk.ui.conflicts.shown import Shown
from jobdesk.ui.conflicts.state import Item, identity, item_of, kept_item, name_of, names_apart
from jobdesk.ui.conflicts.together import Together
from jobdesk.ui.conflicts.view import NARROW, SIDE, SIDE_NARROW, TABS, ConflictsView
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.kit import row
from jobdesk.ui.saving import proposed, write_logged

WAITS = "waits"
"""``part`` of a way that leads to whatever waits for this desk, whichever tab was left."""
_FILES = {"case": "ledger", "household": "households", "vacancy": "vacancies", "walk_in": "walk_ins",
          "assignment": "assignments", "station": "settings", "import": "import"}  # fmt: skip


class ConflictsScreen(Screen):
    """``subject`` of the way here: whose questions, or which decision; ``part``: a tab
    (``here handed settled``) or ``waits``.
    """

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.view = ConflictsView()
        self.setLayout(row(self.view, gap=0))
        self.shown = Shown()
        self.listing = Listing(self.view)
        self.deciding = Deciding(ctx, self, self.view, self.shown, self.listing.at, self._fill)
        self.front = self.deciding.front
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
        self.listing.seek, self.front.arriving, self.front.own = where.subject, True, ANYBODY
        if where.part in TABS:
            self.shown.tab = where.part
        elif where.subject:
            self.shown.tab = "here"
        elif where.part == WAITS:
            self.shown.tab = "handed" if self.shown.above else "here"
        self.deciding.read_drafts(self.reload)

    def leave(self) -> None:
        """Numbers are hidden again, and what is typed is kept."""
        self.shown.revealed = ""
        self.keep()

    def keep(self) -> None:
        """What is being typed, at once: the page is left, or the program ends."""
        self.deciding.keeping.keep()

    def _changed(self, changed: Changed) -> None:
        typed_about = self.deciding.unsent.subjects()
        if self.isVisible():
            self.reload()
        elif typed_about:  # out of sight: all that may not wait is who may not be held any longer
            named = [one for one in typed_about | self.shown.subjects() if changed.touches(one)]
            if named:
                self.ctx.ask(who_is_gone(self.ctx.desk, named), self, self._gone)
        elif self.view.stack.currentWidget() is self.view.person:
            self.view.stack.setCurrentWidget(self.view.blank)  # whoever comes back sees what is true then

    def _gone(self, found: frozenset[str]) -> None:
        if found:
            self.reload()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.view.side.setFixedWidth(SIDE if self.width() >= NARROW else SIDE_NARROW)

    # ---- the list

    def reload(self) -> None:
        """Read what waits, and what was decided when that is in sight."""
        unsent = self.deciding.unsent
        named = unsent.subjects() | self.shown.subjects()
        self.ctx.ask(board_and_kept(self.ctx.desk, named, unsent.lost()), self, self._loaded)
        if self.shown.tab == "settled":
            self.ctx.ask(decisions(self.ctx.desk), self, self._decided_loaded)

    def choose(self, tab: str) -> None:
        """A tab: 待处理, 待上级核定, 已处理."""
        self.shown.tab, self.listing.seek = tab, ""
        self.listing.from_top, self.front.own = True, ANYBODY
        if tab == "settled":
            self.ctx.ask(decisions(self.ctx.desk), self, self._decided_loaded)
        self._fill()
        self.listing.from_top = tab == "settled"  # until its list has come

    def _saying(self, *, revealed: bool = False, told: PersonQuestions | None = None) -> Saying:
        return self.shown.saying(self.ctx.desk, revealed=revealed, told=told)

    def _loaded(self, told: tuple[Board, Kept]) -> None:
        (found, kept), shown, seek = told, self.shown, self.listing.seek
        first = shown.board is None
        shown.board = found
        self.deciding.take_in(kept)
        if first and found.above and shown.tab == "here":
            shown.tab = "handed"
        if seek and shown.tab != "settled" and not shown.has(shown.tab, seek):
            shown.tab = next((k for k in ("here", "handed") if shown.has(k, seek)), shown.tab)
        self._fill()

    def _decided_loaded(self, found: Decisions) -> None:
        self.shown.decided = found
        if self.listing.from_top:
            self.front.own = ANYBODY
        self._fill()
        self.listing.from_top = False

    def _fill(self) -> None:
        told, tab = self.shown.board, self.shown.tab
        if told is None:
            return
        self.deciding.hold()
        self.listing.fill_tabs(told, tab)
        self._fill_same(told)
        if tab == "settled":
            listed = self.shown.decided.lines if self.shown.decided else ()
            self._set_items([item_of_decision(d, self._saying()) for d in listed], listed)
            return
        lines = self.shown.lines(tab)
        saying, kept = self._saying(), self.shown.is_only_kept
        said = [kept_item(line, saying) if kept(line) else item_of(line, saying) for line in lines]
        self._set_items(said, lines)

    def _set_items(self, items: Sequence[Item], of: Sequence[Line | Decision]) -> None:
        names = names_apart([(x.subject, x.who) for x in of], self.ctx.desk.today)
        self.listing.set_items([replace(i, name=n) for i, n in zip(items, names, strict=True)])
        if self.together.is_open and self.shown.tab == "here":
            return
        self._show_current(self.listing.current())

    def _fill_same(self, told: Board) -> None:
        groups = told.same if self.shown.tab == "here" else ()
        self.listing.fill_same(groups, self._saying(), self._open_same)
        if self.together.is_open:
            group = next((g for g in groups if g.key == self.together.key), None)
            if group is None:
                self.together.close()
                self.front.interrupt()
            else:
                self.together.show_group(group, self._saying())

    def _open_same(self, key: str) -> None:
        told = self.shown.board
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
        self.front.own = self.listing.at()
        self._show_current(self.listing.current())

    # ---- the right side

    def _moved(self, now: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        self.front.own = self.listing.at()
        self._show_current(now)

    def _show_current(self, item: QListWidgetItem | None) -> None:
        self.together.close()
        if item is None:
            self._show_nothing()
            return
        key = item.data(ITEM).key
        if key != self.shown.revealed:
            self.shown.revealed = ""
        if self.shown.tab == "settled":
            one = self.shown.decision(key)
            if one is not None:
                self.listing.seek = "" if key == self.listing.seek else self.listing.seek
                self._show_decision(one)
            return
        line = self.shown.line(key)
        if line is not None:
            self.listing.seek = ""
            self.ctx.ask(questions_of(self.ctx.desk, line.subject), self, self._show_person)

    def _show_nothing(self) -> None:
        self.shown.told = None
        self._set_cards("", [], self._saying())
        if self.shown.above and self.shown.tab == "handed":
            self.view.nothing.say(t("none_handed_above"), t("none_handed_above_more"))
        else:
            tab = self.shown.tab
            self.view.nothing.say(t(f"none_{tab}"), t(f"none_{tab}_more"))
        self.view.stack.setCurrentWidget(self.view.nothing)

    def _show_person(self, told: PersonQuestions, decided: Decisions | None = None) -> None:
        """``decided``: read once something is typed about a question that waits no more."""
        if self.listing.at() != told.subject.id or self.shown.tab == "settled" or told.state.erased:
            return
        revealed = self.shown.revealed == told.subject.id
        saying = self._saying(revealed=revealed, told=told)
        wanted = self.shown.tab == "handed"
        asked = [c for c in cards_of(told, saying) if c.question]
        cards = [c for c in asked if c.question and (c.question.difference.escalation is not None) is wanted]
        kept = self.deciding.unsent.gone(self.shown.tab, told.subject.id, [key_of(c) for c in cards])
        if kept and decided is None:
            self.ctx.ask(decisions(self.ctx.desk), self, lambda found: self._show_person(told, found))
            return
        self.shown.told = told
        waiting = len(cards)
        before = [key_of(c.card) for c in self.front.cards] if self.front.owner == told.subject.id else []
        gone: dict[tuple[str, str, str], str] = {}
        for card in (card_of(question, saying, above=told.above) for question in kept):
            key = key_of(card)
            gone[key] = gone_words(card, asked, decided, told.subject, saying)
            cards.insert(before.index(key) if key in before else 0, card)
        view = self.view.person
        view.name.set_text(name_of(told.subject, told.who))
        view.identity.set_text(identity(told.who, self.ctx.desk.today, revealed=revealed))
        self._show_reveal(
            bool(told.who.id_number or told.who.phone) or any(c.veiled for c in cards), revealed
        )
        said = (
            t("pending_merged", count=waiting, merged=told.by_itself)
            if told.by_itself
            else t("pending", count=waiting)
        )
        view.pending.set_text(said if waiting else "")
        self._set_cards(told.subject.id, cards, saying, gone)

    def _show_decision(self, one: Decision) -> None:
        revealed = self.shown.revealed == one.op_id
        view = self.view.person
        view.name.set_text(name_of(one.subject, one.who))
        view.identity.set_text(identity(one.who, self.ctx.desk.today, revealed=revealed))
        saying = self._saying(revealed=revealed)
        card = card_of_decision(one, saying, above=self.shown.above)
        self._show_reveal(bool(one.who.id_number or one.who.phone) or card.veiled, revealed)
        view.pending.set_text("")
        self._set_cards(one.op_id, [card], saying)

    def _show_reveal(self, wanted: bool, revealed: bool) -> None:
        button = self.view.person.reveal
        button.setVisible(wanted)
        button.set_text(t("hide" if revealed else "reveal"))

    def _set_cards(
        self, owner: str, cards: Sequence[QuestionCard], saying: Saying,
        gone: Mapping[tuple[str, str, str], str] | None = None,
    ) -> None:  # fmt: skip
        self.view.stack.setCurrentWidget(self.view.person)
        self.front.show(owner, cards, saying, self.ctx.desk.today, gone)

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

    # ---- looking, opening, printing

    def reveal(self) -> None:
        """Show the numbers of this person, once the look stands in the log; again: hide them."""
        item = self.listing.current()
        if item is None:
            return
        key = self.listing.at()
        if self.shown.revealed == key:
            self.shown.revealed, self.front.own = "", key
            self._show_current(item)
            return
        subject = self.shown.subject(key)

        def logged(_none: None) -> None:
            self.shown.revealed, self.front.own = key, key
            self._show_current(self.listing.current())

        looked = log_look(self.ctx.desk, "reveal", subject_id=subject.id if subject else "", field="conflict")
        self.ctx.ask(looked, self, logged)

    def _open_file(self) -> None:
        subject = self.shown.subject(self.listing.at())
        if subject is not None:
            self.ctx.go(_FILES.get(subject.kind, "ledger"), subject.id)

    def _print(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("print"), proposed(f"{t('paper_title')}.pdf"), "PDF (*.pdf)"
        )
        if chosen:
            self.print_to(Path(chosen))

    def print_to(self, path: Path) -> None:
        """Write the log of decisions as a PDF: masked, the latest first. The access log has it first."""
        desk, told = self.ctx.desk, self.shown.board
        made = paper.printed_log(desk, text("window.practice") if desk.practice else "")
        count = told.counts.decided if told else 0

        def log() -> Future[None]:
            return log_look(desk, "print", field="conflicts", count=count)

        def done(_none: None) -> None:
            self.ctx.hub.notice.emit(Notice(t("printed", name=path.name)))

        self.ctx.ask(write_logged(desk, path, made, log), self, done)
