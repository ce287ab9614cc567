"""M-12.3, M-12.6, M-12.7: a file asks whatever a line may, and its answer holds all of it that fits."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from hashlib import sha256

from jobdesk.cases.codec import decode, encode
from jobdesk.protocol.bodies import read_page, write_lines
from jobdesk.protocol.carried import CarriedBack
from jobdesk.protocol.messages import (
    BlobState,
    BootstrapAsk,
    BootstrapHead,
    Enrolled,
    Notice,
    PullAsk,
    PushAnswer,
    PushHead,
    Refusal,
    StationsHead,
)
from tools.conformance.carried import brought, file_of, opened
from tools.conformance.desk import NOW, Desk, Ground, Skipped, error, fresh
from tools.conformance.edges import attached
from tools.conformance.words import case, word

_LARGE = 1_500_000
"""Bytes of a content that is more than one chunk."""
_PULL = ("POST", "/v1/pull", PullAsk().model_dump_json().encode())


def _asked(
    desk: Desk, requests: Sequence[tuple[str, str, bytes]], *, room: int = 1 << 24
) -> tuple[CarriedBack, list[bytes]]:
    answer = brought(desk, file_of(desk, requests, max_bytes=room)[1])
    assert answer.status_code == 200, answer.text
    return opened(desk, answer.content)


def _push(desk: Desk) -> tuple[str, str, bytes]:
    """Everything that the desk has made."""
    lines = [encode(op) for op in desk.ops]
    head = PushHead(replica=desk.replica, last_seq=len(lines), now_ms=NOW, count=len(lines))
    return "POST", "/v1/push", write_lines(head, lines)


def m_12_6_verdicts_always_have_room(g: Ground) -> None:
    """Also where nothing else has: what was taken is named, or it would be sent for ever."""
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    (first,) = desk.note(fresh())
    before = _push(desk)
    (second,) = desk.note(fresh())
    back, bodies = _asked(desk, [before, _PULL, _push(desk)], room=1)
    told = [
        PushAnswer.model_validate_json(b)
        for r, b in zip(back.replies, bodies, strict=True)
        if r.path == "/v1/push"
    ]
    assert [t.acked.seq for t in told] == [1, 2]
    assert [{v.action: v.verdict.value for v in t.verdicts} for t in told] == [
        {first.action_id: "accepted"}, {first.action_id: "already", second.action_id: "accepted"}
    ]  # fmt: skip
    assert back.more or "/v1/pull" in {r.path for r in back.replies}
    assert {first.op_id, second.op_id} <= {decode(x).op_id for x in g.two.everything()[0]}


def m_12_6_a_bootstrap_with_all_its_pages(g: Ground) -> None:
    for _ in range(12):
        g.one.note(fresh())
    g.one.push()
    ask = BootstrapAsk(stream=g.one.stream, max_bytes=2000).model_dump_json().encode()
    back, bodies = _asked(g.one, [("POST", "/v1/bootstrap", ask)])
    heads = [read_page(body, BootstrapHead)[0] for body in bodies]
    assert len(heads) > 1 and [h.complete for h in heads] == [False] * (len(heads) - 1) + [True]
    assert not back.more and {(h.at.seq, h.digest) for h in heads} == {(heads[0].at.seq, heads[0].digest)}
    assert sorted(seq for h in heads for seq in h.seqs) == list(range(1, heads[0].at.seq + 1))
    little, none = _asked(g.one, [("POST", "/v1/bootstrap", ask)], room=1)
    assert little.more or read_page(none[-1], BootstrapHead)[0].complete


def m_12_7_contents_go_whole_or_wait(g: Ground) -> None:
    body = secrets.token_bytes(_LARGE)
    digest = sha256(body).hexdigest()
    path = f"/v1/blobs/{digest}"
    attached(g.one, digest)
    half = _LARGE // 2
    puts = [("PUT", f"{path}?at={at}&size={_LARGE}", body[at : at + half]) for at in (0, half)]
    refused = g.one.ask(*puts[0])
    if refused.status_code == 429 and error(refused) == "busy":
        raise Skipped("this server keeps no contents, and says so")
    back, bodies = _asked(g.one, [*puts, ("GET", f"{path}?at=0", b"")])
    assert [r.status for r in back.replies] == [200] * len(bodies) and not back.more
    assert BlobState.model_validate_json(bodies[1]).complete
    assert b"".join(bodies[2:]) == body and {r.whole for r in back.replies[2:]} == {_LARGE}
    for room in (1, _LARGE // 2, _LARGE * 9 // 10):
        back, bodies = _asked(g.one, [("GET", f"{path}?at=0", b"")], room=room)
        assert (back.more, bodies) == (True, []), room
    (told,) = _asked(g.other, [("GET", f"{path}?at=0", b"")])[1]
    assert Refusal.model_validate_json(told).error == "out_of_scope"


def m_12_3_whatever_a_line_may(g: Ground) -> None:
    subject = case(g.one)
    digests = json.dumps({"digests": ["0" * 64]}).encode()
    said = word(step="request", subject=subject, to=g.other.stream)
    back, bodies = _asked(
        g.other,
        [("POST", "/v1/renew", b""), ("POST", "/v1/stations", b"{}"), ("POST", "/v1/blobs", digests),
         ("POST", "/v1/transfer", said), ("POST", "/v1/nothing", b"{}"), _PULL],
    )  # fmt: skip
    found: dict[str, tuple[int, bytes]] = {}
    for reply, body in zip(back.replies, bodies, strict=True):
        found.setdefault(reply.path, (reply.status, body))
    assert g.other.enrolled is not None
    assert Enrolled.model_validate_json(found["/v1/renew"][1]).device == g.other.enrolled.device
    assert read_page(found["/v1/stations"][1], StationsHead)[0].count > 0
    if error_of(found["/v1/blobs"]) != "busy":  # a server that keeps no contents
        assert json.loads(found["/v1/blobs"][1])["blobs"] == []
    made = Notice.model_validate_json(found["/v1/transfer"][1])
    assert (made.kind, made.subjects) == ("transfer_request", [subject])
    assert found["/v1/nothing"][0] == 404 and error_of(found["/v1/nothing"]) == "body"
    assert found["/v1/pull"][0] == 200


def error_of(reply: tuple[int, bytes]) -> str:
    """The word of a refusal in a file, empty where it is none."""
    status, body = reply
    return "" if status == 200 else Refusal.model_validate_json(body).error.value


def of_who_is_shut_out(desk: Desk) -> None:
    """M-2.7 and M-12.3: his file is read, what it brings is kept apart, and it is told nothing."""
    lost = Desk(desk.wire, desk.key, enrolled=desk.enrolled)
    lost.note(fresh())
    scope = json.dumps({"stream": lost.stream}).encode()
    back, bodies = _asked(
        lost,
        [_push(lost), _PULL, ("POST", "/v1/bootstrap", scope), ("POST", "/v1/stations", b"{}"),
         ("POST", "/v1/renew", b"")],
    )  # fmt: skip
    told = PushAnswer.model_validate_json(bodies[0])
    assert [(v.verdict, v.reason) for v in told.verdicts] == [("quarantined", "revoked")]
    others = [error_of((r.status, b)) for r, b in zip(back.replies[1:], bodies[1:], strict=True)]
    assert others == ["revoked"] * 4


WHOLE: tuple[Callable[[Ground], None], ...] = (
    m_12_3_whatever_a_line_may, m_12_6_verdicts_always_have_room, m_12_6_a_bootstrap_with_all_its_pages,
    m_12_7_contents_go_whole_or_wait,
)  # fmt: skip
