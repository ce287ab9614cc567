"""Taking posts in from pasted cells or a file: what would come is said first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QListWidget

from jobdesk.cases.errors import BadInput
from jobdesk.services.vacancy_import import PostsRead, add_posts, read_posts
from jobdesk.store.station_file import Changes
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.kit import Button, Text, TextArea, column, row
from jobdesk.ui.signals import BareSignal, bare_signal
from jobdesk.ui.vacancies.state import t


class TakingCard(QFrame):
    """Paste or choose a file, look, take.

    Signals:
        done: taken, or put away.
    """

    done: BareSignal = bare_signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self.ctx = ctx
        self._asked = 0
        self.found: PostsRead | None = None
        self.box = TextArea(placeholder=t("paste_hint"), lines=6, most=10)
        self.said = Text("", tone="ink_2", wrap=True)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.take = Button(t("take", count=0), "primary", on_click=self.take_them)
        choose = Button(t("choose_file"), icon="file", on_click=self._choose)
        cancel = Button(f"{t('cancel')}  Esc", "bare", on_click=self.done.emit)
        self.setLayout(
            column(
                Text(t("take_title"), "title"),
                Text(t("take_note"), "caption", "ink_2", wrap=True),
                self.box,
                row(choose, None),
                self.said,
                (self.list, 1),
                row(self.take, cancel, None),
                gap=10,
                pad=(18, 16, 18, 14),
            )
        )
        self.box.typed.connect(lambda _t: self._read_pasted())

    def begin(self) -> None:
        """Empty."""
        self.box.set_value("")
        self._show(None)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_pasted(self) -> None:
        typed = self.box.toPlainText()
        if typed.strip():
            self.read(typed)
        else:
            self._show(None)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, t("choose_file"), "", t("file_kinds"))
        if chosen:
            self.read(Path(chosen))

    def read(self, source: str | Path) -> None:
        """Look what a file or a pasted text holds."""
        self._asked += 1
        asked = self._asked

        def found(posts: PostsRead) -> None:
            if asked == self._asked:
                self._show(posts)

        def failed(error: Exception) -> None:
            if asked != self._asked:
                return
            self._show(None)
            if isinstance(error, BadInput):
                self.said.set_text(t("no_posts"), "bad")
            else:
                self.ctx.hub.trouble.emit(error)

        self.ctx.ask(read_posts(self.ctx.desk, source), self, found, failed)

    def _show(self, found: PostsRead | None) -> None:
        self.found = found
        fresh = found.fresh if found else ()
        self.list.clear()
        for values in fresh[:200]:
            parts = (values.get(n) for n in ("unit", "post", "pay", "place"))
            self.list.addItem(" ".join(str(p) for p in parts if p))
        self.list.setVisible(bool(fresh))
        self.take.set_text(t("take", count=len(fresh)))
        self.take.setEnabled(bool(fresh))
        said = ""
        if found is not None:
            said = t("would", fresh=len(fresh), known=found.known, incomplete=found.incomplete)
        self.said.set_text(said, "ink_2")

    def take_them(self) -> None:
        """Write them down."""
        found = self.found
        if found is None or not found.fresh:
            return
        self.take.setEnabled(False)

        def taken(changes: list[Changes]) -> None:
            for one in changes[:-1]:
                self.ctx.hub.changed.emit(Changed(frozenset(s.id for s in one.subjects)))
            said = t("taken", count=len(found.fresh))
            if len(changes) == 1:
                self.ctx.announce(changes[-1], said)
            else:
                self.ctx.announce(changes[-1], "")
                self.ctx.hub.notice.emit(Notice(said))
            self.done.emit()

        self.ctx.ask(add_posts(self.ctx.desk, found.fresh), self, taken)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)
