"""批量电话: a round of calls, line by line, without the mouse; each line is an action of its own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from jobdesk.cases.due import DueLine
from jobdesk.cases.errors import Refused
from jobdesk.cases.state import SubjectState
from jobdesk.host.strings import text
from jobdesk.services.drafting import drop_draft, keep_draft
from jobdesk.services.revealing import log_look
from jobdesk.services.service_forms import DRAFT, ServiceGround, load_ground
from jobdesk.services.serving import Contact, Served, ServiceEntry, record_service
from jobdesk.services.settings import FORBID_UNMASKED, station_settings
from jobdesk.services.staffing import staff_of
from jobdesk.services.today import Board
from jobdesk.services.undoing import Undone, undo_action
from jobdesk.store import ledger, reads
from jobdesk.store.ledger import CaseItem
from jobdesk.store.log import Connection
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.kit import Button, ElidedText, Text, TextInput, column, frame, key_hints, row
from jobdesk.ui.saving import proposed, write_logged
from jobdesk.ui.serviceform import state as form_state
from jobdesk.ui.serviceform.saving import away_words
from jobdesk.ui.serviceform.state import Typed, draft_body, thaw, typed_of
from jobdesk.ui.signals import BareSignal, bare_signal
from jobdesk.ui.today.phone_grid import PhoneGrid
from jobdesk.ui.today.phone_state import PHONE, VISIT, Call, Round, Way, paper, round_of, values_of
from jobdesk.ui.today.words import t

DRAFT_AFTER = 2_000
"""Own figure: milliseconds without typing after which a line's draft is kept."""
UNREAD = "unread"
"""In a draft: the next contact as it was typed, where it means no day."""


