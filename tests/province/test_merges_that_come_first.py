"""A merge that is heard of before the file that was kept, or from which that moves on (M-6.5); on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from jobdesk.cases.codec import op_hash
from jobdesk.cases.ops import Json, Kind, NewOp, Subject
from jobdesk.protocol.codes import Reason, Verdict
from jobdesk.protocol.messages import Place
from province import merging, quarantine
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, check_streams, moves, number, pulled, sets, told
from tests.province.test_strays import enrolled, kept, process, send

INTO: Mapping[str, Json] = {"merged_into": "kept"}


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere]:
    return DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")


def kinds(desk: DeskHere, subject: str = "alias") -> list[Kind]:
    """What its own stream lists of a subject."""
    return [o.kind for o in pulled(desk, desk.org) if o.subject.id == subject]


def test_a_merge_is_listed_with_the_file_that_was_kept_once_that_comes(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """A restored server knew nobody of that id: it stood in the stream of the alias only, for good."""
    a, b = desks
    case(a, "alias")
    a.act(new=[sets("alias", Kind.MERGED, INTO)])
    a.act(new=[sets("alias", Kind.UNMERGED, {"merged_into": None})])
    a.act(new=[sets("alias", Kind.MERGED, INTO)])
    a.push()
    assert pulled(b, "b") == []
    case(b, "kept")
    b.push()
    assert kinds(b) == [Kind.MERGED, Kind.UNMERGED, Kind.MERGED]
    b.act("kept")
    b.push()
    a.act(new=[sets("alias", Kind.UNMERGED, {"merged_into": None})])
    a.push()
    assert kinds(b) == [Kind.MERGED, Kind.UNMERGED, Kind.MERGED, Kind.UNMERGED]
    check_streams(db)


def test_the_kept_file_takes_the_merge_to_where_it_moves(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """The server had lost where it was at home by then: the merge stood in the stream it left."""
    a, b = desks
    case(a, "alias")
    case(a, "kept")
    a.act(new=[sets("alias", Kind.MERGED, INTO)])
    moves(a, "kept", "b")
    a.push()
    assert kinds(b) == [Kind.MERGED] and kinds(a) == [Kind.OPENED, Kind.MERGED]
    moves(b, "kept", "a")
    b.push()
    assert kinds(b) == [Kind.MERGED] and kinds(a) == [Kind.OPENED, Kind.MERGED]
    check_streams(db)


def test_a_file_that_begins_and_moves_in_the_action_of_its_merge(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    from jobdesk.cases.ops import opened

    a, b = desks
    case(a, "alias")
    a.act(new=[opened(Subject("case", "kept"), "case", "kept", {}), sets("alias", Kind.MERGED, INTO),
               sets("kept", Kind.TRANSFERRED, {"station": "b"})])  # fmt: skip
    a.push()
    assert kinds(b) == [Kind.MERGED] and kinds(b, "kept") == [Kind.OPENED, Kind.TRANSFERRED]
    check_streams(db)


def test_who_is_erased_is_merged_into_nobody(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    a, b = desks
    case(a, "alias", name="隐私")
    a.act(new=[sets("alias", Kind.MERGED, INTO)])
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "alias"), {"reason": "request"})])
    a.push()
    case(b, "kept")
    b.push()
    assert kinds(b) == []
    with db.reading(EVERYTHING) as con:
        assert con.execute(select(t.merged.c.kept, t.merged.c.waits)).all() == [("", False)]
    check_streams(db)


def test_a_merge_that_came_first_answers_the_duplicate_too(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    a, b = desks
    case(a, "alias", id_number=number(1))
    a.act(new=[sets("alias", Kind.MERGED, INTO)])
    a.push()
    case(b, "kept", id_number=number(1))
    b.push()
    assert told(a) == [] and told(b) == []


def test_a_merge_that_a_witness_brings_first_begins_no_file_at_his_station(
    db: Database, desks: tuple[DeskHere, DeskHere]
) -> None:
    """A restored server heard of the alias from where the kept file is: the whole file was at home there from then
    on, where it never had been, and could be read there.
    """
    a, b = (enrolled(db, desk) for desk in desks)
    here = process(db)
    case(a, "alias", name="张某")
    (merge,) = a.act(new=[sets("alias", Kind.MERGED, INTO)])
    case(b, "kept")
    send(here, b)
    told = b.witness(a, [merge])
    assert [v.reason for v in told.verdicts] == [Reason.OUT_OF_SCOPE] and told.acked == Place()
    send(here, a)
    assert kinds(a) == [Kind.OPENED, Kind.MERGED] and kinds(b) == [Kind.MERGED] and kept(db) == []
    a.act("alias")
    send(here, a)
    assert kinds(b) == [Kind.MERGED]
    check_streams(db)


def begins(db: Database, subject: str) -> str | None:
    """The station it is at home in."""
    query = select(t.stream.c.id).join(t.subject, t.subject.c.home == t.stream.c.num)
    with db.reading(EVERYTHING) as con:
        return con.execute(query.where(t.subject.c.id == subject)).scalar_one_or_none()


@pytest.mark.parametrize("merge_first", [True, False])
def test_a_merge_in_a_life_of_the_kept_ones_station_begins_no_file_there(
    db: Database, desks: tuple[DeskHere, DeskHere], merge_first: bool
) -> None:
    """A witness who was answered ``fork`` brings it in his own chain, as its owner. It waits for the alias, and for
    nobody any more once the merge is listed.
    """
    a, b = (enrolled(db, desk) for desk in desks)
    here = process(db)
    case(a, "alias", name="张某")
    (merge,) = a.act(new=[sets("alias", Kind.MERGED, INTO)])
    case(b, "kept")
    taken = replace(merge, replica_id="r2", replica_seq=2, prev_hash=op_hash(b.ops[-1]),
                    stamp=replace(merge.stamp, replica="r2"))  # fmt: skip
    if not merge_first:
        send(here, b)
        send(here, a)
    b.ops.append(taken)
    reasons = [v.reason for v in send(here, b).verdicts]
    assert begins(db, "alias") == (None if merge_first else "a")
    assert reasons == ([None, Reason.OUT_OF_SCOPE] if merge_first else [None])
    if merge_first:
        with db.reading(EVERYTHING) as con:
            action = quarantine.waiting(con)[0].action
        assert quarantine.release(db, action, b"s" * 32, NOW) is Reason.OUT_OF_SCOPE
        send(here, a)
    assert begins(db, "alias") == "a" and kept(db) == []
    assert kinds(a) == [Kind.OPENED, Kind.MERGED] and kinds(b) == [Kind.MERGED]
    check_streams(db)


@pytest.mark.parametrize("late", [True, False])
def test_a_merge_of_another_computer_of_the_station_waits_for_the_beginning(
    db: Database, desks: tuple[DeskHere, DeskHere], late: bool
) -> None:
    """Its own word is judged again as soon as the file has begun, in whatever push."""
    a, b = (enrolled(db, desk) for desk in desks)
    other = enrolled(db, DeskHere(db, "a", "r4"))
    here = process(db)
    case(b, "kept")
    send(here, b)
    other.act(new=[sets("alias", Kind.MERGED, INTO)])
    if late:
        case(other, "more")
    assert send(here, other).verdicts[0].reason is Reason.OUT_OF_SCOPE
    assert begins(db, "alias") is None and kinds(b) == []
    case(a, "alias")
    send(here, a)
    assert begins(db, "alias") == "a" and kept(db) == []
    assert kinds(a) == [Kind.OPENED, Kind.MERGED] and kinds(b) == [Kind.MERGED]
    check_streams(db)


def test_a_file_begins_by_a_merge_where_a_person_says(db: Database, desks: tuple[DeskHere, DeskHere]) -> None:
    """Of one whose station lost everything."""
    a, b = (enrolled(db, desk) for desk in desks)
    here = process(db)
    case(b, "kept")
    b.act(new=[sets("alias", Kind.MERGED, INTO)])
    send(here, b)
    with db.reading(EVERYTHING) as con:
        action = quarantine.waiting(con)[0].action
    assert quarantine.release(db, action, b"s" * 32, NOW, to="a") is None
    assert begins(db, "alias") == "a" and kinds(a) == kinds(b) == [Kind.MERGED]
    check_streams(db)


@pytest.mark.parametrize("after", [Kind.MERGED, Kind.UNMERGED])
@pytest.mark.parametrize("move_first", [True, False])
def test_one_action_that_moves_and_merges(
    db: Database, desks: tuple[DeskHere, DeskHere], after: Kind, move_first: bool
) -> None:
    """The move lists the merge too: it was listed twice in one stream, which is to say the queue stood."""
    a, b = desks
    case(b, "kept")
    b.push()
    case(a, "alias")
    if after is Kind.UNMERGED:
        a.act(new=[sets("alias", Kind.MERGED, INTO)])
    a.push()
    new = [sets("alias", Kind.TRANSFERRED, {"station": "b"}),
           sets("alias", after, INTO if after is Kind.MERGED else {"merged_into": None})]  # fmt: skip
    a.act(new=new if move_first else new[::-1])
    assert [v.verdict for v in a.push().verdicts] == [Verdict.ACCEPTED]
    assert begins(db, "alias") == "b"
    assert sorted(kinds(a)) == sorted(kinds(b)) and kinds(b).count(after) == 1
    check_streams(db)


def test_two_at_once_see_each_other(
    db: Database, desks: tuple[DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kept file's beginning is committed after the merge was looked at, and looked before that was; and a
    process that dies before it looks again is made up for.
    """
    a, b = desks
    case(a, "alias")
    a.act(new=[sets("alias", Kind.MERGED, INTO)])
    case(b, "kept")
    with monkeypatch.context() as patched:
        patched.setattr(merging, "bring", lambda *_: [])
        patched.setattr(merging, "settle", lambda *_: 0)
        send(process(db), a)
        send(process(db), b)
    assert kinds(b) == []
    with db.writing(EVERYTHING) as con:
        assert con.execute(select(t.merged.c.waits)).scalar_one()
    a.act("alias")
    send(process(db), a)
    assert kinds(b) == [Kind.MERGED]
    with db.writing(EVERYTHING) as con:
        assert not con.execute(select(t.merged.c.waits)).scalar_one()
        con.execute(update(t.merged).values(waits=True))
    assert merging.settle(db, {"kept"}) == 1 and merging.settle(db) == 0
    assert kinds(b) == [Kind.MERGED]
    check_streams(db)
