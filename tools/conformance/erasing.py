"""What is left of somebody erased: headers, and the word of it (M-7). Behind a restore: ``lives.py``."""

from __future__ import annotations

import json
from collections.abc import Callable

from jobdesk.cases.codec import decode, op_hash
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.bodies import read_body
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, walk
from jobdesk.protocol.messages import BootstrapAsk, BootstrapHead, Place
from tools.conformance.desk import Desk, Ground, fresh


def m_7_erasing(g: Ground) -> None:
    subject = fresh()
    g.one.note(subject, "隐私")
    g.one.push()
    g.two.note(subject, "晚到的隐私")
    g.one.act(NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"}))
    g.one.push()
    g.two.push()
    lines = _of(g.one, subject)
    ask = BootstrapAsk(stream=g.one.stream, subjects=[subject]).model_dump_json().encode()
    _, again = read_body(g.one.ask("POST", "/v1/bootstrap", ask).content, BootstrapHead)
    for found in (lines, again):
        assert len(found) == 3 and not any("隐私".encode() in x for x in found)
        assert sorted(map(_blank, found)) == [False, True, True]


def _blank(line: bytes) -> bool:
    """Without payload, and without the salt: with it an ID number could be guessed back from its hash."""
    return json.loads(line)[1:] == ["", None]


def m_7_1_who_may_erase(g: Ground) -> None:
    """Whoever he was ever at home with; what a stranger says waits, and blanks nothing."""
    kept, moved = fresh(), fresh()
    g.one.note(kept, "隐私")
    g.one.act(opened(Subject("case", moved), "case", moved, {"name": "隐私"}))
    away = {"station": g.other.stream}
    g.one.act(fields_set(Subject("case", moved), "case", moved, away, {}, kind=Kind.TRANSFERRED))
    g.one.push()
    stranger = Desk(g.wire, g.other.key, enrolled=g.other.enrolled)
    stranger.act(NewOp(Kind.ERASED, Subject("case", kept), {"reason": "request"}))
    (told,) = stranger.push().verdicts
    assert (told.verdict, told.reason) == ("quarantined", "out_of_scope")
    assert [_blank(x) for x in _of(g.one, kept)] == [False]
    g.one.act(NewOp(Kind.ERASED, Subject("case", moved), {"reason": "request"}))
    assert g.one.push().verdicts[-1].verdict == "accepted"
    for desk in (g.one, g.other):
        assert [_blank(x) for x in _of(desk, moved)] == [True, True, False]


def m_7_3_told_where_somebody_was(g: Ground) -> None:
    """Who moved on is blank at the station he left too, and it is told so."""
    subject = fresh()
    root = Subject("case", subject)
    g.one.act(opened(root, "case", subject, {"name": "隐私"}))
    g.one.act(fields_set(root, "case", subject, {"station": g.other.stream}, {}, kind=Kind.TRANSFERRED))
    g.one.push()
    g.other.note(subject, "隐私")
    g.other.act(NewOp(Kind.ERASED, root, {"reason": "request"}))
    g.other.push()
    for desk, count in ((g.one, 2), (g.other, 3)):
        lines = _of(desk, subject)
        assert [_blank(x) for x in lines] == [True] * count + [False]
        assert decode(lines[-1]).kind is Kind.ERASED


def m_7_3_told_to_who_wrote_of_somebody(g: Ground) -> None:
    """From a station where he never was: what it wrote is kept apart, and it hears of the erasure."""
    subject = fresh()
    g.one.note(subject)
    g.one.push()
    g.one.act(NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"}))
    g.one.push()
    (mine,) = g.other.note(subject, "隐私")
    answer = g.other.push()
    assert answer.verdicts[-1].reason == "out_of_scope" and answer.erased == [subject]
    (line,) = _of(g.other, subject)
    assert decode(line).kind is Kind.ERASED and decode(line).op_id != mine.op_id


def _of(desk: Desk, subject: str) -> list[bytes]:
    """Its lines in the desk's stream, whose chain and digest hold."""
    whole, end, digest = desk.everything()
    ops = [decode(x) for x in whole]
    assert end == Place(seq=len(ops), hash=walk(StreamPoint(), ops).hash.hex())  # headers and chain stay
    assert digest == add(EMPTY, (element(n, op_hash(o)) for n, o in enumerate(ops, 1))).hex()
    return [x for x, op in zip(whole, ops, strict=True) if op.subject.id == subject]


ERASING: tuple[Callable[[Ground], None], ...] = (
    m_7_erasing, m_7_1_who_may_erase, m_7_3_told_where_somebody_was, m_7_3_told_to_who_wrote_of_somebody,
)  # fmt: skip
