"""选表 and 对列 while a file is open: what the clerk has said so far, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from jobdesk.host.strings import text
from jobdesk.services.importing.columns import Plan
from jobdesk.ui.importing.matching import MatchPage
from jobdesk.ui.importing.reading import Reading
from jobdesk.ui.importing.samples import samples
from jobdesk.ui.importing.sheets import SheetsPage
from jobdesk.ui.importing.state import sheet_line


class Choosing(QObject):
    """Holds the file that is open.

    Args:
        changed: called when what stands in the way of the preview may have changed.
    """

    def __init__(self, sheets: SheetsPage, match: MatchPage, changed: Callable[[], object]) -> None:
        super().__init__(match)
        self.sheets, self.match, self._changed = sheets, match, changed
        self.reading: Reading | None = None
        self._sheet = 0
        sheets.chosen.connect(self._sheets_chosen)
        match.target_chosen.connect(self._target_chosen)
        match.paper_chosen.connect(self._paper_chosen)
        match.sheet_chosen.connect(self._sheet_chosen)

    def take(self, reading: Reading | None) -> None:
        """Another file, the same read anew, or none."""
        if reading is None or self.reading is None or reading.source != self.reading.source:
            self._sheet = 0
        self.reading = reading

    @property
    def plans(self) -> list[Plan]:
        """The plans of the sheets that stay."""
        return self.reading.plans if self.reading is not None else []

    def obstacle(self) -> str:
        """What has to be settled before 预览; empty when nothing is."""
        for plan in self.plans:
            if plan.kind == "case" and plan.column_of("case.name") is None:
                return text("import_ui.match_no_name")
            if plan.questions:
                return text("import_ui.question_needed", column=plan.questions[0].column.leaf)
        return ""

    def line(self) -> str:
        """The second line of the heading."""
        plans = self.plans
        if len(plans) > 1:
            people = sum(len(plan.table.rows) for plan in plans)
            return text("import_ui.file_line", sheets=len(plans), count=people)
        return sheet_line(plans[0]) if plans else ""

    def show_sheets(self) -> None:
        """Fill 选表."""
        found = self.reading
        if found is not None:
            self.sheets.show_sheets(found.everything, found.file.passed_over, tuple(found.left_out))

    def show_match(self) -> None:
        """Fill 对列."""
        found, plan = self.reading, self._plan()
        if found is not None and plan is not None:
            shown = samples(found.file, plan.table.sheet.name)
            self.match.show_plan(found.plans, self._sheet, shown, self.obstacle())
        self._changed()

    # ---- parts

    def _plan(self) -> Plan | None:
        plans = self.plans
        self._sheet = min(self._sheet, max(0, len(plans) - 1))
        return plans[self._sheet] if plans else None

    def _sheets_chosen(self, names: tuple[str, ...]) -> None:
        if self.reading is not None:
            everything = {plan.table.sheet.name for plan in self.reading.everything}
            self.reading = replace(self.reading, left_out=frozenset(everything - set(names)))
            self._changed()

    def _target_chosen(self, choice: tuple[int, str]) -> None:
        plan = self._plan()
        if plan is not None:
            self._replace(plan.choose(choice[0], choice[1] or None))

    def _paper_chosen(self, choice: tuple[int, str]) -> None:
        plan = self._plan()
        if plan is None:
            return
        at, paper = choice
        changed = plan.choose_paper(at, paper)
        if not paper:
            guesses = (replace(g, question=True) if g.column.index == at else g for g in changed.guesses)
            changed = replace(changed, guesses=tuple(guesses))
        self._replace(changed)

    def _sheet_chosen(self, number: int) -> None:
        self._sheet = number
        self.show_match()

    def _replace(self, plan: Plan) -> None:
        if self.reading is not None:
            self.reading = self.reading.with_plan(plan)
            self.show_match()
