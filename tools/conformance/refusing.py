"""Requests that are none, at every address: who asks, in which version, and what is said to them (M-1.1, M-2, M-10)."""

from __future__ import annotations

import json
from collections.abc import Callable
from zlib import compress

import httpx

from jobdesk.cases.codec import encode
from jobdesk.protocol.codes import STATUS, ErrorCode
from jobdesk.protocol.messages import Refusal
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION, new_device_key
from tools.conformance.desk import Desk, Ground, error, fresh

_BLOB = f"/v1/blobs/{'0' * 64}"
_SIGNED = (
    ("POST", "/v1/renew"), ("POST", "/v1/push"), ("POST", "/v1/pull"), ("POST", "/v1/bootstrap"),
    ("POST", "/v1/transfer"), ("POST", "/v1/stations"), ("POST", "/v1/blobs"),
    ("PUT", f"{_BLOB}?at=0&size=1"), ("GET", f"{_BLOB}?at=0"),
)  # fmt: skip
"""Section 11, but for what is signed by the key it brings and what need not be signed."""
_ALL = (*_SIGNED, ("POST", "/v1/enrol"), ("POST", "/v1/carried"))


def _bare(desk: Desk, method: str, path: str, **headers: str) -> httpx.Response:
    return desk.wire.request(method, path, b"", headers)


def m_1_1_a_request_without_a_version(g: Ground) -> None:
    for method, path in _ALL:
        for headers in ({}, {VERSION: ""}, {VERSION: "one"}):
            assert error(_bare(g.one, method, path, **headers)) == "upgrade", (path, headers)


def m_2_1_at_every_address(g: Ground) -> None:
    assert g.one.enrolled is not None
    known = {VERSION: "1", DEVICE: g.one.enrolled.device, NONCE: g.one.hello().nonce}
    for method, path in _SIGNED:
        assert error(_bare(g.one, method, path, **{VERSION: "1"})) == "unsigned", path
        forged = _bare(g.one, method, path, **known, **{SIGNATURE: "00" * 64})
        assert error(forged) == "bad_signature", path


def m_2_1_enrol_is_signed_by_the_key_it_brings(g: Ground) -> None:
    """Asked with a code that was good, before the first desk used it."""
    assert error(g.forged) == "bad_signature"


def m_2_6_renewing(g: Ground) -> None:
    answer = g.one.ask("POST", "/v1/renew")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert g.one.enrolled is not None and told["device"] == g.one.enrolled.device
    assert told["valid_until_ms"] > g.one.hello().now_ms + 24 * 3_600_000


def m_10_1_refusals(g: Ground) -> None:
    """Each with its word, and the status that proxies go by."""
    stranger = Desk(g.wire, new_device_key(), enrolled=g.one.enrolled)
    assert stranger.enrolled is not None
    nobody = Desk(g.wire, enrolled=stranger.enrolled.model_copy(update={"device": fresh()}))
    behind = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    behind.note(fresh())
    behind.note(fresh())
    scope = json.dumps({"stream": g.one.stream}).encode()
    wrong = json.dumps({"cursors": [{"stream": g.one.stream, "at": {"seq": 1, "hash": "f" * 64}}]}).encode()
    g.one.note(fresh())
    g.one.push()
    said = {
        ErrorCode.UNSIGNED: _bare(g.one, "POST", "/v1/pull", **{VERSION: "1"}),
        ErrorCode.BAD_SIGNATURE: stranger.ask("POST", "/v1/pull", b"{}"),
        ErrorCode.STALE_NONCE: g.one.ask("POST", "/v1/pull", b"{}", nonce="1.2.3"),
        ErrorCode.UNKNOWN_DEVICE: nobody.ask("POST", "/v1/pull", b"{}"),
        ErrorCode.BAD_CODE: Desk(g.wire).enrol("AAAA-BBBB"),
        ErrorCode.OUT_OF_SCOPE: g.other.ask("POST", "/v1/bootstrap", scope),
        ErrorCode.BODY: g.one.ask("POST", "/v1/pull", b"{"),
        ErrorCode.GAP: behind.send([*_lines(behind)[1:]]),
        ErrorCode.DIVERGED: g.one.ask("POST", "/v1/pull", wrong),
        ErrorCode.UPGRADE: g.one.ask("POST", "/v1/pull", b"{}", **{VERSION: "9999"}),
    }
    for word, answer in said.items():
        assert (error(answer), answer.status_code) == (word.value, STATUS[word]), word


