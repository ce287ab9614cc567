"""What stands beside the list of 今日: the person of a line with the form, or the card the line asks for."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from jobdesk.cases.due import DueLine
from jobdesk.services.board import Board
from jobdesk.services.briefs import Brief, load_brief
from jobdesk.services.moving.reading import Away
from jobdesk.services.revealing import log_look
from jobdesk.services.serving import whereabouts
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.today import kinds, saying
from jobdesk.ui.today.brief import BriefCard
from jobdesk.ui.today.keeping import BoardKeeper
from jobdesk.ui.today.side import Side, other_words
from jobdesk.ui.today.view import TodayView
from jobdesk.ui.today.words import t

SETTLE = 90
"""Milliseconds the cursor rests on a line before its person is read."""


class Beside(QObject):
    """Follows the cursor of the list.

    Args:
        place: the page; answers come only as long as it stands.
        cards: the heads that show a person: over the form, and over another card.
    """

    def __init__(
        self, ctx: Context, place: QWidget, keeper: BoardKeeper, view: TodayView, side: Side,
        cards: tuple[BriefCard, ...],
    ) -> None:  # fmt: skip
        super().__init__(place)
        self._ctx, self._place, self._keeper = ctx, place, keeper
        self._view, self._side, self._cards = view, side, cards
        self._at = ""
        """The line that is shown; empty where whatever comes next is shown anew."""
        self._brief: Brief | None = None
        self._told = ("", 0)
        """Whose going away was said last, and since when."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE)
        self._rest.timeout.connect(self.show_line)
        ctx.hub.changed.connect(self._changed)
        for card in cards:
            card.reveal_asked.connect(self._reveal)

    def moved(self, line: DueLine | None) -> None:
        """The cursor came to a line, or there is none."""
        if line is None:
            self._at = ""
            self._side.form.rest()
            self._side.show_page(self._side.nothing)
        elif line.uid != self._at:
            self._rest.start()

    def show_line(self) -> None:
        """Who and what the cursor's line is about, now; nothing changes where it is shown already."""
        line, board = self._view.list.line, self._keeper.board
        self._rest.stop()
        if line is None or board is None or line.uid == self._at:
            return
        self._at = line.uid
        if kinds.answer_of(board, line) == "form":
            self._side.show_page(self._side.form)
            self._load(line.subject)
            self._side.form.begin(line.subject, line)
        else:
            self._side.form.rest()
            self._show_other(board, line)

    def show_form(self) -> None:
        """The form of the line, in a narrow window too, with the cursor in it."""
        self.show_line()
        self._side.show_page(self._side.form)
        self._view.page.open_side()
        self._side.form.take_focus()

    def show_card(self, card: QWidget) -> None:
        """A card in the place of the form; the cursor that has just come to the line does not undo it."""
        self.stop()
        self._at = ""
        self._view.page.open_side()
        self._side.show_page(card)

    def put_card_away(self) -> None:
        """Back to the form, as it was left."""
        self._side.show_page(self._side.form)
        if not self._side.form.case_id:
            self._at = ""
        self.fold()

    def fold(self) -> None:
        """In a narrow window the side lies over the list; beside it it stays."""
        if self._view.page.is_folded:
            self._view.page.close_side()

    def forget(self) -> None:
        """Show the line anew, although the cursor may be on it still."""
        self._at = ""

    def stop(self) -> None:
        """Nothing is read any more of the line the cursor came to last."""
        self._rest.stop()

    def look_who_went(self) -> None:
        """A new board came: who stands beside it and has no line in it may have moved away. That is said, and
        a form in which somebody is typing stays in front of him.
        """
        form, board = self._side.form, self._keeper.board
        case_id = form.case_id
        if board is None or not case_id or case_id in board.lines or case_id in board.hidden:
            return
        typing, who = form.is_touched, self._name_of(case_id)
        if typing:
            self._rest.stop()
            self._at = ""

        def found(gone: Away | None) -> None:
            if gone is None:
                self.show_line()
                return
            stays = typing and form.case_id == case_id
            if stays:
                form.say_away(gone)
            whose = who or gone.stub.name or t("nameless")
            said = t("gone_kept" if stays else "gone", who=whose, station=gone.station)
            if self._told != (case_id, gone.stub.at_ms):
                self._told = (case_id, gone.stub.at_ms)
                self._ctx.hub.notice.emit(Notice(said, done=False))

        self._ctx.ask(whereabouts(self._ctx.desk, case_id), self._place, found)

    def _name_of(self, case_id: str) -> str:
        brief = self._brief
        return brief.facts.text("name") if brief is not None and brief.facts.case_id == case_id else ""

    def brief_of(self, line: DueLine) -> Brief | None:
        """What was read of the person of this line; None while it is on its way."""
        brief = self._brief
        return brief if brief is not None and brief.facts.case_id == line.subject else None

    def _show_other(self, board: Board, line: DueLine) -> None:
        answer, said = kinds.answer_of(board, line), saying.words_of(board, line)
        title, go = other_words(board, line)
        of_person = answer == "file" or (answer == "assigned" and bool(line.record))
        sentence = " ".join(p for p in ("" if of_person else said.who, said.reason) if p)
        self._side.other.begin(title, sentence, go, of_person=of_person)
        self._side.show_page(self._side.other)
        if of_person:
            self._load(line.subject)

    def _changed(self, changed: Changed) -> None:
        line = self._view.list.line
        if line is not None and changed.touches(line.subject):
            self._load(line.subject)

    def _load(self, case_id: str) -> None:
        def loaded(brief: Brief) -> None:
            now = self._view.list.line
            if now is not None and now.subject == case_id:
                same = self._brief is not None and self._brief.facts.case_id == case_id
                self._brief = brief
                self._show_brief(brief, same and self._cards[0].revealed)

        self._ctx.ask(load_brief(self._ctx.desk, case_id), self._place, loaded)

    def _show_brief(self, brief: Brief, reveal: bool) -> None:
        for card in self._cards:
            card.show_brief(brief, self._ctx.desk.today, reveal)

    def _reveal(self) -> None:
        brief, board = self._brief, self._keeper.board
        if brief is None:
            return
        line = self._view.list.line
        what = saying.words_of(board, line).what if line is not None and board is not None else ""
        case_id, reason = brief.facts.case_id, t("reveal_occasion", what=what)
        looked = log_look(self._ctx.desk, "reveal", subject_id=case_id, field="phone", reason=reason)

        def shown(_none: None) -> None:
            if self._brief is brief:
                self._show_brief(brief, True)

        self._ctx.ask(looked, self._place, shown)
