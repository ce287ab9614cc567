"""Whether the tables are those of this program: a forgotten ``migrate`` is told, not found out by errors."""

from __future__ import annotations

import logging
import threading
import time
from enum import StrEnum
from functools import cache

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from province.db.engine import EVERYTHING, Database
from province.identity import identity
from province.migrating import settings

_EVERY_S = 1.0
"""Own figure: so often the database is asked again while it does not fit."""
_LOG = logging.getLogger("province")


class Fit(StrEnum):
    """What the database is to the program; the values stand at ``/ready``."""

    FITS = "fits"
    OLDER = "schema older than the program"
    NEWER = "schema newer than the program"


SAID = {
    Fit.OLDER: "数据库的表还没有建立或升级到本程序的版本：请执行 province migrate，完成后自动恢复服务。",
    Fit.NEWER: "数据库的表属于更新版本的程序：请安装该版本后重新启动，或按“备份与恢复”恢复升级前的备份。",
}
"""For the log and the view."""


@cache
def _revisions() -> tuple[str | None, frozenset[str]]:
    """The newest of this program, and all that it knows."""
    script = ScriptDirectory.from_config(settings(""))
    return script.get_current_head(), frozenset(r.revision for r in script.walk_revisions())


class Schema:
    """Of one process. Nothing is asked any more once it fits, but by ``/ready``."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked, self._began = float("-inf"), float("inf")
        self._asking = threading.Lock()
        self._last = Fit.FITS
        self._told = Fit.FITS
        self.is_known_to_fit = False

    def at_request(self) -> Fit:
        """As it was found within the last second. One asks, and no other waits for a database that does not
        answer: its thread is wanted. Raises what the database does when it is away.
        """
        if not self.is_known_to_fit and self._asking.acquire(timeout=self._patience()):
            try:
                if time.monotonic() - self._asked >= _EVERY_S:
                    self._ask()
            finally:
                self._asking.release()
        return Fit.FITS if self.is_known_to_fit else self._last

    def _patience(self) -> float:
        """Only the first look is worth a wait, and a short one: nothing is known before it."""
        if self._asked > float("-inf"):
            return 0
        return max(0.0, min(_EVERY_S, self._began + _EVERY_S - time.monotonic()))

    def _ask(self) -> None:
        self._began = time.monotonic()
        try:
            self.look()
        finally:
            self._asked = time.monotonic()

    def look(self) -> Fit:
        """Ask the database; a change for the worse is told in the log once."""
        with self._db.reading(EVERYTHING) as con:
            self._last = _found(con)
        self.is_known_to_fit = self._last is Fit.FITS
        if self._last is not self._told and not self.is_known_to_fit:
            _LOG.error(SAID[self._last])
        self._told = self._last
        return self._last


def _found(con: Connection) -> Fit:
    head, known = _revisions()
    if not inspect(con).has_table("alembic_version"):
        return Fit.OLDER
    there = set(con.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if there - known:
        return Fit.NEWER
    if there != {head}:
        return Fit.OLDER
    try:
        identity(con)
    except KeyError:  # migrate did not come to its end
        return Fit.OLDER
    return Fit.FITS
