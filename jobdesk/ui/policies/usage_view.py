"""Months used of a subsidy as a bar, its end, both retirement dates, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from jobdesk.cases.rules.subsidy_ends import Usage
from jobdesk.host.strings import has, text
from jobdesk.ui import theme
from jobdesk.ui.kit import Basis, BlankChip, Button, Chip, Text, basis_link, column, flow, row
from jobdesk.ui.policies import words
from jobdesk.ui.policies.words import t


class MonthsBar(QWidget):
    """Used of limit; the part that is only possible (a start known to the year) is paler."""

    def __init__(self, low: int, high: int, limit: int) -> None:
        super().__init__()
        self._low, self._high, self._limit = low, high, max(1, limit)
        self.setFixedHeight(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(t("bar", used=high, limit=limit))

    def sizeHint(self) -> QSize:
        return QSize(200, 8)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor("transparent"))
        colours = theme.palette()
        over = self._low > self._limit
        near = self._high * 4 >= self._limit * 3
        tone = colours.tone("bad" if over else "warn" if near else "accent")
        for part, colour in (
            (1.0, colours.line),
            (min(1.0, self._high / self._limit), colours.tone("accent_soft")),
            (min(1.0, self._low / self._limit), tone),
        ):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(0, 0, self.width() * part, self.height()), 4, 4)


class UsageCard(QFrame):
    """One family of subsidies of a person.

    Args:
        whole: with the retirement dates and notes; they are the same for every family.
    """

    def __init__(
        self, usage: Usage, basis: Basis, after: Sequence[str], confirm: Callable[[], object] | None,
        *, whole: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "card")
        chips: list[QWidget] = [Chip(t("running" if usage.running else "ended"),
                                     "accent" if usage.running else "plain")]  # fmt: skip
        if usage.over:
            chips.append(Chip(t("over", months=usage.over), "bad"))
        if usage.unchecked:
            chips.append(BlankChip(text("basis.unchecked"), text("basis.unchecked_tip")))
        body = column(
            row((Text(words.family(usage), bold=True), 1), *chips, basis_link(basis), gap=8),
            gap=6, pad=(14, 10, 12, 12),
        )  # fmt: skip
        if usage.limit is not None and usage.ended_by != "retirement":
            body.addWidget(MonthsBar(usage.months.low, usage.months.high, usage.limit))
        body.addWidget(flow(Text(words.months(usage)), Text(words.end(usage), tone="ink_2"), gap=14))
        for line in words.retirement_lines(usage) if whole else ():
            body.addWidget(Text(line, "caption", "ink_2", wrap=True))
        for code in usage.notes if whole else ():
            if has(f"note.{code}"):
                body.addWidget(Text(text(f"note.{code}"), "caption", "warn", wrap=True))
        if confirm is not None:
            body.addLayout(row(Button(t("confirm_extension"), "link", icon="edit", on_click=confirm), None))
        if usage.running and after:
            body.addWidget(Text(t("after", what="；".join(after)), "caption", "ink_2", wrap=True))
        self.setLayout(body)
