"""A database whose tables are not those of the program: told by everybody whom it concerns, and no 5xx."""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jobdesk.protocol.signing import VERSION
from province import identity
from province.config import Config
from province.db.engine import EVERYTHING, Database, open_database
from province.migrating import migrate, settings
from province.schema import Fit, Schema
from province.serving import Province
from province.web.app import make_app
from tests.province.ground import NOW, fill
from tests.province.http import Http
from tools.postgres import Postgres

ASKED = (("GET", "/v1/hello"), ("POST", "/v1/push"), ("POST", "/v1/pull"), ("POST", "/v1/carried"))


@pytest.fixture(params=["sqlite", "postgresql"])
def at(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database, as its owner."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'province.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database(f"t{tmp_path.name.encode().hex()[-20:]}")[0]


def served(db: Database) -> Http:
    return Http(make_app(Province(db, lambda: NOW, lambda: "id"), Config(per_minute=1000)))


def all_wait(http: Http, word: str, way_out: str) -> None:
    ready = http.get("/ready")
    assert (ready.status_code, word in ready.text) == (503, True), ready.text
    for method, path in ASKED:
        told = http.request(method, path, b"{}", {VERSION: "1"})
        assert (told.status_code, told.json()["error"], told.json()["detail"]) == (429, "busy", "schema")
        assert int(told.headers["Retry-After"]) == told.json()["retry_after_s"] > 0
    view = http.get("/view")
    assert view.status_code == 503 and way_out in view.text


@pytest.mark.parametrize("revision", ["", "0014"])
def test_migrate_was_forgotten(
    at: str, revision: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("province.schema._EVERY_S", 0.0)
    db = open_database(at)
    if revision:
        command.upgrade(settings(at), revision)
        with db.writing(EVERYTHING) as con:
            identity.found(con, "旧省")
    http = served(db)
    all_wait(http, "older", "province migrate")
    said = [r.getMessage() for r in caplog.records if r.name == "province" and r.levelno == logging.ERROR]
    assert [m for m in said if "province migrate" in m] == said[:1], "once, not at every request"
    migrate(at, "省")
    assert http.request("GET", "/v1/hello", b"", {VERSION: "1"}).status_code == 200, "without a restart"
    assert http.get("/ready").status_code == 200 and http.get("/view").status_code == 403
    db.engine.dispose()


def test_a_newer_program_had_it(at: str) -> None:
    migrate(at, "省")
    db = open_database(at)
    fill(db)
    http = served(db)
    assert http.get("/ready").status_code == 200
    with db.writing(EVERYTHING) as con:
        con.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    all_wait(http, "newer", "更新版本")
    db.engine.dispose()


def test_once_it_fits_nobody_asks_again(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(at, "省")
    db = open_database(at)
    http, asked = served(db), list[int]()
    look = Schema.look

    def counted(schema: Schema) -> Fit:
        asked.append(1)
        return look(schema)

    monkeypatch.setattr(Schema, "look", counted)
    for _ in range(5):
        assert http.request("GET", "/v1/hello", b"", {VERSION: "1"}).status_code == 200
    assert len(asked) == 1
    db.engine.dispose()


def test_one_asks_a_database_that_does_not_answer(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All requests asked at once: no thread was left for anything else."""
    asked, entered, answers = list[int](), threading.Event(), threading.Event()

    @contextmanager
    def silent(_db: Database, _scope: str) -> Generator[Connection]:
        asked.append(1)
        entered.set()
        answers.wait(60)
        raise PoolTimeout
        yield

    monkeypatch.setattr(Database, "reading", silent)
    schema = Schema(open_database(at))
    with ThreadPoolExecutor(12) as requests:
        for _ in range(2):  # at the start of the process, and after it was found to be away
            entered.clear()
            answers.clear()
            first = requests.submit(schema.at_request)
            assert entered.wait(30)
            others = [requests.submit(schema.at_request) for _ in range(8)]
            _, hanging = wait(others, timeout=15)
            seen = len(asked)
            answers.set()
            assert not hanging and all(other.result() is Fit.FITS for other in others)
            with pytest.raises(PoolTimeout):
                first.result(30)
            assert seen == 1
            asked.clear()
            monkeypatch.setattr("province.schema._EVERY_S", 0.0)


def test_the_first_look_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's work is tried on tables of which nothing is known yet."""
    monkeypatch.setattr("province.schema._EVERY_S", 30.0)
    schema = Schema(open_database("sqlite://"))
    entered, answers = threading.Event(), threading.Event()

    def look() -> Fit:
        entered.set()
        answers.wait(30)
        schema._last = Fit.OLDER  # pyright: ignore[reportPrivateUsage]
        return Fit.OLDER

    monkeypatch.setattr(schema, "look", look)
    with ThreadPoolExecutor(3) as requests:
        first = requests.submit(schema.at_request)
        assert entered.wait(30)
        other = requests.submit(schema.at_request)
        assert not wait([other], timeout=0.05).done
        answers.set()
        assert first.result(30) is other.result(30) is Fit.OLDER


def test_an_address_or_a_method_that_there_is_not_is_a_refusal_too(at: str) -> None:
    migrate(at, "省")
    db = open_database(at)
    http = served(db)
    for method, path, status in (("GET", "/v1/nothing", 404), ("GET", "/v1/push", 405), ("PUT", "/x", 404)):
        told = http.request(method, path, b"", {VERSION: "1"})
        assert (told.status_code, told.json()["error"]) == (status, "body"), path
        assert status == 404 or "POST" in told.headers["Allow"]
    db.engine.dispose()
