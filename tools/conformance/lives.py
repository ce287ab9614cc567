"""What needs somebody at the server: a death, a restore, a revocation (M-2.7, M-4.2, M-7, M-8, M-9.4, M-12.5).

Each function makes its own backup first, so that the others' work is in it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from hashlib import sha256

import httpx

from jobdesk.cases.codec import decode, encode, op_hash
from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, walk
from jobdesk.protocol.messages import Place, PushHead, Refusal
from tools.conformance.carried import brought, file_of
from tools.conformance.carried_whole import of_who_is_shut_out
from tools.conformance.desk import NOW, Desk, Ground, error, fresh
from tools.conformance.edges import attached, told_of
from tools.conformance.words import case, notices, talk

_DEATHS = 3


def _again(desk: Desk) -> Desk:
    """The same machine with a file of its own."""
    return Desk(desk.wire, desk.key, enrolled=desk.enrolled)


def _ids(desk: Desk) -> list[str]:
    """Everything listed in the desk's stream: a chain, a digest, nothing twice."""
    lines, end, digest = desk.everything()
    ops = [decode(line) for line in lines]
    assert end == Place(seq=len(ops), hash=walk(StreamPoint(), ops).hash.hex())
    assert digest == add(EMPTY, (element(n, op_hash(o)) for n, o in enumerate(ops, 1))).hex()
    ids = [op.op_id for op in ops]
    assert len(ids) == len(set(ids))
    return ids


def m_4_2_what_is_acknowledged_outlives_a_death(g: Ground) -> None:
    """In the middle of pushes: what was named is there, and what was not goes on from where it stands."""
    desk = _again(g.one)
    for _ in range(_DEATHS):
        busy, died = threading.Event(), threading.Event()

        def work(busy: threading.Event = busy, died: threading.Event = died) -> None:
            while not died.is_set():
                desk.note(fresh())
                try:
                    desk.push()
                except (httpx.HTTPError, AssertionError):  # cut off, or the proxy's word for it
                    return
                if desk.acked.seq % 5 == 0:
                    busy.set()

        pushing = threading.Thread(target=work, name="pushing")
        pushing.start()
        busy.wait(60)
        try:
            g.life.kill()
        finally:  # nobody said how: the others are asked in peace
            died.set()
            pushing.join()
        named = {op.op_id for op in desk.ops[: desk.acked.seq]}
        assert named and named <= set(_ids(g.two))
        desk.push()
        assert desk.acked.seq == len(desk.ops)
    assert {op.op_id for op in desk.ops} <= set(_ids(g.two))


def m_12_5_what_an_answer_file_acknowledges_outlives_a_death(g: Ground) -> None:
    desk = _again(g.one)
    desk.note(fresh())
    head = PushHead(replica=desk.replica, last_seq=1, now_ms=NOW, count=1)
    _, data = file_of(desk, [("POST", "/v1/push", write_lines(head, [encode(desk.ops[0])]))])
    assert brought(desk, data).status_code == 200
    g.life.kill()
    assert desk.ops[0].op_id in _ids(g.two)


def m_8_1_to_8_3_a_restored_server(g: Ground) -> None:
    desk, lost = _again(g.one), _again(g.one)
    for one in (desk, lost):
        one.note(fresh())
        one.push()
    epoch, held = g.one.hello().epoch, desk.acked.seq
    listed = len(_ids(g.two))
    g.life.back_up()
    for _ in range(3):
        for one in (desk, lost):
            one.note(fresh())
            one.push()
    safe = desk.push().safe
    page = next(p for p in g.two.pull()[0].pages if p.stream == g.two.stream)
    assert (safe, page.safe) == (held, listed)  # M-8.3: what the only backup holds, and no more
    g.life.restore()
    assert g.one.hello().epoch != epoch  # M-8.1
    refused = desk.send([])
    assert error(refused) in ("epoch", "gap")
    here = Refusal.model_validate_json(refused.content).acked
    assert here is not None and here.seq >= safe and len(_ids(g.two)) >= page.safe
    desk.acked = here
    assert {v.verdict for v in desk.push().verdicts} == {"accepted"}  # M-8.2
    lines = [encode(op) for op in lost.ops]  # nobody else has them
    told = g.two.send(lines, replica=lost.replica, acked=Place(), witness=True)
    assert told.status_code == 200 and told.json()["acked"]["seq"] == len(lost.ops)
    assert {op.op_id for op in (*desk.ops, *lost.ops)} <= set(_ids(g.two))


def m_7_2_and_7_3_the_erased_stay_erased(g: Ground) -> None:
    desk, gone, subject = _again(g.one), _again(g.one), fresh()
    desk.note(subject, "隐私")
    desk.push()
    g.life.back_up()
    desk.note(subject, "更多隐私")
    desk.push()
    gone.act(NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"}))
    gone.push()
    g.life.restore()  # to before it; who erased does not come again
    refused = desk.send([])
    desk.acked = Refusal.model_validate_json(refused.content).acked or Place()
    desk.push()
    lines = [x for x in g.two.everything()[0] if decode(x).subject.id == subject]
    assert len(lines) == 3 and not any("隐私".encode() in x for x in lines)
    assert Kind.ERASED in {decode(x).kind for x in lines}


def m_9_4_bytes_of_the_erased_go_behind_a_restore(g: Ground) -> None:
    body = secrets.token_bytes(500)
    digest = sha256(body).hexdigest()
    g.life.back_up()
    desk = _again(g.one)
    subject = attached(desk, digest)
    put = desk.ask("PUT", f"/v1/blobs/{digest}?at=0&size=500", body)
    assert put.status_code == 200, put.text
    g.life.restore()  # nothing in the database names them any more
    g.two.act(NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"}))
    g.two.push()
    desk.acked = Place()
    desk.push()
    attached(desk, digest)  # of somebody else, who may ask what is held
    (state,) = told_of(g.one, digest)
    assert state.held == 0


def m_2_7_a_revoked_device(g: Ground) -> None:
    """The last of all: the second desk is shut out."""
    assert g.two.enrolled is not None
    g.life.revoke(g.two.enrolled.device)
    (op,) = g.two.note(fresh())
    body = f'{{"stream":"{g.two.stream}","digests":[]}}'.encode()
    for path in ("/v1/pull", "/v1/bootstrap", "/v1/stations", "/v1/blobs", "/v1/renew"):
        assert error(g.two.ask("POST", path, body)) == "revoked", path
    subject, notice = case(g.one), fresh()
    asked = talk(g.two, id=notice, step="request", subject=subject, to=g.other.stream)
    assert error(asked) == "revoked" and notice not in {n.id for n in notices(g.other)}
    content = secrets.token_bytes(100)
    path = f"/v1/blobs/{sha256(content).hexdigest()}"
    attached(g.one, sha256(content).hexdigest())
    assert error(g.two.ask("PUT", f"{path}?at=0&size=100", content)) == "revoked"
    assert error(g.two.ask("GET", f"{path}?at=0")) == "revoked"
    assert g.two.push().verdicts[-1].reason == "revoked"
    assert op.op_id not in _ids(g.one)
    of_who_is_shut_out(g.two)


LIVES: tuple[Callable[[Ground], None], ...] = (
    m_4_2_what_is_acknowledged_outlives_a_death, m_12_5_what_an_answer_file_acknowledges_outlives_a_death,
    m_8_1_to_8_3_a_restored_server, m_7_2_and_7_3_the_erased_stay_erased,
    m_9_4_bytes_of_the_erased_go_behind_a_restore, m_2_7_a_revoked_device,
)  # fmt: skip
