"""What is too much, and what is missing: kept apart whole, and nothing behind it waits (M-4.3, M-4.4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.ops import Op, Subject, opened
from jobdesk.protocol.limits import MAX_ACTION_OPS, MAX_OP_BYTES
from jobdesk.protocol.messages import Place
from tools.conformance.desk import Desk, Ground, fresh


def _services(desk: Desk, count: int) -> list[Op]:
    subject = Subject("case", fresh())
    return desk.act(*(opened(subject, "service", fresh(), {"content": "x"}) for _ in range(count)))


def _long(desk: Desk, length: int) -> Op:
    """An operation with a line of so many bytes, or of one more or less from one time to another."""
    subject = Subject("case", fresh())
    values = {"content": ""}
    empty = desk.act(opened(subject, "service", fresh(), values))
    desk.ops.pop()
    (made,) = desk.act(
        opened(subject, "service", fresh(), {"content": "x" * (length - len(encode(empty[0])))})
    )
    return made


def _held_to(desk: Desk, good: Sequence[Op], bad: Sequence[Op], reason: str) -> None:
    """The second of three actions is kept apart whole, and is listed nowhere; the others are."""
    (after,) = desk.note(fresh())
    told = {v.action: v for v in desk.push().verdicts}
    assert told[good[0].action_id].verdict == "accepted"
    refused = told[bad[0].action_id]
    assert (refused.verdict, refused.reason) == ("quarantined", reason), refused
    assert told[after.action_id].verdict == "accepted" and desk.acked.seq == len(desk.ops)
    listed = {decode(line).op_id for line in desk.everything()[0]}
    assert {op.op_id for op in (*good, after)} <= listed and not listed & {op.op_id for op in bad}


def m_4_3_an_action_of_too_many_operations(g: Ground) -> None:
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    good = _services(desk, MAX_ACTION_OPS)
    _held_to(desk, good, _services(desk, MAX_ACTION_OPS + 1), "split_action")


def m_4_3_a_line_that_is_too_long(g: Ground) -> None:
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    good, bad = _long(desk, MAX_OP_BYTES - 9), _long(desk, MAX_OP_BYTES + 9)
    assert len(encode(good)) <= MAX_OP_BYTES < len(encode(bad))
    _held_to(desk, [good], [bad], "too_large")


def m_4_3_a_piece_that_comes_later(g: Ground) -> None:
    """As of an action of which a server lost a part: the rest is accepted when it is listed."""
    lost = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    ops = _services(lost, 3)
    told = g.two.send([encode(ops[0])], replica=lost.replica, acked=Place(), witness=True)
    assert told.status_code == 200 and told.json()["acked"]["seq"] == 1
    verdicts = [v.verdict.value for v in lost.push().verdicts]
    assert "accepted" in verdicts and "quarantined" not in verdicts and lost.acked.seq == 3
    assert {op.op_id for op in ops} <= {decode(line).op_id for line in g.two.everything()[0]}


def m_4_4_a_header_whose_body_is_lost(g: Ground) -> None:
    """With its salt: without one it would be what is left of somebody erased."""
    desk = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    (good,), (lost,), (after,) = (desk.note(fresh()) for _ in range(3))
    header, salt, _ = json.loads(encode(lost))
    assert salt
    line = json.dumps([header, salt, None], ensure_ascii=False).encode()
    told = desk.push([encode(good), line, encode(after)])  # its hash counts: the last one follows it
    assert [(v.verdict, v.reason) for v in told.verdicts] == [
        ("accepted", None), ("quarantined", "bad_payload"), ("accepted", None)
    ]  # fmt: skip
    assert desk.acked.seq == 3
    listed = {decode(x).op_id for x in desk.everything()[0]}
    assert {good.op_id, after.op_id} <= listed and lost.op_id not in listed


SIZES: tuple[Callable[[Ground], None], ...] = (
    m_4_3_an_action_of_too_many_operations, m_4_3_a_line_that_is_too_long, m_4_3_a_piece_that_comes_later,
    m_4_4_a_header_whose_body_is_lost,
)  # fmt: skip
