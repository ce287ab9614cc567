"""Bringing a database up to date: its own command, never a side effect of serving."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config as AlembicConfig

from province import identity, stations
from province.db.engine import EVERYTHING, open_database


def settings(url: str) -> AlembicConfig:
    """Alembic's settings without a file of its own."""
    made = AlembicConfig()
    made.set_main_option("script_location", str(files("province.db") / "migrations"))
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def migrate(url: str, name: str) -> None:
    """To the newest tables, as their owner; the server's own facts are made where they are missing."""
    command.upgrade(settings(url), "head")
    db = open_database(url)
    with db.writing(EVERYTHING) as con:
        identity.found(con, name)
        stations.count(con)
    db.engine.dispose()
