"""Where a command works: settings, clock, and the ways to open the station there."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused
from jobdesk.host.paths import PRACTICE_FOLDER, StationPaths
from jobdesk.host.settings_file import AppConfig, prepare_second
from jobdesk.services.session import Session, find_key, open_session


@dataclass(frozen=True, slots=True)
class Place:
    """The station a command is about."""

    config: AppConfig
    clock: Clock

    @property
    def paths(self) -> StationPaths:
        return self.config.paths

    @property
    def key_file(self) -> Path | None:
        return Path(self.config.key_file) if self.config.key_file else None

    @contextmanager
    def session(self, *, writable: bool, title: str) -> Generator[Session]:
        """The open station; commands that write are refused while a window holds it.

        An import that was cut off is finished first, by whoever writes next.

        Raises:
            Refused: no station here, a key file that is missing or open to others.
            FileLocked, WrongKey, DamagedFile: as the file says.
        """
        if not self.paths.station.exists() and not (self.paths.data / "station.restoring.json").exists():
            none = "no_practice" if self.paths.data.name == PRACTICE_FOLDER else "no_station"
            raise Refused(none, path=str(self.paths.data))
        prepare_second(self.config)
        key = find_key(self.paths, self.key_file)
        session = open_session(self.paths, key, self.clock, title=title, writable=writable)
        if not session.chosen and (active := [s for s in session.staff if s.is_active]):
            session.desk = session.desk.as_actor(active[0].id)
        try:
            if writable:
                from jobdesk.services.importing.resuming import finish_imports

                finish_imports(session.desk)
            yield session
        finally:
            session.close()

    @contextmanager
    def reading(self, title: str) -> Generator[Session]:
        """A session for reading. Unfinished imports are finished first where nobody else has the file."""
        from jobdesk.services.importing.resuming import has_unfinished

        with self.session(writable=False, title=title) as session:
            unfinished = has_unfinished(session.desk)
            if not unfinished or self._is_held():
                yield session
                return
        with self.session(writable=True, title=title) as session:
            yield session

    def _is_held(self) -> bool:
        from jobdesk.store.holder import who_holds

        return who_holds(self.paths.lock) is not None
