"""The papers of a household: shown to be chosen, written as PDF, opened."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from jobdesk.services.household_list import HouseholdWhole
from jobdesk.ui.context import Context
from jobdesk.ui.households.state import t
from jobdesk.ui.kit import Button, IconButton, Text, clear, column, flow, row


class HouseholdPapers(QFrame):
    """申请认定表, 公示, 认定名单."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.setProperty("look", "accent_soft")
        self._ctx = ctx
        self._body = column(gap=8, pad=(14, 10, 14, 10))
        self.setLayout(self._body)
        self.hide()

    def offer(self, whole: HouseholdWhole) -> None:
        clear(self._body)
        close = IconButton("close", t("close"), on_click=self.put_away)
        self._body.addLayout(row(Text(t("papers"), bold=True), None, close))
        self._body.addWidget(flow(Button(t("close"))))
        self.show()

    def put_away(self) -> None:
        self.hide()
