"""The contract: whatever is thrown at any address of the OpenAPI, signed or not, nothing answers 5xx."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from jobdesk.protocol import carried, messages
from jobdesk.protocol.limits import MAX_BLOB_BYTES
from jobdesk.protocol.messages import Message
from jobdesk.protocol.signing import VERSION
from province import enrolling, wall
from province.config import Config
from province.contents import Store
from province.db.engine import EVERYTHING, open_database
from province.serving import Province
from province.web.app import make_app
from tests.province.conftest import on_postgres
from tests.province.ground import sqlite_at
from tests.province.http import Http
from tests.province.test_conformance import Here
from tools.conformance.desk import Desk
from tools.postgres import Postgres

_SECONDS = 40
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@schemathesis.serializer("application/vnd.jobdesk.body", "application/vnd.jobdesk.exchange")
def as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def body_of(case: Any) -> bytes:
    if isinstance(case.body, bytes):
        return case.body
    try:
        return json.dumps(case.body).encode()
    except TypeError:
        return b""


def is_told(contract: Any, case: Any, answer: httpx.Response) -> bool:
    """Whether the contract names this status with this kind of content."""
    told = contract["paths"][case.path][case.method.lower()]["responses"].get(str(answer.status_code), {})
    return answer.headers["content-type"].split(";")[0] in told.get("content", {})


def refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in cast("dict[str, Any]", part).items():
            if key == "$ref":
                yield value
            else:
                yield from refs(value)
    elif isinstance(part, list):
        for value in cast("list[Any]", part):
            yield from refs(value)


def test_the_contract_names_every_message_and_nothing_that_is_not_there() -> None:
    contract: Any = make_app(Province(open_database("sqlite://"), int, str), Config()).openapi()
    schemas = contract["components"]["schemas"]
    assert {r.removeprefix("#/components/schemas/") for r in refs(contract)} <= schemas.keys()
    kinds = [v for m in (messages, carried) for v in vars(m).values() if isinstance(v, type)]
    assert {k.__name__ for k in kinds if issubclass(k, Message) and k is not Message} <= schemas.keys()
    for path, operations in contract["paths"].items():
        for operation in operations.values():
            given = {p["name"] for p in operation.get("parameters", ())}
            assert VERSION in given or not path.startswith("/v1/"), path
            assert "422" not in operation["responses"], path


@pytest.mark.filterwarnings("ignore")
def test_nothing_answers_5xx(tmp_path: Path, postgres: Postgres) -> None:
    """On PostgreSQL, which takes less than SQLite does: no NUL in a text, no value of another type."""
    db = on_postgres(postgres)
    server = Province(db, wall.now_ms, wall.new_id, Store(tmp_path / "contents"))
    app = make_app(server, Config(per_minute=10**9))
    desk = Desk(Here(Http(app)))
    with db.writing(EVERYTHING) as con:
        code = enrolling.issue_code(con, "a", "desk", wall.now_ms())
    assert desk.enrol(code).status_code == 200
    schema = schemathesis.openapi.from_dict(app.openapi())
    end, seen = time.monotonic() + _SECONDS, set[tuple[str, str]]()
    all_of_them = set[tuple[str, str]]()
    for found in schema.get_all_operations():
        operation: Any = cast(Any, found).ok()
        all_of_them.add((operation.method, operation.path))

        @given(case=operation.as_strategy())
        @settings(max_examples=30, deadline=None, suppress_health_check=SLOW, database=None)
        def throw(case: Any) -> None:
            if time.monotonic() > end and (case.method, case.path) in seen:  # each is asked, however slow
                return
            path = case.path
            for name, value in (case.path_parameters or {}).items():
                path = path.replace("{" + name + "}", quote(str(value), safe=""))
            query = urlencode({k: str(v) for k, v in (case.query or {}).items()})
            target = path + (f"?{query}" if query else "")
            for answer in (
                desk.ask(case.method, target, body_of(case)),
                desk.wire.request(case.method, target, body_of(case), {}),
            ):
                assert answer.status_code < 500, (case.method, target, case.body)
                assert is_told(app.openapi(), case, answer), (case.method, target, answer.status_code)
            seen.add((case.method, case.path))

        throw()
    asked = {(m.upper(), p) for m, p in seen}
    assert asked == {(m.upper(), p) for m, p in all_of_them} and ("POST", "/v1/carried") in asked
    db.engine.dispose()


@pytest.mark.parametrize(
    "query", ["at=-1", "at=x", f"at={MAX_BLOB_BYTES + 1}", "size=99999999999999999999999"]
)
def test_a_query_that_is_none_is_told_like_every_refusal(tmp_path: Path, query: str) -> None:
    db = sqlite_at(tmp_path)
    http = Http(make_app(Province(db, wall.now_ms, wall.new_id), Config()))
    answer = http.request("PUT", f"/v1/blobs/{'0' * 64}?{query}", b"", {})
    assert answer.status_code == 400 and answer.json()["error"] == "body"
    db.engine.dispose()
