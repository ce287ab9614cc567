"""The measures of a plan: a table whose dates are never overwritten, and what can be done to each line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QMenu, QWidget

from jobdesk.cases import schema
from jobdesk.host import code_lists
from jobdesk.services.case_files import CaseFile
from jobdesk.services.planning import finish_measure, move_measure
from jobdesk.ui.case_words import Words, label, record_name, t
from jobdesk.ui.casefile.ask import Ask, ask_to_withdraw, reason_field
from jobdesk.ui.casefile.editors import DateEditor
from jobdesk.ui.casefile.page import Tools, mark_chip
from jobdesk.ui.casefile.plan_state import MeasureLine
from jobdesk.ui.casefile.record_state import origin_marks
from jobdesk.ui.kit import (
    Choice,
    DropDown,
    Field,
    IconButton,
    Text,
    TextArea,
    clear,
    column,
    frame,
    row,
    rule,
)
from jobdesk.ui.kit.chips import BlankChip

_WIDTHS = (74, 72, 96, 30)
"""Of 责任人, 期限, 状态 and the menu, in pixels; the measure itself takes the rest."""


class MeasureTable(QFrame):
    """Measures in the order in which they were written down.

    Args:
        edit: opens the correction of a measure by its id.
    """

    def __init__(self, tools: Tools, edit: Callable[[str], None]) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._tools, self._edit = tools, edit
        self._rows = column(gap=0)
        self.setLayout(column(self._rows, gap=0, pad=(12, 4, 8, 4)))

    def show_measures(
        self, lines: tuple[MeasureLine, ...], file: CaseFile, words: Words, fixed: bool
    ) -> None:
        """Show a plan's measures; ``fixed`` for an old version, which is only read."""
        clear(self._rows)
        head = [Text(label("measure", n), "caption", "ink_2") for n in ("what", "owner", "due", "state")]
        self._rows.addWidget(_line(head[0], head[1], head[2], head[3], None, 5))
        for line in lines:
            self._rows.addWidget(rule())
            self._rows.addWidget(_MeasureRow(self._tools, line, file, words, fixed, self._edit))
        if not lines:
            self._rows.addWidget(rule())
            self._rows.addWidget(Text(t("none_measure"), "caption", "ink_2", wrap=True))


def _line(
    what: QWidget, owner: QWidget, due: QWidget, state: QWidget, act: QWidget | None, pad: int
) -> QWidget:
    cells: list[QWidget] = []
    for part, width in zip((owner, due, state, act), _WIDTHS, strict=True):
        wraps = isinstance(part, Text) and part.wordWrap()
        inside = row((part, 1)) if part is not None and wraps else row(*([part] if part else []), None, gap=0)
        cell = frame(inside)
        cell.setFixedWidth(width)
        cells.append(cell)
    first = row((what, 1)) if isinstance(what, Text) else row(what, None)
    return frame(row((first, 1), *cells, gap=10, pad=(0, pad, 0, pad)))


class _MeasureRow(QWidget):
    def __init__(
        self,
        tools: Tools,
        line: MeasureLine,
        file: CaseFile,
        words: Words,
        fixed: bool,
        edit: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._tools, self._measure, self._file, self._words, self._edit = tools, line, file, words, edit
        what = Text(line.what, wrap=True) if line.what else BlankChip(t("blank"))
        owner = Text(line.owner, tone="ink_2", wrap=True) if line.owner else BlankChip(t("blank"))
        due: QWidget = BlankChip(t("blank"))
        if line.due:
            due = Text(line.due, tone="bad" if line.late else "ink_2")
            due.setToolTip(t("measure_late") if line.late else "")
        tone = "ok" if line.done else "accent" if line.is_open else "ink_3"
        state: QWidget = Text(line.state, tone=tone, wrap=True) if line.state else BlankChip(t("blank"))
        act = None
        if not fixed:
            act = IconButton("more", t("measure_menu", what=line.what), on_click=self._open)
            self._button = act
        self._place = column(gap=4)
        parts: list[QWidget] = []
        if line.tail:
            parts.append(Text(line.tail, "caption", "ink_2", wrap=True))
        parts += [mark_chip(m.words, m.look) for m in origin_marks(line.held, file)]
        self.setLayout(
            column(_line(what, owner, due, state, act, 6), *parts, self._place, gap=0, pad=(0, 0, 0, 4))
        )

    def _open(self) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        entries: list[tuple[str, Callable[[], None]]] = []
        if self._measure.is_open:
            entries += [(t("measure_finish"), self._ask_finish), (t("measure_move"), self._ask_move)]
        entries += [(t("correct"), self._correct), (t("withdraw"), self._ask_withdraw)]
        for words, call in entries:
            menu.addAction(words).triggered.connect(call)
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def _correct(self) -> None:
        self._edit(self._measure.held.record.id)

    def _ask_finish(self) -> None:
        ctx, held = self._tools.ctx, self._measure.held
        codes = ("done", "offered", "running", "dropped")
        table = code_lists.table("measure_state")
        state = DropDown([Choice(c, table.name_of(c)) for c in codes], "done")
        day = DateEditor(_declared("done_on"), "")
        day.set_value(ctx.desk.today.isoformat())
        result = TextArea(lines=1)
        fields = [
            Field(label("measure", "state"), state, label_width=64),
            Field(label("measure", "done_on"), day, label_width=64),
            Field(label("measure", "result"), result, label_width=64),
        ]

        def answer() -> None:
            chosen = state.value()
            on = str(day.value() or "") if chosen in ("done", "dropped") else ""
            if chosen == "dropped" and not result.value():
                fields[2].set_problem(t("reason_needed"))
                return
            future = finish_measure(ctx.desk, held.case_id, held.record, on, result.value(), chosen)
            ctx.save(future, self, t("saved_record", what=record_name("measure")), lambda _c: ask.close_ask())

        ask = Ask(t("measure_finish"), "", fields, t("save"), answer)
        self._show(ask)

    def _ask_move(self) -> None:
        ctx, held = self._tools.ctx, self._measure.held
        day = DateEditor(_declared("due"), "")
        day_field = Field(t("measure_new_due"), day, needed=True, label_width=64)
        day_field.setFocusProxy(day)
        reason, reason_line = reason_field()

        def answer() -> None:
            due = day.value()
            late = not isinstance(due, str) or not day.readable or due <= ctx.desk.today.isoformat()
            day_field.set_problem(t("measure_due_later") if late else None)
            reason_line.set_problem(None if reason.value() else t("reason_needed"))
            if late or not reason.value():
                return
            future = move_measure(ctx.desk, held.case_id, held.record, str(due), reason.value())
            ctx.save(future, self, t("measure_moved"), lambda _c: ask.close_ask())

        ask = Ask(
            t("measure_move"), t("measure_move_more"), [day_field, reason_line], t("measure_move"), answer
        )
        self._show(ask)

    def _ask_withdraw(self) -> None:
        held = self._measure.held
        key = ("measure", held.record.id)
        self._show(ask_to_withdraw(self._tools.ctx, self._words, held.case_id, [key], record_name("measure")))

    def _show(self, ask: Ask) -> None:
        clear(self._place)
        self._place.addLayout(row((ask, 1)))


def _declared(name: str) -> schema.Field:
    found = schema.field("measure", name)
    assert found is not None
    return found
