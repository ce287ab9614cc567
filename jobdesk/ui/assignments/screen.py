"""下发名单: take one in, answer with the number keys, give it back in its own layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from jobdesk.cases.assigned import ANSWERS
from jobdesk.cases.errors import Refused
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.assignments.answering import answer, say_who
from jobdesk.services.assignments.reading import (
    AssignedPerson,
    AssignmentSummary,
    assignments,
    people_of,
)
from jobdesk.services.assignments.returning import Returned, give_back, suffix_for
from jobdesk.services.assignments.taking import ListRead, read_list, take_list
from jobdesk.store.log import Connection
from jobdesk.ui import shortcuts
from jobdesk.ui.above import refused_above, stations_only
from jobdesk.ui.assignments.state import columns, deadline, list_choices, row_of, t
from jobdesk.ui.assignments.view import AssignmentsView
from jobdesk.ui.casefile.person_finder import PersonFinder
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.kit import clear, column
from jobdesk.ui.ledger.latest import Latest
from jobdesk.ui.table import Row, Table

Read = tuple[list[AssignmentSummary], str, list[AssignedPerson]]


class AssignmentsScreen(Screen):
    """One list at a time."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._lists: list[AssignmentSummary] = []
        self._at = ""
        self._people: dict[str, AssignedPerson] = {}
        self._go_to = ""
        self._beneath: str = ""  # the line whose note and answer stand in the bar
        self._wanted: str = ""  # an answer that waits for its note
        self._taking: ListRead | None = None
        self.table = Table(columns(), self._fetch, many=True)
        self.view = AssignmentsView(self.table)
        self.setLayout(column(self.view, gap=0))
        self._reader = Latest(ctx, self, self._read, self._show)
        self._wire()

    # ---- what others ask

    def arrive(self, where: GoTo) -> None:
        """A list by its id, and a line of it; or a file that was dropped."""
        if where.part == "file" and where.detail:
            self.read_file(Path(where.detail))
        if where.subject:
            self._at, self._go_to = where.subject, where.detail
            if where.detail:
                self.view.only_open.set_value(t("all"))
        self._reader.ask(self._at)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_file(self, path: Path) -> None:
        """Look into a file; nothing is written yet."""
        if refused_above(self.ctx):
            return

        def found(read: ListRead) -> None:
            self._taking = read
            self.view.strip.ask(read)

        self.ctx.ask(read_list(self.ctx.desk, path), self, found)

    def take(self, title: str, issuer: str, due_on: date) -> None:
        """Keep the list that was read."""
        if self._taking is None:
            return
        try:
            future = take_list(self.ctx.desk, self._taking, title, issuer, due_on)
        except Refused as refused:
            self.view.strip.say(text(f"error.{refused.code}"))
            return

        def taken(assignment_id: str) -> None:
            self._taking, self._at = None, assignment_id
            self.view.strip.hide()
            self.ctx.hub.changed.emit(Changed(frozenset({assignment_id})))
            self.ctx.hub.notice.emit(Notice(t("taken", title=title)))

        self.ctx.ask(future, self, taken)

    def answer_with(self, code: str) -> None:
        """The lines chosen, or the one under the cursor, are answered; the cursor moves on."""
        records = self._chosen()
        if not records:
            return
        note = self.view.note.value().strip() or self._note_of(records)
        try:
            future = answer(self.ctx.desk, self._at, records, code, note)
        except Refused as refused:
            self._wanted = code
            self.view.answers.set_value(code)
            self._say(text(f"error.{refused.code}"))
            self.view.note.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._say("")
        self._wanted = ""
        self._go_to = self._next_after(records)
        said = t("answered", count=len(records), what=code_lists.table("list_answer").name_of(code))
        self.ctx.save(future, self, said, lambda _done: self.view.note.set_value(""))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def answer_as_proposed(self) -> None:
        """What the files say, for the lines chosen that have a checked proposal, each its own."""
        by_code: dict[str, list[str]] = {}
        for record in self._chosen():
            one = self._people[record]
            if one.proposal is not None and one.proposal.checked:
                by_code.setdefault(one.proposal.code, []).append(record)
        if not by_code:
            self._say(t("nothing_proposed"))
            return
        self._say("")
        for code, records in by_code.items():
            said = t("answered", count=len(records), what=code_lists.table("list_answer").name_of(code))
            self.ctx.save(answer(self.ctx.desk, self._at, records, code), self, said)

    def give_back_to(self, target: Path) -> None:
        """Write the file; unanswered people stay blank in it, and that is said."""
        one = self._current_list()
        if one is None:
            return

        def done(back: Returned) -> None:
            key = "given_back_converted" if back.converted else "given_back"
            words = t(key, path=str(back.path), answered=back.answered, total=back.total)
            self.ctx.hub.notice.emit(Notice(words))
            self.ctx.hub.changed.emit(Changed(frozenset({one.id})))

        self.ctx.ask(give_back(self.ctx.desk, one.id, target, partly=True), self, done)

    # ---- parts

    def _wire(self) -> None:
        view = self.view
        view.lists.chosen.connect(self._list_chosen)
        view.only_open.chosen.connect(lambda _v: self._fill())
        view.answers.chosen.connect(self.answer_with)
        view.same.clicked.connect(lambda _on=False: self.answer_as_proposed())
        view.strip.taken.connect(lambda what: self.take(*cast("tuple[str, str, date]", what)))
        view.strip.given_up.connect(self._give_up)
        for button in (view.take_in, view.first):
            button.clicked.connect(lambda _on=False: self._choose_file())
        stations_only(self.ctx, view.take_in, view.first)
        view.give_back.clicked.connect(lambda _on=False: self._choose_target())
        view.open_file.clicked.connect(lambda _on=False: self.open_file())
        view.who.clicked.connect(lambda _on=False: self.ask_who())
        shortcuts.bind(view.finder_frame, "Esc", self._hide_finder, window=False)
        view.note.returnPressed.connect(self._note_entered)
        self.table.current.connect(self._moved)
        self.table.opened.connect(lambda _id: self.open_file())
        for number, code in enumerate(ANSWERS, 1):
            shortcuts.bind(self.table, str(number), lambda c=code: self.answer_with(c), window=False)
        shortcuts.bind(self.table, "0", self.answer_as_proposed, window=False)
        shortcuts.bind(self.table, "Del", lambda: self.answer_with(""), window=False)
        shortcuts.bind(self, "F2", view.note.setFocus, window=False)
        self.ctx.hub.changed.connect(self._changed)

    def open_file(self) -> None:
        """The file of the person under the cursor; 登记 for somebody without one."""
        one = self._people.get(self.table.current_id())
        if one is None:
            return
        if one.case_id:
            self.ctx.go("ledger", one.case_id)
        else:
            self.ctx.go("ledger", part="search", detail=one.name)

    def ask_who(self) -> None:
        """Look for the file of a name on the list."""
        one = self._people.get(self.table.current_id())
        if one is None or one.case_id:
            return
        finder = PersonFinder(self.ctx, t("who"), ())
        finder.chosen.connect(lambda item, record=one.record.id: self._said_who(record, item.case_id))
        clear(self.view.finder)
        self.view.finder.addWidget(finder)
        self.view.finder_frame.show()
        finder.line.set_value(one.name)
        finder.look()
        finder.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _said_who(self, record: str, case_id: str) -> None:
        self._hide_finder()
        self.ctx.save(say_who(self.ctx.desk, self._at, record, case_id), self, t("said_who"))

    def _hide_finder(self) -> None:
        clear(self.view.finder)
        self.view.finder_frame.hide()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _note_entered(self) -> None:
        """Enter in the note: it is kept beside the answer that asked for it, or that stands there already."""
        one = self._people.get(self.table.current_id())
        code = self._wanted or (one.answer if one is not None else "")
        if code:
            self.answer_with(code)
        else:
            self._say(t("answer_first"))

    def _choose_file(self) -> None:
        chosen = QFileDialog.getOpenFileName(self, t("take_in"), "", t("file_filter"))[0]
        if chosen:
            self.read_file(Path(chosen))

    def _choose_target(self) -> None:
        one = self._current_list()
        if one is None:
            return
        suffix = suffix_for(one.file_name)
        proposed = t("file_name", title=one.title) + suffix
        chosen = QFileDialog.getSaveFileName(self, t("give_back"), proposed, f"*{suffix}")[0]
        if chosen:
            path = Path(chosen)
            self.give_back_to(path if path.suffix else path.with_suffix(suffix))

    def _give_up(self) -> None:
        self._taking = None
        self.view.strip.hide()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list_chosen(self, assignment_id: str) -> None:
        self._at = assignment_id
        self._reader.ask(assignment_id)

    def _read(self, con: Connection, wanted: str) -> Read:
        lists = assignments(con)
        at = wanted if any(a.id == wanted for a in lists) else (lists[0].id if lists else "")
        return lists, at, people_of(con, at, self.ctx.desk.day) if at else []

    def _show(self, _question: str, read: Read) -> None:
        self._lists, self._at, people = read
        self._people = {p.record.id: p for p in people}
        self.view.lists.set_options(list_choices(self._lists), self._at)
        self._fill()

    def _fill(self) -> None:
        view, one = self.view, self._current_list()
        waiting = view.only_open.value() == t("waiting")
        ids = tuple(i for i, p in self._people.items() if not waiting or not p.answer or i == self._go_to)
        self.table.set_ids(ids)
        if self._go_to:
            self.table.go_to(self._go_to)
            self._go_to = ""
        view.stack.setCurrentIndex(1 if one is None else 2 if not ids else 0)
        for part in (view.bar, view.lists, view.only_open, view.deadline, view.give_back):
            part.setVisible(one is not None)
        view.take_in.setVisible(one is not None)
        if one is not None:
            words, tone = deadline(one, self.ctx.desk.day, self.ctx.desk.working_days)
            view.deadline.set_text(words, tone)
            view.count.set_text(t("count", total=one.total, left=one.total - one.answered))
        else:
            view.count.set_text("")
        self._moved(self.table.current_id())

    def _fetch(self, ids: Sequence[str]) -> Sequence[Row]:
        return [row_of(self._people[i], self.ctx.desk.day) for i in ids if i in self._people]

    def _moved(self, record_id: str) -> None:
        """The bar is about this line; read again, it keeps what was begun for it."""
        one = self._people.get(record_id)
        if record_id != self._beneath:
            self._beneath, self._wanted = record_id, ""
            self.view.note.set_value("")
            self._say("")
        self.view.answers.set_value(self._wanted or (one.answer if one else ""))
        self.view.who.refuse("" if one is not None and not one.case_id else t("who_known"))
        self.view.open_file.refuse("" if one is not None else t("choose_first"))

    def _chosen(self) -> list[str]:
        chosen = [i for i in self.table.selected_ids() if i in self._people]
        at = self.table.current_id()
        return chosen or ([at] if at in self._people else [])

    def _note_of(self, records: Sequence[str]) -> str:
        return self._people[records[0]].record.text("note") if len(records) == 1 else ""

    def _next_after(self, records: Sequence[str]) -> str:
        """The next line without an answer, else the first one; empty when none is left."""
        ids = list(self._people)
        last = max(ids.index(r) for r in records)
        open_lines = [i for i in (*ids[last + 1 :], *ids[:last]) if not self._people[i].answer]
        return next((i for i in open_lines if i not in records), "")

    def _current_list(self) -> AssignmentSummary | None:
        return next((a for a in self._lists if a.id == self._at), None)

    def _say(self, words: str) -> None:
        self.view.problem.setText(words)
        self.view.problem.setVisible(bool(words))

    def _changed(self, changed: Changed) -> None:
        if self.isVisible():
            self._reader.ask(self._at)
