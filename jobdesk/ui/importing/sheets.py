"""选表: the sheets found, where their header is, how many people, what was passed over as no person."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.host.strings import text
from jobdesk.services.importing.columns import Plan
from jobdesk.ui.importing.state import header_place, left_out_words
from jobdesk.ui.kit import Chip, Scroll, Text, Tick, clear, column, flow, frame, row
from jobdesk.ui.signals import TypedSignal, signal


class SheetsPage(QWidget):
    """Which sheets to take.

    Signals:
        chosen: names of the sheets that stay.
    """

    chosen: TypedSignal[tuple[str, ...]] = signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = Text("", "strong", wrap=True)
        self._list = column(gap=10)
        self._passed = Text("", "body", "ink_2", wrap=True)
        self._ticks: dict[str, Tick] = {}
        inner = frame(column(self.sentence, 4, self._list, self._passed, None, gap=8, pad=(0, 4, 8, 12)))
        inner.setMaximumWidth(980)
        self.setLayout(column((Scroll(row(None, (inner, 12), None)), 1)))

    def show_sheets(self, plans: Sequence[Plan], passed: Sequence[str], left_out: Sequence[str]) -> None:
        """All sheets with a header; those in ``left_out`` without a tick."""
        clear(self._list)
        self._ticks = {}
        self.sentence.setText(text("import_ui.sheets_sentence", count=len(plans)))
        for plan in plans:
            self._list.addWidget(self._card(plan, plan.table.sheet.name not in left_out))
        self._passed.setText(text("import_ui.sheet_passed", sheets="、".join(passed)) if passed else "")
        self._passed.setVisible(bool(passed))

    def taken(self) -> tuple[str, ...]:
        """Names of the sheets with a tick."""
        return tuple(name for name, tick in self._ticks.items() if tick.isChecked())

    def _ticked(self, _on: bool) -> None:
        self.chosen.emit(self.taken())

    def _card(self, plan: Plan, on: bool) -> QFrame:
        sheet = plan.table.sheet
        tick = Tick(sheet.name or text("import_ui.pasted_name"), on)
        tick.toggled.connect(self._ticked)
        self._ticks[sheet.name] = tick
        people = "import_ui.sheet_people" if plan.kind == "case" else "import_ui.sheet_posts"
        chips: list[QWidget] = [
            Chip(text(people, count=len(plan.table.rows)), "accent"),
            Chip(header_place(plan)),
        ]
        if plan.layout is not None:
            chips.append(Chip(text("import_ui.sheet_layout", layout=plan.layout.title)))
        if sheet.concealed:
            chips.append(Chip(text("import_ui.sheet_concealed"), "warn"))
        lines: list[QWidget] = []
        hidden = sum(1 for index in plan.table.rows if index in sheet.hidden_rows)
        if hidden:
            lines.append(Text(text("import_ui.sheet_hidden", count=hidden), "caption", "ink_2", wrap=True))
        left_out = left_out_words(plan)
        if left_out:
            lines.append(
                Text(text("import_ui.sheet_left_out", detail=left_out), "caption", "ink_2", wrap=True)
            )
        return frame(column(row(tick, None), flow(*chips), *lines, gap=6, pad=(16, 12, 16, 12)), "card")
