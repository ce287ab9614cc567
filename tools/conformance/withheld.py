"""Headers of restricted operations, offered back (M-9.7). M-9.6 needs a desk above the stations: tests of ours."""

from __future__ import annotations

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.ops import Subject, opened
from jobdesk.cases.restricting import without
from jobdesk.protocol.messages import Place
from tools.conformance.desk import Desk, Ground, error, fresh


def m_9_7_headers_are_not_the_thing(g: Ground) -> None:
    lost = Desk(g.wire, g.one.key, enrolled=g.one.enrolled)
    subject = Subject("case", fresh())
    for kind in ("military", "custody", "study"):
        lost.act(opened(subject, "absence", fresh(), {"kind": kind}))
    first, second, third = lost.ops
    header = encode(without(second))
    told = g.two.send(
        [encode(first), header, encode(third)], replica=lost.replica, acked=Place(), witness=True
    )
    assert told.status_code == 200 and told.json()["acked"]["seq"] == 1
    assert second.action_id not in {v["action"] for v in told.json()["verdicts"]}
    lost.acked = Place.model_validate(told.json()["acked"])
    assert error(lost.send([header])) == "fork"
    verdicts = {v.action: v.verdict for v in lost.push().verdicts}
    assert verdicts[second.action_id] == "accepted"
    found = {op.op_id: op.payload for op in map(decode, g.two.everything()[0])}
    assert all(found[op.op_id] == op.payload for op in lost.ops)
