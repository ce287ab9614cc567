"""这里还有没保存的内容: what was typed about somebody whose file has no form here, to copy or to let go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import QWidget

from jobdesk.services.drafting import drop_draft, keep_draft
from jobdesk.ui.case_words import t
from jobdesk.ui.casefile.revealing import Looks
from jobdesk.ui.casefile.unsaved import Unsaved
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.kit import Button, Card, Text, clear, column, flow, row, rule
from jobdesk.ui.signals import BareSignal, bare_signal


class UnsavedCard(QWidget):
    """Out of sight where nothing was typed.

    Signals:
        changed: a draft was let go, or is back after that; what is left is to be read anew.
    """

    changed: BareSignal = bare_signal()

    def __init__(self, ctx: Context, looks: Looks) -> None:
        super().__init__()
        self._ctx, self._looks = ctx, looks
        self._list = column(gap=10)
        more = Text(t("unsaved_more"), "caption", "ink_2", wrap=True)
        self.setLayout(column(Card(column(more, self._list, gap=10), title=t("unsaved"))))
        self.rows: list[UnsavedRow] = []
        self._masked = False
        self.hide()

    def show_unsaved(self, found: Sequence[Unsaved], *, masked: bool = False) -> None:
        """These in place of those before.

        Args:
            masked: a setting says that nothing leaves the program unmasked.
        """
        if [r.unsaved for r in self.rows] == list(found) and self._masked == masked:
            return
        self._masked = masked
        held = self.isAncestorOf(self.window().focusWidget() or self)
        clear(self._list)
        self.rows = [UnsavedRow(self._ctx, self._looks, one, masked) for one in found]
        for number, one in enumerate(self.rows):
            if number:
                self._list.addWidget(rule())
            one.drop.clicked.connect(lambda _checked=False, u=one.unsaved: self._drop(u))
            self._list.addWidget(one)
        self.setVisible(bool(found))
        if held and self.rows:  # else the cursor would fall to the search box with the button it stood on
            self.rows[0].copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, unsaved: Unsaved) -> None:
        """Let go at once; the toast brings it back."""
        ctx, draft = self._ctx, unsaved.draft

        def back() -> None:
            ctx.ask(keep_draft(ctx.desk, draft.key, draft.body), self, lambda _none: self.changed.emit())

        def dropped(_none: None) -> None:
            ctx.hub.notice.emit(Notice(t("unsaved_dropped", what=unsaved.title), back))
            self.changed.emit()

        ctx.ask(drop_draft(ctx.desk, draft.key), self, dropped)


class UnsavedRow(QWidget):
    """One draft with its values and what can be done with them."""

    def __init__(self, ctx: Context, looks: Looks, unsaved: Unsaved, masked: bool) -> None:
        super().__init__()
        self._ctx, self._looks, self._masked = ctx, looks, masked
        self.unsaved = unsaved
        self.values = [Text("", wrap=True, selectable=True) for _ in unsaved.values]
        lines = column(gap=4)
        for said, value in zip(self.values, unsaved.values, strict=True):
            name = Text(value.label, "caption", "ink_3")
            line = row(name, (said, 1), gap=8)
            line.setAlignment(name, Qt.AlignmentFlag.AlignTop)
            lines.addLayout(line)
        self.copy = Button(t("unsaved_copy"), icon="copy", on_click=self._copy)
        self.eye = Button(t("reveal"), "bare", icon="eye", on_click=self._reveal)
        self.drop = Button(t("unsaved_drop"), "bare")
        for button in (self.copy, self.eye, self.drop):
            button.setAccessibleName(t("unsaved_button", do=button.accessibleName(), what=unsaved.title))
        title = Text(unsaved.title, bold=True, wrap=True)
        head = row((title, 1), Text(unsaved.kept, "caption", "ink_2"), gap=8)
        buttons = flow(self.copy, self.eye, self.drop, gap=8)
        self.setLayout(column(head, lines, buttons, gap=8))
        self._say(revealed=False)

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Out of sight, what was revealed is hidden again."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._say(revealed=False)

    def _say(self, *, revealed: bool) -> None:
        for said, value in zip(self.values, self.unsaved.values, strict=True):
            words = value.whole if revealed else value.shown
            said.setText(words)
            said.setAccessibleName(t("pair", label=value.label, value=words))
        self.eye.setVisible(bool(self.unsaved.veiled) and not revealed)

    def _reveal(self) -> None:
        def shown() -> None:
            if self.isVisible():
                held = self.eye.hasFocus()
                self._say(revealed=True)
                if held:
                    self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

        self._look(self.unsaved.veiled, shown)

    def _copy(self) -> None:
        """The whole values, which nobody has elsewhere, once the looks stand in the access log."""
        if self._masked:
            self._to_clipboard()
        else:
            self._look(self.unsaved.veiled, self._to_clipboard)

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self.unsaved.copied(masked=self._masked))
        less = self._masked and bool(self.unsaved.veiled)
        self._ctx.hub.notice.emit(Notice(t("unsaved_copied_masked" if less else "unsaved_copied")))

    def _look(self, fields: Sequence[str], then: Callable[[], object]) -> None:
        """One look after the other; nothing is seen before the last stands."""
        if not fields:
            then()
            return
        self._looks.ask(fields[0], lambda: self._look(fields[1:], then))
