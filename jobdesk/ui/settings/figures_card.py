"""Our own figures (自定): each a field that is read when it is left, with its source and a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtWidgets import QWidget

from jobdesk.cases.figures import Figure, Figures
from jobdesk.cases.ops import Json
from jobdesk.host import template_files
from jobdesk.services.settings import FIGURE
from jobdesk.ui.context import Context
from jobdesk.ui.kit import (
    Basis,
    Button,
    Card,
    Chip,
    ChipLook,
    Text,
    TextInput,
    basis_link,
    clear,
    column,
    frame,
    row,
    rule,
)
from jobdesk.ui.settings.state import figure_name, read_figure, source_said, status_look, t, unit_name

Save = Callable[[str, Json, str], None]


class FiguresCard(Card):
    """One line a figure. An emptied field gives the shipped number back."""

    def __init__(self, ctx: Context, save: Save) -> None:
        self.lines = column(gap=0)
        super().__init__(self.lines, title=t("figures_title"), note=t("figures_note"))
        self.ctx, self._save = ctx, save
        self.inputs: dict[str, TextInput] = {}
        self.problems: dict[str, Text] = {}
        self._shown: Figures | None = None

    def show_figures(self, figures: Figures) -> None:
        """Show these; the field that has the focus is not pulled away while nothing differs."""
        if self._shown is not None and self._shown.by_key == figures.by_key:
            return
        at = next((k for k, line in self.inputs.items() if line.hasFocus()), "")
        self._shown = figures
        clear(self.lines)
        self.inputs, self.problems = {}, {}
        for number, figure in enumerate(figures.by_key.values()):
            if number:
                self.lines.addWidget(rule())
            self.lines.addWidget(self._line(figure))
        if at in self.inputs:
            self.inputs[at].setFocus()

    def _line(self, figure: Figure) -> QWidget:
        shipped = template_files.figures()[figure.key]
        line = TextInput(str(figure.value), width=64)
        line.setAccessibleName(f"{figure_name(figure.key)} {unit_name(figure)}")
        line.left.connect(lambda: self._read(figure))
        problem = Text("", "caption", "bad", wrap=True)
        problem.hide()
        self.inputs[figure.key], self.problems[figure.key] = line, problem
        words, look = status_look(figure.status)
        basis = Basis(
            t("figure_basis", name=figure_name(figure.key), value=figure.value, unit=unit_name(figure)),
            "", source_said(figure.source), figure.status,
            ((t("figure_shipped"), f"{shipped.value} {unit_name(shipped)}"),),
        )  # fmt: skip
        parts: list[QWidget] = [Chip(words, cast(ChipLook, look)), basis_link(basis)]
        if figure.value != shipped.value:
            back = Button(t("figure_back", value=shipped.value), "link")
            back.clicked.connect(lambda _c=False: self._save(FIGURE + figure.key, None, t("rules_saved")))
            parts.append(back)
        name = Text(figure_name(figure.key), wrap=True)
        name.setFixedWidth(210)
        unit = Text(unit_name(figure), "body", "ink_2")
        unit.setFixedWidth(64)
        return frame(column(row(name, line, unit, *parts, None, gap=10), problem, gap=2, pad=(0, 7, 0, 7)))

    def _read(self, figure: Figure) -> None:
        line, problem = self.inputs[figure.key], self.problems[figure.key]
        value, wrong = read_figure(figure.key, line.value())
        problem.setText(wrong)
        problem.setVisible(bool(wrong))
        if wrong:
            return
        shipped = template_files.figures()[figure.key].value
        if value is None or value == shipped:
            if figure.value != shipped:
                self._save(FIGURE + figure.key, None, t("rules_saved"))
            else:
                line.set_value(str(shipped))
        elif value != figure.value:
            self._save(FIGURE + figure.key, value, t("rules_saved"))
