"""政策: counts of every policy, the people behind them, telling one or many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.policy_matching import Match
from jobdesk.host.strings import text
from jobdesk.services.bulk import Bulk, BulkUndone, undo_set
from jobdesk.services.case_files import CaseFile, case_file
from jobdesk.services.policy_finding import PolicyBoard, PolicyCount, load_policies, matches_of, people
from jobdesk.services.policy_telling import tell
from jobdesk.services.revealing import log_look
from jobdesk.store.ledger import CaseItem
from jobdesk.store.log import Connection
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.kit import Tick, clear, column, show_basis
from jobdesk.ui.notices import sentence_of
from jobdesk.ui.policies import state
from jobdesk.ui.policies.card_view import facts_of
from jobdesk.ui.policies.tell_form import TellAsk, Told
from jobdesk.ui.policies.view import PoliciesView
from jobdesk.ui.policies.words import t
from jobdesk.ui.table import Table
from jobdesk.ui.table.cells import Row


class PoliciesScreen(Screen):
    """政策找人 over every open file. Counted when the place is shown, and again after a change."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.board: PolicyBoard | None = None
        self.items: dict[str, CaseItem] = {}
        self.code = ""
        self.at = "untold"
        self._revealed: set[str] = set()
        self._asked = 0
        self._stale = True
        self.ask: TellAsk | None = None
        self.table = Table(state.columns(), self._policy_rows, many=False)
        self.people = Table(state.people_columns(), self._people_rows)
        self.view = PoliciesView(self.table, self.people)
        self.setLayout(column((self.view, 1), gap=0))
        view = self.view
        self.table.current.connect(self._choose)
        self.table.opened.connect(lambda _code: self._enter())
        self.people.opened.connect(lambda case_id: ctx.go("ledger", case_id, "subsidy"))
        self.people.selection.connect(lambda _count: self._picked())
        for name, chip in view.filters.items():
            chip.clicked.connect(lambda _on=False, name=name: self._list(name))
        view.basis.clicked.connect(lambda _on=False: self.ask_basis())
        self.people.current.connect(lambda _id: self._picked())
        view.tell.clicked.connect(self._ask_tell)
        view.tabs.chosen.connect(lambda key: view.body.setCurrentIndex(int(key == "card")))
        view.reveal.clicked.connect(self._reveal)
        ctx.hub.changed.connect(self._changed)

    def arrive(self, where: GoTo) -> None:
        """``detail``: code of the policy to show."""
        if where.detail:
            self.code = where.detail
        if self._stale or self.board is None:
            self.reload()

    def reload(self) -> None:
        """Count anew."""
        self._asked += 1
        asked = self._asked
        self._stale = False
        if self.board is None:
            self.view.summary.set_text(t("counting"))

        def loaded(board: PolicyBoard) -> None:
            if asked == self._asked:
                self._loaded(board)

        self.ctx.ask(load_policies(self.ctx.desk), self, loaded)

    # ---- inside

    def _changed(self, changed: Changed) -> None:
        known = self.board is not None and not changed.subjects.isdisjoint(self.board.found)
        self._stale = self._stale or changed.whole or bool(changed.subjects)
        if self.isVisible() and (changed.whole or known):
            self.reload()

    def _loaded(self, board: PolicyBoard) -> None:
        self.board = board
        self.view.summary.set_text(state.summary(board))
        self.table.set_ids([c.card.code for c in board.counts])
        self.table.refresh()
        if self.code:
            self.table.go_to(self.code)
            self._show_policy()

    def _policy_rows(self, ids: Sequence[str]) -> list[Row]:
        board = self.board
        if board is None:
            return []
        by_code = {c.card.code: c for c in board.counts}
        return [state.row_of(by_code[i], board) for i in ids if i in by_code]

    def _people_rows(self, ids: Sequence[str]) -> list[Row]:
        board = self.board
        if board is None:
            return []
        return [
            state.person_row(i, self.items.get(i), board.found.get(i, {}).get(self.code), board) for i in ids
        ]

    def _count(self) -> PolicyCount | None:
        board = self.board
        return next((c for c in board.counts if c.card.code == self.code), None) if board else None

    def _choose(self, code: str) -> None:
        if code and code != self.code:
            self.code = code
            self._close_ask()
            self._show_policy()

    def _enter(self) -> None:
        self.view.page.open_side()
        self.people.setFocus()

    def _show_policy(self) -> None:
        count, board, view = self._count(), self.board, self.view
        if count is None or board is None:
            view.side.setCurrentWidget(view.rest)
            return
        view.name.set_text(count.card.title)
        view.sentence.set_text(count.card.entry.sentence)
        clear(view.facts)
        for line in facts_of(count.card, count.terms, count.amounts, board.today):
            view.facts.addWidget(line)
        for name, chip in view.filters.items():
            chip.set_count(len(state.people_of(count, name)))
        view.side.setCurrentWidget(view.chosen)
        view.page.open_side()
        self._list(self.at)

    def _list(self, name: str) -> None:
        self.at = name
        count, view = self._count(), self.view
        for key, chip in view.filters.items():
            chip.setChecked(key == name)
        if count is None:
            return
        ids = state.people_of(count, name)
        if count.veiled and self.code not in self._revealed:
            self.people.set_ids([])
            view.lists.setCurrentWidget(view.veiled if ids else view.nobody)
            self._picked()
            return
        view.lists.setCurrentWidget(self.people if ids else view.nobody)
        self.people.set_ids(ids)
        code = self.code

        def named(items: dict[str, CaseItem]) -> None:
            self.items.update(items)
            if code == self.code and name == self.at:
                self.people.set_ids(ids)
                self.people.refresh()

        self.people.refresh()
        self.ctx.ask(people(self.ctx.desk, ids), self, named)
        self._picked()

    def _reveal(self) -> None:
        code = self.code
        look = log_look(self.ctx.desk, "reveal", field=f"policy.{code}", reason=t("reveal_reason"))

        def logged(_none: None) -> None:
            self._revealed.add(code)
            self._list(self.at)

        self.ctx.ask(look, self, logged)

    def _picked(self) -> None:
        ids = self._chosen_people()
        self.view.picked.set_text(t("picked", count=len(ids)) if ids else "")
        self.view.tell.refuse("" if ids else t("pick_first"))
        self.view.basis.refuse("" if self._person() else t("person_first"))

    def _chosen_people(self) -> list[str]:
        count = self._count()
        if count is None or self.view.lists.currentWidget() is not self.people:
            return []
        picked = self.people.selected_ids()
        shown = set(state.people_of(count, self.at))
        return [i for i in picked if i in shown]

    # ---- why

    def _person(self) -> str:
        """Who the cursor is on; empty while no list of people is in sight."""
        return self.people.current_id() if self.view.lists.currentWidget() is self.people else ""

    def ask_basis(self) -> None:
        """查看依据 of who the cursor is on: whether the policy concerns them, then what it asks for."""
        case_id, code, desk = self._person(), self.code, self.ctx.desk
        if not case_id:
            return

        def read(con: Connection) -> tuple[CaseFile, Match | None]:
            found = matches_of(con, desk, case_id)
            return case_file(con, desk, case_id), next((m for m in found if m.card.code == code), None)

        def show(answer: tuple[CaseFile, Match | None]) -> None:
            file, match = answer
            if match is not None and (case_id, code) == (self._person(), self.code):
                self._show_basis(file, match, of_needs=False)

        self.ctx.ask(desk.read(read), self, show)

    def _show_basis(self, file: CaseFile, match: Match, of_needs: bool) -> None:
        words = Words(self.ctx.desk.today, {s.id: s.name for s in file.staff}, clerks=file.clerks)
        verdict = match.needs if of_needs and match.needs is not None else match.circle
        go = partial(self.ctx.go, "ledger", file.case_id)
        shown = shown_basis(verdict.basis(), file, words, go)
        who = ((text("basis.who"), file.state.root.text("name")),)
        ways = shown.ways
        if match.needs is not None and not of_needs:
            ways = (*ways, (t("needs_basis"), lambda: self._show_basis(file, match, of_needs=True)))
        show_basis(self.view.basis, replace(shown, facts=(*who, *shown.facts), ways=ways))

    # ---- telling

    def _ask_tell(self) -> None:
        ids, board, count = self._chosen_people(), self.board, self._count()
        if not ids or board is None or count is None:
            return
        self._close_ask()
        every = Tick(t("every"), False)
        code = self.code

        def answer(told: Told) -> None:
            codes = state.codes_for(board, ids, code, every=every.isChecked())
            self.ctx.ask(tell(self.ctx.desk, told.of(codes)), self, done, failed)

        def done(made: Bulk) -> None:
            self._close_ask()
            self.ctx.hub.changed.emit(Changed(whole=True))
            said = t("told_many", count=made.changed, policy=count.card.title)
            self.ctx.hub.notice.emit(Notice(said, lambda: self._undo(made)))
            if made.stopped is not None:
                self.ctx.hub.trouble.emit(made.stopped)

        def failed(error: Exception) -> None:
            ask.say(sentence_of(error) if isinstance(error, JobdeskError) else "")
            if not isinstance(error, JobdeskError):
                self.ctx.hub.trouble.emit(error)

        title = t("ask_many", count=len(ids), policy=count.card.title)
        ask = self.ask = TellAsk(
            title, t("ask_more"), lambda: self.ctx.desk.today, answer, many=len(ids) > 1, also=[every]
        )
        ask.closed.connect(self._show_list)
        self.view.asking.addWidget(ask)
        self.view.lists.setCurrentWidget(self.view.form)
        self.view.foot.hide()

    def _show_list(self) -> None:
        """The list is back, with those who were chosen."""
        self.view.foot.show()
        self.ask = None
        self._list(self.at)

    def _close_ask(self) -> None:
        if self.ask is not None:
            self.ask.close_ask()

    def _undo(self, made: Bulk) -> None:
        def undone(found: BulkUndone) -> None:
            self.ctx.hub.changed.emit(Changed(whole=True))
            key = "undo.partly" if found.kept else "undo.done"
            self.ctx.hub.notice.emit(Notice(text(key, count=found.kept)))

        self.ctx.ask(undo_set(self.ctx.desk, made.actions), self, undone)
