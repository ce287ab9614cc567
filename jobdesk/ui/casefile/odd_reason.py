"""Beneath a form: why a fact that cannot be true beside the rest of the file is to stand all the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QFrame

from jobdesk.cases.problem import Problem
from jobdesk.ui.case_words import t
from jobdesk.ui.kit import Field, TextInput, column

LABEL = 84


class OddReason(QFrame):
    """Hidden until something is odd; then it asks once for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._input = TextInput()
        self._field = Field(t("odd_reason"), self._input, needed=True, label_width=LABEL, hint=t("odd_hint"))
        self.setLayout(column(self._field, gap=0))
        self.hide()

    @property
    def reason(self) -> str:
        return self._input.value().strip()

    def show_for(self, odd: Sequence[Problem]) -> None:
        self.setVisible(bool(odd))

    def answers(self, odd: Sequence[Problem]) -> bool:
        """True when nothing is odd or a reason stands; otherwise asks for it."""
        self.show_for(odd)
        good = not odd or bool(self.reason)
        self._field.set_problem(None if good else t("odd_reason_needed"))
        if not good:
            self._input.setFocus(Qt.FocusReason.OtherFocusReason)
        return good
