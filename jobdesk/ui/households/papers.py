"""Which paper of a household is to be looked at."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from jobdesk.reports.household_evidence import EVIDENCE
from jobdesk.reports.household_letters import ready
from jobdesk.reports.household_papers import FORM, LETTERS, LIST, PUBLICITY
from jobdesk.services.household_list import HouseholdWhole
from jobdesk.ui.households.state import t
from jobdesk.ui.kit import Button, IconButton, Text, clear, column, flow, row
from jobdesk.ui.signals import TypedSignal, signal


class HouseholdPapers(QFrame):
    """申请认定表, the letters that can be written by now, 公示, 认定名单.

    Signals:
        chosen: key of the paper.
    """

    chosen: TypedSignal[str] = signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "accent_soft")
        self._body = column(gap=8, pad=(14, 10, 14, 10))
        self.setLayout(self._body)
        self.hide()

    def offer(self, whole: HouseholdWhole) -> None:
        """Show what can be printed of this household; what cannot yet says why."""
        clear(self._body)
        close = IconButton("close", t("close"), on_click=self.hide)
        letters = [k for k in LETTERS if ready(whole, k)]
        kept = (EVIDENCE,) if whole.row.facts.root.get("snapshot") else ()
        keys = (FORM, *kept, *letters, PUBLICITY, LIST)
        buttons = {k: Button(t(f"paper_{k}"), icon="printer") for k in keys}
        for key, button in buttons.items():
            button.clicked.connect(lambda _c=False, k=key: self.chosen.emit(k))
        if not whole.row.facts.text("publicity_until"):
            buttons[PUBLICITY].refuse(t("no_publicity_yet"))
        self._body.addLayout(row(Text(t("papers"), bold=True), None, close))
        self._body.addWidget(flow(*buttons.values(), gap=8))
        self.show()
