"""Second stage of a start: settings, key, station file; or the page that is missing one of them."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from jobdesk.cases.errors import JobdeskError, Trouble
from jobdesk.host.disk import take_rights_of
from jobdesk.host.log import start_log
from jobdesk.host.paths import StationPaths
from jobdesk.host.settings_file import AppConfig, load_config, prepare_second
from jobdesk.host.strings import text
from jobdesk.host.system_clock import SystemClock
from jobdesk.store.manifest import BackupInfo
from jobdesk.ui import theme
from jobdesk.ui.hub import AppHub, GoTo, Notice
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.window import MainWindow

if TYPE_CHECKING:
    from jobdesk.host.opened_file import Opened
    from jobdesk.services.session import Session

log = logging.getLogger(__name__)


class Start(QObject):
    """Opens a station into the window, and opens another one when asked to (restore, practice)."""

    def __init__(
        self,
        args: argparse.Namespace,
        window: MainWindow,
        hub: AppHub,
        tasks: Tasks,
        opener: ThreadPoolExecutor,
    ) -> None:
        super().__init__(window)
        self._args, self._window, self._hub, self._tasks, self._opener = args, window, hub, tasks, opener
        self._clock = SystemClock()
        self._config = AppConfig(data="")
        self._shell: QObject | None = None
        self._then: GoTo | None = None
        self._not_restored = ""  # the banner of a restore that came to nothing
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.commitDataRequest.connect(self.session_ends, Qt.ConnectionType.DirectConnection)
            application.saveStateRequest.connect(self.session_ends, Qt.ConnectionType.DirectConnection)

    def session_ends(self, _manager: object = None) -> None:
        """Sign-out, shutdown, an installer that needs the files: nothing typed is lost, nothing asked."""
        from jobdesk.ui.shell import Shell

        if isinstance(self._shell, Shell):
            self._shell.session_ends()

    def begin(self) -> None:
        """Read the settings and open what they name."""
        given = {"data": self._args.data, "second": self._args.second, "key_file": self._args.key_file}
        flags = {name: str(value) if value else None for name, value in given.items()}
        try:
            self._config = load_config(flags, os.environ)
        except JobdeskError as error:
            self._hub.trouble.emit(error)
            self._config = load_config({**flags}, {})
        take_rights_of(self._config.paths.data)
        start_log(self._config.paths.logs, logging.getLevelNamesMapping()[self._config.log_level.upper()])
        self._opener.submit(prepare_second, self._config)
        for complaint in self._config.policy.complaints:
            log.warning("policy value not used: %s %s", complaint.value_name, complaint.reason)
            self._hub.trouble.emit(Trouble("policy_value", said=complaint.said))
        application = QApplication.instance()
        if isinstance(application, QApplication) and self._config.theme in ("light", "dark"):
            theme.apply(application, "dark" if self._config.theme == "dark" else "light")
        if self._args.open_file is not None:
            self.show_file(self._args.open_file)
        elif self._args.practice:
            self.open_practice()
        elif self._config.paths.station.exists() or self._unfinished():
            self.open_station()
        else:
            self.first_run()

    def _unfinished(self) -> bool:
        return (self._config.paths.data / "station.restoring.json").exists()

    @property
    def _key_file(self) -> Path | None:
        return Path(self._config.key_file) if self._config.key_file else None

    # ------------------------------------------------------------------ ways in

    def open_station(self) -> None:
        """The station of the settings, with the account's key."""
        paths, key_file, clock = self._config.paths, self._key_file, self._clock

        def job() -> object:
            from jobdesk.services.importing.resuming import finish_imports
            from jobdesk.services.session import find_key, open_session

            session = open_session(paths, find_key(paths, key_file), clock, title=text("app.name"))
            finish_imports(session.desk)
            return session

        self._tasks.deliver(self._opener.submit(job), owner=self, done=self._opened, failed=self._failed)

    def show_file(self, file: Path) -> None:
        """A file was opened by a double click: tell what it is, then go on as usual if that is wanted."""
        self._args.open_file = None
        config = self._config

        def look() -> Opened:
            from jobdesk.host.opened_file import look_at
            from jobdesk.host.publishers import in_force

            return look_at(file, in_force(config))

        def show(found: Opened) -> None:
            from jobdesk.ui.opening.file_page import OpenedFilePage

            def go_on() -> None:
                if found.can_be_taken:
                    self._then = GoTo("settings", part="packs", detail=str(found.path))
                self._window.remove_page(page)
                self.begin()

            page = OpenedFilePage(found, go_on, self._window.close)
            self._window.show_alone(page)

        self._tasks.deliver(self._opener.submit(look), owner=self, done=show, failed=self._hub.trouble.emit)

    def open_practice(self, anew: bool = False) -> None:
        """The practice station, made when it is not there or asked for anew."""
        paths, clock = self._config.paths, self._clock

        def job() -> object:
            from jobdesk.services.practice.making import open_practice, reset_practice
            from jobdesk.services.session import session_of

            return session_of(reset_practice(paths, clock) if anew else open_practice(paths, clock))

        self._tasks.deliver(self._opener.submit(job), owner=self, done=self._opened, failed=self._failed)

    def first_run(self) -> None:
        """A bare PC."""
        from jobdesk.ui.first_run.actions import StationActions, set_by_unit
        from jobdesk.ui.first_run.screen import FirstRunScreen

        def opened(session: object) -> None:
            self._window.remove_page(page)
            self._opened(session)

        actions = StationActions(self._config.paths, self._clock, self._key_file, opened)
        page = FirstRunScreen(actions, self._tasks, set_by_unit=set_by_unit(self._config))
        self._window.show_alone(page)

    def _failed(self, error: Exception) -> None:
        from jobdesk.ui.opening.screen import OpeningScreen

        def opened(session: object) -> None:
            self._window.remove_page(page)
            self._opened(session)

        def retry() -> None:
            self._window.remove_page(page)
            self.begin()

        if not isinstance(error, JobdeskError):  # a bug of ours leaves ways on, too
            self._hub.trouble.emit(error)
            error = Trouble("opening_failed")
        page = OpeningScreen(
            error, self._config.paths, self._clock, self._tasks, opened, retry, self._key_file
        )
        self._window.show_alone(page)

    def _opened(self, session: object, word: Notice | None = None) -> None:
        from jobdesk.services.session import Session
        from jobdesk.ui.shell import Shell

        assert isinstance(session, Session)
        shell = Shell(self._window, self._hub, self._tasks, session)
        shell.ctx.key_file = self._key_file
        shell.ctx.request_restore = self._restore
        shell.ctx.request_practice = self._practice
        shell.ctx.request_practice_reset = self._practice_anew
        shell.ctx.request_own_station = self._own
        self._shell = shell
        shell.then, self._then = self._then, None
        shell.word = word

        def close() -> bool:
            if self._shell is shell:
                shell.close()
                self._tasks.end()
                self._shell = None
                shell.deleteLater()  # with its timers
            return True

        self._window.set_may_close(close)
        shell.begin()

    # ------------------------------------------------------------------ another station

    def _practice(self) -> None:
        self._leave(self.open_practice)

    def _practice_anew(self) -> None:
        self._leave(lambda: self.open_practice(anew=True))

    def _own(self) -> None:
        self._args.practice = False
        self._leave(self.begin)

    def _restore(self, backup: BackupInfo, journal: Path | None) -> None:
        shell = self._shell
        from jobdesk.ui.shell import Shell

        assert isinstance(shell, Shell)
        key, paths = shell.session.station.key, shell.session.station.paths
        self._window.notices.take_away(self._not_restored)  # why an earlier try came to nothing

        def restore() -> None:
            self._tasks.deliver(
                self._opener.submit(lambda: self._swap(backup, key, paths, journal)),
                owner=self, done=restored, failed=self._failed,
            )  # fmt: skip

        def restored(session: Session) -> None:
            word = None
            if session.station.renewed is not None:
                from jobdesk.services.first_start import returned
                from jobdesk.ui.opening.state import restored_said

                word = Notice(restored_said(returned(session, backup)))
            self._opened(session, word)

        self._leave(restore)

    def _swap(self, backup: BackupInfo, key: bytes, paths: StationPaths, journal: Path | None) -> Session:
        from jobdesk.services.first_start import journal_in
        from jobdesk.services.importing.resuming import finish_imports
        from jobdesk.services.session import open_session
        from jobdesk.store.renewing import restore_station
        from jobdesk.ui.notices import words_of

        try:
            folder = journal_in(journal) if journal is not None else None
            restore_station(paths, backup, key, self._clock, journal_folder=folder)
        except JobdeskError as error:
            self._not_restored = words_of(error).sentence
            self._tasks.failed.emit(error)
        session = open_session(paths, key, self._clock, title=text("app.name"))
        finish_imports(session.desk)
        return session

    def _leave(self, then: Callable[[], None]) -> None:
        """Close the open station, empty the window, go on."""
        from jobdesk.ui.shell import Shell

        if isinstance(self._shell, Shell):
            self._shell.leave_page()
            self._window.set_may_close(None)
            self._window.forget_places()  # before the file: no page may ask one that is closed
            self._shell.sync.stop()
            self._shell.session.close()
            self._shell.deleteLater()
            self._shell = None
        QTimer.singleShot(0, self, then)
