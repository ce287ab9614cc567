"""What is done with the list: changes to many, taking it out, views and columns."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.errors import JobdeskError
from jobdesk.host.disk import disk_errors
from jobdesk.host.strings import has, text
from jobdesk.services import bulk
from jobdesk.services.exporting import Asked, read_for_export
from jobdesk.services.listing import Choices, Found, Rules
from jobdesk.services.views import SavedView, drop_view, save_view
from jobdesk.store.ledger import LedgerQuery
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.kit import Banner, Button, ProgressLine
from jobdesk.ui.ledger.bars import BulkAsked, BulkKind, OutAsked
from jobdesk.ui.ledger.columns_panel import ColumnsPanel, open_columns
from jobdesk.ui.ledger.out import Sheet, lines_for_clipboard, paper, sheet_of, workbook
from jobdesk.ui.ledger.state import USUAL, Look, built_in_views, columns
from jobdesk.ui.ledger.table import PeopleTable
from jobdesk.ui.ledger.view import LedgerView
from jobdesk.ui.saving import proposed
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.table import Column

MANY = 250
"""Own figure: from this many people on a bar shows how far a change is."""


class ListHost(Protocol):
    """What the verbs need of the screen they belong to."""

    ctx: Context
    view: LedgerView
    table: PeopleTable
    query: LedgerQuery
    view_name: str
    found: Found | None
    choices: Choices
    views: list[SavedView]
    rules: Rules

    def look(self) -> Look: ...
    def show_query(self, query: LedgerQuery, view: SavedView | None = None) -> None: ...


class Doing(QObject):
    """The verbs of the ledger screen."""

    _progressed: TypedSignal[tuple[int, int]] = signal()

    def __init__(self, screen: ListHost) -> None:
        super().__init__(screen.view)
        self.screen, self.ctx, self.view = screen, screen.ctx, screen.view
        self._ids: tuple[str, ...] = ()
        self._cancel = False
        self.ask_path = _ask_path
        view = self.view
        screen.table.selection.connect(self._selection)
        screen.table.copy_asked.connect(self._copy)
        view.chosen.asked.connect(self._open_change)
        view.chosen.closed.connect(self._clear_chosen)
        view.chosen.out_asked.connect(self.open_out)
        view.change.confirmed.connect(self._change)
        view.leave.confirmed.connect(self.take_out)
        view.name.confirmed.connect(self._save_view)
        for bar in (view.change, view.leave, view.name):
            bar.closed.connect(self._close_bars)
        view.out.clicked.connect(lambda _on=False: self.open_out())
        view.columns.clicked.connect(lambda _on=False: self.open_columns())
        view.views.clicked.connect(lambda _on=False: self.views_menu().popup(
            view.views.mapToGlobal(view.views.rect().bottomLeft())
        ))  # fmt: skip

    # ---- several people

    def chosen_ids(self) -> tuple[str, ...]:
        """Those gathered; nobody while only the cursor marks a row."""
        table = self.screen.table
        return table.selected_ids() if table.gathering or table.selected_count() > 1 else ()

    def _selection(self, count: int) -> None:
        gathered = count > 1 or (count == 1 and self.screen.table.gathering)
        self.view.chosen.show_count(count)
        self.view.chosen.setVisible(gathered and not self._other_bar())
        if not gathered and self.view.change.isVisibleTo(self.view):
            self._close_bars()

    def _clear_chosen(self) -> None:
        self.screen.table.stop_gathering()
        self.screen.table.setFocus()

    def _open_change(self, kind: BulkKind) -> None:
        self._ids = self.chosen_ids()
        self._show_bar(self.view.change)
        choices = self.screen.choices
        self.view.change.open_for(kind, len(self._ids), choices.staff, [n for n, _ in choices.lists])

    def _change(self, asked: BulkAsked) -> None:
        ids, desk = self._ids, self.ctx.desk
        self._cancel = False
        step = self._step if len(ids) > MANY else None
        verbs = {
            "assign": lambda: bulk.assign(desk, ids, asked.value, step),
            "tier": lambda: bulk.set_tier(desk, ids, asked.value, asked.reason, step),
            "put": lambda: bulk.put_on_list(desk, ids, asked.value, step),
            "take": lambda: bulk.take_off_list(desk, ids, asked.value, step),
        }
        self._close_bars()
        if step is not None:
            self._show_busy(text(f"ledger.bulk.{asked.kind}_title", count=len(ids)))
        self.ctx.ask(verbs[asked.kind](), self, lambda done: self._changed(asked, done), self._failed)

    def _changed(self, asked: BulkAsked, done: bulk.Bulk) -> None:
        self.view.busy.hide()
        if done.stopped is not None:
            self.ctx.hub.trouble.emit(done.stopped)
        self.ctx.hub.changed.emit(Changed(whole=True))
        key = "ledger.bulk.partly" if done.stopped or self._cancel else f"ledger.bulk.{asked.kind}_done"
        if not done.actions:
            self.ctx.hub.notice.emit(Notice(text("ledger.bulk.nothing")))
            return
        said = text(key, count=done.changed, value=self._shown(asked))
        self.ctx.hub.notice.emit(Notice(said, lambda: self._undo(done.actions)))

    def _undo(self, actions: tuple[str, ...]) -> None:
        def undone(result: bulk.BulkUndone) -> None:
            self.ctx.hub.changed.emit(Changed(whole=True))
            said = text("undo.partly", count=result.kept) if result.kept else text("undo.done")
            self.ctx.hub.notice.emit(Notice(said))

        self.ctx.ask(bulk.undo_set(self.ctx.desk, actions), self, undone, self._failed)

    def _shown(self, asked: BulkAsked) -> str:
        if asked.kind == "assign":
            return next((s.name for s in self.screen.choices.staff if s.id == asked.value), "")
        if asked.kind == "tier":
            from jobdesk.host import code_lists

            return code_lists.table("tier").name_of(asked.value)
        return asked.value

    # ---- taking the list out

    def open_out(self) -> None:
        """导出: of those chosen, else of everybody the list shows."""
        self._ids = self.chosen_ids() or tuple(self.screen.found.page.ids if self.screen.found else ())
        self._show_bar(self.view.leave)
        self.view.leave.open_for(len(self._ids))

    def follow(self) -> None:
        """The list shows other people now: an open 导出 without chosen people means those."""
        if self.view.leave.isVisibleTo(self.view) and not self.chosen_ids():
            self._ids = tuple(self.screen.found.page.ids if self.screen.found else ())
            self.view.leave.show_count(len(self._ids))

    def _copy(self) -> None:
        self._ids = self.screen.table.selected_ids()
        self.take_out(OutAsked("copy"))

    def take_out(self, asked: OutAsked) -> None:
        """Read, after the access log says so, and write."""
        path: Path | None = None
        if asked.way != "copy":
            path = self.ask_path(self.view, self._file_name("xlsx" if asked.way == "export" else "pdf"))
            if path is None:
                return
        ctx, shown = self.ctx, self._shown_columns()
        title = self.screen.view_name or text("ledger.title")
        look = Look(ctx.desk.day, self.screen.look().staff, asked.unmasked)
        reading = read_for_export(
            ctx.desk, Asked(asked.way, self._ids, asked.unmasked, asked.reason), self.screen.rules
        )
        unit, author = self._unit(), look.staff.get(ctx.desk.actor, "")
        mark = text("window.practice") if ctx.desk.practice else ""

        def job() -> tuple[Sheet, Path | None]:
            sheet = sheet_of(title, shown, reading.result(), look, asked.reason)
            if path is not None:
                clock = ctx.desk.clock
                made = (
                    workbook(sheet, clock, author)
                    if asked.way == "export"
                    else paper(sheet, clock, unit, author, mark)
                )
                with disk_errors(path):
                    path.write_bytes(made)
            return sheet, path

        # the same thread, after the reading: writing a workbook keeps nobody waiting
        self.ctx.ask(ctx.desk.file.work.aside(job), self, self._taken, self._refused)

    def _taken(self, result: tuple[Sheet, Path | None]) -> None:
        sheet, path = result
        self._close_bars()
        if path is None:
            QGuiApplication.clipboard().setText(lines_for_clipboard(sheet))
            self.ctx.hub.notice.emit(Notice(text("ledger.out.copied", count=len(sheet.rows))))
        else:
            said = text("ledger.out.written", count=len(sheet.rows), file=path.name)
            self.ctx.hub.notice.emit(Notice(said))

    def _refused(self, error: Exception) -> None:
        if isinstance(error, JobdeskError) and has(f"error.{error.code}"):
            self.view.leave.say(text(f"error.{error.code}", **error.params))
        else:
            self._failed(error)

    def _shown_columns(self) -> tuple[Column, ...]:
        keys = self.screen.table.chosen_columns()
        by_key = {c.key: c for c in columns()}
        return tuple(by_key[k] for k in keys)

    def _file_name(self, ending: str) -> str:
        made = local_datetime(self.ctx.desk.clock.now_ms())
        name = self.screen.view_name or text("ledger.title")
        return f"{name}-{made:%Y%m%d}.{ending}"

    def _unit(self) -> str:
        return getattr(self.view.window(), "windowTitle", lambda: "")().split(" - ")[0]

    # ---- views and columns

    def views_menu(self) -> QMenu:
        """Views of the program, of the station, and keeping the present one."""
        menu = QMenu(self.view)
        for one in built_in_views(self.ctx.desk.day, self.ctx.desk.actor):
            menu.addAction(one.name).triggered.connect(lambda _on=False, v=one: self.show_view(v))
        if self.screen.views:
            menu.addSeparator()
            for one in self.screen.views:
                menu.addAction(one.name).triggered.connect(lambda _on=False, v=one: self.show_view(v))
        menu.addSeparator()
        menu.addAction(text("ledger.views.save_title")).triggered.connect(lambda: self.open_name())
        now = next((v for v in self.screen.views if v.name == self.screen.view_name), None)
        if now is not None:
            title = text("ledger.views.drop", name=now.name)
            menu.addAction(title).triggered.connect(lambda: self._drop_view(now))
        return menu

    def show_view(self, view: SavedView) -> None:
        """Show a view with its columns."""
        self.screen.show_query(view.query, view)
        self.view.views.set_text(view.name or text("ledger.views.title"))

    def open_name(self) -> None:
        """Ask for the name of a view."""
        self._show_bar(self.view.name)
        self.view.name.open_for(self.screen.view_name)

    def _save_view(self, name: str) -> None:
        view = SavedView("", name, self.screen.query, self.screen.table.chosen_columns())
        self._close_bars()
        self.screen.view_name = name
        self.view.views.set_text(name)
        self.ctx.save(save_view(self.ctx.desk, view), self, text("ledger.views.saved", name=name))

    def _drop_view(self, view: SavedView) -> None:
        self.screen.view_name = ""
        self.view.views.set_text(text("ledger.views.title"))
        self.ctx.save(drop_view(self.ctx.desk, view.id), self, text("ledger.views.dropped", name=view.name))

    def open_columns(self) -> None:
        """列设置."""
        table = self.screen.table
        shown = table.chosen_columns()
        hidden = set(shown) - {c.key for c in table.rows.columns}
        panel = ColumnsPanel(columns(), shown, tuple(hidden))
        usual = Button(text("table.usual_columns"), "link")
        popover = open_columns(self.view.columns, panel, usual)
        panel.changed.connect(self._choose_columns)
        usual.clicked.connect(lambda _on=False: (self._choose_columns(USUAL), popover.close()))

    def _choose_columns(self, keys: tuple[str, ...]) -> None:
        self.screen.table.choose_columns(keys)
        self.screen.table.columns_chosen.emit(keys)

    # ---- bars

    def _other_bar(self) -> bool:
        view = self.view
        return any(b.isVisibleTo(view) for b in (view.change, view.leave, view.name))

    def _show_bar(self, bar: QWidget) -> None:
        for one in self.view.bars:
            one.setVisible(one is bar)

    def _close_bars(self) -> None:
        for bar in self.view.bars:
            bar.hide()
        self._selection(self.screen.table.selected_count())
        self.screen.table.setFocus()

    def _show_busy(self, words: str) -> None:
        fresh = ProgressLine(words)
        fresh.setContentsMargins(20, 8, 12, 8)
        fresh.cancelled.connect(self._stop)
        layout = self.view.main.layout()
        assert layout is not None
        layout.replaceWidget(self.view.busy, fresh)
        self.view.busy.deleteLater()
        self.view.busy = fresh
        self._progressed.connect(lambda pair: fresh.set_progress(*pair))
        fresh.show()

    def _step(self, done: int, whole: int) -> bool:
        """On another thread: the signal brings it to the window's."""
        self._progressed.emit((done, whole))
        return not self._cancel

    def _stop(self) -> None:
        self._cancel = True

    def _failed(self, error: Exception) -> None:
        self.view.busy.hide()
        self.ctx.hub.trouble.emit(error)

    def banner(self, banner: Banner) -> None:
        """Show a banner over the list."""
        self.view.banner_place.addWidget(banner)


def _ask_path(owner: QWidget, name: str) -> Path | None:
    chosen, _ = QFileDialog.getSaveFileName(owner, text("ledger.export"), proposed(name))
    return Path(chosen) if chosen else None
