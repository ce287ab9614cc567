"""Wiring of the first-run page."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidgetItem, QVBoxLayout, QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.host.strings import text
from jobdesk.ui.first_run.state import (
    MOST_PLACES,
    FirstRunActions,
    Path,
    PlaceFound,
    RestoreAnswers,
    SetByUnit,
    Typed,
    answers_of,
    asked_groups,
    groups_of,
    problems_of,
    restore_problems,
    same_group,
)
from jobdesk.ui.first_run.view import FirstRunView, FolderEditor
from jobdesk.ui.kit import Banner, Button, Field, Text, TextInput, clear
from jobdesk.ui.notices import words_of
from jobdesk.ui.tasks import Tasks

_PAGES: tuple[Path, ...] = ("start", "code", "restore")
_ROW = 37


def _two_of(count: int) -> Sequence[int]:
    return random.SystemRandom().sample(range(count), 2)


class FirstRunScreen(QWidget):
    """The first page. Nothing is written before 建立; going back keeps what was typed.

    Args:
        sample: gives the two groups to ask back; tests set it.
        set_by_unit: what IT has decided; shown greyed.
    """

    def __init__(
        self, actions: FirstRunActions, tasks: Tasks, sample: Callable[[int], Sequence[int]] = _two_of,
        set_by_unit: SetByUnit | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._unit = set_by_unit or SetByUnit()
        self._actions, self._tasks, self._sample = actions, tasks, sample
        self._typed = Typed()
        self._code = ""
        self._asked = (0, 1)
        self._tried = False
        self.view = FirstRunView()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        self._wire_start()
        self._wire_code()
        self._wire_restore()
        self._show_set_by_unit()
        folder = "" if self._unit.second else actions.suggested_second_folder()
        if folder:
            self.view.start.folder_editor.line.set_value(folder)
            self._folder_left()
        self.show_page("start")

    def show_page(self, path: Path) -> None:
        """Show the form, the code or the restore."""
        self.view.pages.setCurrentIndex(_PAGES.index(path))
        self.view.stages.setVisible(path != "restore")
        self.view.stages.set_at(1 if path == "code" else 0)
        self.view.ways.setVisible(path != "code")
        clear(self.view.notices)
        # Only the button of the page in sight answers to Ctrl+Enter.
        for name, button in (
            ("start", self.view.start.next),
            ("code", self.view.code.make),
            ("restore", self.view.restore.restore),
        ):
            button.setEnabled(name == path)
        self._take_focus()

    def _take_focus(self) -> None:
        editors = (self.view.start.unit.editor, self.view.code.first.editor, self.view.restore.backup_editor)
        editors[self.view.pages.currentIndex()].setFocus()

    def showEvent(self, event: QShowEvent, /) -> None:
        """One types at once, whatever banner stands above the page."""
        super().showEvent(event)
        self._take_focus()

    # ---- start

    def _wire_start(self) -> None:
        start = self.view.start
        for field in (start.unit, start.community, start.clerk):
            _line(field).typed.connect(self._read_start)
        start.place_editor.line.typed.connect(self._search_place)
        start.place_editor.line.installEventFilter(self)
        start.place_editor.finds.itemActivated.connect(self._take_place)
        start.place_editor.finds.itemClicked.connect(self._take_place)
        start.folder_editor.line.left.connect(self._folder_left)
        start.folder_editor.browse.clicked.connect(
            lambda _checked=False: self._browse_folder(start.folder_editor, self._folder_left)
        )
        start.next.clicked.connect(lambda _checked=False: self._to_code())
        self.view.ways.restore.clicked.connect(lambda _checked=False: self.show_page("restore"))
        self.view.ways.practice.clicked.connect(lambda _checked=False: self._practice())

    def _show_set_by_unit(self) -> None:
        """Greyed, with the reason; what IT has decided is not asked and never in the way."""
        start, unit = self.view.start, self._unit
        if unit.place is not None:
            start.place_editor.line.typed.disconnect(self._search_place)
            start.place_editor.line.set_value(f"{unit.place.within}{unit.place.name}")
            start.place_editor.setEnabled(False)
            self._typed = replace(self._typed, place=unit.place)
            code = text("first_run.place_code", code=unit.place.code)
            start.place.set_hint(f"{text('policy.by_unit')}　{code}")
        elif unit.unlisted:
            start.place.set_hint(text("policy.station_unlisted", code=unit.unlisted))
        if unit.second:
            start.folder_editor.line.set_value(unit.second)
            start.folder_editor.setEnabled(False)
            state = self._actions.check_folder(unit.second)
            key = "second_hint" if state in ("good", "empty") else f"folder_{state}"
            later = "" if state in ("good", "empty", "same_disk") else text("policy.second_later")
            start.second.set_hint(f"{text('policy.by_unit')}　{later or text(f'first_run.{key}')}")

    def _read_start(self, _typed: str = "") -> None:
        start = self.view.start
        self._typed = replace(
            self._typed,
            unit=_line(start.unit).value(),
            community=_line(start.community).value(),
            clerk=_line(start.clerk).value(),
            second_folder="" if self._unit.second else start.folder_editor.line.value(),
        )
        if self._tried:
            self._show_problems(go_there=False)

    def _show_problems(self, go_there: bool) -> bool:
        problems = problems_of(self._typed)
        start = self.view.start
        fields = {"unit": start.unit, "place": start.place, "clerk": start.clerk, "second": start.second}
        for name, field in fields.items():
            field.set_problem(text(problems[name]) if name in problems else None)
        if problems and go_there:
            fields[next(iter(problems))].editor.setFocus()
        return bool(problems)

    def _search_place(self, typed: str) -> None:
        finds = self.view.start.place_editor.finds
        finds.clear()
        if self._typed.place is not None:
            self._typed = replace(self._typed, place=None)
            self.view.start.place.set_hint("")
        found = self._actions.find_places(typed.strip()) if typed.strip() else ()
        for place in found[:MOST_PLACES]:
            item = QListWidgetItem(f"{place.name}　{place.within}　{place.code}")
            item.setData(Qt.ItemDataRole.UserRole, place)
            finds.addItem(item)
        finds.setCurrentRow(0)
        finds.setVisible(bool(found))
        finds.setFixedHeight(min(max(len(found), 1), 5) * _ROW + 8)
        nothing = bool(typed.strip()) and not found
        self.view.start.place.set_problem(text("first_run.no_place") if nothing else None)

    def _take_place(self, item: QListWidgetItem) -> None:
        place = cast("PlaceFound", item.data(Qt.ItemDataRole.UserRole))
        editor = self.view.start.place_editor
        editor.line.set_value(f"{place.within}{place.name}")
        editor.finds.hide()
        self._typed = replace(self._typed, place=place)
        self.view.start.place.set_problem(None)
        self.view.start.place.set_hint(text("first_run.place_code", code=place.code))
        self.view.start.community.editor.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """↓ ↑ Enter in the place line move and take among the finds."""
        editor = self.view.start.place_editor
        if (
            watched is editor.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not editor.finds.isHidden()
            and not editor.line.composing
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            finds = editor.finds
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                finds.setCurrentRow(max(0, min(finds.currentRow() + step, finds.count() - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take_place(finds.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _folder_left(self) -> None:
        if self._unit.second:
            return
        folder = self.view.start.folder_editor.line.value()
        state = self._actions.check_folder(folder) if folder else "empty"
        self._typed = replace(self._typed, second_folder=folder, folder_state=state)
        bad = state in ("not_writable", "missing")
        self.view.start.second.set_problem(text(f"first_run.folder_{state}") if bad else None)
        hint = "second_hint" if state in ("good", "not_writable", "missing") else f"folder_{state}"
        self.view.start.second.set_hint(text(f"first_run.{hint}"))

    def _to_code(self) -> None:
        self._tried = True
        self._folder_left()
        self._read_start()
        if self._show_problems(go_there=True):
            return
        if not self._code:
            self._code = self._actions.new_recovery_code()
            self._show_code()
        self.show_page("code")

    # ---- code

    def _wire_code(self) -> None:
        code = self.view.code
        code.back.clicked.connect(lambda _checked=False: self.show_page("start"))
        code.print.clicked.connect(lambda _checked=False: self._print_code())
        code.make.clicked.connect(lambda _checked=False: self._create())
        for field in (code.first, code.second):
            _line(field).typed.connect(lambda _typed, one=field: one.set_problem(None))

    def _show_code(self) -> None:
        groups = groups_of(self._code)
        clear(self.view.code.grid)
        for number, group in enumerate(groups):
            cell = QWidget()
            name = Text(text("first_run.group", number=number + 1), "caption", "ink_3")
            value = Text(group, "title", selectable=True)
            value.setAccessibleName(" ".join(group))
            inner = QVBoxLayout(cell)
            inner.setContentsMargins(4, 2, 4, 2)
            inner.setSpacing(0)
            inner.addWidget(name)
            inner.addWidget(value)
            self.view.code.grid.addWidget(cell, number // 4, number % 4)
        self._asked = asked_groups(len(groups), self._sample)
        for field, number in zip((self.view.code.first, self.view.code.second), self._asked, strict=True):
            cast("QLabel", field.label).setText(text("first_run.group", number=number + 1))
            field.editor.setAccessibleName(text("first_run.group", number=number + 1))

    def _print_code(self) -> None:
        try:
            self._actions.print_recovery_code(self._code, answers_of(self._typed))
        except JobdeskError as error:
            self._say(error)
            return
        self.view.code.printed.set_text(text("first_run.printed"), "ok")

    def _create(self) -> None:
        groups = groups_of(self._code)
        wrong = False
        for field, number in zip((self.view.code.first, self.view.code.second), self._asked, strict=True):
            right = same_group(_line(field).value(), groups[number])
            field.set_problem(None if right else text("first_run.group_wrong"))
            wrong = wrong or not right
        if wrong:
            return
        self._busy(self.view.code.make, self.view.code.waiting, "first_run.creating")
        future = self._actions.create_station(answers_of(self._typed), self._code)
        self._tasks.deliver(
            future, owner=self, done=lambda _none: self._actions.finished(), failed=self._failed
        )

    # ---- restore and practice

    def _wire_restore(self) -> None:
        restore = self.view.restore
        restore.back.clicked.connect(lambda _checked=False: self.show_page("start"))
        restore.restore.clicked.connect(lambda _checked=False: self._restore())
        restore.backup_editor.browse.clicked.connect(lambda _checked=False: self._browse_backup())
        restore.journal_editor.browse.clicked.connect(
            lambda _checked=False: self._browse_folder(restore.journal_editor, None)
        )

    def _restore(self) -> None:
        view = self.view.restore
        answers = RestoreAnswers(
            view.backup_editor.line.value(), view.journal_editor.line.value(), _line(view.code).value()
        )
        problems = restore_problems(answers)
        view.backup.set_problem(text(problems["backup"]) if "backup" in problems else None)
        view.code.set_problem(text(problems["code"]) if "code" in problems else None)
        if problems:
            return
        self._busy(view.restore, view.waiting, "first_run.restoring")
        self._tasks.deliver(
            self._actions.restore(answers), owner=self, done=self._restored, failed=self._failed
        )

    def _restored(self, sentence: str) -> None:
        self._idle()
        self.view.restore.restore.setEnabled(False)
        banner = Banner("ok", text("first_run.restored"), more=sentence)
        clear(self.view.notices)
        self.view.notices.addWidget(banner)
        enter = Button(text("first_run.enter"), "primary", on_click=self._actions.finished)
        enter.setAutoDefault(True)  # Enter goes on: nothing else is left to do here
        self.view.notices.addWidget(enter)
        enter.setFocus()

    def _practice(self) -> None:
        self._busy(self.view.ways.practice, self.view.start.waiting, "first_run.practice_opening")
        self._tasks.deliver(
            self._actions.open_practice(), owner=self, done=lambda _none: self._actions.finished(),
            failed=self._failed,
        )  # fmt: skip

    # ---- small

    def _busy(self, button: Button, words: Text, key: str) -> None:
        button.setEnabled(False)
        words.set_text(text(key))
        clear(self.view.notices)

    def _idle(self) -> None:
        for words in (self.view.start.waiting, self.view.code.waiting, self.view.restore.waiting):
            words.set_text("")
        self.view.ways.practice.setEnabled(True)
        now = self.view.pages.currentIndex()
        (self.view.start.next, self.view.code.make, self.view.restore.restore)[now].setEnabled(True)

    def _failed(self, error: Exception) -> None:
        self._idle()
        self._say(error)
        if not isinstance(error, JobdeskError):
            raise error  # a bug of ours: the banner above keeps the page usable, the report is written

    def _say(self, error: Exception) -> None:
        words = words_of(error)
        clear(self.view.notices)
        self.view.notices.addWidget(Banner(words.kind, words.sentence, more=words.more, closable=True))

    def _browse_folder(self, editor: FolderEditor, then: Callable[[], object] | None) -> None:
        found = QFileDialog.getExistingDirectory(self, text("first_run.browse"), editor.line.value())
        if found:
            editor.line.set_value(found)
            if then is not None:
                then()

    def _browse_backup(self) -> None:
        found, _filter = QFileDialog.getOpenFileName(self, text("first_run.backup"))
        if found:
            self.view.restore.backup_editor.line.set_value(found)


def _line(field: Field) -> TextInput:
    return cast("TextInput", field.editor)
