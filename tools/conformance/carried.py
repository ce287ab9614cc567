"""M-12: an exchange in a file, there and back, over ``POST /v1/carried``."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import httpx

from jobdesk.cases.codec import encode
from jobdesk.protocol.bodies import read_body, write_lines
from jobdesk.protocol.carried import CarriedAsk, CarriedBack, CarriedHead, cut, read_head, write_parts
from jobdesk.protocol.limits import MAX_CARRIED_BYTES, MAX_CARRIED_PARTS, PROTOCOL
from jobdesk.protocol.messages import Cursor, Place, PullAsk, PullHead, PushAnswer, PushHead
from jobdesk.protocol.sealing import Way, answer_key, exchange_public, look, seal, unseal
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION
from tools.conformance.desk import NOW, Desk, error


def file_of(
    desk: Desk, requests: Sequence[tuple[str, str, bytes]], key: bytes = b"", **said: object
) -> tuple[str, bytes]:
    """(exchange, file) with these requests, signed by the desk or by another key."""
    assert desk.enrolled is not None
    exchange = secrets.token_hex(16)
    values: dict[str, Any] = {
        "exchange": exchange, "protocol": PROTOCOL, "device": desk.enrolled.device, "number": 1,
        "made_ms": NOW, "answer_key": exchange_public(answer_key(desk.key)).hex(), "max_bytes": 1 << 24,
        "asks": [CarriedAsk(method=m, path=p, size=len(b)) for m, p, b in requests],
    }  # fmt: skip
    head = CarriedHead.model_construct(None, **values | said)  # unchecked: what is too much is asked too
    content = write_parts(head, [b for _, _, b in requests])
    return exchange, seal(
        content, Way.OUT, exchange, bytes.fromhex(desk.enrolled.exchange_key), key or desk.key
    )


def brought(desk: Desk, data: bytes, **headers: str) -> httpx.Response:
    """By somebody who is nobody."""
    return desk.wire.request("POST", "/v1/carried", data, {VERSION: "1", **headers})


def opened(desk: Desk, data: bytes) -> tuple[CarriedBack, list[bytes]]:
    """An answer, its seal and its signature proven."""
    assert desk.enrolled is not None
    letter = unseal(data, answer_key(desk.key))
    assert letter.envelope.way is Way.BACK and letter.is_by(bytes.fromhex(desk.enrolled.signing_key))
    back, rest = read_head(letter.content, CarriedBack)
    assert back.exchange == letter.envelope.exchange and back.device == desk.enrolled.device
    return back, cut(rest, [r.size for r in back.replies])


def m_12_carried_files(one: Desk, other: Desk) -> None:
    desk = Desk(one.wire, one.key, enrolled=one.enrolled)
    desk.note(secrets.token_hex(12))
    lines = [encode(op) for op in desk.ops]
    push = write_lines(
        PushHead(replica=desk.replica, last_seq=len(desk.ops), now_ms=NOW, count=len(lines)), lines
    )
    pull = (
        PullAsk(cursors=[Cursor(stream=desk.stream, at=Place())], max_bytes=2000).model_dump_json().encode()
    )
    exchange, data = file_of(desk, [("POST", "/v1/push", push), ("POST", "/v1/pull", pull)])
    answer = brought(desk, data)
    assert answer.status_code == 200, answer.text
    assert (
        look(answer.content).exchange == exchange and desk.replica.encode() not in data + answer.content
    )  # M-12.1
    back, bodies = opened(desk, answer.content)
    now = desk.hello()
    assert (back.number, back.hello.epoch) == (1, now.epoch)  # what M-12.9 to M-12.11 stand on at the desk
    assert 0 <= now.now_ms - back.made_ms < 600_000
    told = PushAnswer.model_validate_json(bodies[0])
    assert told.acked.seq == len(desk.ops) and told.verdicts[0].verdict == "accepted"  # M-12.5
    pages = [read_body(b, PullHead)[0] for b in bodies[1:]]
    at, more = Place(), True
    for head in pages:  # M-12.6: to the end, each from where the last one ended
        page = next(p for p in head.pages if p.stream == desk.stream)
        assert more and page.start == at
        at, more = page.end, head.more
    assert not more and at.seq == pages[-1].pages[0].head >= len(desk.ops)
    again = opened(desk, brought(desk, data).content)  # M-12.4
    assert PushAnswer.model_validate_json(again[1][0]).verdicts[0].verdict == "already"
    for hurt in (
        data[:-1],
        data[:200] + bytes([data[200] ^ 1]) + data[201:],
        b"",
        b"x" * 300,
        answer.content,
    ):
        assert error(brought(desk, hurt)) == "body"  # M-12.2
    forged = file_of(desk, [("POST", "/v1/pull", pull)], key=other.key)[1]
    assert error(brought(desk, forged)) == "bad_signature"
    nowhere = file_of(desk, [("POST", "/v1/pull", pull)], answer_key="00" * 32)[1]
    assert error(brought(desk, nowhere)) == "body"  # nothing can be sealed to it
    assert error(brought(desk, file_of(desk, [], device="nobody")[1])) == "unknown_device"
    theirs = file_of(other, [("POST", "/v1/pull", pull)])[1]  # M-12.3: the scope of who signed
    assert b"out_of_scope" in opened(other, brought(desk, theirs).content)[1][0]
    little = opened(desk, brought(desk, file_of(desk, [("POST", "/v1/pull", pull)], max_bytes=1)[1]).content)
    assert little[0].more or len(little[1]) == 1
    _refuses_what_is_too_much(desk, pull)  # M-12.7
    _goes_on_behind_a_wrong_cursor(desk)
    nonce = desk.hello().nonce  # M-12.8
    wrong = {DEVICE: desk.enrolled.device if desk.enrolled else "", NONCE: nonce, SIGNATURE: "0" * 128}
    assert error(brought(desk, data, **wrong)) == "bad_signature"


def _refuses_what_is_too_much(desk: Desk, pull: bytes) -> None:
    """Files that are sound in every other way."""
    many = [("POST", "/v1/nothing", b"")] * MAX_CARRIED_PARTS
    assert brought(desk, file_of(desk, many, max_bytes=1)[1]).status_code == 200
    assert error(brought(desk, file_of(desk, [*many, ("POST", "/v1/nothing", b"")])[1])) == "body"
    part = secrets.token_bytes(MAX_CARRIED_BYTES // 16)
    wide = [("POST", "/v1/pull", pull), *[("POST", "/v1/nothing", part)] * 16]
    assert error(brought(desk, file_of(desk, wide)[1])) == "body"


def _goes_on_behind_a_wrong_cursor(desk: Desk) -> None:
    """M-12.6: told, and the stream follows from its beginning."""
    wrong = PullAsk(cursors=[Cursor(stream=desk.stream, at=Place(seq=1, hash="f" * 64))])
    asked = file_of(desk, [("POST", "/v1/pull", wrong.model_dump_json().encode())])[1]
    back, bodies = opened(desk, brought(desk, asked).content)
    assert [r.status for r in back.replies[:2]] == [409, 200] and b"diverged" in bodies[0]
    pages = [p for b in bodies[1:] for p in read_body(b, PullHead)[0].pages if p.stream == desk.stream]
    assert pages[0].start == Place() and pages[-1].end.seq == pages[-1].head
