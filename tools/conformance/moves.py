"""The talk of two stations, and what a server tells of subjects that move (M-6.7 to M-6.13)."""

from __future__ import annotations

import time
from collections.abc import Callable

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Kind, NewOp, Subject, fields_set, opened
from jobdesk.protocol.bodies import read_body
from jobdesk.protocol.messages import (
    BootstrapAsk,
    BootstrapHead,
    Cursor,
    Notice,
    Place,
    Station,
    StationsAsk,
    StationsHead,
)
from tools.conformance.desk import Desk, Ground, fresh, id_number
from tools.conformance.words import case, notices, refused, talk

_SOON_S = 30
"""Own figure: what is judged again follows behind the answers."""


def _moves(subject: str, to: str) -> NewOp:
    return fields_set(Subject("case", subject), "case", subject, {"station": to}, {}, kind=Kind.TRANSFERRED)


def _homes(desk: Desk) -> dict[str, str]:
    """Everything pages of the own stream tell, the last word."""
    told: dict[str, str] = {}
    at = Place()
    while True:
        head, _ = desk.pull([Cursor(stream=desk.stream, at=at)], 4000)
        told |= {h.subject: h.stream for h in head.homes}
        page = next(p for p in head.pages if p.stream == desk.stream)
        if page.end.seq == page.head:
            return told
        at = page.end


def m_6_7_two_people_after_all(g: Ground) -> None:
    number = id_number()
    mine, theirs = case(g.one, id_number=number), case(g.other, id_number=number)
    (told,) = (n for n in notices(g.one) if n.kind == "duplicate" and mine in n.subjects)
    assert refused(talk(g.other, step="apart", answers=told.id))[0] == "out_of_scope"
    assert talk(g.one, step="apart", answers=told.id).status_code == 200
    for desk in (g.one, g.other):
        left = [n for n in notices(desk) if set(n.subjects) == {mine, theirs}]
        assert {n.kind for n in left} == {"transfer_apart"}


def _doubles(desk: Desk, *subjects: str) -> set[tuple[tuple[str, ...], str | None]]:
    """What a desk is asked about these: which file is whose, and who has the other."""
    told = (n for n in notices(desk) if n.kind == "duplicate" and {*n.subjects} == {*subjects})
    return {(tuple(n.subjects), n.sender) for n in told}


def m_6_7_a_merge_settles_it(g: Ground) -> None:
    number = id_number()
    mine, theirs = case(g.one, id_number=number), case(g.other, id_number=number)
    assert _doubles(g.one, mine, theirs) and _doubles(g.other, mine, theirs)
    root = Subject("case", mine)
    g.one.act(fields_set(root, "case", mine, {"merged_into": theirs}, {}, kind=Kind.MERGED))
    g.one.push()
    assert not _doubles(g.one, mine, theirs) and not _doubles(g.other, mine, theirs)


def m_6_7_told_after_a_move(g: Ground) -> None:
    """Two files of one station are nobody else's matter; those of two are, however they came there."""
    number = id_number()
    stays, goes = case(g.one, id_number=number), case(g.one, id_number=number)
    assert not _doubles(g.other, stays, goes)
    g.one.act(_moves(goes, g.other.stream))
    g.one.push()
    assert _doubles(g.one, stays, goes) == {((stays, goes), g.other.stream)}
    assert _doubles(g.other, stays, goes) == {((goes, stays), g.one.stream)}
    number = id_number()
    mine, theirs = case(g.one, id_number=number), case(g.other, id_number=number)
    assert ((mine, theirs), g.other.stream) in _doubles(g.one, mine, theirs)
    g.one.act(_moves(mine, g.other.stream))
    g.one.push()
    assert not _doubles(g.one, mine, theirs)  # has neither of them, and is asked no more


