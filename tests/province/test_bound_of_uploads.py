"""Contents of which one machine sends a part and no more: each could have 64 MiB on the server's disk."""

from __future__ import annotations

import os
import secrets
import time
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from jobdesk.protocol.messages import BlobState
from province import uploads
from province.contents import Store
from province.db.engine import Database
from tests.province.test_web import Server
from tools.conformance.desk import Desk, error
from tools.conformance.edges import attached, told_of

BODIES = [secrets.token_bytes(200) for _ in range(uploads.MOST + 2)]


@pytest.fixture
def server(db: Database, tmp_path: Path) -> Server:
    made = Server(db)
    made.province.store = Store(tmp_path / "contents")
    return made


def desk(server: Server) -> Desk:
    made = Desk(server.http)
    assert made.enrol(server.code()).status_code == 200
    for body in BODIES:
        attached(made, digest(body))
    return made


def digest(body: bytes) -> str:
    return sha256(body).hexdigest()


def put(desk: Desk, body: bytes, at: int = 0, until: int = 100) -> httpx.Response:
    return desk.ask("PUT", f"/v1/blobs/{digest(body)}?at={at}&size={len(body)}", body[at:until])


def is_full(answer: httpx.Response) -> bool:
    if answer.status_code == 200:
        return False
    assert (error(answer), answer.json()["detail"]) == ("busy", "uploads")
    assert answer.json()["retry_after_s"] > 0
    return True


def test_a_machine_has_so_many_under_way(server: Server, tmp_path: Path) -> None:
    one, two = desk(server), desk(server)
    *begun, more, small = BODIES
    for body in begun:
        assert not is_full(put(one, body, until=0))  # a name without a byte takes a place too
    assert is_full(put(one, more)) and told_of(one, digest(more))[0].held == 0
    assert not is_full(put(two, more))
    for until in (100, 200):  # what is begun goes on, and makes room once it is whole
        told = put(one, begun[0], at=until - 100, until=until)
        assert told.status_code == 200, told.text
    assert BlobState.model_validate_json(told.content).complete
    assert not is_full(put(one, more, at=100, until=150)) and is_full(put(one, small))
    assert not is_full(put(one, small, until=200))  # what comes at once never lies about
    parts = [p.name for p in (tmp_path / "contents").rglob("*.part")]
    assert len(parts) == uploads.MOST


def test_one_that_stands_still_for_a_day_keeps_nobody_out(server: Server, tmp_path: Path) -> None:
    one = desk(server)
    *begun, more, last = BODIES
    for body in begun:
        put(one, body)
    still = tmp_path / "contents" / digest(begun[3])[:2] / f"{digest(begun[3])}.part"
    os.utime(still, (0, time.time() - 25 * 3600))
    assert not is_full(put(one, more)) and is_full(put(one, last))
    assert told_of(one, digest(begun[3])) == [BlobState(digest=digest(begun[3]), held=0, complete=False)]
    assert not still.exists()


def test_no_digest_of_the_erased_is_left(server: Server, tmp_path: Path) -> None:
    one = desk(server)
    put(one, BODIES[0])
    assert server.province.store is not None
    server.province.store.drop([digest(BODIES[0])])
    assert [p for p in tmp_path.rglob(f"*{digest(BODIES[0])}*") if "contents" in p.parts] == []
