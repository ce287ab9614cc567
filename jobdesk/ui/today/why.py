"""查看依据 of the line the cursor is on: over the line, with the ways on from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from jobdesk.cases.due import DueLine
from jobdesk.services.board import Board
from jobdesk.services.briefs import Brief
from jobdesk.services.today import is_of_no_person
from jobdesk.ui.casefile.household_ways import Ways, of_line
from jobdesk.ui.context import Context
from jobdesk.ui.kit import show_basis
from jobdesk.ui.today import kinds, saying, words
from jobdesk.ui.today.brief import namer
from jobdesk.ui.today.tasklist import TaskList
from jobdesk.ui.today.words import t


def show_why(
    ctx: Context, board: Board, tasks: TaskList, line: DueLine, brief: Brief | None,
    enter: Callable[[DueLine], object],
) -> None:  # fmt: skip
    """Show it.

    Args:
        brief: of the person of the line, where it was read already: names the people of the basis.
        enter: what Enter does with the line.
    """
    entry = tasks.entry
    if entry is None:
        return
    anchor = QWidget(tasks.viewport())
    anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    anchor.setGeometry(tasks.basis_rect())
    anchor.show()

    def go(part: str, detail: str) -> None:
        ctx.go("ledger", line.subject, part, detail)

    of_household = kinds.answer_of(board, line) == "household"
    way = None if of_household or is_of_no_person(line) else go
    named = namer(brief) if brief is not None else None
    sheet = brief.from_sheet if brief is not None else frozenset[str]()
    who, ways = saying.words_of(board, line).who, _ways(ctx, board, line, enter)
    shown = words.shown_basis(line.basis, ctx.desk.today, named, way, who, sheet, ways)
    if tasks.whole:
        shown = saying.entry_basis(board, entry, shown)
    show_basis(anchor, shown).destroyed.connect(anchor.deleteLater)


def _ways(ctx: Context, board: Board, line: DueLine, enter: Callable[[DueLine], object]) -> Ways:
    """Of a line that leads elsewhere than to one person's file."""
    answer = kinds.answer_of(board, line)
    if answer == "household":
        ask, to_file = partial(ctx.go, "households", line.subject), partial(ctx.go, "ledger")
        return of_line(line, board.agenda.people, ask, to_file)
    if answer in ("held", "vacancy", "assigned"):
        return ((t(f"way_{answer}"), lambda: enter(line)),)
    return ()