def _lines(desk: Desk) -> list[bytes]:
    return [encode(op) for op in desk.ops]


def m_10_2_addresses_and_methods_that_there_are_not(g: Ground) -> None:
    for method, path in (
        ("GET", "/v1/nothing"),
        ("POST", "/v1/blobs/x/y"),
        ("GET", "/v1/hello/"),
        ("POST", "/v1/pull/"),
        ("GET", "/v2/hello"),
        ("GET", "/v1/hello/"),  # nor is anybody sent on
        ("PUT", "/"),
    ):
        assert _nowhere(g.one, method, path) == (404, "body", "address"), path
    for method, path in (("GET", "/v1/push"), ("POST", "/v1/hello"), ("DELETE", _BLOB), ("PUT", "/v1/pull")):
        assert _nowhere(g.one, method, path) == (405, "body", "method"), path


def _nowhere(desk: Desk, method: str, path: str) -> tuple[int, str, str]:
    answer = _bare(desk, method, path, **{VERSION: "1"})
    told = Refusal.model_validate_json(answer.content)
    return answer.status_code, told.error.value, told.detail


_DEEP = b"[" * 50_000
_ODD = (
    b"", b"{", b"null", b"[]", b'"x"', b"\x00" * 99, b"\xff\xfe{}", _DEEP, b'{"a":' * 5000,
    b'{"id":"a\\u0000b","step":"request","subject":"\\u0000","to":"\\ud800","answers":"\\u0000","text":"\\ud800"}',
    b'{"stream":"\\u0000","subjects":["\\ud800"],"digests":["x"],"after":"\\u0000","max_bytes":1e999,"code":"\\u0000"}',
    b'{"cursors":[{"stream":"a\\u0000","at":{"seq":99999999999999999999,"hash":"\\ud800"}}],"max_bytes":-1}',
    b'{"cursors":[{"stream":"x","at":{"seq":9007199254740991,"hash":"' + b"0" * 64 + b'"}}],"now_ms":1e400}',
)  # fmt: skip
"""Bodies that are none anywhere, whatever somebody hopes for."""


def m_10_3_nothing_answers_5xx(g: Ground) -> None:
    head = b'{"replica":"' + fresh().encode() + b'","last_seq":1,"now_ms":-1,"count":1}\n'
    packed = [compress(body) for body in (*_ODD, *(head + body for body in _ODD))]
    nonce = g.one.hello().nonce
    for method, path in _ALL:
        for body in (*_ODD, *packed) if path == "/v1/push" else _ODD:
            answer = g.one.ask(method, path, body, nonce=nonce)
            assert answer.status_code < 500, (path, body[:80], answer.status_code)
    for query in ("at=-1", "at=x", "at=99999999999999999999", "at=%00", "size=1e9", "at=0&at=1"):
        for method in ("GET", "PUT"):
            answer = g.one.ask(method, f"{_BLOB}?{query}", nonce=nonce)
            assert answer.status_code < 500, query


REFUSING: tuple[Callable[[Ground], None], ...] = (
    m_1_1_a_request_without_a_version, m_2_1_at_every_address, m_2_1_enrol_is_signed_by_the_key_it_brings,
    m_2_6_renewing, m_10_1_refusals, m_10_2_addresses_and_methods_that_there_are_not, m_10_3_nothing_answers_5xx,
)  # fmt: skip
