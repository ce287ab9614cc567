"""Pieces of the panel beside an import: the cell that is looked at, and cards one chooses from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QLayout, QRadioButton, QWidget

from jobdesk.host.strings import has, text
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.verdicts import Proposal
from jobdesk.ui import theme
from jobdesk.ui.importing.state import problem_words
from jobdesk.ui.kit import Icon, Text, column, frame, row


class Radio(QRadioButton):
    """Only the disc; the words stand beside it and choose it as well."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(20, 24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class ChoiceCard(QFrame):
    """A frame around a radio and its words; a click anywhere in it chooses."""

    def __init__(self, radio: QRadioButton, content: QLayout) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setLayout(content)
        self._radio = radio
        radio.toggled.connect(self._restyle)

    def _restyle(self, on: bool) -> None:
        self.setProperty("look", "card_on" if on else "card")
        theme.restyle(self)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self._radio.setChecked(True)


def source_words(proposal: Proposal) -> str:
    """与失业登记中同名同电话一致."""
    for key in (f"import.proposal.{proposal.source}_{proposal.by}", f"import.proposal.{proposal.source}"):
        if has(key):
            return text(key, **proposal.params)
    return proposal.source


def value_card(value: str, lost_count: int, problems: Sequence[Problem]) -> QWidget:
    """A cell as it stands; the last ``lost_count`` characters are not to be trusted. Its problems below."""
    parts: list[QWidget | QLayout] = []
    kept = value[: len(value) - lost_count]
    lost = value[len(kept) :]
    if value:
        first = Text(kept, "strong", wrap=not lost)
        line = row(first, Text(lost, "strong", "bad"), None, gap=0) if lost else row((first, 1), gap=0)
        parts.append(line)
    for problem in problems:
        parts.append(
            Text(
                problem_words(problem),
                "caption",
                "warn" if problem.holds else "ink_2",
                bold=problem.holds,
                wrap=True,
            )
        )
    doubtful = any(problem.holds for problem in problems)
    return frame(column(*parts, gap=1, pad=(12, 5, 12, 5)), "warn_soft" if doubtful else "soft")


def settled_card(words: str) -> QWidget:
    """What was said about the row already."""
    line = row(
        Icon("check", "ok", 16),
        (Text(text("import_ui.settled", words=words), "body", "ok", wrap=True), 1),
        gap=8,
        pad=(10, 8, 10, 8),
    )
    return frame(line, "ok_soft")
