"""导入: from a file to people, step by step; nothing is written before 导入."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.host import assets
from jobdesk.host.strings import text
from jobdesk.services.importing import applying
from jobdesk.services.importing.preview import Preview
from jobdesk.services.importing.undo import UndoneImport
from jobdesk.ui import shortcuts
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo, Notice
from jobdesk.ui.importing import reading
from jobdesk.ui.importing.choosing import Choosing
from jobdesk.ui.importing.done import DonePage
from jobdesk.ui.importing.drop import DropTarget, file_in
from jobdesk.ui.importing.frame import BusyPage, Foot, Head
from jobdesk.ui.importing.held_page import HeldPage
from jobdesk.ui.importing.held_work import HeldWork
from jobdesk.ui.importing.matching import MatchPage
from jobdesk.ui.importing.past import past_imports, undo
from jobdesk.ui.importing.preview_page import PreviewPage
from jobdesk.ui.importing.previewing import Previewing
from jobdesk.ui.importing.reading import Reading, Source
from jobdesk.ui.importing.sheets import SheetsPage
from jobdesk.ui.importing.start import PastImport, StartPage
from jobdesk.ui.importing.state import all_sure, foot_words, going_in, newly_held
from jobdesk.ui.importing.undone import kept_card
from jobdesk.ui.importing.work import Stopped, Told, Worker
from jobdesk.ui.kit import Action, Banner, column, frame
from jobdesk.ui.notices import words_of


class ImportScreen(Screen):
    """The place ``import``.

    ``arrive`` knows the parts ``file`` (detail: a path), ``held`` (subject: an import) and ``paste``.
    """

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.worker = Worker(ctx, self)
        self.at = "start"
        self.head, self.foot = Head(), Foot()
        self.start, self.busy, self.sheets = StartPage(), BusyPage(), SheetsPage()
        self.match, self.page, self.done, self.held_page = MatchPage(), PreviewPage(), DonePage(), HeldPage()
        self.previewing = Previewing(ctx, self.page, self.worker, self._counts_changed)
        self.choosing = Choosing(self.sheets, self.match, self._show_foot)
        self.held = HeldWork(ctx, self.held_page)
        self._pages: dict[str, QWidget] = {
            "start": self.start,
            "busy": self.busy,
            "sheets": self.sheets,
            "match": self.match,
            "preview": self.page,
            "done": self.done,
            "held": self.held_page,
        }
        self.stack = QStackedWidget()
        for page in self._pages.values():
            self.stack.addWidget(page)
        inner = frame(column(self.head, (self.stack, 1), gap=10, pad=(24, 10, 24, 12)))
        self.setLayout(column((inner, 1), self.foot, gap=0))
        self.drop = DropTarget(self, self.open_path)
        self._wire()
        self._show("start")

    # ---- what other parts use

    def arrive(self, where: GoTo) -> None:
        if where.part == "file" and where.detail:
            self.open_path(Path(where.detail))
        elif where.part == "held" and where.subject:
            self.open_held(where.subject)
        elif where.part == "paste":
            self.paste()
        if self.at == "start":
            self._load_past()

    def open_path(self, path: Path) -> None:
        """Read a file; what was under way is left as it is when the file cannot be read."""
        self._read(Source(path=path, name=path.name))

    def paste(self) -> None:
        """Read what the clipboard holds: a copied file or cells."""
        data = QGuiApplication.clipboard().mimeData()
        path = file_in(data)
        if path is not None:
            self.open_path(path)
        elif data.hasText() and data.text().strip():
            self._read(Source(words=data.text(), name=text("import_ui.pasted_name")))
        else:
            self._go_start(Banner("problem", text("import_ui.paste_empty"), closable=True))

    def open_held(self, import_id: str) -> None:
        """The held rows of an import."""
        self._show("held")
        self.held.open(import_id)

    # ---- reading

    def _read(self, source: Source) -> None:
        if self.at in ("applying",):
            return
        desk = self.ctx.desk
        self._wait("reading", name=source.name)

        def job(told: Told) -> tuple[Reading, Preview | None]:
            found = reading.read(desk, source, told)
            if not all_sure(found.file.plans):
                return found, None
            return found, reading.judge(desk, found, told)

        self.worker.run("reading", job, self._was_read, self._not_read)

    def _was_read(self, answer: tuple[Reading, Preview | None]) -> None:
        found, preview = answer
        self.choosing.take(found)
        if preview is not None:
            self._show_preview(preview)
        else:
            self.previewing.forget()
            self._show("match")

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, Stopped):
            self._go_back_from_busy()
            return
        before = self.choosing.reading
        words = words_of(error)
        actions: list[Action] = []
        if before is not None:  # what was under way is not lost because another file cannot be read
            label = text("import_ui.go_on_with", file=before.source.name)
            actions.append(Action(label, self._go_back_from_busy, closes=False))
        banner = Banner(words.kind, words.sentence, more=words.more, actions=actions, closable=True)
        self._go_start(banner)
        if not isinstance(error, JobdeskError):
            self.ctx.hub.trouble.emit(error)

    def _judge_again(self) -> None:
        """对列 is settled: remember it, read with it, compare."""
        found, desk, before = self.choosing.reading, self.ctx.desk, self.previewing.preview
        if found is None:
            return
        self._wait("judging", done=0)

        def job(told: Told) -> tuple[Reading, Preview]:
            again = reading.read_again(desk, found, told)
            return again, reading.judge(desk, again, told, before)

        self.worker.run("judging", job, self._was_judged, self._not_judged)

    def _was_judged(self, answer: tuple[Reading, Preview]) -> None:
        found, preview = answer
        self.choosing.take(found)
        self._show_preview(preview)

    def _not_judged(self, error: Exception) -> None:
        self._show("match")
        if not isinstance(error, Stopped):
            self.ctx.hub.trouble.emit(error)

    def _show_preview(self, preview: Preview) -> None:
        self.previewing.show(preview)
        self._show("preview")
        self.page.grid.setFocus()

    # ---- 导入

    def _apply(self) -> None:
        preview, station, desk = self.previewing.preview, self.ctx.station, self.ctx.desk
        if preview is None or not going_in(preview.counts) + newly_held(preview):
            return
        self._wait("applying", more=text("import_ui.busy_backup"), done=0, whole=0)
        self.at = "applying"
        self.drop.enabled = False

        def job(told: Told) -> applying.Applied:
            return reading.apply(desk, station, preview, told)

        self.worker.run("applying", job, self._was_applied, self._not_applied)

    def _was_applied(self, applied: applying.Applied) -> None:
        self.drop.enabled = True
        self.ctx.hub.changed.emit(Changed(whole=True))
        found, preview = self.choosing.reading, self.previewing.preview
        if applied.cancelled or found is None or preview is None:
            self.ctx.hub.notice.emit(Notice(text("import_ui.cancelled_taken_back")))
            self._judge_again()
            return
        posts = all(plan.kind != "case" for plan in found.plans)
        self.done.show_done(reading.finished(applied, found.source, posts=posts))
        self.previewing.forget()
        self.choosing.take(None)
        self._show("done")

    def _not_applied(self, error: Exception) -> None:
        self.drop.enabled = True
        if self.previewing.preview is not None:
            self._show("preview")
        self.ctx.hub.trouble.emit(error)

    # ---- before and after

    def _load_past(self) -> None:
        self.ctx.ask(past_imports(self.ctx.desk), self, self._show_past)

    def _show_past(self, past: list[PastImport]) -> None:
        self.start.show_past(past)

    def _undo(self, import_id: str) -> None:
        desk = self.ctx.desk
        self._wait("undoing", cancel=False, done=0, whole=0)

        def failed(error: Exception) -> None:
            self._go_start()
            self.ctx.hub.trouble.emit(error)

        self.worker.run("undoing", lambda told: undo(desk, import_id, told), self._was_undone, failed)

    def _was_undone(self, undone: UndoneImport) -> None:
        self.ctx.hub.changed.emit(Changed(whole=True))
        self._go_start()
        self.start.say_kept(kept_card(undone))

    # ---- where one is

    def _wait(self, stage: str, *, more: str = "", cancel: bool = True, **params: object) -> None:
        self.busy.begin(text(f"import_ui.busy.{stage}", **params), more, cancel=cancel)
        self._show("busy")

    def _progress(self, told: Told) -> None:
        name = self.choosing.reading.source.name if self.choosing.reading is not None else ""
        words = text(f"import_ui.busy.{told.stage}", name=told.name or name, done=told.done, whole=told.whole)
        self.busy.tell(told, words)

    def _cancel(self) -> None:
        applying_now = self.at == "applying"
        self.worker.stop()
        if not applying_now:
            self.worker.drop()
            self._go_back_from_busy()

    def _go_back_from_busy(self) -> None:
        if self.previewing.preview is not None and self.choosing.reading is not None:
            self._show("preview")
        elif self.choosing.reading is not None:
            self._show("match")
        else:
            self._go_start()

    def _go_start(self, banner: Banner | None = None) -> None:
        if banner is not None and self.choosing.reading is not None:
            self.start.say(banner)
            self._show("start")
            return
        self.choosing.take(None)
        self.previewing.forget()
        self.start.say(banner)
        self.start.say_kept(None)
        self._show("start")
        self._load_past()

    def _show(self, at: str) -> None:
        self.at = at
        if at == "sheets":
            self.choosing.show_sheets()
        elif at == "match":
            self.choosing.show_match()
        self.stack.setCurrentWidget(self._pages[at])
        self._show_head()
        self._show_foot()

    def _show_head(self) -> None:
        found = self.choosing.reading
        if self.at in ("sheets", "match", "preview") and found is not None:
            self.head.show_words(
                text(f"import_ui.title_{self.at}"), found.source.name, self.choosing.line(), self.at
            )
            self.head.stages.can_go_back = True
        elif self.at == "done":
            self.head.show_words(text("import_ui.title_done"), "", "", "done")
            self.head.stages.can_go_back = False
        else:
            self.head.show_words(
                text("import_ui.title_held" if self.at == "held" else "import_ui.title_start")
            )
        self.head.to_ledger.setVisible(self.at == "start")
        self.head.setVisible(self.at not in ("busy", "applying"))

    def _show_foot(self) -> None:
        self.foot.setVisible(self.at in ("sheets", "match", "preview"))
        foot, preview = self.foot, self.previewing.preview
        foot.back_button.set_text(text("import_ui.other_file" if self.at == "sheets" else "import_ui.back"))
        if self.at == "sheets":
            none = not self.choosing.plans
            foot.show_buttons(
                text("import_ui.next"), refuse=text("import_ui.sheet_none_chosen") if none else ""
            )
        elif self.at == "match":
            foot.show_buttons(text("import_ui.to_preview"), refuse=self.choosing.obstacle())
        elif self.at == "preview" and preview is not None:
            counts = preview.counts
            count, fresh = going_in(counts), newly_held(preview)
            posts = all(plan.kind != "case" for plan in self.choosing.plans)
            words = text("import_ui.apply_posts" if posts else "import_ui.apply", count=count)
            if not count and fresh:
                words = text("import_ui.apply_held", count=fresh)
            refuse = "" if count or fresh else text("import_ui.apply_none")
            foot.show_buttons(words, foot_words(counts, fresh), undo=True, refuse=refuse)

    def _counts_changed(self) -> None:
        self._show_foot()

    def _forward(self) -> None:
        if self.at == "sheets":
            self._show("match")
        elif self.at == "match" and not self.choosing.obstacle():
            self._judge_again()
        elif self.at == "preview":
            self._apply()

    def _back(self) -> None:
        if self.at == "preview":
            self._show("match")
        elif self.at == "match":
            self._show("sheets")
        elif self.at == "sheets":
            self._go_start()

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            text("import_ui.choose_file"),
            "",
            f"{text('import_ui.file_filter')};;{text('import_ui.file_any')} (*)",
        )
        if chosen:
            self.open_path(Path(chosen))

    def _wire(self) -> None:
        self.start.choose.connect(self._choose_file)
        self.start.paste.connect(self.paste)
        self.start.sample.connect(lambda: self.open_path(assets.path("samples/就业困难人员管理台帐.xlsx")))
        self.start.sample_button.setVisible(self.ctx.desk.practice)
        self.head.to_ledger.clicked.connect(lambda _checked=False: self.ctx.go("ledger"))
        self.start.settle.connect(self.open_held)
        self.start.undo.connect(self._undo)
        self.busy.cancelled.connect(self._cancel)
        self.worker.progress.connect(self._progress)
        self.foot.back.connect(self._back)
        self.foot.forward.connect(self._forward)
        self.head.stages.pressed.connect(self._show)
        self.done.to_list.connect(lambda: self.ctx.go("ledger"))
        self.done.settle.connect(self.open_held)
        self.done.another.connect(self._go_start)
        self.done.undo.connect(self._undo)
        self.held_page.back.connect(self._go_start)
        self.held_page.open_case.connect(lambda case_id: self.ctx.go("ledger", case_id))
        shortcuts.bind(self, "F8", lambda: self._next(False), window=False)
        shortcuts.bind(self, "Shift+F8", lambda: self._next(True), window=False)
        shortcuts.bind(self, "Ctrl+V", self._paste_key, window=False)
        self.ctx.desk_changed.connect(lambda _desk: self._desk_changed())

    def _next(self, back: bool) -> None:
        if self.at == "preview":
            self.previewing.next_problem(back=back)
        elif self.at == "held":
            self.held.step(-1 if back else 1)

    def _paste_key(self) -> None:
        if self.at == "start":
            self.paste()

    def _desk_changed(self) -> None:
        """Somebody else acts now: what was compared for the one before is compared anew."""
        if self.at == "preview":
            self._judge_again()