def m_6_8_where_somebody_really_is(g: Ground) -> None:
    subject = case(g.one, name="合成")
    g.one.act(_moves(subject, g.other.stream))
    g.one.push()
    g.two.act(_moves(subject, g.one.stream))  # did not know, and has it no more
    g.two.push()
    assert _homes(g.one)[subject] == _homes(g.other)[subject] == g.other.stream
    ask = BootstrapAsk(stream=g.other.stream, subjects=[subject])
    answer = g.other.ask("POST", "/v1/bootstrap", ask.model_dump_json().encode())
    head, _ = read_body(answer.content, BootstrapHead)
    assert [(h.subject, h.stream) for h in head.homes] == [(subject, g.other.stream)]


def m_6_9_asked_for_by_number(g: Ground) -> None:
    number = id_number()
    subject = case(g.one, name="合成", id_number=number)
    answer = talk(g.other, step="request", number=number, to=g.other.stream)
    assert answer.status_code == 200, answer.text
    made = Notice.model_validate_json(answer.content)
    assert (made.to, made.subjects, made.facts) == (g.one.stream, [subject], [])
    for desk in (g.one, g.other):
        told = [n for n in notices(desk) if subject in n.subjects]
        assert told and not any(number in n.model_dump_json() for n in told)
    nobody = talk(g.other, step="request", number=id_number(), to=g.other.stream)
    assert refused(nobody) == ("out_of_scope", "nobody")
    here = talk(g.one, step="request", number=number, to=g.one.stream)
    assert refused(here) == ("out_of_scope", "here")


def m_6_9_an_id_looks_up_one_number(g: Ground) -> None:
    """Whoever says an id again with another number would go through numbers that nobody counts."""
    first, second = id_number(), id_number()
    far = case(g.other, id_number=first)
    case(g.one, id_number=second)
    word = fresh()
    made = talk(g.one, id=word, step="request", number=first, to=g.one.stream)
    assert Notice.model_validate_json(made.content).subjects == [far]
    for to in (g.one.stream, g.other.stream):  # further files are those of neither side
        again = talk(g.one, id=word, step="request", number=second, to=to)
        if again.status_code == 200:
            told = Notice.model_validate_json(again.content)
            assert told.subjects == [far] and told.others == []


def m_6_10_masked_and_blanked(g: Ground) -> None:
    number = id_number()
    values = {"name": "王小梅", "id_number": number, "birth": "1980-02-03"}
    mine, theirs = case(g.one, **values), case(g.other, **values)
    (told,) = (n for n in notices(g.other) if n.kind == "duplicate" and mine in n.subjects)
    (fact,) = told.facts
    assert fact.subject == mine and fact.name == "王**" and fact.birth == "1980"
    assert fact.id_number[:6] == number[:6] and fact.id_number[-4:] == number[-4:]
    assert number not in told.model_dump_json() and "小梅" not in told.model_dump_json()
    asked = {
        "id": fresh(),
        "step": "request",
        "subject": mine,
        "to": g.other.stream,
        "text": "隐私",
        "facts": [fact],
    }
    made = Notice.model_validate_json(talk(g.other, **asked).content)
    assert made.text == "隐私" and made.facts == [fact]
    g.one.act(NewOp(Kind.ERASED, Subject("case", mine), {"reason": "request"}))
    g.one.push()
    for desk in (g.one, g.other):
        left = [n for n in notices(desk) if mine in n.subjects or theirs in n.subjects]
        assert not any(n.facts or n.text for n in left)
        assert [n.subjects for n in notices(desk) if n.answers == made.id and n.why == "erased"] == [[mine]]
    # nobody is told of it any more: what is kept of it shows only to who says the word again
    kept = Notice.model_validate_json(talk(g.other, **asked).content)
    assert (kept.id, kept.text, kept.facts) == (made.id, "", [])


