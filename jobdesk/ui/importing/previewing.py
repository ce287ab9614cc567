"""Wires a preview to its page: filters, cursor, F8, questions and answers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import QObject

from jobdesk.cases.errors import BadInput
from jobdesk.host.strings import text
from jobdesk.services.importing.columns import Guess, Plan
from jobdesk.services.importing.notes import notes
from jobdesk.services.importing.preview import Preview, PreviewRow
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.verdicts import CellState, Decision, ProblemCount, Proposals, Verdict
from jobdesk.ui.context import Context
from jobdesk.ui.importing.panel import Matter
from jobdesk.ui.importing.preview_page import PreviewPage
from jobdesk.ui.importing.sheet import Spot
from jobdesk.ui.importing.state import (
    A_NUMBER_HELPS,
    DAMAGED,
    NEVER_BLANK,
    Filter,
    decision_words,
    grid_of,
    lost_end,
    sexes_of,
    shielded,
)
from jobdesk.ui.importing.work import Worker
from jobdesk.ui.kit import FilterChip, clear

FIRST_SCREEN = 12
"""A problem among so many first rows gets the cursor at once; one further down is one F8 away."""


class Previewing(QObject):
    """One preview at a time.

    Args:
        changed: called when counts may have changed.
    """

    def __init__(
        self, ctx: Context, page: PreviewPage, worker: Worker, changed: Callable[[], object]
    ) -> None:
        super().__init__(page)
        self._ctx, self.page, self._worker, self._changed = ctx, page, worker, changed
        self.preview: Preview | None = None
        self.filter = Filter()
        self._sheet = 0
        self._asked: dict[int, Proposals] = {}
        self._held: list[int] = []
        self._problems: list[ProblemCount] = []
        page.narrowed.connect(self.narrow)
        page.reasons.chosen.connect(self.narrow)
        page.grid.moved.connect(lambda _spot: self._show_matter())
        page.grid.opened.connect(lambda _spot: page.panel.take_focus())
        page.panel.decided.connect(self.decide)
        page.panel.look.connect(self._look)
        page.panel.take.connect(self.take)
        page.panel.step.connect(lambda step: self.next_problem(back=step < 0))
        page.panel.left.connect(page.grid.setFocus)

    # ---- what the screen does

    def show(self, preview: Preview) -> None:
        """Show a preview from its first row; the first problem is one F8 away."""
        self.preview = preview
        self.filter, self._sheet, self._asked = Filter(), 0, {}
        self._count()
        self._show_tabs()
        self.page.show_notes([text(f"import.note.{n.code}", **n.params) for n in notes(preview.read_file)])
        self._show_list(Spot(0, 0))
        first = preview.next_problem(-1)
        if first is not None and first < FIRST_SCREEN:
            self.go_to_row(first)

    def forget(self) -> None:
        """No preview any more: nothing of the file stays in memory."""
        self.preview = None
        self._asked = {}

    def narrow(self, wanted: Filter) -> None:
        """Show the rows of a filter; the same one again shows everybody."""
        self.filter = Filter() if wanted == self.filter else wanted
        preview, plan = self.preview, self._plan()
        if preview is not None and plan is not None and not self._keys():
            # nobody on this sheet: the first sheet that has somebody
            for number, other in enumerate(preview.read_file.plans):
                if preview.of(self.filter.verdict, self.filter.problem, other.table.sheet.name):
                    self._sheet = number
                    self._show_tabs()
                    break
        self._show_list(None)
        if self.filter.problem:
            self._to_problem_cell()

    def show_sheet(self, number: int) -> None:
        """Another sheet of the file."""
        self._sheet = number
        self._show_tabs()
        self._show_list(Spot(0, 0))

    def next_problem(self, *, back: bool = False) -> None:
        """F8 and Shift+F8: the next row that is held and about which nothing was said yet."""
        preview = self.preview
        if preview is None:
            return
        at = self.page.grid.current_key()
        start, seen = at, 0
        while seen <= len(preview.rows):
            found = preview.next_problem(at, back=back)
            if found is None:
                return
            undecided = preview.rows[found].decision is None
            if undecided or found == start or (seen and found == at):
                break
            at, seen = found, seen + 1
        else:
            return
        self.go_to_row(found)

    def go_to_row(self, index: int) -> None:
        """Bring a row into sight, whatever filter or sheet hides it; the cursor on its problem."""
        preview = self.preview
        assert preview is not None
        sheet = preview.rows[index].read.sheet
        number = next(n for n, p in enumerate(preview.read_file.plans) if p.table.sheet.name == sheet)
        if number != self._sheet:
            self._sheet = number
            self._show_tabs()
            self._show_list(None)
        if not self._is_shown(index):
            self.filter = Filter()
            self._show_list(None)
        keys = self.page.grid.grid.keys
        self.page.grid.go_to(Spot(bisect_left(keys, index), self._problem_column(index)))
        self.page.grid.setFocus()

    def decide(self, decision: Decision | None) -> None:
        """Take in what the clerk says about the row; on to the next one."""
        preview, index = self.preview, self.page.grid.current_key()
        if preview is None or index < 0:
            return
        page = self.page

        def taken(_judged_anew: object) -> None:
            if self.preview is preview:
                page.panel.setEnabled(True)
                self._count()
                self._show_list(None, keep=index)
                self._changed()
                if decision is not None:
                    self.next_problem()

        def refused(error: Exception) -> None:
            page.panel.setEnabled(True)
            if isinstance(error, BadInput):
                page.panel.say_wrong_number()
            else:
                self._ctx.hub.trouble.emit(error)

        page.panel.setEnabled(False)
        self._ctx.ask(self._worker.quick(lambda: preview.decide(index, decision)), self, taken, refused)

    def take(self, what: str) -> None:
        """Put back what was changed here since, as far as the clerk wants it: ``cell``, ``row``, ``back``."""
        preview, index = self.preview, self.page.grid.current_key()
        if preview is None or index < 0:
            return
        row = preview.rows[index]
        here = _targets_of(row, row.read.plan.guesses[self.page.grid.at.column])
        wanted = row.takes - here if what == "back" else row.takes | (
            row.takable if what == "row" else row.takable & here
        )  # fmt: skip

        def taken(_judged_anew: object) -> None:
            if self.preview is preview:
                self.page.panel.setEnabled(True)
                self._count()
                self._show_list(None, keep=index)
                self._changed()

        self.page.panel.setEnabled(False)
        self._ctx.ask(self._worker.quick(lambda: preview.take(index, wanted)), self, taken)

    # ---- parts

    def _count(self) -> None:
        """What is asked at every step and changes only with a decision."""
        if self.preview is not None:
            self._held, self._problems = self.preview.of(Verdict.HELD), self.preview.problem_counts()

    def _is_shown(self, index: int) -> bool:
        keys = self.page.grid.grid.keys
        place = bisect_left(keys, index)
        return place < len(keys) and keys[place] == index

    def _plan(self) -> Plan | None:
        return self.preview.read_file.plans[self._sheet] if self.preview is not None else None

    def _keys(self) -> list[int]:
        preview, plan = self.preview, self._plan()
        if preview is None or plan is None:
            return []
        return preview.of(self.filter.verdict, self.filter.problem, plan.table.sheet.name)

    def _show_list(self, at: Spot | None, keep: int | None = None) -> None:
        preview, plan = self.preview, self._plan()
        if preview is None or plan is None:
            return
        keys = self._keys()
        wanted = keep if keep is not None else self.page.grid.current_key()
        place = bisect_left(keys, wanted)
        if at is None and place < len(keys) and keys[place] == wanted:
            at = Spot(place, self.page.grid.at.column)
        counts = preview.counts
        self.page.show_counts(counts)
        self.page.reasons.show_counts(counts, self._problems, self.filter)
        self.page.stack.setCurrentIndex(0 if keys else 1)
        self.page.grid.show_grid(grid_of(preview, plan, keys), at)
        self._show_matter()

    def _show_tabs(self) -> None:
        clear(self.page.tabs)
        preview = self.preview
        if preview is None or len(preview.read_file.plans) < 2:
            return
        for number, plan in enumerate(preview.read_file.plans):
            chip = FilterChip(plan.table.sheet.name, len(plan.table.rows), number == self._sheet)
            chip.clicked.connect(lambda _on=False, n=number: self.show_sheet(n))
            self.page.tabs.addWidget(chip)
        self.page.tabs.addStretch(1)

    def _problem_column(self, index: int) -> int:
        """The column of the first problem that holds the row, else of the first one of the filter."""
        assert self.preview is not None
        row = self.preview.rows[index]
        wanted = [p for p in row.problems if p.code == self.filter.problem] or [
            p for p in row.problems if p.holds
        ]
        for problem in wanted:
            for number, guess in enumerate(row.read.plan.guesses):
                if guess.letter == problem.column or (not problem.column and guess.target == problem.target):
                    return number
        name = row.read.plan.column_of("case.name")
        return name.column.index if name is not None else 0

    def _to_problem_cell(self) -> None:
        index = self.page.grid.current_key()
        if index >= 0:
            self.page.grid.go_to(Spot(self.page.grid.at.row, self._problem_column(index)))

    def _show_matter(self) -> None:
        preview, index = self.preview, self.page.grid.current_key()
        if preview is None or index < 0:
            self.page.panel.show_nothing()
            return
        held = self._held
        at = bisect_left(held, index) + 1 if preview.rows[index].verdict is Verdict.HELD else 0
        matter = self._matter(preview, index, self.page.grid.at.column)
        self.page.panel.show_matter(matter, at, len(held))
        if matter.damaged and matter.open and matter.proposals is None:
            self._ask_proposals(index)

    def _matter(self, preview: Preview, index: int, column: int) -> Matter:
        row = preview.rows[index]
        guess = row.read.plan.guesses[column]
        view = preview.cell(index, column)
        value = shielded(view.text, view.shield)[0] if view.text or view.shield >= 2 else ""
        if view.state is CellState.EMPTY:
            value = ""
        held = row.verdict is Verdict.HELD
        open_now = (held and not row.waiting) or row.decision is not None
        codes = {p.code for p in (*row.problems, *row.read.problems)}
        here = _targets_of(row, guess)
        damaged = open_now and bool(codes & DAMAGED)
        others = tuple((p.column, p) for p in row.problems if p not in view.problems)
        return Matter(
            heading=_heading(row, guess),
            value=value,
            lost=lost_end(view.problems, value),
            problems=view.problems,
            others=others,
            fate=_fate(
                row,
                guess,
                view.state,
                view.problems,
                value,
                shielded(view.old, view.shield)[0] if view.old else "",
            ),
            open=open_now,
            decided=decision_words(row),
            damaged=damaged,
            wants_number=open_now and bool(codes & A_NUMBER_HELPS),
            proposals=self._asked.get(index),
            candidates=row.candidates,
            sexes=sexes_of(row.read.values, codes) if open_now else (),
            can_blank=any(p.holds and p.code not in NEVER_BLANK for p in row.problems),
            key=str(index),
            since=bool(row.takable & here),
            since_row=len(row.takable),
            taken=bool(row.takes & here),
        )

    def _ask_proposals(self, index: int) -> None:
        preview = self.preview
        assert preview is not None

        def arrived(proposals: Proposals) -> None:
            if self.preview is preview:
                self._asked[index] = proposals
                if self.page.grid.current_key() == index:
                    self._show_matter()

        self._ctx.ask(self._worker.quick(lambda: preview.proposals(index)), self, arrived)

    def _look(self, proposal: int) -> None:
        preview, index = self.preview, self.page.grid.current_key()
        if preview is None or index < 0:
            return

        def arrived(number: str) -> None:
            if self.page.grid.current_key() == index:
                self.page.panel.show_number(proposal, number)

        self._ctx.ask(self._worker.quick(lambda: preview.reveal(index, proposal)), self, arrived)


def _targets_of(row: PreviewRow, guess: Guess) -> frozenset[str]:
    """The values that came out of a cell."""
    return frozenset(t for t in row.marks if (source := row.read.source(t)) is not None
                     and source.column.index == guess.column.index)  # fmt: skip


def _heading(row: PreviewRow, guess: Guess) -> str:
    return text(
        "import_ui.panel_where",
        row=row.read.number,
        letter=guess.letter,
        label=guess.column.leaf or text("import_ui.match_blank"),
    )


def _fate(
    row: PreviewRow, guess: Guess, state: CellState, problems: tuple[Problem, ...], value: str, old: str
) -> str:
    """What happens with the cell, in a sentence."""
    if row.waiting:
        return text("import_ui.waiting_row")
    if row.verdict is Verdict.HELD:
        return text("import_ui.panel_held_row") if not any(p.holds for p in problems) else ""
    if problems:
        return text("import_ui.panel_goes_in")
    words = {
        CellState.NEW: "panel_new_row" if row.verdict is Verdict.NEW else "panel_new",
        CellState.CHANGED: "panel_changed",
        CellState.UNCHANGED: "panel_same",
        CellState.SINCE: "panel_since",
        CellState.IGNORED: "panel_ignored",
        CellState.EMPTY: "panel_empty",
    }
    key = words.get(state)
    return text(f"import_ui.{key}", old=old, new=value) if key else ""