class PhoneRound(QWidget):
    """The page of a phone round.

    Signals:
        closed: Esc or 返回.
    """

    closed: BareSignal = bare_signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self._board: Board | None = None
        self._known: dict[str, SubjectState] = {}
        self._saving: set[str] = set()
        self.grid = PhoneGrid(self._parse)
        self.count = Text("", tone="ink_2")
        self.reveal = Button(t("round_reveal"), icon="eye", on_click=self._ask_reason)
        self.print = Button(t("round_print"), icon="printer", on_click=self._print)
        self.back = Button(f"{t('round_back')}  Esc", "bare", icon="arrow-left", on_click=self.close_round)
        self.reason = TextInput(placeholder=t("round_reason_hint"), width=320)
        self.reveal_now = Button(t("round_reveal_now"), "primary", on_click=self.reveal_all)
        asking = row(Text(t("round_reason")), self.reason, self.reveal_now, None, pad=(20, 8, 20, 8))
        self.reason_line = frame(asking, "accent_soft")
        self.reason_line.hide()
        self.reason.returnPressed.connect(self.reveal_all)
        self.title = Text(PHONE.t("title"), "title")
        head = frame(
            row(self.back, self.title, self.count, None, self.reveal, self.print,
                gap=10, pad=(12, 10, 20, 10)), "surface",
        )  # fmt: skip
        self.note = ElidedText(PHONE.t("note"), "caption", "ink_2")
        self.hints = {way.channel: _hints(way) for way in (PHONE, VISIT)}
        foot = frame(row((self.note, 1), *self.hints.values(), gap=10, pad=(20, 4, 20, 4)), "foot")
        self.setLayout(column(head, self.reason_line, (self.grid, 1), foot, gap=0))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAFT_AFTER)
        self._timer.timeout.connect(self.keep)
        self.grid.entered.connect(self._entered)
        self.grid.left.connect(lambda n: self._keep(self.grid.round.calls[n]))
        self.grid.save_asked.connect(self.save)
        self.grid.typed.connect(lambda _n: self._timer.start())

    def begin(self, board: Board, lines: Sequence[DueLine], way: Way = PHONE) -> None:
        """A new round of calls or visits."""
        self._board, self._known = board, {}
        self.title.set_text(way.t("title"))
        self.note.set_text(way.t("note"))
        for channel, hints in self.hints.items():
            hints.setVisible(channel == way.channel)
        self.reveal.setVisible(way is PHONE)
        self.reason_line.hide()
        self.reveal.setEnabled(True)
        if way is PHONE:
            self._show(round_of(board, lines))
            return
        ids = list(dict.fromkeys(line.subject for line in lines))

        def found(items: list[CaseItem]) -> None:
            self._show(round_of(board, lines, way, {i.case_id: i for i in items}))

        self.ctx.ask(self.ctx.desk.read(lambda con: ledger.items(con, ids)), self, found)

    def _show(self, round_: Round) -> None:
        self.grid.show_round(round_)
        self._tell()

    def leave(self) -> None:
        """Another place is shown; what is typed is kept."""
        self.keep()

    def close_round(self) -> None:
        """Back to the day's list; not while a day that cannot be read would be lost."""
        self.keep()
        if not self.grid.holds():
            self.closed.emit()

    # ---- lines

    def _entered(self, number: int) -> None:
        call = self.grid.round.calls[number]
        case_id = call.line.subject
        if case_id in self._known or call.is_saved:
            return

        def loaded(ground: ServiceGround) -> None:
            state = ground.state
            if ground.draft is not None and not call.is_touched:
                typed = typed_of(ground.draft.body)
                if typed.values.get("type") == form_state.FOLLOW_UP and len(typed.people) <= 1:
                    call.result = str(typed.values.get("outcome") or "")
                    call.content = str(typed.values.get("content") or "")
                    call.next_on = typed.next_on
                    call.unread = str(ground.draft.body.get(UNREAD) or "")
                    call.problem = "bad_day" if call.unread else ""
                    state = thaw(ground.draft.body, state)
                    if self.grid.call is call:
                        self.grid.refresh()
            self._known[case_id] = state

        self.ctx.ask(load_ground(self.ctx.desk, case_id), self, loaded)

    def keep(self) -> None:
        """Keep the current line as a draft."""
        self._timer.stop()
        call = self.grid.call
        if call is not None:
            self.grid.take()
            self._keep(call)

    def _keep(self, call: Call) -> None:
        case_id = call.line.subject
        known = self._known.get(case_id)
        if not call.is_touched or known is None or case_id in self._saving:
            return
        values = values_of(call, self.ctx.desk.today, self.ctx.desk.actor, self.grid.round.way)
        typed = Typed(values, call.next_on, people=(case_id,))
        body = {**draft_body(typed, {case_id: known}, call.line.key), UNREAD: call.unread or None}
        self.ctx.ask(keep_draft(self.ctx.desk, DRAFT + case_id, body), self, lambda _none: None)

    def save(self, number: int) -> None:
        """Write one line down and go to the next."""
        call = self.grid.round.calls[number]
        case_id = call.line.subject
        if call.is_saved:
            self.grid.go(self.grid.round.next_open(number))
            return
        if case_id in self._saving:
            return
        call.problem = "" if call.result else "no_result"
        if not self.grid.next_on.readable:
            call.problem = "bad_day"
        elif call.next_on and call.next_on <= self.ctx.desk.today.isoformat():
            call.problem = "past_day"
        if call.problem:
            self.grid.viewport().update()
            return
        self._timer.stop()
        self._saving.add(case_id)
        known = self._known.get(case_id)
        entry = ServiceEntry(
            values_of(call, self.ctx.desk.today, self.ctx.desk.actor, self.grid.round.way),
            Contact(call.next_on or None),
            {case_id: known} if known is not None else {},
        )

        def failed(error: Exception) -> None:
            self._saving.discard(case_id)
            self._keep(call)
            self.ctx.hub.trouble.emit(error)

        saved = record_service(self.ctx.desk, [case_id], entry)
        self.ctx.ask(saved, self, lambda served: self._saved(call, number, served), failed)

    def _saved(self, call: Call, number: int, served: Served) -> None:
        case_id = call.line.subject
        self._saving.discard(case_id)
        self._known.pop(case_id, None)
        call.action = served.changes[0].action_id
        self.ctx.ask(drop_draft(self.ctx.desk, DRAFT + case_id), self, lambda _none: None)
        self.ctx.hub.changed.emit(Changed(frozenset({case_id}), action_id=call.action))
        said = t("round_said", who=call.who, result=call.result_name()) + away_words(served)
        self.ctx.hub.notice.emit(Notice(said, lambda: self._undo(call)))
        self._tell()
        if self.grid.at == number:
            following = self.grid.round.next_open(number)
            self.grid.go(following)
            if following < 0:
                self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def undo_last(self) -> None:
        """Take back the line the cursor is on, or else the one saved before it."""
        calls = self.grid.round.calls
        at = self.grid.at if self.grid.at >= 0 else len(calls) - 1
        order = [*range(at, -1, -1), *range(len(calls) - 1, at, -1)]
        found = next((calls[n] for n in order if calls[n].is_saved), None)
        if found is not None:
            self._undo(found)

    def _undo(self, call: Call) -> None:
        action, case_id = call.action, call.line.subject
        if not action:
            return

        def undone(result: Undone) -> None:
            call.action = ""
            touched = frozenset({case_id, *(s.id for s in result.changes.subjects)})
            self.ctx.hub.changed.emit(Changed(touched))
            self.ctx.hub.notice.emit(Notice(text("undo.done")))
            calls = self.grid.round.calls
            if call in calls:
                self.grid.go(calls.index(call))
            self._tell()

        self.ctx.ask(undo_action(self.ctx.desk, action), self, undone)

    # ---- numbers and paper

    def _ask_reason(self) -> None:
        self.reason_line.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def reveal_all(self) -> None:
        """Show the numbers of the round, once the look stands in the log with its reason."""
        reason = self.reason.value()
        if not reason:
            self.reason.setFocus()
            return
        count = sum(bool(c.phone) for c in self.grid.round.calls)
        looked = log_look(self.ctx.desk, "reveal", field="phone", count=count, reason=reason)

        def shown(_none: None) -> None:
            self.grid.revealed = True
            self.reason_line.hide()
            self.reveal.setEnabled(False)
            self.grid.refresh()
            self.grid.result.setFocus(Qt.FocusReason.OtherFocusReason)

        self.ctx.ask(looked, self, shown)

    def _print(self) -> None:
        name = f"{self.grid.round.way.t('paper')}.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self, t("round_print"), proposed(name), "PDF (*.pdf)")
        if chosen:
            self.print_to(Path(chosen))

    def print_to(self, path: Path) -> None:
        """Write the round's list as a PDF: without categories, lines to write on.

        Whole numbers only where the round shows them: the look stands in the log with its reason.
        """
        board, desk, round_, whole = self._board, self.ctx.desk, self.grid.round, self.grid.revealed
        if board is None:
            return

        def job(con: Connection) -> bytes:
            unit = reads.subject_state(con, desk.station).root.text("name")
            by = next((s.name for s in staff_of(con, desk) if s.id == desk.actor), "")
            mark = text("window.practice") if desk.practice else ""
            if whole and station_settings(con, desk).get(FORBID_UNMASKED) is True:
                raise Refused("unmasked_forbidden")
            return paper(round_, board, desk.clock, unit, by, mark, whole=whole)

        field, count = "unmasked" if whole else "masked", len(round_.calls)
        made = desk.read(job)

        def log() -> Future[None]:
            return log_look(desk, "print", field=field, count=count)

        def written(_none: None) -> None:
            said = "round_printed_whole" if whole else "round_printed"
            self.ctx.hub.notice.emit(Notice(t(said, name=path.name)))

        self.ctx.ask(write_logged(desk, path, made, log), self, written)

    def _tell(self) -> None:
        round_ = self.grid.round
        self.count.set_text(t("round_count", count=len(round_.calls), saved=round_.saved))

    def _parse(self, typed: str) -> date | None:
        return form_state.parse_day(typed, self.ctx.desk.today, ahead=True)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.close_round()
        elif event.key() == Qt.Key.Key_Z and control:
            self.undo_last()
        else:
            super().keyPressEvent(event)


def _hints(way: Way) -> QWidget:
    numbers = " ".join(str(n) for n in range(1, len(way.results) + 1))
    return key_hints(
        (numbers, t("round_key_result")), ("Enter", t("round_key_save")), ("↑ ↓", t("round_key_line")),
        ("Ctrl+Z", text("kit.undo")),
    )  # fmt: skip