def m_6_11_with_what_goes_along(g: Ground) -> None:
    subject, along, far = case(g.one), case(g.one), case(g.other)
    mixed = talk(g.other, step="request", subject=subject, more=[far], to=g.other.stream)
    assert refused(mixed)[0] == "out_of_scope"
    request = fresh()
    asked = talk(g.other, id=request, step="request", subject=subject, more=[along], to=g.other.stream)
    assert Notice.model_validate_json(asked.content).subjects == [subject, along]
    assert request in {n.id for n in notices(g.one)}
    g.one.act(_moves(subject, g.other.stream), _moves(along, g.other.stream))
    assert g.one.push().verdicts[-1].verdict == "accepted"
    assert request not in {n.id for n in notices(g.one)}
    assert talk(g.one, step="accept", answers=request).status_code == 200


def m_6_12_the_list_of_stations(g: Ground) -> None:
    stations: list[str] = []
    after = ""
    while True:
        answer = g.one.ask("POST", "/v1/stations", StationsAsk(after=after).model_dump_json().encode())
        head, lines = read_body(answer.content, StationsHead)
        found = [Station.model_validate_json(line) for line in lines]
        assert len(found) == head.count and all(s.name for s in found)
        stations += [s.stream for s in found]
        if not head.more:
            break
        after = stations[-1]
    assert stations == sorted(set(stations)) and {g.one.stream, g.other.stream} <= set(stations)
    known = StationsAsk(known=head.version).model_dump_json().encode()
    again, lines = read_body(g.one.ask("POST", "/v1/stations", known).content, StationsHead)
    assert (again.version, again.count, lines) == (head.version, 0, [])


def m_6_13_judged_again_after_the_move(g: Ground) -> None:
    subject = case(g.one, name="合成")
    (early,) = g.other.note(subject, "新站先到")
    assert [v.verdict for v in g.other.push().verdicts] == ["quarantined"]
    g.one.act(_moves(subject, g.other.stream))
    g.one.push()
    until = time.monotonic() + _SOON_S  # behind the answer, not in it
    while early.action_id not in {n.text for n in notices(g.other) if n.kind == "released"}:
        assert time.monotonic() < until, "not judged again"
        time.sleep(0.1)
    assert early.op_id in {decode(x).op_id for x in g.other.everything()[0]}


def m_6_14_the_old_station_is_no_stranger(g: Ground) -> None:
    """A server that knows nobody cannot tell a restore from a beginning: so this can be asked without one."""
    subject = fresh()
    g.other.note(subject, "新站先到")
    assert g.other.push().verdicts[-1].verdict == "accepted"
    root = opened(Subject("case", subject), "case", subject, {"name": "合成"})
    before = [*g.one.act(root), *g.one.note(subject), *g.one.act(_moves(subject, g.other.stream))]
    (after,) = g.one.note(subject, "晚到")
    assert {v.verdict for v in g.one.push().verdicts} == {"accepted"}

    def listed(desk: Desk) -> list[str]:
        return [op.op_id for op in map(decode, desk.everything()[0]) if op.subject.id == subject]

    assert listed(g.one) == [op.op_id for op in before]
    assert sorted(listed(g.other)[1:]) == sorted([*(op.op_id for op in before), after.op_id])
    unseen = case(g.one, name="合成")
    g.other.act(opened(Subject("case", unseen), "case", unseen, {}), _moves(unseen, g.other.stream))
    assert (
        g.other.push().verdicts[-1].reason == "out_of_scope"
    )  # a second opening says nothing, nor does his move


MOVES: tuple[Callable[[Ground], None], ...] = (
    m_6_7_two_people_after_all, m_6_7_a_merge_settles_it, m_6_7_told_after_a_move, m_6_8_where_somebody_really_is,
    m_6_9_asked_for_by_number, m_6_9_an_id_looks_up_one_number, m_6_10_masked_and_blanked,
    m_6_11_with_what_goes_along, m_6_12_the_list_of_stations, m_6_13_judged_again_after_the_move,
    m_6_14_the_old_station_is_no_stranger,
)  # fmt: skip
