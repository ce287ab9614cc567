"""无网络交换: out to a stick, back from it, carrying for others, and what is on its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.errors import JobdeskError
from jobdesk.services.carried import CarriedNow, carried_now
from jobdesk.services.sync_wishes import keep_stick_folder, stick_folder
from jobdesk.store.sync_carried import CarriedFile
from jobdesk.sync.carried_desk import BroughtBack, TakenOut
from jobdesk.sync.carrier import Delivered
from jobdesk.sync.transport import Transport
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.kit import Banner, Button, clear
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.usb_state import (
    Line,
    carried_said,
    columns,
    failed_said,
    goes_said,
    on_the_way,
    out_said,
    read_said,
    row_of,
    u,
    waits_said,
)
from jobdesk.ui.sync.usb_view import UsbView
from jobdesk.ui.sync.usb_work import back_aside, carry_aside, http, likely_stick, out_aside
from jobdesk.ui.table import Row, Table

T = TypeVar("T")
BREATH_S = 2
"""A pause below this is not told (own figure)."""
ROWS = 8
"""Lines of the list in sight at most; the others by scrolling in it."""


class UsbPanel(SyncPanel):
    """One tab of 同步.

    Args:
        line: makes the line on which a carrier brings files to the server.
    """

    _busy_for: TypedSignal[float] = signal()

    def __init__(self, ctx: Context, line: Callable[[str], Transport] = http) -> None:
        super().__init__(ctx)
        self._line = line
        self._files: dict[str, CarriedFile] = {}
        self._server = ""
        self._folder = ""
        self._busy = False
        self._pressed: Button | None = None
        """Where the cursor goes back to."""
        self._reasons = (u("looking"), u("looking"), u("looking"))
        """Why a button cannot be pressed, each."""
        self.table = Table(columns(), self._fetch, many=False)
        self.table.setAccessibleName(u("files"))
        self.view = UsbView(self, self.table)
        self.view.out.go.clicked.connect(lambda _c=False: self._chosen(u("out_choose"), self.take_out))
        self.view.back.go.clicked.connect(lambda _c=False: self._chosen(u("back_choose"), self.bring_back))
        self.view.carry.go.clicked.connect(lambda _c=False: self._chosen(u("carry_choose"), self.carry))
        self._busy_for.connect(self._server_busy)
        self._free()  # which server is not known before the first look

    def arrive(self, detail: str = "") -> None:
        self.ctx.ask(stick_folder(self.ctx.desk), self, self._folder_told)
        self.ctx.ask(carried_now(self.ctx.desk), self, self._loaded)

    def _folder_told(self, folder: str) -> None:
        self._folder = self._folder or folder

    # ---------------------------------------------------------------- what a person does

    def take_out(self, folder: Path) -> None:
        """Write what waits to the stick."""
        self._do(u("writing"), out_aside(self.ctx.station, self.ctx.desk, folder), self._took_out)

    def bring_back(self, folder: Path) -> None:
        """Read every answer for this PC that lies there."""
        self._do(u("reading"), back_aside(self.ctx.station, self.ctx.desk, folder), self._brought_back)

    def carry(self, folder: Path) -> None:
        """Bring the files of others to the server."""
        self._folder = str(folder)
        future = carry_aside(self.ctx.station, self._server, folder, self._line, self._wait_told)
        self._do(u("carrying"), future, self._carried)

    def _wait_told(self, seconds: float) -> None:
        if isValid(self):
            self._busy_for.emit(seconds)

    def _server_busy(self, seconds: float) -> None:
        """Why nothing moves, and until when; a short breath after a broken line is not worth a word."""
        if not self._busy:
            return
        at = local_datetime(self.now_ms() + int(1000 * seconds))
        words = u("carry_busy", time=f"{at:%H:%M:%S}") if seconds >= BREATH_S else u("carrying")
        self.view.wait.wait(words)
        for button in self._buttons:
            button.refuse(words)

    def _chosen(self, title: str, do: Callable[[Path], None]) -> None:
        before = self._folder if Path(self._folder).is_dir() else ""
        begin = before or likely_stick() or str(Path.home())
        # with its files: a stick that shows none looks as if the answer were not on it
        found = QFileDialog.getExistingDirectory(self, title, begin, QFileDialog.Option(0))
        if found:
            self._folder = found
            self.ctx.ask(keep_stick_folder(self.ctx.desk, found), self, lambda _none: None)
            do(Path(found))

    def _do(self, words: str, future: Future[T], done: Callable[[T], None]) -> None:
        """One at a time; the buttons say so meanwhile."""
        self._busy = True
        self._pressed = next((b for b in self._buttons if b is self.window().focusWidget()), None)
        if self._pressed is not None:
            self.setFocus()  # a button that cannot be pressed would hand the cursor to whatever comes next
        clear(self.view.told)
        self.view.wait.wait(words)
        for button in self._buttons:
            button.refuse(words)

        def ended(answer: T) -> None:
            self._ended()
            done(answer)

        self.ctx.ask(future, self, ended, self._failed)

    def _ended(self) -> None:
        self._busy = False
        self._free()
        if self._pressed is not None and self.window().focusWidget() is self:
            self._pressed.setFocus()
        self.view.wait.quiet()
        self.arrive()
        if self.ctx.sync is not None:
            self.ctx.sync.renew()

    def _failed(self, error: Exception) -> None:
        self._ended()
        if not isinstance(error, JobdeskError):
            raise error
        self._tell([failed_said(error)])

    # ---------------------------------------------------------------- what came of it

    def _took_out(self, done: TakenOut) -> None:
        self._tell([out_said(done)])

    def _brought_back(self, found: BroughtBack) -> None:
        touched = frozenset(i for r in found.read if r.brought for i in r.brought.receipt.touched)
        if touched:
            self.ctx.hub.changed.emit(Changed(touched))
        self._tell(read_said(found))

    def _carried(self, done: list[Delivered]) -> None:
        self._tell(carried_said(done, self._server, self._folder))

    def _tell(self, lines: Sequence[Line]) -> None:
        clear(self.view.told)
        for line in lines:
            self.view.told.addWidget(Banner(line.look, line.sentence, more=line.more, closable=True))

    # ---------------------------------------------------------------- what stands

    def _loaded(self, now: CarriedNow) -> None:
        self._server = now.server or self.ctx.read_config().policy.value("server")
        self._files = {f.exchange: f for f in now.files}
        self.view.out.standing.set_text(goes_said(now.waiting, now.contents))
        self.view.back.standing.set_text(waits_said(on_the_way(list(now.files), self.now_ms())))
        self.view.carry.standing.set_text(u("carry_to", server=self._server) if self._server else "")
        self.table.set_ids(list(self._files))
        self.table.refresh()
        self.view.files.setVisible(bool(self._files))
        shown = min(max(len(self._files), 1), ROWS)
        self.table.setFixedHeight(36 + shown * self.table.verticalHeader().defaultSectionSize())
        alone = "" if now.enrolled else u("not_enrolled")
        self._reasons = (alone, alone, "" if self._server else u("no_server"))
        if not self._busy:
            self._free()

    def _free(self) -> None:
        for button, reason in zip(self._buttons, self._reasons, strict=True):
            button.refuse(reason)

    @property
    def _buttons(self) -> tuple[Button, Button, Button]:
        return self.view.out.go, self.view.back.go, self.view.carry.go

    def _fetch(self, ids: Sequence[str]) -> list[Row]:
        now = self.now_ms()
        return [row_of(self._files[i], now) for i in ids if i in self._files]
