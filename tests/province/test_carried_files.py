"""Carried files that nobody could answer: refused before anything is done, and in no other file's way."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jobdesk.cases.codec import encode
from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.messages import PushAnswer, PushHead, Refusal
from jobdesk.protocol.sealing import Way, look
from province import carrying
from province.cli import sticks
from province.cli.sticks import answer_folder
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.test_web import Server
from tools.conformance.carried import brought, file_of, opened
from tools.conformance.desk import NOW, Desk

SMALL_ORDER = (
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)
PULL = ("POST", "/v1/pull", b"{}")


@pytest.fixture
def server(db: Database) -> Server:
    return Server(db)


@pytest.fixture
def desk(server: Server) -> Desk:
    made = Desk(server.http)
    assert made.enrol(server.code()).status_code == 200
    return made


def push(desk: Desk) -> tuple[str, str, bytes]:
    desk.note(secrets.token_hex(12))
    lines = [encode(op) for op in desk.ops]
    head = PushHead(replica=desk.replica, last_seq=len(desk.ops), now_ms=NOW, count=len(lines))
    return "POST", "/v1/push", write_lines(head, lines)


def operations(db: Database) -> int:
    with db.reading(EVERYTHING) as con:
        return con.execute(select(func.count()).select_from(t.op)).scalar_one()


@pytest.mark.parametrize("key", SMALL_ORDER)
def test_a_key_that_nothing_can_be_sealed_to_is_refused_first(server: Server, desk: Desk, key: str) -> None:
    told = brought(desk, file_of(desk, [push(desk)], answer_key=key)[1])
    said = Refusal.model_validate_json(told.content)
    assert (told.status_code, said.error.value, said.detail) == (400, "body", "carried_damaged")
    assert operations(server.db) == 0


def test_what_an_answer_acknowledges_stands_before_the_answer_is_written(
    server: Server, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M-12.5: whoever reads the database at that moment, by another connection, finds it; so would a death."""
    sealed, stood = carrying.seal, list[int]()

    def seal(*args: Any) -> bytes:
        stood.append(operations(server.db))
        return sealed(*args)

    monkeypatch.setattr(carrying, "seal", seal)
    answer = brought(desk, file_of(desk, [push(desk), PULL])[1])
    told = PushAnswer.model_validate_json(opened(desk, answer.content)[1][0])
    assert [v.verdict for v in told.verdicts] == ["accepted"] and told.acked.seq == len(desk.ops)
    assert stood == [len(desk.ops)]


def test_one_bad_file_of_a_folder_keeps_no_other_from_its_answer(
    server: Server, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    stick = tmp_path / "stick"
    stick.mkdir()
    bad, fault, good = stick / "a.jobdesk", stick / "b.jobdesk", stick / "c.jobdesk"
    bad.write_bytes(file_of(desk, [PULL], answer_key="00" * 32)[1])
    fault.write_bytes(file_of(desk, [PULL])[1])
    exchange, data = file_of(desk, [PULL])
    good.write_bytes(data)
    odd, answered = fault.read_bytes(), sticks.carried

    def carried(province: object, data: bytes) -> bytes:
        if data == odd:
            raise RuntimeError("a fault of the program")
        return answered(server.province, data)

    monkeypatch.setattr(sticks, "carried", carried)
    assert answer_folder(server.province, stick) == 1
    caught = capsys.readouterr()
    said = caught.out.splitlines()
    assert [line.partition("：")[0] for line in said] == ["a.jobdesk", "b.jobdesk", "c.jobdesk"]
    assert "重新拷贝" in said[0] and "RuntimeError" in said[1] and "已处理" in said[2]
    logged = json.loads(caught.err)
    assert logged["class"] == "RuntimeError" and "a fault" not in caught.err
    assert logged["frames"][-1].startswith("test_carried_files.py:")
    (back,) = set(stick.iterdir()) - {bad, fault, good}
    envelope = look(back.read_bytes())
    assert (envelope.way, envelope.exchange) == (Way.BACK, exchange)


def test_one_that_cannot_be_read_keeps_no_other_from_its_answer(
    server: Server, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shut, good = tmp_path / "a.jobdesk", tmp_path / "b.jobdesk"
    for path in (shut, good):
        path.write_bytes(file_of(desk, [PULL])[1])
    read = Path.read_bytes

    def reads(path: Path) -> bytes:
        if path == shut:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", reads)
    assert answer_folder(server.province, tmp_path) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("a.jobdesk：没有") and "已处理" in said[1]


def test_a_database_that_is_away_is_told_with_what_to_look_at(
    server: Server, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whatever it was, it said to run migrate."""
    (tmp_path / "a.jobdesk").write_bytes(file_of(desk, [PULL])[1])

    def said(statement: str) -> str:
        def asks(_province: object, _data: bytes) -> bytes:
            with server.db.reading(EVERYTHING) as con:
                con.execute(text(statement))
            raise PoolTimeout

        monkeypatch.setattr(sticks, "carried", asks)
        assert answer_folder(server.province, tmp_path) == 1
        caught = capsys.readouterr()
        assert caught.err == "" and caught.out.startswith("a.jobdesk：没有处理：")
        return caught.out

    assert "先执行 migrate" in said("SELECT 1 FROM there_is_none")
    busy = said("SELECT 1")
    assert "连接都被占用" in busy and "migrate" not in busy
    if server.db.is_postgres:
        slow = said("SET LOCAL statement_timeout = 1; SELECT pg_sleep(10)")
        assert "QueryCanceled 57014" in slow and "migrate" not in slow
