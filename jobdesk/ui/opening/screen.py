"""The station file is there and does not open: the recovery code, the holder, a restore, or try again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QListWidgetItem, QVBoxLayout, QWidget

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import BadInput, JobdeskError, Trouble
from jobdesk.host.paths import StationPaths
from jobdesk.services.first_start import Returned, open_once_with_code, restore_here
from jobdesk.services.session import Session
from jobdesk.store.manifest import BackupInfo, list_backups
from jobdesk.ui.kit import Banner, Button, clear
from jobdesk.ui.notices import words_of
from jobdesk.ui.opening.state import (
    Way,
    backup_line,
    groups_said,
    holder_of,
    restored_said,
    slip_said,
    t,
    title_of,
    way_of,
)
from jobdesk.ui.opening.view import OpeningView
from jobdesk.ui.tasks import Tasks


class OpeningScreen(QWidget):
    """Shown alone.

    Args:
        error: why the file did not open.
        opened: takes the session once there is one.
        retry: tries the usual way again (the other window was closed, the stick is back).
        key_file: the way in named on the command line; the credential store is then never touched.
    """

    def __init__(
        self, error: JobdeskError, paths: StationPaths, clock: Clock, tasks: Tasks,
        opened: Callable[[Session], object], retry: Callable[[], object], key_file: Path | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._paths, self._clock, self._tasks = paths, clock, tasks
        self._opened, self._retry, self._key_file = opened, retry, key_file
        self._work = ThreadPoolExecutor(1, "opening")
        self._error = error
        self._busy = False
        self.at: Way = "other"
        self.view = OpeningView(str(paths.data))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        self._wire()
        self.show_error(error)

    def _wire(self) -> None:
        view = self.view
        view.code.line.typed.connect(self._check_code)
        view.damaged.line.typed.connect(self._check_damaged_code)
        view.code.go.clicked.connect(lambda _c=False: self._open())
        view.code.line.returnPressed.connect(self._open)
        view.damaged.go.clicked.connect(lambda _c=False: self._restore())
        view.damaged.choose.clicked.connect(lambda _c=False: self._choose_backup())
        view.damaged.journal_choose.clicked.connect(lambda _c=False: self._choose_journal())
        view.retry.clicked.connect(lambda _c=False: self._retry())
        view.use_code.clicked.connect(lambda _c=False: self.show_way("code"))
        view.use_backup.clicked.connect(lambda _c=False: self.show_way("damaged"))

    def show_error(self, error: JobdeskError) -> None:
        """The way this error asks for, in its words."""
        self._error = error
        way = way_of(error)
        if way == "locked":
            self.view.locked.heading.note.set_text(t("locked_note", holder=holder_of(error)))
        elif way == "other":
            words = words_of(error)
            self.view.other.heading.note.set_text(" ".join(w for w in (words.sentence, words.more) if w))
        elif error.code != "no_slot_for_account":
            self._say(error)
        self.show_way(way)

    def show_way(self, way: Way) -> None:
        """Show one of the forms; the others stay at the foot."""
        self.at = way
        view = self.view
        view.retry.setVisible(way in ("locked", "other"))
        view.use_code.setVisible(way == "other")
        view.use_backup.setVisible(way in ("code", "other"))
        view.code.go.setEnabled(way == "code")
        view.damaged.go.setEnabled(way == "damaged")
        for name, form in view.forms.items():
            form.setVisible(name == way)
        self.setAccessibleName(title_of(way))
        focus = {
            "code": view.code.line,
            "locked": view.retry,
            "other": view.retry,
            "damaged": view.damaged.backups,
        }
        focus[way].setFocus()
        if way == "damaged" and view.damaged.backups.count() == 0:
            self._look_for_backups()

    # ---- code

    def _check_code(self, typed: str) -> None:
        self.view.code.field.set_problem(groups_said(typed))

    def _check_damaged_code(self, typed: str) -> None:
        self.view.damaged.field.set_problem(groups_said(typed))

    def _open(self) -> None:
        code = self.view.code.line.value()
        if not code:
            self.view.code.field.set_problem(t("code_need"))
            return
        if self._busy:
            return
        self._begin(self.view.code.go, "code_working")
        paths, clock, key_file = self._paths, self._clock, self._key_file
        future = self._work.submit(lambda: open_once_with_code(paths, code, clock, key_file))
        self._tasks.deliver(future, owner=self, done=self._opened, failed=self._code_failed)

    def _code_failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, JobdeskError) and way_of(error) in ("locked", "damaged"):
            self.show_error(error)
            return
        slip = slip_said(error) if isinstance(error, BadInput) else ""
        if slip or isinstance(error, BadInput):
            self.view.code.field.set_problem(slip or words_of(error).sentence)
            self.view.code.line.setFocus()
            return
        self._fail(error)

    # ---- restore

    def _look_for_backups(self) -> None:
        folders = dict.fromkeys((self._paths.backups, self._paths.local_backups))

        def job() -> list[BackupInfo]:
            found: list[BackupInfo] = []
            for folder in folders:
                try:
                    found += list_backups(folder)
                except Trouble:
                    continue  # the other folder may answer; choosing a file by hand stays open
            return sorted(found, key=lambda b: (b.created_ms, b.serial), reverse=True)

        self._tasks.deliver(self._work.submit(job), owner=self, done=self._found, failed=self._fail)

    def _found(self, found: list[BackupInfo]) -> None:
        form = self.view.damaged
        for info in found:
            self._offer(info.path, backup_line(info).said)
        form.backups.setCurrentRow(0)
        form.backups.setVisible(bool(found))
        form.nothing.setVisible(not found)
        if self._paths.journal.is_dir():
            form.journal_line.set_value(str(self._paths.journal))

    def _offer(self, path: Path, said: str) -> QListWidgetItem:
        item = QListWidgetItem(said)
        item.setData(Qt.ItemDataRole.UserRole, str(path))
        item.setToolTip(str(path))
        self.view.damaged.backups.addItem(item)
        return item

    def _choose_backup(self) -> None:
        found, _ = QFileDialog.getOpenFileName(self, t("damaged_choose"), str(self._paths.backups))
        if found:
            self.take_backup(Path(found))

    def take_backup(self, path: Path) -> None:
        """Offer a backup from elsewhere and choose it."""
        form = self.view.damaged
        form.backups.setCurrentItem(self._offer(path, str(path)))
        form.backups.show()
        form.nothing.hide()

    def _choose_journal(self) -> None:
        found = QFileDialog.getExistingDirectory(self, t("damaged_journal"), str(self._paths.journal))
        if found:
            self.view.damaged.journal_line.set_value(found)

    def _restore(self) -> None:
        form = self.view.damaged
        item = form.backups.currentItem() if form.backups.count() else None
        if item is None:
            clear(self.view.notices)
            self.view.notices.addWidget(Banner("problem", t("damaged_need_backup")))
            return
        if self._busy:
            return
        backup = Path(str(item.data(Qt.ItemDataRole.UserRole)))
        journal = Path(form.journal_line.value()) if form.journal_line.value() else None
        code, paths, clock, key_file = form.line.value(), self._paths, self._clock, self._key_file
        self._begin(form.go, "damaged_working")
        future = self._work.submit(lambda: restore_here(paths, backup, journal, code, clock, key_file))
        self._tasks.deliver(future, owner=self, done=self._restored, failed=self._restore_failed)

    def _restored(self, back: Returned) -> None:
        self._busy = False
        said = restored_said(back)
        clear(self.view.notices)
        self.view.notices.addWidget(Banner("ok", said))
        enter = Button(t("enter"), "primary", on_click=lambda: self._opened(back.session))
        self.view.notices.addWidget(enter)
        self.view.pages.hide()
        self.view.retry.hide()
        enter.setFocus()

    def _restore_failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, BadInput) and slip_said(error):
            self.view.damaged.field.set_problem(slip_said(error))
            return
        self._fail(error)

    # ---- small

    def _begin(self, button: Button, words: str) -> None:
        self._busy = True
        button.setEnabled(False)
        clear(self.view.notices)
        self.view.notices.addWidget(Banner("info", t(words)))

    def _end(self) -> None:
        self._busy = False
        clear(self.view.notices)
        self.view.code.go.setEnabled(self.at == "code")
        self.view.damaged.go.setEnabled(self.at == "damaged")

    def _fail(self, error: Exception) -> None:
        self._say(error)
        if not isinstance(error, JobdeskError):
            raise error  # a bug of ours: the banner keeps the page usable, the report is written

    def _say(self, error: Exception) -> None:
        words = words_of(error)
        clear(self.view.notices)
        self.view.notices.addWidget(Banner(words.kind, words.sentence, more=words.more, closable=True))
