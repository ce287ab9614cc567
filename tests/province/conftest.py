"""One PostgreSQL for all tests of the server, and a fresh database for each; SQLite beside it."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from province.db.engine import Database, open_database
from province.migrating import migrate
from tests.province.ground import fill, sqlite_at
from tools.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="jobdesk-pg-"))
    folder.chmod(0o755)
    made = Postgres(folder, durable=False)
    made.start()
    yield made
    made.remove()


def on_postgres(server: Postgres) -> Database:
    """A database of its own, migrated as its owner, opened as the role without bypass."""
    name = f"t{secrets.token_hex(6)}"
    owner, app = server.new_database(name)
    migrate(owner, "测试省")
    server.grant(name)
    db = open_database(app)
    fill(db)
    return db


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        made = sqlite_at(tmp_path)
    else:
        made = on_postgres(request.getfixturevalue("postgres"))
    yield made
    made.engine.dispose()
