"""What every screen is given: the desk, the hub, and the way to ask a future."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from jobdesk.cases.errors import BadInput
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host.policy_settings import read_policy
from jobdesk.host.settings_file import AppConfig, load_config
from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.policies import working_days_of
from jobdesk.services.syncing import Seen
from jobdesk.services.undoing import undo_action
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.open_station import OpenStation
from jobdesk.store.station_file import Changes
from jobdesk.ui.hub import AppHub, Changed, GoTo, Notice
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal
from jobdesk.ui.tasks import Tasks

T = TypeVar("T")
STATIONS_ONLY = frozenset({"register", "import"})
"""Places that begin new files."""


class SyncBeside(Protocol):
    """What exchanges beside this window, as pages see it (``ui.sync.watch``).

    Attributes:
        seen: the state as last told, None before the first; moved: it is another one.
        ended: an exchange came to its end, with its receipt.
    """

    seen: Seen | None
    moved: TypedSignal[Seen]
    ended: TypedSignal[object]

    def now(self) -> None:
        """Exchange at once."""
        ...

    def pause(self) -> None:
        """Nothing by itself until somebody goes on, or the program starts anew."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    def line_told(self) -> None:
        """Somebody said that this line is paid by volume, or is not."""
        ...

    def renew(self) -> None:
        """Read the counts anew: something was dealt with."""
        ...


class Context(QObject):
    """One per window. GUI thread only.

    Signals:
        desk_changed: somebody else acts now (the header's switcher); ``desk`` is the new one.
        above_changed: this desk stands above stations from now on, or no more.
        day_turned: the machine's date has become another one; ``hub.changed`` for everything follows.
        words_shown: by which words 台账 shows people from now on.
    """

    desk_changed: TypedSignal[Desk] = signal()
    above_changed: TypedSignal[bool] = signal()
    day_turned: BareSignal = bare_signal()
    words_shown: TypedSignal[str] = signal()

    def __init__(self, hub: AppHub, tasks: Tasks, station: OpenStation, desk: Desk) -> None:
        super().__init__()
        self.hub = hub
        self.tasks = tasks
        self.station = station
        self.desk = desk
        self._machine = desk.today
        self.key_file: Path | None = None
        """Set by the composition root: the way in named on the command line."""
        self.sync: SyncBeside | None = None
        """Set by the shell: what exchanges beside this window."""
        self.above = False
        """This desk stands above stations (``set_above``): it reads and works on files, and begins none."""
        self.request_restore: Callable[[BackupInfo, Path | None], None] | None = None
        """Set by the composition root: close, restore this backup (with this journal), open again."""
        self.request_practice: Callable[[], None] | None = None
        """Set by the composition root: leave this station and open the practice station."""
        self.request_practice_reset: Callable[[], None] | None = None
        """Set by the composition root: make the practice station anew and open it."""
        self.request_own_station: Callable[[], None] | None = None
        """Set by the composition root: leave the practice station for the station of the settings."""

    def read_config(self) -> AppConfig:
        """The settings of the machine as they stand now: IT or another page may have changed them."""
        paths = self.station.paths
        flags = {"data": str(paths.data), "key_file": str(self.key_file) if self.key_file else None}
        try:
            config = load_config(flags, os.environ)
        except BadInput:  # a settings file somebody broke was told at the start
            config = AppConfig(data=str(paths.data), policy=read_policy())
        if config.is_managed("second"):
            return config
        return replace(config, second=str(paths.second) if paths.second else "")

    def renew_calendar(self) -> None:
        """A calendar was taken in or rolled back: whoever acts counts by it from here on."""

        def renewed(days: WorkingDays) -> None:
            if days != self.desk.working_days:
                self.set_desk(replace(self.desk, working_days=days))

        desk = self.desk
        self.ask(desk.read(lambda con: working_days_of(con, desk)), self, renewed)

    def look_at_the_date(self) -> None:
        """Midnight has passed, or somebody set the clock: every place asks anew. The shell calls it."""
        if self._machine != self.desk.today:
            self._machine = self.desk.today
            self.day_turned.emit()
            self.hub.changed.emit(Changed(whole=True))

    def count_from(self, believed: date | None) -> None:
        """The machine's date came into doubt (the last day believed), or out of it: 今日, 家庭, 台账, 政策
        and 待核对 count from one day.
        """
        if believed != self.desk.believed:
            self.set_desk(replace(self.desk, believed=believed))
            self.hub.changed.emit(Changed(whole=True))

    def set_above(self, above: bool) -> None:
        """Told by the shell with every state of the exchange."""
        if above != self.above:
            self.above = above
            self.above_changed.emit(above)

    def set_desk(self, desk: Desk) -> None:
        """Another person acts from here on."""
        self.desk = desk
        self.desk_changed.emit(desk)

    def ask(
        self,
        future: Future[T],
        owner: QObject,
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Deliver an answer to a screen while it lives; unhandled errors become a banner."""
        self.tasks.deliver(future, owner=owner, done=done, failed=failed)

    def save(
        self,
        future: Future[Changes],
        owner: QObject,
        said: str,
        done: Callable[[Changes], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Deliver a save: tell every screen what changed, say it in a toast with 撤销.

        Args:
            said: the sentence of the toast; empty for none.
        """

        def saved(changes: Changes) -> None:
            self.announce(changes, said)
            if done is not None:
                done(changes)

        self.ask(future, owner, saved, failed)

    def announce(self, changes: Changes, said: str) -> None:
        """Tell every screen what an action touched, and offer to take it back."""
        if not changes.subjects:
            return
        self.hub.changed.emit(Changed(frozenset(s.id for s in changes.subjects), action_id=changes.action_id))
        if said:
            self.hub.notice.emit(Notice(said, lambda: self.undo(changes.action_id)))

    def undo(self, action_id: str) -> None:
        """Take an action back; what somebody has built on since stays and is told."""

        def undone(result: object) -> None:
            from jobdesk.services.undoing import Undone

            assert isinstance(result, Undone)
            self.hub.changed.emit(Changed(frozenset(s.id for s in result.changes.subjects)))
            if result.kept:
                self.hub.notice.emit(Notice(text("undo.partly", count=len(result.kept))))
            else:
                self.hub.notice.emit(Notice(text("undo.done")))

        self.ask(undo_action(self.desk, action_id), self, undone)

    def go(self, place: str, subject: str = "", part: str = "", detail: str = "") -> None:
        """Show a place. At a desk above stations nothing is begun: there the reason is said instead."""
        if self.above and place in STATIONS_ONLY:
            self.hub.notice.emit(Notice(text("error.only_stations")))
            return
        self.hub.go_to.emit(GoTo(place, subject, part, detail))


class Screen(QWidget):
    """A place on the rail. Subclasses build their view in ``__init__`` and load in ``arrive``."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx

    def arrive(self, where: GoTo) -> None:
        """Called every time the place is shown; ``where`` says what for."""

    def leave(self) -> None:
        """Called when another place is shown; drafts are kept here."""
