"""Carried files that ask for more than a file can hold, or longer than others can wait."""

from __future__ import annotations

import itertools
import secrets
from typing import Any

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import encode
from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.messages import PullAsk, PushAnswer, PushHead, Refusal
from jobdesk.protocol.sealing import HEAD
from province import carried_requests, carrying
from province.carrying import carried
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from tests.province.test_web import Server
from tools.conformance.carried import brought, file_of, opened
from tools.conformance.desk import NOW, Desk

LITTLE = ("POST", "/v1/pull", PullAsk(max_bytes=1).model_dump_json().encode())


@pytest.fixture
def server(db: Database) -> Server:
    return Server(db)


def enrolled(server: Server) -> Desk:
    made = Desk(server.http)
    assert made.enrol(server.code()).status_code == 200
    return made


@pytest.fixture
def desk(server: Server) -> Desk:
    return enrolled(server)


def a_push(desk: Desk, actions: int) -> tuple[str, str, bytes]:
    """Of another life: one is not in the way of the next."""
    lost = Desk(desk.wire, desk.key, enrolled=desk.enrolled)
    for _ in range(actions):
        lost.note(secrets.token_hex(12))
    head = PushHead(replica=lost.replica, last_seq=actions, now_ms=NOW, count=actions)
    return "POST", "/v1/push", write_lines(head, [encode(op) for op in lost.ops])


def test_an_answer_is_never_larger_than_a_file_whatever_came(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal says what it refuses, and quotes were twice as long in it."""
    most = 1 << 20
    monkeypatch.setattr(carrying, "MAX_CARRIED_BYTES", most)
    odd = b'{"cursors":[1],"x":"' + b'\\"' * 100_000 + b'"}'
    for path in ("/v1/pull", "/v1/transfer", "/v1/bootstrap"):
        told = brought(desk, file_of(desk, [("POST", path, odd)] * 8, max_bytes=1 << 30)[1])
        assert told.status_code == 200 and len(told.content) <= most
        back, bodies = opened(desk, told.content)
        assert back.more and 1 <= len(bodies) < 8
        assert {Refusal.model_validate_json(b).error.value for b in bodies} == {"body"}


def test_no_push_is_taken_whose_verdicts_would_have_no_room(
    server: Server, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = carrying._HEAD_ROOM + HEAD + 200_000
    monkeypatch.setattr(carrying, "MAX_CARRIED_BYTES", most)
    pushes = [a_push(desk, 400) for _ in range(5)]
    left, trips = pushes, 0
    while left:
        trips += 1
        told = brought(desk, file_of(desk, left, max_bytes=1 << 30, refill=True)[1])
        assert len(told.content) <= most
        back, bodies = opened(desk, told.content)
        answers = [PushAnswer.model_validate_json(b) for b in bodies]
        assert answers and all(len(a.verdicts) == a.acked.seq == 400 for a in answers)
        left = left[len(bodies) :]
        assert (back.more, back.refill) == (bool(left), not left)
        with server.db.reading(EVERYTHING) as con:
            assert len(con.execute(select(t.op.c.op_id)).all()) == 400 * (5 - len(left))
    assert trips > 1


def test_a_file_is_worked_on_so_long_and_the_rest_comes_with_the_next_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five thousand pulls of a byte held one of two places for minutes: each became all pages of the stream."""
    for _ in range(40):
        desk.note(secrets.token_hex(12))
    desk.push()
    clock = itertools.count()
    monkeypatch.setattr(carried_requests, "monotonic", lambda: carrying.monotonic() + next(clock))
    back, bodies = opened(desk, brought(desk, file_of(desk, [LITTLE] * 20)[1]).content)
    assert back.more and 20 < len(bodies) <= carrying.MOST_S
    monkeypatch.setattr(carrying, "MOST_S", 0)  # something is done in any case
    first, second = a_push(desk, 1), a_push(desk, 1)
    back, bodies = opened(desk, brought(desk, file_of(desk, [first, second], refill=True)[1]).content)
    assert (len(bodies), back.more, back.refill) == (1, True, False)
    assert PushAnswer.model_validate_json(bodies[0]).acked.seq == 1


def test_one_machine_has_one_file_in_work(
    server: Server, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its second one would have the place that is left for everybody else."""
    mine, others = file_of(desk, [LITTLE])[1], file_of(enrolled(server), [LITTLE])[1]
    answered, met = carrying.answer, list[Any]()

    def meanwhile(*given: Any) -> None:
        if not met:
            for file in (mine, others):
                met.append(None)
                try:
                    met[-1] = bool(carried(server.province, file))
                except Refused as no:
                    met[-1] = (no.error.value, no.detail, no.retry_after_s)
        answered(*given)

    monkeypatch.setattr(carrying, "answer", meanwhile)
    for _ in range(2):  # and afterwards the place is free
        assert brought(desk, mine).status_code == 200
    assert met == [("busy", "device", 5), True]


def test_a_version_of_thousands_of_figures_is_told_in_short(desk: Desk) -> None:
    told = Refusal.model_validate_json(brought(desk, file_of(desk, [], protocol=10**4000)[1]).content)
    assert (told.error.value, told.detail) == ("upgrade", "1" + "0" * 19)
