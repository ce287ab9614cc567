"""Who brings to a restored server what others wrote, and what of it stays apart; on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, Op, Subject, fields_set, opened
from jobdesk.protocol.codes import ErrorCode, Reason, Verdict
from jobdesk.protocol.messages import Place, PushHead
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, check_streams, moves, pulled
from tests.province.test_strays import enrolled, kept


def stations(db: Database) -> tuple[DeskHere, DeskHere, DeskHere]:
    """One of either station and the county's, all known to the server."""
    a, b, county = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2"), DeskHere(db, "220102", "r3", "county")
    return enrolled(db, a), enrolled(db, b), enrolled(db, county)


def with_a_household(desk: DeskHere, subject: str) -> list[Op]:
    home = Subject("household", f"home-{subject}")
    return desk.act(new=[
        opened(Subject("case", subject), "case", subject, {"name": "张某"}),
        opened(home, "household", home.id, {}),
        opened(home, "member", f"member-{subject}", {"case": subject, "relation": "self"}),
    ])  # fmt: skip


def test_a_station_brings_back_what_a_desk_above_it_wrote_in_its_file(db: Database) -> None:
    """The county's disk is gone, and the station was refused: who wrote it is outside its scope."""
    a, b, county = stations(db)
    case(a, "p", name="张某")
    a.push()
    case(b, "q", name="李某")
    b.push()
    county.act("q")
    county.push()
    mine, _ = county.act("p"), county.act("q")
    taken = a.witness(county, mine)
    assert [v.verdict for v in taken.verdicts] == [Verdict.ACCEPTED] and taken.acked.seq == 2
    told = {v.action: v.verdict for v in county.push().verdicts}
    assert [told[op.action_id] for op in county.ops[1:]] == [Verdict.ALREADY, Verdict.ACCEPTED]
    assert len(pulled(a, "a")) == 2 and len(pulled(b, "b")) == 3 and kept(db) == []
    check_streams(db)


def test_a_witness_lists_nothing_beyond_its_own_sight(db: Database) -> None:
    a, b, county = stations(db)
    case(b, "q", name="李某")
    b.push()
    case(a, "p", name="张某")
    taken = a.witness(county, county.act("q"))
    assert [v.reason for v in taken.verdicts] == [Reason.OUT_OF_SCOPE] and taken.acked == Place()
    assert len(pulled(b, "b")) == 1
    known = a.witness(b, b.ops)  # that is there: nobody has to look at it
    assert [v.verdict for v in known.verdicts] == [Verdict.ALREADY] and len(kept(db)) == 1


def test_an_action_that_a_witness_knows_in_part_keeps_its_other_part(db: Database) -> None:
    """A file moved on without the household of the same action: the county offered all of it, the new station
    the file. The household was settled with it, and its owner's own word found its place taken.
    """
    a, b, county = stations(db)
    b.act("other")
    action = with_a_household(b, "p")
    (move,) = moves(b, "p", "a")
    county.witness(b, b.ops)
    assert len(kept(db)) == 3
    a.witness(b, [action[0], move])
    assert {v.verdict for v in b.push().verdicts} == {Verdict.ACCEPTED, Verdict.ALREADY}
    assert kept(db) == [] and len(pulled(a, "a")) == 2
    with db.reading(EVERYTHING) as con:
        assert {*con.execute(select(t.op.c.op_id)).scalars()} == {op.op_id for op in b.ops}
    check_streams(db)


def test_an_owner_comes_after_a_witness_brought_the_beginning(db: Database) -> None:
    """M-6.14: a station that a subject began at opens what others have listed for it, and is no stranger."""
    a, b, _ = stations(db)
    b.act("other")
    action = with_a_household(b, "p")
    (move,) = moves(b, "p", "a")
    a.witness(b, [action[0], move])
    assert {v.verdict for v in b.push().verdicts} == {Verdict.ACCEPTED, Verdict.ALREADY}
    b.act("p")
    assert [v.verdict for v in b.push().verdicts] == [Verdict.ACCEPTED]
    assert kept(db) == [] and len(pulled(a, "a")) == 3
    check_streams(db)


def test_what_stands_behind_a_move_in_one_push_is_late_and_no_strangers(db: Database) -> None:
    """After a fork the beginning may come last: the visit before it was kept apart."""
    a, b, _ = stations(db)
    subject = Subject("case", "p")
    a.act(new=[fields_set(subject, "case", "p", {"station": "b"}, {}, kind=Kind.TRANSFERRED)])
    a.act("p")
    a.act(new=[opened(subject, "case", "p", {"name": "张某"})])
    assert {v.verdict for v in a.push().verdicts} == {Verdict.ACCEPTED}
    assert kept(db) == [] and len(pulled(b, "b")) == 3
    check_streams(db)


def test_what_a_witness_kept_apart_is_its_owners_once_he_comes(db: Database) -> None:
    """Whose scope decides when it is asked again."""
    a, b, _ = stations(db)
    friend = enrolled(db, DeskHere(db, "a", "r4"))
    case(b, "q", name="李某")
    b.push()
    friend.witness(a, a.act("q"))
    assert devices(db) == ["dev-r4"]
    a.push()
    assert devices(db) == ["dev-r1"]


def devices(db: Database) -> list[str]:
    with db.reading(EVERYTHING) as con:
        return [*con.execute(select(t.quarantine.c.device)).scalars()]


def test_what_stands_nowhere_in_a_place_that_was_gone_over_is_a_fork(db: Database) -> None:
    """What filled the place had been listed under another life of its file: nothing stands at the place, and
    another copy's work there was told to be known.
    """
    a, _, _ = stations(db)
    friend, life = (enrolled(db, DeskHere(db, "a", r)) for r in ("r4", "r5"))
    (op,) = a.act("p")
    life.push([encode(replace(op, replica_id="r5", stamp=replace(op.stamp, replica="r5")))])
    assert [v.verdict for v in a.push().verdicts] == [Verdict.ALREADY] and a.acked.seq == 1
    with pytest.raises(Refused) as no:
        friend.witness(a, [replace(op, op_id="copys", action_id="copys-act")])
    assert no.value.error is ErrorCode.FORK and no.value.acked == a.acked
    assert [v.verdict for v in friend.witness(a, [op]).verdicts] == [Verdict.ALREADY]
    assert len(pulled(a, "a")) == 1 and kept(db) == []


def test_nobody_speaks_for_a_replica_of_others_as_if_it_were_his(db: Database) -> None:
    a, b, _ = stations(db)
    case(b, "q", name="李某")
    b.push()
    thief = DeskHere(db, "a", "r1")
    head = PushHead(replica="r2", last_seq=0, now_ms=NOW, count=0)
    with pytest.raises(Refused) as no:
        thief._take(replace(a.caller(), replica="r2"), head, [])
    assert no.value.error is ErrorCode.OUT_OF_SCOPE
