"""A folder of contents that cannot be used: desks come again, and what was done is answered as done."""

from __future__ import annotations

import logging
import secrets
from hashlib import sha256
from pathlib import Path

import pytest

from jobdesk.cases.ops import Kind, NewOp, Subject, opened
from jobdesk.protocol.messages import BlobsAsk
from province.contents import Store
from province.db.engine import Database
from tests.province.test_carried_files import PULL
from tests.province.test_web import Server
from tools.conformance.carried import brought, file_of
from tools.conformance.carried import opened as unsealed
from tools.conformance.desk import Desk, error

DATA = b"paper"
DIGEST = sha256(DATA).hexdigest()
PUT = f"/v1/blobs/{DIGEST}?at=0&size={len(DATA)}"


@pytest.fixture
def server(db: Database, tmp_path: Path) -> Server:
    made = Server(db)
    made.province.store = Store(tmp_path / "contents")
    return made


@pytest.fixture
def desk(server: Server) -> Desk:
    """It has named a paper."""
    made = Desk(server.http)
    assert made.enrol(server.code()).status_code == 200
    case = Subject("case", secrets.token_hex(8))
    made.act(opened(case, "case", case.id, {"name": "x"}))
    made.act(opened(case, "attachment", "f1", {"digest": DIGEST}, kind=Kind.ATTACHMENT_ADDED))
    made.push()
    return made


def shut(server: Server, tmp_path: Path) -> None:
    """A file stands where the folder should: a full or read-only disk fails alike, also for root."""
    (tmp_path / "file").write_bytes(b"")
    server.province.store = Store(tmp_path / "file" / "contents")


def test_bytes_wait_until_the_folder_can_be_used(
    server: Server, desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = server.province.store
    shut(server, tmp_path)
    for method in ("PUT", "GET"):
        told = desk.ask(method, PUT, DATA if method == "PUT" else b"")
        assert (told.status_code, error(told), told.json()["detail"]) == (429, "busy", "contents")
    assert (
        desk.ask("POST", "/v1/blobs", BlobsAsk(digests=[DIGEST]).model_dump_json().encode()).status_code
        == 200
    )
    said = [r for r in caplog.records if r.name == "province" and r.levelno == logging.ERROR]
    assert said and "CONTENTS" in said[0].getMessage() and DIGEST not in str([vars(r) for r in said])
    file = file_of(desk, [("PUT", PUT, DATA), PULL])[1]
    back, _ = unsealed(desk, brought(desk, file).content)
    assert [r.status for r in back.replies[:2]] == [429, 200], "the others of the file are answered"
    server.province.store = whole
    assert desk.ask("PUT", PUT, DATA).status_code == 200


def test_an_erasure_whose_bytes_cannot_go_yet_is_answered_as_done_and_made_up_for(
    server: Server, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.ask("PUT", PUT, DATA).status_code == 200
    store = server.province.store
    assert store is not None and store.state(DIGEST).complete

    def full(store: Store, digests: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as context:
        context.setattr(Store, "drop", full)
        desk.act(NewOp(Kind.ERASED, desk.ops[0].subject, {"reason": "request"}))
        told = desk.send()
        assert told.status_code == 200 and told.json()["verdicts"][0]["verdict"] == "accepted"
        assert store.state(DIGEST).complete
    server.ms += 3_600_000
    server.province.afterwards.go(1000)
    assert not store.state(DIGEST).complete
