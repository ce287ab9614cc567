"""The open station's runner seen from the window: its state as one value, and what the window tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from jobdesk.host.policy_settings import Policy
from jobdesk.services.syncing import Moving, Seen, Syncing, SyncNow, state_of, sync_now
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal
from jobdesk.ui.sync.making import make_running

if TYPE_CHECKING:
    from jobdesk.sync.receipts import Receipt

MANY = 400
"""Subjects above which every list asks for everything anew (own figure)."""
PATIENCE_S = 1.5
"""How long a closing window waits for the transaction that runs; a line may keep it waiting for longer."""

MINUTE_MS = 60_000
"""What was said with a time in it (离线 3 天, 09:05 再试) is said anew this often: a day turns
without an exchange.
"""

PART_MS = 10_000
"""While a whole station comes in, every page asks anew this often for what is there already (own figure)."""


class SyncWatch(QObject):
    """One per open station. Lives on the GUI thread; the runner has a thread of its own.

    Signals:
        moved: the state is another one, or time has passed over what it says.
        ended: an exchange came to its end, with its receipt.
        enrolled: this file has become a device of a station.
    """

    moved: TypedSignal[Seen] = signal()
    ended: TypedSignal[object] = signal()
    enrolled: BareSignal = bare_signal()
    _told: BareSignal = bare_signal()
    _done: TypedSignal[object] = signal()

    def __init__(self, ctx: Context, make: Callable[..., Syncing] = make_running) -> None:
        super().__init__(ctx)
        self._ctx, self._make = ctx, make
        self._running: Syncing | None = None
        self._ending = False
        self.seen: Seen | None = None
        self._was_enrolled: bool | None = None
        self._own = False
        self._typist: QObject | None = None
        self._part = QTimer(self)
        self._part.setInterval(PART_MS)
        self._part.timeout.connect(lambda: self._tell(Changed(whole=True)))
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._aged)
        self._minute.start()
        self._told.connect(self._moving)
        self._done.connect(self._finished)
        ctx.hub.changed.connect(self._changed)
        ctx.desk_changed.connect(lambda _desk: self._another_acts())

    # ---- life

    def begin(self, policy: Callable[[], Policy]) -> None:
        """Make the runner aside and start it: its imports are no part of a start."""
        if self._ending:
            return
        self.renew()
        ctx, make = self._ctx, self._make
        station, desk = ctx.station, ctx.desk
        future = station.file.work.aside(lambda: make(station, desk, policy(), self._heard))
        ctx.ask(future, self, self._made)

    def stop(self) -> None:
        """The file is about to be closed. Idempotent."""
        self._ending = True
        self._part.stop()
        self._minute.stop()
        self._follow(None)
        app = QApplication.instance()
        if isinstance(app, QApplication) and self._running is not None:
            app.focusChanged.disconnect(self._focus_moved)
        if self._running is not None:
            self._running.stop(PATIENCE_S)
            self._running = None

    def _made(self, running: Syncing) -> None:
        if self._ending:
            return
        self._running = running
        self._another_acts()
        running.listen(self._hear)
        running.start()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
            self._follow(app.focusWidget())
        self._renewed_from_runner()

    def _another_acts(self) -> None:
        if self._running is not None:
            self._running.actor = self._ctx.desk.actor

    # ---- what a person wants

    def now(self) -> None:
        """Exchange at once."""
        if self._running is not None:
            self._running.now()
            self._renewed_from_runner()

    def pause(self) -> None:
        """Nothing by itself until somebody goes on, or the program starts anew."""
        if self._running is not None:
            self._running.pause()
            self._renewed_from_runner()

    def resume(self) -> None:
        """Go on."""
        if self._running is not None:
            self._running.resume()
            self._renewed_from_runner()

    def line_told(self) -> None:
        """Somebody said that this line is paid by volume, or is not."""
        if self._running is not None:
            self._running.line_told()

    def renew(self) -> None:
        """Read the counts anew."""
        self._ctx.ask(sync_now(self._ctx.desk, self._moves), self, self._read)

    # ---- the runner's thread

    def _hear(self) -> None:
        if isValid(self) and not self._ending:
            self._told.emit()

    def _heard(self, receipt: Receipt) -> None:
        if isValid(self) and not self._ending:
            self._done.emit(receipt)

    # ---- back on the GUI thread

    @property
    def _moves(self) -> Moving:
        return self._running.moving if self._running is not None else Moving()

    def _moving(self) -> None:
        if self._ending:
            return
        self._renewed_from_runner()
        step = self._moves.step
        if step != "load":
            self._part.stop()
        elif not self._part.isActive():
            self._part.start()
        if not step:
            self.renew()

    def _renewed_from_runner(self) -> None:
        """Counts as last read with what runs now: progress costs no reading."""
        if self.seen is not None:
            self._show(state_of(self.seen.now.counts, self._moves))

    def _read(self, now: SyncNow) -> None:
        self._show(state_of(now.counts, self._moves))

    def _show(self, now: SyncNow) -> None:
        running = self._running
        seen = Seen(
            now, running.held if running else "", running.trouble if running else "",
            running.offered if running else False, self._ctx.desk.practice,
            running.again_ms if running else 0,
        )  # fmt: skip
        was, self._was_enrolled = self._was_enrolled, now.counts.enrolled
        if was is False and now.counts.enrolled:
            self._tell(Changed(whole=True))
            self.enrolled.emit()
        if self.seen is not None and now.counts.asks < self.seen.now.counts.asks:
            self._tell(Changed(whole=True))  # a request went: pages said that it waits for a line
        if seen != self.seen:
            self.seen = seen
            self.moved.emit(seen)

    def _aged(self) -> None:
        if self.seen is not None and not self._ending:
            self.moved.emit(self.seen)

    def _finished(self, given: object) -> None:
        if self._ending:
            return
        receipt: Receipt = given  # pyright: ignore[reportAssignmentType]
        if receipt.touched:
            whole = len(receipt.touched) > MANY
            self._tell(Changed(frozenset() if whole else frozenset(receipt.touched), whole=whole))
        self.ended.emit(receipt)
        self.renew()

    def _tell(self, changed: Changed) -> None:
        """What came from elsewhere is nothing to be sent."""
        self._own = True
        try:
            self._ctx.hub.changed.emit(changed)
        finally:
            self._own = False

    def _changed(self, _changed: Changed) -> None:
        if self._own or self._ending:
            return
        if self._running is not None:
            self._running.saved()
        self.renew()

    # ---- who types is not disturbed

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._follow(now)

    def _follow(self, now: QObject | None) -> None:
        """Keys and compositions come to the widget with the focus; a filter on everything would see every
        paint of every list."""
        before, self._typist = self._typist, now
        if before is not None and isValid(before):
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if self._running is not None and event.type() in (QEvent.Type.KeyPress, QEvent.Type.InputMethod):
            self._running.typed()
        return False
