"""脱敏: on unless somebody gives a reason, which is logged first; a station can forbid it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from jobdesk.cases.errors import Refused
from jobdesk.host.strings import text
from jobdesk.services.printing import allow_unmasked
from jobdesk.ui.month.desk import MonthDesk
from jobdesk.ui.month.state import t


class Unmasking(QObject):
    """The switch and the reason below it.

    Attributes:
        masked: what the paper in sight is.
        reason: why it is not masked; goes with every print and file of it.
    """

    def __init__(self, screen: MonthDesk) -> None:
        super().__init__(screen.view)
        self._screen = screen
        self.masked = True
        self.reason = ""
        view = screen.view
        view.masked.toggled.connect(self._toggled)
        view.reason_go.clicked.connect(lambda _c=False: self._go())
        view.reason_stop.clicked.connect(lambda _c=False: self._keep())
        view.reason.returnPressed.connect(self._go)

    def show(self) -> None:
        """The switch as it stands, and what it means."""
        view = self._screen.view
        self._set_switch(self.masked)
        forbidden = self._screen.forbidden
        view.masked.setEnabled(not forbidden or not self.masked)
        view.masked.setToolTip(t("masked_forbidden") if forbidden else "")
        key = "masked_forbidden" if forbidden else "masked_note" if self.masked else "unmasked_note"
        view.masked_note.set_text(t(key), "ink_2" if self.masked else "warn")

    def mask_again(self) -> None:
        """Another period begins masked."""
        self.masked, self.reason = True, ""
        self._screen.view.reason_box.hide()

    def _set_switch(self, on: bool) -> None:
        switch = self._screen.view.masked
        switch.blockSignals(True)
        switch.setChecked(on)
        switch.blockSignals(False)
        switch.update()

    def _toggled(self, on: bool) -> None:
        view = self._screen.view
        if on:
            view.reason_box.hide()
            if not self.masked:
                self.mask_again()
                self._screen.reload()
            return
        if self._screen.forbidden:
            self._set_switch(True)
            self._screen.say("refusal", text("error.unmasked_forbidden"))
            return
        self._set_switch(True)
        view.reason_problem.hide()
        view.reason.set_value("")
        view.reason_box.show()
        view.reason.setFocus()

    def _keep(self) -> None:
        self._screen.view.reason_box.hide()
        self._set_switch(True)

    def _go(self) -> None:
        view, screen = self._screen.view, self._screen
        reason = view.reason.value().strip()
        if not reason:
            view.reason_problem.setText(text("error.unmasked_reason_needed"))
            view.reason_problem.show()
            view.reason.setFocus()
            return
        count = screen.shown.sheets if screen.shown else 0

        def logged(_: None) -> None:
            self.masked, self.reason = False, reason
            view.reason_box.hide()
            screen.reload()

        def failed(error: Exception) -> None:
            if not isinstance(error, Refused):
                screen.ctx.hub.trouble.emit(error)
                return
            view.reason_box.hide()
            screen.forbidden = error.code == "unmasked_forbidden"
            self.show()
            screen.say("refusal", text(f"error.{error.code}"))

        screen.ctx.ask(allow_unmasked(screen.ctx.desk, count, reason), self, logged, failed)
