"""Bodies that are sound but for the one thing a MUST forbids: who holds to it only by luck is found out."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from zlib import compress

import httpx

from jobdesk.cases.ops import Kind, NewOp, Subject, opened
from jobdesk.protocol import limits
from jobdesk.protocol.messages import BlobsAsk, BlobState
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION, request_bytes, sign
from tools.conformance.desk import NOW, Desk, Ground, Skipped, error, fresh


def m_2_1_all_of_a_request_is_signed(g: Ground) -> None:
    digest = "0" * 64
    signed = ("POST", "/v1/pull", b"{}")
    for said, sent in (
        (signed, ("POST", "/v1/pull", b'{"max_bytes":1000}')),
        (("POST", "/v1/renew", b""), ("POST", "/v1/pull", b"")),
        (signed, ("POST", "/v1/stations", b"{}")),
        (("GET", f"/v1/blobs/{digest}?at=0", b""), ("GET", f"/v1/blobs/{digest}?at=1", b"")),
        (("PUT", f"/v1/blobs/{digest}?at=0", b""), ("GET", f"/v1/blobs/{digest}?at=0", b"")),
    ):
        assert error(_said_and_sent(g.one, said, sent)) == "bad_signature", sent
    assert _said_and_sent(g.one, signed, signed).status_code == 200


def _said_and_sent(desk: Desk, said: tuple[str, str, bytes], sent: tuple[str, str, bytes]) -> httpx.Response:
    nonce = desk.hello().nonce
    assert desk.enrolled is not None
    headers = {VERSION: desk.version, DEVICE: desk.enrolled.device, NONCE: nonce,
               SIGNATURE: sign(desk.key, request_bytes(*said, nonce))}  # fmt: skip
    return desk.wire.request(*sent, headers)


def _padded(pad: str) -> bytes:
    """A push of nothing, with a key that nobody knows (M-1.4): sound in every way but its size."""
    head = {"replica": fresh(), "now_ms": NOW, "count": 0, "pad": pad}
    return compress(json.dumps(head).encode(), 6)


def m_3_1_and_3_2_limits(g: Ground) -> None:
    told = g.one.hello().limits
    assert told.body_bytes <= limits.MAX_BODY_BYTES and told.batch_bytes <= limits.MAX_BATCH_BYTES
    assert told.operation_bytes <= limits.MAX_OP_BYTES and told.streams <= limits.MAX_STREAMS
    assert g.one.ask("POST", "/v1/push", _padded("x" * 1000)).status_code == 200
    wide = _padded(b64encode(secrets.token_bytes(told.body_bytes * 11 // 10)).decode())
    assert len(wide) > told.body_bytes
    deep = _padded(bin(1 << told.batch_bytes | secrets.randbits(told.batch_bytes))[2:])
    assert len(deep) < told.body_bytes
    bomb = _padded("0" * (16 * told.batch_bytes))
    little = _padded(
        "0" * (told.batch_bytes // 4)
    )  # within every other limit, and a thousand times what came
    assert limits.MAX_INFLATION * len(little) < told.batch_bytes // 4
    for body in (wide, deep, bomb, little, b"x" * (told.body_bytes + 1), b"", b"\x78\x9c", b"{"):
        answer = g.one.ask("POST", "/v1/push", body)
        assert answer.status_code == 400 and error(answer) == "body", len(body)


def m_9_4_and_9_5_contents(g: Ground) -> None:
    body = secrets.token_bytes(5000)
    digest = sha256(body).hexdigest()

    def put(at: int, until: int, content: bytes = body) -> httpx.Response:
        return g.one.ask("PUT", f"/v1/blobs/{digest}?at={at}&size={len(body)}", content[at:until])

    def held(at: int, until: int) -> BlobState:
        answer = put(at, until)
        assert answer.status_code == 200, answer.text
        return BlobState.model_validate_json(answer.content)

    refused = put(0, 5000)
    if error(refused) == "busy":
        raise Skipped("this server keeps no contents, and says so")
    assert error(refused) == "out_of_scope"
    first, second = (attached(g.one, digest) for _ in range(2))
    assert error(put(0, 5000, bytes(5000))) == "body"  # M-9.5: another digest, refused whole
    assert told_of(g.one, digest) == [BlobState(digest=digest, held=0, complete=False)]
    assert held(0, 1234).held == 1234 and held(3000, 5000).held == 1234 and held(1234, 5000).complete
    got = g.two.ask("GET", f"/v1/blobs/{digest}?at=4000")
    assert got.content == body[4000:] and got.headers["Jobdesk-Size"] == "5000"
    assert error(g.other.ask("GET", f"/v1/blobs/{digest}?at=0")) == "out_of_scope"
    assert told_of(g.other, digest) == []
    for subject, left in ((first, 200), (second, 403)):  # M-9.4: with the last that names it
        g.one.act(NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"}))
        g.one.push()
        assert g.two.ask("GET", f"/v1/blobs/{digest}?at=0").status_code == left
    assert told_of(g.one, digest) == []


def m_8_6_pushes_are_counted(g: Ground) -> None:
    """Where a server counts at all. Who heard of more than it knows is told so until he says what it says."""
    first = g.one.push([]).heard
    if not first:
        return
    second = g.one.push([], heard=first).heard
    assert second > first
    told = {g.one.push([], heard=second + 50).heard for _ in range(3)}
    assert told == {second}, "a server that was restored has to tell it again when its answer was lost"
    assert g.one.push([], heard=second).heard == second + 1


EDGES: tuple[Callable[[Ground], None], ...] = (
    m_2_1_all_of_a_request_is_signed, m_3_1_and_3_2_limits, m_8_6_pushes_are_counted, m_9_4_and_9_5_contents,
)  # fmt: skip


def attached(desk: Desk, digest: str) -> str:
    subject = fresh()
    values = {"digest": digest, "file_name": "a"}
    desk.act(opened(Subject("case", subject), "attachment", fresh(), values, kind=Kind.ATTACHMENT_ADDED))
    desk.push()
    return subject


def told_of(desk: Desk, digest: str) -> list[BlobState]:
    answer = desk.ask("POST", "/v1/blobs", BlobsAsk(digests=[digest]).model_dump_json().encode())
    return [BlobState.model_validate(one) for one in answer.json()["blobs"]]
