"""The side of 今日 for 转交: to whom; Ctrl+Enter hands over, Esc goes back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from jobdesk.host.strings import text
from jobdesk.services.staffing import StaffMember
from jobdesk.ui import shortcuts
from jobdesk.ui.kit import Button, Choice, DropDown, Field, Text, column, row
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal
from jobdesk.ui.today.words import t


class HandOverCard(QFrame):
    """Who takes the person over.

    Signals:
        handed: the staff id. cancelled: Esc or 取消.
    """

    handed: TypedSignal[str] = signal()
    cancelled: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.what = Text("", tone="ink_2", wrap=True)
        self.now = Text("", "caption", "ink_2", wrap=True)
        self.staff = DropDown((), nothing=t("hand_over_nobody"))
        self.field = Field(t("hand_over_to"), self.staff, label_width=72, needed=True)
        save = Button(f"{t('hand_over_save')}  {shortcuts.SAVE.keys}", "primary", on_click=self.save)
        cancel = Button(f"{text('service.cancel')}  Esc", "bare", on_click=self.cancelled.emit)
        shortcuts.bind(self, shortcuts.SAVE.keys, self.save, window=False)
        self.setLayout(
            column(
                Text(t("hand_over_title"), "title"), self.what, self.now, self.field,
                Text(t("hand_over_note"), "caption", "ink_2", wrap=True), row(save, cancel, None), None,
                gap=12, pad=(18, 16, 18, 16),
            )
        )  # fmt: skip

    def begin(self, what: str, owner: str, staff: Sequence[StaffMember]) -> None:
        """For a line; ``owner`` is the staff id of who has it now."""
        names = {s.id: s.name for s in staff}
        self.what.set_text(what)
        self.now.set_text(t("hand_over_now", who=names.get(owner, "")) if owner in names else "")
        self.now.setVisible(owner in names)
        self.staff.set_options([Choice(s.id, s.name) for s in staff if s.is_active and s.id != owner], "")
        self.field.set_problem(None)
        self.staff.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Check and tell."""
        chosen = self.staff.value()
        self.field.set_problem(None if chosen else t("hand_over_needs"))
        if chosen:
            self.handed.emit(chosen)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
